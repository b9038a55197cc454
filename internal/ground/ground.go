// Package ground answers the front assessor from dated control maps.
//
// It promises that an answer rests on the maps that it is given alone, and names each of them. Distances to the line are
// taken over the whole of the claimed place and time, by the maps that were known at each moment.
package ground

import (
	"time"

	"whenwhere/internal/control"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
)

// Maps implements front.Maps. The zero value is not usable.
type Maps struct{ maps *control.Maps }

// Of answers from these maps.
func Of(maps *control.Maps) Maps { return Maps{maps} }

// Drawn is each provider's map of a moment, to be drawn.
func (m Maps) Drawn(t time.Time) []control.Drawing { return m.maps.Drawn(t) }

// MapName names a map as the evidence of findings does.
func MapName(provider string, asOf time.Time) string {
	return provider + "@" + asOf.UTC().Format(time.RFC3339)
}

// Around implements front.Maps.
func (m Maps) Around(place pipeline.Place, when pipeline.Span) []front.Ground {
	var out []front.Ground
	for _, h := range m.maps.Window(place.Lat, place.Lon, place.RadiusM, when.From, when.To) {
		g := front.Ground{Provider: h.Provider, Allows: map[pipeline.Side]bool{}, MinDistanceM: h.MinDistanceM, StaleDays: h.StaleDays}
		for _, e := range h.Editions {
			g.Editions = append(g.Editions, editionName(e))
		}
		for side, ours := range map[control.Side]pipeline.Side{control.RU: pipeline.SideRU, control.UA: pipeline.SideUA} {
			allowed, known := h.Allows(side)
			g.Allows[ours] = allowed
			g.Known = g.Known || known
		}
		out = append(out, g)
	}
	return out
}

// Changes implements front.Maps. Providers without two editions to compare are left out.
func (m Maps) Changes(place pipeline.Place, radiusM float64, when pipeline.Span) []front.Change {
	var out []front.Change
	for _, c := range m.maps.Operations(place.Lat, place.Lon, radiusM, when.From, when.To) {
		if !c.Found {
			continue
		}
		out = append(out, front.Change{
			Provider: c.Provider, Before: editionName(c.Before), After: editionName(c.After), Complete: c.Complete,
			GainedKm2:    map[pipeline.Side]float64{pipeline.SideRU: c.GainedRUKm2, pipeline.SideUA: c.GainedUAKm2},
			ContestedKm2: c.ContestedKm2, NearestM: c.NearestM, NearestDeg: c.NearestDeg, TowardsDeg: towards(c),
		})
	}
	return out
}

func editionName(e control.Edition) string { return MapName(e.Provider, e.AsOf) }
