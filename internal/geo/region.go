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
	shape orb.MultiPolygon
	parts []part
	grid  *grid
	line  *line // the boundary, without seams
	gaps  *line // edges of gaps between polygons, which are none of it
}

type part struct {
	box box
	tree
}

// ErrNoPolygon: a region needs at least one polygon.
var ErrNoPolygon = errors.New("geo: region: no polygon")

// NewRegion indexes the union of shapes. Edges between two polygons that both
// belong to it are seams, not boundary: they are left out of every distance,
// and so are both edges of a gap of up to 250 m between two polygons. Contains
// says of the gap what is drawn: outside; of a place there the distance is to
// the edge of the gap, for it is as near to held ground as that.
// Winding does not matter. Shapes must come from Decode or obey its rules.
func NewRegion(shapes ...orb.MultiPolygon) (*Region, error) {
	var segs []segment
	starts := []int32{0}
	whole := slices.Concat(shapes...)
	for _, p := range whole {
		if segs = appendSegments(segs, p); len(segs) > int(starts[len(starts)-1]) {
			starts = append(starts, int32(len(segs)))
		}
	}
	if len(segs) == 0 {
		return nil, ErrNoPolygon
	}
	r := &Region{shape: whole, grid: newGrid(segs, starts)}
	for i, end := range starts[1:] {
		t := newTree(segs[starts[i]:end:end])
		r.parts = append(r.parts, part{t.levels[len(t.levels)-1][0], t})
	}
	kept, gaps := r.boundary()
	r.line, r.gaps = newLine(kept), newLine(gaps)
	return r, nil
}

// Contains tells whether p lies in the region or on its edge.
func (r *Region) Contains(p LatLon) bool { return r.grid.contains(orb.Point{p.Lon, p.Lat}) }

// Shape is what the region was made of; it must not be changed.
func (r *Region) Shape() orb.MultiPolygon { return r.shape }

// Equal tells whether both regions were made of the same edges in the same
// order.
func (r *Region) Equal(o *Region) bool {
	return slices.Equal(r.grid.starts, o.grid.starts) && slices.Equal(r.grid.segs, o.grid.segs)
}

// Line is the boundary as edges in no order that means anything, each of two
// positions: what distances are measured to, for drawing.
func (r *Region) Line() []orb.LineString {
	var out []orb.LineString
	r.line.each(func(s segment) { out = append(out, orb.LineString{s.a, s.b}) })
	return out
}

// HasLine is false for a region of which Facing left no boundary; nothing may
// ask that one for a distance.
func (r *Region) HasLine() bool { return r.line != nil }

// Facing is the region with only that part of its boundary beyond which, stepM
// away, lies land: a coast or the rim of a map is no line between two sides.
// Each edge is cut where it meets the border of land and judged at the middle
// of the piece; a step above 0 is for outlines of two hands, which never lie
// exactly on one another.
func (r *Region) Facing(land *Region, stepM float64) *Region {
	out := &Region{shape: r.shape, parts: r.parts, grid: r.grid, gaps: r.gaps}
	var kept []segment
	r.line.each(func(s segment) {
		for _, piece := range s.cut(land.cuts(s)) {
			if outside, ok := r.beyond(piece, stepM); !ok || land.Contains(outside) {
				kept = append(kept, piece)
			}
		}
	})
	out.line = newLine(kept)
	return out
}

// cuts is where along s the edges of r meet it.
func (r *Region) cuts(s segment) (out []float64) {
	for i := range r.parts {
		p := &r.parts[i]
		p.search(s.box(), func(k int) bool {
			out = append(out, cutsOf(s, p.segs[k])...)
			return true
		})
	}
	return out
}

// beyond is the place stepM (at least sideStepDeg) off the middle of s, on the
// side that is not of the region; ok is false when neither or both are.
func (r *Region) beyond(s segment, stepM float64) (p LatLon, ok bool) {
	left, right := s.beside(sideStepDeg)
	in, out := left, right
	if r.Contains(right) {
		in, out = right, left
	}
	if !r.Contains(in) || r.Contains(out) {
		return LatLon{}, false
	}
	if stepM <= 0 {
		return out, true
	}
	az, ok := AzimuthDeg(in, out)
	return Destination(out, az, stepM), ok
}

// Nearest is the place on the boundary nearest to p; for p in a gap between two
// polygons (see NewRegion) the nearer of that and the edge of the gap.
func (r *Region) Nearest(p LatLon) LatLon {
	q, _ := r.line.nearest(p)
	if r.gaps == nil || r.Contains(p) {
		return q
	}
	edge, _ := r.gaps.nearest(p)
	if d := DistanceM(p, edge); d <= gapM && d < DistanceM(p, q) {
		return edge
	}
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
func (r *Region) Row(lat float64) []Interval { return merge(r.grid.appendRow(nil, lat)) }

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
