package pipeline_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
)

var clockQuestion = question("when.clock", pipeline.PerMedia)

func supports(q pipeline.QuestionID, subject string) pipeline.Finding {
	return pipeline.Finding{Question: q, Subject: subject, Outcome: pipeline.Supports, Reason: "12 s inside",
		Evidence: []string{"metadata.clocks"}, Basis: pipeline.Basis{Kind: "camera_clock"}}
}

// twoMedia is a case with an event, its aftermath and a file for reference, of which nothing is asked.
func twoMedia() pipeline.Case {
	refs := []pipeline.MediaRef{{File: "a.jpg"}, {File: "map.png", Role: pipeline.RoleContext}, {File: "b.jpg", Role: pipeline.RoleAftermath}}
	c := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Media: refs}}
	for _, r := range refs {
		c.Media = append(c.Media, pipeline.Exhibit{Ref: r})
	}
	return c
}

func answering(f ...pipeline.Finding) pipeline.Assessor {
	a := asker("when", clockQuestion)
	a.Run = func(context.Context, pipeline.Case) ([]pipeline.Finding, error) { return f, nil }
	return a
}

func TestAssessNeedsEachAnswerOnce(t *testing.T) {
	t.Parallel()
	a, b := supports("when.clock", "a.jpg"), supports("when.clock", "b.jpg")
	cases := []struct {
		name  string
		made  []pipeline.Finding
		cause string // empty when done
	}{
		{"complete", []pipeline.Finding{b, a}, ""},
		{"none", nil, "2 of its questions have no answer"},
		{"one missing", []pipeline.Finding{a}, "1 of its questions have no answer"},
		{"one twice", []pipeline.Finding{a, b, a}, `when.clock about "a.jpg" is not asked for, or given twice`},
		{"context media is not asked", []pipeline.Finding{a, b, supports("when.clock", "map.png")}, `about "map.png" is not asked for`},
		{"unknown subject", []pipeline.Finding{a, b, supports("when.clock", "")}, `about "" is not asked for`},
		{"question of another", []pipeline.Finding{a, b, supports("where.gps", "a.jpg")}, `where.gps about "a.jpg" is not asked for`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			other := asker("other", question("other.x", pipeline.PerIncident))
			other.Run = func(context.Context, pipeline.Case) ([]pipeline.Finding, error) {
				return []pipeline.Finding{supports("other.x", "")}, nil
			}
			findings, results, err := pipeline.Assess(t.Context(), []pipeline.Assessor{answering(c.made...), other}, twoMedia())
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"other.x ", "when.clock a.jpg", "when.clock b.jpg"}
			if c.cause != "" {
				want = want[:1]
				if r := results[0]; r.Status != pipeline.Failed || r.Retry || !strings.Contains(r.Cause, c.cause) {
					t.Errorf("result %+v, want a permanent failure: %s", r, c.cause)
				}
			} else if results[0].Status != pipeline.Done {
				t.Errorf("result %+v, want done", results[0])
			}
			if results[1].Status != pipeline.Done {
				t.Errorf("the other assessor: %+v", results[1])
			}
			var got []string
			for _, f := range findings {
				got = append(got, string(f.Question)+" "+f.Subject)
				if f.Assessor == "" || f.Version != "1" {
					t.Errorf("%s is signed by %q %q", f.Question, f.Assessor, f.Version)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAssessRefusesUnsoundFindings(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*pipeline.Finding)
		cause  string // empty when sound
	}{
		{"sound", func(*pipeline.Finding) {}, ""},
		{"unavailable with its code", func(f *pipeline.Finding) {
			*f = pipeline.Finding{Question: f.Question, Subject: f.Subject, Outcome: pipeline.Unavailable, Code: pipeline.CodeNoReference, Reason: "none"}
		}, ""},
		{"likelihood", func(f *pipeline.Finding) { f.Likelihood = &pipeline.Likelihood{H1: 3, H0: 0} }, ""},
		{"zero outcome", func(f *pipeline.Finding) { f.Outcome = "" }, `outcome ""`},
		{"unknown outcome", func(f *pipeline.Finding) { f.Outcome = "maybe" }, `outcome "maybe"`},
		{"no reason", func(f *pipeline.Finding) { f.Reason = "" }, "no reason"},
		{"no evidence", func(f *pipeline.Finding) { f.Evidence = nil }, "supports without evidence"},
		{"contradicts without evidence", func(f *pipeline.Finding) { f.Outcome, f.Evidence = pipeline.Contradicts, nil }, "contradicts without evidence"},
		{"no basis", func(f *pipeline.Finding) { f.Basis = pipeline.Basis{Of: "x"} }, "supports without a basis"},
		{"inconclusive without a code", func(f *pipeline.Finding) { f.Outcome = pipeline.Inconclusive }, "inconclusive without a code"},
		{"not applicable without a code", func(f *pipeline.Finding) { f.Outcome = pipeline.NotApplicable }, "not_applicable without a code"},
		{"negative likelihood", func(f *pipeline.Finding) { f.Likelihood = &pipeline.Likelihood{H1: -1, H0: 1} }, "likelihood"},
		{"likelihood of nothing", func(f *pipeline.Finding) { f.Likelihood = &pipeline.Likelihood{H1: math.NaN(), H0: 1} }, "likelihood"},
		{"without another line", func(f *pipeline.Finding) {
			f.Without = []pipeline.Lacking{{Line: "when.other", Outcome: pipeline.Contradicts, Likelihood: &pipeline.Likelihood{H1: 1, H0: 3}}}
		}, ""},
		{"without no line", func(f *pipeline.Finding) { f.Without = []pipeline.Lacking{{Outcome: pipeline.Contradicts}} }, "no line"},
		{"without a line, no answer", func(f *pipeline.Finding) { f.Without = []pipeline.Lacking{{Line: "when.other"}} }, `without "when.other": outcome ""`},
		{"without a line, what cannot be", func(f *pipeline.Finding) {
			f.Without = []pipeline.Lacking{{Line: "when.other", Outcome: pipeline.Supports, Likelihood: &pipeline.Likelihood{H1: math.NaN()}}}
		}, `without "when.other": likelihood`},
		{"deciding only without a line", func(f *pipeline.Finding) {
			f.Outcome, f.Code, f.Evidence = pipeline.Inconclusive, pipeline.CodeWeak, nil
			f.Without = []pipeline.Lacking{{Line: "when.other", Outcome: pipeline.Supports}}
		}, "supports without evidence and basis"},
		{"endless likelihood", func(f *pipeline.Finding) { f.Likelihood = &pipeline.Likelihood{H1: 1, H0: math.Inf(1)} }, "likelihood"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, b := supports("when.clock", "a.jpg"), supports("when.clock", "b.jpg")
			c.change(&a)
			findings, results, err := pipeline.Assess(t.Context(), []pipeline.Assessor{answering(a, b)}, twoMedia())
			if err != nil {
				t.Fatal(err)
			}
			if c.cause == "" {
				if len(findings) != 2 || results[0].Status != pipeline.Done {
					t.Errorf("%d findings, %+v", len(findings), results[0])
				}
				return
			}
			if r := results[0]; len(findings) != 0 || r.Status != pipeline.Failed || r.Retry || !strings.Contains(r.Cause, c.cause) {
				t.Errorf("%d findings, %+v; want the failure %q", len(findings), r, c.cause)
			}
		})
	}
}

func TestAssessFailuresAreTyped(t *testing.T) {
	t.Parallel()
	broken := asker("when", clockQuestion)
	broken.Run = func(context.Context, pipeline.Case) ([]pipeline.Finding, error) {
		return []pipeline.Finding{supports("when.clock", "a.jpg")}, errors.New("maps are away")
	}
	skipped := asker("front", question("front.x", pipeline.PerIncident))
	skipped.Run = func(context.Context, pipeline.Case) ([]pipeline.Finding, error) { return nil, pipeline.Skip("no maps") }
	findings, results, err := pipeline.Assess(t.Context(), []pipeline.Assessor{broken, skipped}, twoMedia())
	if err != nil || len(findings) != 0 {
		t.Fatalf("%d findings, %v", len(findings), err)
	}
	want := []pipeline.StageResult{
		{Stage: "when", Version: "1", Status: pipeline.Failed, Cause: "maps are away", Retry: true},
		{Stage: "front", Version: "1", Status: pipeline.Skipped, Cause: "no maps"},
	}
	if diff := cmp.Diff(want, results); diff != "" {
		t.Error(diff)
	}
}

func TestAssessStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	a := asker("when", clockQuestion)
	a.Run = func(context.Context, pipeline.Case) ([]pipeline.Finding, error) {
		cancel()
		return []pipeline.Finding{supports("when.clock", "a.jpg"), supports("when.clock", "b.jpg")}, nil
	}
	findings, results, err := pipeline.Assess(ctx, []pipeline.Assessor{a}, twoMedia())
	if !errors.Is(err, context.Canceled) || findings != nil || results != nil {
		t.Errorf("%v %v %v; want the error of the context alone", findings, results, err)
	}
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	c := pipeline.Case{Incident: example(t), Media: twoMedia().Media}
	c.Incident.Landmarks = make([]pipeline.Landmarks, 2)
	want := map[pipeline.Scope][]string{
		pipeline.PerIncident:  {""},
		pipeline.PerMedia:     {"a.jpg", "b.jpg"},
		pipeline.PerSource:    {"sources[0]"},
		pipeline.PerTestimony: {"testimonies/W-17"},
		pipeline.PerMark:      {"marks[0]"},
		pipeline.PerBracket:   {"brackets[0]"},
		pipeline.PerLandmarks: {"landmarks[0]", "landmarks[1]"},
		"village":             nil,
	}
	for scope, subjects := range want {
		if diff := cmp.Diff(subjects, c.Subjects(scope)); diff != "" {
			t.Errorf("%s: %s", scope, diff)
		}
	}
}

// The order of assessors and of their answers never shows in what comes out.
func TestFindingsComeInOneOrder(t *testing.T) {
	t.Parallel()
	var all []pipeline.Finding
	for _, q := range []pipeline.QuestionID{"a.x", "b.x"} {
		for _, s := range []string{"", "a.jpg", "b.jpg"} {
			for _, b := range []string{"camera_clock", "gps"} {
				f := supports(q, s)
				f.Basis.Kind = b
				all = append(all, f)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		mixed := rapid.Permutation(all).Draw(t, "mixed")
		pipeline.SortFindings(mixed)
		if diff := cmp.Diff(all, mixed); diff != "" {
			t.Fatal(diff)
		}
	})
}
