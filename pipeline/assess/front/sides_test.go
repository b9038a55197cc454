package front_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
)

func other(s pipeline.Side) pipeline.Side {
	if s == pipeline.SideRU {
		return pipeline.SideUA
	}
	if s == pipeline.SideUA {
		return pipeline.SideRU
	}
	return s
}

func swapped[V any](of map[pipeline.Side]V) map[pipeline.Side]V {
	out := map[pipeline.Side]V{}
	for side, v := range of {
		out[other(side)] = v
	}
	return out
}

func answers(r *rapid.T, c pipeline.Claim, m maps) []pipeline.Finding {
	findings, _, err := pipeline.Assess(context.Background(), []pipeline.Assessor{front.Assessor(m)}, pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: c}})
	if err != nil || len(findings) != 3 {
		r.Fatal(err, findings)
	}
	return findings
}

// Both sides are judged alike: with the parties changed in the claim and on every map, every answer and weight is the same,
// and the sentences say the same of the other side.
func TestLawSidesAreJudgedAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		side := rapid.SampledFrom([]pipeline.Side{pipeline.SideRU, pipeline.SideUA, pipeline.SideOther})
		c := ofKind(rapid.SampledFrom([]pipeline.Kind{pipeline.KindExecution, pipeline.KindShelling, pipeline.KindStrike, pipeline.KindOther, ""}).Draw(r, "kind"))
		c.Perpetrator = side.Draw(r, "perpetrator")
		km := rapid.Float64Range(0, 40).Draw(r, "km")
		g := ground("a", rapid.Bool().Draw(r, "ru"), km)
		g.Allows[pipeline.SideUA] = rapid.Bool().Draw(r, "ua")
		gained := map[pipeline.Side]float64{pipeline.SideRU: rapid.Float64Range(0, 90).Draw(r, "ru gained"), pipeline.SideUA: rapid.Float64Range(0, 90).Draw(r, "ua gained")}
		change := front.Change{Provider: "a", Before: "1", After: "2", Complete: true, GainedKm2: gained, ContestedKm2: rapid.Float64Range(0, 9).Draw(r, "contested")}
		one := answers(r, c, maps{[]front.Ground{g}, []front.Near{near("a", 1, km)}, []front.Change{change}})

		c.Perpetrator = other(c.Perpetrator)
		g.Allows, change.GainedKm2 = swapped(g.Allows), swapped(gained)
		two := answers(r, c, maps{[]front.Ground{g}, []front.Near{near("a", 1, km)}, []front.Change{change}})
		for i, f := range one {
			o := two[i]
			if f.Outcome != o.Outcome || f.Code != o.Code || bansOf(f) != bansOf(o) || f.Basis != o.Basis || !slices.Equal(f.Evidence, o.Evidence) {
				r.Fatalf("%s: %s %v: %s\n%s %v: %s", f.Question, f.Outcome, bansOf(f), f.Reason, o.Outcome, bansOf(o), o.Reason)
			}
			if f.Question == "front.control" && strings.NewReplacer("side ru", "side ua", "side ua", "side ru").Replace(f.Reason) != o.Reason {
				r.Fatalf("%s\n%s", f.Reason, o.Reason)
			}
		}
	})
}
