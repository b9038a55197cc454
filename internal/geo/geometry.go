package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"whenwhere/internal/strictjson"
)

// geometry reads the members of o by its type; start is where o begins.
func (d *decoder) geometry(o object, start *Error, depth int) (g orb.Geometry, err error) {
	if depth > d.limits.MaxGeometryDepth {
		return nil, refuse(start, RuleGeometryDepth, "geometries nested deeper than %d", d.limits.MaxGeometryDepth)
	}
	read := d.reader(o.typ)
	name := "coordinates"
	if o.typ == "GeometryCollection" {
		name = "geometries"
		read = func() (orb.Geometry, error) { return d.geometries(depth) }
	}
	if read == nil {
		return nil, refuse(start, RuleType, "type %.80q is not a GeoJSON type", o.typ)
	}
	m, ok := o.member(name)
	if !ok {
		return nil, refuse(start, RuleMissing, "a %s without %q", o.typ, name)
	}
	err = d.c.Visit(m, func() error {
		g, err = read()
		return err
	})
	return g, err
}

func (d *decoder) reader(typ string) func() (orb.Geometry, error) {
	switch typ {
	case "Point":
		return func() (orb.Geometry, error) { return d.position() }
	case "MultiPoint":
		return func() (orb.Geometry, error) {
			p, err := list(d, d.position)
			return orb.MultiPoint(p), err
		}
	case "LineString":
		return func() (orb.Geometry, error) { return d.line() }
	case "MultiLineString":
		return func() (orb.Geometry, error) {
			l, err := list(d, d.line)
			return orb.MultiLineString(l), err
		}
	case "Polygon":
		return func() (orb.Geometry, error) { return d.polygon() }
	case "MultiPolygon":
		return func() (orb.Geometry, error) {
			p, err := list(d, d.polygon)
			return orb.MultiPolygon(p), err
		}
	}
	return nil
}

// list reads a non-empty array.
func list[T any](d *decoder, item func() (T, error)) ([]T, error) {
	start := d.mark()
	var out []T
	err := d.c.Array(func(int) error {
		v, err := item()
		out = append(out, v)
		return err
	})
	if err == nil && len(out) == 0 {
		return nil, refuse(start, RuleEmpty, "an empty array has no place")
	}
	return out, err
}

func (d *decoder) geometries(depth int) (orb.Geometry, error) {
	g, err := list(d, func() (orb.Geometry, error) {
		start := d.mark()
		o, err := d.object()
		if err != nil {
			return nil, err
		}
		return d.geometry(o, start, depth+1)
	})
	return orb.Collection(g), err
}

func (d *decoder) line() (orb.LineString, error) {
	start := d.mark()
	p, err := list(d, d.position)
	if err == nil && len(p) < 2 {
		return nil, refuse(start, RuleLine, "a line of one position")
	}
	return orb.LineString(p), err
}

// position reads [lon, lat] or [lon, lat, z]; z is checked and ignored.
func (d *decoder) position() (p orb.Point, err error) {
	if d.doc.Counts.Vertices++; d.doc.Counts.Vertices > d.limits.MaxVertices {
		return p, d.c.Fail(RuleVertices, fmt.Sprintf("more than %d positions", d.limits.MaxVertices))
	}
	kind := d.c.Kind()
	if kind != strictjson.Array {
		return p, d.c.Fail(RulePosition, fmt.Sprintf("%s where a position [lon, lat] is needed", kind))
	}
	start, n := *d.c, 0
	err = d.c.Array(func(i int) error {
		n++
		return d.ordinate(&p, i)
	})
	if err == nil && n < 2 {
		return p, start.Fail(RulePosition, fmt.Sprintf("a position of %d numbers, needs 2 or 3", n))
	}
	return p, err
}

var ordinates = [2]struct {
	name string
	max  float64
}{{"longitude", 180}, {"latitude", 90}}

func (d *decoder) ordinate(p *orb.Point, i int) error {
	if kind := d.c.Kind(); kind != strictjson.Number {
		return d.c.Fail(RulePosition, fmt.Sprintf("%s where a number is needed", kind))
	}
	if i > 2 {
		return d.c.Fail(RulePosition, "a position of more than 3 numbers")
	}
	if i == 2 {
		d.doc.Counts.WithZ++
		_, err := d.c.Float()
		return err
	}
	f, err := d.inRange(ordinates[i].name, ordinates[i].max)
	p[i] = f
	return err
}

func (d *decoder) inRange(name string, limit float64) (float64, error) {
	start := *d.c
	f, err := d.c.Float()
	if err == nil && (f > limit || f < -limit) {
		return 0, start.Fail(RuleRange, fmt.Sprintf("%s %g is outside -%g to %g", name, f, limit, limit))
	}
	return f, err
}

func (d *decoder) polygon() (orb.Polygon, error) {
	at := polygonAt{path: d.c.Path(), line: d.c.Line()}
	rings, err := list(d, d.ring)
	if err != nil {
		return nil, err
	}
	for i, r := range rings {
		d.wind(r, i == 0)
	}
	at.polygon = rings
	d.feature.polygons = append(d.feature.polygons, at)
	return at.polygon, nil
}

func (d *decoder) ring() (orb.Ring, error) {
	if n := d.doc.Counts.Exteriors + d.doc.Counts.Holes; n >= d.limits.MaxRings {
		return nil, d.c.Fail(RuleRings, fmt.Sprintf("more than %d rings", d.limits.MaxRings))
	}
	start := d.mark()
	r, err := list(d, d.position)
	if err != nil {
		return nil, err
	}
	if rule, detail := ringFault(r); rule != "" {
		return nil, refuse(start, rule, "%s", detail)
	}
	return r, nil
}

func ringFault(r orb.Ring) (Rule, string) {
	first, last := r[0], r[len(r)-1]
	if len(r) < 4 {
		return RuleRingLength, fmt.Sprintf("a ring of %d positions, needs 4", len(r))
	}
	if math.Float64bits(first[0]) != math.Float64bits(last[0]) || math.Float64bits(first[1]) != math.Float64bits(last[1]) {
		return RuleRingClosed, fmt.Sprintf("ring is not closed: starts at %v, ends at %v", first, last)
	}
	if n := distinct(r); n < 3 {
		return RuleRingDistinct, fmt.Sprintf("a ring of %d distinct positions, needs 3", n)
	}
	if b := r.Bound(); b.Max[0]-b.Min[0] > 180 {
		return RuleRingWidth, fmt.Sprintf("a ring %g degrees wide: split it at the antimeridian", b.Max[0]-b.Min[0])
	}
	return "", ""
}

// distinct counts different positions up to 3.
func distinct(r orb.Ring) int {
	seen := make([]orb.Point, 0, 3)
next:
	for _, p := range r {
		for _, s := range seen {
			if s == p {
				continue next
			}
		}
		if seen = append(seen, p); len(seen) == 3 {
			break
		}
	}
	return len(seen)
}

// wind records and then normalises the winding of a ring; its role comes from
// its place (first is the exterior), never from the winding.
func (d *decoder) wind(r orb.Ring, exterior bool) {
	c := &d.doc.Counts
	for i := 1; i < len(r); i++ {
		if r[i] == r[i-1] {
			c.RepeatedNeighbours++
		}
	}
	area := twiceArea(r)
	if area == 0 {
		c.FlatRings++
	}
	if exterior {
		c.Exteriors++
		if area < 0 {
			c.ExteriorsClockwise++
			r.Reverse()
		}
		return
	}
	c.Holes++
	if area > 0 {
		c.HolesCounter++
		r.Reverse()
	}
}

// twiceArea is positive for a counter-clockwise ring. Measured from the first
// vertex, so that a small ring far from 0,0 keeps its digits.
func twiceArea(r orb.Ring) (sum float64) {
	o := r[0]
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum
}
