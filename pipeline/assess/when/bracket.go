package when

import (
	"fmt"
	"slices"

	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// bracketFits is how often a wrong bracket fits the claim all the same: as often as not.
const bracketFits = 0.5

// leastRatio is how much likelier the claim must make a bracket than chance does before it is more than inconclusive.
const leastRatio = 2.0

// brackets compares each satellite bracket with the window: what the two images lie around happened between them. Under
// H1 the event was at any moment of the window, each as likely as another; under H0 at any of the horizon.
func brackets(in pipeline.Case) []pipeline.Finding {
	var out []pipeline.Finding
	for i, b := range in.Incident.Brackets {
		f := pipeline.Finding{Question: askBracket, Subject: pipeline.BracketSubject(i), Evidence: []string{pipeline.BracketSubject(i), "claim.when"},
			Basis: pipeline.Basis{Kind: "analyst", Of: b.By}}
		judgeBracket(&f, in, b)
		out = append(out, f)
	}
	return out
}

func judgeBracket(f *pipeline.Finding, in pipeline.Case, b pipeline.Bracket) {
	between, readable := moment.BracketSet(b)
	k := slices.IndexFunc(in.Media, func(e pipeline.Exhibit) bool { return e.Ref.File == b.Media })
	when := in.Incident.Claim.When
	switch {
	case when == nil:
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no time"
	case !readable:
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeNotStated, "between the two images is no time that can be"
	case k < 0 || in.Media[k].Media == nil:
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeMediaMissing, "the file that shows it is not there"
	case !in.Media[k].Asked():
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, "footage kept for context says nothing of the event"
	default:
		compareBracket(f, between, timeset.FromTimes(when.From, when.To))
	}
}

func compareBracket(f *pipeline.Finding, between, window timeset.Set) {
	ends, _ := between.Bounds()
	share := float64(between.Intersect(window).Measure()) / float64(window.Measure())
	byChance := min(1, float64(between.Measure()+window.Measure())/float64(horizonMs))
	what := fmt.Sprintf("what the images show was made between %s and %s", instant(ends.Lo), instant(ends.Hi))
	switch {
	case share == 0:
		f.Outcome = pipeline.Contradicts
		f.Likelihood = &pipeline.Likelihood{H1: 0, H0: (1 - byChance) / (1 - bracketFits)}
		w, _ := window.Bounds()
		f.Reason = fmt.Sprintf("%s, %s from the claimed window", what, off(max(ends.Lo-w.Hi, w.Lo-ends.Hi)))
	case share < leastRatio*byChance:
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
		f.Reason = fmt.Sprintf("%s, which holds %.0f %% of the claimed window: too wide apart to tell it from other times", what, 100*share)
	default:
		f.Outcome = pipeline.Supports
		f.Likelihood = &pipeline.Likelihood{H1: share / bracketFits, H0: byChance / bracketFits}
		f.Reason = fmt.Sprintf("%s, which holds %.0f %% of the claimed window", what, 100*share)
	}
}
