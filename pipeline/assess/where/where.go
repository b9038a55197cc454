// Package where asks whether the media were filmed in the claimed place, or with a view of it.
//
// It compares the satellite position of a photo and the position in a movie's header with the claimed disc, both with
// their radii. A position that the file does not state, or states only in part, moves nothing; near the edge of the
// claimed disc the answer is inconclusive.
//
// With a direction and a lens, the position becomes a view: the ground in the frame, up to ViewRangeM. A camera that
// stands beside the claimed place and looks into it does not contradict the claim. Position and direction come from one
// device and are one witness. A drone's recording that states its gimbal and no lens answers as far as no lens could
// change the answer.
//
// Landmarks that an analyst marked on a frame give a position too, by package locate, whatever the file states.
package where

import (
	"context"
	"fmt"
	"math"
	"strings"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

const (
	askPosition  pipeline.QuestionID = "where.position"
	askView      pipeline.QuestionID = "where.view"
	askLandmarks pipeline.QuestionID = "where.landmarks"
)

// The error model. A genuine fix falls beside the truth by a Rayleigh-distributed distance whose 68 % radius is the
// stated accuracy; the tail keeps a floor for cached and reflected fixes. Under H0 the footage comes from anywhere in a
// theatre of theatreM; a bogus position agrees with the claim half the time.
const (
	assumedAccuracyM = 100.0 // where the file states none: phones in the open do better, in ruins worse
	sigmaOf68        = 1.51  // 68 % radius over sigma of a Rayleigh distribution: sqrt(-2 ln 0.32)
	theatreM         = 300_000.0
	insideSigmas     = 2.0
	outsideSigmas    = 5.0
	tailFloor        = 1e-3
	bogusAgrees      = 0.5
)

// Assessor returns the stage.
func Assessor() pipeline.Assessor {
	return pipeline.Assessor{
		Name: "where", Version: "3", Doc: "stated positions, views and landmarks against the claimed place",
		Asks: []pipeline.Question{
			{ID: askPosition, Text: "The position that the file states, in a photo's tags or a movie's header, lies in the claimed place.", Scope: pipeline.PerMedia},
			{ID: askView, Text: "The camera, by the position, direction and lens that the file states, had the claimed place in view.", Scope: pipeline.PerMedia},
			{ID: askLandmarks, Text: "The place of the camera, solved from landmarks marked on the frame, lies in the claimed place.", Scope: pipeline.PerLandmarks},
		},
		Run: run,
	}
}

func run(_ context.Context, in pipeline.Case) ([]pipeline.Finding, error) {
	var out []pipeline.Finding
	for _, e := range in.Media {
		if !e.Asked() {
			continue
		}
		places, _, err := pipeline.PlacesKey.In(e.Observed)
		if err != nil {
			return nil, err
		}
		out = append(out, compare(in.Incident.Claim, e, places)...)
	}
	return append(out, landmarks(in)...), nil
}

// compare answers for one file. Of several stated positions the one farthest from the claim decides: a file that
// contradicts itself must not be read in the claim's favour.
func compare(claim pipeline.Claim, e pipeline.Exhibit, places []pipeline.StatedPlace) []pipeline.Finding {
	f := pipeline.Finding{Question: askPosition, Subject: e.Subject()}
	view := pipeline.Finding{Question: askView, Subject: e.Subject()}
	if claim.Where == nil {
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no place"
		view.Outcome, view.Code, view.Reason = f.Outcome, f.Code, f.Reason
		return []pipeline.Finding{f, view}
	}
	if len(places) == 0 {
		f.Outcome = pipeline.Unavailable
		f.Code, f.Reason = e.Absence("metadata", "usable position")
		f.Reason += defects(e)
		view.Outcome, view.Code, view.Reason = f.Outcome, f.Code, f.Reason
		return []pipeline.Finding{f, view}
	}
	f.Basis = e.Sensor("gps")
	farthest, distance := places[0], -1.0
	for _, p := range places {
		if d := geo.DistanceM(geo.LatLon{Lat: p.Lat, Lon: p.Lon}, geo.LatLon{Lat: claim.Where.Lat, Lon: claim.Where.Lon}); d > distance {
			farthest, distance = p, d
		}
	}
	f.Evidence = []string{e.Evidence(pipeline.PlacesKey.ID, farthest.Field), "claim.where"}
	judge(&f, farthest, distance, claim.Where.RadiusM)
	if judgeView(&view, e, farthest, *claim.Where); view.Outcome == pipeline.Supports && f.Outcome == pipeline.Contradicts {
		f.Outcome, f.Code, f.Likelihood = pipeline.Inconclusive, pipeline.CodeWeak, nil
		f.Reason += "; but it looks into it (" + string(askView) + ")"
	}
	return []pipeline.Finding{f, view}
}

func judge(f *pipeline.Finding, p pipeline.StatedPlace, distanceM, radiusM float64) {
	accuracyM, stated := accuracyOf(p)
	sigmaM := accuracyM / sigmaOf68
	outside := (distanceM - radiusM) / sigmaM
	across := (radiusM + insideSigmas*sigmaM) / theatreM
	byChance := math.Min(1, across*across)
	numbers := fmt.Sprintf("%s lies %s from the centre of the claimed place of radius %s (accuracy %s, %s)",
		p.Field, metres(distanceM), metres(radiusM), metres(accuracyM), stated)
	switch {
	case outside <= insideSigmas:
		f.Outcome, f.Reason = pipeline.Supports, numbers
		f.Likelihood = &pipeline.Likelihood{H1: (1 - tail(insideSigmas)) / bogusAgrees, H0: byChance / bogusAgrees}
	case outside >= outsideSigmas:
		f.Outcome, f.Reason = pipeline.Contradicts, numbers
		f.Likelihood = &pipeline.Likelihood{H1: tail(outside) / (1 - bogusAgrees), H0: (1 - byChance) / (1 - bogusAgrees)}
	default:
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, numbers+": at the edge"
	}
}

func accuracyOf(p pipeline.StatedPlace) (accuracyM float64, how string) {
	if p.AccuracyM != nil {
		return *p.AccuracyM, "stated"
	}
	return assumedAccuracyM, "assumed"
}

// tail is the probability that a genuine fix lies at least that many sigmas beside the truth.
func tail(sigmas float64) float64 { return math.Max(math.Exp(-sigmas*sigmas/2), tailFloor) }

func metres(m float64) string {
	if m >= 10_000 {
		return fmt.Sprintf("%.1f km", m/1000)
	}
	return fmt.Sprintf("%.0f m", m)
}

// defects names the position defects of the file, so that an unusable position is told from an absent one.
func defects(e pipeline.Exhibit) string {
	list, _, err := pipeline.DefectsKey.In(e.Observed)
	if err != nil {
		return ""
	}
	for _, d := range list {
		if strings.Contains(strings.ToUpper(d.Where), "GPS") {
			return "; unused: " + d.Where + ": " + d.Rule
		}
	}
	return ""
}
