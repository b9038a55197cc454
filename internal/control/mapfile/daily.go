package mapfile

import (
	"encoding/json"
	"fmt"
	"time"
)

const dailyPrefix = "deepstatemap_data"

// collectedAt: the daily files are taken at 03:00 UTC and so show the evening before.
const collectedAt = 3 * time.Hour

func daily(s source) (Map, error) {
	doc, named := s.doc, s.named
	if err := checkTheatre(doc.Features); err != nil {
		return Map{}, err
	}
	want := dailyPrefix + "_" + named.day.Format("20060102")
	if m, ok := doc.Member("name"); ok {
		var name string
		if err := json.Unmarshal(m.Raw, &name); err != nil || name != want {
			return Map{}, &FileError{Line: m.Line, Path: "name", Detail: fmt.Sprintf("the map calls itself %.80s, the file is of %s", m.Raw, named.day.Format(time.DateOnly))}
		}
	}
	if len(doc.Features) != 1 {
		return Map{}, &FileError{Detail: fmt.Sprintf("a daily map has one feature, this one has %d", len(doc.Features))}
	}
	f := doc.Features[0]
	properties, err := members(f)
	if err != nil {
		return Map{}, err
	}
	shape := f.Polygons()
	if len(properties) != 0 || len(shape) == 0 {
		return Map{}, &FileError{Line: f.Line, Path: f.Path, Detail: "not a daily map: its one feature must be ground without properties"}
	}
	at := named.day.Add(collectedAt)
	return Map{
		Provider: "deepstate", Format: FormatDaily, AsOf: at,
		KnownAt: at, KnownHow: "collected at 03:00 UTC of the file's date",
		Rest: UA, Ground: []Ground{{RU, shape}},
		Licence: "repository GPL-3.0; data (c) DeepState",
	}, nil
}
