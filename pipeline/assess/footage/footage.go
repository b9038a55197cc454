// Package footage asks whether the footage was seen before: in an archive of known footage, or under another incident.
//
// It promises that an appearance before the claimed window is a contradiction with both files, the times, the distance of
// their prints and the seconds that they share in the reason; that pictures too flat to be told apart, and those that look
// like an entry of a negative list, match nothing and say so; that a copy of another file of the same incident is no second
// witness; and that finding nothing means little, because no archive is complete. What it says depends on what the media
// match, and on whether there is an archive at all, never on how much is in it. It compares prints only; it never opens
// a file.
package footage

import (
	"context"
	"fmt"
	"time"

	"whenwhere/pipeline"
)

const (
	askKnown     pipeline.QuestionID = "footage.known"
	askElsewhere pipeline.QuestionID = "footage.elsewhere"
)

// Assessor returns the stage, comparing with what the index holds.
func Assessor(index Index) pipeline.Assessor {
	return pipeline.Assessor{
		Name: "footage", Version: "3", Doc: "earlier appearances of the footage, and other incidents with it",
		Asks: []pipeline.Question{
			{ID: askKnown, Text: "The footage was not seen before the claimed time.", Scope: pipeline.PerMedia},
			{ID: askElsewhere, Text: "The footage is not claimed for another incident that excludes this one.", Scope: pipeline.PerMedia},
		},
		Run: func(ctx context.Context, in pipeline.Case) ([]pipeline.Finding, error) { return run(ctx, index, in) },
	}
}

func run(ctx context.Context, index Index, in pipeline.Case) ([]pipeline.Finding, error) {
	archive, err := index.Archive(ctx)
	if err != nil {
		return nil, err
	}
	var out []pipeline.Finding
	var before []subject
	for _, e := range in.Media {
		if !e.Asked() {
			continue
		}
		s, err := newSubject(ctx, index, in.Incident, e)
		if err != nil {
			return nil, err
		}
		known, elsewhere := s.judge(archive)
		if first, like, ok, err := s.copyOf(before); err != nil {
			return nil, err
		} else if ok {
			depend(&known, first, like)
			depend(&elsewhere, first, like)
		}
		before = append(before, s)
		out = append(out, known, elsewhere)
	}
	return out, nil
}

// judge answers both questions about a subject.
func (s subject) judge(archive bool) (known, elsewhere pipeline.Finding) {
	known = pipeline.Finding{Question: askKnown, Subject: s.exhibit.Subject()}
	elsewhere = pipeline.Finding{Question: askElsewhere, Subject: s.exhibit.Subject()}
	if code, why := s.unusable(); code != "" && len(s.sightings) == 0 {
		known.Outcome, known.Code, known.Reason = pipeline.Unavailable, code, why
		elsewhere.Outcome, elsewhere.Code, elsewhere.Reason = pipeline.Unavailable, code, why
		return known, elsewhere
	}
	s.judgeKnown(&known, archive)
	s.judgeElsewhere(&elsewhere)
	known.Reason += s.leftOut()
	elsewhere.Reason += s.leftOut()
	return known, elsewhere
}

func (s subject) judgeKnown(f *pipeline.Finding, archive bool) {
	when := s.incident.Claim.When
	if when == nil {
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no time"
		return
	}
	f.Basis = pipeline.Basis{Kind: "pixels"}
	f.Evidence = []string{s.exhibit.Evidence(pipeline.PrintsKey.ID, ""), "claim.when"}
	first, dated := earliest(s.sightings)
	undated, found := inArchive(s.sightings)
	switch {
	case dated && first.Entry.SeenBy.Before(when.From):
		f.Outcome = pipeline.Contradicts
		f.Reason = fmt.Sprintf("%s, which was seen by %s, %s before the claimed time opens",
			first.describe(), first.Entry.SeenBy.Format(time.RFC3339), days(when.From.Sub(*first.Entry.SeenBy)))
		f.Evidence = append(s.frames(first), "claim.when")
		f.Likelihood = &pipeline.Likelihood{H1: first.chance(), H0: 1}
	case dated:
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
		f.Reason = fmt.Sprintf("%s, first seen by %s, which is not before the claimed time opens", first.describe(), first.Entry.SeenBy.Format(time.RFC3339))
		f.Evidence = append(s.frames(first), "claim.when")
	case found:
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
		f.Reason = undated.describe() + ", of which nobody says when it was first seen: find that out"
		f.Evidence = append(s.frames(undated), "claim.when")
	case !archive:
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeNoReference, "there is no archive of known footage to compare with"
	default:
		f.Outcome = pipeline.Supports
		f.Reason = "no earlier appearance in the archive of known footage; archives are never complete"
	}
}

// Outdated reports whether the finding speaks of an archive that is not there any more, or of none where there is one.
func Outdated(f pipeline.Finding, archive bool) bool {
	if f.Question != askKnown {
		return false
	}
	return archive && f.Code == pipeline.CodeNoReference || !archive && f.Outcome == pipeline.Supports
}

// earliest is the first dated appearance.
func earliest(seen []Sighting) (first Sighting, found bool) {
	for _, s := range seen {
		if s.Entry.SeenBy != nil && (!found || s.Entry.SeenBy.Before(*first.Entry.SeenBy)) {
			first, found = s, true
		}
	}
	return first, found
}

// inArchive is the first appearance in the archive.
func inArchive(seen []Sighting) (first Sighting, found bool) {
	for _, s := range seen {
		if s.Entry.Incident == "" {
			return s, true
		}
	}
	return Sighting{}, false
}

func (s subject) judgeElsewhere(f *pipeline.Finding) {
	f.Basis = pipeline.Basis{Kind: "pixels"}
	f.Evidence = []string{s.exhibit.Evidence(pipeline.PrintsKey.ID, "")}
	var other *Sighting // the first that does not exclude this claim
	for i, o := range s.sightings {
		switch {
		case o.Entry.Incident == "":
		case excludes(s.incident.Claim, o.Entry.Claim):
			f.Outcome = pipeline.Contradicts
			f.Reason = o.describe() + ", claimed for incident " + o.Entry.Incident + " at another place or time: at most one of the two claims holds"
			f.Evidence = s.frames(o)
			return
		case other == nil:
			other = &s.sightings[i]
		}
	}
	if other != nil {
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeDependent
		f.Reason = other.describe() + ", claimed for incident " + other.Entry.Incident + ", which does not exclude this one: perhaps the same incident"
		f.Evidence = s.frames(*other)
		return
	}
	f.Outcome, f.Reason = pipeline.Supports, "no other incident in the store has this footage"
}

func days(d time.Duration) string {
	if d < 48*time.Hour {
		return fmt.Sprintf("%.1f hours", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}
