package mapfile

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"whenwhere/internal/geo"
	"whenwhere/internal/strictjson"
)

// uaControlMap reads a day of UA Control Map: lists of rings, [lat, lon]. What
// else such a file holds (frontline in [lat, lon]; geos, incidents in
// [lon, lat]; units) is counted and dropped.
func uaControlMap(data []byte, named fileName) (Map, error) {
	if most := limitsOf(FormatUAControlMap).bytes; len(data) > most {
		return Map{}, &FileError{Detail: fmt.Sprintf("%d bytes, limit %d for the format %s", len(data), most, FormatUAControlMap)}
	}
	if named.day.IsZero() {
		return Map{}, &FileError{Detail: "no date in the name (YYYYMMDD or YYYY-MM-DD), and a UA Control Map has none inside"}
	}
	r, err := readAreas(data)
	if err != nil {
		return Map{}, err
	}
	// A map of the day holds incidents of the day, most of them posted on it,
	// so it was finished when the day was over.
	end := named.day.AddDate(0, 0, 1)
	m := Map{
		Provider: "uacontrolmap", Format: FormatUAControlMap, AsOf: named.day, Until: &end,
		KnownAt: end, KnownHow: "assumed: the end of the file's date", Rest: UA, Licence: "none stated", Dropped: r.dropped,
	}
	shapes, flaws, err := r.polygons()
	if err != nil {
		return Map{}, err
	}
	for i, shape := range shapes {
		if detail := outside(shape); detail != "" {
			return Map{}, &FileError{Line: r.rings[i].line, Path: r.rings[i].path, Detail: detail}
		}
		m.Ground = append(m.Ground, Ground{r.rings[i].side, shape})
	}
	m.Flags = flags(flaws, "")
	return m, nil
}

// areaReader walks a file of area lists.
type areaReader struct {
	c        *strictjson.Cursor
	vertices int
	rings    []areaRing
	held     int // rings of ru
	dropped  int
}

type areaRing struct {
	side   Side
	path   string
	line   int
	points []orb.Point // lon, lat
}

// readAreas reads what wrapping has seen to the end.
func readAreas(data []byte) (*areaReader, error) {
	c, err := strictjson.NewCursor(data, strictjson.Limits{MaxBytes: maxFileBytes})
	if err != nil {
		return nil, err
	}
	r := &areaReader{c: c}
	err = c.Object(func(key string) error {
		switch key {
		case "areas":
			return r.list(RU)
		case "areas_ua":
			return r.list(UA)
		}
		return r.drop()
	})
	if err == nil && r.held == 0 {
		err = &FileError{Path: "areas", Detail: "no content: areas is empty, which does not mean that nothing is occupied"}
	}
	return r, err
}

// list reads the rings of one side.
func (r *areaReader) list(side Side) error {
	return r.c.Array(func(int) error {
		ring := areaRing{side: side, path: r.c.Path(), line: r.c.Line()}
		start := *r.c
		err := r.c.Array(func(int) error {
			p, err := r.position()
			ring.points = append(ring.points, p)
			return err
		})
		if err == nil && len(ring.points) == 0 {
			return start.Fail(geo.RuleEmpty, "an empty array has no place")
		}
		if side == RU {
			r.held++
		}
		r.rings = append(r.rings, ring)
		return err
	})
}

// position reads [lat, lon].
func (r *areaReader) position() (p orb.Point, err error) {
	if r.vertices++; r.vertices > limitsOf(FormatUAControlMap).vertices {
		return p, r.c.Fail(geo.RuleVertices, fmt.Sprintf("more than %d positions", r.vertices-1))
	}
	start, n := *r.c, 0
	if kind := r.c.Kind(); kind != strictjson.Array {
		return p, r.c.Fail(geo.RulePosition, fmt.Sprintf("%s where a position [lat, lon] is needed", kind))
	}
	err = r.c.Array(func(i int) error {
		n++
		if i > 1 {
			return r.c.Fail(geo.RulePosition, "a position of more than 2 numbers")
		}
		return r.ordinate(&p, i)
	})
	if err == nil && n < 2 {
		return p, start.Fail(geo.RulePosition, fmt.Sprintf("a position of %d numbers, needs 2", n))
	}
	return p, err
}

func (r *areaReader) ordinate(p *orb.Point, i int) error {
	name, most, into := "latitude", 90.0, &p[1]
	if i == 1 {
		name, most, into = "longitude", 180.0, &p[0]
	}
	if kind := r.c.Kind(); kind != strictjson.Number {
		return r.c.Fail(geo.RulePosition, fmt.Sprintf("%s where a number is needed", kind))
	}
	start := *r.c
	v, err := r.c.Float()
	if err == nil && (v > most || v < -most) {
		return start.Fail(geo.RuleRange, fmt.Sprintf("%s %g is outside -%g to %g", name, v, most, most))
	}
	*into = v
	return err
}

// drop checks and counts what is not ground: a list of positions is one line.
func (r *areaReader) drop() error {
	switch r.c.Kind() {
	case strictjson.Object:
		return r.c.Object(func(string) error { return r.drop() })
	case strictjson.Array:
		return r.dropList()
	default:
		return r.c.Skip()
	}
}

func (r *areaReader) dropList() error {
	before, line := r.dropped, false
	return r.c.Array(func(int) error {
		if r.c.Kind() == strictjson.Array && isPosition(*r.c) {
			if !line {
				line, r.dropped = true, before+1
			}
			return r.c.Skip()
		}
		r.dropped++
		return r.c.Skip()
	})
}

// isPosition looks ahead: does an array of numbers come next?
func isPosition(c strictjson.Cursor) bool {
	numbers := true
	err := c.Array(func(int) error {
		numbers = numbers && c.Kind() == strictjson.Number
		return c.Skip()
	})
	return err == nil && numbers
}

// polygons applies the rules of GeoJSON rings and finds defects, by writing the
// rings as the document that package geo reads: one feature per ring.
func (r *areaReader) polygons() ([]orb.MultiPolygon, []geo.Flaw, error) {
	doc, err := geo.Decode(r.document(), geo.Limits{MaxBytes: maxFileBytes})
	if err != nil {
		return nil, nil, r.located(err)
	}
	out := make([]orb.MultiPolygon, len(doc.Features))
	for i, f := range doc.Features {
		out[i] = f.Polygons()
	}
	flaws := doc.Flaws()
	for i := range flaws {
		ring := r.rings[flaws[i].Line-1]
		flaws[i].Path, flaws[i].Line = ring.path, ring.line
	}
	return out, flaws, nil
}

// document puts each ring on a line of its own, so that a line number is the
// number of the ring.
func (r *areaReader) document() []byte {
	out := []byte(`{"type":"FeatureCollection","features":[`)
	for i, ring := range r.rings {
		if i > 0 {
			out = append(out, ",\n"...)
		}
		out = append(out, `{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[[`...)
		for k, p := range ring.points {
			if k > 0 {
				out = append(out, ',')
			}
			out = strconv.AppendFloat(append(out, '['), p[0], 'g', -1, 64)
			out = strconv.AppendFloat(append(out, ','), p[1], 'g', -1, 64)
			out = append(out, ']')
		}
		out = append(out, "]]}}"...)
	}
	return append(out, "]}"...)
}

// located puts an error of the written document where the ring stands.
func (r *areaReader) located(err error) error {
	var at *geo.Error
	if !errors.As(err, &at) || at.Line < 1 || at.Line > len(r.rings) {
		return err
	}
	ring := r.rings[at.Line-1]
	return &FileError{Line: ring.line, Path: ring.path, Detail: at.Detail + " (lon, lat)"}
}
