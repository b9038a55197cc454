package trials

import (
	"whenwhere/internal/calibration"
	"whenwhere/pipeline"
)

// Standing is how often a status is right. People act on statuses, which have rules beside the score: a claim is shown to
// people as a candidate, or held to be contradicted.
type Standing struct {
	Status          pipeline.VerdictStatus
	Of              calibration.Bin // the claims that have it
	OfTrue, OfFalse float64         // share of all true claims that have it, and of all false ones
}

// Standings tells of each status that claims of the population have, best first. There are none when the population has
// not both true and false claims.
func (c Court) Standings(p Population) []Standing {
	claims, ok := c.Claims(p, Whole) // all of them, in their order
	if !ok {
		return nil
	}
	var out []Standing
	for _, status := range ladder() {
		var having calibration.Claims
		for i, x := range claims {
			if p.Judged[i].Verdict.Status == status {
				having = append(having, x)
			}
		}
		if len(having) > 0 {
			share := func(truth bool) float64 { return float64(len(having.Of(truth))) / float64(len(claims.Of(truth))) }
			out = append(out, Standing{status, having.Together(prior), share(true), share(false)})
		}
	}
	return out
}

// ladder is the statuses, best first.
func ladder() []pipeline.VerdictStatus {
	return []pipeline.VerdictStatus{pipeline.StatusCandidate, pipeline.StatusCredible, pipeline.StatusUnresolved, pipeline.StatusContradicted}
}

func (c Court) statuses(of []Population) []byte {
	t := newTable("population", "part", "status", "claims", "true", "events", "share_true", "band_from", "band_to", "of_true_claims", "of_false_claims")
	for _, p := range of {
		for _, part := range []Part{Fit, Report, All} {
			for _, s := range c.Standings(p.Of(part)) {
				t.add(p.Name, part, s.Status, s.Of.Cases, s.Of.True, s.Of.Events, s.Of.Share, s.Of.BandLo, s.Of.BandHi, s.OfTrue, s.OfFalse)
			}
		}
	}
	return t.bytes()
}
