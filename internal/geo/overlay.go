package geo

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// Difference is the ground of a without that of b, Intersection the ground of
// both, by the overlay of simplefeatures: vertices of the inputs stay bit for
// bit, crossings of edges are rounded to the nearest float64. Rings that cross themselves have no ground to compute with and are
// refused. Nothing at all is an empty result, not an error. With slivers and
// near touches in the input the library can give a wrong result without an
// error, so compare areas with another measure where that matters.
func Difference(a, b orb.MultiPolygon) (orb.MultiPolygon, error) {
	return overlay("difference", geom.Difference, a, b)
}

// Intersection is documented at Difference.
func Intersection(a, b orb.MultiPolygon) (orb.MultiPolygon, error) {
	return overlay("intersection", geom.Intersection, a, b)
}

// Union is the ground of a or b, with shared edges dissolved; see Difference.
func Union(a, b orb.MultiPolygon) (orb.MultiPolygon, error) {
	return overlay("union", geom.Union, a, b)
}

func overlay(what string, do func(a, b geom.Geometry) (geom.Geometry, error), a, b orb.MultiPolygon) (orb.MultiPolygon, error) {
	ga, err := united(a)
	if err != nil {
		return nil, fmt.Errorf("geo: %s: first shape: %w", what, err)
	}
	gb, err := united(b)
	if err != nil {
		return nil, fmt.Errorf("geo: %s: second shape: %w", what, err)
	}
	g, err := do(ga, gb)
	if err != nil {
		return nil, fmt.Errorf("geo: %s: %w", what, err)
	}
	return polygonsOf(g), nil
}

// united is a shape as the library wants it. Only polygons that overlap or
// share an edge are united first.
func united(shape orb.MultiPolygon) (geom.Geometry, error) {
	polygons := make([]geom.Polygon, 0, len(shape))
	for i, p := range shape {
		g := toSimple(p)
		if err := g.Validate(); err != nil {
			return geom.Geometry{}, fmt.Errorf("polygon %d: %w", i, err)
		}
		polygons = append(polygons, g)
	}
	if m := geom.NewMultiPolygon(polygons); m.Validate() == nil {
		return m.AsGeometry(), nil
	}
	parts := make([]geom.Geometry, len(polygons))
	for i, p := range polygons {
		parts[i] = p.AsGeometry()
	}
	return geom.UnaryUnion(geom.NewGeometryCollection(parts).AsGeometry())
}

// polygonsOf drops the points and lines in which shapes only touch.
func polygonsOf(g geom.Geometry) (out orb.MultiPolygon) {
	switch g.Type() {
	case geom.TypePolygon:
		if p := g.MustAsPolygon(); !p.IsEmpty() {
			out = append(out, fromSimple(p.ForceCCW()))
		}
	case geom.TypeMultiPolygon:
		m := g.MustAsMultiPolygon()
		for i := range m.NumPolygons() {
			out = append(out, fromSimple(m.PolygonN(i).ForceCCW()))
		}
	case geom.TypeGeometryCollection:
		c := g.MustAsGeometryCollection()
		for i := range c.NumGeometries() {
			out = append(out, polygonsOf(c.GeometryN(i))...)
		}
	default: // points and lines are no ground
	}
	return out
}

func fromSimple(p geom.Polygon) orb.Polygon {
	rings := []geom.LineString{p.ExteriorRing()}
	for i := range p.NumInteriorRings() {
		rings = append(rings, p.InteriorRingN(i))
	}
	out := make(orb.Polygon, 0, len(rings))
	for _, l := range rings {
		c := l.Coordinates()
		ring := make(orb.Ring, c.Length())
		for k := range ring {
			xy := c.GetXY(k)
			ring[k] = orb.Point{xy.X, xy.Y}
		}
		out = append(out, ring)
	}
	return out
}
