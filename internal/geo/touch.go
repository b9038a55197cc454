package geo

import "github.com/paulmach/orb"

// chain is the edges of a polygon, ring after ring, without repeated vertices.
type chain struct {
	segs   []segment
	ringOf []int
	ends   []int // of each ring, in segs
}

func newChain(p orb.Polygon) (c chain) {
	for i, r := range p {
		c.segs = appendSegments(c.segs, orb.Polygon{r})
		for len(c.ringOf) < len(c.segs) {
			c.ringOf = append(c.ringOf, i)
		}
		c.ends = append(c.ends, len(c.segs))
	}
	return c
}

// shared is the vertex that two neighbouring edges of a ring have in common, i < k.
func (c chain) shared(i, k int) (orb.Point, bool) {
	ring := c.ringOf[i]
	first := 0
	if ring > 0 {
		first = c.ends[ring-1]
	}
	switch {
	case c.ringOf[k] != ring:
		return orb.Point{}, false
	case k == i+1:
		return c.segs[k].a, true
	case i == first && k == c.ends[ring]-1:
		return c.segs[i].a, true
	}
	return orb.Point{}, false
}

// touch finds where two edges, i < k, meet other than as neighbours do.
func (c chain) touch(i, k int) (orb.Point, bool) {
	s, u := c.segs[i], c.segs[k]
	corner, neighbours := c.shared(i, k)
	for _, q := range [2]orb.Point{s.a, s.b} {
		if u.holds(q) && !(neighbours && q == corner) {
			return q, true
		}
	}
	for _, q := range [2]orb.Point{u.a, u.b} {
		if s.holds(q) && !(neighbours && q == corner) {
			return q, true
		}
	}
	return orb.Point{}, false
}

// holds tells whether q lies on the edge.
func (s segment) holds(q orb.Point) bool {
	return orient(s.a, s.b, q) == 0 && s.box().meets(segment{q, q}.box())
}

// maxNested bounds the search for holes within holes, which is quadratic in
// them; real maps have up to 17.
const maxNested = 64

// nestedRight: of rings that neither cross nor touch, every hole lies in the
// shell and none in another. ok is false when there are too many to tell.
func nestedRight(p orb.Polygon) (right, ok bool) {
	if len(p) > maxNested {
		return false, false
	}
	for i, hole := range p[1:] {
		if !surrounds(p[0], hole[0]) {
			return false, true
		}
		for k, other := range p[1:] {
			if i != k && surrounds(other, hole[0]) {
				return false, true
			}
		}
	}
	return true, true
}

// surrounds tells whether q, which is not on the ring, lies within it.
func surrounds(r orb.Ring, q orb.Point) (in bool) {
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if a[1] > b[1] {
			a, b = b, a
		}
		if a[1] <= q[1] && q[1] < b[1] && orient(a, b, q) > 0 {
			in = !in
		}
	}
	return in
}
