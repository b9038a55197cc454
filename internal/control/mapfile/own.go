package mapfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"whenwhere/internal/geo"
)

// own reads a map made to be read here.
func own(s source) (Map, error) {
	doc, named := s.doc, s.named
	if err := checkTheatre(doc.Features); err != nil {
		return Map{}, err
	}
	m := Map{Provider: strings.ToLower(named.prefix), Format: FormatOwn, Rest: Unknown}
	if m.Provider == "" || named.day.IsZero() {
		m.Provider = "own"
	}
	for _, f := range doc.Features {
		if err := m.addFeature(f); err != nil {
			return m, err
		}
	}
	if len(m.Ground) == 0 {
		return m, &FileError{Detail: "not a control map: no polygon with a side of ru, ua or contested"}
	}
	if err := m.readMembers(doc, s.opt); err != nil {
		return m, err
	}
	exact, err := m.readTimes(doc, named)
	if err != nil {
		return m, err
	}
	if !exact {
		until := midnight(m.AsOf).AddDate(0, 0, 1)
		m.Until = &until
	}
	m.doubtDates(doc)
	return m, m.readKnown(doc)
}

// doubtDates flags polygons whose property date is another day than that of the
// map. It may be the day when they were drawn, so the map is read, with the
// doubt; as_of, which has one meaning, refuses it.
func (m *Map) doubtDates(doc *geo.Document) {
	for _, f := range doc.Features {
		p, err := members(f)
		if err != nil {
			continue // addFeature has refused the map for it
		}
		raw, ok := p["date"]
		if !ok {
			continue
		}
		if t, _, err := parseTime(raw); err == nil && !midnight(t).Equal(midnight(m.AsOf)) {
			m.Flags = append(m.Flags, fmt.Sprintf("line %d, %s.properties.date: says %s, the map is of %s", f.Line, f.Path, t.Format(time.DateOnly), m.AsOf.Format(time.DateOnly)))
		}
	}
}

func (m *Map) addFeature(f geo.Feature) error {
	shape := f.Polygons()
	if len(shape) == 0 {
		if f.Geometry != nil {
			m.Dropped++
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
		m.Ground = append(m.Ground, Ground{Side(side), shape})
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

// readMembers reads what the top level says, but for times.
func (m *Map) readMembers(doc *geo.Document, opt Options) error {
	stated := false
	for _, x := range doc.Members {
		said, isText := text(x.Raw)
		fault := &FileError{Line: x.Line, Path: x.Key}
		switch x.Key {
		case "provider":
			if fault.Detail = "provider must be a name of at most 64 letters, digits, dots or dashes"; !isText || !plainName(said) {
				return fault
			}
			m.Provider, stated = said, true
		case "complement":
			if fault.Detail = "complement must be ru or ua"; !isText || said != string(RU) && said != string(UA) {
				return fault
			}
			m.Rest = Side(said)
		case "licence":
			if fault.Detail = "licence must be a text of at most 200 printable characters"; !isText || !printable(said, 200) {
				return fault
			}
			m.Licence = said
		case "coverage":
			if err := m.readCoverage(x); err != nil {
				return err
			}
		}
	}
	if opt.Provider != "" {
		if stated && m.Provider != opt.Provider {
			return &FileError{Path: "provider", Detail: fmt.Sprintf("the map says %q, but the provider is to be %q", m.Provider, opt.Provider)}
		}
		m.Provider = opt.Provider
	}
	switch {
	case !plainName(m.Provider):
		return &FileError{Detail: fmt.Sprintf("%.80q before the date is not a provider's name", m.Provider)}
	case m.Coverage != nil && m.Rest == Unknown:
		return &FileError{Path: "coverage", Detail: "coverage without complement: it says where the complement holds"}
	}
	return nil
}

// readCoverage reads a Polygon or a MultiPolygon.
func (m *Map) readCoverage(x geo.Member) error {
	fault := &FileError{Line: x.Line, Path: x.Key}
	doc, err := geo.Decode(x.Raw, geo.Limits{MaxBytes: maxFileBytes, MaxGeometryDepth: 1})
	var at *geo.Error
	switch {
	case errors.As(err, &at):
		fault.Line, fault.Path, fault.Detail = x.Line+at.Line-1, strings.TrimSuffix(x.Key+"."+at.Path, "."), at.Detail
		return fault
	case err != nil:
		return err
	case doc.Type != "Polygon" && doc.Type != "MultiPolygon":
		fault.Detail = "coverage must be a Polygon or a MultiPolygon"
		return fault
	}
	shape := doc.Features[0].Polygons()
	if fault.Detail = outside(shape); fault.Detail != "" {
		return fault
	}
	if flaws := doc.Flaws(); len(flaws) > 0 {
		fault.Detail = flags(flaws[:1], "")[0]
		return fault
	}
	m.Coverage = shape
	return nil
}

func printable(s string, most int) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return s != "" && len([]rune(s)) <= most
}

func plainName(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._- ", r) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}
