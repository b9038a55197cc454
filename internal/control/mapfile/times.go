package mapfile

import (
	"encoding/json"
	"fmt"
	"time"

	"whenwhere/internal/geo"
)

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

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }
