// Package formats writes records (package record) as JSON, NDJSON, CSV, GeoJSON, KML, GeoParquet and CASE/UCO.
//
// All formats say the same: each holds every field of record.Row under the same name, where absent is absent and not empty.
// JSON, NDJSON and CASE hold more, which is no table. Records are written as they come; memory does not grow with their number
// but for the footer of GeoParquet. The same records give the same bytes. A collection without records is a valid document
// that says for whom it was written, as far as the format has a place for it (CSV and NDJSON have none: they are empty but
// for the header).
package formats

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"whenwhere/internal/audience"
	"whenwhere/internal/report/record"
)

// Writer takes records one after the other. Close ends the document; it does not close what it is written to.
type Writer interface {
	Add(record.Record) error
	Close() error
}

// About is what a document says of itself.
type About struct {
	Audience audience.Audience
	Version  string // of the program
}

// Format is one of the formats.
type Format struct {
	Name string // as on the command line
	Doc  string
	Open func(io.Writer, About) Writer
}

// All lists the formats in the order in which they are shown.
func All() []Format {
	return []Format{
		{"json", "one JSON object with all incidents, each with its findings", newJSON},
		{"ndjson", "a JSON object a line", newNDJSON},
		{"csv", "a table in UTF-8; what a spreadsheet would take for a formula begins with '", newCSV},
		{"geojson", "points with all fields (RFC 7946)", newGeoJSON},
		{"kml", "placemarks with all fields (KML 2.2)", newKML},
		{"geoparquet", "a table for analysis (GeoParquet 1.1)", newGeoParquet},
		{"case", "custody and verdicts as linked data (CASE/UCO JSON-LD)", newCASE},
	}
}

// about is how a document names its audience.
type about struct {
	Audience audience.Audience `json:"audience"`
	Version  string            `json:"whenwhere"`
	Note     string            `json:"note"`
}

const note = "The score is about place and time of filming. It does not say that a crime occurred, nor who did it."

func (a About) members() about { return about{a.Audience, a.Version, note} }

// named puts the incident before what went wrong.
func named(format string, r record.Record, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: incident %s: %w", format, r.Incident, err)
}

// jsonWriter writes objects a line, alone or as the member incidents of one object.
type jsonWriter struct {
	w          *bufio.Writer
	about      *about // nil for lines alone
	begun      bool
	head, tail string
}

func newNDJSON(w io.Writer, _ About) Writer { return &jsonWriter{w: bufio.NewWriter(w)} }

func newJSON(w io.Writer, a About) Writer {
	m := a.members()
	return &jsonWriter{w: bufio.NewWriter(w), about: &m}
}

func (j *jsonWriter) begin() error {
	if j.begun || j.about == nil {
		return nil
	}
	j.begun = true
	text, err := json.Marshal(j.about)
	if err != nil {
		return err
	}
	j.head, j.tail = "\n", "]}\n"
	_, err = j.w.WriteString(string(text[:len(text)-1]) + `,"incidents":[`)
	return err
}

func (j *jsonWriter) Add(r record.Record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return named("json", r, err)
	}
	if err := j.begin(); err != nil {
		return named("json", r, err)
	}
	_, err = j.w.WriteString(j.head + string(text))
	if j.about == nil {
		j.head = "\n"
	} else {
		j.head = ",\n"
	}
	return named("json", r, err)
}

func (j *jsonWriter) Close() error {
	err := j.begin()
	if j.about == nil && j.head != "" {
		j.tail = "\n" // ends the last line
	}
	if err == nil {
		_, err = j.w.WriteString(j.tail)
	}
	if err == nil {
		err = j.w.Flush()
	}
	if err != nil {
		return fmt.Errorf("json: %w", err)
	}
	return nil
}
