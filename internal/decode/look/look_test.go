package look

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/corona10/goimagehash"
	"github.com/corona10/goimagehash/transforms"
	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/wire"
	"whenwhere/internal/grey"
	"whenwhere/internal/pdq"
	"whenwhere/internal/phash"
)

// scene is a picture of overlapping blocks: unlike noise it has low frequencies, as pictures do.
func scene(seed uint64, w, h int) *image.Gray {
	rng := rand.New(rand.NewPCG(seed, 1))
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(60 + 8*(i%w)/w + i%w*7%90 + i/w*5%90)
	}
	for range 60 {
		x, y, dx, dy := rng.IntN(w), rng.IntN(h), w/32+rng.IntN(w/3), h/32+rng.IntN(h/3)
		v := uint8(rng.IntN(256))
		for j := y; j < min(y+dy, h); j++ {
			for i := x; i < min(x+dx, w); i++ {
				img.Pix[j*img.Stride+i] = v
			}
		}
	}
	return img
}

func whole(img *image.Gray) grey.Picture {
	return grey.Whole(img.Pix, img.Rect.Dx(), img.Rect.Dy())
}

func lookAt(t testing.TB, img *image.Gray, turn grey.Turn) wire.Look {
	t.Helper()
	l, err := new(Looker).Of(whole(img), turn, Entire)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// library hashes with goimagehash.
func library(t *testing.T, img image.Image) (phash.Hash64, phash.Hash256) {
	t.Helper()
	h64, err := goimagehash.PerceptionHash(img)
	if err != nil {
		t.Fatal(err)
	}
	h256, err := goimagehash.ExtPerceptionHash(img, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	var all phash.Hash256
	for i := range all {
		all[i] = byte(h256.GetHash()[i/8] >> (56 - i%8*8))
	}
	return phash.Hash64(h64.GetHash()), all
}

// spectrumOf takes the coefficients from the library's own transform of a square.
func spectrumOf(img *image.Gray) grey.Spectrum {
	side := img.Rect.Dx()
	dct := transforms.DCT2D(transforms.Rgb2Gray(img), side, side)
	var s grey.Spectrum
	for v := range grey.Frequencies {
		copy(s[v*grey.Frequencies:(v+1)*grey.Frequencies], dct[v])
	}
	return s
}

// TestBitsAreTheLibrarys: of the library's coefficients package phash makes the library's bits, for both hashes; and from
// a square of 64 x 64, which the library need not resize, our own transform does too.
func TestBitsAreTheLibrarys(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		img := scene(seed, 256, 256)
		_, want := library(t, img)
		s := spectrumOf(img)
		if got := phash.From256(&s); got != want {
			t.Errorf("seed %d: %s, want %s", seed, got.Hex(), want.Hex())
		}
		small := scene(seed, 64, 64)
		want64, _ := library(t, small)
		s = spectrumOf(small)
		if got := phash.From64(&s); got != want64 {
			t.Errorf("seed %d: %s, want %s", seed, got.Hex(), want64.Hex())
		}
		var l Looker
		ours, err := l.spectrum(whole(small), grey.Original)
		if err != nil || phash.From64(&ours) != want64 {
			t.Errorf("seed %d: own transform %s, want %s, %v", seed, phash.From64(&ours).Hex(), want64.Hex(), err)
		}
	}
}

// TestNearTheLibrary: of pictures that both must shrink, the 64 bits upright are the library's own, those read off the grid
// are near, and so are the 256.
func TestNearTheLibrary(t *testing.T) {
	t.Parallel()
	worst64, worst256 := 0, 0
	for seed := range uint64(20) {
		img := scene(seed, 640, 480)
		want64, want256 := library(t, img)
		l := lookAt(t, img, grey.Original)
		if l.Hashes[0].Hex != want64.Hex() {
			t.Errorf("seed %d: %s, want the library's %s", seed, l.Hashes[0].Hex, want64.Hex())
		}
		upright := remade(img, 480, 640, func(x, y int) (int, int) { return 639 - y, x })
		want64Turned, _ := library(t, upright)
		if got := lookAt(t, img, grey.Rotate90).Hashes[0].Hex; got != want64Turned.Hex() {
			t.Errorf("seed %d: turned %s, want the library's %s", seed, got, want64Turned.Hex())
		}
		var looker Looker
		s, err := looker.spectrum(whole(img), grey.Original)
		if err != nil {
			t.Fatal(err)
		}
		worst64 = max(worst64, phash.Distance64(phash.From64(&s), want64))
		worst256 = max(worst256, phash.Distance256(phash.From256(&s), want256))
	}
	t.Logf("at most %d of 64 and %d of 256 bits from the library", worst64, worst256)
	if worst64 > 4 || worst256 > 16 {
		t.Errorf("%d of 64 and %d of 256 bits from the library, want at most 4 and 16", worst64, worst256)
	}
}

// remade gives the picture in which pixel x, y is the one at from(x, y).
func remade(img *image.Gray, w, h int, from func(x, y int) (int, int)) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := from(x, y)
			out.Pix[y*out.Stride+x] = img.Pix[fy*img.Stride+fx]
		}
	}
	return out
}

func within(t *testing.T, what string, a, b []wire.Hash, most int) {
	t.Helper()
	for i, h := range a {
		x, errX := pdq.ParseHex(h.Hex + "000000000000000000000000000000000000000000000000"[:64-len(h.Hex)])
		y, errY := pdq.ParseHex(b[i].Hex + "000000000000000000000000000000000000000000000000"[:64-len(h.Hex)])
		if d := pdq.Distance(x, y); errX != nil || errY != nil || h.Algorithm != b[i].Algorithm || d > most {
			t.Errorf("%s: %s differ by %d, want at most %d, %v %v", what, h.Algorithm, d, most, errX, errY)
		}
	}
}

// TestViewsAreThePictureTurned: each turned view is what the picture looks like when it is turned by other means. An
// even number of pixels has no middle one, so the samples of a turned picture lie a pixel beside.
func TestViewsAreThePictureTurned(t *testing.T) {
	t.Parallel()
	const w, h = 400, 300
	img := scene(2, w, h)
	l := lookAt(t, img, grey.Original)
	views := map[string][]wire.Hash{wire.ViewTransposed: nil}
	for _, v := range l.Views {
		views[v.Name] = v.Hashes
	}
	onlyPDQ := func(img *image.Gray) []wire.Hash { return lookAt(t, img, grey.Original).Hashes[2:] }
	within(t, "mirrored", l.Mirrored,
		lookAt(t, remade(img, w, h, func(x, y int) (int, int) { return w - 1 - x, y }), grey.Original).Hashes, 20)
	for name, turned := range map[string]*image.Gray{
		wire.ViewRot90:       remade(img, h, w, func(x, y int) (int, int) { return w - 1 - y, x }),
		wire.ViewRot180:      remade(img, w, h, func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }),
		wire.ViewRot270:      remade(img, h, w, func(x, y int) (int, int) { return y, h - 1 - x }),
		wire.ViewFlipped:     remade(img, w, h, func(x, y int) (int, int) { return x, h - 1 - y }),
		wire.ViewTransposed:  remade(img, h, w, func(x, y int) (int, int) { return y, x }),
		wire.ViewTransversed: remade(img, h, w, func(x, y int) (int, int) { return w - 1 - y, h - 1 - x }),
	} {
		within(t, name, onlyPDQ(turned), views[name], 20)
	}
}

// bordered lays a picture between bars.
func bordered(img *image.Gray, w, h, left, top int, level uint8) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	for i := range out.Pix {
		out.Pix[i] = level
	}
	for y := range img.Rect.Dy() {
		copy(out.Pix[(top+y)*out.Stride+left:], img.Pix[y*img.Stride:y*img.Stride+img.Rect.Dx()])
	}
	return out
}

// TestParts: what lies between bars has the prints of the picture without them, and its place is given upright, however
// the file holds it, and whether pixels are known or only means.
func TestParts(t *testing.T) {
	t.Parallel()
	img := scene(3, 400, 240)
	for _, block := range []int{1, 8} {
		want, err := new(Looker).Of(means(img, block), grey.Original, Entire)
		if err != nil {
			t.Fatal(err)
		}
		for turn, at := range map[grey.Turn]wire.Part{
			grey.Original:   {LeftPx: 0, TopPx: 60, WidthPx: 400, HeightPx: 240},
			grey.FlipX:      {LeftPx: 0, TopPx: 100, WidthPx: 400, HeightPx: 240},
			grey.FlipY:      {LeftPx: 0, TopPx: 60, WidthPx: 400, HeightPx: 240},
			grey.Rotate90:   {LeftPx: 60, TopPx: 0, WidthPx: 240, HeightPx: 400},
			grey.Rotate180:  {LeftPx: 0, TopPx: 100, WidthPx: 400, HeightPx: 240},
			grey.Rotate270:  {LeftPx: 100, TopPx: 0, WidthPx: 240, HeightPx: 400},
			grey.FlipPlus1:  {LeftPx: 60, TopPx: 0, WidthPx: 240, HeightPx: 400},
			grey.FlipMinus1: {LeftPx: 100, TopPx: 0, WidthPx: 240, HeightPx: 400},
		} {
			p := means(bordered(img, 400, 400, 0, 60, 3), block)
			l, err := new(Looker).Of(p, turn, Entire)
			if err != nil {
				t.Fatal(err)
			}
			at = wire.Part{LeftPx: block * at.LeftPx, TopPx: block * at.TopPx, WidthPx: block * at.WidthPx, HeightPx: block * at.HeightPx}
			checkParts(t, l, at)
			if turn == grey.Original {
				v := l.Views[len(turnNames)-2:] // behind the six turns
				within(t, "trimmed", v[0].Hashes[1:], want.Hashes[1:], 0)
				within(t, "trimmed and mirrored", v[1].Hashes, want.Mirrored, 0)
				if v[1].Mosaic != nil || !bytes.Equal(v[0].Mosaic, want.Mosaic) || bytes.Equal(l.Mosaic, want.Mosaic) {
					t.Error("the mosaic within the border is not that of the picture without one")
				}
				if v[0].Quality != want.Quality {
					t.Errorf("trimmed quality %d, want %d", v[0].Quality, want.Quality)
				}
			}
			still := wire.Still{WidthPx: p.FullWidthPx, HeightPx: p.FullHeightPx, Orientation: 1, Look: l}
			req := wire.Request{Version: wire.Version, Op: wire.OpPrint}
			if err := wire.Check(wire.Answer{Version: wire.Version, Still: &still}, req); err != nil {
				t.Errorf("turn %d: %v", turn, err)
			}
		}
	}
}

// TestSmallParts: a window of fewer than 32 pixels a side is no view.
func TestSmallParts(t *testing.T) {
	t.Parallel()
	for side, want := range map[int]int{36: 5, 35: 0} { // 90 percent of it, rounded down
		n := 0
		for _, v := range lookAt(t, scene(7, side, side), grey.Original).Views {
			if v.Name == wire.ViewWindow {
				n++
			}
		}
		if n != want {
			t.Errorf("side %d: %d windows, want %d", side, n, want)
		}
	}
}

// means takes a picture for that of the means of blocks.
func means(img *image.Gray, block int) grey.Picture {
	p := whole(img)
	p.BlockPx, p.FullWidthPx, p.FullHeightPx = block, block*p.Width, block*p.Height
	return p
}

// checkParts wants the trimmed views at a place, and five windows within it that touch all its sides.
func checkParts(t *testing.T, l wire.Look, at wire.Part) {
	t.Helper()
	var names []string
	left, top, right, bottom := 1<<30, 1<<30, 0, 0
	for _, v := range l.Views {
		if v.Part == nil {
			continue
		}
		names = append(names, v.Name)
		if v.Name != wire.ViewWindow {
			if *v.Part != at {
				t.Errorf("%s %+v, want %+v", v.Name, *v.Part, at)
			}
			continue
		}
		left, top = min(left, v.Part.LeftPx), min(top, v.Part.TopPx)
		right, bottom = max(right, v.Part.LeftPx+v.Part.WidthPx), max(bottom, v.Part.TopPx+v.Part.HeightPx)
	}
	if diff := cmp.Diff([]string{"trimmed", "trimmed_mirrored", "window", "window", "window", "window", "window"}, names); diff != "" {
		t.Error(diff)
	}
	if got := (wire.Part{LeftPx: left, TopPx: top, WidthPx: right - left, HeightPx: bottom - top}); got != at {
		t.Errorf("windows over %+v, want %+v", got, at)
	}
}

func TestQuality(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at      func(x, y int) uint8
		quality int
		stdDev  float64
	}{
		"black":        {func(x, y int) uint8 { return 0 }, 0, 0},
		"left, right":  {func(x, y int) uint8 { return uint8(x / 128 * 255) }, 71, 126.5}, // 64 steps of 100 % over 90
		"faint noise":  {func(x, y int) uint8 { return uint8(100 + (x/4+y/4)%2*2) }, 0, 0.2},
		"checkerboard": {func(x, y int) uint8 { return uint8((x/4 + y/4) % 2 * 255) }, 100, 30},
	} {
		img := image.NewGray(image.Rect(0, 0, 256, 256))
		for i := range img.Pix {
			img.Pix[i] = c.at(i%256, i/256)
		}
		l := lookAt(t, img, grey.Original)
		if l.Quality != c.quality || l.StdDev < c.stdDev {
			t.Errorf("%s: quality %d deviation %g, want %d and %g or more", name, l.Quality, l.StdDev, c.quality, c.stdDev)
		}
		if l.Flat != (c.quality == 0) || l.Flat != (len(l.Hashes) == 0) || l.Flat != (len(l.Views) == 0) {
			t.Errorf("%s: flat %t with %d hashes", name, l.Flat, len(l.Hashes))
		}
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quality int
		stdDev  float64
		want    bool
	}{
		{0, 0, true}, {0, 60, true}, {1, 60, false}, {5, 15.9, true}, {29, 15.9, true}, {30, 15.9, false}, {29, 16, false},
		{2, 4.6, true}, {4, 11.1, true}, // the pictures that it was read off
	} {
		if got := isFlat(c.quality, c.stdDev); got != c.want {
			t.Errorf("quality %d deviation %g: flat %t", c.quality, c.stdDev, got)
		}
	}
}

func TestOfRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	if l, err := new(Looker).Of(grey.Picture{}, grey.Original, Entire); err == nil {
		t.Errorf("%+v", l)
	}
}

// TestLevels: every type of picture gives the same levels, and what is transparent is black.
func TestLevels(t *testing.T) {
	t.Parallel()
	const w, h = 70, 150 // more than two strips
	at := func(x, y int) color.NRGBA { return color.NRGBA{uint8(3 * x), uint8(y), uint8(x ^ y), 255} }
	type settable interface {
		image.Image
		Set(x, y int, c color.Color)
	}
	r := image.Rect(5, 3, 5+w, 3+h)
	for _, img := range []settable{image.NewNRGBA(r), image.NewRGBA(r), image.NewNRGBA64(r), image.NewRGBA64(r)} {
		for y := range h {
			for x := range w {
				c := at(x, y)
				if x < 10 {
					c.A = 0
				}
				img.Set(5+x, 3+y, c)
			}
		}
		p, err := Levels(img)
		if err != nil || p.Check() != nil || p.Width != w || p.Height != h {
			t.Fatalf("%T: %d x %d, %v", img, p.Width, p.Height, err)
		}
		for i, got := range p.Luma {
			c := at(i%w, i/w)
			want := 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)
			if i%w < 10 {
				want = 0
			}
			if math.Abs(float64(got)-want) > 0.501 {
				t.Fatalf("%T at %d,%d: %d, want %g", img, i%w, i/w, got, want)
			}
		}
	}
	sub := scene(1, 100, 100).SubImage(image.Rect(10, 20, 60, 90)).(*image.Gray)
	p, err := Levels(sub)
	if err != nil || p.Check() != nil || p.Luma[3*p.Stride+4] != sub.GrayAt(14, 23).Y {
		t.Errorf("part of a grey picture: %v", err)
	}
	ycc := image.NewYCbCr(image.Rect(0, 0, 30, 20), image.YCbCrSubsampleRatio420)
	for i := range ycc.Y {
		ycc.Y[i] = uint8(i)
	}
	if p, err := Levels(ycc); err != nil || p.Check() != nil || p.Luma[2*p.Stride+7] != ycc.Y[2*ycc.YStride+7] {
		t.Errorf("luma: %v", err)
	}
}

// TestBadPaletteIndexIsAnError: what would panic in a goroutine of imaging is met in ours.
func TestBadPaletteIndexIsAnError(t *testing.T) {
	t.Parallel()
	img := image.NewPaletted(image.Rect(0, 0, 300, 300), color.Palette{color.Black})
	img.Pix[5] = 200
	if p, err := Levels(img); err == nil {
		t.Errorf("%d x %d", p.Width, p.Height)
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	var raw []byte
	for seed := range uint64(3) {
		for _, v := range scene(seed, SidePx, SidePx).Pix {
			raw = append(raw, v, v, v)
		}
	}
	shape := wire.FrameRequest{WidthPx: SidePx, HeightPx: SidePx, MaxFrames: 10}
	clip, fault := Frames(bytes.NewReader(raw[:len(raw)-1]), shape)
	if fault != nil || len(clip.Frames) != 2 {
		t.Fatalf("two and a bit: %d frames, %v", len(clip.Frames), fault)
	}
	want := lookAt(t, scene(1, SidePx, SidePx), grey.Original)
	if diff := cmp.Diff(want.Hashes, clip.Frames[1].Look.Hashes); diff != "" {
		t.Errorf("second frame: %s", diff)
	}
	shape.MaxFrames = 1
	if clip, fault = Frames(bytes.NewReader(raw), shape); fault != nil || len(clip.Frames) != 1 {
		t.Errorf("at most one: %d frames, %v", len(clip.Frames), fault)
	}
	shape.WidthPx = 10
	if _, fault = Frames(bytes.NewReader(raw), shape); fault == nil || fault.Class != wire.ClassRefused {
		t.Errorf("other size: %v", fault)
	}
}

// TestFramesFitIntoAnAnswer: 601 letterboxed frames, which have most views, at their longest.
func TestFramesFitIntoAnAnswer(t *testing.T) {
	t.Parallel()
	l, err := new(Looker).Of(whole(bordered(scene(1, 256, 140), 256, 256, 0, 60, 0)), grey.Original, Brief)
	if err != nil || len(l.Views) != 1 {
		t.Fatalf("%d views, %v", len(l.Views), err)
	}
	l.Quality, l.StdDev = 100, 100.12345678901234
	clip := wire.Clip{Frames: make([]wire.Frame, 601)}
	for i := range clip.Frames {
		clip.Frames[i].Look = l
	}
	if n := encodedBytes(t, wire.Answer{Version: wire.Version, Clip: &clip}); n > wire.MaxAnswerBytes*9/10 {
		t.Errorf("%d bytes, want well below %d", n, wire.MaxAnswerBytes)
	}
}

func BenchmarkOf(b *testing.B) {
	for name, extent := range map[string]Extent{"whole": Whole, "entire": Entire} {
		b.Run(name, func(b *testing.B) {
			p := whole(scene(1, 500, 375))
			p.BlockPx, p.FullWidthPx, p.FullHeightPx = 8, 4000, 3000
			var l Looker
			for b.Loop() {
				if _, err := l.Of(p, grey.Original, extent); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func encodedBytes(t *testing.T, v any) int {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return len(b)
}
