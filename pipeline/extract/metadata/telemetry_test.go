package metadata_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/tags/tagstest"
	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
)

// brief is a clock in one line.
func brief(c pipeline.StatedClock) string {
	out := fmt.Sprintf("%s %s %s %s", c.Field, c.Clock, c.Kind, c.Bound)
	for _, s := range c.UTC {
		out += s.From.Format(" 2006-01-02T15:04:05.000Z") + s.To.Format("/15:04:05.000Z")
	}
	if c.Wall != nil {
		out += " wall " + c.Wall.From + "/" + strings.SplitN(c.Wall.To, "T", 2)[1]
	}
	return out + " " + strings.Join(c.Flags, " ")
}

// TestSubtitlesOfDrones: the real files, through the jailed child. The dials are the files' first and last ones.
func TestSubtitlesOfDrones(t *testing.T) {
	t.Parallel()
	root, p := filepath.Join(media(t), "dji-srt"), pool(t)
	const dial = "SRT:dial camera_clock capture point wall "
	for file, want := range map[string]struct {
		dial, defect string
		lat, lon     float64 // 0,0: none
	}{
		"air2s.srt":               {"2022-08-07T13:40:40.774/13:40:41.309", "", 41.424724, 2.234156},
		"broken_incomplete.SRT":   {"2017-07-03T10:15:03.000/10:15:23.000", "srt truncated", -34.7383, -58.4563},
		"broken_incomplete2.SRT":  {"2020-08-12T08:55:21.745/08:55:21.946", "srt truncated", -34.86995, -57.823395},
		"matrice_300.srt":         {"2022-06-21T16:06:17.000/16:12:38.000", "SRT:GPS: the recording goes 401 m from its first place", 36.6146, -6.112},
		"mavic_2_style.SRT":       {"2017-08-05T14:11:51.393/14:19:39.394", "SRT:GPS: the recording goes 331 m from its first place", -20.2533, 149.0251},
		"mavic_air.SRT":           {"2018-02-19T08:04:51.265/08:04:51.306", "srt no_gps", 0, 0},
		"mavic_air2.srt":          {"2022-05-01T15:01:58.531/15:01:58.932", "", 41.420684, 2.162162},
		"mavic_mini.SRT":          {"", "srt no_wall_clock", 48.0771, -121.7458},
		"mavic_pro.SRT":           {"2017-08-05T14:11:51.000/14:19:40.000", "SRT:GPS: the recording goes 331 m from its first place", -20.2533, 149.0251},
		"mavic_pro_buggy.SRT":     {"2018-08-19T08:00:36.000/08:09:43.000", "srt bad_place", 42.4668, -1.2218},
		"mix_p4rtk_mavic2pro.srt": {"2020-10-07T12:00:10.123/12:00:10.404", "srt mixed_dialects", -34.6502, -59.409424},
		"old_format.SRT":          {"2017-08-05T14:11:51.000/14:19:40.000", "SRT:GPS: the recording goes 331 m from its first place", -20.2533, 149.0251},
		"p4_rtk.SRT":              {"", "SRT:GPS: the recording goes 663 m from its first place", -34.237922, -58.851745},
		"p4p_sample.SRT":          {"", "srt no_wall_clock", 47.4692, 8.209},
	} {
		f := extract(t, p, filepath.Join(root, file))
		if f.Result.Status != pipeline.Done || !slices.Equal(f.Blocks, []string{"srt"}) {
			t.Errorf("%s: %s %s, blocks %v", file, f.Result.Status, f.Result.Cause, f.Blocks)
		}
		var got []string
		for _, c := range f.Clocks {
			got = append(got, strings.TrimSpace(brief(c)))
		}
		var clocks []string
		if want.dial != "" {
			clocks = []string{dial + want.dial}
		}
		if diff := cmp.Diff(clocks, got); diff != "" {
			t.Errorf("%s: clocks (-want +got):\n%s", file, diff)
		}
		if want.defect == "" && len(f.Defects) > 0 || !f.complains(want.defect) && want.defect != "" {
			t.Errorf("%s: defects %v, want %q", file, f.Defects, want.defect)
		}
		switch {
		case want.lat == 0 && len(f.Places) > 0, want.lat != 0 && len(f.Places) != 1:
			t.Errorf("%s: places %v", file, f.Places)
		case want.lat != 0 && (f.Places[0].Lat != want.lat || f.Places[0].Lon != want.lon || f.Places[0].AltitudeM != nil):
			t.Errorf("%s: place %+v, want %v, %v and no height above the sea", file, f.Places[0], want.lat, want.lon)
		}
	}
	if f := extract(t, p, filepath.Join(root, "broken_empty2.SRT")); f.Result.Status != pipeline.Skipped {
		t.Errorf("an index and nothing else: %+v", f.Result)
	}
}

var home = regexp.MustCompile(`HOME ?\(([^)]*)\)?`)

// TestPilotStaysOut: whatever stands in HOME, what is observed is the same, to the byte.
func TestPilotStaysOut(t *testing.T) {
	t.Parallel()
	root, p, dir := filepath.Join(media(t), "dji-srt"), pool(t), t.TempDir()
	seen := 0
	for _, file := range []string{"broken_incomplete.SRT", "mavic_pro.SRT", "mavic_pro_buggy.SRT", "mix_p4rtk_mavic2pro.srt", "old_format.SRT", "p4_rtk.SRT"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		seen += len(home.FindAll(text, -1))
		moved := filepath.Join(dir, file)
		if err := os.WriteFile(moved, home.ReplaceAll(text, []byte("HOME(77.71717, 66.61616, 55.5m)")), 0o600); err != nil {
			t.Fatal(err)
		}
		was, is := extract(t, p, filepath.Join(root, file)), extract(t, p, moved)
		if diff := cmp.Diff(was.Result.Observations, is.Result.Observations); diff != "" || len(is.Result.Observations) == 0 {
			t.Errorf("%s: %s", file, diff)
		}
		raw, err := json.Marshal(is.Result)
		if err != nil || regexp.MustCompile(`71717|61616|HOME`).Match(raw) {
			t.Errorf("%s: %v %s", file, err, raw)
		}
	}
	if seen < 1000 {
		t.Errorf("only %d places of pilots in the files", seen)
	}
}

// TestTelemetryOfGoPro: the film, and the raw blocks laid into films.
func TestTelemetryOfGoPro(t *testing.T) {
	t.Parallel()
	root, p, dir := filepath.Join(media(t), "gpmf"), pool(t), t.TempDir()
	for file, want := range map[string]struct {
		clock, defect string
		lat           float64
	}{
		"karma.mp4":     {"GPMF:UTC gps capture point 2017-04-17T19:27:57.527Z/19:28:10.119Z fix_unstated", "", 33.1253688},
		"karma.raw":     {"GPMF:UTC gps capture point 2017-04-17T19:27:57.527Z/19:27:59", "", 33.1253688},
		"hero5.raw":     {"GPMF:UTC gps capture point 2017-04-17T17:31:03.000Z/17:31:04.000Z", "dilution of precision 6.06, above 5", 33.1264969},
		"Fusion.raw":    {"GPMF:UTC gps capture point 2018-03-23T17:25:37.375Z/17:25:38.375Z", "dilution of precision 6.74, above 5", 33.1266299},
		"hero6.raw":     {"GPMF:UTC camera_clock capture point 2018-01-24T19:28:01.699Z/19:28:02.699Z wall 2018-01-24T19:28:01.699/19:28:02.699 no_fix", "the receiver had no fix: position unused", 0},
		"hero6+ble.raw": {"GPMF:UTC camera_clock capture point 2018-03-23T22:51:39.829Z/22:51:40.829Z wall 2018-03-23T22:51:39.829/22:51:40.829 no_fix", "no fix in the 1 of 1 payloads", 0},
	} {
		path := filepath.Join(root, file)
		if strings.HasSuffix(file, ".raw") {
			block, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			path = filepath.Join(dir, file+".mp4")
			if err := os.WriteFile(path, tagstest.Movie("gpmd", 1, block), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		f := extract(t, p, path)
		c, _ := f.clock("GPMF:UTC")
		if got := brief(c); !strings.HasPrefix(got, want.clock) || !slices.Contains(f.Blocks, "gpmf") {
			t.Errorf("%s: %s, want %s; blocks %v", file, got, want.clock, f.Blocks)
		}
		if want.defect != "" && !f.complains(want.defect) {
			t.Errorf("%s: defects %v, want %q", file, f.Defects, want.defect)
		}
		if (want.lat == 0) != (len(f.Places) == 0) || want.lat != 0 && math.Abs(f.Places[0].Lat-want.lat) > 1e-9 {
			t.Errorf("%s: places %v, want latitude %v", file, f.Places, want.lat)
		}
	}
}

func tag(dir, name string, value any) wire.Tag {
	t := wire.Tag{Reader: dir, Dir: dir, Name: name}
	switch v := value.(type) {
	case string:
		t.Text = &v
	case int:
		t.Ints = []int64{int64(v)}
	case []string:
		t.Floats = v
	}
	return t
}

// TestTelemetryTags: what no real file holds.
func TestTelemetryTags(t *testing.T) {
	t.Parallel()
	dial := func(first, last string, width int, more ...wire.Tag) []wire.Tag {
		return append([]wire.Tag{tag("srt", "DialFirst", first), tag("srt", "DialFirstWidthMs", width), tag("srt", "DialLast", last), tag("srt", "DialLastWidthMs", width)}, more...)
	}
	ends := func(firstFix, lastFix int) []wire.Tag {
		return []wire.Tag{tag("gpmf", "FirstUTC", "2024-02-29T10:00:00.000Z"), tag("gpmf", "FirstFix", firstFix), tag("gpmf", "FirstPlace", []string{"48.1", "36.1", "120"}),
			tag("gpmf", "LastUTC", "2024-02-29T10:05:00.000Z"), tag("gpmf", "LastFix", lastFix), tag("gpmf", "LastPlace", []string{"48.2", "36.1", "120"})}
	}
	for _, c := range []struct {
		name, clock, defect string
		tags                []wire.Tag
		places              string
	}{
		{"dial steps back", "SRT:dial camera_clock capture point wall 2024-02-29T10:15:02.000/10:15:04.000 dial_backwards", "", dial("2024-02-29T10:15:02.000", "2024-02-29T10:15:03.000", 1000, tag("srt", "DialFlag", "dial_backwards")), ""},
		{"dial set on the way", "SRT:dial camera_clock capture point bad_calendar", "", dial("2000-01-01T00:00:02.000", "2024-02-29T10:15:03.000", 1000), ""},
		{"dial before drones", "SRT:dial camera_clock capture point before_1990", "", dial("1970-01-01T00:00:02.000", "1970-01-01T00:00:03.000", 1), ""},
		{"no dial", "", "is no time on a dial: unused", dial("2024-02-30T00:00:00.000", "2024-02-29T10:15:03.000", 1), ""},
		{"dial back to front", "", "is no time on a dial: unused", dial("2024-02-29T10:15:03.000", "2024-02-29T10:15:02.000", 1), ""},
		{"above the sea", "", "", []wire.Tag{tag("srt", "PlaceFirst", []string{"48.1", "36.1"}), tag("srt", "AltitudeFirstM", []string{"150.5"})}, "SRT:GPS 48.1 36.1 150.5m"},
		{"out and back", "", "SRT:GPS: the recording goes 900 m from its first place", []wire.Tag{tag("srt", "PlaceFirst", []string{"48.1", "36.1"}),
			tag("srt", "PlaceLast", []string{"48.1", "36.1"}), tag("srt", "ReachM", []string{"900"})}, "SRT:GPS 48.1 36.1 +-900m"},
		{"place of nobody", "", "0,0 is what an absent position looks like", []wire.Tag{tag("srt", "PlaceFirst", []string{"0", "0"}), tag("srt", "PlaceLast", []string{"0", "1"})}, ""},
		{"place that is none", "", "is no pair of decimal degrees", []wire.Tag{tag("srt", "PlaceFirst", []string{"NaN", "36.1"})}, ""},
		{"half a place", "", "is no pair of decimal degrees", []wire.Tag{tag("srt", "PlaceFirst", []string{"48.1"})}, ""},
		{"fix", "GPMF:UTC gps capture point 2024-02-29T10:00:00.000Z/10:05:01.000Z ", "GPMF:GPS: the recording goes 11119 m from its first place", ends(3, 2), "GPMF:GPS 48.1 36.1 120m +-11119m"},
		{"fix at the end only", "GPMF:UTC gps capture point 2024-02-29T10:05:00.000Z/10:05:01.000Z ", "the receiver had no fix: position unused", ends(0, 3), ""},
		{"no fix", "GPMF:UTC camera_clock capture point 2024-02-29T10:00:00.000Z/10:05:01.000Z wall 2024-02-29T10:00:00.000/10:05:01.000 no_fix", "no fix: position unused", ends(0, 0), ""},
		{"no time", "", "is no time: unused", []wire.Tag{tag("gpmf", "FirstUTC", "yesterday")}, ""},
		{"never set", "GPMF:UTC camera_clock capture point before_1990 no_fix", "", []wire.Tag{tag("gpmf", "FirstUTC", "1970-01-01T00:00:00.000Z"), tag("gpmf", "FirstFix", 0)}, ""},
	} {
		f := interpret(t, "x", wire.Tags{Tags: c.tags})
		got := ""
		if len(f.Clocks) > 0 {
			got = brief(f.Clocks[0])
		}
		if got != c.clock {
			t.Errorf("%s: clock %q, want %q", c.name, got, c.clock)
		}
		if c.defect != "" && !f.complains(c.defect) {
			t.Errorf("%s: defects %v, want %q", c.name, f.Defects, c.defect)
		}
		place := ""
		for _, p := range f.Places {
			place += fmt.Sprintf("%s %v %v", p.Field, p.Lat, p.Lon)
			if p.AltitudeM != nil {
				place += fmt.Sprintf(" %vm", *p.AltitudeM)
			}
			if p.AccuracyM != nil {
				place += fmt.Sprintf(" +-%.0fm", *p.AccuracyM)
			}
		}
		if place != c.places {
			t.Errorf("%s: places %q, want %q", c.name, place, c.places)
		}
	}
}
