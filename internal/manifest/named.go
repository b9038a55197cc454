package manifest

import (
	"bytes"
	"errors"
	"fmt"

	"whenwhere/internal/strictjson"
	"whenwhere/pipeline"
)

// namedShape is claim.where when it names a place.
type namedShape struct {
	Name    string   `json:"name"`
	Oblast  string   `json:"oblast"`
	Raion   string   `json:"raion"`
	RadiusM *float64 `json:"radius_m"`
}

// decodeRecord reads one record whose claim.where may be a place with coordinates or a named one.
func decodeRecord(data []byte, into any, claim *pipeline.Claim) []fieldFault {
	rest, named, faults := takeNamed(data)
	if faults == nil {
		faults = decode(rest, into)
	}
	if faults != nil {
		return faults
	}
	if claim.Named != nil {
		return []fieldFault{{"claim.named", fmt.Errorf("unknown field \"named\": a named place is written as claim.where with name")}}
	}
	claim.Named = named
	return nil
}

// takeNamed takes a claim.where that names its place out of the document, and leaves a null and spaces there, so that
// lines and columns of whatever else is wrong stay true. A document that is no JSON comes back as it is: decode says why.
func takeNamed(data []byte) (rest []byte, named *pipeline.NamedPlace, faults []fieldFault) {
	start, end, names, coordinates := findNamed(data)
	switch {
	case !names:
		return data, nil, nil
	case coordinates:
		return data, nil, []fieldFault{{"claim.where", fmt.Errorf("a place has a name (with oblast, raion), or lon, lat and radius_m; not both")}}
	}
	alone := append(bytes.Repeat([]byte(" "), start), data[start:end]...)
	var shape namedShape
	if faults := decode(alone, &shape); faults != nil {
		for i, f := range faults {
			at := "claim.where"
			if f.field != "" {
				at += "." + f.field
			}
			faults[i].field = at
		}
		return data, nil, faults
	}
	rest = bytes.Clone(data)
	copy(rest[start:end], append([]byte("null"), bytes.Repeat([]byte(" "), end-start-4)...))
	return rest, &pipeline.NamedPlace{Name: shape.Name, Oblast: shape.Oblast, Raion: shape.Raion, RadiusM: shape.RadiusM}, nil
}

// findNamed finds the object claim.where and what it states.
func findNamed(data []byte) (start, end int, names, coordinates bool) {
	limits := strictjson.Limits{MaxBytes: MaxLineBytes}
	if strictjson.Check(data, limits) != nil {
		return 0, 0, false, false
	}
	c, err := strictjson.NewCursor(data, limits)
	if err != nil {
		return 0, 0, false, false
	}
	where := func(key string) error {
		switch key {
		case "name":
			names = true
		case "lon", "lat":
			coordinates = true
		}
		return c.Skip()
	}
	err = member(c, "claim", func() error {
		return member(c, "where", func() error {
			start = c.Offset()
			err := c.Object(where)
			end = len(bytes.TrimRight(data[:min(c.Offset(), len(data))], " \t\r\n"))
			return err
		})
	})
	return start, end, names && err == nil, coordinates
}

// member reads one member of the object that comes next, if it is an object itself, and skips the others.
func member(c *strictjson.Cursor, name string, read func() error) error {
	if c.Kind() != strictjson.Object {
		return errors.New("no object")
	}
	return c.Object(func(key string) error {
		if key != name || c.Kind() != strictjson.Object {
			return c.Skip()
		}
		return read()
	})
}
