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
// daily map is one shape; a publication draws the same ground in polygons, between which seams must not count as line.
func beside(front string, raw, daily *control.Maps, rows []row, out io.Writer) error {
	made, next := days(raw), days(daily)
	pairs := map[time.Time]*pair{}
	counts := map[reason]int{}
	all := 0
	for _, r := range rows {
		evening, ok1 := made[r.day]
		night, ok2 := next[r.day.Add(24*time.Hour)]
		if !ok1 || !ok2 {
			continue
		}
		all++
		if pairs[r.day] == nil {
			p, err := readPair(front, evening.File, night.File)
			if err != nil {
				return err
			}
			pairs[r.day] = p
		}
		a, b := raw.At(r.lat, r.lon, evening.AsOf)[0], daily.At(r.lat, r.lon, night.AsOf)[0]
		counts[pairs[r.day].why(geo.LatLon{Lat: r.lat, Lon: r.lon}, *a.DistanceM, *b.DistanceM)]++
	}
	fmt.Fprintf(out, "the distance beside the daily map of the next day: %d of %d within 0.1 km; farther: %d to a hole that the daily map keeps\n"+
		"of a seam; %d to ground that changed hands between the two; %d unexplained\n",
		counts[same], all, counts[leftHole], counts[moved], counts[unexplained])
	if all == 0 || counts[unexplained] > 0 {
		return fmt.Errorf("deepstate_raw: %d of %d distances differ from the daily map", counts[unexplained], all)
	}
	return nil
}

// reason why two distances of one place differ.
type reason int

const (
	unexplained reason = iota
	same
	leftHole
	moved
)

// sameM is what both maps may differ by: the daily one has fewer decimals and is united by another program.
const sameM = 100

// pair is the ground that a publication and the daily map made from it draw as held by ru.
type pair struct{ raw, daily *geo.Region }

func readPair(front, evening, night string) (*pair, error) {
	raw, err := heldGround(os.DirFS(filepath.Join(front, "deepstate_raw")), evening)
	if err != nil {
		return nil, err
	}
	daily, err := heldGround(os.DirFS(filepath.Join(front, "deepstate_daily")), night)
	return &pair{raw, daily}, err
}

// why looks at the nearest line of the map that says the less, where the other must have none: a line that it lacks with
// ground of both sides around it would be one that we lost.
func (p *pair) why(place geo.LatLon, rawM, dailyM float64) reason {
	if math.Abs(rawM-dailyM) <= sameM {
		return same
	}
	nearer, other := p.raw, p.daily
	if math.Abs(dailyM) < math.Abs(rawM) {
		nearer, other = p.daily, p.raw
	}
	q := nearer.Nearest(place)
	held, around := heldAround(nearer, q), heldAround(other, q)
	switch {
	case held == bearings && nearer == p.daily:
		return leftHole
	case held < bearings && (around == 0 || around == bearings):
		return moved
	}
	return unexplained
}

const bearings = 8

// heldAround counts in how many of the directions there is held ground 100 m off q.
func heldAround(r *geo.Region, q geo.LatLon) (held int) {
	for i := range bearings {
		if r.Contains(geo.Destination(q, float64(i)*360/bearings, sameM)) {
			held++
		}
	}
	return held
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
