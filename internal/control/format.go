package control

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/paulmach/orb"

	"whenwhere/internal/geo"
)

// theatre bounds every control map. Swapped axes still make legal coordinates
// (Ukraine lands in Arabia and Iran), so a range check cannot find them.
var theatre = orb.Bound{Min: orb.Point{21, 43}, Max: orb.Point{43, 56}}

func inTheatre(lat, lon float64) bool { return theatre.Contains(orb.Point{lon, lat}) }

// drawn is what a file draws, before it is indexed.
type drawn struct {
	provider string
	asOf     time.Time
	rest     Side
	ground   map[Side][]orb.MultiPolygon
	dropped  int // features that are points or lines
}

const deepStatePrefix = "deepstatemap_data"

// interpret tells the two kinds of files apart by the name, which is where the
// daily files carry their provider and their date.
func interpret(doc *geo.Document, named fileName) (drawn, error) {
	if named.prefix == deepStatePrefix && !named.day.IsZero() {
		return deepState(doc, named)
	}
	return ownMap(doc, named)
}

func checkTheatre(doc *geo.Document) error {
	for _, f := range doc.Features {
		shape := f.Polygons()
		if len(shape) == 0 {
			continue
		}
		b := shape.Bound()
		if theatre.Contains(b.Min) && theatre.Contains(b.Max) {
			continue
		}
		detail := fmt.Sprintf("map reaches from %.2f, %.2f to %.2f, %.2f (lat, lon), outside the theatre of %g to %g N, %g to %g E",
			b.Min[1], b.Min[0], b.Max[1], b.Max[0], theatre.Min[1], theatre.Max[1], theatre.Min[0], theatre.Max[0])
		if theatre.Contains(orb.Point{b.Min[1], b.Min[0]}) && theatre.Contains(orb.Point{b.Max[1], b.Max[0]}) {
			detail = "coordinates look swapped: " + detail
		}
		return &FileError{Line: f.Line, Path: f.Path, Detail: detail}
	}
	return nil
}

// collectedAt: the daily files are taken at 03:00 UTC and so show the evening before.
const collectedAt = 3 * time.Hour

func deepState(doc *geo.Document, named fileName) (drawn, error) {
	want := deepStatePrefix + "_" + named.day.Format("20060102")
	if m, ok := doc.Member("name"); ok {
		var name string
		if err := json.Unmarshal(m.Raw, &name); err != nil || name != want {
			return drawn{}, &FileError{Line: m.Line, Path: "name", Detail: fmt.Sprintf("the map calls itself %.80s, the file is of %s", m.Raw, named.day.Format(time.DateOnly))}
		}
	}
	if len(doc.Features) != 1 {
		return drawn{}, &FileError{Detail: fmt.Sprintf("a daily map has one feature, this one has %d", len(doc.Features))}
	}
	f := doc.Features[0]
	properties, err := members(f)
	if err != nil {
		return drawn{}, err
	}
	shape := f.Polygons()
	if len(properties) != 0 || len(shape) == 0 {
		return drawn{}, &FileError{Line: f.Line, Path: f.Path, Detail: "not a daily map: its one feature must be ground without properties"}
	}
	return drawn{
		provider: "deepstate",
		asOf:     named.day.Add(collectedAt),
		rest:     UA,
		ground:   map[Side][]orb.MultiPolygon{RU: {shape}},
	}, nil
}

func ownMap(doc *geo.Document, named fileName) (drawn, error) {
	d := drawn{provider: strings.ToLower(named.prefix), rest: Unknown, ground: map[Side][]orb.MultiPolygon{}}
	if d.provider == "" || named.day.IsZero() {
		d.provider = "own"
	}
	for _, f := range doc.Features {
		if err := d.addFeature(f); err != nil {
			return d, err
		}
	}
	if len(d.ground) == 0 {
		return d, &FileError{Detail: "not a control map: no polygon with a side of ru, ua or contested"}
	}
	if err := d.readMembers(doc); err != nil {
		return d, err
	}
	var err error
	d.asOf, err = asOf(doc, named)
	return d, err
}

func (d *drawn) addFeature(f geo.Feature) error {
	shape := f.Polygons()
	if len(shape) == 0 {
		if f.Geometry != nil {
			d.dropped++
		}
		return nil
	}
	p, err := members(f)
	if err != nil {
		return err
	}
	raw, ok := p["side"]
	status, twice := p["status"]
	if !ok {
		raw, ok = status, twice
	}
	fault := &FileError{Line: f.Line, Path: f.Path}
	var side string
	switch {
	case !ok:
		fault.Detail = "a polygon without side or status"
		return fault
	case twice && string(status) != string(raw):
		fault.Detail = fmt.Sprintf("side %.80s contradicts status %.80s", raw, status)
		return fault
	case json.Unmarshal(raw, &side) != nil:
		fault.Detail = fmt.Sprintf("side %.80s is not a text", raw)
		return fault
	}
	switch Side(side) {
	case RU, UA, Contested:
		d.ground[Side(side)] = append(d.ground[Side(side)], shape)
		return nil
	default:
		fault.Detail = fmt.Sprintf("side %.80q is none of ru, ua, contested", side)
		return fault
	}
}

// members are the properties by their exact names; Decode has refused
// duplicates and case variants.
func members(f geo.Feature) (map[string]json.RawMessage, error) {
	if f.Properties == nil {
		return nil, nil
	}
	var p map[string]json.RawMessage
	if err := json.Unmarshal(f.Properties, &p); err != nil {
		return nil, &FileError{Line: f.Line, Path: f.Path, Err: err}
	}
	return p, nil
}

func (d *drawn) readMembers(doc *geo.Document) error {
	for _, m := range doc.Members {
		var text string
		switch m.Key {
		case "provider":
			if err := json.Unmarshal(m.Raw, &text); err != nil || !plainName(text) {
				return &FileError{Line: m.Line, Path: m.Key, Detail: "provider must be a name of at most 64 letters, digits, dots or dashes"}
			}
			d.provider = text
		case "complement":
			if err := json.Unmarshal(m.Raw, &text); err != nil || text != string(RU) && text != string(UA) {
				return &FileError{Line: m.Line, Path: m.Key, Detail: "complement must be ru or ua"}
			}
			d.rest = Side(text)
		}
	}
	if !plainName(d.provider) {
		return &FileError{Detail: fmt.Sprintf("%.80q before the date is not a provider's name", d.provider)}
	}
	return nil
}

func plainName(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._- ", r) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// asOf finds the moment a map describes: a time of day inside the file, else
// the minute in the name, else 00:00 UTC of the day. All dates must name one
// day (UTC), all times one minute.
func asOf(doc *geo.Document, named fileName) (time.Time, error) {
	inner, err := innerTimes(doc)
	if err != nil {
		return time.Time{}, err
	}
	var known []innerTime
	if !named.day.IsZero() {
		known = append(known, innerTime{at: named.day, path: "its name"})
	}
	if !named.minute.IsZero() {
		known = append(known, innerTime{at: named.minute, exact: true, path: "its name"})
	}
	known = append(known, inner...)
	if len(known) == 0 {
		return time.Time{}, &FileError{Detail: "no date, neither in the name (YYYYMMDD or YYYY-MM-DD) nor as as_of"}
	}
	best := known[0]
	for _, t := range known[1:] {
		if !midnight(t.at).Equal(midnight(best.at)) || t.exact && best.exact && !t.at.Truncate(time.Minute).Equal(best.at.Truncate(time.Minute)) {
			return time.Time{}, &FileError{Line: t.line, Path: t.path, Detail: fmt.Sprintf("the map says %s, but %s says %s",
				t.at.Format(time.RFC3339), best.path, best.at.Format(time.RFC3339))}
		}
		if t.exact {
			best = t
		}
	}
	return best.at, nil
}

// innerTime is a date inside the file; exact when it has a time of day.
type innerTime struct {
	at    time.Time
	exact bool
	line  int
	path  string
}

// innerTimes lists as_of of the features, then date and as_of of the top level.
func innerTimes(doc *geo.Document) ([]innerTime, error) {
	var out []innerTime
	add := func(raw json.RawMessage, line int, path string) error {
		var text string
		err := json.Unmarshal(raw, &text)
		t, exact := time.Time{}, true
		if err == nil {
			if t, err = time.Parse(time.RFC3339, text); err != nil {
				exact = false
				t, err = time.Parse(time.DateOnly, text)
			}
		}
		if err != nil {
			return &FileError{Line: line, Path: path, Detail: fmt.Sprintf("%.80s is neither a time (RFC 3339) nor a date (YYYY-MM-DD)", raw)}
		}
		out = append(out, innerTime{t.UTC(), exact, line, path})
		return nil
	}
	for _, f := range doc.Features {
		p, err := members(f)
		if err != nil {
			return nil, err
		}
		if raw, ok := p["as_of"]; ok {
			if err := add(raw, f.Line, f.Path+".properties.as_of"); err != nil {
				return nil, err
			}
		}
	}
	for _, key := range []string{"date", "as_of"} {
		if m, ok := doc.Member(key); ok {
			if err := add(m.Raw, m.Line, key); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// edition indexes what was drawn.
func (d drawn) edition(file, sum string, flags []string) (*edition, error) {
	e := &edition{rest: d.rest, Edition: Edition{Provider: d.provider, AsOf: d.asOf, File: file, SHA256: sum, Flags: flags}}
	for _, shape := range d.ground[RU] {
		e.HeldKm2 += geo.AreaKm2(shape)
	}
	for _, x := range []struct {
		side Side
		into **geo.Region
	}{{RU, &e.ru}, {UA, &e.ua}, {Contested, &e.contested}} {
		if len(d.ground[x.side]) == 0 {
			continue
		}
		r, err := geo.NewRegion(d.ground[x.side]...)
		if err != nil {
			return nil, err
		}
		*x.into = r
	}
	return e, nil
}
