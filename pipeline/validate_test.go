package pipeline_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
)

func asker(name string, asks ...pipeline.Question) pipeline.Assessor {
	return pipeline.Assessor{Name: name, Version: "1", Doc: "asks " + name, Asks: asks,
		Run: func(context.Context, pipeline.Case) ([]pipeline.Finding, error) { return nil, nil }}
}

func question(id pipeline.QuestionID, scope pipeline.Scope) pipeline.Question {
	return pipeline.Question{ID: id, Text: "it is so", Scope: scope}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	needs := func(k ...pipeline.KeyID) []pipeline.KeyID { return k }
	nameless := maker("", nil, "a.x")
	versionless := maker("a", nil, "a.x")
	versionless.Version = ""
	docless := maker("a", nil, "a.x")
	docless.Doc = ""
	runless := maker("a", nil, "a.x")
	runless.Run = nil
	silent := asker("q", question("q.x", pipeline.PerMedia))
	silent.Run = nil
	const unset = `name, version, doc and run must all be set`
	cases := []struct {
		name       string
		extractors []pipeline.Extractor
		assessors  []pipeline.Assessor
		want       []string
	}{
		{"nothing", nil, nil, nil},
		{"sound", []pipeline.Extractor{maker("a", nil, "a.x"), maker("b", needs("a.x"), "b.x", "b.y")},
			[]pipeline.Assessor{asker("q", question("q.x", pipeline.PerMedia), question("q.y", pipeline.PerIncident))}, nil},
		{"no name", []pipeline.Extractor{nameless}, nil, []string{`stage "": ` + unset}},
		{"no version", []pipeline.Extractor{versionless}, nil, []string{`stage "a": ` + unset}},
		{"no doc", []pipeline.Extractor{docless}, nil, []string{`stage "a": ` + unset}},
		{"no run", []pipeline.Extractor{runless}, nil, []string{`stage "a": ` + unset}},
		{"no run of an assessor", nil, []pipeline.Assessor{silent}, []string{`stage "q": ` + unset}},
		{"same name", []pipeline.Extractor{maker("a", nil, "a.x"), maker("a", nil, "a.y")}, nil, []string{"stage a is listed twice"}},
		{"same name across kinds", []pipeline.Extractor{maker("a", nil, "a.x")},
			[]pipeline.Assessor{asker("a", question("a.q", pipeline.PerMark))}, []string{"stage a is listed twice"}},
		{"need of a later stage", []pipeline.Extractor{maker("b", needs("a.x"), "b.x"), maker("a", nil, "a.x")}, nil,
			[]string{"stage b needs a.x, which no earlier stage makes"}},
		{"need of its own", []pipeline.Extractor{maker("b", needs("b.x"), "b.x")}, nil,
			[]string{"stage b needs b.x, which no earlier stage makes"}},
		{"same key", []pipeline.Extractor{maker("a", nil, "a.x"), maker("b", nil, "a.x")}, nil,
			[]string{"stage b makes a.x, which stage a makes"}},
		{"makes nothing", []pipeline.Extractor{maker("a", nil)}, nil, []string{"stage a makes nothing"}},
		{"asks nothing", nil, []pipeline.Assessor{asker("q")}, []string{"assessor q asks nothing"}},
		{"same question", nil, []pipeline.Assessor{asker("q", question("q.x", pipeline.PerMedia)), asker("r", question("q.x", pipeline.PerMedia))},
			[]string{"assessor r asks q.x, which assessor q asks"}},
		{"unknown scope", nil, []pipeline.Assessor{asker("q", question("q.x", "village"))},
			[]string{`assessor q: question "q.x": id, text and a known scope must be set`}},
		{"no text", nil, []pipeline.Assessor{asker("q", pipeline.Question{ID: "q.x", Scope: pipeline.PerMedia})},
			[]string{`assessor q: question "q.x": id, text and a known scope must be set`}},
		{"all faults together", []pipeline.Extractor{maker("a", nil), maker("b", needs("c.x"), "b.x")}, []pipeline.Assessor{asker("q")},
			[]string{"stage a makes nothing", "stage b needs c.x", "assessor q asks nothing"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := pipeline.Validate(c.extractors, c.assessors)
			if len(c.want) == 0 {
				if err != nil {
					t.Fatalf("sound stages: %v", err)
				}
				return
			}
			if err == nil {
				t.Fatalf("accepted; want %q", c.want)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error lacks %q:\n%v", w, err)
				}
			}
		})
	}
}

func TestQuestionsAreSorted(t *testing.T) {
	t.Parallel()
	b, a, c := question("b.x", pipeline.PerMedia), question("a.x", pipeline.PerMark), question("c.x", pipeline.PerSource)
	got := pipeline.Questions([]pipeline.Assessor{asker("b", b, a), asker("c", c)})
	if diff := cmp.Diff([]pipeline.Question{a, b, c}, got); diff != "" {
		t.Error(diff)
	}
}
