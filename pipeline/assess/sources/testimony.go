package sources

import (
	"fmt"
	"math"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// The error model of persons, judged: how often somebody of a grade is right. The letter speaks of the source, the digit
// of the information; the worse of the judged halves decides, and hearsay halves the distance to a coin. Under H1 a right
// witness confirms the claim and a wrong one names a place or a time as if at random in the theatre and the horizon.
// Under H0 a wrong witness repeats the claim, and a right one meets it by chance.
const (
	ungraded = 0.6
	theatreM = 300_000.0
	horizon  = 365 * 24 * time.Hour
)

// judged reports whether anything of the grade was judged: F6, and no grade, say nothing.
func judged(g pipeline.Grade) bool { return g != "" && g != "F6" }

// trust gives P(right) for a grade. ok is false for a doubtful one, which is not relied on.
func trust(g pipeline.Grade) (p float64, how string, ok bool) {
	if g == "" {
		return ungraded, "not graded", true
	}
	if !g.Valid() || g.Doubtful() {
		return 0, "", false
	}
	p = 1
	for _, half := range []byte{g[0], g[1]} {
		switch half {
		case 'A', '1':
			p = min(p, 0.95)
		case 'B', '2':
			p = min(p, 0.85)
		case 'C', '3':
			p = min(p, 0.7)
		}
	}
	if p == 1 { // F6: neither half can be judged
		p = ungraded
	}
	return p, "graded " + string(g), true
}

func testimonyPlace(claim pipeline.Claim, t pipeline.Testimony) pipeline.Finding {
	f := pipeline.Finding{Question: askPlace, Subject: pipeline.TestimonySubject(t)}
	switch {
	case claim.Where == nil:
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no place"
	case t.Place == nil:
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeNotStated, "the witness names no place"
		if t.Named != nil {
			f.Reason = "the witness names a place, of which it is not known where it lies: " + found(*t.Named)
		}
	default:
		apart := geo.DistanceM(geo.LatLon{Lat: t.Place.Lat, Lon: t.Place.Lon}, geo.LatLon{Lat: claim.Where.Lat, Lon: claim.Where.Lon})
		reach := t.Place.RadiusM + claim.Where.RadiusM
		f.Reason = fmt.Sprintf("the witness places it %.1f km from the claimed place, within %.1f km where the two still meet", apart/1000, reach/1000)
		if apart > reach {
			f.Reason = fmt.Sprintf("the witness places it %.1f km from the claimed place, beyond %.1f km where the two would meet", apart/1000, reach/1000)
		}
		if t.Named != nil {
			f.Reason += "; it names " + found(*t.Named)
		}
		weigh(&f, t, apart <= reach, math.Min(1, reach*reach/(theatreM*theatreM)))
	}
	return f
}

// found is what a gazetteer made of a name.
func found(n pipeline.NamedPlace) string {
	if n.Found == nil {
		return n.Name + ", which was not looked for in a gazetteer"
	}
	return n.Found.Reason
}

func testimonyTime(claim pipeline.Claim, t pipeline.Testimony) pipeline.Finding {
	f := pipeline.Finding{Question: askTime, Subject: pipeline.TestimonySubject(t)}
	switch {
	case claim.When == nil:
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no time"
	case t.Time == nil:
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeNotStated, "the witness names no time"
	default:
		meets := t.Time.Overlaps(*claim.When)
		f.Reason = fmt.Sprintf("the witness dates it %s, which %s the claimed %s", t.Time, map[bool]string{true: "meets", false: "misses"}[meets], claim.When)
		reach := t.Time.Duration() + claim.When.Duration()
		weigh(&f, t, meets, math.Min(1, reach.Hours()/horizon.Hours()))
	}
	return f
}

// weigh sets outcome and likelihood. byChance is how often a statement as vague as this would meet the claim anyway.
func weigh(f *pipeline.Finding, t pipeline.Testimony, agrees bool, byChance float64) {
	f.Basis = pipeline.Basis{Kind: "testimony", Of: t.ID}
	p, how, ok := trust(t.Grade)
	if !ok {
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, "graded "+string(t.Grade)+": doubtful, not relied on"
		return
	}
	if t.Direct == nil || !*t.Direct {
		p, how = 0.5+(p-0.5)/2, how+", not first-hand"
	}
	f.Reason += " (" + how + ")"
	f.Evidence = []string{f.Subject, "claim"}
	meetsUnder := func(right float64) float64 { return right + (1-right)*byChance }
	h1, h0 := meetsUnder(p), meetsUnder(1-p)
	f.Outcome = pipeline.Supports
	if !agrees {
		f.Outcome, h1, h0 = pipeline.Contradicts, 1-h1, 1-h0
	}
	f.Likelihood = &pipeline.Likelihood{H1: 2 * h1, H0: 2 * h0}
	if byChance == 1 {
		f.Outcome, f.Code, f.Likelihood = pipeline.Inconclusive, pipeline.CodeWeak, nil
		f.Reason += "; too vague to tell"
	}
}
