package fusion_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
)

func TestFuseRefuses(t *testing.T) {
	t.Parallel()
	prior := thousandSeconds(t)
	good := stamp("a", "", .9, "+3", 10, 20)
	with := func(change func(*fusion.Item)) []fusion.Item {
		item := stamp("a", "", .9, "+3", 10, 20)
		change(&item)
		return []fusion.Item{item}
	}
	shape := must[fusion.Density](t)(fusion.Bins([]int64{0, 5}, []float64{1}))
	for _, c := range []struct {
		name  string
		prior fusion.Density
		items []fusion.Item
		want  error
	}{
		{"no prior", fusion.Density{}, []fusion.Item{good}, fusion.ErrPrior},
		{"no id", prior, with(func(i *fusion.Item) { i.ID = "" }), fusion.ErrItem},
		{"one id twice", prior, []fusion.Item{good, good}, fusion.ErrItem},
		{"reliability NaN", prior, with(func(i *fusion.Item) { i.Reliability = nan }), fusion.ErrValue},
		{"reliability below 0", prior, with(func(i *fusion.Item) { i.Reliability = -1e-9 }), fusion.ErrValue},
		{"reliability above 1", prior, with(func(i *fusion.Item) { i.Reliability = 1.0000001 }), fusion.ErrValue},
		{"no hypothesis", prior, with(func(i *fusion.Item) { i.Hypotheses = nil }), fusion.ErrItem},
		{"one name twice", prior, with(func(i *fusion.Item) { i.Hypotheses = append(i.Hypotheses, i.Hypotheses[0]) }), fusion.ErrItem},
		{"weight NaN", prior, with(func(i *fusion.Item) { i.Hypotheses[0].Weight = nan }), fusion.ErrValue},
		{"weight 0", prior, with(func(i *fusion.Item) { i.Hypotheses[0].Weight = 0 }), fusion.ErrValue},
		{"weight below 0", prior, with(func(i *fusion.Item) { i.Hypotheses[0].Weight = -1 }), fusion.ErrValue},
		{"weight infinite", prior, with(func(i *fusion.Item) { i.Hypotheses[0].Weight = inf }), fusion.ErrValue},
		{"weights overflow", prior, with(func(i *fusion.Item) {
			i.Hypotheses[0].Weight = math.MaxFloat64
			i.Hypotheses = append(i.Hypotheses, fusion.Hypothesis{Name: "+2", Weight: math.MaxFloat64, Set: span(1, 2)})
		}), fusion.ErrValue},
		{"no set", prior, with(func(i *fusion.Item) { i.Hypotheses[0].Set = timeset.Set{} }), fusion.ErrEmpty},
		{"set and shape", prior, with(func(i *fusion.Item) { i.Hypotheses[0].Shape = shape }), fusion.ErrItem},
		{"a shape as a bound", prior, with(func(i *fusion.Item) {
			i.Bound, i.Hypotheses[0].Set, i.Hypotheses[0].Shape = fusion.Upper, timeset.Set{}, shape
		}), fusion.ErrItem},
		{"unknown bound", prior, with(func(i *fusion.Item) { i.Bound = "around" }), fusion.ErrItem},
	} {
		if p, err := fusion.Fuse(c.prior, c.items); !errors.Is(err, c.want) || p != nil {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// The ends of int64 are half-lines: they are cut to the prior.
func TestSetsForEver(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]timeset.Set{
		"ever": span(math.MinInt64, math.MaxInt64), "before": span(math.MinInt64, 2_000_000), "after": span(-5, math.MaxInt64),
	} {
		item := fusion.Item{ID: "a", Reliability: .9, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: set}}}
		p := fuse(t, thousandSeconds(t), []fusion.Item{item})
		if d := p.Density(); !near(d.At(0), 1e-6) || !near(d.At(999_999), 1e-6) {
			t.Errorf("%s: %v", name, d.Pieces())
		}
	}
	for _, bound := range []fusion.Bound{fusion.Upper, fusion.Lower} {
		item := fusion.Item{ID: "a", Reliability: .9, Bound: bound, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: span(math.MinInt64, math.MaxInt64)}}}
		p := fuse(t, thousandSeconds(t), []fusion.Item{item})
		if !near(p.Density().At(5), 1e-6) {
			t.Errorf("%s: %v", bound, p.Density().Pieces())
		}
	}
}

// A reading outside the prior leaves the prior as it was, and is bogus.
func TestOutsideThePriorIsBogus(t *testing.T) {
	t.Parallel()
	p := fuse(t, thousandSeconds(t), []fusion.Item{stamp("a", "", .999, "+3", 5000, 6000)})
	if m := p.Items()[0]; m.Bogus != 1 || m.Elsewhere != 1 || !near(p.Density().At(5), 1e-6) {
		t.Errorf("%+v", m)
	}
}

// One of two readings outside the prior costs belief: .5 of the item is lost,
// not handed to the other reading.
func TestHalfOutsideThePrior(t *testing.T) {
	t.Parallel()
	p := fuse(t, thousandSeconds(t), []fusion.Item{stamp("a", "", .9, "+2", 5000, 5100, "+3", 500, 600)})
	m := p.Items()[0]
	if want := .45 / (.45 + .1); !near(m.Hypotheses[1].Genuine, want) || m.Hypotheses[0].Genuine != 0 {
		t.Errorf("%+v, want %v", m, want)
	}
}

// 40 hypotheses on each of three readings of one clock would be 64,000 ways.
func TestWaysToReadAClockAreBounded(t *testing.T) {
	t.Parallel()
	var list []fusion.Item
	for i := range 3 {
		item := fusion.Item{ID: fmt.Sprint(i), Clock: "camera", Reliability: .9}
		for k := range 40 {
			item.Hypotheses = append(item.Hypotheses, fusion.Hypothesis{Name: fmt.Sprint(i, k), Weight: 1, Set: span(0, 1000)})
		}
		list = append(list, item)
	}
	if _, err := fusion.Fuse(thousandSeconds(t), list); err == nil {
		t.Error("64,000 ways were read")
	}
}

// Whatever numbers come in, no NaN comes out and nothing panics.
func FuzzFuse(f *testing.F) {
	seeds := []struct {
		lo, hi, a, b, c, d int64
		v, r, s, w         float64
		bound              byte
	}{
		{0, 1000, 10, 20, 15, 30, 1, .9, .5, 1, 0},
		{math.MinInt64, math.MaxInt64, 0, 1, 2, 3, 1, .5, .5, 1, 1},
		{0, 1000, math.MinInt64, math.MaxInt64, 5, 5, 5e-324, 1, 1, 1e300, 2},
		{-fusion.MaxMs, fusion.MaxMs, 0, 1, 0, 1, math.MaxFloat64, 1, 1, 5e-324, 0},
		{0, 10, 0, 5, 5, 10, nan, inf, -1, 0, 3},
		{0, 10, 0, 5, 5, 10, 1e-320, 1, 1, 1, 4},
	}
	for _, s := range seeds {
		f.Add(s.lo, s.hi, s.a, s.b, s.c, s.d, s.v, s.r, s.s, s.w, s.bound)
	}
	f.Fuzz(func(t *testing.T, lo, hi, a, b, c, d int64, v, r, s, w float64, bound byte) {
		prior, err := fusion.Bins([]int64{lo, lo/2 + hi/2, hi}, []float64{v, 1})
		if err != nil {
			return
		}
		clock := []string{"", "camera"}[bound&1]
		list := []fusion.Item{
			{ID: "a", Clock: clock, Reliability: r, Bound: []fusion.Bound{"", fusion.Upper, fusion.Lower}[bound%3], Hypotheses: []fusion.Hypothesis{{Weight: w, Set: span(a, b)}, {Name: "+2", Weight: 1, Set: span(c, d)}}},
			{ID: "b", Clock: clock, Reliability: s, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: span(b, c)}}},
		}
		if shape, err := fusion.Bins([]int64{a, c, d}, []float64{v, w}); err == nil {
			list = append(list, fusion.Item{ID: "c", Reliability: r, Hypotheses: []fusion.Hypothesis{{Weight: 1, Shape: shape}}})
		}
		p, err := fusion.Fuse(prior, list)
		if err != nil {
			return
		}
		e := all(p)
		if total := p.Density().Integral(); math.Abs(total-1) > 1e-9 {
			t.Fatalf("integral %v", total)
		}
		if h := e.Summary.HPD95; !(h.Mass >= .95-1e-9 && h.Mass <= 1) || !prior.Support().Contains(e.Summary.MedianMs-1) && !prior.Support().Contains(e.Summary.MedianMs) {
			t.Fatalf("%+v", e.Summary)
		}
		for _, m := range e.Items {
			for _, x := range append([]float64{m.Bogus, m.Elsewhere}, genuineOf(m)...) {
				if !(x >= 0 && x <= 1) {
					t.Fatalf("%+v", m)
				}
			}
		}
	})
}

func genuineOf(m fusion.ItemMass) (out []float64) {
	for _, h := range m.Hypotheses {
		out = append(out, h.Genuine, h.Window)
	}
	return out
}
