package mapfile

import (
	"fmt"

	"github.com/paulmach/orb"

	"whenwhere/internal/geo"
)

// InTheatre tells whether a place lies in the theatre of war as the maps draw
// it: 43 to 56 N, 21 to 43 E.
func InTheatre(p geo.LatLon) bool { return Theatre().Contains(orb.Point{p.Lon, p.Lat}) }

// Theatre bounds the ground that every map keeps. Swapped axes still make legal
// coordinates (Ukraine lands in Arabia and Iran), so a range check cannot find
// them; the two boxes do not touch.
func Theatre() orb.Bound { return orb.Bound{Min: orb.Point{21, 43}, Max: orb.Point{43, 56}} }

// checkTheatre refuses ground outside the theatre.
func checkTheatre(features []geo.Feature) error {
	for _, f := range features {
		if detail := outside(f.Polygons()); detail != "" {
			return &FileError{Line: f.Line, Path: f.Path, Detail: detail}
		}
	}
	return nil
}

// outside says how a shape leaves the theatre; "" when it does not.
func outside(shape orb.MultiPolygon) string {
	box := Theatre()
	if len(shape) == 0 {
		return ""
	}
	b := shape.Bound()
	if box.Contains(b.Min) && box.Contains(b.Max) {
		return ""
	}
	detail := fmt.Sprintf("map reaches from %.2f, %.2f to %.2f, %.2f (lat, lon), outside the theatre of %g to %g N, %g to %g E",
		b.Min[1], b.Min[0], b.Max[1], b.Max[0], box.Min[1], box.Max[1], box.Min[0], box.Max[0])
	if box.Contains(orb.Point{b.Min[1], b.Min[0]}) && box.Contains(orb.Point{b.Max[1], b.Max[0]}) {
		detail = "coordinates look swapped: " + detail
	}
	return detail
}
