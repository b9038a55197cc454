package fusion_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
)

// stamp is an item with one hypothesis per pair of ends, in seconds.
func stamp(id, clock string, r float64, named ...any) fusion.Item {
	item := fusion.Item{ID: id, Clock: clock, Reliability: r}
	for i := 0; i < len(named); i += 3 {
		set := span(int64(named[i+1].(int))*1000, int64(named[i+2].(int))*1000)
		item.Hypotheses = append(item.Hypotheses, fusion.Hypothesis{Name: named[i].(string), Weight: 1, Set: set})
	}
	return item
}

func thousandSeconds(t failer) fusion.Density {
	return must[fusion.Density](t)(fusion.Uniform(span(0, 1_000_000)))
}

// Readings of one clock:
//
//	stated  ---------[=======]----------  r .9
//	weaker  ------------[=======]-------  r .6
//	apart   [==]------------------------  r .5, a quarrel
//
// both are genuine in .6, only the stronger in .9 - .6, none in .1.
func TestOneClockIsNested(t *testing.T) {
	t.Parallel()
	prior := thousandSeconds(t)
	strong, weak, apart := stamp("b", "camera", .9, "", 300, 500), stamp("a", "camera", .6, "", 400, 600), stamp("c", "camera", .5, "", 0, 100)
	p := fuse(t, prior, []fusion.Item{strong, weak, apart})
	for _, c := range []struct {
		name string
		at   int64
		want float64
	}{
		{"bogus only", 50, .1 / 1e6},
		{"the stronger alone", 350, .1/1e6 + .3/2e5},
		{"both", 450, .1/1e6 + .3/2e5 + .6/1e5},
		{"the weaker alone", 550, .1 / 1e6},
	} {
		if got := p.Density().At(c.at * 1000); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	want := []fusion.Quarrel{{Clock: "camera", Used: []string{"a", "b"}, Left: []string{"c"}}}
	if diff := cmp.Diff(want, p.Quarrels()); diff != "" {
		t.Error(diff)
	}
	got := p.Items()
	for i, bogus := range []float64{.4, .1, 1} {
		if !near(got[i].Bogus, bogus) || got[i].Used != (i < 2) {
			t.Errorf("%+v, want bogus %v", got[i], bogus)
		}
	}
}

func TestQuarrelGoesToTheNarrowerThenTheFirst(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]fusion.Item{
		"narrower": {stamp("a", "camera", .9, "", 0, 500), stamp("b", "camera", .9, "", 600, 700)},
		"first":    {stamp("b", "camera", .9, "", 0, 100), stamp("c", "camera", .9, "", 600, 700)},
		"stronger": {stamp("a", "camera", .8, "", 0, 10), stamp("b", "camera", .9, "", 600, 700)},
	} {
		p := fuse(t, thousandSeconds(t), list)
		if got := p.Quarrels(); len(got) != 1 || cmp.Diff([]string{"b"}, got[0].Used) != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// +3 of one reading never goes with +2 of another of the same clock, also
// where the windows overlap; a name that only one knows goes with all.
func TestSettingsOfOneClock(t *testing.T) {
	t.Parallel()
	sharp := stamp("sharp", "camera", .9, "+2", 500, 501, "+3", 400, 401)
	day := stamp("day", "camera", .9, "+2", 450, 650, "+3", 350, 450)
	stated := stamp("stated", "camera", .9, "offset tag", 380, 420)
	for _, c := range []struct {
		name  string
		items []fusion.Item
		want  map[string]float64 // of sharp
	}{
		{"alone", []fusion.Item{sharp}, map[string]float64{"+2": .45, "+3": .45}},
		{"by the day", []fusion.Item{sharp, day}, map[string]float64{"+2": .45, "+3": .45}},
		{"by the day that fits +3 only", []fusion.Item{sharp, stamp("day", "camera", .9, "+2", 350, 450, "+3", 350, 450)}, map[string]float64{"+2": 0, "+3": .9}},
		{"settled by another field", []fusion.Item{sharp, stated}, map[string]float64{"+2": 0, "+3": .9}},
		{"by all three", []fusion.Item{sharp, stated, day}, map[string]float64{"+2": 0, "+3": .9}},
	} {
		p := fuse(t, thousandSeconds(t), c.items)
		for _, m := range p.Items() {
			for _, h := range m.Hypotheses {
				if m.ID == "sharp" && !near(h.Genuine, c.want[h.Name]) {
					t.Errorf("%s: %s: %v, want %v", c.name, h.Name, h.Genuine, c.want[h.Name])
				}
			}
		}
	}
}

func TestHard(t *testing.T) {
	t.Parallel()
	one := func(id string, lo, hi int) fusion.Item { return stamp(id, "", .9, "", lo, hi) }
	two := func(id string, a, b, c, d int) fusion.Item {
		item := one(id, a, b)
		item.Hypotheses[0].Set = item.Hypotheses[0].Set.Union(span(int64(c)*1000, int64(d)*1000))
		return item
	}
	for _, c := range []struct {
		name           string
		items          []fusion.Item
		strict, robust timeset.Set
		weight         int64
		false_         []string
		core           [][]string
		smallest       bool
	}{
		// The examples of RFC 5905 and of the papers before it.
		{"all agree", []fusion.Item{one("a", 8, 12), one("b", 11, 13), one("c", 10, 12)}, span(11e3, 12e3), span(11e3, 12e3), 2700, nil, nil, false},
		{"one outlier", []fusion.Item{one("a", 8, 12), one("b", 11, 13), one("c", 14, 15)}, timeset.Set{}, span(11e3, 12e3), 1800, []string{"c"}, [][]string{{"a", "c"}, {"b", "c"}}, true},
		{"two regions", []fusion.Item{one("a", 8, 9), one("b", 8, 12), one("c", 10, 12)}, timeset.Set{}, span(8e3, 9e3).Union(span(10e3, 12e3)), 1800, nil, [][]string{{"a", "c"}}, true},
		{"three of which each pair agrees", []fusion.Item{two("a", 1, 2, 5, 6), two("b", 1, 2, 9, 10), two("c", 5, 6, 9, 10)},
			timeset.Set{}, span(1e3, 2e3).Union(span(5e3, 6e3)).Union(span(9e3, 10e3)), 1800, nil, [][]string{{"a", "b", "c"}}, true},
		{"outside the prior", []fusion.Item{one("a", 2000, 3000), one("b", 1, 2)}, timeset.Set{}, span(1e3, 2e3), 900, []string{"a"}, [][]string{{"a"}}, true},
		{"no items", nil, span(0, 1e6), timeset.Set{}, 0, nil, nil, false},
	} {
		h := fuse(t, thousandSeconds(t), c.items).Hard()
		if !h.Strict.Equal(c.strict) || !h.Robust.Equal(c.robust) || h.RobustWeight != c.weight || h.TotalWeight != int64(len(c.items))*900 {
			t.Errorf("%s: %+v", c.name, h)
		}
		if diff := cmp.Diff(c.core, h.Core); diff != "" || h.CoreSmallest != c.smallest {
			t.Errorf("%s: core %v: %s", c.name, h.CoreSmallest, diff)
		}
		if diff := cmp.Diff(c.false_, h.Falsetickers); diff != "" {
			t.Errorf("%s: falsetickers %s", c.name, diff)
		}
	}
}

// An item that nobody believes restricts nothing.
func TestReliabilityZeroHasNoSay(t *testing.T) {
	t.Parallel()
	p := fuse(t, thousandSeconds(t), []fusion.Item{stamp("a", "", 0, "", 0, 10), stamp("b", "", .9, "", 20, 30)})
	if h := p.Hard(); !h.Strict.Equal(span(20e3, 30e3)) || h.Core != nil || p.Items()[0].Bogus != 1 {
		t.Errorf("%+v", h)
	}
}

// Of six items each leaves out one of six stretches: only all six contradict.
func TestCoreBeyondTheSearch(t *testing.T) {
	t.Parallel()
	var list []fusion.Item
	for i := range 6 {
		item := stamp(string(rune('a'+i)), "", .9, "", 0, 1)
		item.Hypotheses[0].Set = span(int64(i)*1000, int64(i+1)*1000).Complement(timeset.Interval{Lo: 0, Hi: 6000})
		list = append(list, item)
	}
	prior := must[fusion.Density](t)(fusion.Uniform(span(0, 6000)))
	h := fuse(t, prior, list).Hard()
	if diff := cmp.Diff([][]string{{"a", "b", "c", "d", "e", "f"}}, h.Core); diff != "" || h.CoreSmallest {
		t.Errorf("%v %s", h.CoreSmallest, diff)
	}
}

// Every core is empty, every core of one item less is not, no smaller one
// exists, and none of the size is missing.
func TestCoreAgainstAllSubsets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prior := must[fusion.Density](t)(fusion.Uniform(span(-60, 60)))
		var list []fusion.Item
		for i := range rapid.IntRange(1, 6).Draw(t, "n") {
			list = append(list, fusion.Item{ID: string(rune('a' + i)), Reliability: .5, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: sets.Draw(t, "set")}}})
		}
		best, want := len(list)+1, [][]string(nil)
		for subset := 1; subset < 1<<len(list); subset++ {
			common, ids := span(-60, 60), []string(nil)
			for i, item := range list {
				if subset>>i&1 == 1 {
					common, ids = common.Intersect(item.Hypotheses[0].Set), append(ids, item.ID)
				}
			}
			if common.IsEmpty() && len(ids) <= best {
				if len(ids) < best {
					best, want = len(ids), nil
				}
				want = append(want, ids)
			}
		}
		h := fuse(t, prior, list).Hard()
		got := map[string]bool{}
		for _, ids := range h.Core {
			got[strings.Join(ids, "")] = true
		}
		if best > fusion.CoreSizeFew {
			return
		}
		if len(got) != len(want) {
			t.Fatalf("%v, want %v", h.Core, want)
		}
		for _, ids := range want {
			if !got[strings.Join(ids, "")] {
				t.Fatalf("%v, want %v", h.Core, want)
			}
		}
	})
}

// Without any doubt there is nothing left: the error says between whom.
func TestContradiction(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]fusion.Item{
		"two":      {stamp("a", "", 1, "", 0, 10), stamp("b", "", 1, "", 20, 30), stamp("c", "", .9, "", 5, 25)},
		"and a":    {stamp("a", "x", 1, "", 0, 10), stamp("b", "y", 1, "", 20, 30), stamp("d", "x", 1, "", 0, 10)},
		"outside":  {stamp("a", "", 1, "", 2000, 3000)},
		"no prior": {{ID: "a", Reliability: 1, Bound: fusion.Upper, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: span(-9000, -8000)}}}},
	} {
		_, err := fusion.Fuse(thousandSeconds(t), list)
		var c *fusion.Contradiction
		if !errors.As(err, &c) || len(c.Hard.Core) == 0 || c.Hard.Core[0][0] != "a" || !strings.Contains(err.Error(), "a") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A quarrel inside one clock is settled and reported, not fatal.
	p := fuse(t, thousandSeconds(t), []fusion.Item{
		stamp("a", "x", 1, "", 0, 10), stamp("b", "x", 1, "", 20, 40), stamp("c", "", 1, "", 5, 15)})
	if s := p.LeaveOneOut(); s[0].Possible || !s[1].Possible || !s[2].Possible {
		t.Errorf("%+v", s) // without a, b speaks and contradicts c
	}
}
