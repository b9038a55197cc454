package geo

import (
	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// FlawKind says what is wrong with a polygon that was read nevertheless.
type FlawKind string

// SelfCrossing: two edges cross. BadRings: the rings do not make one polygon
// (a ring touches itself, a hole lies outside its shell, the interior is in two pieces).
// Unchecked: too large or too dense to tell in bounded time.
const (
	SelfCrossing FlawKind = "self-crossing"
	BadRings     FlawKind = "bad-rings"
	Unchecked    FlawKind = "unchecked"
)

// Flaw is a defect that is flagged, never repaired: dropping half of a bow-tie
// would change who held which ground.
type Flaw struct {
	Kind   FlawKind
	Path   string  // of the polygon
	Line   int     // where the polygon starts
	At     *LatLon // where edges cross or a ring touches itself; nil when the flaw has no one place
	Detail string
}

// Bounds on the work for one document. A real map of 60,000 vertices needs
// under 1 million edge pairs; a hostile zigzag of 1 million vertices needs
// 10^12. The index of simplefeatures turns quadratic on a zigzag that ours
// still handles (20,000 edges: 3.3 s), so it gets a bound of its own.
const (
	maxPairs          = 20_000_000
	maxSimpleVertices = 100_000
)

type budget struct{ pairs, vertices int }

// Flaws looks for defects in every polygon of the document, the first one of
// each. Crossings are found by our own search, because simplefeatures tells
// that a ring crosses itself but names the ring's first vertex, not the place.
func (d *Document) Flaws() []Flaw {
	var out []Flaw
	left := budget{maxPairs, maxSimpleVertices}
	for _, f := range d.Features {
		for _, p := range f.polygons {
			if flaw, found := left.flawOf(p.polygon); found {
				flaw.Path, flaw.Line = p.path, p.line
				out = append(out, flaw)
			}
		}
	}
	return out
}

// flawOf asks simplefeatures only about polygons whose rings touch, or that
// have very many: of the others crossing and nesting say all.
func (left *budget) flawOf(p orb.Polygon) (Flaw, bool) {
	c := newChain(p)
	m := left.firstMeeting(c)
	switch {
	case m.crosses:
		return Flaw{Kind: SelfCrossing, At: &m.at, Detail: "edges cross"}, true
	case left.pairs <= 0:
		return Flaw{Kind: Unchecked, Detail: "too many edges lie over one another"}, true
	}
	if right, ok := nestedRight(p); ok && right && !m.touches {
		return Flaw{}, false
	}
	if left.vertices -= len(c.segs); left.vertices < 0 {
		return Flaw{Kind: Unchecked, Detail: "no edges cross; too many vertices to look for rings that touch"}, true
	}
	if err := toSimple(p).Validate(); err != nil {
		flaw := Flaw{Kind: BadRings, Detail: err.Error()}
		if m.touches {
			flaw.At = &m.at
		}
		return flaw, true
	}
	return Flaw{}, false
}

// meeting is where edges cross; else where the first ones touch.
type meeting struct {
	crosses, touches bool
	at               LatLon
}

func (left *budget) firstMeeting(c chain) (m meeting) {
	t := newTree(c.segs)
	for i, s := range t.segs {
		t.search(s.box(), func(k int) bool {
			left.pairs--
			if k <= i {
				return left.pairs > 0
			}
			if at, ok := crossing(s, t.segs[k]); ok {
				m.at, m.crosses = at, true
			} else if !m.touches {
				var q orb.Point
				if q, m.touches = c.touch(i, k); m.touches {
					m.at = LatLon{Lat: q[1], Lon: q[0]}
				}
			}
			return !m.crosses && left.pairs > 0
		})
		if m.crosses || left.pairs <= 0 {
			break
		}
	}
	return m
}

// crossing: each segment has its ends strictly on both sides of the other.
func crossing(s, u segment) (LatLon, bool) {
	d1, d2 := orient(u.a, u.b, s.a), orient(u.a, u.b, s.b)
	d3, d4 := orient(s.a, s.b, u.a), orient(s.a, s.b, u.b)
	if !opposite(d1, d2) || !opposite(d3, d4) {
		return LatLon{}, false
	}
	q := s.at(d1 / (d1 - d2))
	return LatLon{Lat: q[1], Lon: q[0]}, true
}

func opposite(a, b float64) bool { return a > 0 && b < 0 || a < 0 && b > 0 }

func orient(a, b, p orb.Point) float64 {
	return (b[0]-a[0])*(p[1]-a[1]) - (p[0]-a[0])*(b[1]-a[1])
}

func toSimple(p orb.Polygon) geom.Polygon {
	rings := make([]geom.LineString, 0, len(p))
	for _, r := range p {
		flat := make([]float64, 0, 2*len(r))
		for _, q := range r {
			flat = append(flat, q[0], q[1])
		}
		rings = append(rings, geom.NewLineString(geom.NewSequence(flat, geom.DimXY)))
	}
	return geom.NewPolygon(rings)
}
