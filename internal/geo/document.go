package geo

import (
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"

	"whenwhere/internal/strictjson"
)

// Document is a decoded GeoJSON text.
type Document struct {
	Type     string    // FeatureCollection, Feature or the type of a bare geometry
	Features []Feature // a bare geometry is one feature without properties
	Members  []Member  // top-level members that GeoJSON does not define, in order
	Counts   Counts
}

// Member is a top-level member beyond GeoJSON, in its original bytes.
type Member struct {
	Key  string
	Raw  json.RawMessage
	Line int
}

// Member returns the foreign top-level member called key.
func (d *Document) Member(key string) (Member, bool) {
	for _, m := range d.Members {
		if m.Key == key {
			return m, true
		}
	}
	return Member{}, false
}

// Feature is one feature. Rings are wound as RFC 7946 wants them.
type Feature struct {
	ID         json.RawMessage // nil when absent
	Geometry   orb.Geometry    // nil for "geometry": null, "no geometry"
	Properties json.RawMessage // the original bytes; nil when absent or null
	Path       string          // such as features[3]; empty at the top
	Line       int             // where the feature starts, from 1

	polygons []polygonAt // for Flaws
}

type polygonAt struct {
	polygon orb.Polygon
	path    string
	line    int
}

// Polygons collects every polygon of the feature, from collections too.
func (f Feature) Polygons() orb.MultiPolygon {
	out := make(orb.MultiPolygon, 0, len(f.polygons))
	for _, p := range f.polygons {
		out = append(out, p.polygon)
	}
	return out
}

// Counts says what the document held before winding was normalised.
type Counts struct {
	Vertices           int // positions, the closing one of each ring included
	Exteriors          int
	Holes              int
	ExteriorsClockwise int // wound against RFC 7946
	HolesCounter       int // counter-clockwise, against RFC 7946
	FlatRings          int // rings of zero signed area, for example a bow-tie: no winding
	RepeatedNeighbours int // equal positions one after the other
	WithZ              int // positions with a third number, which is ignored
	NullGeometries     int
}

// Decode reads a FeatureCollection, a Feature or a bare geometry. Any error is
// an *Error.
func Decode(data []byte, limits Limits) (*Document, error) {
	limits = limits.withDefaults()
	c, err := strictjson.NewCursor(data, strictjson.Limits{MaxBytes: limits.MaxBytes, MaxDepth: limits.MaxDepth})
	if err != nil {
		return nil, err
	}
	d := &decoder{c: c, limits: limits, doc: &Document{}}
	if err := d.document(); err != nil {
		return nil, err
	}
	return d.doc, nil
}

type decoder struct {
	c       *strictjson.Cursor
	limits  Limits
	doc     *Document
	feature *Feature // the one being read
}

func (d *decoder) document() error {
	start := d.mark()
	o, err := d.object()
	if err != nil {
		return err
	}
	if err := d.c.End(); err != nil {
		return err
	}
	d.doc.Type = o.typ
	for _, m := range o.members {
		if !known[m.Key] {
			d.doc.Members = append(d.doc.Members, Member{m.Key, d.c.Raw(m), d.lineOf(m)})
		}
	}
	switch o.typ {
	case "FeatureCollection":
		return d.collection(o)
	case "Feature":
		return d.readFeature(o, start)
	}
	d.feature = &Feature{Line: start.Line}
	g, err := d.geometry(o, start, 1)
	if err != nil {
		return err
	}
	d.feature.Geometry = g
	d.doc.Features = []Feature{*d.feature}
	return nil
}

var known = map[string]bool{"type": true, "features": true, "geometry": true, "properties": true,
	"coordinates": true, "geometries": true, "id": true, "crs": true, "bbox": true}

func (d *decoder) lineOf(m strictjson.Member) (line int) {
	_ = d.c.Visit(m, func() error {
		line = d.c.Line()
		return nil
	})
	return line
}

// mark is an error in waiting: the place where an object starts, for refusals
// that are found only after it was read.
func (d *decoder) mark() *Error { return d.c.Fail("", "") }

func refuse(at *Error, rule Rule, format string, args ...any) error {
	e := *at
	e.Rule, e.Detail = rule, fmt.Sprintf(format, args...)
	return &e
}

// object is a JSON object whose members have been checked but not yet read.
type object struct {
	members []strictjson.Member
	typ     string
}

func (o object) member(key string) (strictjson.Member, bool) {
	for _, m := range o.members {
		if m.Key == key {
			return m, true
		}
	}
	return strictjson.Member{}, false
}

func (d *decoder) object() (object, error) {
	start := d.mark()
	members, err := d.c.Members()
	if err != nil {
		return object{}, err
	}
	o := object{members: members}
	typ, ok := o.member("type")
	if !ok {
		return o, refuse(start, RuleMissing, `no "type"`)
	}
	err = d.c.Visit(typ, func() error {
		o.typ, err = d.c.String()
		return err
	})
	if err != nil {
		return o, err
	}
	return o, d.checkCRS(o)
}

// CRS84 is longitude, latitude on WGS 84. EPSG:4326 is refused: it names the
// other axis order, and files that carry it use either.
func (d *decoder) checkCRS(o object) error {
	m, ok := o.member("crs")
	if !ok {
		return nil
	}
	var crs struct {
		Type       string `json:"type"`
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	err := json.Unmarshal(d.c.Raw(m), &crs)
	name := crs.Properties.Name
	if err == nil && crs.Type == "name" && (name == "urn:ogc:def:crs:OGC:1.3:CRS84" || name == "urn:ogc:def:crs:OGC::CRS84") {
		return nil
	}
	return d.c.Visit(m, func() error { return d.c.Fail(RuleCRS, "crs is not CRS84") })
}

func (d *decoder) collection(o object) error {
	m, ok := o.member("features")
	if !ok {
		return d.c.Fail(RuleMissing, `a FeatureCollection without "features"`)
	}
	return d.c.Visit(m, func() error {
		return d.c.Array(func(i int) error {
			if i == d.limits.MaxFeatures {
				return d.c.Fail(RuleFeatures, fmt.Sprintf("more than %d features", i))
			}
			start := d.mark()
			o, err := d.object()
			if err != nil {
				return err
			}
			if o.typ != "Feature" {
				return refuse(start, RuleType, "type %.80q where Feature is needed", o.typ)
			}
			return d.readFeature(o, start)
		})
	})
}

func (d *decoder) readFeature(o object, start *Error) error {
	f := Feature{Path: start.Path, Line: start.Line}
	if m, ok := o.member("id"); ok {
		f.ID = d.c.Raw(m)
	}
	if m, ok := o.member("properties"); ok && string(d.c.Raw(m)) != "null" {
		if d.c.Raw(m)[0] != '{' {
			return refuse(start, RuleType, "properties is neither an object nor null")
		}
		f.Properties = d.c.Raw(m)
	}
	m, ok := o.member("geometry")
	if !ok {
		return refuse(start, RuleMissing, `a Feature without "geometry" (null says that there is none)`)
	}
	d.feature = &f
	if err := d.c.Visit(m, d.featureGeometry); err != nil {
		return err
	}
	d.doc.Features = append(d.doc.Features, f)
	return nil
}

func (d *decoder) featureGeometry() error {
	if d.c.Kind() == strictjson.Null {
		d.doc.Counts.NullGeometries++
		return d.c.Skip()
	}
	start := d.mark()
	o, err := d.object()
	if err != nil {
		return err
	}
	d.feature.Geometry, err = d.geometry(o, start, 1)
	return err
}
