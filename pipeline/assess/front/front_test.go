package front_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
)

// maps answers with fixed ground and changes.
type maps struct {
	ground  []front.Ground
	near    []front.Near
	changes []front.Change
}

func (m maps) Around(pipeline.Place, pipeline.Span) []front.Ground { return m.ground }

func (m maps) Near(pipeline.Place, pipeline.Span) []front.Near { return m.near }

func (m maps) Changes(place pipeline.Place, radiusM float64, when pipeline.Span) []front.Change {
	if radiusM != max(front.OperationsRadiusM, place.RadiusM) || when.Duration() != time.Hour+2*front.OperationsDays*24*time.Hour {
		panic("asked of another area or time")
	}
	return m.changes
}

func claim() pipeline.Claim {
	from := time.Date(2024, 11, 3, 7, 0, 0, 0, time.UTC)
	return pipeline.Claim{Where: &pipeline.Place{Lon: 37, Lat: 48, RadiusM: 500}, When: &pipeline.Span{From: from, To: from.Add(time.Hour)}, Perpetrator: pipeline.SideRU}
}

func ofKind(k pipeline.Kind) pipeline.Claim {
	c := claim()
	c.Kind = k
	return c
}

func ask(t *testing.T, c pipeline.Claim, m maps) map[pipeline.QuestionID]pipeline.Finding {
	t.Helper()
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{front.Assessor(m)}, pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: c}})
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	out := map[pipeline.QuestionID]pipeline.Finding{}
	for _, f := range findings {
		out[f.Question] = f
	}
	return out
}

func ground(provider string, ru bool, km float64) front.Ground {
	m := km * 1000
	return front.Ground{Provider: provider, Editions: []string{provider + "_1"}, Known: true, Allows: map[pipeline.Side]bool{pipeline.SideRU: ru, pipeline.SideUA: true}, MinDistanceM: &m}
}

func TestControl(t *testing.T) {
	t.Parallel()
	anonymous := claim()
	anonymous.Perpetrator = pipeline.SideUnknown
	blank := ground("a", false, 1)
	blank.Known = false
	for name, c := range map[string]struct {
		claim   pipeline.Claim
		ground  []front.Ground
		outcome pipeline.Outcome
		reason  string
	}{
		"allowed":              {claim(), []front.Ground{ground("a", true, 1)}, pipeline.Supports, "by a (1 edition, line 1.0 km away)"},
		"denied on the ground": {ofKind(pipeline.KindExecution), []front.Ground{ground("a", false, 30)}, pipeline.Contradicts, "maps lag"},
		"denied from afar":     {ofKind(pipeline.KindStrike), []front.Ground{ground("a", false, 80)}, pipeline.Inconclusive, "a strike needs no presence"},
		"denied, kind unknown": {claim(), []front.Ground{ground("a", false, 30)}, pipeline.Inconclusive, "does not say"},
		"providers disagree":   {claim(), []front.Ground{ground("a", true, 1), ground("b", false, 4)}, pipeline.Supports, "not by b"},
		"no maps":              {claim(), nil, pipeline.Unavailable, "no control map"},
		"maps say nothing":     {claim(), []front.Ground{blank}, pipeline.Unavailable, "no control map"},
		"no side named":        {anonymous, []front.Ground{ground("a", true, 1)}, pipeline.NotApplicable, "names no side"},
		"the other side":       {func() pipeline.Claim { c := claim(); c.Perpetrator = pipeline.SideUA; return c }(), []front.Ground{ground("a", false, 1)}, pipeline.Supports, "side ua"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ask(t, c.claim, maps{ground: c.ground})["front.control"]
			if f.Outcome != c.outcome || !strings.Contains(f.Reason, c.reason) {
				t.Errorf("%s: %s", f.Outcome, f.Reason)
			}
		})
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	near := 1200.0
	change := front.Change{Provider: "a", Before: "1", After: "2", Complete: true, GainedKm2: map[pipeline.Side]float64{pipeline.SideRU: 14.2}, NearestM: &near}
	f := ask(t, claim(), maps{changes: []front.Change{change}})["front.operations"]
	if f.Outcome != pipeline.Supports || !strings.Contains(f.Reason, "ru gained 14.2 km2") || !strings.Contains(f.Reason, "1.2 km away") || !strings.Contains(f.Reason, "2024-10-20 to 2024-11-17") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	change.GainedKm2 = nil
	change.Complete = false
	if f := ask(t, claim(), maps{changes: []front.Change{change}})["front.operations"]; f.Outcome != pipeline.Inconclusive || f.Likelihood != nil || !strings.Contains(f.Reason, "do not cover") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	if f := ask(t, claim(), maps{})["front.operations"]; f.Code != pipeline.CodeNoReference {
		t.Errorf("%s: %s", f.Code, f.Reason)
	}
	vague := claim()
	vague.Where = nil
	if f := ask(t, vague, maps{})["front.operations"]; f.Outcome != pipeline.NotApplicable {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

// Who held the place where a statement was recorded says nothing of it.
func TestStatementsAreNotAsked(t *testing.T) {
	t.Parallel()
	m := maps{ground: []front.Ground{ground("a", true, 0)}, changes: []front.Change{{Provider: "a", Before: "1", After: "2", Complete: true}}}
	for id, f := range ask(t, ofKind(pipeline.KindStatement), m) {
		if f.Outcome != pipeline.NotApplicable || !strings.Contains(f.Reason, "statement") {
			t.Errorf("%s: %s: %s", id, f.Outcome, f.Reason)
		}
	}
}
