package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// seams are the polygons of maps that draw the ground of one side in several, each with all of its edges: where two of
// one side meet, the edge is a seam and no line. The table of truth was measured to such seams too.
type seams []drawn // by time

type drawn struct {
	at       time.Time
	polygons []*geo.Region
}

// readSeams reads the ground that the maps of a folder draw as held by ru.
func readSeams(folder string) (seams, error) {
	fsys := os.DirFS(folder)
	files, err := fs.Glob(fsys, "*json")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s: no map: %w", folder, err)
	}
	var out seams
	for _, name := range files {
		m, err := mapfile.ReadFS(fsys, name, mapfile.Options{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(folder), err)
		}
		d := drawn{at: m.AsOf}
		for _, g := range m.Ground {
			if g.Side == mapfile.RU {
				err = errors.Join(err, d.add(g.Shape))
			}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b drawn) int { return a.at.Compare(b.at) })
	return out, nil
}

func (d *drawn) add(shape orb.MultiPolygon) error {
	for _, p := range shape {
		r, err := geo.NewRegion(orb.MultiPolygon{p})
		if err != nil {
			return err
		}
		d.polygons = append(d.polygons, r)
	}
	return nil
}

// nearestKm is how far the nearest edge of any polygon is, by the last map up to the end of the row's day.
func (s seams) nearestKm(r row) float64 {
	i := 0
	for i+1 < len(s) && s[i+1].at.Before(r.day.Add(24*time.Hour)) {
		i++
	}
	least := math.Inf(1)
	for _, p := range s[i].polygons {
		least = min(least, math.Abs(p.SignedDistanceM(geo.LatLon{Lat: r.lat, Lon: r.lon})))
	}
	return least / 1000
}
