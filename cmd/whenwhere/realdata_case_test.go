package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
	"whenwhere/pipeline"
)

// realData is the folder of real files, which lies beside the repository and is never part of it.
func realData(t testing.TB, below ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("real files are left out of short runs")
	}
	return shareddata.Path(t, below...)
}

// realPhoto is a row of the truth table: a real file, and where and when it was taken as far as that is known.
type realPhoto struct {
	path  string // below the folder of real files
	place *pipeline.Place
	when  *pipeline.Span
	wide  bool // the window is wider than the quarter of an hour to either side: what is known allows no less
	clock bool // the file holds a local time or a satellite time
}

func (p realPhoto) name() string { return filepath.Base(p.path) }

const (
	trueRadiusM = 500.0
	trueSlack   = 15 * time.Minute
)

// readPhotos reads the truth table. Files that no camera writes (.exv) are left out.
func readPhotos(t testing.TB, root string) []realPhoto {
	t.Helper()
	rows := readTSV(t, filepath.Join(root, "media", "TRUTH_gps_time.tsv"))
	var out []realPhoto
	for _, row := range rows {
		if filepath.Ext(row["file"]) != ".exv" {
			out = append(out, photoOf(t, row))
		}
	}
	if len(out) != 46 {
		t.Fatalf("%d photos in the truth table, want 46", len(out))
	}
	return out
}

// photoOf derives the truth of a row. The table's position and its zone of the place give UTC; the exceptions are the
// anomalies that the README of the files names.
func photoOf(t testing.TB, row map[string]string) realPhoto {
	p := realPhoto{path: row["file"], clock: row["dto_local"] != "" || row["gps_time_utc"] != ""}
	lat, lon := number(t, row["lat"]), number(t, row["lon"])
	if lat != 0 || lon != 0 { // a position of 0,0 is none
		p.place = &pipeline.Place{Lat: lat, Lon: lon, RadiusM: trueRadiusM}
	}
	span := func(from, to string) {
		p.when, p.wide = &pipeline.Span{From: instantOf(t, from), To: instantOf(t, to)}, true
	}
	switch p.name() {
	case "FLIR iPhone device.jpg": // the same shoot as the movie, 19 s earlier; only its longitude lacks the W
		p.place = &pipeline.Place{Lat: 34.07539, Lon: -118.2543, RadiusM: trueRadiusM}
		p.when = around(t, row["dto_local"], -7*60)
	case "exif-at-eof.heic": // in Mongolia with the offset of New York: the dial or the offset is right
		span("2020-05-04T10:24:00Z", "2020-05-04T22:54:00Z")
	case "Apple iPhone 4.jpg": // the receipt in the picture reads 13:37, the camera 14:33, the satellites 14:33 UTC
		span("2011-01-13T12:22:00Z", "2011-01-13T14:48:00Z")
	case "Samsung GT-I9000 (Galaxy S).jpg", "Issue 308.jpg": // no position, so no zone: the dial anywhere on Earth
		p.when, p.wide = around(t, row["dto_local"], 0), true
		p.when.From, p.when.To = p.when.From.Add(-14*time.Hour), p.when.To.Add(12*time.Hour)
	case "Ricoh2.jpg": // the camera's clock is 59 min off
		p.when = around(t, "2006:05:26 "+row["gps_time_utc"], 0)
	case "HMD_Nokia_8.3_5G_hdr.heif": // satellite time alone
		p.when = around(t, row["gps_date"]+" "+row["gps_time_utc"], 0)
	default:
		p.when = derived(t, row)
	}
	return p
}

// derived is the dial less its own offset, or less the offset of the place's zone.
func derived(t testing.TB, row map[string]string) *pipeline.Span {
	if row["dto_local"] == "" {
		return nil
	}
	if row["exif_offset"] != "" {
		zone, err := time.Parse("Z07:00", row["exif_offset"])
		if err != nil {
			t.Fatal(err)
		}
		_, seconds := zone.Zone()
		return around(t, row["dto_local"], seconds/60)
	}
	return around(t, row["dto_local"], int(number(t, row["expected_offset_min"])))
}

func around(t testing.TB, dial string, offsetMin int) *pipeline.Span {
	t.Helper()
	at, err := time.Parse("2006:01:02 15:04:05", dial[:19])
	if err != nil {
		t.Fatal(err)
	}
	at = at.Add(-time.Duration(offsetMin) * time.Minute)
	return &pipeline.Span{From: at.Add(-trueSlack), To: at.Add(trueSlack)}
}

func instantOf(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func number(t testing.TB, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// readTSV reads a table with a head as maps from column to cell.
func readTSV(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows: %v", path, len(rows), err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, name := range rows[0] {
			cells[name] = row[i]
		}
		out = append(out, cells)
	}
	return out
}

func apartM(a, b pipeline.Place) float64 {
	return geo.DistanceM(geo.LatLon{Lat: a.Lat, Lon: a.Lon}, geo.LatLon{Lat: b.Lat, Lon: b.Lon})
}

// realCase is a case folder in the making.
type realCase struct {
	t       testing.TB
	dir     string
	records []pipeline.Incident
}

func newRealCase(t testing.TB) *realCase { return &realCase{t: t, dir: t.TempDir()} }

// add copies the file into the case, because links out of it are refused, and returns its path there.
func (c *realCase) add(from string, to ...string) string {
	c.t.Helper()
	name := filepath.Join(to...)
	in, err := os.Open(from)
	if err != nil {
		c.t.Fatal(err)
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(c.dir, name)), 0o755); err != nil {
		c.t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(c.dir, name))
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		c.t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		c.t.Fatal(err)
	}
	return filepath.ToSlash(name)
}

// claim adds an incident with one file.
func (c *realCase) claim(id, file string, claim pipeline.Claim) {
	claim.What = "a claim made for testing; the file shows no incident"
	c.records = append(c.records, pipeline.Incident{ID: id, Claim: claim, Media: []pipeline.MediaRef{{File: file}}})
}

// verify writes the records, runs the main job in this process, and returns the verdicts by incident and what was said.
func (c *realCase) verify(dataDir string) (verdicts map[string]realVerdict, said string) {
	c.t.Helper()
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for _, r := range c.records {
		if err := enc.Encode(r); err != nil {
			c.t.Fatal(err)
		}
	}
	c.write("incidents.jsonl", lines.Bytes())
	var out, errs bytes.Buffer
	if code := run([]string{"verify", c.dir, "--json", "--data", dataDir, "--workers", "2"}, &out, &errs); code != 0 && code != exitPartial {
		c.t.Fatalf("exit code %d:\n%s", code, errs.String())
	}
	verdicts = map[string]realVerdict{}
	for line := range strings.Lines(out.String()) {
		var v realVerdict
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			c.t.Fatal(err)
		}
		verdicts[v.Incident] = v
	}
	if len(verdicts) != len(c.records) {
		c.t.Fatalf("%d verdicts of %d incidents:\n%s", len(verdicts), len(c.records), errs.String())
	}
	return verdicts, errs.String()
}

func (c *realCase) write(name string, data []byte) {
	c.t.Helper()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(c.dir, name)), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.dir, name), data, 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// realVerdict is what these tests read of a verdict.
type realVerdict struct {
	Incident   string
	Score      float64
	Weight     float64
	Status     string
	Incomplete []string
	Axes       map[string]float64
	Lines      []realLine
	Times      []pipeline.Estimate
}

type realLine struct {
	Question, Axis, Outcome, Code, Reason string
	Alone                                 float64
}

func (v realVerdict) line(question string) realLine {
	for _, l := range v.Lines {
		if l.Question == question {
			return l
		}
	}
	return realLine{}
}

// against reports whether any line of the axis contradicts.
func (v realVerdict) against(axis string) bool {
	for _, l := range v.Lines {
		if l.Axis == axis && l.Outcome == "contradicts" {
			return true
		}
	}
	return false
}

// said are the lines that were decided or say why not, for messages.
func (v realVerdict) said() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s score %.2f %s", v.Status, v.Score, strings.Join(v.Incomplete, "; "))
	for _, l := range v.Lines {
		if l.Axis != "sources" {
			fmt.Fprintf(&out, "\n    %-24s %-12s %+.2f %s: %s", l.Question, l.Outcome, l.Alone, l.Code, l.Reason)
		}
	}
	return out.String()
}
