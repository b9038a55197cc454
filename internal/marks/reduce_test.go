package marks

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The mean over an area, in floating point, is the oracle of the whole numbers.
func TestReduceIsAreaMean(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		fromW, fromH := rapid.IntRange(1, 90).Draw(t, "from width"), rapid.IntRange(1, 90).Draw(t, "from height")
		w, h := rapid.IntRange(1, fromW).Draw(t, "width"), rapid.IntRange(1, fromH).Draw(t, "height")
		p := drawn(rapid.Uint64().Draw(t, "seed"), fromW, fromH)
		var s scaler
		var q plane
		s.reduce(&q, p.Luma, p.Stride, fromW, fromH, w, h)
		for y := range h {
			for x := range w {
				want := areaMean(p.Luma, fromW, [2]float64{float64(x*fromW) / float64(w), float64((x+1)*fromW) / float64(w)},
					[2]float64{float64(y*fromH) / float64(h), float64((y+1)*fromH) / float64(h)})
				if got := float64(q.row(y)[x]); math.Abs(got-want) > 0.501 {
					t.Fatalf("%d x %d to %d x %d: pixel %d, %d is %.0f, want %.2f", fromW, fromH, w, h, x, y, got, want)
				}
			}
		}
	})
}

func areaMean(luma []uint8, stride int, xs, ys [2]float64) float64 {
	part := func(i int, span [2]float64) float64 {
		return math.Max(0, math.Min(float64(i+1), span[1])-math.Max(float64(i), span[0]))
	}
	sum, area := 0.0, 0.0
	for y := int(ys[0]); float64(y) < ys[1] && y*stride < len(luma); y++ {
		for x := int(xs[0]); float64(x) < xs[1] && x < stride; x++ {
			share := part(x, xs) * part(y, ys)
			sum, area = sum+share*float64(luma[y*stride+x]), area+share
		}
	}
	return sum / area
}

func TestShrinkIsAreaMean(t *testing.T) {
	t.Parallel()
	p := drawn(3, 83, 62)
	var s scaler
	var from, got plane
	s.reduce(&from, p.Luma, p.Stride, 83, 62, 83, 62)
	s.shrink(&got, &from)
	if got.width != 60 || got.height != 45 {
		t.Fatalf("%d x %d", got.width, got.height)
	}
	for y := range got.height {
		for x := range got.width {
			want := areaMean(p.Luma, 83, [2]float64{float64(x) * 4 / 3, float64(x+1) * 4 / 3}, [2]float64{float64(y) * 4 / 3, float64(y+1) * 4 / 3})
			if d := float64(got.row(y)[x]) - want; math.Abs(d) > 2.1 { // rounded twice each way
				t.Fatalf("pixel %d, %d is off by %.2f", x, y, d)
			}
		}
	}
}

// A filter of 1 2 1 both ways, pixel by pixel, is the oracle of eight at once.
func TestSmooth(t *testing.T) {
	t.Parallel()
	for _, step := range []int{1, 2} {
		p := drawn(5, 61, 43)
		var s scaler
		var q plane
		s.reduce(&q, p.Luma, p.Stride, 61, 43, 61, 43)
		q.smooth(nil, step)
		at := func(x, y int) float64 { return float64(p.Luma[min(max(y, 0), 42)*61+min(max(x, 0), 60)]) }
		for y := range 43 {
			for x := range 61 {
				want := 0.0
				for dy, wy := range []float64{1, 2, 1} {
					for dx, wx := range []float64{1, 2, 1} {
						want += wx * wy / 16 * at(x+(dx-1)*step, y+(dy-1)*step)
					}
				}
				if d := float64(q.row(y)[x]) - want; math.Abs(d) > 1.6 {
					t.Fatalf("step %d: pixel %d, %d is off by %.2f", step, x, y, d)
				}
			}
		}
	}
}

// The definition of a corner, by all runs of nine, is the oracle of what is told by bits.
func TestCornersByDefinition(t *testing.T) {
	t.Parallel()
	p := drawn(11, 96, 80)
	var f Finder
	q := &f.levels[0]
	f.scale.reduce(q, p.Luma, p.Stride, 96, 80, 96, 80)
	ring := &f.ring
	ring.lay(q.stride)
	found := 0
	for y := edge; y < q.height-edge; y++ {
		for x := edge; x < q.width-edge; x++ {
			for _, threshold := range thresholds {
				at := q.at(x, y)
				want := isCorner(q, x, y, threshold)
				got := score(q.pix[at-ring.back:][:2*ring.back+1], ring, int32(threshold)) > 0
				l := lanes{q.pix[at-3*q.stride:], q.pix[at-3:], q.pix[at+3*q.stride:]}
				may := l.mayBe(0, threshold)&0x80 != 0
				if got != want || want && !may {
					t.Fatalf("pixel %d, %d at %d: %v, let through %v, want %v", x, y, threshold, got, may, want)
				}
				if want {
					found++
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("%d corners only", found)
	}
}

func isCorner(p *plane, x, y, threshold int) bool {
	level := int(p.pix[p.at(x, y)])
	for start := range circle {
		brighter, darker := true, true
		for k := range 9 {
			c := circle[(start+k)%len(circle)]
			d := int(p.pix[p.at(x+c[0], y+c[1])]) - level
			brighter, darker = brighter && d > threshold, darker && d < -threshold
		}
		if brighter || darker {
			return true
		}
	}
	return false
}
