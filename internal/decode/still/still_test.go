package still

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"whenwhere/internal/decode/crashers"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
)

const cap25 = 25_000_000

// scene is a picture of overlapping rectangles: it differs in all eight orientations, and its low frequencies are well
// away from each other, as those of photographs are.
func scene(w, h int) *image.NRGBA {
	rng := rand.New(rand.NewPCG(7, 1))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(color.Gray{90}), image.Point{}, draw.Src)
	for range 40 {
		at := image.Pt(rng.IntN(w), rng.IntN(h))
		r := image.Rectangle{Min: at, Max: at.Add(image.Pt(w/16+rng.IntN(w/3), h/16+rng.IntN(h/3)))}
		draw.Draw(img, r, image.NewUniform(color.Gray{uint8(rng.IntN(256))}), image.Point{}, draw.Src)
	}
	return img
}

func encoded(t *testing.T, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(b []byte, mime string, pixels int64) (wire.Still, *wire.Fault) {
	var d Reader
	return d.Read(bytes.NewReader(b), int64(len(b)), mime, pixels)
}

func asJPEG(t *testing.T, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, img, &jpeg.Options{Quality: 95}) })
}

func asPNG(t *testing.T, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, img) })
}

// TestFormatsAgree: the same picture looks the same from every format.
func TestFormatsAgree(t *testing.T) {
	t.Parallel()
	img := scene(400, 300)
	want, fault := read(asPNG(t, img), sniff.PNG, cap25)
	if fault != nil || want.WidthPx != 400 || want.HeightPx != 300 || want.Orientation != 1 || want.AsStored != nil {
		t.Fatalf("png: %+v, %v", want, fault)
	}
	for mime, b := range map[string][]byte{
		sniff.BMP:  encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, img) }),
		sniff.TIFF: encoded(t, func(b *bytes.Buffer) error { return tiff.Encode(b, img, nil) }),
	} {
		if got, fault := read(b, mime, cap25); fault != nil || got.Look.Hashes[1] != want.Look.Hashes[1] {
			t.Errorf("%s: %+v, %v", mime, got, fault)
		}
	}
	if got, fault := read(asJPEG(t, img), sniff.JPEG, cap25); fault != nil || got.Look.Flat {
		t.Errorf("jpeg: %+v, %v", got, fault)
	}
}

// withOrientation puts an EXIF block with one tag behind SOI.
func withOrientation(b []byte, o uint16) []byte {
	t := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	t = binary.BigEndian.AppendUint16(t, o)
	t = append(t, 0, 0, 0, 0, 0, 0)
	app1 := binary.BigEndian.AppendUint16([]byte("\xFF\xE1"), uint16(len(t)+8))
	app1 = append(append(app1, "Exif\x00\x00"...), t...)
	return append(append(bytes.Clone(b[:2]), app1...), b[2:]...)
}

// stored maps a pixel of the upright picture to where it lies when stored with each orientation, by the text of the
// standard: which visual side row 0 and column 0 are.
func stored(img *image.NRGBA, o int) *image.NRGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if o >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewNRGBA(size)
	for y := range h {
		for x := range w {
			p := map[int]image.Point{
				1: {X: x, Y: y}, 2: {X: w - 1 - x, Y: y}, 3: {X: w - 1 - x, Y: h - 1 - y}, 4: {X: x, Y: h - 1 - y},
				5: {X: y, Y: x}, 6: {X: y, Y: w - 1 - x}, 7: {X: h - 1 - y, Y: w - 1 - x}, 8: {X: h - 1 - y, Y: x},
			}[o]
			out.Set(p.X, p.Y, img.At(x, y))
		}
	}
	return out
}

func TestOrientation(t *testing.T) {
	t.Parallel()
	img := scene(480, 320)
	want, fault := read(asPNG(t, img), sniff.PNG, cap25)
	if fault != nil {
		t.Fatal(fault)
	}
	for o := 1; o <= 8; o++ {
		got, fault := read(withOrientation(asJPEG(t, stored(img, o)), uint16(o)), sniff.JPEG, cap25)
		if fault != nil || got.Orientation != o || (got.AsStored == nil) != (o == 1) {
			t.Errorf("%d: %+v, %v", o, got, fault)
			continue
		}
		if d := differing(got.Look.Hashes[1].Hex, want.Look.Hashes[1].Hex); d > 20 {
			t.Errorf("%d: %d bits differ from the upright picture", o, d)
		}
		if o > 1 && differing(got.AsStored.Hashes[1].Hex, want.Look.Hashes[1].Hex) < 60 {
			t.Errorf("%d: as stored looks upright", o)
		}
	}
	for _, o := range []uint16{0, 9, 65535} {
		if got, fault := read(withOrientation(asJPEG(t, img), o), sniff.JPEG, cap25); fault != nil || got.Orientation != 1 {
			t.Errorf("%d: %+v, %v", o, got, fault)
		}
	}
}

// differing counts the bits in which two hashes differ.
func differing(a, b string) int {
	x, okX := new(big.Int).SetString(a, 16)
	y, okY := new(big.Int).SetString(b, 16)
	if !okX || !okY {
		return -1
	}
	n := 0
	for _, w := range new(big.Int).Xor(x, y).Bytes() {
		n += bits.OnesCount8(w)
	}
	return n
}

// TestPixelCap: at the cap yes, above it no, and the refusal names number and cap.
func TestPixelCap(t *testing.T) {
	t.Parallel()
	b := asPNG(t, scene(100, 50))
	if _, fault := read(b, sniff.PNG, 5000); fault != nil {
		t.Errorf("at the cap: %v", fault)
	}
	_, fault := read(b, sniff.PNG, 4999)
	if fault == nil || fault.Class != wire.ClassRefused || fault.Rule != "pixels 5000 exceed 4999" || fault.NeedPixels != 5000 {
		t.Errorf("above the cap: %+v", fault)
	}
	_, fault = new(Reader).Read(bytes.NewReader(b), MaxFileBytes+1, sniff.PNG, cap25)
	if fault == nil || fault.Class != wire.ClassRefused || !strings.HasPrefix(fault.Rule, "image bytes ") {
		t.Errorf("too many bytes: %+v", fault)
	}
}

func TestScans(t *testing.T) {
	t.Parallel()
	const sos = "\xFF\xDA\x00\x03\x00data\xFF\x00\xFF\xD0more\xFF\xFF\xD7"
	for n, text := range map[int]string{
		0:   "\xFF\xD8\xFF\xD9" + sos, // nothing behind EOI counts
		1:   "\xFF\xD8" + sos,
		2:   "\xFF\xD8\xFF\xE1\x00\x06\xFF\xDA\xFF\xDA" + sos + sos, // nor inside a segment
		100: "\xFF\xD8" + strings.Repeat(sos, 100) + "\xFF\xD9",
		101: "\xFF\xD8" + strings.Repeat(sos, 500),
	} {
		src := source{r: strings.NewReader(text), size: int64(len(text))}
		if got := countScans(src.reader(), MaxScans); got != n {
			t.Errorf("%d scans, want %d", got, n)
		}
	}
}

// TestFirstOnly: of an animation only the first picture is read, and the answer says so.
func TestFirstOnly(t *testing.T) {
	t.Parallel()
	frame := func(shift int) *image.Paletted {
		p := image.NewPaletted(image.Rect(0, 0, 80, 60), color.Palette{color.Black, color.White})
		for i := range p.Pix {
			p.Pix[i] = uint8((i%80+shift)/9+i/80/7) % 2
		}
		return p
	}
	animated := func(n int) []byte {
		g := &gif.GIF{}
		for i := range n {
			g.Image, g.Delay = append(g.Image, frame(i*4)), append(g.Delay, 1)
		}
		return encoded(t, func(b *bytes.Buffer) error { return gif.EncodeAll(b, g) })
	}
	one, fault1 := read(animated(1), sniff.GIF, cap25)
	three, fault3 := read(animated(3), sniff.GIF, cap25)
	if fault1 != nil || fault3 != nil || one.FirstOnly || !three.FirstOnly || one.Look.Hashes[1] != three.Look.Hashes[1] {
		t.Errorf("gif: %+v %v, %+v %v", one, fault1, three, fault3)
	}
	still := asPNG(t, scene(80, 60))
	actl := "\x00\x00\x00\x08acTL\x00\x00\x00\x05\x00\x00\x00\x00\xd3\x8e\x4e\x0a"
	apng := append(append(bytes.Clone(still[:33]), actl...), still[33:]...)
	if got := (source{r: bytes.NewReader(apng), size: int64(len(apng))}).hasMore(sniff.PNG); !got {
		t.Error("apng: no more than one frame")
	}
	if got := (source{r: bytes.NewReader(still), size: int64(len(still))}).hasMore(sniff.PNG); got {
		t.Error("png: more than one frame")
	}
}

// TestCrashersInProcess: the gates stop each crasher with a named fault before a decoder can take memory or panic, so that
// they can even be run here; package decode runs all of them in a child.
func TestCrashersInProcess(t *testing.T) {
	t.Parallel()
	for _, c := range crashers.All() {
		b := c.Bytes()
		s, fault := read(b, c.Type, cap25)
		if (fault == nil) != (c.Name == "gif-500frames.gif") {
			t.Errorf("%s: %+v, %v", c.Name, s, fault)
		}
		if fault != nil && (fault.Op != wire.OpPrint || fault.Rule == "") {
			t.Errorf("%s: %+v", c.Name, fault)
		}
	}
}

func TestISOConfig(t *testing.T) {
	t.Parallel()
	box := func(name, body string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))) + name + body
	}
	ispe := func(w, h uint32) string {
		b := binary.BigEndian.AppendUint32(make([]byte, 4), w)
		return box("ispe", string(binary.BigEndian.AppendUint32(b, h)))
	}
	file := func(props string) string {
		return box("ftyp", "avif\x00\x00\x00\x00") + box("meta", "\x00\x00\x00\x00"+box("iprp", box("ipco", props)))
	}
	for name, c := range map[string]struct {
		text string
		w, h int
		ok   bool
	}{
		"tiles":     {file(ispe(512, 512) + ispe(4032, 3024) + ispe(320, 240)), 4032, 3024, true},
		"largest":   {file(ispe(0xFFFFFFFF, 0xFFFFFFFF)), 0, 0, false}, // beyond any side that is passed on
		"none":      {file(""), 0, 0, false},
		"short":     {file(box("ispe", "abc")), 0, 0, false},
		"overlong":  {file("\x00\x00\xFF\xFFispe"), 0, 0, false},
		"empty":     {"", 0, 0, false},
		"zero side": {file(ispe(0, 5)), 0, 0, false},
	} {
		w, h, ok := Dims(strings.NewReader(c.text), int64(len(c.text)), sniff.AVIF)
		if w != c.w || h != c.h || ok != c.ok {
			t.Errorf("%s: %d x %d, %t", name, w, h, ok)
		}
	}
}

// FuzzStructure: our own walks over bytes end and do not panic. Decoders are not fuzzed here: they may use much memory.
func FuzzStructure(f *testing.F) {
	for _, c := range crashers.All() {
		if b := c.Bytes(); len(b) < 4096 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := source{r: bytes.NewReader(b), size: int64(len(b))}
		countScans(s.reader(), MaxScans)
		isoConfig(s.reader())
		for mime := range formats {
			s.hasMore(mime)
			if o := orientation(s.reader(), mime); o < 1 || o > 8 {
				t.Errorf("%s: orientation %d", mime, o)
			}
		}
	})
}
