package mapfile

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"whenwhere/internal/geo"
)

func own(doc *geo.Document, named fileName, opt Options) (Map, error) {
	m := Map{Provider: strings.ToLower(named.prefix), Format: "own", Rest: Unknown}
	if m.Provider == "" || named.day.IsZero() {
		m.Provider = "own"
	}
	if opt.Provider != "" {
		m.Provider = opt.Provider
	}
	for _, f := range doc.Features {
		if err := m.addFeature(f); err != nil {
			return m, err
		}
	}
	if len(m.Ground) == 0 {
		return m, &FileError{Detail: "not a control map: no polygon with a side of ru, ua or contested"}
	}
	if err := m.readMembers(doc); err != nil {
		return m, err
	}
	var err error
	if m.AsOf, err = asOf(doc, named); err != nil {
		return m, err
	}
	m.KnownAt, m.KnownHow = m.AsOf, "not stated: taken as known from the moment it describes"
	return m, nil
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

func (m *Map) readMembers(doc *geo.Document) error {
	for _, x := range doc.Members {
		var text string
		switch x.Key {
		case "provider":
			if err := json.Unmarshal(x.Raw, &text); err != nil || !plainName(text) {
				return &FileError{Line: x.Line, Path: x.Key, Detail: "provider must be a name of at most 64 letters, digits, dots or dashes"}
			}
			m.Provider = text
		case "complement":
			if err := json.Unmarshal(x.Raw, &text); err != nil || text != string(RU) && text != string(UA) {
				return &FileError{Line: x.Line, Path: x.Key, Detail: "complement must be ru or ua"}
			}
			m.Rest = Side(text)
		}
	}
	if !plainName(m.Provider) {
		return &FileError{Detail: fmt.Sprintf("%.80q before the date is not a provider's name", m.Provider)}
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
