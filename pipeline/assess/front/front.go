// Package front asks how the claim stands to the front line: could the alleged side be there, how far was the line, and
// did ground change hands near there around then.
//
// It promises that maps never decide. They lag behind events, true footage has appeared before a change of control was
// announced, and groups cross lines; so every edition from some days before to some days after the claim is looked at,
// and the answer is consistent if any of them, or the band along the line, allows it. A place far from the line is no
// evidence against a claim. Providers are named and never averaged; the reasons carry the numbers.
package front

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/pipeline"
)

const (
	askControl    pipeline.QuestionID = "front.control"
	askLine       pipeline.QuestionID = "front.line"
	askOperations pipeline.QuestionID = "front.operations"
)

// What "near" and "around then" mean here. Three quarters of geolocated ground incidents of autumn 2024 lay within
// 5 km of the line; 10 km leaves room for the maps' own error. Ground is compared a week to either side within 20 km.
const (
	NearLineM         = 10_000.0
	OperationsRadiusM = 20_000.0
	OperationsDays    = 7
	// noticeableKm2 is the least change that counts: below it lies the redrawing of a line.
	noticeableKm2 = 0.5
)

// Ground is what one provider's editions around a claim allow.
type Ground struct {
	Provider     string
	Editions     []string               // names of the editions looked at, oldest first; empty: no data
	Allows       map[pipeline.Side]bool // by side: held or contested the place in an edition, or may have within the margin
	Known        bool                   // some edition says something of the place
	MinDistanceM *float64               // from the place to the line or contested ground, metres
	StaleDays    *float64               // how much older than the claim the edition in force is
}

// Change is ground that changed hands near the claim between two editions of one provider.
type Change struct {
	Provider      string
	Before, After string // names of the two editions
	Complete      bool   // they enclose the days asked for
	GainedKm2     map[pipeline.Side]float64
	ContestedKm2  float64
	NearestM      *float64
}

// Maps is what this assessor needs of dated control maps. Answers come sorted by provider.
type Maps interface {
	Around(place pipeline.Place, when pipeline.Span) []Ground
	Changes(place pipeline.Place, radiusM float64, when pipeline.Span) []Change
}

// Assessor returns the stage.
func Assessor(maps Maps) pipeline.Assessor {
	return pipeline.Assessor{
		Name: "front", Version: "2", Doc: "the claim against dated control maps",
		Asks: []pipeline.Question{
			{ID: askControl, Text: "The alleged side held or contested the claimed place around the claimed time, or may have.", Scope: pipeline.PerIncident},
			{ID: askLine, Text: "The claimed place lay near the line.", Scope: pipeline.PerIncident},
			{ID: askOperations, Text: "Ground changed hands near the claimed place around the claimed time.", Scope: pipeline.PerIncident},
		},
		Run: func(_ context.Context, in pipeline.Case) ([]pipeline.Finding, error) {
			return run(maps, in.Incident.Claim), nil
		},
	}
}

func run(maps Maps, claim pipeline.Claim) []pipeline.Finding {
	if claim.Where == nil || claim.When == nil {
		var out []pipeline.Finding
		for _, q := range []pipeline.QuestionID{askControl, askLine, askOperations} {
			out = append(out, pipeline.Finding{Question: q, Outcome: pipeline.NotApplicable, Code: pipeline.CodeClaimTooVague, Reason: "the claim lacks a place or a time"})
		}
		return out
	}
	ground := slices.DeleteFunc(maps.Around(*claim.Where, *claim.When), func(g Ground) bool { return len(g.Editions) == 0 })
	return []pipeline.Finding{control(claim, ground), line(ground), operations(claim, maps)}
}

func noMaps(q pipeline.QuestionID, why string) pipeline.Finding {
	return pipeline.Finding{Question: q, Outcome: pipeline.Unavailable, Code: pipeline.CodeNoReference, Reason: why}
}

func control(claim pipeline.Claim, ground []Ground) pipeline.Finding {
	side := claim.Perpetrator
	if side != pipeline.SideRU && side != pipeline.SideUA {
		return pipeline.Finding{Question: askControl, Outcome: pipeline.NotApplicable, Code: pipeline.CodeNotStated, Reason: "the claim names no side whose presence could be compared"}
	}
	known := slices.DeleteFunc(slices.Clone(ground), func(g Ground) bool { return !g.Known })
	if len(known) == 0 {
		return noMaps(askControl, "no control map around the claimed time says who held the place")
	}
	f := pipeline.Finding{Question: askControl, Basis: basis(known), Evidence: evidence(known)}
	var allow, deny []string
	for _, g := range known {
		text := fmt.Sprintf("%s (%d editions%s%s)", g.Provider, len(g.Editions), distance(g.MinDistanceM), stale(g.StaleDays))
		if g.Allows[side] {
			allow = append(allow, text)
		} else {
			deny = append(deny, text)
		}
	}
	f.Outcome, f.Reason = pipeline.Supports, fmt.Sprintf("side %s held, contested or may have reached the place by %s", side, strings.Join(allow, ", "))
	if len(allow) > 0 {
		if len(deny) > 0 {
			f.Reason += "; not by " + strings.Join(deny, ", ")
		}
		return f
	}
	denied(&f, claim, strings.Join(deny, ", "))
	return f
}

// denied answers when no provider lets the side be there. It speaks against claims that need presence on the ground, and
// against no other.
func denied(f *pipeline.Finding, claim pipeline.Claim, by string) {
	f.Reason = fmt.Sprintf("the place lies outside ground that side %s held or contested by %s", claim.Perpetrator, by)
	f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
	switch needs, known := claim.Kind.OnGround(); {
	case needs:
		f.Outcome, f.Code = pipeline.Contradicts, ""
		f.Reason += "; groups cross lines and maps lag"
	case known:
		f.Reason += fmt.Sprintf("; a %s needs no presence there", claim.Kind)
	default:
		f.Reason += "; the claim does not say whether its kind needs presence there"
	}
}

func line(ground []Ground) pipeline.Finding {
	var measured []Ground
	for _, g := range ground {
		if g.MinDistanceM != nil {
			measured = append(measured, g)
		}
	}
	if len(measured) == 0 {
		return noMaps(askLine, "no control map around the claimed time draws a line")
	}
	f := pipeline.Finding{Question: askLine, Basis: basis(measured), Evidence: evidence(measured)}
	nearest := measured[0]
	for _, g := range measured {
		if *g.MinDistanceM < *nearest.MinDistanceM {
			nearest = g
		}
	}
	km := *nearest.MinDistanceM / 1000
	if *nearest.MinDistanceM <= NearLineM {
		f.Outcome, f.Reason = pipeline.Supports, fmt.Sprintf("the line or contested ground was %.1f km away by %s", km, nearest.Provider)
		return f
	}
	f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
	f.Reason = fmt.Sprintf("the line was %.1f km away by %s; incidents far from it are real", km, nearest.Provider)
	return f
}

func operations(claim pipeline.Claim, maps Maps) pipeline.Finding {
	around := pipeline.Span{From: claim.When.From.AddDate(0, 0, -OperationsDays), To: claim.When.To.AddDate(0, 0, OperationsDays)}
	changes := maps.Changes(*claim.Where, OperationsRadiusM, around)
	if len(changes) == 0 {
		return noMaps(askOperations, "no provider has two control maps around the claimed time to compare")
	}
	f := pipeline.Finding{Question: askOperations}
	var texts, providers []string
	moved := 0.0
	for _, c := range changes {
		texts = append(texts, c.describe())
		providers = append(providers, c.Provider)
		f.Evidence = append(f.Evidence, "control/"+c.Before, "control/"+c.After)
		moved = max(moved, c.GainedKm2[pipeline.SideRU]+c.GainedKm2[pipeline.SideUA]+c.ContestedKm2)
	}
	f.Basis = pipeline.Basis{Kind: "control_map", Of: strings.Join(providers, "+")}
	f.Reason = fmt.Sprintf("within %.0f km, from %s to %s: %s", OperationsRadiusM/1000, around.From.Format(time.DateOnly), around.To.Format(time.DateOnly), strings.Join(texts, "; "))
	f.Outcome = pipeline.Supports
	if moved < noticeableKm2 {
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
	}
	return f
}

func (c Change) describe() string {
	text := fmt.Sprintf("%s: ru gained %.1f km2, ua %.1f km2, newly contested %.1f km2", c.Provider, c.GainedKm2[pipeline.SideRU], c.GainedKm2[pipeline.SideUA], c.ContestedKm2)
	if c.NearestM != nil {
		text += fmt.Sprintf(", the nearest %.1f km away", *c.NearestM/1000)
	}
	if !c.Complete {
		text += " (its maps do not cover all of these days)"
	}
	return text
}

func basis(ground []Ground) pipeline.Basis {
	var names []string
	for _, g := range ground {
		names = append(names, g.Provider)
	}
	return pipeline.Basis{Kind: "control_map", Of: strings.Join(names, "+")}
}

func evidence(ground []Ground) []string {
	out := []string{"claim.where", "claim.when"}
	for _, g := range ground {
		for _, e := range g.Editions {
			out = append(out, "control/"+e)
		}
	}
	return out
}

func distance(m *float64) string {
	if m == nil {
		return ""
	}
	return fmt.Sprintf(", line %.1f km away", *m/1000)
}

func stale(days *float64) string {
	if days == nil || *days < 1 {
		return ""
	}
	return fmt.Sprintf(", %.0f days old at the claim", *days)
}
