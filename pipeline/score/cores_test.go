package score_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// world is one of the four ways in which the place and the time can be right or wrong.
type world struct{ place, time bool }

// holdsIn reads a statement of the drawn kind in a world: "+where" says that the place is right, "-both" that not both are.
func holdsIn(kind string, w world) bool {
	switch kind {
	case "claim":
		return w.place && w.time
	case "+where", "+told":
		return w.place
	case "-where", "-told":
		return !w.place
	case "+when":
		return w.time
	case "-when", "-known":
		return !w.time
	case "-footage", "-sources":
		return !(w.place && w.time)
	}
	return true // support of neither alone, context, and what is too weak
}

func consistent(kinds []string) bool {
	for _, w := range []world{{true, true}, {true, false}, {false, true}, {false, false}} {
		if !slices.ContainsFunc(kinds, func(k string) bool { return !holdsIn(k, w) }) {
			return true
		}
	}
	return false
}

// smallest tries every subset: those that no world satisfies, and of which every part without one member is satisfied.
func smallest(ids, kinds []string) [][]string {
	out := [][]string{}
	for set := 1; set < 1<<len(ids); set++ {
		var members []int
		for i := range ids {
			if set&(1<<i) != 0 {
				members = append(members, i)
			}
		}
		of := func(without int) (k []string) {
			for _, m := range members {
				if m != without {
					k = append(k, kinds[m])
				}
			}
			return k
		}
		if consistent(of(-1)) || slices.ContainsFunc(members, func(m int) bool { return !consistent(of(m)) }) {
			continue
		}
		var named []string
		for _, m := range members {
			named = append(named, ids[m])
		}
		slices.Sort(named)
		out = append(out, named)
	}
	slices.SortFunc(out, slices.Compare[[]string])
	return out
}

func TestLawContradictionsAreTheSmallestSets(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	rules.Table = append(rules.Table,
		score.Rule{Question: "told.4", Axis: pipeline.AxisSources, Corroborates: pipeline.AxisWhere, Supports: 0.4, Contradicts: -0.4, Cap: 1, How: pipeline.Judged, Why: "told"},
		score.Rule{Question: "known.4", Axis: pipeline.AxisFootage, Denies: pipeline.AxisWhen, Supports: 0.4, Contradicts: -0.4, Cap: 1, How: pipeline.Judged, Why: "known"})
	rapid.Check(t, func(t *rapid.T) {
		var answers []string
		ids, kinds := []string{"claim"}, []string{"claim"}
		for i := range rapid.IntRange(0, 7).Draw(t, "n") {
			kind := rapid.SampledFrom([]string{"+where", "-where", "+when", "-when", "+footage", "-footage", "+sources", "-sources", "+told", "-told", "+known", "-known",
				"?where", "+weak", "-weak"}).Draw(t, "kind")
			question, stands := kind[1:]+".4", kind
			if kind[1:] == "weak" { // 0.1 bans mean nothing in support, and deny all the same
				question, stands = "where.1", map[byte]string{'+': "", '-': "-where"}[kind[0]]
			}
			answers = append(answers, fmt.Sprintf("%c%s/b%d", kind[0], question, i))
			ids, kinds = append(ids, fmt.Sprintf("%s@b%d", question, i)), append(kinds, stands)
		}
		if diff := cmp.Diff(smallest(ids, kinds), sorted(roundWith(rules, answers...).Contradictions)); diff != "" {
			t.Fatalf("%v (-every subset tried +said): %s", answers, diff)
		}
	})
}

// sorted brings the members of each set, and the sets, into one order.
func sorted(sets [][]string) [][]string {
	out := [][]string{}
	for _, s := range sets {
		s = slices.Clone(s)
		slices.Sort(s)
		out = append(out, s)
	}
	slices.SortFunc(out, slices.Compare[[]string])
	return out
}

// A map of control lags: it stands against the claim and against no evidence.
func TestContextContradictsTheClaimOnly(t *testing.T) {
	t.Parallel()
	got := round("-context.10/a", "+where.10/b", "+when.10/c", "+context.10/d", "-where.10/e").Contradictions
	want := [][]string{{"claim", "context.10@a"}, {"claim", "where.10@e"}, {"where.10@e", "where.10@b"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestContradictionsAreBounded(t *testing.T) {
	t.Parallel()
	var answers []string
	for i := range 60 {
		answers = append(answers, fmt.Sprintf("-footage.10/f%d", i), fmt.Sprintf("+where.10/w%d", i), fmt.Sprintf("+when.10/t%d", i))
	}
	sets := round(answers...).Contradictions // 60 with the claim, 216,000 of three
	claims := 0
	for _, s := range sets {
		if s[0] == "claim" {
			claims++
		}
	}
	if len(sets) != 1000 || claims != 60 {
		t.Errorf("%d sets, %d with the claim", len(sets), claims)
	}
}

// What a file says of its own time contradicts itself without a line against the claim: the sets are named by what they
// refer to. Where a line contradicts the claim by the same file, it says so already.
func TestAFileThatContradictsItself(t *testing.T) {
	t.Parallel()
	in := score.Input{Incident: "X-1", Questions: questions(), Times: []pipeline.Estimate{
		{Media: "media/a.jpg", Core: [][]string{{"camera_clock EXIF:DateTimeOriginal", "exposure"}},
			Items: []pipeline.TimeItem{{ID: "camera_clock EXIF:DateTimeOriginal", Evidence: "media/a.jpg#metadata.clocks[EXIF:DateTimeOriginal]"}, {ID: "exposure", Evidence: "media/a.jpg#metadata.exposure"}}},
		{Media: "media/b.jpg", Core: [][]string{{"an item of no list", "another"}}},
	}}
	want := [][]string{{"an item of no list", "another"}, {"media/a.jpg#metadata.clocks[EXIF:DateTimeOriginal]", "media/a.jpg#metadata.exposure"}}
	if diff := cmp.Diff(want, score.Fold(score.Default(), in).Contradictions); diff != "" {
		t.Error(diff)
	}
	in.Findings = []pipeline.Finding{finding("light.exposure", pipeline.Contradicts, "exposure")} // of media/a.jpg
	want = [][]string{{"an item of no list", "another"}, {"claim", "light.exposure@media/a.jpg"}}
	if diff := cmp.Diff(want, score.Fold(score.Default(), in).Contradictions); diff != "" {
		t.Error(diff)
	}
	old, _ := score.Version("2026.5")
	if got := score.Fold(old, in).Contradictions; len(got) != 1 {
		t.Errorf("by the rules of before: %v", got)
	}
}
