package look

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/corona10/goimagehash"
	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/wire"
)

// scene is a square of smooth blobs: unlike noise it has low frequencies, as pictures do.
func scene(seed uint64) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, SidePx, SidePx))
	for range 60 {
		x, y, w, h := rng.IntN(SidePx), rng.IntN(SidePx), 8+rng.IntN(90), 8+rng.IntN(90)
		c := color.RGBA{uint8(rng.IntN(256)), uint8(rng.IntN(256)), uint8(rng.IntN(256)), 255}
		for j := y; j < min(y+h, SidePx); j++ {
			for i := x; i < min(x+w, SidePx); i++ {
				img.SetRGBA(i, j, c)
			}
		}
	}
	for p := 3; p < len(img.Pix); p += 4 {
		img.Pix[p] = 255
	}
	return img
}

// TestHashesAreTheLibrarys: ours has the bits of goimagehash.ExtPerceptionHash(16,16).
func TestHashesAreTheLibrarys(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		img := scene(seed)
		l, err := Of(img)
		if err != nil || l.Flat {
			t.Fatalf("seed %d: %+v, %v", seed, l, err)
		}
		h256, err := goimagehash.ExtPerceptionHash(img, 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		var want []byte
		for _, w := range h256.GetHash() {
			want = binary.BigEndian.AppendUint64(want, w)
		}
		if got := l.Hashes[1]; got.Algorithm != "phash256" || got.Hex != hex.EncodeToString(want) {
			t.Errorf("seed %d: %s, want %x", seed, got.Hex, want)
		}
		h64, err := goimagehash.PerceptionHash(img)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Hashes[0].Hex; got != hex.EncodeToString(binary.BigEndian.AppendUint64(nil, h64.GetHash())) {
			t.Errorf("seed %d: phash64 %s, want %x", seed, got, h64.GetHash())
		}
	}
}

// TestMirroredIsTheMirrorImage: the mirrored hashes are those of the picture turned left to right by other means.
func TestMirroredIsTheMirrorImage(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		img := scene(seed)
		turned := image.NewRGBA(img.Rect)
		for y := range SidePx {
			for x := range SidePx {
				turned.Set(SidePx-1-x, y, img.At(x, y))
			}
		}
		l, err := Of(img)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Of(turned)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Hashes, l.Mirrored); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
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
		"left, right":  {func(x, y int) uint8 { return uint8(x / 128 * 255) }, 71, 127.5}, // 64 steps of 100 % over 90
		"faint noise":  {func(x, y int) uint8 { return uint8(100 + (x/4+y/4)%2*2) }, 0, 1},
		"checkerboard": {func(x, y int) uint8 { return uint8((x/4 + y/4) % 2 * 255) }, 100, 127.5},
	} {
		img := image.NewRGBA(image.Rect(0, 0, SidePx, SidePx))
		for y := range SidePx {
			for x := range SidePx {
				v := c.at(x, y)
				img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
			}
		}
		l, err := Of(img)
		if err != nil || l.Quality != c.quality || l.StdDev < c.stdDev-0.01 || l.StdDev > c.stdDev+0.01 {
			t.Errorf("%s: quality %d deviation %g, %v; want %d and %g", name, l.Quality, l.StdDev, err, c.quality, c.stdDev)
		}
		if l.Flat != (c.quality == 0) || l.Flat != (len(l.Hashes) == 0) {
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
		{0, 0, true}, {4, 60, true}, {5, 60, false}, {5, 15.9, true}, {29, 15.9, true}, {30, 15.9, false}, {29, 16, false},
		{11, 4.6, true}, {10, 11.1, true}, {8, 21.5, false}, // the pictures that it was read off
	} {
		if got := isFlat(c.quality, c.stdDev); got != c.want {
			t.Errorf("quality %d deviation %g: flat %t", c.quality, c.stdDev, got)
		}
	}
}

func TestOfRefusesOtherSizes(t *testing.T) {
	t.Parallel()
	for _, r := range []image.Rectangle{{}, image.Rect(0, 0, 64, 64), image.Rect(1, 0, 257, 256)} {
		if l, err := Of(image.NewRGBA(r)); err == nil {
			t.Errorf("%v: %+v", r, l)
		}
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	var raw []byte
	for seed := range uint64(3) {
		img := scene(seed)
		for p := 0; p < len(img.Pix); p += 4 {
			raw = append(raw, img.Pix[p:p+3]...)
		}
	}
	shape := wire.FrameRequest{WidthPx: SidePx, HeightPx: SidePx, MaxFrames: 10}
	clip, fault := Frames(bytes.NewReader(raw[:len(raw)-1]), shape)
	if fault != nil || len(clip.Frames) != 2 {
		t.Fatalf("two and a bit: %d frames, %v", len(clip.Frames), fault)
	}
	want, err := Of(scene(1))
	if err != nil || clip.Frames[1].Look.Hashes[1] != want.Hashes[1] {
		t.Errorf("second frame %+v, want %+v, %v", clip.Frames[1].Look, want, err)
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

func BenchmarkOf(b *testing.B) {
	img := scene(1)
	for b.Loop() {
		if _, err := Of(img); err != nil {
			b.Fatal(err)
		}
	}
}
