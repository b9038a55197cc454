package manifest

import (
	"bytes"
	"errors"
	"fmt"

	"whenwhere/internal/strictjson"
	"whenwhere/pipeline"
)

// namedShape is a place that is given by its name.
type namedShape struct {
	Name    string   `json:"name"`
	Oblast  string   `json:"oblast"`
	Raion   string   `json:"raion"`
	RadiusM *float64 `json:"radius_m"`
}

// decodeRecord reads one record into, of which in is the incident. Its claim.where, and the place of each testimony, may be
// a place with coordinates or a named one.
func decodeRecord(data []byte, into any, in *pipeline.Incident) []fieldFault {
	rest, named, faults := takeNamed(data)
	if faults == nil {
		faults = decode(rest, into)
	}
	if faults != nil {
		return faults
	}
	if in.Claim.Named != nil {
		return []fieldFault{ownAnswer("claim", "claim.where")}
	}
	in.Claim.Named = named["claim.where"]
	for i := range in.Testimonies {
		at := fmt.Sprintf("testimonies[%d]", i)
		if in.Testimonies[i].Named != nil {
			return []fieldFault{ownAnswer(at, at+".place")}
		}
		in.Testimonies[i].Named = named[at+".place"]
	}
	return nil
}

// ownAnswer refuses the member in which the answer of a gazetteer is kept.
func ownAnswer(at, place string) fieldFault {
	return fieldFault{at + ".named", fmt.Errorf("unknown field \"named\": a named place is written as %s with name", place)}
}

// takeNamed takes places that are given by name out of the document, by their paths, and leaves a null and spaces there, so
// that lines and columns of whatever else is wrong stay true. A document that is no JSON comes back as it is: decode says
// why.
func takeNamed(data []byte) (rest []byte, named map[string]*pipeline.NamedPlace, faults []fieldFault) {
	rest, named = data, map[string]*pipeline.NamedPlace{}
	for _, s := range findNamed(data) {
		if s.coordinates {
			return data, nil, []fieldFault{{s.path, fmt.Errorf("a place has a name (with oblast, raion), or lon, lat and radius_m; not both")}}
		}
		shape, faults := s.read(data)
		if faults != nil {
			return data, nil, faults
		}
		if len(named) == 0 {
			rest = bytes.Clone(data)
		}
		copy(rest[s.start:s.end], append([]byte("null"), bytes.Repeat([]byte(" "), s.end-s.start-4)...))
		named[s.path] = &pipeline.NamedPlace{Name: shape.Name, Oblast: shape.Oblast, Raion: shape.Raion, RadiusM: shape.RadiusM}
	}
	return rest, named, nil
}

// namedSpot is where in the document a place is given by its name.
type namedSpot struct {
	path        string
	start, end  int
	coordinates bool // beside the name
}

// read decodes the place alone, and tells of faults where they are in the whole document, which is one line.
func (s namedSpot) read(data []byte) (shape namedShape, faults []fieldFault) {
	faults = decode(data[s.start:s.end], &shape)
	for i, f := range faults {
		at := s.path
		if f.field != "" {
			at += "." + f.field
		}
		faults[i].field = at
		if fault, ok := errors.AsType[jsonFault](f.err); ok {
			fault.cause.Column += s.start
		}
	}
	return shape, faults
}

// findNamed finds the objects claim.where and testimonies[i].place that have a name.
func findNamed(data []byte) []namedSpot {
	limits := strictjson.Limits{MaxBytes: MaxLineBytes}
	if strictjson.Check(data, limits) != nil {
		return nil
	}
	c, err := strictjson.NewCursor(data, limits)
	if err != nil || c.Kind() != strictjson.Object {
		return nil
	}
	var found []namedSpot
	err = c.Object(func(key string) error {
		switch {
		case key == "claim" && c.Kind() == strictjson.Object:
			return namedMember(c, data, "where", "claim.where", &found)
		case key == "testimonies" && c.Kind() == strictjson.Array:
			return c.Array(func(i int) error {
				return namedMember(c, data, "place", fmt.Sprintf("testimonies[%d].place", i), &found)
			})
		}
		return c.Skip()
	})
	if err != nil {
		return nil
	}
	return found
}

// namedMember looks at one member of the object that comes next, and notes it when it is an object with a name.
func namedMember(c *strictjson.Cursor, data []byte, member, path string, found *[]namedSpot) error {
	if c.Kind() != strictjson.Object {
		return c.Skip()
	}
	return c.Object(func(key string) error {
		if key != member || c.Kind() != strictjson.Object {
			return c.Skip()
		}
		s, named := namedSpot{path: path, start: c.Offset()}, false
		err := c.Object(func(key string) error {
			named = named || key == "name"
			s.coordinates = s.coordinates || key == "lon" || key == "lat"
			return c.Skip()
		})
		s.end = len(bytes.TrimRight(data[:min(c.Offset(), len(data))], " \t\r\n"))
		if named {
			*found = append(*found, s)
		}
		return err
	})
}
