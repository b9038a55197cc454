package score_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// likelihoods solves by bisection for P(yes|H1) and P(yes|H0) of a yes/no answer whose weights are s and c bans.
func likelihoods(s, c float64) (h1, h0 float64) {
	lo, hi := 0.0, math.Pow(10, -s)
	for range 200 {
		h0 = (lo + hi) / 2
		if (1-math.Pow(10, s)*h0)/(1-h0) > math.Pow(10, c) {
			lo = h0
		} else {
			hi = h0
		}
	}
	return math.Pow(10, s) * h0, h0
}

// The oracle does by hand what a suggestion promises: it adds a finding with either answer, folds everything anew, and
// means how far the weight moves, and how often the status is another.
func TestLawNextIsTheExpectedMove(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	for i := range rules.Table {
		rules.Table[i].Contradicts *= 1.25 // so that the answers are not each other's mirror
		rules.Table[i].Cap = 5
	}
	rapid.Check(t, func(t *rapid.T) {
		answers := rapid.SliceOfN(rapid.SampledFrom([]string{"+where.3/a", "+where.10/b", "-where.10/c", "+when.10/d", "+when.20/e", "-when.4/f",
			"+footage.10/g", "-footage.20/h", "+sources.10/i", "+sources.20/j", "+context.4/k", "?where.40/l", "0when.1/m"}), 0, 8).Draw(t, "answers")
		v := roundWith(rules, answers...)
		got := map[pipeline.QuestionID]pipeline.Suggestion{}
		for _, s := range v.Next {
			got[s.Question] = s
		}
		for _, question := range []string{"where.20", "when.30", "footage.30", "sources.30", "context.3"} {
			axis, _, _ := strings.Cut(question, ".")
			p := probability(rules, v, pipeline.Axis(axis))
			size := map[string]float64{"where.20": 2, "when.30": 3, "footage.30": 3, "sources.30": 3, "context.3": 0.3}[question]
			h1, h0 := likelihoods(size, -1.25*size)
			yes := p*h1 + (1-p)*h0
			for_ := roundWith(rules, append(slices.Clone(answers), "+"+question+"/new")...)
			against := roundWith(rules, append(slices.Clone(answers), "-"+question+"/new")...)
			gain := yes*math.Abs(for_.Weight-v.Weight) + (1-yes)*math.Abs(against.Weight-v.Weight)
			turn := 0.0
			if for_.Status != v.Status {
				turn += yes
			}
			if against.Status != v.Status {
				turn += 1 - yes
			}
			s, listed := got[pipeline.QuestionID(question)]
			if want := gain >= 0.055 || turn >= 0.055; want && !listed || listed && gain < 0.044 && turn < 0.044 {
				t.Fatalf("%v: %s moves %v, turns %v, listed: %v", answers, question, gain, turn, listed)
			}
			if listed && (math.Abs(s.ExpectedBans-gain) > 0.0051 || math.Abs(s.StatusChance-turn) > 0.0051) {
				t.Fatalf("%v: %s: %+v, by hand %v and %v", answers, question, s, gain, turn)
			}
		}
		for i := 1; i < len(v.Next); i++ {
			a, b := v.Next[i-1], v.Next[i]
			if a.ExpectedBans < b.ExpectedBans || a.ExpectedBans == b.ExpectedBans && (a.StatusChance < b.StatusChance || a.StatusChance == b.StatusChance && a.Question >= b.Question) {
				t.Fatalf("%v before %v", a, b)
			}
		}
	})
}

// probability is the present probability of what an axis bears on, from the lines: one weight for each answer, each of
// a basis of its own.
func probability(rules score.Rules, v pipeline.Verdict, axis pipeline.Axis) float64 {
	if axis != pipeline.AxisWhere && axis != pipeline.AxisWhen {
		return v.Score / 100
	}
	w, q := 0.0, math.Sqrt(rules.Prior)
	for _, l := range v.Lines {
		if l.Axis == axis {
			w += l.Alone
		}
	}
	odds := q / (1 - q) * math.Pow(10, w)
	return odds / (1 + odds)
}

func suggestions(v pipeline.Verdict) map[pipeline.QuestionID]string {
	out := map[pipeline.QuestionID]string{}
	for _, s := range v.Next {
		out[s.Question] = s.What
	}
	return out
}

// A claim without a place closes the questions of place: what to ask then is whoever made the claim.
func TestNextAsksForWhatTheClaimLacks(t *testing.T) {
	t.Parallel()
	vague := func(q string) pipeline.Finding {
		f := finding(q, pipeline.NotApplicable, "")
		f.Code = pipeline.CodeClaimTooVague
		return f
	}
	v := fold(vague("where.position"), vague("sources.testimony_place"))
	next := suggestions(v)
	if !strings.Contains(next["claim.where"], "names no place") || next["claim.when"] != "" || next["where.position"] != "" {
		t.Errorf("%v", next)
	}
	if v.Next[0].Question != "claim.where" { // as much as the position, which would be first
		t.Errorf("%v", v.Next)
	}
	open := fold()
	if i := slices.IndexFunc(open.Next, func(s pipeline.Suggestion) bool { return s.Question == "where.position" }); i < 0 || open.Next[i].ExpectedBans != v.Next[0].ExpectedBans {
		t.Errorf("the place opens the position: %v, %v", open.Next, v.Next[0])
	}
	if next := suggestions(fold(vague("when.camera_clock"))); !strings.Contains(next["claim.when"], "names no time") || next["claim.where"] != "" {
		t.Errorf("%v", next)
	}
	aside := finding("where.position", pipeline.NotApplicable, "")
	aside.Code = pipeline.CodeNotStated
	if next := suggestions(fold(aside)); next["claim.where"] != "" {
		t.Errorf("not applicable for another reason: %v", next)
	}
}

func TestNextKnowsWhatIsThere(t *testing.T) {
	t.Parallel()
	stripped := finding("where.position", pipeline.Unavailable, "")
	stripped.Code = pipeline.CodeMetadataStripped
	if got := suggestions(fold(stripped))["where.position"]; !strings.HasPrefix(got, "ask for the original file") {
		t.Errorf("stripped: %s", got)
	}
	if got := suggestions(fold())["where.position"]; !strings.HasPrefix(got, "get the footage itself") {
		t.Errorf("no media at all: %s", got)
	}
}

// What is answered is asked of another witness where that could change the status, and the status is no candidate.
func TestNextAsksForMoreOfTheSame(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	for i, r := range rules.Table {
		if r.Axis == pipeline.AxisWhere {
			rules.Table[i].SeekMore = "another"
		}
	}
	next := suggestions(roundWith(rules, "+where.10/a", "+when.10/b", "+when.10/c", "+footage.10/d", "+sources.10/e"))
	if next["where.10"] != "another" {
		t.Errorf("a second basis for the place makes a candidate: %v", next)
	}
	candidate := roundWith(rules, "+where.10/a", "+where.10/x", "+when.10/b", "+when.10/c", "+footage.10/d", "+footage.10/e")
	if next := suggestions(candidate); candidate.Status != pipeline.StatusCandidate || next["where.10"] != "" {
		t.Errorf("%s %v", candidate.Status, next)
	}
	if next := suggestions(roundWith(rules, "+where.1/a")); next["where.1"] != "" {
		t.Errorf("one more of a tenth changes no status: %v", next)
	}
	if next := suggestions(roundWith(rules, "?where.20/a", "+when.10/b", "+when.10/c", "+footage.20/d", "+where.10/e")); next["where.20"] != "look for it" {
		t.Errorf("an open question is not answered: %v", next)
	}
}

// What is capped is capped in the probability of the place, too: a third witness beyond the cap makes no answer likelier.
func TestNextMindsTheCaps(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	rules.Table = append(rules.Table, score.Rule{Question: "told.3", Axis: pipeline.AxisSources, Corroborates: pipeline.AxisWhere, Supports: 0.3, Contradicts: -0.3, Cap: 1, How: pipeline.Judged, Why: "told"})
	rules.AxisCaps = map[pipeline.Axis]float64{pipeline.AxisContext: 0.5, pipeline.AxisSources: 0.6}
	gain := func(answers ...string) float64 {
		next := roundWith(rules, answers...).Next
		return next[slices.IndexFunc(next, func(s pipeline.Suggestion) bool { return s.Question == "where.20" })].ExpectedBans
	}
	two, three := gain("+told.3/a", "+told.3/b"), gain("+told.3/a", "+told.3/b", "+told.3/c")
	if one := gain("+told.3/a"); two != three || one == two {
		t.Errorf("one witness %v, two %v, three %v", one, two, three)
	}
}

// What would be marked in footage, or asked of it, needs the footage first.
func TestNextAsksForFootageFirst(t *testing.T) {
	t.Parallel()
	none, some := suggestions(fold()), suggestions(fold(finding("footage.known", pipeline.Inconclusive, "pixels")))
	for _, q := range []pipeline.QuestionID{"where.position", "where.view", "where.landmarks", "when.camera_clock", "when.gps_clock", "when.satellite_bracket", "light.shadow"} {
		if text := none[q]; !strings.HasPrefix(text, "get the footage itself") {
			t.Errorf("without footage, %s: %q", q, text)
		}
		if text := some[q]; text == "" || strings.HasPrefix(text, "get the footage") {
			t.Errorf("with footage, %s: %q", q, text)
		}
	}
}

// Maps that were there and cannot tell make no case for more maps of the same days; no maps do.
func TestNextAsksForMapsWhereThereAreNone(t *testing.T) {
	t.Parallel()
	asks := func(code pipeline.Code, o pipeline.Outcome) bool {
		f := finding("front.control", o, "control_map")
		f.Code = code
		return suggestions(fold(f, finding("where.position", pipeline.Supports, "gps")))["front.control"] != ""
	}
	if !asks(pipeline.CodeNoReference, pipeline.Unavailable) || asks(pipeline.CodeWeak, pipeline.Inconclusive) {
		t.Error("maps are asked for where there are some, or not where there are none")
	}
}

// Leaving out each of thousands of witnesses costs no more than reading them: what is allocated grows with their number, not
// with its square. It measures the whole process, so it runs alone.
func TestManyWitnessesCostInProportion(t *testing.T) {
	allocated := func(n int) float64 {
		var f []pipeline.Finding
		for i := range n {
			one := likely(finding("sources.poster", pipeline.Supports, "source"), 1.4, 0.6)
			one.Subject, one.Basis.Of = fmt.Sprintf("sources[%d]", i), strconv.Itoa(i)
			f = append(f, one)
		}
		if v := fold(f...); len(v.Without) != n {
			t.Fatalf("%d scores without one of %d", len(v.Without), n)
		}
		return testing.AllocsPerRun(1, func() { fold(f...) })
	}
	few, many := allocated(100), allocated(800)
	if many > 12*few {
		t.Errorf("8 times as many witnesses, %.0f times as many allocations", many/few)
	}
}
