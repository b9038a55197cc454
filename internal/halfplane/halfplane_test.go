package halfplane_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/halfplane"
)

type point struct{ X, Y float64 }

func toward(p, q point, share float64) point {
	return point{p.X + share*(q.X-p.X), p.Y + share*(q.Y-p.Y)}
}

func TestCut(t *testing.T) {
	t.Parallel()
	square := []point{{0, 0}, {4, 0}, {4, 4}, {0, 4}}
	for name, c := range map[string]struct {
		ring []point
		side func(point) float64
		want []point
	}{
		"all of it":   {square, func(p point) float64 { return p.X + 1 }, square},
		"nothing":     {square, func(p point) float64 { return -1 - p.X }, nil},
		"no ring":     {nil, func(point) float64 { return 1 }, nil},
		"left half":   {square, func(p point) float64 { return 2 - p.X }, []point{{0, 0}, {2, 0}, {2, 4}, {0, 4}}},
		"an edge":     {square, func(p point) float64 { return p.X }, square}, // on the line is inside
		"a corner":    {square, func(p point) float64 { return 1 - p.X - p.Y }, []point{{0, 0}, {1, 0}, {0, 1}}},
		"two prongs":  {[]point{{0, 0}, {4, 0}, {4, 4}, {2, 1}, {0, 4}}, func(p point) float64 { return p.Y - 2 }, []point{{4, 2}, {4, 4}, {8. / 3, 2}, {4. / 3, 2}, {0, 4}, {0, 2}}},
		"other order": {[]point{{0, 4}, {4, 4}, {4, 0}, {0, 0}}, func(p point) float64 { return 2 - p.X }, []point{{0, 4}, {2, 4}, {2, 0}, {0, 0}}},
	} {
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })
		if diff := cmp.Diff(c.want, halfplane.Cut(c.ring, c.side, toward), near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestBothSidesMakeTheWhole: what a line cuts off and what it leaves have the area of the ring, convex or not.
func TestBothSidesMakeTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-100, 100)
		ring := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) point { return point{number.Draw(t, "x"), number.Draw(t, "y")} }), 3, 12).Draw(t, "ring")
		a, b, c := number.Draw(t, "a"), number.Draw(t, "b"), number.Draw(t, "c")
		side := func(p point) float64 { return a*p.X + b*p.Y + c }
		left := halfplane.Cut(ring, side, toward)
		right := halfplane.Cut(ring, func(p point) float64 { return -side(p) }, toward)
		for _, p := range left {
			if !(side(p) >= -1e-6) {
				t.Fatalf("%v lies %v beyond the line", p, side(p))
			}
		}
		if got, want := area(left)+area(right), area(ring); math.Abs(got-want) > 1e-6 {
			t.Fatalf("areas of %v and %v add up to %v, want %v", left, right, got, want)
		}
	})
}

func area(ring []point) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += (p.X*q.Y - q.X*p.Y) / 2
	}
	return sum
}
