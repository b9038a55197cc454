package fusion_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/fusion"
)

// One file of a phone shows a shadow that settles +3; the other has its clock
// only, and gets the offset from the first.
func TestOneFileSettlesTheOffsetOfTheOther(t *testing.T) {
	t.Parallel()
	prior, exif, sun, _ := bakhmut(t)
	exif.Shared = true
	values := []fusion.Value{{Name: "+3", Weight: 1}, {Name: "+2", Weight: 1}}
	cases := []fusion.Case{{ID: "without", Prior: prior, Items: []fusion.Item{exif}}, {ID: "with", Prior: prior, Items: []fusion.Item{exif, sun}}}
	s := must[*fusion.Shared](t)(fusion.Share(values, cases))
	// Alone the shadow gives .9792 : .0126 : .0082; the bogus clock is split
	// evenly between the offsets.
	if got := s.Values(); got[0].Name != "+2" || got[1].Name != "+3" || !within(got[1].Mass, .9792+.0041, .0003) || !near(got[0].Mass+got[1].Mass, 1) {
		t.Errorf("%+v", got)
	}
	items, ok := s.Items("without")
	if !ok || !within(items[0].Hypotheses[1].Genuine, .9*.9833, .001) || !within(items[0].Bogus, .1, .001) {
		t.Errorf("%v %+v", ok, items)
	}
	d, ok := s.Density("without")
	if set := d.HPD(.87).Set; !ok || !set.Contains(at(t, "2024-11-03T07:15:20Z")) || set.Contains(at(t, "2024-11-03T08:15:20Z")) {
		t.Errorf("%v", set)
	}
	if got, ok := s.ValuesWithout("with"); !ok || !near(got[0].Mass, .5) {
		t.Errorf("without the shadow: %+v", got)
	}
	if p, ok := s.Given("without", "+3"); !ok || !within(p.Items()[0].Bogus, .1, .001) {
		t.Error("given +3")
	}
}

func within(a, b, by float64) bool { return a-b < by && b-a < by }

// The definition, millisecond by millisecond.
func TestShareAgainstEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := []fusion.Value{{Name: "+2", Weight: 1}, {Name: "+3", Weight: 3}}
		cases := drawCases(t)
		s, err := fusion.Share(values, cases)
		if err != nil {
			t.Fatal(err)
		}
		weights, total := make([]float64, len(values)), 0.0
		given := make([]map[string][]float64, len(cases)) // per case and value, from -60
		for k, v := range values {
			weights[k] = v.Weight
			for i, c := range cases {
				if given[i] == nil {
					given[i] = map[string][]float64{}
				}
				z := 0.0
				for ms := int64(-60); ms < 60; ms++ {
					f := c.Prior.At(ms) / c.Prior.Integral()
					for _, item := range c.Items {
						f *= factorUnder(c.Prior, item, ms, v.Name) * float64(c.Prior.Support().Measure())
					}
					given[i][v.Name] = append(given[i][v.Name], f)
					z += f
				}
				weights[k] *= z
				for j := range given[i][v.Name] {
					given[i][v.Name][j] /= z
				}
			}
			total += weights[k]
		}
		for k, m := range s.Values() {
			if !near(m.Mass, weights[k]/total) {
				t.Fatalf("%+v, want %v of %v", m, weights[k], total)
			}
		}
		for i, c := range cases {
			d, ok := s.Density(c.ID)
			for ms := int64(-60); ms < 60; ms++ {
				want := given[i]["+2"][ms+60]*weights[0]/total + given[i]["+3"][ms+60]*weights[1]/total
				if !ok || !near(d.At(ms), want) {
					t.Fatalf("%s at %d: %v, want %v", c.ID, ms, d.At(ms), want)
				}
			}
		}
		turned, err := fusion.Share([]fusion.Value{values[1], values[0]}, rapid.Permutation(cases).Draw(t, "turned"))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			a, _ := s.Items(c.ID)
			b, _ := turned.Items(c.ID)
			if diff := cmp.Diff(a, b) + cmp.Diff(s.Values(), turned.Values()); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func drawCases(t *rapid.T) []fusion.Case {
	var cases []fusion.Case
	for i := range rapid.IntRange(1, 3).Draw(t, "cases") {
		c := fusion.Case{ID: fmt.Sprint(i), Prior: priors.Draw(t, "prior"), Items: items(3).Draw(t, "items")}
		for j := range c.Items {
			c.Items[j].Clock, c.Items[j].Shared = "", rapid.Bool().Draw(t, "shared")
		}
		cases = append(cases, c)
	}
	return cases
}

// factorUnder is factorAt with a shared item read one way only.
func factorUnder(prior fusion.Density, item fusion.Item, ms int64, value string) float64 {
	if !item.Shared {
		return factorAt(prior, item, ms, "")
	}
	only, kept := item, []fusion.Hypothesis(nil)
	for _, h := range item.Hypotheses {
		if h.Name == value {
			kept = append(kept, h)
		}
	}
	only.Hypotheses = kept
	return factorAt(prior, only, ms, "")
}

func TestShareRefuses(t *testing.T) {
	t.Parallel()
	prior := thousandSeconds(t)
	sure := stamp("a", "", 1, "+3", 10, 20)
	sure.Shared = true
	other := stamp("b", "", 1, "+2", 10, 20)
	other.Shared = true
	three := []fusion.Value{{Name: "+3", Weight: 1}}
	both := append(three, fusion.Value{Name: "+2", Weight: 1})
	file := func(id string, items ...fusion.Item) fusion.Case {
		return fusion.Case{ID: id, Prior: prior, Items: items}
	}
	for _, c := range []struct {
		name   string
		values []fusion.Value
		cases  []fusion.Case
		want   error
	}{
		{"no values", nil, []fusion.Case{file("a")}, fusion.ErrShared},
		{"no cases", three, nil, fusion.ErrShared},
		{"weight 0", []fusion.Value{{Name: "+3"}}, []fusion.Case{file("a")}, fusion.ErrValue},
		{"weight NaN", []fusion.Value{{Name: "+3", Weight: nan}}, []fusion.Case{file("a")}, fusion.ErrValue},
		{"weight infinite", []fusion.Value{{Name: "+3", Weight: inf}}, []fusion.Case{file("a")}, fusion.ErrValue},
		{"a value twice", append(three, three...), []fusion.Case{file("a")}, fusion.ErrShared},
		{"a case twice", three, []fusion.Case{file("a"), file("a")}, fusion.ErrShared},
		{"no id", three, []fusion.Case{file("")}, fusion.ErrShared},
		{"no prior", three, []fusion.Case{{ID: "a"}}, fusion.ErrPrior},
		{"a bad item", three, []fusion.Case{file("a", stamp("a", "", nan, "+3", 1, 2))}, fusion.ErrItem},
		{"files that exclude each other's values", both, []fusion.Case{file("a", sure), file("b", other)}, fusion.ErrShared},
	} {
		if s, err := fusion.Share(c.values, c.cases); !errors.Is(err, c.want) || s != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, err := fusion.Share(three, []fusion.Case{file("a", other)})
	var none *fusion.Contradiction
	if !errors.As(err, &none) {
		t.Errorf("no value in a file: %v", err)
	}
	s := must[*fusion.Shared](t)(fusion.Share(both, []fusion.Case{file("a", sure), file("b")}))
	if got := s.Values(); got[1].Mass != 1 {
		t.Errorf("%+v", got)
	}
	if _, ok := s.Given("a", "+2"); ok {
		t.Error("a posterior under an impossible value")
	}
	for _, id := range []string{"", "c"} {
		_, a := s.Items(id)
		_, b := s.Density(id)
		_, c := s.ValuesWithout(id)
		if a || b || c {
			t.Errorf("%q is a file", id)
		}
	}
}
