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

func questions() []pipeline.Question {
	var out []pipeline.Question
	for _, r := range score.Default().Table {
		out = append(out, pipeline.Question{ID: r.Question, Text: "is it so?", Scope: pipeline.PerMedia})
	}
	return out
}

func fold(f ...pipeline.Finding) pipeline.Verdict {
	return score.Fold(score.Default(), score.Input{Incident: "X-1", Questions: questions(), Findings: f})
}

func finding(q string, o pipeline.Outcome, basis string) pipeline.Finding {
	f := pipeline.Finding{Question: pipeline.QuestionID(q), Subject: "media/a.jpg", Outcome: o, Reason: "a reason with 1 number",
		Evidence: []string{"media/a.jpg#metadata.clocks"}, Basis: pipeline.Basis{Kind: basis}, Assessor: "t", Version: "1"}
	if o != pipeline.Supports && o != pipeline.Contradicts {
		f.Code = pipeline.CodeWeak
	}
	return f
}

func likely(f pipeline.Finding, h1, h0 float64) pipeline.Finding {
	f.Likelihood = &pipeline.Likelihood{H1: h1, H0: h0}
	return f
}

func TestDefaultRulesAreSound(t *testing.T) {
	t.Parallel()
	if err := score.Default().Check(); err != nil {
		t.Fatal(err)
	}
	if err := score.Default().Covers(questions()); err != nil {
		t.Fatal(err)
	}
}

func TestWeightOfLikelihood(t *testing.T) {
	t.Parallel()
	// r = 0.95: log10((0.95·2+0.05)/(0.95·0.01+0.05)) = log10(1.95/0.0595) = 1.5155, to the thousandth 1.516
	v := fold(likely(finding("where.position", pipeline.Supports, "gps"), 2, 0.01))
	if got := v.Lines[0].Alone; got != 1.516 {
		t.Errorf("weight %v, want 1.516", got)
	}
	// r = 0.994, impossible under H1: log10(0.006/1) = -2.222
	v = fold(likely(finding("when.earliest_post_id", pipeline.Contradicts, "platform_id"), 0, 1))
	if got := v.Lines[0].Alone; got != -2.222 {
		t.Errorf("weight %v, want -2.222", got)
	}
	// P(time) = 1/(1+10^(2.222-0.3828)) = 0.01427, times the untouched P(place) = 0.7071 is 0.0101.
	if v.Status != pipeline.StatusContradicted || v.Score != 1.01 {
		t.Errorf("status %s, score %v", v.Status, v.Score)
	}
}

func TestOneClockIsOneWitness(t *testing.T) {
	t.Parallel()
	a := likely(finding("when.camera_clock", pipeline.Supports, "camera_clock"), 2, 0.01)
	b := likely(finding("when.camera_clock", pipeline.Supports, "camera_clock"), 2, 0.02)
	b.Subject = "media/b.jpg"
	one, two := fold(a), fold(a, b)
	if one.Weight != two.Weight {
		t.Errorf("two stamps of one clock weigh %v, one %v", two.Weight, one.Weight)
	}
	if note := two.Lines[1].Note; note != "same witness as when.camera_clock@media/a.jpg" {
		t.Errorf("note %q", note)
	}
	b.Basis.Of = "another device"
	if apart := fold(a, b); apart.Weight <= one.Weight {
		t.Errorf("two clocks weigh %v, one %v", apart.Weight, one.Weight)
	}
	c := finding("when.file_name", pipeline.Contradicts, "camera_clock")
	if got := fold(a, b, c); !slices.ContainsFunc(got.Lines, func(l pipeline.Line) bool { return l.Weight < 0 }) {
		t.Error("support hides the contradiction of the same witness")
	}
}

func TestContextNeverDecides(t *testing.T) {
	t.Parallel()
	var all []pipeline.Finding
	for i := range 9 { // nine providers of maps
		f := finding("front.operations", pipeline.Supports, fmt.Sprint("map", i))
		f.Subject = fmt.Sprint(i)
		all = append(all, f)
	}
	up := fold(all...)
	if up.Axes[pipeline.AxisContext] != 0.5 || up.Weight != 0.5 {
		t.Errorf("context weighs %v", up.Axes)
	}
	down := fold(finding("front.control", pipeline.Contradicts, "a"))
	if down.Status == pipeline.StatusContradicted || down.Weight < -0.5 {
		t.Errorf("context refuted: %v %v", down.Status, down.Weight)
	}
}

func TestLadder(t *testing.T) {
	t.Parallel()
	gps := likely(finding("where.position", pipeline.Supports, "gps"), 2, 0.001)
	camera := likely(finding("when.camera_clock", pipeline.Supports, "camera_clock"), 2, 0.001)
	shadow := likely(finding("light.shadow", pipeline.Supports, "analyst"), 9, 1)
	place := likely(finding("sources.testimony_place", pipeline.Supports, "testimony"), 8, 1)
	post := likely(finding("sources.poster", pipeline.Supports, "source"), 9, 1)
	other := likely(finding("sources.poster", pipeline.Supports, "another source"), 9, 1)
	other.Subject = "sources[1]"
	all := []pipeline.Finding{gps, camera, shadow, place, post, other}
	if v := fold(all...); v.Status != pipeline.StatusCandidate {
		t.Errorf("status %s (%v bans, reasons %v)", v.Status, v.Weight, v.Reasons)
	}
	in := score.Input{Questions: questions(), Findings: all, Incomplete: []string{"prints: media/a.jpg: died"}}
	if v := score.Fold(score.Default(), in); v.Status != pipeline.StatusCredible || len(v.Incomplete) != 1 {
		t.Errorf("with a failed stage: status %s", v.Status)
	}
	if v := fold(gps, camera, place); v.Status != pipeline.StatusCredible {
		t.Errorf("one basis for when: status %s", v.Status)
	}
	if v := fold(gps, camera, shadow); v.Status != pipeline.StatusUnresolved || !slices.Contains(v.Reasons, score.ReasonUncorroborated) {
		t.Errorf("nobody agrees: status %s %v", v.Status, v.Reasons)
	}
	old := likely(finding("footage.known", pipeline.Contradicts, "pixels"), 0, 1)
	v := fold(append(all, old)...)
	if v.Status != pipeline.StatusContradicted || !cmp.Equal(v.Reasons, []string{"contradicted_by:footage.known"}) {
		t.Errorf("old footage: status %s %v", v.Status, v.Reasons)
	}
	if !slices.ContainsFunc(v.Contradictions, func(c []string) bool { return slices.Equal(c, []string{"claim", "footage.known@media/a.jpg"}) }) {
		t.Errorf("contradictions %v", v.Contradictions)
	}
}

func TestUnresolvedSaysWhy(t *testing.T) {
	t.Parallel()
	stripped := finding("when.camera_clock", pipeline.Unavailable, "")
	stripped.Code = pipeline.CodeMetadataStripped
	v := fold(stripped)
	want := []string{"metadata_stripped", "not_locatable", "not_datable", "weak_evidence", "uncorroborated"}
	if diff := cmp.Diff(want, v.Reasons); diff != "" {
		t.Error(diff)
	}
	if v.Score != 50 || v.Coverage != 0 || v.Words != "no meaningful support either way" {
		t.Errorf("score %v coverage %v words %q", v.Score, v.Coverage, v.Words)
	}
	if len(v.Next) == 0 || v.Next[0].ExpectedBans < v.Next[len(v.Next)-1].ExpectedBans {
		t.Errorf("next %v", v.Next)
	}
}

func TestRulesRoundTripAndRefusals(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(score.Default())
	if err != nil {
		t.Fatal(err)
	}
	back, err := score.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(score.Default(), back); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct{ from, to, want string }{
		{`"prior":0.5`, `"prior":1`, "prior"},
		{`"cap":0.5`, `"cap":1.5`, "cap"},
		{`"supports":1.5`, `"supports":9`, "supports"},
		{`"genuine":0.95`, `"genuine":1`, "genuine"},
		{`"how":"derived"`, `"how":"felt"`, "how"},
		{`"prior"`, `"prieur"`, "prieur"},
		{scaleText, `"scale":"other"`, "scale"},
	} {
		_, err := score.Load([]byte(strings.Replace(string(text), c.from, c.to, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want it to name %s", c.to, err, c.want)
		}
	}
}

const scaleText = `"scale":"whenwhere-verbal-1"`

// drawFindings makes any set of findings over the rules' questions.
func drawFindings(t *rapid.T) []pipeline.Finding {
	table := score.Default().Table
	n := rapid.IntRange(0, 25).Draw(t, "n")
	var out []pipeline.Finding
	for i := range n {
		rule := table[rapid.IntRange(0, len(table)-1).Draw(t, "rule")]
		o := rapid.SampledFrom([]pipeline.Outcome{pipeline.Supports, pipeline.Contradicts, pipeline.Inconclusive, pipeline.Unavailable}).Draw(t, "outcome")
		f := finding(string(rule.Question), o, rapid.SampledFrom([]string{"gps", "camera_clock", "pixels", "analyst", "source"}).Draw(t, "basis"))
		f.Subject = fmt.Sprintf("media/%d.jpg", i)
		if rapid.Bool().Draw(t, "model") {
			f = likely(f, rapid.Float64Range(0, 20).Draw(t, "h1"), rapid.Float64Range(0, 20).Draw(t, "h0"))
		}
		out = append(out, f)
	}
	for i := range out {
		if rapid.IntRange(0, 3).Draw(t, "rests") == 0 {
			on := out[rapid.IntRange(0, n-1).Draw(t, "on")]
			without := likely(finding("front.line", rapid.SampledFrom([]pipeline.Outcome{pipeline.Supports, pipeline.Contradicts, pipeline.Inconclusive}).Draw(t, "without"), ""),
				rapid.Float64Range(0, 20).Draw(t, "h1 without"), rapid.Float64Range(0, 20).Draw(t, "h0 without"))
			out[i].Without = []pipeline.Lacking{{Line: on.ID(), Outcome: without.Outcome, Likelihood: without.Likelihood}}
		}
	}
	return out
}

// assessedWithout is the findings as they would be had what a line rests on never been observed.
func assessedWithout(all []pipeline.Finding, id string) []pipeline.Finding {
	var out []pipeline.Finding
	for _, f := range all {
		if string(f.Question)+"@"+f.Subject == id {
			continue
		}
		for _, w := range f.Without {
			if w.Line == id {
				f.Outcome, f.Likelihood = w.Outcome, w.Likelihood
			}
		}
		out = append(out, f)
	}
	return out
}

// told is the findings that lines tell of.
func told(lines []pipeline.Line) []pipeline.Finding {
	var out []pipeline.Finding
	for _, l := range lines {
		f := pipeline.Finding{Question: l.Question, Subject: l.Subject, Outcome: l.Outcome, Basis: l.Basis, Likelihood: l.Likelihood}
		for _, w := range l.Without {
			f.Without = append(f.Without, w.Lacking)
		}
		out = append(out, f)
	}
	return out
}

func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFindings(t)
		v := fold(f...)
		sum := 0.0 // what a reader adds up who does not trust us
		for _, l := range v.Lines {
			sum += l.Weight
		}
		odds := v.Prior / (1 - v.Prior) * math.Pow(10, sum)
		if got := min(max(100*odds/(1+odds), 0.01), 99.99); math.Abs(got-v.Score) > 0.00501 {
			t.Fatalf("recomputed from the lines %v, score %v", got, v.Score)
		}
		for i, l := range v.Lines {
			if l.Question == "" || len(l.Evidence) == 0 || math.Abs(l.Weight) > math.Abs(l.Alone)+1e-9 {
				t.Fatalf("line %d: %+v", i, l)
			}
		}
		shuffled := rapid.Permutation(f).Draw(t, "order")
		if diff := cmp.Diff(bytesOf(t, v), bytesOf(t, fold(shuffled...))); diff != "" {
			t.Fatalf("order matters: %s", diff)
		}
		if len(f) > 0 {
			twice := append(slices.Clone(f), f[rapid.IntRange(0, len(f)-1).Draw(t, "twice")])
			if diff := cmp.Diff(bytesOf(t, v), bytesOf(t, fold(twice...))); diff != "" {
				t.Fatalf("a finding told twice counts twice: %s", diff)
			}
		}
	})
}

func TestLawSupportNeverLowers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFindings(t)
		before := fold(f...)
		for i := range f {
			if f[i].Outcome != pipeline.Inconclusive {
				continue
			}
			g := slices.Clone(f)
			g[i].Outcome, g[i].Code = pipeline.Supports, ""
			if after := fold(g...); after.Weight < before.Weight {
				t.Fatalf("support for %s lowered the weight from %v to %v", f[i].Question, before.Weight, after.Weight)
			}
		}
	})
}

func TestLawEvidenceAndCoverage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFindings(t)
		before := fold(f...)
		for i := range f {
			gone := slices.Clone(f)
			gone[i].Outcome, gone[i].Code = pipeline.Unavailable, pipeline.CodeMetadataStripped
			without := slices.Delete(slices.Clone(f), i, i+1)
			for _, after := range []pipeline.Verdict{fold(gone...), fold(without...)} {
				if after.Coverage > before.Coverage {
					t.Fatalf("coverage rose from %v to %v without %s", before.Coverage, after.Coverage, f[i].Question)
				}
			}
		}
	})
}

func TestLawUnavailableMovesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFindings(t)
		extra := finding("where.position", pipeline.Unavailable, "")
		extra.Subject = "media/none.jpg"
		a, b := fold(f...), fold(append(slices.Clone(f), extra)...)
		if a.Weight != b.Weight || a.Score != b.Score {
			t.Fatalf("an unavailable answer moved the weight from %v to %v", a.Weight, b.Weight)
		}
		in := score.Input{Incident: "X-1", Questions: questions(), Findings: f, Incomplete: []string{"prints: media/a.jpg: died"}}
		if c := score.Fold(score.Default(), in); c.Weight != a.Weight || len(c.Incomplete) != 1 || c.Status == pipeline.StatusCandidate {
			t.Fatalf("a failed stage: %v %v %v", c.Weight, c.Incomplete, c.Status)
		}
	})
}

func bytesOf(t *rapid.T, v pipeline.Verdict) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Estimates of when files were made travel with the verdict and weigh nothing.
func TestTimesWeighNothing(t *testing.T) {
	t.Parallel()
	in := score.Input{Incident: "X-1", Questions: questions(), Findings: []pipeline.Finding{finding("when.camera_clock", pipeline.Supports, "camera_clock")}}
	plain := score.Fold(score.Default(), in)
	in.Times = []pipeline.Estimate{{Media: "media/a.jpg", Within95: pipeline.Share{Mass: 0.95}}}
	timed := score.Fold(score.Default(), in)
	if diff := cmp.Diff(in.Times, timed.Times); diff != "" {
		t.Error(diff)
	}
	timed.Times = plain.Times
	if diff := cmp.Diff(plain, timed); diff != "" {
		t.Error(diff)
	}
	if plain.Times == nil {
		t.Error("no estimates are an empty list, not null")
	}
}
