package fusion_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
)

var reliabilities = rapid.SampledFrom([]float64{0, .3, .5, .9, .999})

// items draws evidence inside and around [-60, 60): sets, bounds, shapes, up
// to three clocks, names in common.
func items(n int) *rapid.Generator[[]fusion.Item] {
	return rapid.Custom(func(t *rapid.T) []fusion.Item {
		var out []fusion.Item
		for i := range rapid.IntRange(0, n).Draw(t, "items") {
			item := fusion.Item{
				ID:          fmt.Sprintf("item %d", i),
				Clock:       rapid.SampledFrom([]string{"", "", "camera", "phone"}).Draw(t, "clock"),
				Reliability: reliabilities.Draw(t, "r"),
				Bound:       rapid.SampledFrom([]fusion.Bound{"", fusion.Point, fusion.Upper, fusion.Lower}).Draw(t, "bound"),
			}
			names := []string{"+2", "+3", "+4"}
			for k := range rapid.IntRange(1, 3).Draw(t, "hypotheses") {
				h := fusion.Hypothesis{Name: names[k], Weight: rapid.SampledFrom([]float64{1, .5, 2}).Draw(t, "weight")}
				if item.Bound == "" && rapid.Bool().Draw(t, "shape") {
					h.Shape = densities.Draw(t, "d")
				} else {
					h.Set = sets.Draw(t, "s").Shift(rapid.Int64Range(-30, 30).Draw(t, "shift"))
				}
				item.Hypotheses = append(item.Hypotheses, h)
			}
			out = append(out, item)
		}
		return out
	})
}

var priors = rapid.Custom(func(t *rapid.T) fusion.Density {
	if rapid.Bool().Draw(t, "uniform") {
		return must[fusion.Density](t)(fusion.Uniform(sets.Draw(t, "prior")))
	}
	return densities.Draw(t, "prior")
})

// everything is all that a posterior says.
type everything struct {
	Pieces   []fusion.Piece
	Summary  fusion.Summary
	Items    []fusion.ItemMass
	Joint    []fusion.Joint
	Hard     fusion.Hard
	Shifts   []fusion.Shift
	Quarrels []fusion.Quarrel
	Evidence float64
}

func all(p *fusion.Posterior) everything {
	joint, _ := p.Joint()
	return everything{p.Density().Pieces(), p.Summary(), p.Items(), joint, p.Hard(), p.LeaveOneOut(), p.Quarrels(), p.EvidenceLog10()}
}

var bits = cmp.Comparer(func(a, b timeset.Set) bool { return a.Equal(b) })

func TestOrderChangesNoBit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prior, list := priors.Draw(t, "prior"), items(6).Draw(t, "items")
		first, err := fusion.Fuse(prior, list)
		if err != nil {
			t.Fatal(err)
		}
		turned := rapid.Permutation(list).Draw(t, "turned")
		for i := range turned {
			turned[i].Hypotheses = rapid.Permutation(turned[i].Hypotheses).Draw(t, "hypotheses")
		}
		second, err := fusion.Fuse(prior, turned)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(all(first), all(second), bits); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A second field written by the same clock is no second witness.
func TestACopyChangesNoBit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prior, list := priors.Draw(t, "prior"), items(5).Filter(func(l []fusion.Item) bool { return len(l) > 0 }).Draw(t, "items")
		k := rapid.IntRange(0, len(list)-1).Draw(t, "which")
		list[k].Clock = "copied"
		once, err := fusion.Fuse(prior, list)
		if err != nil {
			t.Fatal(err)
		}
		copied := list[k]
		copied.ID = rapid.SampledFrom([]string{"a", "z"}).Draw(t, "id")
		twice, err := fusion.Fuse(prior, append(slices.Clone(list), copied))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(once.Density().Pieces(), twice.Density().Pieces()); diff != "" {
			t.Fatal(diff)
		}
		same := slices.DeleteFunc(twice.Items(), func(m fusion.ItemMass) bool { return m.ID == copied.ID })
		if diff := cmp.Diff(once.Items(), same); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The formula, millisecond by millisecond, for items of clocks of their own.
func TestPosteriorAgainstTheFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prior, list := priors.Draw(t, "prior"), items(4).Draw(t, "items")
		for i := range list {
			list[i].Clock = ""
		}
		p, err := fusion.Fuse(prior, list)
		if err != nil {
			t.Fatal(err)
		}
		values, total := map[int64]float64{}, 0.0
		genuine := make([]map[string]float64, len(list))
		for ms := int64(-60); ms < 60; ms++ {
			v := prior.At(ms)
			for _, item := range list {
				v *= factorAt(prior, item, ms, "")
			}
			values[ms], total = v, total+v
		}
		for ms, v := range values {
			if got := p.Density().At(ms); !near(got, v/total) {
				t.Fatalf("at %d: %v, want %v", ms, got, v/total)
			}
			for i, item := range list {
				if genuine[i] == nil {
					genuine[i] = map[string]float64{}
				}
				for _, h := range item.Hypotheses {
					if f := factorAt(prior, item, ms, ""); f > 0 {
						genuine[i][h.Name] += v / total * factorAt(prior, item, ms, h.Name) / f
					}
				}
			}
		}
		for i, m := range p.Items() {
			left := 1.0
			for _, h := range m.Hypotheses {
				left -= genuine[i][h.Name]
				if !near(h.Genuine, genuine[i][h.Name]) {
					t.Fatalf("%s %s: %v, want %v", m.ID, h.Name, h.Genuine, genuine[i][h.Name])
				}
			}
			if !near(m.Bogus, left) || !m.Used {
				t.Fatalf("%s bogus: %v, want %v", m.ID, m.Bogus, left)
			}
		}
	})
}

// factorAt is r L + (1-r) u; of one hypothesis only its part of r L.
func factorAt(prior fusion.Density, item fusion.Item, ms int64, only string) float64 {
	width, weights := float64(prior.Support().Measure()), 0.0
	for _, h := range item.Hypotheses {
		weights += h.Weight
	}
	v := (1 - item.Reliability) / width
	if only != "" {
		v = 0
	}
	for _, h := range item.Hypotheses {
		if only == "" || h.Name == only {
			v += item.Reliability * h.Weight / weights * likelihoodAt(prior, item.Bound, h, ms)
		}
	}
	return v
}

func likelihoodAt(prior fusion.Density, bound fusion.Bound, h fusion.Hypothesis, ms int64) float64 {
	if h.Set.IsEmpty() {
		return h.Shape.At(ms) / h.Shape.Integral()
	}
	set := h.Set
	bounds, _ := set.Bounds()
	switch bound {
	case fusion.Point:
	case fusion.Upper:
		set = prior.Support().Intersect(span(-1000, bounds.Hi))
	case fusion.Lower:
		set = prior.Support().Intersect(span(bounds.Lo, 1000))
	}
	if !set.Contains(ms) {
		return 0
	}
	return 1 / float64(set.Measure())
}

func TestLeaveOneOutIsFusionWithoutIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prior, list := priors.Draw(t, "prior"), items(5).Draw(t, "items")
		p, err := fusion.Fuse(prior, list)
		if err != nil {
			t.Fatal(err)
		}
		full := p.Summary()
		for i, s := range p.LeaveOneOut() {
			q, err := fusion.Fuse(prior, slices.Delete(slices.Clone(list), i, i+1))
			if err != nil {
				t.Fatal(err)
			}
			want := q.Summary()
			if s.ID != list[i].ID || !s.Possible || !near(s.Kept, q.Density().Over(full.HPD95.Set)) {
				t.Fatalf("%+v, want %+v", s, want)
			}
			// The grids differ, so the last bits of sums do; a rounding may move an instant by a millisecond.
			if d := s.Without.MeanMs - want.MeanMs; d < -1 || d > 1 || s.MeanByMs != s.Without.MeanMs-full.MeanMs || s.MedianByMs != s.Without.MedianMs-full.MedianMs {
				t.Fatalf("mean: %+v, want %+v", s, want)
			}
			if d := s.Without.HPD95.Set.Measure() - want.HPD95.Set.Measure(); d < -1 || d > 1 {
				t.Fatalf("set: %v, want %v", s.Without.HPD95.Set.Intervals(), want.HPD95.Set.Intervals())
			}
		}
	})
}

func TestJointSumsToTheMasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, err := fusion.Fuse(priors.Draw(t, "prior"), items(4).Draw(t, "items"))
		if err != nil {
			t.Fatal(err)
		}
		joint, ok := p.Joint()
		if !ok || len(joint) == 0 {
			return
		}
		total, of := 0.0, map[fusion.Choice]float64{}
		for _, j := range joint {
			total += j.Mass
			for _, c := range j.Choices {
				of[c] += j.Mass
			}
		}
		const cut = 4096e-6 // combinations below 1e-6 are left out
		if total > 1+1e-9 || total < 1-cut {
			t.Fatalf("sum %v", total)
		}
		for _, m := range p.Items() {
			if _, asked := of[fusion.Choice{ID: m.ID, Bogus: true}]; !asked {
				continue
			}
			for _, h := range m.Hypotheses {
				if d := h.Genuine - of[fusion.Choice{ID: m.ID, Hypothesis: h.Name}]; d < -1e-9 || d > cut {
					t.Fatalf("%s %s: %v, joint %v", m.ID, h.Name, h.Genuine, of[fusion.Choice{ID: m.ID, Hypothesis: h.Name}])
				}
			}
		}
	})
}

func TestJointOfTwoClocks(t *testing.T) {
	t.Parallel()
	prior, exif, sun, _ := bakhmut(t)
	phone := exif
	phone.ID, phone.Clock = "E4 phone", "phone"
	p := fuse(t, prior, []fusion.Item{exif, sun, phone})
	joint, ok := p.Joint()
	if !ok {
		t.Fatal("too many")
	}
	want := []fusion.Choice{{ID: "E1 exif", Hypothesis: "+3"}, {ID: "E4 phone", Hypothesis: "+3"}}
	if diff := cmp.Diff(want, joint[0].Choices); diff != "" || joint[0].Mass < .98 {
		t.Errorf("%v %s", joint[0], diff)
	}
	var many []fusion.Item
	for i := range 8 { // 3^8 combinations
		phone.ID, phone.Clock = fmt.Sprint(i), ""
		many = append(many, phone)
	}
	if joint, ok := fuse(t, prior, many).Joint(); ok || joint != nil {
		t.Errorf("%d combinations listed", len(joint))
	}
}

// 200 witnesses of one second in 142,000 years multiply to 10^3000.
func TestManySharpWitnessesDoNotOverflow(t *testing.T) {
	t.Parallel()
	prior := must[fusion.Density](t)(fusion.Uniform(span(-fusion.MaxMs, fusion.MaxMs)))
	var list []fusion.Item
	for i := range 200 {
		list = append(list, fusion.Item{ID: fmt.Sprint(i), Reliability: .9, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: span(5000, 6000)}}})
	}
	p := fuse(t, prior, list)
	if s := p.Summary(); !s.HPD95.Set.Equal(span(5000, 6000)) || s.MeanMs != 5500 {
		t.Errorf("%+v", s)
	}
	if e := p.EvidenceLog10(); e < 2000 || e > 4000 {
		t.Errorf("evidence %v", e)
	}
}

// Each stretch has 1e-410 from three items together, less than a float64
// holds, and all have the same.
func TestFaintLikelihoodsDoNotVanish(t *testing.T) {
	t.Parallel()
	prior := must[fusion.Density](t)(fusion.Uniform(span(0, 3000)))
	var list []fusion.Item
	for i, v := range [][]float64{{1e-110, 1e-300, 1}, {1e-300, 1, 1e-110}, {1, 1e-110, 1e-300}} {
		shape := must[fusion.Density](t)(fusion.Bins([]int64{0, 1000, 2000, 3000}, v))
		list = append(list, fusion.Item{ID: fmt.Sprint(i), Reliability: 1, Hypotheses: []fusion.Hypothesis{{Weight: 1, Shape: shape}}})
	}
	for _, piece := range fuse(t, prior, list).Density().Pieces() {
		if !near(piece.Value*3000, 1) {
			t.Errorf("%+v", piece)
		}
	}
}
