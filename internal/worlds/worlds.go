// Package worlds draws invented incidents whose truth is known and whose physics is exact: a place, an instant, a claim about
// both that is true or false, and what the footage left behind, genuine or not.
//
// Every case is drawn from a number alone, so that the same number is the same case on any machine, in any order.
// [Maker.Draw] draws as the rules suppose: place and time are each true with the square root of one half, so that half of the
// claims are true, but for those of graded posters, who are right as often as their grade says; what is false lies anywhere
// in the theatre of 300 km or the year about the claim; and evidence is genuine as often as the rules of package score and
// the models of the assessors say. It states these numbers again, so that a change there shows. [Maker.Lie] draws what liars do instead: claims shifted by an hour or moved by five kilometres, files
// edited to fit the claim, old footage.
//
// What the sun does comes from package solar, offsets from package clock. No file is made: the observations are those that
// the extractors would make.
package worlds

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// Case is an invented incident with one file, and its truth.
type Case struct {
	pipeline.Case
	Known               []footage.Sighting // what an archive of known footage has of the file
	PlaceTrue, TimeTrue bool
}

// Maker draws cases.
type Maker struct {
	zones *clock.Zones
	seed  uint64
}

// New makes cases of a seed.
func New(zones *clock.Zones, seed uint64) Maker { return Maker{zones, seed} }

// Theatre and horizon of what is false, as the assessors take them.
const (
	theatreM = 300_000.0
	horizon  = 365 * 24 * time.Hour
)

// file is the name of the one file of a case, unless a name states a time.
const file = "media/a.jpg"

// world is a case in the making.
type world struct {
	dice
	Case
	claimed pipeline.Place
	window  pipeline.Span
	place   geo.LatLon       // of the camera, in truth
	at      time.Time        // of the exposure, in truth
	grades  []pipeline.Grade // of the claimant, if there is one
	edited  bool             // by somebody who knows the claim: what is not genuine fits it
}

// dice draw for one case.
type dice struct {
	*rand.Rand
	zones *clock.Zones
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

func (d dice) between(lo, hi float64) float64 { return lo + (hi-lo)*d.Float64() }

// log draws between bounds whose orders of magnitude are equally likely.
func (d dice) log(lo, hi float64) float64 { return lo * math.Pow(hi/lo, d.Float64()) }

func (d dice) length(lo, hi time.Duration) time.Duration {
	return time.Duration(d.log(float64(lo), float64(hi))).Truncate(time.Second)
}

// within is an instant of the span.
func (d dice) within(s pipeline.Span) time.Time {
	return s.From.Add(time.Duration(d.Int64N(int64(s.Duration())))).Truncate(time.Millisecond)
}

// near is a point of the disc, each as likely as another.
func (d dice) near(centre geo.LatLon, radiusM float64) geo.LatLon {
	return geo.Destination(centre, d.between(0, 360), radiusM*math.Sqrt(d.Float64()))
}

// Draw is case number n, as the rules suppose.
func (m Maker) Draw(n int) (Case, error) {
	w, c := m.claim(n), usual()
	w.propositions(w.claimant(c))
	w.place, w.at = w.near(centre(w.claimed), w.claimed.RadiusM), w.within(w.window)
	if !w.PlaceTrue {
		w.place = w.elsewhere()
	}
	if !w.TimeTrue {
		w.at = w.anotherTime()
	}
	err := w.leave(c)
	return w.Case, err
}

// propositions draws whether the claim is true, and what of it is false: place and time are as likely to be so.
func (w *world) propositions(credit float64) {
	w.PlaceTrue, w.TimeTrue = true, true
	truth := w.chance(credit)
	for !truth && w.True() {
		w.PlaceTrue, w.TimeTrue = w.chance(math.Sqrt(0.5)), w.chance(math.Sqrt(0.5))
	}
}

// claim is a place in the east and south of Ukraine and some hours of the war.
func (m Maker) claim(n int) *world {
	w := &world{dice: dice{rand.New(rand.NewPCG(m.seed, uint64(n))), m.zones}}
	w.claimed = pipeline.Place{Lat: w.between(47, 50), Lon: w.between(34, 38.5), RadiusM: math.Round(w.log(200, 5000))}
	from := time.Date(2022, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(w.IntN(4*365*24)) * time.Hour)
	widths := []time.Duration{time.Hour, 3 * time.Hour, 12 * time.Hour, 24 * time.Hour, 72 * time.Hour}
	w.window = pipeline.Span{From: from, To: from.Add(widths[w.IntN(len(widths))])}
	w.Incident = pipeline.Incident{ID: fmt.Sprintf("G-%d", n), Claim: pipeline.Claim{Where: &w.claimed, When: &w.window, Kind: pipeline.KindOther},
		Media: []pipeline.MediaRef{{File: file}}}
	w.Media = []pipeline.Exhibit{{Ref: w.Incident.Media[0], Media: &pipeline.Media{}}}
	return w
}

func centre(p pipeline.Place) geo.LatLon { return geo.LatLon{Lat: p.Lat, Lon: p.Lon} }

// elsewhere is a point of the theatre outside of the claimed place.
func (w *world) elsewhere() geo.LatLon {
	for {
		if p := w.near(centre(w.claimed), theatreM); geo.DistanceM(p, centre(w.claimed)) > w.claimed.RadiusM {
			return p
		}
	}
}

// anotherTime is an instant of the year about the claim outside of the claimed window.
func (w *world) anotherTime() time.Time {
	middle := w.window.From.Add(w.window.Duration() / 2)
	year := pipeline.Span{From: middle.Add(-horizon / 2), To: middle.Add(horizon / 2)}
	for {
		if t := w.within(year); t.Before(w.window.From) || !t.Before(w.window.To) {
			return t
		}
	}
}

// True is whether the claim as a whole is.
func (c Case) True() bool { return c.PlaceTrue && c.TimeTrue }
