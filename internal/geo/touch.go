package geo

import "github.com/paulmach/orb"

// touch finds where a polygon's rings meet without crossing: a place that one
// passes twice, or a vertex on another edge, of the same ring or of another.
func (left *budget) touch(p orb.Polygon) (LatLon, bool) {
	for _, r := range p {
		if q, ok := passedTwice(r); ok {
			return LatLon{Lat: q[1], Lon: q[0]}, true
		}
	}
	var segs []segment
	var ringOf []int
	for i, r := range p {
		segs = appendSegments(segs, orb.Polygon{r})
		for len(ringOf) < len(segs) {
			ringOf = append(ringOf, i)
		}
	}
	q, ok := left.vertexOnEdge(segs, ringOf)
	return LatLon{Lat: q[1], Lon: q[0]}, ok
}

// passedTwice ignores equal neighbours and the closing position.
func passedTwice(r orb.Ring) (orb.Point, bool) {
	n := len(r) - 1
	for n > 0 && r[n] == r[0] {
		n--
	}
	seen := map[orb.Point]bool{}
	for i, q := range r[:n+1] {
		if i > 0 && q == r[i-1] {
			continue
		}
		if seen[q] {
			return q, true
		}
		seen[q] = true
	}
	return orb.Point{}, false
}

// vertexOnEdge finds a vertex on an edge that neither begins nor ends there; on
// an edge of another ring its ends count too.
func (left *budget) vertexOnEdge(segs []segment, ringOf []int) (at orb.Point, found bool) {
	t := newTree(segs)
	for i, s := range segs {
		q := s.a
		t.search(segment{q, q}.box(), func(k int) bool {
			left.pairs--
			e := segs[k]
			if orient(e.a, e.b, q) == 0 && (ringOf[i] != ringOf[k] || q != e.a && q != e.b) {
				at, found = q, true
			}
			return !found && left.pairs > 0
		})
		if found || left.pairs <= 0 {
			break
		}
	}
	return at, found
}
