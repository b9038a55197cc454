// Package measured holds what was fitted on real events: curves with a few numbers each, and where they come from. It holds
// nothing of the events themselves.
//
// It promises that a number here was written by the command that is named beside it, on the files whose digests are named
// beside it, and that the command prints the same again. The assessors read the curves, the rules their typical weights.
package measured

import (
	"fmt"
	"math"
)

// Group is what sort of event a curve was fitted on.
type Group string

const (
	Any      Group = "any"       // all events of the list
	OnGround Group = "on_ground" // assaults, captures, troops and armour: somebody was there
	InRange  Group = "in_range"  // shells and small drones
	Strike   Group = "strike"    // aircraft, missiles, rockets
)

// Curve gives a weight in bans, log10 of a likelihood ratio, for a measure from 0 upwards. It is never negative and never
// above Bans: what is far, or still, is no evidence against.
type Curve struct {
	Bans   float64 // the most that it gives
	Scale  float64 // of the measure, in its own unit
	Fit    int     // events that it was fitted on
	Unseen int     // events that it was tried on
}

// Fading is the weight of a distance: most at 0, none far away.
func (c Curve) Fading(x float64) float64 { return c.Bans * math.Exp(-x/c.Scale) }

// Rising is the weight of an amount: none at 0, most for very much.
func (c Curve) Rising(x float64) float64 { return c.Bans * -math.Expm1(-x/c.Scale) }

// Provenance is where the numbers come from.
type Provenance struct {
	Command  string   // that wrote the table
	Date     string   // on which it did
	Events   string   // name of the list, rows and days
	Maps     string   // provider, editions and days
	SHA256   []string // digests: of the list, and one over those of all map files
	H0       string   // what an event was compared with
	Clusters int      // groups of events that share a post or a place; none is split between fitting and trying
}

// String is the provenance in a sentence for the rules.
func (p Provenance) String() string {
	return fmt.Sprintf("Measured by %q on %s (%s) against %s; H0: %s; fitted on one half of %d clusters, tried on the other", p.Command, p.Events, p.Date, p.Maps, p.H0, p.Clusters)
}

// Front is how a claim's distance to the line and the ground gained near it weigh.
type Front struct {
	Provenance Provenance
	// Line gives the weight of the distance to the line in km by the edition in force when the claim begins.
	// It fades with e for each FadeDays that the edition is older than the day that those of the fit were.
	Line     map[Group]Curve
	FadeDays float64
	// Operations gives the weight of the ground in km2 that changed hands within RadiusM, from Days before to Days after.
	RadiusM    float64
	Days       int
	Operations map[Group]Curve
}
