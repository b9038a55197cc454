// Package sources asks who else says so, and how independent they are: original posters and witnesses.
//
// It promises that a repost is its original, that all posts of one account are one witness, and that both sides are
// weighed alike. Accounts and addresses never reach a finding; a poster is named by a digest. A grade of F or 6 means
// that it cannot be judged, which is not the same as bad.
package sources

import (
	"context"
	"fmt"

	"whenwhere/pipeline"
)

const (
	askPoster pipeline.QuestionID = "sources.poster"
	askPlace  pipeline.QuestionID = "sources.testimony_place"
	askTime   pipeline.QuestionID = "sources.testimony_time"
)

// Assessor returns the stage.
func Assessor() pipeline.Assessor {
	return pipeline.Assessor{
		Name: "sources", Version: "2", Doc: "independent original posters, and testimonies on place and time",
		Asks: []pipeline.Question{
			{ID: askPoster, Text: "An original poster reports the incident, independently of the others.", Scope: pipeline.PerSource},
			{ID: askPlace, Text: "The witness places the event where it is claimed.", Scope: pipeline.PerTestimony},
			{ID: askTime, Text: "The witness dates the event when it is claimed.", Scope: pipeline.PerTestimony},
		},
		Run: run,
	}
}

func run(_ context.Context, in pipeline.Case) ([]pipeline.Finding, error) {
	var out []pipeline.Finding
	for i := range in.Incident.Sources {
		out = append(out, poster(in.Incident, i))
	}
	for _, t := range in.Incident.Testimonies {
		out = append(out, testimonyPlace(in.Incident.Claim, t), testimonyTime(in.Incident.Claim, t))
	}
	return out, nil
}

func poster(in pipeline.Incident, i int) pipeline.Finding {
	s := in.Sources[i]
	f := pipeline.Finding{Question: askPoster, Subject: pipeline.SourceSubject(i)}
	if s.RepostOf != nil {
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeDependent, "a repost counts as its original: "+original(in.Sources, *s.RepostOf)
		return f
	}
	f.Basis = Poster(s)
	p, how, ok := trust(s.Grade)
	switch {
	case !ok:
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, "graded "+string(s.Grade)+": doubtful, not relied on"
	case in.Claim.When != nil && s.Published != nil && s.Published.Before(in.Claim.When.From):
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, "published before the claimed time, so it cannot report this event"
	default:
		f.Outcome, f.Evidence = pipeline.Supports, []string{f.Subject}
		f.Reason = fmt.Sprintf("original post by a source of %s (%s)", side(s.Side), how)
		f.Likelihood = &pipeline.Likelihood{H1: 2 * p, H0: 2 * (1 - p)}
	}
	return f
}

func side(s pipeline.Side) string {
	if s == "" || s == pipeline.SideUnknown {
		return "unknown side"
	}
	return "side " + string(s)
}

func original(all []pipeline.Source, address string) string {
	for i, s := range all {
		if s.URL == address {
			return pipeline.SourceSubject(i)
		}
	}
	return "a post that is not in the record"
}
