package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
	"whenwhere/internal/truth"
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

// readPhotos reads the table of photos.
func readPhotos(t testing.TB, root string) []truth.Photo {
	t.Helper()
	out, err := truth.Photos(root)
	if err != nil || len(out) != 46 {
		t.Fatalf("%d photos in the table, want 46: %v", len(out), err)
	}
	return out
}

func instantOf(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
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
