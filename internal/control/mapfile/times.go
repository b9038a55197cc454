package mapfile

import (
	"encoding/json"
	"fmt"
	"time"

	"whenwhere/internal/geo"
)

// readTimes finds the moment a map describes: a time of day inside the file,
// else the minute in the name, else 00:00 UTC of the day; exact tells whether
// a time of day was given. All dates must name one day (UTC), all times one
// minute.
func (m *Map) readTimes(doc *geo.Document, named fileName) (exact bool, err error) {
	inner, err := innerTimes(doc)
	if err != nil {
		return false, err
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
		return false, &FileError{Detail: "no date, neither in the name (YYYYMMDD or YYYY-MM-DD) nor as as_of"}
	}
	best := known[0]
	for _, t := range known[1:] {
		if !midnight(t.at).Equal(midnight(best.at)) || t.exact && best.exact && !t.at.Truncate(time.Minute).Equal(best.at.Truncate(time.Minute)) {
			return false, &FileError{Line: t.line, Path: t.path, Detail: fmt.Sprintf("the map says %s, but %s says %s",
				t.at.Format(time.RFC3339), best.path, best.at.Format(time.RFC3339))}
		}
		if t.exact {
			best = t
		}
	}
	m.AsOf = best.at
	return best.exact, nil
}

// readKnown finds since when the map was known: known_at, a day counting from
// its end; else the moment or the end of the day that it describes, because a
// map cannot be known before there is anything to draw.
func (m *Map) readKnown(doc *geo.Document) error {
	x, ok := doc.Member("known_at")
	if !ok {
		m.KnownAt, m.KnownHow = m.AsOf, "assumed: known from the moment it describes"
		if m.Until != nil {
			m.KnownAt, m.KnownHow = *m.Until, "assumed: known from the end of the day it describes"
		}
		return nil
	}
	t, exact, err := parseTime(x.Raw)
	if err != nil {
		return &FileError{Line: x.Line, Path: x.Key, Detail: err.Error()}
	}
	m.KnownAt, m.KnownHow = t, "stated in the file"
	if !exact {
		m.KnownAt, m.KnownHow = t.AddDate(0, 0, 1), "stated in the file: the end of that day"
	}
	if m.KnownAt.Before(m.AsOf) {
		return &FileError{Line: x.Line, Path: x.Key, Detail: fmt.Sprintf("known from %s, before %s, which the map describes",
			m.KnownAt.Format(time.RFC3339), m.AsOf.Format(time.RFC3339))}
	}
	return nil
}

// parseTime reads a time (RFC 3339) or a date.
func parseTime(raw json.RawMessage) (t time.Time, exact bool, err error) {
	if said, ok := text(raw); ok {
		if t, err := time.Parse(time.RFC3339, said); err == nil {
			return t.UTC(), true, nil
		}
		if t, err := time.Parse(time.DateOnly, said); err == nil {
			return t, false, nil
		}
	}
	return time.Time{}, false, fmt.Errorf("%.80s is neither a time (RFC 3339) nor a date (YYYY-MM-DD)", raw)
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
		t, exact, err := parseTime(raw)
		if err != nil {
			return &FileError{Line: line, Path: path, Detail: err.Error()}
		}
		out = append(out, innerTime{t, exact, line, path})
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

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }
