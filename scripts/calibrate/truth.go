package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"time"

	"whenwhere/pipeline"
)

// photo is a real file, and where and when it was taken as far as that is known.
type photo struct {
	path  string // below the folder of real files
	place *pipeline.Place
	when  *pipeline.Span
	wide  bool // what is known of the time allows no window of a quarter of an hour to either side
}

const (
	trueRadiusM = 500.0
	trueSlack   = 15 * time.Minute
)

// readPhotos reads the table of truth below root. Files that no camera writes (.exv) are left out.
func readPhotos(root string) ([]photo, error) {
	rows, err := readTSV(filepath.Join(root, "media", "TRUTH_gps_time.tsv"))
	if err != nil {
		return nil, err
	}
	var out []photo
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
func photoOf(row map[string]string) (photo, error) {
	p, r := photo{path: row["file"]}, reader{row: row}
	if lat, lon := r.number("lat"), r.number("lon"); lat != 0 || lon != 0 { // a position of 0,0 is none
		p.place = &pipeline.Place{Lat: lat, Lon: lon, RadiusM: trueRadiusM}
	}
	dial := row["dto_local"]
	switch path.Base(p.path) {
	case "FLIR iPhone device.jpg": // the same shoot as the movie, 19 s earlier; only its longitude lacks the W
		p.place, p.when = &pipeline.Place{Lat: 34.07539, Lon: -118.2543, RadiusM: trueRadiusM}, r.around(dial, -7*60)
	case "exif-at-eof.heic": // in Mongolia with the offset of New York: the dial or the offset is right
		p.when, p.wide = r.span("2020-05-04T10:24:00Z", "2020-05-04T22:54:00Z"), true
	case "Apple iPhone 4.jpg": // the receipt in the picture reads 13:37, the camera 14:33, the satellites 14:33 UTC
		p.when, p.wide = r.span("2011-01-13T12:22:00Z", "2011-01-13T14:48:00Z"), true
	case "Samsung GT-I9000 (Galaxy S).jpg", "Issue 308.jpg": // no position, so no zone: the dial anywhere on Earth
		if p.when, p.wide = r.around(dial, 0), true; p.when != nil {
			p.when.From, p.when.To = p.when.From.Add(-14*time.Hour), p.when.To.Add(12*time.Hour)
		}
	case "Ricoh2.jpg": // the camera's clock is 59 min off
		p.when = r.around("2006:05:26 "+row["gps_time_utc"], 0)
	case "HMD_Nokia_8.3_5G_hdr.heif": // satellite time alone
		p.when = r.around(row["gps_date"]+" "+row["gps_time_utc"], 0)
	default:
		p.when = r.derived()
	}
	return p, r.err
}

// reader reads the cells of a row and keeps the first fault.
type reader struct {
	row map[string]string
	err error
}

func (r *reader) fault(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) number(column string) float64 {
	v, err := strconv.ParseFloat(r.row[column], 64)
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
	return &pipeline.Span{From: at.Add(-trueSlack), To: at.Add(trueSlack)}
}

// readTSV reads a table with a head as maps from column to cell.
func readTSV(file string) ([]map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		return nil, fmt.Errorf("%s: %d rows: %w", filepath.Base(file), len(rows), err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, name := range rows[0] {
			cells[name] = row[i]
		}
		out = append(out, cells)
	}
	return out, nil
}
