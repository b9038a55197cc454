package geo

import (
	"errors"
	"slices"

	"github.com/paulmach/orb"
)

// Region is ground bounded by polygons, indexed for queries: 20 ns for Contains
// and two microseconds for SignedDistanceM on 3,000 vertices.
// It is the union of its polygons; a point on an edge belongs to it. It never
// changes after NewRegion, so any number of goroutines may ask it.
type Region struct {
	parts []part
	grid  *grid
	line  line // the boundary, without seams
}

type part struct {
	box box
	tree
}

// ErrNoPolygon: a region needs at least one polygon.
var ErrNoPolygon = errors.New("geo: region: no polygon")

// NewRegion indexes the union of shapes. Edges between two polygons that both
// belong to it are seams, not boundary: they are left out of every distance.
// Winding does not matter. Shapes must come from Decode or obey its rules.
func NewRegion(shapes ...orb.MultiPolygon) (*Region, error) {
	var segs []segment
	starts := []int32{0}
	for _, shape := range shapes {
		for _, p := range shape {
			if segs = appendSegments(segs, p); len(segs) > int(starts[len(starts)-1]) {
				starts = append(starts, int32(len(segs)))
			}
		}
	}
	if len(segs) == 0 {
		return nil, ErrNoPolygon
	}
	r := &Region{grid: newGrid(segs, starts)}
	for i, end := range starts[1:] {
		t := newTree(segs[starts[i]:end:end])
		r.parts = append(r.parts, part{t.levels[len(t.levels)-1][0], t})
	}
	r.line = newLine(r.boundary())
	return r, nil
}

// Contains tells whether p lies in the region or on its edge.
func (r *Region) Contains(p LatLon) bool { return r.grid.contains(orb.Point{p.Lon, p.Lat}) }

// Nearest is the place on the boundary nearest to p.
func (r *Region) Nearest(p LatLon) LatLon {
	q, _ := r.line.nearest(p)
	return q
}

// SignedDistanceM is the distance in metres from p to the boundary, negative
// inside, 0 on it. Error below 0.1 % (in fact 0.01 % at 50 degrees of latitude)
// within 200 km, growing to about 1 % at 2,000 km.
func (r *Region) SignedDistanceM(p LatLon) float64 {
	d := DistanceM(p, r.Nearest(p))
	if d > 0 && r.Contains(p) {
		return -d
	}
	return d
}

// Interval is a stretch of a parallel, From <= To, degrees of longitude.
type Interval struct{ From, To float64 }

// Row returns the ground of the region along the parallel lat: sorted,
// disjoint. It is how areas of differences are measured without overlaying
// polygons.
func (r *Region) Row(lat float64) []Interval {
	var out []Interval
	r.grid.rows(lat, func(x []float64) {
		slices.Sort(x)
		for k := 1; k < len(x); k += 2 {
			out = append(out, Interval{x[k-1], x[k]})
		}
	})
	return merge(out)
}

// merge sorts intervals and joins those that meet.
func merge(in []Interval) []Interval {
	slices.SortFunc(in, func(a, b Interval) int {
		switch {
		case a.From < b.From:
			return -1
		case a.From > b.From:
			return 1
		}
		return 0
	})
	out := in[:0]
	for _, v := range in {
		if n := len(out); n > 0 && v.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, v.To)
			continue
		}
		out = append(out, v)
	}
	return out
}
