package mapfile

import (
	"fmt"
	"time"

	"whenwhere/internal/geo"
)

// firstRaw: no publication of the war is older than the war.
func firstRaw() time.Time { return time.Date(2022, 2, 24, 0, 0, 0, 0, time.UTC) }

// raw reads a publication of DeepState.
func raw(s source) (Map, error) {
	at := s.named.unix
	if at == nil {
		return Map{}, &FileError{Detail: "a DeepState publication has no date inside: its name must be the time in unix seconds, like 1722544807.geojson"}
	}
	if at.Before(firstRaw()) {
		return Map{}, &FileError{Detail: fmt.Sprintf("the name says %s, before the war", at.Format(time.RFC3339))}
	}
	m := Map{
		Provider: "deepstate", Format: FormatRaw, AsOf: *at,
		KnownAt: *at, KnownHow: "published at the time in the file's name",
		Rest: UA, Licence: "none stated; the repository says educational and non-commercial; data (c) DeepState",
	}
	for _, f := range s.doc.Features {
		if err := m.addNamed(f); err != nil {
			return Map{}, err
		}
	}
	if len(m.Ground) == 0 {
		return Map{}, &FileError{Detail: "no content: no polygon of this war, which does not mean that nothing is occupied"}
	}
	return m, nil
}

// addNamed adds a feature by its name.
func (m *Map) addNamed(f geo.Feature) error {
	shape := f.Polygons()
	if len(shape) == 0 {
		if f.Geometry != nil {
			m.Dropped++
		}
		return nil
	}
	fault := &FileError{Line: f.Line, Path: f.Path}
	p, err := members(f)
	if err != nil {
		return err
	}
	name, ok := text(p["name"])
	if !ok {
		fault.Detail = "a polygon without a name, which alone says its status"
		return fault
	}
	status := statusOf(name, m.AsOf)
	if status == nameless {
		m.Flags = append(m.Flags, fmt.Sprintf("status not stated: line %d, %s, the name %.80q: taken as contested", f.Line, f.Path, name))
	}
	side, keep := status.side()
	switch {
	case status == unknownName:
		fault.Detail = fmt.Sprintf("the name %.120q is none of the known ones, so its status is not known", name)
		return fault
	case !keep:
		m.Dropped++
		return nil
	}
	if fault.Detail = outside(shape); fault.Detail != "" {
		return fault
	}
	m.Ground = append(m.Ground, Ground{side, shape})
	return nil
}
