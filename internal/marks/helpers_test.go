package marks

import (
	"math"
	"math/rand/v2"
	"testing"

	"whenwhere/internal/grey"
)

// drawn is a picture of rectangles that hide one another, with some noise, always the same for a seed.
func drawn(seed uint64, w, h int) grey.Picture {
	rng := rand.New(rand.NewPCG(7, seed))
	luma := make([]uint8, w*h)
	for range 400 {
		side := 4 + rng.IntN(1+min(w, h)/4)
		box(luma, w, rng.IntN(w), rng.IntN(h), side*3/2, side, uint8(20+rng.IntN(215)))
	}
	for i := range luma {
		luma[i] = uint8(int(luma[i]) + rng.IntN(7) - 3)
	}
	return grey.Whole(luma, w, h)
}

// box fills a rectangle, as far as it lies in the picture.
func box(luma []uint8, w, x, y, wide, high int, v uint8) {
	for dy := range min(high, len(luma)/w-y) {
		for dx := range min(wide, w-x) {
			luma[(y+dy)*w+x+dx] = v
		}
	}
}

// warped is a picture of w x h pixels whose pixel at x, y shows what p has at A x + B y + X, C x + D y + Y; black where p
// has nothing.
func warped(p grey.Picture, w, h int, t Transform) grey.Picture {
	out := make([]uint8, w*h)
	for y := range h {
		for x := range w {
			u, v := t.at(float64(x)+0.5, float64(y)+0.5)
			out[y*w+x] = sampled(p, u-0.5, v-0.5)
		}
	}
	return grey.Whole(out, w, h)
}

func sampled(p grey.Picture, x, y float64) uint8 {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	if x0 < 0 || y0 < 0 || x0+1 >= p.Width || y0+1 >= p.Height {
		return 0
	}
	fx, fy := x-float64(x0), y-float64(y0)
	at := func(dx, dy int) float64 { return float64(p.Luma[(y0+dy)*p.Stride+x0+dx]) }
	top, low := at(0, 0)*(1-fx)+at(1, 0)*fx, at(0, 1)*(1-fx)+at(1, 1)*fx
	return uint8(top*(1-fy) + low*fy + 0.5)
}

// about turns by deg counterclockwise and scales about the middles of both pictures: a pixel of the new one is scale
// pixels of the old.
func about(fromW, fromH, w, h int, scale, deg float64) Transform {
	sin, cos := math.Sincos(deg * math.Pi / 180)
	t := Transform{A: scale * cos, B: -scale * sin, C: scale * sin, D: scale * cos}
	t.X = float64(fromW)/2 - t.A*float64(w)/2 - t.B*float64(h)/2
	t.Y = float64(fromH)/2 - t.C*float64(w)/2 - t.D*float64(h)/2
	return t
}

func setOf(t testing.TB, p grey.Picture) Set {
	t.Helper()
	var f Finder
	s, err := f.Of(p, grey.Original)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
