// Package feature writes GeoJSON collections by RFC 7946, one feature a line as they come, so that two files can be compared
// and memory does not grow with their number.
//
// Coordinates keep 7 decimals, a centimetre: more says nothing, and the RFC advises against it. Exterior rings run
// counter-clockwise, holes clockwise. Positions that fall on their neighbour by rounding are left out; a ring that would be
// none by it keeps its decimals, and a hole is left out. Rings may not cross the antimeridian, as everywhere in the project.
package feature

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// Feature is one feature. Properties marshal to a JSON object.
type Feature struct {
	ID         string       // empty for none
	Geometry   orb.Geometry // nil where there is no place
	Properties any
}

// Properties are those of features that need no type of their own.
type Properties = geojson.Properties

// Writer writes a collection. Close ends it; without Close the document is broken, as after an error.
type Writer struct {
	w     io.Writer
	about any
	lead  string
}

// NewWriter begins a collection. about marshals to a JSON object whose members stand beside the features (RFC 7946, 6.1); nil
// for none.
func NewWriter(w io.Writer, about any) *Writer { return &Writer{w: w, about: about} }

// begin writes the head of the document before the first feature, or at the end of an empty one.
func (w *Writer) begin() error {
	if w.lead != "" {
		return nil
	}
	w.lead = "\n"
	members := "" // with its comma
	if w.about != nil {
		text, err := json.Marshal(w.about)
		if err != nil {
			return err
		}
		if len(text) < 2 || text[0] != '{' {
			return fmt.Errorf("members %s are no object", text)
		}
		if len(text) > 2 {
			members = string(text[1:len(text)-1]) + ","
		}
	}
	_, err := io.WriteString(w.w, `{"type":"FeatureCollection",`+members+`"features":[`)
	return err
}

// Add writes a feature.
func (w *Writer) Add(f Feature) error {
	if err := w.add(f); err != nil {
		return fmt.Errorf("feature: %w", err)
	}
	return nil
}

func (w *Writer) add(f Feature) error {
	out := geojson.FeatureOf[any]{Type: "Feature", Properties: f.Properties}
	if f.ID != "" {
		out.ID = f.ID
	}
	if f.Geometry != nil {
		out.Geometry = Rounded(f.Geometry)
	}
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	if err := w.begin(); err != nil {
		return err
	}
	_, err = io.WriteString(w.w, w.lead+string(text))
	w.lead = ",\n"
	return err
}

// Close ends the document.
func (w *Writer) Close() error {
	err := w.begin()
	if err == nil {
		_, err = io.WriteString(w.w, "]}\n")
	}
	if err != nil {
		return fmt.Errorf("feature: %w", err)
	}
	return nil
}

// Write writes a whole collection.
func Write(w io.Writer, features []Feature) error {
	out := NewWriter(w, nil)
	for _, f := range features {
		if err := out.Add(f); err != nil {
			return err
		}
	}
	return out.Close()
}

// Degree is a coordinate of 7 decimals.
func Degree(v float64) float64 { return math.Round(v*1e7) / 1e7 }

// Point is a position with named coordinates, so that they cannot be swapped.
func Point(lon, lat float64) orb.Point { return orb.Point{lon, lat} }

// Rounded is a geometry as the package writes it; the given one stays as it is.
func Rounded(g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return orb.Point{Degree(g[0]), Degree(g[1])}
	case orb.LineString:
		return line(g, 2)
	case orb.MultiLineString:
		out := make(orb.MultiLineString, len(g))
		for i, l := range g {
			out[i] = line(l, 2)
		}
		return out
	case orb.Polygon:
		return polygon(g)
	case orb.MultiPolygon:
		out := make(orb.MultiPolygon, len(g))
		for i, p := range g {
			out[i] = polygon(p)
		}
		return out
	}
	return g
}

// line is a line of rounded positions, or as it was if fewer than least are left.
func line[L ~[]orb.Point](l L, least int) L {
	out := make(L, len(l))
	for i, p := range l {
		out[i] = orb.Point{Degree(p[0]), Degree(p[1])}
	}
	if out = slices.Compact(out); len(out) < least {
		return slices.Clone(l)
	}
	return out
}

func polygon(p orb.Polygon) orb.Polygon {
	out := orb.Polygon{}
	for i, r := range p {
		const closed = 4 // the fewest positions of a ring
		if i > 0 && len(slices.Compact(line(r, 0))) < closed {
			continue
		}
		out = append(out, wound(line(r, closed), i == 0))
	}
	return out
}

// wound turns a ring so that an exterior one runs counter-clockwise, and a hole clockwise.
func wound(r orb.Ring, exterior bool) orb.Ring {
	if area2(r) > 0 != exterior && area2(r) != 0 {
		slices.Reverse(r)
	}
	return r
}

// area2 is twice the area of a ring in square degrees, above 0 when it runs counter-clockwise. Differences to the first
// position keep the products small.
func area2(r orb.Ring) (sum float64) {
	for i := 1; i+1 < len(r); i++ {
		a, b := orb.Point{r[i][0] - r[0][0], r[i][1] - r[0][1]}, orb.Point{r[i+1][0] - r[0][0], r[i+1][1] - r[0][1]}
		sum += a[0]*b[1] - a[1]*b[0]
	}
	return sum
}
