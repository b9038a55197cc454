package decode

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/decode/crashers"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
)

// halves is dark on the left and light on the right.
func halves(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{20, 20, 20, 255}
			if x >= w/2 {
				c = color.NRGBA{220, 200, 180, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDeriveStill(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{})
	path := writeFile(t, "a.png", pngOf(t, halves(1600, 1200)))
	d, err := p.Derive(t.Context(), open(t, path), sniff.PNG, Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(d.Data))
	if err != nil || d.Type != "image/png" || d.WidthPx != 640 || d.HeightPx != 480 || img.Bounds().Dx() != 640 || img.Bounds().Dy() != 480 {
		t.Fatalf("%s %d x %d, %v", d.Type, d.WidthPx, d.HeightPx, err)
	}
	grey := func(x, y int) uint8 { return color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y }
	if grey(320, 240) > 60 || grey(100, 240) != 255 || grey(600, 240) != 255 {
		t.Errorf("edge %d, dark side %d, light side %d", grey(320, 240), grey(100, 240), grey(600, 240))
	}
	again, err := p.Derive(t.Context(), open(t, path), sniff.PNG, Wanted{})
	if err != nil || !bytes.Equal(again.Data, d.Data) {
		t.Errorf("the second time differs (%v)", err)
	}
	shown, err := p.Derive(t.Context(), open(t, path), sniff.PNG, Wanted{Colour: true})
	if err != nil {
		t.Fatal(err)
	}
	frame, err := jpeg.Decode(bytes.NewReader(shown.Data))
	if err != nil || shown.Type != "image/jpeg" || frame.Bounds().Dx() != 480 || frame.Bounds().Dy() != 360 {
		t.Fatalf("%s %v %v", shown.Type, frame, err)
	}
	if c, _ := color.RGBAModel.Convert(frame.At(450, 100)).(color.RGBA); c.R < 210 || c.B > 190 {
		t.Errorf("the light side is %v", c)
	}
}

func TestDeriveRefuses(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Limits: Limits{Pixels: 100, HeavyPixels: 200}})
	class := func(data []byte, mime string) wire.Class {
		_, err := p.Derive(t.Context(), open(t, writeFile(t, "x", data)), mime, Wanted{})
		var f *wire.Fault
		if !errors.As(err, &f) || f.Op != wire.OpDerive {
			t.Errorf("%s: %v", mime, err)
			return ""
		}
		return f.Class
	}
	whole := pngOf(t, halves(16, 12))
	if got := class(pngOf(t, halves(20, 20)), sniff.PNG); got != wire.ClassRefused {
		t.Errorf("too many pixels: %s", got)
	}
	if got := class(whole[:len(whole)/2], sniff.PNG); got != wire.ClassInvalid {
		t.Errorf("cut: %s", got)
	}
	if got := class(whole, "text/plain"); got != wire.ClassUnsupported {
		t.Errorf("text: %s", got)
	}
	if got := class([]byte("no film"), sniff.MP4); got != wire.ClassNoTool {
		t.Errorf("film without ffmpeg: %s", got)
	}
	if _, err := p.Derive(t.Context(), open(t, writeFile(t, "y", whole)), sniff.PNG, Wanted{}); err != nil { // the heavy child takes 192 pixels
		t.Errorf("a picture for the heavy child: %v", err)
	}
}

// Of a film that is red for a second and then blue, the frame asked for is derived, and damage is a fault.
func TestDeriveFrame(t *testing.T) {
	t.Parallel()
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed")
	}
	film := filepath.Join(t.TempDir(), "a.mp4")
	cmd := exec.Command(ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", "color=red:s=320x180:d=1:r=10", "-f", "lavfi", "-i", "color=blue:s=320x180:d=1:r=10",
		"-filter_complex", "[0][1]concat=n=2:v=1", "-g", "5", film)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("ffmpeg makes no film: %v: %s", err, out)
	}
	p := newPool(t, Config{FFmpeg: ffmpeg})
	at := func(ms int64) *int64 { return &ms }
	for _, c := range []struct {
		at  *int64
		red bool
	}{{nil, true}, {at(0), true}, {at(900), true}, {at(1000), false}, {at(1700), false}} {
		d, err := p.Derive(t.Context(), open(t, film), sniff.MP4, Wanted{Colour: true, AtMs: c.at})
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(d.Data))
		if err != nil || d.WidthPx != 320 || d.HeightPx != 180 {
			t.Fatalf("%d x %d, %v", d.WidthPx, d.HeightPx, err)
		}
		if px, _ := color.RGBAModel.Convert(img.At(100, 100)).(color.RGBA); (px.R > 200) != c.red || (px.B > 200) == c.red {
			t.Errorf("at %v: %v", c.at, px)
		}
	}
	var f *wire.Fault
	if _, err := p.Derive(t.Context(), open(t, film), sniff.MP4, Wanted{AtMs: at(60_000)}); !errors.As(err, &f) || f.Op != wire.OpDerive {
		t.Errorf("after its end: %v", err)
	}
	if _, err := p.Derive(t.Context(), open(t, writeFile(t, "b.mp4", []byte("no film"))), sniff.MP4, Wanted{}); !errors.As(err, &f) || f.Class != wire.ClassInvalid {
		t.Errorf("no film: %v", err)
	}
}

// Whatever is wrong with a file, deriving from it ends with a picture or a named fault, and the next file is read as if alone.
func TestDeriveFromCrashers(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{})
	good := writeFile(t, "good.png", pngOf(t, halves(320, 200)))
	alone, err := newPool(t, Config{}).Derive(t.Context(), open(t, good), sniff.PNG, Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range crashers.All() {
		if !strings.HasPrefix(c.Type, "image/") {
			continue
		}
		n++
		d, err := p.Derive(t.Context(), open(t, writeFile(t, "x", c.Bytes())), c.Type, Wanted{Colour: n%2 == 0})
		var f *wire.Fault
		switch {
		case errors.As(err, &f):
			if f.Op != wire.OpDerive || f.Rule == "" {
				t.Errorf("%s: %v", c.Name, f)
			}
		case err != nil:
			t.Errorf("%s: %v", c.Name, err)
		case d.WidthPx < 1 || d.WidthPx > wire.OutlineSidePx || d.HeightPx < 1 || d.HeightPx > wire.OutlineSidePx:
			t.Errorf("%s: %d x %d", c.Name, d.WidthPx, d.HeightPx)
		}
	}
	again, err := p.Derive(t.Context(), open(t, good), sniff.PNG, Wanted{})
	if n < 10 || err != nil || !bytes.Equal(again.Data, alone.Data) {
		t.Errorf("after %d crashers the good file gives another outline (%v)", n, err)
	}
}
