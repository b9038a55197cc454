package pipeline_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"whenwhere/pipeline"
)

// An assessor that lacks the place is told why there is none: by the claim's name for it.
func TestWhichPlace(t *testing.T) {
	t.Parallel()
	asked := pipeline.Question{ID: "q.one", Text: "?", Scope: pipeline.PerIncident}
	a := pipeline.Assessor{Name: "a", Version: "1", Doc: "d", Asks: []pipeline.Question{asked}, Run: func(_ context.Context, in pipeline.Case) ([]pipeline.Finding, error) {
		f := pipeline.Finding{Question: asked.ID, Outcome: pipeline.NotApplicable, Code: pipeline.CodeClaimTooVague, Reason: "the claim names no place"}
		if in.Incident.Claim.Where != nil {
			f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeNotStated, "nothing"
		}
		return []pipeline.Finding{f}, nil
	}}
	when := &pipeline.Span{From: time.Unix(0, 0).UTC(), To: time.Unix(9, 0).UTC()}
	several := &pipeline.Found{Gazetteer: "abc", Candidates: []string{"osm:1", "osm:2"}, Reason: "2 places have the name"}
	for _, c := range []struct {
		claim  pipeline.Claim
		code   pipeline.Code
		reason string
	}{
		{pipeline.Claim{When: when}, pipeline.CodeClaimTooVague, "the claim names no place"},
		{pipeline.Claim{When: when, Named: &pipeline.NamedPlace{Name: "x", Found: several}}, pipeline.CodePlaceAmbiguous, "of the place it states only a name: 2 places have the name"},
		{pipeline.Claim{Named: &pipeline.NamedPlace{Name: "x", Found: several}}, pipeline.CodeClaimTooVague, "2 places have the name"},
		{pipeline.Claim{When: when, Named: &pipeline.NamedPlace{Name: "x", Found: &pipeline.Found{Reason: "none"}}}, pipeline.CodePlaceUnknown, "only a name: none"},
		{pipeline.Claim{When: when, Named: &pipeline.NamedPlace{Name: "x"}}, pipeline.CodePlaceUnknown, "not looked for in a gazetteer"},
		{pipeline.Claim{When: when, Where: &pipeline.Place{Lon: 37, Lat: 48, RadiusM: 5}, Named: &pipeline.NamedPlace{Name: "x"}}, pipeline.CodeNotStated, "nothing"},
	} {
		findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{a}, pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: c.claim}})
		if err != nil || results[0].Status != pipeline.Done || findings[0].Code != c.code || !strings.HasSuffix(findings[0].Reason, c.reason) {
			t.Errorf("%+v: %+v, %v, %v", c.claim, findings, results, err)
		}
	}
}
