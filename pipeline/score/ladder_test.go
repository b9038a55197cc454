package score_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// scale is a table of fixed weights in round numbers: "where.3" supports by 0.3 bans and contradicts by as much.
func scale(axis pipeline.Axis, tenths ...int) []score.Rule {
	var out []score.Rule
	for _, t := range tenths {
		w := float64(t) / 10
		out = append(out, score.Rule{Question: pipeline.QuestionID(fmt.Sprintf("%s.%d", axis, t)), Axis: axis, Supports: w, Contradicts: -w,
			Cap: 4, How: pipeline.Derived, Why: "a round number", Seek: "look for it"})
	}
	return out
}

func roundRules() score.Rules {
	r := score.Default()
	r.Table = scale(pipeline.AxisSources, 0)
	for _, axis := range pipeline.Axes() {
		r.Table = append(r.Table, scale(axis, 1, 2, 3, 4, 10, 19, 20, 30, 40)...)
	}
	return r
}

// answer is "+where.3/gps": supports where.3 by the basis gps; "-" contradicts, "?" is inconclusive, "0" unavailable,
// "x" not applicable.
func answer(text string) pipeline.Finding {
	outcome := map[byte]pipeline.Outcome{'+': pipeline.Supports, '-': pipeline.Contradicts, '?': pipeline.Inconclusive,
		'0': pipeline.Unavailable, 'x': pipeline.NotApplicable}[text[0]]
	question, basis, _ := strings.Cut(text[1:], "/")
	f := finding(question, outcome, basis)
	f.Subject = basis
	return f
}

func round(answers ...string) pipeline.Verdict {
	return roundWith(roundRules(), answers...)
}

func roundWith(rules score.Rules, answers ...string) pipeline.Verdict {
	in := score.Input{Incident: "X-1"}
	for _, r := range rules.Table {
		in.Questions = append(in.Questions, pipeline.Question{ID: r.Question, Text: "is it so?", Scope: pipeline.PerMedia})
	}
	for _, a := range answers {
		in.Findings = append(in.Findings, answer(a))
	}
	return score.Fold(rules, in)
}

// Each rung is tried at its edge and just below.
func TestEveryRungAtItsEdge(t *testing.T) {
	t.Parallel()
	const base = "+where.10/a +where.10/b +when.10/c +when.10/d " // 2.081 bans, by the formula of conjunction
	for name, c := range map[string]struct {
		answers string
		status  pipeline.VerdictStatus
	}{
		"two of each and three bans":         {base + "+footage.10/e", pipeline.StatusCandidate},
		"below three bans":                   {base + "+footage.4/e +footage.4/f +footage.1/g +sources.1/h -context.1/i", pipeline.StatusCredible},
		"one basis for where":                {"+where.20/a +where.30/a +when.10/c +when.10/d +footage.20/e", pipeline.StatusUnresolved},
		"one basis for when":                 {"+where.10/a +where.10/b +when.20/c +when.30/c +footage.20/e", pipeline.StatusUnresolved},
		"a second basis that means nothing":  {"+where.20/a +where.2/b +when.20/c +when.10/d +footage.20/e", pipeline.StatusUnresolved},
		"an open contradiction":              {base + "+footage.20/e -when.3/f", pipeline.StatusUnresolved},
		"a contradiction that means nothing": {base + "+footage.20/e -when.2/f", pipeline.StatusCandidate},
		"a contradiction by context only":    {base + "+footage.20/e -context.4/f", pipeline.StatusCandidate},
		"inconclusive is no contradiction":   {base + "+footage.20/e ?when.40/f", pipeline.StatusCandidate},
		"one ban and a source":               {"+where.4/a +when.4/b +footage.4/d +sources.2/c", pipeline.StatusCredible},
		"below one ban and a source":         {"+where.4/a +when.4/b +footage.3/d +sources.2/c", pipeline.StatusUnresolved},
		"one ban, no source":                 {"+footage.10/a", pipeline.StatusUnresolved},
		"one ban, a source that contradicts": {"+footage.20/a -sources.2/c", pipeline.StatusUnresolved},
		"one ban, a source of no weight":     {"+footage.20/a +sources.0/c", pipeline.StatusUnresolved},
		"one ban, a source undecided":        {"+footage.20/a ?sources.2/c", pipeline.StatusUnresolved},
		"a contradiction of two bans":        {"+where.40/a +when.40/b -when.20/c", pipeline.StatusContradicted},
		"a contradiction below two bans":     {"+where.40/a +when.40/b -when.19/c +sources.1/d", pipeline.StatusCredible},
		"contradictions that add up to two":  {"+where.40/a -when.10/b -when.10/c", pipeline.StatusContradicted},
		"contradictions that just do not":    {"+where.40/a -when.10/b -when.4/c -when.4/d -when.1/e", pipeline.StatusUnresolved},
		"one witness against, twice":         {"+where.40/a -when.10/b -when.19/b", pipeline.StatusUnresolved},
		"a total of minus two":               {"-where.10/a -when.10/b -footage.4/c -footage.2/d", pipeline.StatusContradicted},
		"a total just above":                 {"-where.10/a -when.10/b -footage.4/c -footage.1/d", pipeline.StatusUnresolved},
		"contradicted by context":            {"+where.10/a +sources.3/b -context.40/c", pipeline.StatusUnresolved},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if v := round(strings.Fields(c.answers)...); v.Status != c.status {
				t.Errorf("%s %v, %v bans", v.Status, v.Reasons, v.Weight)
			}
		})
	}
}

func TestReasonsAtTheirEdges(t *testing.T) {
	t.Parallel()
	for answers, want := range map[string][]string{
		"+where.3/a -when.3/b":                             {"open_contradiction:when.3", "weak_evidence", "uncorroborated"},
		"+where.3/a -when.3/b -where.4/c -when.3/d":        {"open_contradiction:when.3", "open_contradiction:where.4", "leans_against", "uncorroborated"},
		"+where.40/a +when.40/b -when.10/c +sources.3/d":   {"open_contradiction:when.10"}, // credible
		"+where.40/a +when.40/b -context.4/c +sources.3/d": {},                             // maps lag
		"-when.20/a":                           {"contradicted_by:when.20"},
		"+where.2/a +when.3/b":                 {"not_locatable", "weak_evidence", "uncorroborated"},
		"+where.3/a -when.2/b":                 {"not_datable", "weak_evidence", "uncorroborated"},
		"+where.10/a ?when.30/b +footage.10/c": {"not_datable", "uncorroborated"},
		"-where.10/a":                          {"open_contradiction:where.10", "not_datable", "leans_against", "uncorroborated"},
		"+where.4/a +when.3/b +sources.2":      {"weak_evidence"},
	} {
		if got := round(strings.Fields(answers)...).Reasons; !cmp.Equal(got, want) {
			t.Errorf("%s: %v, want %v", answers, got, want)
		}
	}
}

func TestWordsFollowTheScale(t *testing.T) {
	t.Parallel()
	const none, pro, contra = "no meaningful support either way", " for the claimed place and time", " against the claimed place and time"
	for answers, want := range map[string]string{
		"":                            none,
		"+footage.2/a":                none,
		"-footage.2/a":                none,
		"+footage.3/a":                "weak support" + pro,
		"-footage.3/a":                "weak support" + contra,
		"+footage.10/a":               "moderate support" + pro,
		"-footage.19/a":               "moderate support" + contra,
		"+footage.20/a":               "moderately strong support" + pro,
		"+footage.30/a":               "strong support" + pro,
		"+footage.40/a":               "very strong support" + pro,
		"+footage.40/a +footage.20/b": "extremely strong support" + pro,
		"-footage.40/a -footage.20/b": "extremely strong support" + contra,
		"+footage.40/a +footage.19/b": "very strong support" + pro,
		"+footage.20/a +footage.4/b +footage.4/c": "moderately strong support" + pro,
	} {
		if got := round(strings.Fields(answers)...).Words; got != want {
			t.Errorf("%s: %q, want %q", answers, got, want)
		}
	}
	cautious := roundRules()
	cautious.MeaningfulBans = 0.4
	if got := roundWith(cautious, "+footage.3/a").Words; got != none {
		t.Errorf("the rules call 0.3 bans meaningless: %q", got)
	}
}

func TestScoreUnderAnotherPrior(t *testing.T) {
	t.Parallel()
	doubting := roundRules()
	doubting.Prior = 1.0 / 11 // odds of 1 to 10: one ban makes them even
	if v := roundWith(doubting, "+footage.10/a"); v.Score != 50 || v.Prior != doubting.Prior {
		t.Errorf("score %v under prior %v", v.Score, v.Prior)
	}
	if v := round("+footage.40/a", "+footage.40/b", "+footage.40/c"); v.Score != 99.99 {
		t.Errorf("score %v claims certainty", v.Score)
	}
	if v := round("-footage.40/a", "-footage.40/b", "-footage.40/c"); v.Score != 0.01 {
		t.Errorf("score %v claims certainty", v.Score)
	}
}

func TestCoverageCounts(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	rules.Table = rules.Table[1:4] // where.1, where.2, where.3
	for answers, want := range map[string]struct {
		coverage float64
		open     []pipeline.QuestionID
	}{
		"":                                            {0, []pipeline.QuestionID{"where.1", "where.2", "where.3"}},
		"+where.1/a":                                  {0.333, []pipeline.QuestionID{"where.2", "where.3"}},
		"-where.1/a ?where.2/a 0where.3/a":            {0.333, []pipeline.QuestionID{"where.2", "where.3"}},
		"0where.1/a -where.1/b +where.3/a":            {0.667, []pipeline.QuestionID{"where.2"}},
		"xwhere.1/a xwhere.2/a +where.3/a":            {1, nil},
		"xwhere.1/a 0where.2/a +where.3/a":            {0.5, []pipeline.QuestionID{"where.2"}},
		"xwhere.1/a xwhere.2/a xwhere.3/a":            {0, nil},
		"+where.1/a +where.2/a +where.3/a":            {1, nil},
		"xwhere.1/a +where.1/b 0where.2/b":            {0.333, []pipeline.QuestionID{"where.2", "where.3"}},
		"?where.1/a 0where.1/b ?where.1/c +where.2/a": {0.333, []pipeline.QuestionID{"where.1", "where.3"}},
	} {
		v := roundWith(rules, strings.Fields(answers)...)
		var open []pipeline.QuestionID
		for _, q := range v.Open {
			open = append(open, q.Question)
		}
		if v.Coverage != want.coverage || !cmp.Equal(open, want.open) {
			t.Errorf("%q: coverage %v, open %v; want %v, %v", answers, v.Coverage, open, want.coverage, want.open)
		}
	}
	if v := roundWith(rules, "?where.1/a", "?where.1/b"); !cmp.Equal(v.Open[0].Codes, []pipeline.Code{pipeline.CodeWeak}) {
		t.Errorf("codes %v", v.Open[0].Codes)
	}
}

func TestContradictionsAreTheSmallestSets(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	told := score.Rule{Question: "told.place", Axis: pipeline.AxisSources, Corroborates: pipeline.AxisWhere, Supports: 0.5, Contradicts: -0.5, Cap: 1, How: pipeline.Judged, Why: "told"}
	rules.Table = append(rules.Table, told)
	v := roundWith(rules, "-where.10/a", "+where.3/b", "+where.2/c", "?where.4/d", "+when.10/e", "+told.place/f", "-footage.4/g", "-when.3/h")
	want := [][]string{
		{"claim", "footage.4@g"}, {"claim", "when.3@h"}, {"claim", "where.10@a"},
		{"footage.4@g", "told.place@f", "when.10@e"}, {"footage.4@g", "where.3@b", "when.10@e"},
		{"when.3@h", "when.10@e"}, {"where.10@a", "told.place@f"}, {"where.10@a", "where.3@b"},
	}
	if diff := cmp.Diff(want, v.Contradictions); diff != "" {
		t.Error(diff)
	}
}

// The gain of the older folds is the mean size of an answer's weight, by the likelihoods that the two weights imply.
func TestExpectedBansOfOldFolds(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	rules.Fold = score.FoldV2
	rules.Table = []score.Rule{
		{Question: "a.both", Axis: pipeline.AxisWhere, Supports: 0.9, Contradicts: -1.3, Cap: 2, How: pipeline.Derived, Why: "w", Seek: "both"},
		{Question: "b.one", Axis: pipeline.AxisWhere, Supports: 0.3, Contradicts: 0, Cap: 1, How: pipeline.Judged, Why: "w", Seek: "a source"},
		{Question: "b.other", Axis: pipeline.AxisWhere, Supports: 0, Contradicts: -0.5, Cap: 1, How: pipeline.Judged, Why: "w", Seek: "an alibi"},
		{Question: "c.small", Axis: pipeline.AxisWhere, Supports: 0.08, Contradicts: 0, Cap: 1, How: pipeline.Judged, Why: "w", Seek: "hardly worth it"},
		{Question: "d.nothing", Axis: pipeline.AxisWhere, Supports: 1, Contradicts: -1, Cap: 1, How: pipeline.Judged, Why: "w"},
		{Question: "e.edge", Axis: pipeline.AxisWhere, Supports: 0.1, Contradicts: 0, Cap: 1, How: pipeline.Judged, Why: "w", Seek: "just worth it"},
		{Question: "when.20", Axis: pipeline.AxisFootage, Supports: 2, Contradicts: -2, Cap: 2, How: pipeline.Derived, Why: "w"},
	}
	expected := func(p1 float64) float64 {
		// P(yes|H1) = y, P(yes|H0) = n: y/n = 10^0.9, (1-y)/(1-n) = 10^-1.3; solved by bisection on n.
		lo, hi := 0.0, math.Pow(10, -0.9)
		for range 200 {
			n := (lo + hi) / 2
			if (1-math.Pow(10, 0.9)*n)/(1-n) > math.Pow(10, -1.3) {
				lo = n
			} else {
				hi = n
			}
		}
		yes := p1*math.Pow(10, 0.9)*lo + (1-p1)*lo
		return math.Round(100*(yes*0.9+(1-yes)*1.3)) / 100
	}
	for answers, p1 := range map[string]float64{"": 0.5, "+when.20/a": 0.9901, "-when.20/a": 0.0099} {
		got := roundWith(rules, strings.Fields(answers)...).Next
		want := []pipeline.Suggestion{{Question: "a.both", What: "both", ExpectedBans: expected(p1)}, {Question: "b.other", What: "an alibi", ExpectedBans: 0.25},
			{Question: "b.one", What: "a source", ExpectedBans: 0.15}, {Question: "e.edge", What: "just worth it", ExpectedBans: 0.05}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", answers, diff)
		}
	}
}

func TestDefaultRulesSuggestAPoster(t *testing.T) {
	t.Parallel()
	if v := fold(); !slices.ContainsFunc(v.Next, func(s pipeline.Suggestion) bool { return s.Question == "sources.poster" }) {
		t.Errorf("without any source, none is asked for: %v", v.Next)
	}
}

// Leaving a line out is folding the findings that would have been made without it. A reader who has the lines and the rules
// gets the same numbers.
func TestLawWithout(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFindings(t)
		v := fold(f...)
		var read pipeline.Verdict
		if err := json.Unmarshal([]byte(bytesOf(t, v)), &read); err != nil {
			t.Fatal(err)
		}
		for _, l := range v.Lines {
			got, counts := v.Without[l.ID]
			want := fold(assessedWithout(f, l.ID)...).Score
			if rests := slices.ContainsFunc(v.Lines, func(o pipeline.Line) bool { return o.ID != l.ID && o.AloneWithout(l.ID) != o.Alone }); counts != (rests || l.Weight != 0 || want != v.Score) {
				t.Fatalf("%s weighs %v, another rests on it: %v, is left out in turn: %v", l.ID, l.Weight, rests, counts)
			}
			if !counts {
				got = v.Score
			}
			if told := fold(assessedWithout(told(read.Lines), l.ID)...).Score; got != want || told != want {
				t.Fatalf("without %s: %v, folded anew %v, from the lines %v", l.ID, got, want, told)
			}
		}
	})
}

// Three lines of a thousandth each add two thousandths to place and time together, which the second and third line have.
// Two findings of one id, which no assessor makes, are left out together.
func TestWithoutFindingsOfOneID(t *testing.T) {
	t.Parallel()
	one, other := finding("where.position", pipeline.Supports, "gps"), finding("where.position", pipeline.Supports, "gps")
	other.Basis.Of = "another"
	rest := finding("when.gps_clock", pipeline.Supports, "gps")
	v := fold(one, other, rest)
	if got, want := v.Without[one.ID()], fold(rest).Score; got != want || want == v.Score {
		t.Errorf("without both %v, want %v; with them %v", got, want, v.Score)
	}
}

// Without the first, one is left of them, so the score without the first is another, though it weighs nothing.
func TestWithoutALineScaledToNothing(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	rules.Table = []score.Rule{{Question: "a.b", Axis: pipeline.AxisWhere, Supports: 0.001, Contradicts: 0, Cap: 1, How: pipeline.Derived, Why: "w"}}
	v := roundWith(rules, "+a.b/1", "+a.b/2", "+a.b/3")
	if v.Lines[0].Weight != 0 || v.Lines[1].Weight != 0.001 || v.Lines[2].Weight != 0.001 || v.Score != 50.12 {
		t.Fatalf("%v of %+v", v.Score, v.Lines)
	}
	if diff := cmp.Diff(map[string]float64{"a.b@1": 50.06, "a.b@2": 50.06, "a.b@3": 50.06}, v.Without); diff != "" {
		t.Error(diff)
	}
}

// A capped axis gives every line its share of the cap, to the thousandth.
func TestLawCappedAxisKeepsShares(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var f []pipeline.Finding
		for i := range rapid.IntRange(1, 60).Draw(t, "n") {
			one := likely(finding("sources.poster", pipeline.Supports, fmt.Sprint("testimony", i)), rapid.Float64Range(0, 9).Draw(t, "h1"), 1)
			if rapid.IntRange(0, 4).Draw(t, "against") == 0 {
				one.Outcome = pipeline.Contradicts
			}
			one.Subject = fmt.Sprint(i)
			f = append(f, one)
		}
		v := fold(f...)
		alone, sum := 0.0, 0
		for _, l := range v.Lines {
			alone += l.Alone
			sum += int(math.Round(1000 * l.Weight))
		}
		share := 1.0
		if math.Abs(alone) > 2+1e-9 {
			share = 2 / math.Abs(alone)
			if sum != 2000 && sum != -2000 {
				t.Fatalf("the capped axis weighs %d thousandths", sum)
			}
		}
		for _, l := range v.Lines {
			if math.Abs(l.Weight-l.Alone*share) > 0.001+1e-9 || l.Weight*l.Alone < 0 || math.Abs(l.Weight) > math.Abs(l.Alone)+1e-9 {
				t.Fatalf("%s weighs %v; alone %v, its share %v", l.ID, l.Weight, l.Alone, l.Alone*share)
			}
			if capped := strings.Contains(l.Note, "capped at 2 bans"); capped != (share < 1 && l.Alone != 0) {
				t.Fatalf("%s: note %q", l.ID, l.Note)
			}
		}
	})
}

func TestWitnesses(t *testing.T) {
	t.Parallel()
	type weighed struct {
		Weight float64
		Note   string
	}
	got := map[string]weighed{}
	for _, l := range round("?footage.40/gps", "+footage.3/gps", "+footage.10/gps", "-footage.4/gps", "-footage.2/gps", "+sources.10/gps", "+footage.4/other", "+footage.4/tie").Lines {
		got[l.ID] = weighed{l.Weight, l.Note}
	}
	want := map[string]weighed{
		"footage.40@gps": {0, ""}, "footage.3@gps": {0, "same witness as footage.10@gps"}, "footage.10@gps": {1, ""},
		"footage.4@gps": {-0.4, ""}, "footage.2@gps": {0, "same witness as footage.4@gps"}, "sources.10@gps": {1, ""}, "footage.4@other": {0.4, ""}, "footage.4@tie": {0.4, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	one, other := answer("+footage.4/gps"), answer("+footage.4/gps")
	one.Subject, other.Subject = "a", "b"
	if lines := score.Fold(roundRules(), score.Input{Findings: []pipeline.Finding{other, one}}).Lines; lines[0].Weight != 0.4 || lines[1].Note != "same witness as footage.4@a" {
		t.Errorf("of two alike the first by id counts: %+v", lines)
	}
}

func TestNothingIsNull(t *testing.T) {
	t.Parallel()
	v := score.Fold(roundRules(), score.Input{Incident: "X-1"})
	if v.Data == nil || v.Incomplete == nil || v.Reasons == nil || v.Open == nil || v.Contradictions == nil || v.Next == nil || v.Without == nil {
		t.Errorf("%+v", v)
	}
	data := map[string]string{"control": "1"}
	if v := score.Fold(roundRules(), score.Input{Data: data}); !cmp.Equal(v.Data, data) {
		t.Errorf("data %v", v.Data)
	}
}

func TestWeightsAreCappedBothWays(t *testing.T) {
	t.Parallel()
	rules := roundRules()
	rules.Table = []score.Rule{{Question: "a.b", Axis: pipeline.AxisWhen, Supports: 1, Contradicts: -1, Genuine: 0.9999, Cap: 2, How: pipeline.Derived, Why: "w"},
		{Question: "c.fixed", Axis: pipeline.AxisWhen, Supports: 0.5, Contradicts: -0.6, Cap: 2, How: pipeline.Derived, Why: "w"}}
	weight := func(q string, o pipeline.Outcome, h1, h0 float64) float64 {
		return score.Fold(rules, score.Input{Findings: []pipeline.Finding{likely(finding(q, o, "x"), h1, h0)}}).Lines[0].Alone
	}
	for _, c := range []struct {
		q            string
		o            pipeline.Outcome
		h1, h0, want float64
	}{
		{"a.b", pipeline.Supports, 1e4, 1, 2}, {"a.b", pipeline.Contradicts, 0, 1e4, -2}, {"a.b", pipeline.Contradicts, 0.1, 1, -1},
		{"a.b", pipeline.Supports, 0.1, 1, 0}, {"a.b", pipeline.Contradicts, 9, 1, 0},
		{"c.fixed", pipeline.Supports, 1e4, 1, 0.5}, {"c.fixed", pipeline.Contradicts, 1e4, 1, -0.6}, // a rule without r takes no likelihood
	} {
		if got := weight(c.q, c.o, c.h1, c.h0); got != c.want {
			t.Errorf("%s %s %v/%v: %v, want %v", c.q, c.o, c.h1, c.h0, got, c.want)
		}
	}
}

func TestRulesThatBreakTheDesign(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*score.Rules){
		"version: missing":             func(r *score.Rules) { r.Version = "" },
		"prior: 0 is":                  func(r *score.Rules) { r.Prior = 0 },
		"prior: 1 is":                  func(r *score.Rules) { r.Prior = 1 },
		"credible_bans: 0":             func(r *score.Rules) { r.CredibleBans = 0 },
		"candidate_bases: 0":           func(r *score.Rules) { r.CandidateBases = 0 },
		"where.position: listed twice": func(r *score.Rules) { r.Table = append(r.Table, r.Table[0]) },
		"cap: 4.1 is":                  func(r *score.Rules) { r.Table[0].Cap = 4.1 },
		"cap: 0 is": func(r *score.Rules) {
			r.Table[0] = score.Rule{Question: "a.b", Axis: "where", How: pipeline.Derived, Why: "w"}
		},
		"cap: 1.1 is not above 0 and at most 1":         func(r *score.Rules) { r.Table[0].How, r.Table[0].Cap = pipeline.Judged, 1.1 },
		"supports: -0.1":                                func(r *score.Rules) { r.Table[0].Supports = -0.1 },
		"contradicts: 0.1":                              func(r *score.Rules) { r.Table[0].Contradicts = 0.1 },
		"contradicts: -2.1":                             func(r *score.Rules) { r.Table[0].Contradicts = -2.1 },
		"genuine: -0.1":                                 func(r *score.Rules) { r.Table[0].Genuine = -0.1 },
		"why: missing":                                  func(r *score.Rules) { r.Table[0].Why = "" },
		`axis: "elsewhere"`:                             func(r *score.Rules) { r.Table[0].Axis = "elsewhere" },
		`corroborates: "context"`:                       func(r *score.Rules) { r.Table[0].Corroborates = "context" },
		"axis_caps: elsewhere: 1":                       func(r *score.Rules) { r.AxisCaps["elsewhere"] = 1 },
		"axis_caps: sources: -1":                        func(r *score.Rules) { r.AxisCaps["sources"] = -1 },
		"axis_caps: sources: 0":                         func(r *score.Rules) { r.AxisCaps["sources"] = 0 },
		"axis_caps: context: 1: want a cap below":       func(r *score.Rules) { r.AxisCaps["context"] = 1 },
		"axis_caps: context: missing: want a cap below": func(r *score.Rules) { delete(r.AxisCaps, "context") },
	} {
		r := score.Default()
		spoil(&r)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	edge := score.Default()
	edge.Table[0].Cap, edge.Table[0].Supports, edge.Table[0].Contradicts, edge.Table[0].Genuine = 4, 4, -4, 0
	edge.Table[1].Supports, edge.Table[1].Contradicts = 0, 0
	if err := edge.Check(); err != nil {
		t.Error(err)
	}
	missing := score.Default()
	missing.Table = missing.Table[1:]
	if err := missing.Covers(questions()); err == nil || !strings.Contains(err.Error(), "no rule for where.position") {
		t.Errorf("%v", err)
	}
	if err := score.Default().Covers(questions()[1:]); err == nil || !strings.Contains(err.Error(), "where.position is asked by no assessor") {
		t.Errorf("%v", err)
	}
}

// Lines that differ only in their evidence must not depend on the order in which they came.
func TestOrderOfLikeFindings(t *testing.T) {
	t.Parallel()
	a, b := answer("+where.3/gps"), answer("+where.3/gps")
	b.Evidence = []string{"something else"}
	in := func(f ...pipeline.Finding) score.Input { return score.Input{Incident: "X-1", Findings: f} }
	if diff := cmp.Diff(score.Fold(roundRules(), in(a, b)), score.Fold(roundRules(), in(b, a))); diff != "" {
		t.Error(diff)
	}
}
