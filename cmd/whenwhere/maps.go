package main

import (
	"fmt"
	"io/fs"
	"os"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/manifest"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
)

// controlMaps answers the front assessor from the control maps of a case.
type controlMaps struct{ maps *control.Maps }

// loadMaps reads the control maps of the case folder, if it has any.
func loadMaps(root *os.Root, c *manifest.Case) (controlMaps, []error) {
	if !c.Control {
		return controlMaps{&control.Maps{}}, nil
	}
	folder, err := fs.Sub(root.FS(), manifest.ControlDir)
	if err != nil {
		return controlMaps{&control.Maps{}}, []error{fmt.Errorf("%s: %w", manifest.ControlDir, err)}
	}
	maps, faults := control.Load(folder)
	return controlMaps{maps}, faults
}

// Around implements front.Maps.
func (m controlMaps) Around(place pipeline.Place, when pipeline.Span) []front.Ground {
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
func (m controlMaps) Changes(place pipeline.Place, radiusM float64, when pipeline.Span) []front.Change {
	var out []front.Change
	for _, c := range m.maps.Operations(place.Lat, place.Lon, radiusM, when.From, when.To) {
		if !c.Found {
			continue
		}
		out = append(out, front.Change{
			Provider: c.Provider, Before: editionName(c.Before), After: editionName(c.After), Complete: c.Complete,
			GainedKm2:    map[pipeline.Side]float64{pipeline.SideRU: c.GainedRUKm2, pipeline.SideUA: c.GainedUAKm2},
			ContestedKm2: c.ContestedKm2, NearestM: c.NearestM,
		})
	}
	return out
}

func editionName(e control.Edition) string {
	return e.Provider + "@" + e.AsOf.UTC().Format(time.RFC3339)
}
