package look

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/decode/wire"
)

// A step of light is a dark line where it is, and nothing else is.
func TestOutlineIsWhereTheEdgeIs(t *testing.T) {
	t.Parallel()
	s := Small{Width: 60, Height: 40, RGB: make([]byte, 3*60*40)}
	for y := range s.Height {
		for x := 30; x < 60; x++ {
			copy(s.RGB[3*(y*60+x):], []byte{200, 180, 160})
		}
	}
	d := Derive(s, wire.Request{Op: wire.OpDerive})
	for y := range d.HeightPx {
		for x := range d.WidthPx {
			v := d.Pixels[y*d.WidthPx+x]
			if (x == 29 || x == 30) && v > 100 || (x < 25 || x > 34) && v != 255 {
				t.Fatalf("%d, %d: %d", x, y, v)
			}
		}
	}
	flat := Small{Width: 20, Height: 20, RGB: bytes.Repeat([]byte{90}, 1200)}
	for i := range flat.RGB { // grain of one level is no line
		flat.RGB[i] += byte(i * 7 % 2)
	}
	if d := Derive(flat, wire.Request{}); bytes.ContainsFunc(d.Pixels, func(r rune) bool { return r < 0xc0 && r != 0xfffd }) {
		t.Errorf("grain became lines: %v", d.Pixels[:40])
	}
}

// Shrinking keeps the mean level, the shape, and never enlarges.
func TestShrink(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, h, side := rapid.IntRange(1, 200).Draw(t, "w"), rapid.IntRange(1, 200).Draw(t, "h"), rapid.IntRange(1, 120).Draw(t, "side")
		img := image.NewYCbCr(image.Rect(3, 5, 3+w, 5+h), image.YCbCrSubsampleRatio444)
		for i := range img.Y {
			img.Y[i], img.Cb[i], img.Cr[i] = 77, 128, 128
		}
		s, err := Shrink(img, side)
		if err != nil {
			t.Fatal(err)
		}
		if max(s.Width, s.Height) > side || s.Width > w || s.Height > h || s.Width < 1 || s.Height < 1 || len(s.RGB) != 3*s.Width*s.Height {
			t.Fatalf("%d x %d became %d x %d, %d bytes", w, h, s.Width, s.Height, len(s.RGB))
		}
		if max(w, h) <= side && (s.Width != w || s.Height != h) {
			t.Fatalf("%d x %d was changed to %d x %d", w, h, s.Width, s.Height)
		}
		for i, v := range s.RGB {
			if v != 77 {
				t.Fatalf("byte %d is %d", i, v)
			}
		}
	})
}

// The corner that is red in the upright picture, for each orientation that the file may be stored in.
func TestUpright(t *testing.T) {
	t.Parallel()
	for orientation, stored := range map[int][2]int{1: {0, 0}, 2: {2, 0}, 3: {2, 1}, 4: {0, 1}, 5: {0, 0}, 6: {0, 1}, 7: {2, 1}, 8: {2, 0}} {
		img := image.NewNRGBA(image.Rect(0, 0, 3, 2))
		for i := range img.Pix {
			img.Pix[i] = 255
		}
		img.Set(stored[0], stored[1], color.NRGBA{255, 0, 0, 255})
		s, err := Shrink(img, 10)
		if err != nil {
			t.Fatal(err)
		}
		up := s.Upright(orientation)
		if orientation >= 5 && (up.Width != 2 || up.Height != 3) || orientation < 5 && up.Width != 3 {
			t.Errorf("orientation %d: %d x %d", orientation, up.Width, up.Height)
		}
		if !bytes.Equal(up.RGB[:3], []byte{255, 0, 0}) {
			t.Errorf("orientation %d: the upper left pixel is %v", orientation, up.RGB[:3])
		}
	}
}

func TestDeriveStream(t *testing.T) {
	t.Parallel()
	good := "P6\n2 1\n255\n" + "\n \xff\x00\x01\x02"
	d, fault := DeriveStream(strings.NewReader(good+"more"), wire.Request{Op: wire.OpDerive, Colour: true})
	if fault != nil || d.WidthPx != 2 || d.HeightPx != 1 || string(d.Pixels) != "\n \xff\x00\x01\x02" {
		t.Errorf("%+v, %v", d, fault)
	}
	for name, text := range map[string]string{
		"nothing": "", "cut": good[:len(good)-1], "too wide": "P6\n9999 1\n255\n", "no side": "P6\n0 1\n255\n", "negative": "P6\n-1 -1\n255\n",
		"other levels": "P6\n1 1\n65535\n123456", "other format": "P5\n1 1\n255\n1", "endless head": "P6\n" + strings.Repeat("1", 5000), "text": "hello\nworld\nagain\n",
	} {
		if _, fault := DeriveStream(strings.NewReader(text), wire.Request{Op: wire.OpDerive, Colour: true}); fault == nil || fault.Op != wire.OpDerive {
			t.Errorf("%s: %v", name, fault)
		}
	}
	if _, fault := DeriveStream(strings.NewReader(fmt.Sprintf("P6\n%d 1\n255\n%s", wire.OutlineSidePx, strings.Repeat("x", 3*wire.OutlineSidePx))), wire.Request{}); fault != nil {
		t.Error(fault)
	}
}
