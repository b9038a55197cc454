package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"

	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// seams are the polygons of maps that draw the ground of one side in several, each with all of its edges: where two of
// one side meet, the edge is a seam and no line. The table of truth was measured to such seams too.
type seams struct{ polygons []*geo.Region }

// readSeams reads the ground that the maps of a folder draw as held by ru.
func readSeams(folder string) (seams, error) {
	fsys := os.DirFS(folder)
	files, err := fs.Glob(fsys, "*json")
	if err != nil || len(files) == 0 {
		return seams{}, fmt.Errorf("%s: no map: %w", folder, err)
	}
	var out seams
	for _, name := range files {
		m, err := mapfile.ReadFS(fsys, name, mapfile.Options{})
		if err != nil {
			return seams{}, fmt.Errorf("%s: %w", filepath.Base(folder), err)
		}
		for _, g := range m.Ground {
			if g.Side == mapfile.RU {
				err = errors.Join(err, out.add(g.Shape))
			}
		}
		if err != nil {
			return seams{}, err
		}
	}
	return out, nil
}

func (s *seams) add(shape orb.MultiPolygon) error {
	for _, p := range shape {
		r, err := geo.NewRegion(orb.MultiPolygon{p})
		if err != nil {
			return err
		}
		s.polygons = append(s.polygons, r)
	}
	return nil
}

// nearestKm is how far the nearest edge of any polygon is.
func (s seams) nearestKm(r row) float64 {
	least := math.Inf(1)
	for _, p := range s.polygons {
		least = min(least, math.Abs(p.SignedDistanceM(geo.LatLon{Lat: r.lat, Lon: r.lon})))
	}
	return least / 1000
}
