// Package light asks whether the light in the footage fits the sun at the claimed place and time: the exposure of a
// photo against the brightest that the sky can be, and shadows, or the sun itself, that an analyst marked against the
// sun's direction and height.
//
// It promises one-sided honesty: a picture too bright for night is strong evidence, a picture too dark for day is weak
// (rooms, shade, filters), and an exposure that fits both says so. Footage of an aftermath may be filmed at any time
// after the claimed one, so its light decides nothing. It reads the claim, the exposure and the marks; never pixels.
package light

import (
	"context"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

const (
	askExposure pipeline.QuestionID = "light.exposure"
	askShadow   pipeline.QuestionID = "light.shadow"
)

// Assessor returns the stage. offsets may be nil when nothing will be run.
func Assessor(offsets moment.Offsets) pipeline.Assessor {
	return pipeline.Assessor{
		Name: "light", Version: "3", Doc: "light in the footage against the sun at the claimed place and time",
		Asks: []pipeline.Question{
			{ID: askExposure, Text: "The exposure is possible under the sun at the claimed place and time.", Scope: pipeline.PerMedia},
			{ID: askShadow, Text: "The marked shadow, or the marked sun, points and measures as the sun makes it at the claimed place and time.", Scope: pipeline.PerMark},
		},
		Run: func(ctx context.Context, in pipeline.Case) ([]pipeline.Finding, error) { return run(ctx, offsets, in) },
	}
}

func run(ctx context.Context, offsets moment.Offsets, in pipeline.Case) ([]pipeline.Finding, error) {
	var out []pipeline.Finding
	for _, e := range in.Media {
		if e.Asked() {
			f, err := exposure(in.Incident.Claim, e)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	judged, err := marks(offsets, in)
	return append(out, judged...), err
}

// unbound answers for footage whose time is not the claimed one.
func unbound(f *pipeline.Finding, role pipeline.Role) bool {
	if role == pipeline.RoleEvent {
		return false
	}
	undecided(f, pipeline.CodeWeak, "footage of the role %s was not necessarily filmed at the claimed time, so its light decides nothing", role)
	return true
}

// vague answers for a claim that lacks what the sun's position needs.
func vague(q pipeline.QuestionID, subject string, c pipeline.Claim) (pipeline.Finding, bool) {
	if c.Where != nil && c.When != nil {
		return pipeline.Finding{}, false
	}
	return pipeline.Finding{Question: q, Subject: subject, Outcome: pipeline.NotApplicable, Code: pipeline.CodeClaimTooVague,
		Reason: "the claim lacks a place or a time, so the sun's position is unknown"}, true
}
