package fusion_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

// small sets and functions on [-60, 60), so that an oracle may visit every
// millisecond.
var (
	sets = rapid.Custom(func(t *rapid.T) timeset.Set {
		var list []timeset.Interval
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			lo := rapid.Int64Range(-60, 58).Draw(t, "lo")
			list = append(list, timeset.Interval{Lo: lo, Hi: lo + rapid.Int64Range(1, 60-lo).Draw(t, "width")})
		}
		return timeset.Of(list...)
	})
	densities = rapid.Custom(func(t *rapid.T) fusion.Density {
		breaks := []int64{rapid.Int64Range(-60, 0).Draw(t, "first")}
		var values []float64
		for range rapid.IntRange(1, 6).Draw(t, "pieces") {
			breaks = append(breaks, breaks[len(breaks)-1]+rapid.Int64Range(1, 10).Draw(t, "width"))
			values = append(values, rapid.SampledFrom([]float64{0, 0.25, 1, 3, 1e-9}).Draw(t, "value"))
		}
		values[0] += 0.5
		d, err := fusion.Bins(breaks, values)
		if err != nil {
			t.Fatal(err)
		}
		return d
	})
)

func near(a, b float64) bool {
	return math.Abs(a-b) <= 1e-12*max(1, math.Abs(a), math.Abs(b))
}

func TestDensityAgainstEveryMillisecond(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, s := densities.Draw(t, "a"), densities.Draw(t, "b"), sets.Draw(t, "s")
		product := a.Times(b)
		unit, ok := a.Normalised()
		var total, over float64
		for ms := int64(-70); ms < 130; ms++ {
			total += a.At(ms)
			if s.Contains(ms) {
				over += a.At(ms)
			}
			if got, want := product.At(ms), a.At(ms)*b.At(ms); got != want {
				t.Fatalf("product at %d: %v, want %v", ms, got, want)
			}
			if got := a.Support().Contains(ms); got != (a.At(ms) > 0) {
				t.Fatalf("support at %d: %v, value %v", ms, got, a.At(ms))
			}
		}
		if !near(a.Integral(), total) || !near(a.Over(s), over) || !ok || !near(unit.Integral(), 1) {
			t.Fatalf("integral %v of %v, over %v of %v, normalised %v", a.Integral(), total, a.Over(s), over, unit.Integral())
		}
		for _, p := range a.Pieces() {
			if a.At(p.Lo) != p.Value || a.At(p.Hi-1) != p.Value {
				t.Fatalf("piece %+v", p)
			}
		}
	})
}

func TestUniform(t *testing.T) {
	t.Parallel()
	a := timeset.Of(timeset.Interval{Lo: 0, Hi: 10}, timeset.Interval{Lo: 20, Hi: 30})
	u := must[fusion.Density](t)(fusion.Uniform(a))
	if u.At(0) != 0.05 || u.At(10) != 0 || u.At(29) != 0.05 || u.At(30) != 0 || u.Integral() != 1 {
		t.Errorf("uniform: %v", u.Pieces())
	}
}

func TestConstructorsRefuse(t *testing.T) {
	t.Parallel()
	ever := span(math.MinInt64, math.MaxInt64)
	uniform := func(s timeset.Set) error { _, err := fusion.Uniform(s); return err }
	bins := func(b []int64, v ...float64) error { _, err := fusion.Bins(b, v); return err }
	for _, c := range []struct {
		name string
		got  error
		want error
	}{
		{"uniform on nothing", uniform(timeset.Set{}), fusion.ErrEmpty},
		{"uniform for ever", uniform(ever), fusion.ErrUnbounded},
		{"uniform on a half-line", uniform(span(0, fusion.MaxMs+1)), fusion.ErrUnbounded},
		{"uniform up to the limit", uniform(span(-fusion.MaxMs, fusion.MaxMs)), nil},
		{"no bins", bins([]int64{0}), fusion.ErrEmpty},
		{"a break too few", bins([]int64{0}, 1), fusion.ErrEmpty},
		{"equal breaks", bins([]int64{0, 0}, 1), fusion.ErrOrder},
		{"falling breaks", bins([]int64{5, 3}, 1), fusion.ErrOrder},
		{"NaN", bins([]int64{0, 1}, nan), fusion.ErrValue},
		{"infinite", bins([]int64{0, 1}, inf), fusion.ErrValue},
		{"negative", bins([]int64{0, 1}, -1), fusion.ErrValue},
		{"all zero", bins([]int64{0, 1, 2}, 0, 0), fusion.ErrEmpty},
		{"the integral overflows", bins([]int64{0, 1e6}, math.MaxFloat64), fusion.ErrValue},
		{"beyond the limit", bins([]int64{0, math.MaxInt64}, 1), fusion.ErrUnbounded},
		{"before the limit", bins([]int64{math.MinInt64, 0}, 1), fusion.ErrUnbounded},
		{"the smallest number", bins([]int64{0, 1}, 5e-324), nil},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestHPD(t *testing.T) {
	t.Parallel()
	const s = int64(1000)
	bins := func(values ...float64) fusion.Density { // of 10 s
		breaks := []int64{0}
		for i := range values {
			breaks = append(breaks, int64(i+1)*10*s)
		}
		return must[fusion.Density](t)(fusion.Bins(breaks, values))
	}
	for _, c := range []struct {
		name  string
		d     fusion.Density
		share float64
		want  []timeset.Interval
		mass  float64
	}{
		{"the middle of a plateau", bins(1), .5, []timeset.Interval{{Lo: 2 * s, Hi: 8 * s}}, .6}, // 2.5 to 7.5, to whole seconds
		{"all of it", bins(1), 1, []timeset.Interval{{Lo: 0, Hi: 10 * s}}, 1},
		{"more than all", bins(1), 7, []timeset.Interval{{Lo: 0, Hi: 10 * s}}, 1},
		{"nothing", bins(1), 0, nil, 0},
		{"NaN", bins(1), nan, nil, 0},
		{"a single second is not cut", must[fusion.Density](t)(fusion.Uniform(span(5*s, 6*s))), .5, []timeset.Interval{{Lo: 5 * s, Hi: 6 * s}}, 1},
		{"both of two tied", bins(1, 0, 1), .6, []timeset.Interval{{Lo: 2 * s, Hi: 8 * s}, {Lo: 22 * s, Hi: 28 * s}}, .6},
		{"ties that differ by rounding", bins(.3, 0, .1+.2), .6, []timeset.Interval{{Lo: 2 * s, Hi: 8 * s}, {Lo: 22 * s, Hi: 28 * s}}, .6},
		{"the higher first", bins(1, 3), .75, []timeset.Interval{{Lo: 10 * s, Hi: 20 * s}}, .75},
		{"next to the higher", bins(1, 3), .85, []timeset.Interval{{Lo: 6 * s, Hi: 20 * s}}, .85},
		{"next to the higher, after", bins(3, 1), .85, []timeset.Interval{{Lo: 0, Hi: 14 * s}}, .85},
		{"in a valley, from its start", bins(3, 1, 3), 6.4 / 7, []timeset.Interval{{Lo: 0, Hi: 14 * s}, {Lo: 20 * s, Hi: 30 * s}}, 6.4 / 7},
		{"neighbours of one height are one", bins(1, 1), .5, []timeset.Interval{{Lo: 5 * s, Hi: 15 * s}}, .5},
		{"no mass at 0", bins(0, 1, 0), .99, []timeset.Interval{{Lo: 10 * s, Hi: 20 * s}}, 1},
	} {
		got := c.d.HPD(c.share)
		if diff := cmp.Diff(c.want, got.Set.Intervals()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if !near(got.Mass, c.mass) {
			t.Errorf("%s: mass %v, want %v", c.name, got.Mass, c.mass)
		}
	}
	if got := (fusion.Density{}).HPD(.95); !got.Set.IsEmpty() || got.Mass != 0 {
		t.Errorf("of the zero density: %+v", got)
	}
}

// The set holds the share and less than a second per cut more, and nothing
// outside it is denser than what is inside.
func TestHPDProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, share := densities.Draw(t, "d"), rapid.Float64Range(0.01, 1).Draw(t, "share")
		got := d.HPD(share)
		if got.Mass < share-1e-12 || got.Mass > 1 || !near(got.Mass, d.Over(got.Set)/d.Integral()) {
			t.Fatalf("mass %v of %v", got.Mass, share)
		}
		inside, outside := inf, 0.0
		for ms := int64(-70); ms < 70; ms++ {
			if got.Set.Contains(ms) {
				inside = min(inside, d.At(ms))
			} else {
				outside = max(outside, d.At(ms))
			}
		}
		if outside > inside {
			t.Fatalf("%v outside, %v inside", outside, inside)
		}
	})
}

func TestMeanAndQuantile(t *testing.T) {
	t.Parallel()
	d := must[fusion.Density](t)(fusion.Bins([]int64{1000, 2000, 4000, 5000}, []float64{3, 0, 1}))
	for share, want := range map[float64]int64{0: 1000, .25: 1333, .5: 1667, .75: 2000, .875: 4500, 1: 5000} {
		if got, ok := d.QuantileMs(share); !ok || got != want {
			t.Errorf("quantile %v: %d %v, want %d", share, got, ok, want)
		}
	}
	if got, ok := d.MeanMs(); !ok || got != 2250 { // (3 x 1500 + 4500) / 4
		t.Errorf("mean %d %v", got, ok)
	}
	for _, bad := range []float64{-.1, 1.1, nan} {
		if _, ok := d.QuantileMs(bad); ok {
			t.Errorf("quantile %v", bad)
		}
	}
	if _, ok := (fusion.Density{}).MeanMs(); ok {
		t.Error("the zero density has a mean")
	}
	if _, ok := (fusion.Density{}).QuantileMs(.5); ok {
		t.Error("the zero density has a median")
	}
	far := must[fusion.Density](t)(fusion.Uniform(span(-fusion.MaxMs, fusion.MaxMs)))
	if got, ok := far.MeanMs(); !ok || got != 0 {
		t.Errorf("mean of everything: %d", got)
	}
}
