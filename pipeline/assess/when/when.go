// Package when asks whether the clocks that the media and posts state allow the claimed time.
//
// It promises that no clock is collapsed to one instant: a local time without a zone is one reading for each offset
// that a device at the claimed place may have shown, and never UTC by default. Stamps of one clock are one witness.
// Platform ids, publication times and archived copies are upper bounds: a post or copy older than the claimed window
// contradicts the claim, a later one says next to nothing. Publication times that contradict the numbers of a channel's
// posts are named, and unused where the other posts outvote them. Two satellite images hold what happened between them.
// Two clocks of one file that disagree are named and decide nothing. Footage of an
// aftermath may be filmed after the claimed window, and not before it.
package when

import (
	"context"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

const (
	askCamera    pipeline.QuestionID = "when.camera_clock"
	askGPS       pipeline.QuestionID = "when.gps_clock"
	askFileName  pipeline.QuestionID = "when.file_name"
	askPostID    pipeline.QuestionID = "when.earliest_post_id"
	askPublished pipeline.QuestionID = "when.earliest_published"
	askArchived  pipeline.QuestionID = "when.earliest_archived"
	askBracket   pipeline.QuestionID = "when.satellite_bracket"
)

// Assessor returns the stage.
func Assessor(offsets moment.Offsets) pipeline.Assessor {
	perMedia := func(id pipeline.QuestionID, text string) pipeline.Question {
		return pipeline.Question{ID: id, Text: text, Scope: pipeline.PerMedia}
	}
	return pipeline.Assessor{
		Name: "when", Version: "3", Doc: "stated clocks, post times, archived copies and satellite brackets against the claimed window",
		Asks: []pipeline.Question{
			perMedia(askCamera, "The recording device's clock, in a photo's tags or a movie's header, lies in the claimed window."),
			perMedia(askGPS, "The satellite time lies in the claimed window."),
			perMedia(askFileName, "The time in the file's name lies in the claimed window."),
			{ID: askPostID, Text: "No post of it, dated by its platform's id, is older than the claimed window.", Scope: pipeline.PerIncident},
			{ID: askPublished, Text: "No post of it was published before the claimed window opens.", Scope: pipeline.PerIncident},
			{ID: askArchived, Text: "No copy of a post of it was archived before the claimed window opens.", Scope: pipeline.PerIncident},
			{ID: askBracket, Text: "What it shows was made between two satellite images, whose times enclose the claimed window or a part of it.", Scope: pipeline.PerBracket},
		},
		Run: func(_ context.Context, in pipeline.Case) ([]pipeline.Finding, error) { return run(offsets, in) },
	}
}

func run(offsets moment.Offsets, in pipeline.Case) ([]pipeline.Finding, error) {
	out := []pipeline.Finding{earliestPostID(in.Incident), earliestPublished(in.Incident), earliestArchived(in.Incident)}
	out = append(out, brackets(in)...)
	for _, e := range in.Media {
		if !e.Asked() {
			continue
		}
		x, err := moment.NewFile(offsets, in.Incident.Claim, e)
		if err != nil {
			return nil, err
		}
		for _, q := range questions() {
			f, err := file{x}.ask(q)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	return out, nil
}

// question ties a question to the clocks that answer it.
type question struct {
	id     pipeline.QuestionID
	clocks []pipeline.ClockKind
	key    pipeline.KeyID // where the stamps are observed
	stage  string         // which stage observes them
	name   string
	// bogusFits is how often a bogus stamp fits the claim all the same: half the time for clocks that were never set or
	// set at will, mostly for names, because people name files after what they are said to show.
	bogusFits float64
}

func questions() []question {
	return []question{
		{askCamera, []pipeline.ClockKind{pipeline.ClockCamera, pipeline.ClockContainer}, pipeline.ClocksKey.ID, "metadata", "recording time", 0.5},
		{askGPS, []pipeline.ClockKind{pipeline.ClockGPS}, pipeline.ClocksKey.ID, "metadata", "satellite time", 0.5},
		{askFileName, []pipeline.ClockKind{pipeline.ClockFileName}, pipeline.NameClocksKey.ID, "name", "time in its name", 0.8},
	}
}
