package mosaic_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/grey"
	"whenwhere/internal/mosaic"
)

// scene is a picture of overlapping blocks that have slopes.
func scene(seed uint64, w, h int) []uint8 {
	rng := rand.New(rand.NewPCG(seed, 5))
	luma := make([]uint8, w*h)
	for i := range luma {
		luma[i] = 100
	}
	for range 80 {
		x, y, dx, dy := rng.IntN(w), rng.IntN(h), 1+rng.IntN(w/3+1), 1+rng.IntN(h/3+1)
		v, slope := 20+rng.IntN(200), rng.IntN(3)-1
		for j := y; j < min(y+dy, h); j++ {
			for i := x; i < min(x+dx, w); i++ {
				luma[j*w+i] = uint8(min(max(v+slope*(i-x)/4, 6), 249))
			}
		}
	}
	return luma
}

func of(t rapid.TB, p grey.Picture) *mosaic.Mosaic {
	t.Helper()
	m, err := mosaic.Of(p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMeans: each part is the mean of what lies in it, as the integral of the picture says; rounded, where parts are whole
// numbers of pixels.
func TestMeans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 300).Draw(t, "h")
		luma := scene(rapid.Uint64().Draw(t, "seed"), w, h)
		got := of(t, grey.Whole(luma, w, h))
		for j := range 64 {
			for i := range 64 {
				if want := integral(luma, w, h, i, j); math.Abs(float64(got[j*64+i])-want) > 3 { // cuts are rounded to 1/256 pixel
					t.Fatalf("%d x %d: part %d, %d is %d, want %g", w, h, i, j, got[j*64+i], want)
				}
			}
		}
	})
	luma := scene(1, 256, 192)
	for i, v := range of(t, grey.Whole(luma, 256, 192)) {
		if want := integral(luma, 256, 192, i%64, i/64); math.Abs(float64(v)-want) > 0.501 {
			t.Fatalf("part %d is %d, want %g", i, v, want)
		}
	}
}

// integral is the mean over a part with the true share of every pixel.
func integral(luma []uint8, w, h, i, j int) float64 {
	sum, area := 0.0, 0.0
	x0, x1, y0, y1 := float64(i*w)/64, float64((i+1)*w)/64, float64(j*h)/64, float64((j+1)*h)/64
	for y := int(y0); y < h && float64(y) < y1; y++ {
		for x := int(x0); x < w && float64(x) < x1; x++ {
			a := (math.Min(x1, float64(x+1)) - math.Max(x0, float64(x))) * (math.Min(y1, float64(y+1)) - math.Max(y0, float64(y)))
			sum, area = sum+a*float64(luma[y*w+x]), area+a
		}
	}
	return sum / area
}

// TestBlocks: of the means of blocks the mosaic is that of the pixels, where blocks lie within parts.
func TestBlocks(t *testing.T) {
	t.Parallel()
	const w, h, block = 512, 1024, 4
	luma := scene(2, w, h)
	means := make([]uint8, w/block*h/block)
	for i := range means {
		sum := 0
		for k := range block * block {
			sum += int(luma[(i/(w/block)*block+k/block)*w+i%(w/block)*block+k%block])
		}
		means[i] = uint8((sum + block*block/2) / (block * block))
	}
	want := of(t, grey.Whole(luma, w, h))
	got := of(t, grey.Picture{Luma: means, Stride: w / block, Width: w / block, Height: h / block, BlockPx: block, FullWidthPx: w, FullHeightPx: h})
	for i := range got {
		if d := int(got[i]) - int(want[i]); d < -1 || d > 1 {
			t.Fatalf("part %d is %d, want %d", i, got[i], want[i])
		}
	}
}

func TestTurned(t *testing.T) {
	t.Parallel()
	const w, h = 192, 256
	p := grey.Whole(scene(3, w, h), w, h)
	for turn := grey.Original; turn < grey.Turns; turn++ {
		q, err := p.Turned(turn)
		if err != nil {
			t.Fatal(err)
		}
		if *of(t, q) != *of(t, p).Turned(turn) {
			t.Errorf("turn %d", turn)
		}
	}
}

// over makes a copy of a picture.
func over(luma []uint8, f func(i int, v uint8) uint8) []uint8 {
	out := make([]uint8, len(luma))
	for i, v := range luma {
		out[i] = f(i, v)
	}
	return out
}

func TestCopiesAgree(t *testing.T) {
	t.Parallel()
	const w, h = 320, 240
	rng := rand.New(rand.NewPCG(1, 1))
	for seed := range uint64(20) {
		luma := scene(seed, w, h)
		m := of(t, grey.Whole(luma, w, h))
		for name, c := range map[string]struct {
			copied []uint8
			least  float64
		}{
			"itself":       {luma, 1},
			"darker":       {over(luma, func(_ int, v uint8) uint8 { return uint8(20 + int(v)/2) }), 0.98},
			"noise":        {over(luma, func(_ int, v uint8) uint8 { return uint8(min(max(int(v)+rng.IntN(33)-16, 0), 255)) }), 0.9},
			"clipped":      {over(luma, func(_ int, v uint8) uint8 { return uint8(min(max(2*int(v)-128, 0), 255)) }), 0.8},
			"logo":         {over(luma, overlay(w, 240, 10, 300, 60)), 0.85},
			"lower third ": {over(luma, overlay(w, 0, 204, 320, 240)), 0.75},
		} {
			if got := mosaic.Compare(m, of(t, grey.Whole(c.copied, w, h))); got.Share() < c.least || got.Of < 30 {
				t.Errorf("seed %d: %s: %+v", seed, name, got)
			}
		}
	}
}

// overlay draws stripes over a part.
func overlay(w, left, top, right, bottom int) func(int, uint8) uint8 {
	return func(i int, v uint8) uint8 {
		if x, y := i%w, i/w; x >= left && x < right && y >= top && y < bottom {
			return uint8(40 + (x/6+y/9)%2*150)
		}
		return v
	}
}

// TestStrangers agree only where the same thing lies over them.
func TestStrangers(t *testing.T) {
	t.Parallel()
	const w, h = 320, 240
	for seed := range uint64(30) {
		a, b := scene(seed, w, h), scene(seed+100, w, h)
		if got := mosaic.Compare(of(t, grey.Whole(a, w, h)), of(t, grey.Whole(b, w, h))); got.Share() > 0.2 {
			t.Errorf("seed %d: %+v", seed, got)
		}
		lay := overlay(w, 0, 150, 320, 240)
		got := mosaic.Compare(of(t, grey.Whole(over(a, lay), w, h)), of(t, grey.Whole(over(b, lay), w, h)))
		if got.Share() < 0.2 || got.Share() > 0.5 {
			t.Errorf("seed %d: sharing three eighths: %+v", seed, got)
		}
	}
}

// TestNothingToCompare: of what is flat, or black and white only, nothing is said.
func TestNothingToCompare(t *testing.T) {
	t.Parallel()
	flat := of(t, grey.Whole(over(make([]uint8, 6400), func(i int, _ uint8) uint8 { return uint8(100 + i%2) }), 80, 80))
	clipped := of(t, grey.Whole(over(make([]uint8, 6400), func(i int, _ uint8) uint8 { return uint8(i / 40 % 2 * 255) }), 80, 80))
	full := of(t, grey.Whole(scene(1, 80, 80), 80, 80))
	for name, got := range map[string]mosaic.Agreement{
		"flat": mosaic.Compare(flat, flat), "clipped": mosaic.Compare(clipped, full), "both clipped": mosaic.Compare(clipped, clipped),
	} {
		if got != (mosaic.Agreement{}) || got.Share() != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := mosaic.Compare(flat, full); got.Of < 40 || got.Agree > got.Of/5 {
		t.Errorf("flat against a scene: %+v", got)
	}
}

func TestCompareIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) *mosaic.Mosaic {
			seed, noise := rapid.Uint64Range(0, 3).Draw(t, name), rapid.IntRange(0, 60).Draw(t, name+" noise")
			rng := rand.New(rand.NewPCG(seed, 9))
			return of(t, grey.Whole(over(scene(seed/2, 128, 96), func(_ int, v uint8) uint8 { return uint8(min(int(v)+rng.IntN(noise+1), 255)) }), 128, 96))
		}
		a, b := draw("a"), draw("b")
		turn := grey.Turn(rapid.IntRange(0, grey.Turns-1).Draw(t, "turn"))
		ab := mosaic.Compare(a, b)
		if ba := mosaic.Compare(b, a); ab != ba || ab.Agree > ab.Of || ab.Of > mosaic.Tiles {
			t.Fatalf("%+v and %+v", ab, ba)
		}
		if at := mosaic.Compare(a.Turned(turn), b.Turned(turn)); at != ab {
			t.Fatalf("turned: %+v and %+v", at, ab)
		}
	})
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	if _, err := mosaic.Of(grey.Picture{}); err == nil {
		t.Error("no picture")
	}
	for _, n := range []int{0, 1, mosaic.Bytes - 1, mosaic.Bytes + 1} {
		if _, err := mosaic.Parse(make([]byte, n)); err == nil {
			t.Errorf("%d bytes", n)
		}
	}
	raw := make([]byte, mosaic.Bytes)
	raw[7] = 9
	if m, err := mosaic.Parse(raw); err != nil || m[7] != 9 {
		t.Error(err)
	}
}

func BenchmarkCompare(b *testing.B) {
	x, y := of(b, grey.Whole(scene(1, 256, 256), 256, 256)), of(b, grey.Whole(scene(2, 256, 256), 256, 256))
	for b.Loop() {
		mosaic.Compare(x, y)
	}
}

func BenchmarkOf(b *testing.B) {
	p := grey.Whole(scene(1, 320, 240), 320, 240)
	for b.Loop() {
		if _, err := mosaic.Of(p); err != nil {
			b.Fatal(err)
		}
	}
}
