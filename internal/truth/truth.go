// Package truth reads what is known to be true of real photos, for scripts and tests.
// The files themselves lie beside the repository and are no part of it.
package truth

import (
	"fmt"
	"path"
	"path/filepath"
	"time"

	"whenwhere/internal/tsv"
	"whenwhere/pipeline"
)

// Photo is a real file, and where and when it was taken as far as that is known.
type Photo struct {
	Path  string // below the folder of real files, with slashes
	Place *pipeline.Place
	When  *pipeline.Span
	Wide  bool // what is known of the time allows no window of Slack to either side
	Clock bool // the file holds a local time or a satellite time
}

// Name is that of the file alone.
func (p Photo) Name() string { return path.Base(p.Path) }

// How far a true place and a true time are known.
const (
	RadiusM = 500.0
	Slack   = 15 * time.Minute
)

// Photos reads the table of photos below root. Files that no camera writes (.exv) are left out.
func Photos(root string) ([]Photo, error) {
	rows, err := tsv.Read(filepath.Join(root, "media", "TRUTH_gps_time.tsv"))
	if err != nil {
		return nil, err
	}
	var out []Photo
	for i, row := range rows {
		if path.Ext(row["file"]) == ".exv" {
			continue
		}
		p, err := photoOf(row)
		if err != nil {
			return nil, fmt.Errorf("table of truth: row %d: %w", i+1, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// photoOf derives the truth of a row. The table's position and its zone of the place give UTC; the exceptions are the
// anomalies that the README of the files names.
func photoOf(row tsv.Row) (Photo, error) {
	p, r := Photo{Path: row["file"], Clock: row["dto_local"] != "" || row["gps_time_utc"] != ""}, reader{row: row}
	if lat, lon := r.number("lat"), r.number("lon"); lat != 0 || lon != 0 { // a position of 0,0 is none
		p.Place = &pipeline.Place{Lat: lat, Lon: lon, RadiusM: RadiusM}
	}
	dial := row["dto_local"]
	switch p.Name() {
	case "FLIR iPhone device.jpg": // the same shoot as the movie, 19 s earlier; only its longitude lacks the W
		p.Place, p.When = &pipeline.Place{Lat: 34.07539, Lon: -118.2543, RadiusM: RadiusM}, r.around(dial, -7*60)
	case "exif-at-eof.heic": // in Mongolia with the offset of New York: the dial or the offset is right
		p.When, p.Wide = r.span("2020-05-04T10:24:00Z", "2020-05-04T22:54:00Z"), true
	case "Apple iPhone 4.jpg": // the receipt in the picture reads 13:37, the camera 14:33, the satellites 14:33 UTC
		p.When, p.Wide = r.span("2011-01-13T12:22:00Z", "2011-01-13T14:48:00Z"), true
	case "Samsung GT-I9000 (Galaxy S).jpg", "Issue 308.jpg": // no position, so no zone: the dial anywhere on Earth
		if p.When, p.Wide = r.around(dial, 0), true; p.When != nil {
			p.When.From, p.When.To = p.When.From.Add(-14*time.Hour), p.When.To.Add(12*time.Hour)
		}
	case "Ricoh2.jpg": // the camera's clock is 59 min off
		p.When = r.around("2006:05:26 "+row["gps_time_utc"], 0)
	case "HMD_Nokia_8.3_5G_hdr.heif": // satellite time alone
		p.When = r.around(row["gps_date"]+" "+row["gps_time_utc"], 0)
	default:
		p.When = r.derived()
	}
	return p, r.err
}

// reader reads the cells of a row and keeps the first fault.
type reader struct {
	row tsv.Row
	err error
}

func (r *reader) fault(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) number(column string) float64 {
	v, err := r.row.Number(column)
	r.fault(err)
	return v
}

func (r *reader) span(from, to string) *pipeline.Span {
	a, err := time.Parse(time.RFC3339, from)
	r.fault(err)
	b, err := time.Parse(time.RFC3339, to)
	r.fault(err)
	return &pipeline.Span{From: a, To: b}
}

// derived is the dial less its own offset, or less the offset of the place's zone; nil without a dial.
func (r *reader) derived() *pipeline.Span {
	dial := r.row["dto_local"]
	if dial == "" {
		return nil
	}
	if r.row["exif_offset"] == "" {
		return r.around(dial, int(r.number("expected_offset_min")))
	}
	zone, err := time.Parse("Z07:00", r.row["exif_offset"])
	r.fault(err)
	_, seconds := zone.Zone()
	return r.around(dial, seconds/60)
}

func (r *reader) around(dial string, offsetMin int) *pipeline.Span {
	at, err := time.Parse("2006:01:02 15:04:05", dial[:min(19, len(dial))])
	r.fault(err)
	at = at.Add(-time.Duration(offsetMin) * time.Minute)
	return &pipeline.Span{From: at.Add(-Slack), To: at.Add(Slack)}
}
