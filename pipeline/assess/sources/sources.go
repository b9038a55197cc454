// Package sources asks who else says so, and how independent they are: original posters and witnesses.
//
// It promises that a repost is its original, whether the record says that it is one or its prints and its time do; that
// all posts of one account, and all posts with the same footage, are one witness of it, while a report in words stands
// for itself, and says so where the record has files; and that both sides are weighed alike. A grade of F or 6 means
// that it cannot be judged, which is not the same as bad: such a poster counts beside another, and alone weighs
// nothing, because every claim has a poster. Accounts and addresses never reach a finding; a poster is named by a
// digest.
package sources

import (
	"context"

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
		Name: "sources", Version: "4", Doc: "independent original posters, and testimonies on place and time",
		Asks: []pipeline.Question{
			{ID: askPoster, Text: "An original poster reports the incident, independently of the others.", Scope: pipeline.PerSource},
			{ID: askPlace, Text: "The witness places the event where it is claimed.", Scope: pipeline.PerTestimony},
			{ID: askTime, Text: "The witness dates the event when it is claimed.", Scope: pipeline.PerTestimony},
		},
		Run: run,
	}
}

func run(_ context.Context, in pipeline.Case) ([]pipeline.Finding, error) {
	out, err := posters(in)
	if err != nil {
		return nil, err
	}
	for _, t := range in.Incident.Testimonies {
		out = append(out, testimonyPlace(in.Incident.Claim, t), testimonyTime(in.Incident.Claim, t))
	}
	return out, nil
}
