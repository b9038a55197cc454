package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// ContainsByTree is the union of the parts, each asked by its tree of boxes:
// the witness of the grid.
func (r *Region) ContainsByTree(p LatLon) bool {
	for i := range r.parts {
		if r.parts[i].inside(orb.Point{p.Lon, p.Lat}) {
			return true
		}
	}
	return false
}

// inside tells whether p lies in the rings of t by the even-odd rule; a point
// on an edge is inside.
func (t tree) inside(p orb.Point) bool {
	odd, on := false, false
	t.search(box{p[0], p[1], math.Inf(1), p[1]}, func(i int) bool {
		touches, crosses := t.segs[i].ray(p)
		on = touches
		odd = odd != crosses
		return !on
	})
	return on || odd
}

// Bounds are the longitudes and latitudes where cells and strips of the grid
// begin.
func (r *Region) Bounds() (lons, lats []float64) {
	g := r.grid
	for i := range stripsPerCell*g.n + 1 {
		if i <= g.n {
			lons = append(lons, g.box.minLon+float64(i)/g.perLon)
		}
		lats = append(lats, g.box.minLat+float64(i)/g.perStrip)
	}
	return lons, lats
}

// NearestByTrial tries every edge.
func (r *Region) NearestByTrial(p LatLon) (least float64) {
	n := nearest{l: newLocal(p), bestD2: 1e300, bestM: 1e150}
	r.line.each(func(s segment) { n.try(s) })
	return DistanceM(p, LatLon{Lat: n.q[1], Lon: n.q[0]})
}

// Mixed tells whether the grid must look at edges for p.
func (r *Region) Mixed(p LatLon) bool {
	return r.grid.cell(r.grid.column(p.Lon), r.grid.row(p.Lat)) == cellMixed
}

// CommonNodes counts the nodes of the lines of two regions, and those that
// both have.
func CommonNodes(a, b *Region) (all, common int) {
	seen := map[*line]bool{}
	var walk func(n *line, visit func(*line))
	walk = func(n *line, visit func(*line)) {
		visit(n)
		for _, k := range n.kids {
			walk(k, visit)
		}
	}
	walk(a.line, func(n *line) { seen[n] = true })
	walk(b.line, func(n *line) {
		all++
		if seen[n] {
			common++
		}
	})
	return all, common
}

// Collide gives the line of b the hash of the line of a.
func Collide(a, b *Region) { b.line.hash = a.line.hash }
