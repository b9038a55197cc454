package sources

import (
	"math"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// Told is what a person says of one incident.
type Told struct {
	Incident  string
	Testimony pipeline.Testimony
}

// Person is somebody who testifies on several incidents, by pseudonym. Each testimony counts in its own incident, where it
// is one witness; that two incidents rest on one person is for people to weigh, and stands in no score.
type Person struct {
	ID        string     `json:"id"`
	Incidents []string   `json:"incidents"`  // sorted
	FirstHand []string   `json:"first_hand"` // those that the person saw
	Conflicts []Conflict `json:"conflicts"`
}

// Conflict is two incidents that one person cannot have seen both: farther apart than anybody travels in the time between.
type Conflict struct {
	Incidents [2]string `json:"incidents"`
	ApartKm   float64   `json:"apart_km"` // at least, to a tenth: between the edges of both places
	WithinH   float64   `json:"within_h"` // at most, to a tenth: between the farthest moments of both times
}

// travelKmH is faster than anybody gets about in a theatre of war, by road: judged, so that few are accused wrongly.
const travelKmH = 200.0

// Persons lists who testifies on several incidents of one case, sorted; pseudonyms of different cases are not compared.
func Persons(all []Told) []Person {
	by := map[string][]Told{}
	for _, t := range all {
		by[t.Testimony.ID] = append(by[t.Testimony.ID], t)
	}
	out := []Person{}
	for id, told := range by { // sorted below
		slices.SortFunc(told, func(a, b Told) int { return strings.Compare(a.Incident, b.Incident) })
		if len(told) > 1 {
			out = append(out, personOf(id, told))
		}
	}
	slices.SortFunc(out, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func personOf(id string, told []Told) Person {
	p := Person{ID: id, Incidents: []string{}, FirstHand: []string{}, Conflicts: []Conflict{}}
	for i, t := range told {
		p.Incidents = append(p.Incidents, t.Incident)
		if saw(t) {
			p.FirstHand = append(p.FirstHand, t.Incident)
		}
		for _, earlier := range told[:i] {
			if c, ok := conflict(earlier, t); ok {
				p.Conflicts = append(p.Conflicts, c)
			}
		}
	}
	return p
}

func saw(t Told) bool { return t.Testimony.Direct != nil && *t.Testimony.Direct }

// conflict reports whether one person cannot have seen both.
func conflict(a, b Told) (Conflict, bool) {
	x, y := a.Testimony, b.Testimony
	if !saw(a) || !saw(b) || x.Place == nil || y.Place == nil || x.Time == nil || y.Time == nil {
		return Conflict{}, false
	}
	apart := geo.DistanceM(geo.LatLon{Lat: x.Place.Lat, Lon: x.Place.Lon}, geo.LatLon{Lat: y.Place.Lat, Lon: y.Place.Lon}) - x.Place.RadiusM - y.Place.RadiusM
	within := max(farthest(*x.Time, *y.Time), farthest(*y.Time, *x.Time))
	c := Conflict{[2]string{a.Incident, b.Incident}, tenths(apart / 1000), tenths(within.Hours())}
	return c, apart/1000 > travelKmH*within.Hours()
}

// farthest is how long after the beginning of one the other can end.
func farthest(from, to pipeline.Span) time.Duration { return to.To.Sub(from.From) }

func tenths(x float64) float64 { return math.Round(x*10) / 10 }
