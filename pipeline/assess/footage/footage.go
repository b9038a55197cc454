// Package footage asks whether the footage was seen before: in an archive of known footage, or under another incident.
//
// It promises that an appearance before the claimed window is a contradiction with both files, the times and the
// distance of their prints in the reason; that pictures too flat to be told apart match nothing and say so; and that
// finding nothing means little, because no archive is complete. It compares prints only; it never opens a file.
package footage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

const (
	askKnown     pipeline.QuestionID = "footage.known"
	askElsewhere pipeline.QuestionID = "footage.elsewhere"
)

// chanceMatch is P(a print this near by chance | the footage is new), for near prints; equal bytes leave no chance.
const chanceMatch = 1e-4

// Index finds appearances of footage. It must return them in a fixed order.
type Index interface {
	// Sightings lists the entries that hold the same bytes or a near print.
	Sightings(ctx context.Context, id pipeline.MediaID, prints []pipeline.Print) ([]Sighting, error)
	// Archived is the number of archive entries to compare with.
	Archived() int
}

// Assessor returns the stage, comparing with what the index holds.
func Assessor(index Index) pipeline.Assessor {
	return pipeline.Assessor{
		Name: "footage", Version: "2", Doc: "earlier appearances of the footage, and other incidents with it",
		Asks: []pipeline.Question{
			{ID: askKnown, Text: "The footage was not seen before the claimed time.", Scope: pipeline.PerMedia},
			{ID: askElsewhere, Text: "The footage is not claimed for another incident that excludes this one.", Scope: pipeline.PerMedia},
		},
		Run: func(ctx context.Context, in pipeline.Case) ([]pipeline.Finding, error) { return run(ctx, index, in) },
	}
}

func run(ctx context.Context, index Index, in pipeline.Case) ([]pipeline.Finding, error) {
	var out []pipeline.Finding
	for _, e := range in.Media {
		if !e.Asked() {
			continue
		}
		known := pipeline.Finding{Question: askKnown, Subject: e.Subject()}
		elsewhere := pipeline.Finding{Question: askElsewhere, Subject: e.Subject()}
		seen, usable, err := sightings(ctx, index, in.Incident.ID, e)
		if err != nil {
			return nil, err
		}
		if code, why := unusable(e, usable); code != "" && len(seen) == 0 {
			known.Outcome, known.Code, known.Reason = pipeline.Unavailable, code, why
			elsewhere.Outcome, elsewhere.Code, elsewhere.Reason = pipeline.Unavailable, code, why
		} else {
			judgeKnown(&known, in.Incident, e, seen, index.Archived())
			judgeElsewhere(&elsewhere, in.Incident, e, seen)
		}
		out = append(out, known, elsewhere)
	}
	return out, nil
}

// sightings are the appearances outside the incident: its own files are no news.
func sightings(ctx context.Context, index Index, incident string, e pipeline.Exhibit) (seen []Sighting, usable []pipeline.Print, err error) {
	if e.Media == nil {
		return nil, nil, nil
	}
	prints, _, err := pipeline.PrintsKey.In(e.Observed)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range prints {
		if !p.Flat {
			usable = append(usable, p)
		}
	}
	seen, err = index.Sightings(ctx, e.Media.ID, usable)
	return slices.DeleteFunc(seen, func(s Sighting) bool { return s.Entry.Incident == incident }), usable, err
}

// unusable says why there are no prints to compare. Equal bytes are found without.
func unusable(e pipeline.Exhibit, usable []pipeline.Print) (pipeline.Code, string) {
	if len(usable) > 0 {
		return "", ""
	}
	if e.Observed.Has(pipeline.PrintsKey.ID) {
		return pipeline.CodePrintTooFlat, "every picture in it is too flat to be told from other flat pictures"
	}
	return e.Absence("prints", "picture that could be compared")
}

func judgeKnown(f *pipeline.Finding, in pipeline.Incident, e pipeline.Exhibit, seen []Sighting, archived int) {
	when := in.Claim.When
	if when == nil {
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no time"
		return
	}
	f.Basis = pipeline.Basis{Kind: "pixels"}
	f.Evidence = []string{e.Evidence(pipeline.PrintsKey.ID, ""), "claim.when"}
	first, found := earliest(seen)
	switch {
	case found && first.Entry.SeenBy.Before(when.From):
		f.Outcome = pipeline.Contradicts
		f.Reason = fmt.Sprintf("%s, which was seen by %s, %s before the claimed time opens",
			first.describe(), first.Entry.SeenBy.Format(time.RFC3339), days(when.From.Sub(*first.Entry.SeenBy)))
		f.Evidence = append(f.Evidence, first.Entry.Name)
		f.Likelihood = &pipeline.Likelihood{H1: first.chance(), H0: 1}
	case found:
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
		f.Reason = fmt.Sprintf("%s, first seen by %s, which is not before the claimed time opens", first.describe(), first.Entry.SeenBy.Format(time.RFC3339))
	case archived == 0:
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeNoReference, "there is no archive of known footage to compare with"
	default:
		f.Outcome = pipeline.Supports
		f.Reason = fmt.Sprintf("no earlier appearance among %d files of known footage; archives are never complete", archived)
	}
}

// earliest is the first dated appearance.
func earliest(seen []Sighting) (Sighting, bool) {
	var first Sighting
	found := false
	for _, s := range seen {
		if s.Entry.SeenBy != nil && (!found || s.Entry.SeenBy.Before(*first.Entry.SeenBy)) {
			first, found = s, true
		}
	}
	return first, found
}

func judgeElsewhere(f *pipeline.Finding, in pipeline.Incident, e pipeline.Exhibit, seen []Sighting) {
	f.Basis = pipeline.Basis{Kind: "pixels"}
	f.Evidence = []string{e.Evidence(pipeline.PrintsKey.ID, "")}
	others := slices.DeleteFunc(slices.Clone(seen), func(s Sighting) bool { return s.Entry.Incident == "" })
	for _, s := range others {
		if excludes(in.Claim, s.Entry.Claim) {
			f.Outcome = pipeline.Contradicts
			f.Reason = s.describe() + ", claimed for incident " + s.Entry.Incident + " at another place or time: at most one of the two claims holds"
			f.Evidence = append(f.Evidence, s.Entry.Incident+"/"+s.Entry.Name)
			return
		}
	}
	if len(others) > 0 {
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeDependent
		f.Reason = others[0].describe() + ", claimed for incident " + others[0].Entry.Incident + ", which does not exclude this one: perhaps the same incident"
		return
	}
	f.Outcome, f.Reason = pipeline.Supports, "no other incident in the store has this footage"
}

// excludes reports whether two claims cannot be about the same moment and place.
func excludes(a, b pipeline.Claim) bool {
	if a.When != nil && b.When != nil && !a.When.Overlaps(*b.When) {
		return true
	}
	if a.Where == nil || b.Where == nil {
		return false
	}
	apart := geo.DistanceM(geo.LatLon{Lat: a.Where.Lat, Lon: a.Where.Lon}, geo.LatLon{Lat: b.Where.Lat, Lon: b.Where.Lon})
	return apart > a.Where.RadiusM+b.Where.RadiusM
}

func days(d time.Duration) string {
	if d < 48*time.Hour {
		return fmt.Sprintf("%.1f hours", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}
