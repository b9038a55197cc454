package mapfile

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"whenwhere/internal/geo"
	"whenwhere/internal/strictjson"
)

// nzzMaxAhead is how many days the date of a file ran ahead of the date of its
// map at most, over all files until 2026.
const nzzMaxAhead = 13

// nzz reads {"value": FeatureCollection}.
func nzz(data []byte, named fileName) (Map, error) {
	inner, err := unwrap(data)
	if err != nil {
		return Map{}, err
	}
	const prefix = "value."
	doc, err := geo.Decode(inner, geo.Limits{MaxBytes: maxFileBytes})
	var at *geo.Error
	if errors.As(err, &at) {
		e := *at
		e.Path = strings.TrimSuffix(prefix+e.Path, ".")
		return Map{}, &e
	} else if err != nil {
		return Map{}, err
	}
	s := source{data: data, doc: doc, named: named, prefix: prefix}
	m, err := s.nzzMap()
	var own *FileError
	if errors.As(err, &own) && own.Path != "" {
		own.Path = prefix + own.Path
	}
	return s.finish(m, err)
}

// unwrap blanks all but the wrapped document, so that lines stay what they are.
func unwrap(data []byte) ([]byte, error) {
	c, err := strictjson.NewCursor(data, strictjson.Limits{MaxBytes: maxFileBytes})
	if err != nil {
		return nil, err
	}
	members, err := c.Members()
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	for i, b := range data {
		if out[i] = ' '; b == '\n' {
			out[i] = b
		}
	}
	for _, m := range members {
		if m.Key == "value" {
			copy(out[m.Start:], data[m.Start:m.End])
		}
	}
	return out, nil
}

func (s source) nzzMap() (Map, error) {
	if err := s.withinLimits(FormatNZZ); err != nil {
		return Map{}, err
	}
	if s.named.day.IsZero() {
		return Map{}, &FileError{Detail: "no date in the name (YYYY-MM-DD), which alone says when the map was out"}
	}
	if err := checkTheatre(s.doc.Features); err != nil {
		return Map{}, err
	}
	m := Map{Provider: "nzz", Format: FormatNZZ, Rest: UA, Coverage: since2022(), Licence: "none stated; data NZZ/Liveuamap"}
	var first nzzDates
	for i, f := range s.doc.Features {
		dates, err := m.addNZZ(f)
		if err != nil {
			return Map{}, err
		}
		if i == 0 {
			first = dates
		}
		if dates != first {
			return Map{}, &FileError{Line: f.Line, Path: f.Path, Detail: fmt.Sprintf("dated %s, but the first feature %s", dates, first)}
		}
	}
	if m.heldShapes() == 0 {
		return Map{}, &FileError{Detail: "no content: no ground held by ru, which does not mean that nothing is occupied"}
	}
	return m, m.dateNZZ(first, s.doc.Features[0], s.named.day)
}

func (m *Map) heldShapes() (n int) {
	for _, g := range m.Ground {
		if g.Side == RU {
			n++
		}
	}
	return n
}

// nzzDates: the day the map describes, and the days between which ground was
// gained or lost.
type nzzDates struct{ date, from, to time.Time }

func (d nzzDates) String() string {
	return fmt.Sprintf("%s (%s to %s)", d.date.Format(time.DateOnly), d.from.Format(time.DateOnly), d.to.Format(time.DateOnly))
}

// addNZZ adds a feature and returns its dates.
func (m *Map) addNZZ(f geo.Feature) (d nzzDates, err error) {
	p, err := members(f)
	if err != nil {
		return d, err
	}
	for _, x := range []struct {
		key  string
		into *time.Time
	}{{"date", &d.date}, {"_datefrom", &d.from}, {"_dateto", &d.to}} {
		t, exact, err := parseTime(p[x.key])
		if err != nil || exact {
			return d, &FileError{Line: f.Line, Path: f.Path + ".properties." + x.key, Detail: fmt.Sprintf("%.80q is not a date (YYYY-MM-DD)", p[x.key])}
		}
		*x.into = t
	}
	if view, ok := text(p["view"]); ok && view != "daily" {
		m.Flags = append(m.Flags, fmt.Sprintf("line %d, %s: the view is %.40q, not daily", f.Line, f.Path, view))
	}
	shape := f.Polygons()
	if len(shape) == 0 {
		if f.Geometry != nil {
			m.Dropped++
		}
		return d, nil
	}
	switch kind, _ := text(p["type"]); kind {
	case "nochange", "gains":
		m.Ground = append(m.Ground, Ground{RU, shape})
	case "losses":
		m.Ground = append(m.Ground, Ground{UA, shape})
	default:
		return d, &FileError{Line: f.Line, Path: f.Path, Detail: fmt.Sprintf("type %.80s is none of nochange, gains, losses", p["type"])}
	}
	return d, nil
}

// dateNZZ: the map describes the end of its span, not the day of the file,
// which is when it came out.
func (m *Map) dateNZZ(d nzzDates, f geo.Feature, file time.Time) error {
	end := d.date.AddDate(0, 0, 1)
	m.AsOf, m.Until = d.date, &end
	m.KnownAt, m.KnownHow = file.AddDate(0, 0, 1), "assumed: the end of the file's date"
	ahead := int(file.Sub(d.date).Hours() / 24)
	switch {
	case ahead < 0:
		return &FileError{Line: f.Line, Path: f.Path + ".properties.date", Detail: fmt.Sprintf("the map is of %s, but the file's name says %s",
			d.date.Format(time.DateOnly), file.Format(time.DateOnly))}
	case d.from.After(d.to):
		return &FileError{Line: f.Line, Path: f.Path + ".properties._datefrom", Detail: fmt.Sprintf("%s lies after _dateto, %s",
			d.from.Format(time.DateOnly), d.to.Format(time.DateOnly))}
	case ahead > nzzMaxAhead:
		m.Flags = append(m.Flags, fmt.Sprintf("the file's date runs %d days ahead of the map's; %d was the most seen", ahead, nzzMaxAhead))
	}
	if !d.to.Equal(d.date) {
		m.Flags = append(m.Flags, fmt.Sprintf("dated %s, but its span ends on %s", d.date.Format(time.DateOnly), d.to.Format(time.DateOnly)))
	}
	return nil
}

// since2022 is the theatre without Crimea and what was held in Donetsk and
// Luhansk oblasts before 2022: the map leaves those out, so what it does not
// draw there is not thereby Ukrainian. Drawn by hand round the contact line of
// 2015 to 2022, some ten kilometres outside it; too much left out costs an
// answer, too little makes a false one.
func since2022() orb.MultiPolygon {
	b := Theatre()
	crimea := orb.Ring{{32.2, 44.2}, {32.2, 46.0}, {33.3, 46.27}, {34.0, 46.2}, {34.6, 46.2}, {35.3, 45.6}, {36.75, 45.6}, {36.75, 44.8}, {34.2, 44.2}, {32.2, 44.2}}
	donbas := orb.Ring{
		{37.45, 46.95}, {37.65, 47.25}, {37.40, 47.55}, {37.35, 47.95}, {37.50, 48.25}, {37.80, 48.50}, {38.25, 48.62}, {38.55, 48.80},
		{39.00, 48.88}, {39.60, 48.90}, {40.20, 48.85}, {40.35, 48.30}, {40.10, 47.70}, {38.90, 47.55}, {38.45, 47.30}, {38.40, 46.95}, {37.45, 46.95},
	}
	outer := orb.Ring{{b.Min[0], b.Min[1]}, {b.Max[0], b.Min[1]}, {b.Max[0], b.Max[1]}, {b.Min[0], b.Max[1]}, {b.Min[0], b.Min[1]}}
	return orb.MultiPolygon{{outer, crimea, donbas}}
}
