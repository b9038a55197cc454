// Package front asks how the claim stands to the front line: could the alleged side be there, how far was the line, and
// did ground change hands near there around then.
//
// It promises that maps never decide. They lag behind events, true footage has appeared before a change of control was
// announced, and groups cross lines; so every edition from some days before to some days after the claim is looked at,
// and the answer is consistent if any of them, or the band along the line, allows it. A place far from the line is no
// evidence against a claim. Providers are named and never averaged; the reasons carry the numbers.
//
// How near the line was, and how much ground changed hands near, weigh as they were measured (package measured): little,
// never against, and by the kind of the event, since strikes reach anywhere. For these two the map counts that was known at
// the time: a map follows events, so a later one may have been drawn from this very footage. Of several providers the one
// that supports least gives the weight. All findings of a claim rest on the same maps and are one witness.
package front

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"whenwhere/pipeline"
	"whenwhere/pipeline/measured"
)

const (
	askControl    pipeline.QuestionID = "front.control"
	askLine       pipeline.QuestionID = "front.line"
	askOperations pipeline.QuestionID = "front.operations"
)

// What "near" and "around then" mean here was chosen on real events by the command that package measured names: of nine
// pairs of radius and days, this one tells events from others best.
const (
	OperationsRadiusM = measured.FrontRadiusM
	OperationsDays    = measured.FrontDays
)

// Ground is what one provider's editions around a claim allow.
type Ground struct {
	Provider     string
	Editions     []string               // names of the editions looked at, oldest first; empty: no data
	Allows       map[pipeline.Side]bool // by side: held or contested the place in an edition, or may have within the margin
	Known        bool                   // some edition says something of the place
	MinDistanceM *float64               // from the place to the line or contested ground in any of them, metres
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
	NearestDeg    *float64                  // its bearing from the place, degrees clockwise from north
	TowardsDeg    map[pipeline.Side]float64 // the direction in which a side's gains lie from the line before; absent without one
}

// Near is how far the line was by one provider's editions in force at the claimed time.
type Near struct {
	Provider string
	Editions []string // their names, oldest first
	Samples  []Sample // places and moments of the claim, each as likely as another; empty: no edition in force draws a line
}

// Sample is one place and moment.
type Sample struct {
	DistanceM float64 // to the edge of ground held by ru, metres, 0 or more
	AgeDays   float64 // of the edition in force at the moment
}

// Maps is what this assessor needs of dated control maps. Answers come sorted by provider.
type Maps interface {
	Around(place pipeline.Place, when pipeline.Span) []Ground
	Near(place pipeline.Place, when pipeline.Span) []Near
	Changes(place pipeline.Place, radiusM float64, when pipeline.Span) []Change
}

// Assessor returns the stage.
func Assessor(maps Maps) pipeline.Assessor {
	return pipeline.Assessor{
		Name: "front", Version: "5", Doc: "the claim against dated control maps",
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
	switch {
	case claim.Kind == pipeline.KindStatement:
		return notAsked(pipeline.CodeNotStated, "it is a statement: who held the place where it was recorded says nothing of it")
	case claim.Where == nil || claim.When == nil:
		return notAsked(pipeline.CodeClaimTooVague, "the claim lacks a place or a time")
	}
	ground := slices.DeleteFunc(maps.Around(*claim.Where, *claim.When), func(g Ground) bool { return len(g.Editions) == 0 })
	near := slices.DeleteFunc(maps.Near(*claim.Where, *claim.When), func(n Near) bool { return len(n.Samples) == 0 })
	findings := []pipeline.Finding{control(claim, ground), line(claim, near, ground), operations(claim, maps)}
	oneWitness(findings)
	return findings
}

// notAsked answers all questions alike for a claim of which they have no sense.
func notAsked(code pipeline.Code, why string) (out []pipeline.Finding) {
	for _, q := range []pipeline.QuestionID{askControl, askLine, askOperations} {
		out = append(out, pipeline.Finding{Question: q, Outcome: pipeline.NotApplicable, Code: code, Reason: why})
	}
	return out
}

// oneWitness gives all findings the maps of all of them as their basis: the line and the ground near it are drawn by the
// same hand, so they must not count twice because one provider has an edition for one question only.
func oneWitness(findings []pipeline.Finding) {
	var names []string
	for _, f := range findings {
		if f.Basis.Of != "" {
			names = append(names, strings.Split(f.Basis.Of, "+")...)
		}
	}
	slices.Sort(names)
	all := strings.Join(slices.Compact(names), "+")
	for i := range findings {
		if findings[i].Basis.Of != "" {
			findings[i].Basis.Of = all
		}
	}
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
		text := fmt.Sprintf("%s (%s%s%s)", g.Provider, pipeline.Counted(len(g.Editions), "edition"), distance(g.MinDistanceM), stale(g.StaleDays))
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

func basis(ground []Ground) pipeline.Basis {
	var names []string
	for _, g := range ground {
		names = append(names, g.Provider)
	}
	return basisOf(names)
}

func basisOf(providers []string) pipeline.Basis {
	return pipeline.Basis{Kind: "control_map", Of: strings.Join(providers, "+")}
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
	return fmt.Sprintf(", %s old at the claim", wholeDays(*days))
}

func wholeDays(days float64) string { return pipeline.Counted(int(math.Round(days)), "day") }
