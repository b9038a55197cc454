// Package when asks whether the clocks that the media and posts state allow the claimed time.
//
// It promises that no clock is collapsed to one instant: a local time without a zone is one reading for each offset
// that a device at the claimed place may have shown, and never UTC by default. Stamps of one clock are one witness.
// Platform ids and publication times are upper bounds: a post older than the claimed window contradicts the claim, a
// later one says next to nothing. Two clocks of one file that disagree are named and decide nothing.
package when

import (
	"context"

	"whenwhere/internal/clock"
	"whenwhere/pipeline"
)

const (
	askCamera    pipeline.QuestionID = "when.camera_clock"
	askGPS       pipeline.QuestionID = "when.gps_clock"
	askContainer pipeline.QuestionID = "when.container_clock"
	askFileName  pipeline.QuestionID = "when.file_name"
	askPostID    pipeline.QuestionID = "when.earliest_post_id"
	askPublished pipeline.QuestionID = "when.earliest_published"
)

// Offsets answers which UTC offsets a device at a place may have shown; *clock.Zones does.
type Offsets interface {
	Candidates(place *clock.LatLon, s clock.Stamp) ([]clock.Candidate, error)
}

// Assessor returns the stage.
func Assessor(offsets Offsets) pipeline.Assessor {
	perMedia := func(id pipeline.QuestionID, text string) pipeline.Question {
		return pipeline.Question{ID: id, Text: text, Scope: pipeline.PerMedia}
	}
	return pipeline.Assessor{
		Name: "when", Version: "1", Doc: "stated clocks and post times against the claimed window",
		Asks: []pipeline.Question{
			perMedia(askCamera, "The camera's clock lies in the claimed window."),
			perMedia(askGPS, "The satellite time lies in the claimed window."),
			perMedia(askContainer, "The recording time in the movie's header lies in the claimed window."),
			perMedia(askFileName, "The time in the file's name lies in the claimed window."),
			{ID: askPostID, Text: "No post of it, dated by its platform's id, is older than the claimed window.", Scope: pipeline.PerIncident},
			{ID: askPublished, Text: "No post of it was published before the claimed window opens.", Scope: pipeline.PerIncident},
		},
		Run: func(_ context.Context, in pipeline.Case) ([]pipeline.Finding, error) { return run(offsets, in) },
	}
}

func run(offsets Offsets, in pipeline.Case) ([]pipeline.Finding, error) {
	out := []pipeline.Finding{earliestPostID(in.Incident), earliestPublished(in.Incident)}
	for _, e := range in.Media {
		if !e.Asked() {
			continue
		}
		stamps, _, err := pipeline.ClocksKey.In(e.Observed)
		if err != nil {
			return nil, err
		}
		for _, c := range clocks() {
			f, err := file{offsets, in.Incident.Claim, e, stamps}.ask(c)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	return out, nil
}

// question ties a question to the clock that answers it.
type question struct {
	id      pipeline.QuestionID
	clock   pipeline.ClockKind
	name    string
	slackMs int64 // how far a sound clock of this kind may stand from the moment of capture, either way
}

// clocks lists the questions asked of each file. The slacks: a camera's clock drifts by a minute between settings; a
// satellite fix may be minutes old when the shutter opens; a movie's header is stamped at the start or the end of the
// recording, and clips of incidents last minutes.
func clocks() []question {
	const minuteMs = 60_000
	return []question{
		{askCamera, pipeline.ClockCamera, "camera clock", minuteMs},
		{askGPS, pipeline.ClockGPS, "satellite time", 5 * minuteMs},
		{askContainer, pipeline.ClockContainer, "recording time", 10 * minuteMs},
		{askFileName, pipeline.ClockFileName, "file name", minuteMs},
	}
}
