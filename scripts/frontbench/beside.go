package main

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"

	"whenwhere/internal/control"
	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// beside compares the distances of publications with those of the daily map made from each in the night that follows. The
// daily map is one shape; a publication draws the same ground in polygons, and where two of one side do not share their
// vertices a seam is left, as in the table.
func beside(front string, raw, daily *control.Maps, rows []row, out io.Writer) error {
	made, next := days(raw), days(daily)
	lines := map[time.Time]*geo.Region{}
	var all, same, seam int
	for _, r := range rows {
		evening, ok1 := made[r.day]
		night, ok2 := next[r.day.Add(24*time.Hour)]
		if !ok1 || !ok2 {
			continue
		}
		all++
		a, b := raw.At(r.lat, r.lon, evening.AsOf)[0], daily.At(r.lat, r.lon, night.AsOf)[0]
		if math.Abs(*a.DistanceM-*b.DistanceM) <= 1000*nearKm {
			same++
			continue
		}
		if lines[r.day] == nil {
			line, err := heldGround(os.DirFS(filepath.Join(front, "deepstate_raw")), evening.File)
			if err != nil {
				return err
			}
			lines[r.day] = line
		}
		if onSeam(lines[r.day], geo.LatLon{Lat: r.lat, Lon: r.lon}) {
			seam++
		}
	}
	fmt.Fprintf(out, "the distance beside the daily map of the next day: %d of %d within 2 km; %d to a seam that the publication leaves; %d unexplained\n",
		same, all, seam, all-same-seam)
	if all == 0 || same+seam < all {
		return fmt.Errorf("deepstate_raw: %d of %d distances differ from the daily map", all-same-seam, all)
	}
	return nil
}

// onSeam: all around the nearest edge, 100 m off, there is held ground.
func onSeam(held *geo.Region, p geo.LatLon) bool {
	q := held.Nearest(p)
	for bearing := 0.0; bearing < 360; bearing += 45 {
		if !held.Contains(geo.Destination(q, bearing, 100)) {
			return false
		}
	}
	return true
}

// heldGround is what a map draws as held by ru.
func heldGround(fsys fs.FS, name string) (*geo.Region, error) {
	m, err := mapfile.ReadFS(fsys, name, mapfile.Options{})
	if err != nil {
		return nil, err
	}
	var held []orb.MultiPolygon
	for _, g := range m.Ground {
		if g.Side == mapfile.RU {
			held = append(held, g.Shape)
		}
	}
	return geo.NewRegion(held...)
}
