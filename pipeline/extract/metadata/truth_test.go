package metadata_test

import (
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/shareddata"
	"whenwhere/pipeline"
)

// TestTruthTable holds every row of the table of real files against what the stage says: position within 1e-5 degrees,
// the camera's local time, the date and time of the GPS fix, the direction.
func TestTruthTable(t *testing.T) {
	t.Parallel()
	root := filepath.Dir(media(t))
	rows := shareddata.Table(t, "media", "TRUTH_gps_time.tsv")
	if len(rows) != 47 {
		t.Fatalf("%d rows, want 47", len(rows))
	}
	p := pool(t)
	for _, row := range rows {
		f := extract(t, p, filepath.Join(root, row["file"]))
		if strings.HasSuffix(row["file"], ".exv") { // Exiv2's own container, which no camera writes
			if f.Result.Status != pipeline.Skipped {
				t.Errorf("%s: %+v, want skipped", row["file"], f.Result)
			}
			continue
		}
		if f.Result.Status != pipeline.Done {
			t.Errorf("%s: %s %s", row["file"], f.Result.Status, f.Result.Cause)
			continue
		}
		checkPlace(t, row["file"], row["lat"], row["lon"], f)
		checkLocal(t, row["file"], row["dto_local"], row["exif_offset"], f)
		checkGPSTime(t, row["file"], row["gps_date"], row["gps_time_utc"], f)
		if want, err := strconv.ParseFloat(row["img_direction"], 64); err == nil {
			if f.Direction == nil || math.Abs(f.Direction.AzimuthDeg-want) > 1e-6 {
				t.Errorf("%s: direction %v, want %v", row["file"], f.Direction, want)
			}
		}
	}
}

// noPlace are the rows whose position must not be believed or is not read, with what the stage has to say of it.
var noPlace = map[string]string{
	"Issue 308.jpg":                   "0,0 is what an absent position looks like: position unused",
	"Samsung GT-I9000 (Galaxy S).jpg": "0,0 is what an absent position looks like: position unused",
	// The table has what one reader makes of text in place of rationals, 92 km off; others read 52.8428.
	"geodegrees_as_string.jpg": "0 rationals, want degrees, minutes and seconds: position unused",
	"issue_1912_poc.jpg":       "directory pointer has type 9",
	"FLIR iPhone device.jpg":   "", // only in the maker's own segments, without the W: a reader that took it landed in China
	"FLIR Thermal.mp4":         "", // only in a 3GPP loci box
}

// noClock are the rows whose local time stands in a maker's own segment.
var noClock = map[string]bool{"FLIR iPhone device.jpg": true}

// noGPSTime are the rows whose time of fix is impossible, or text in place of rationals.
var noGPSTime = map[string]bool{"issue_1912_poc.jpg": true, "geodegrees_as_string.jpg": true}

func checkPlace(t *testing.T, file, latText, lonText string, f facts) {
	t.Helper()
	lat, _ := strconv.ParseFloat(latText, 64)
	lon, _ := strconv.ParseFloat(lonText, 64)
	if rule, ok := noPlace[filepath.Base(file)]; ok {
		if len(f.Places) != 0 || rule != "" && !f.complains(rule) {
			t.Errorf("%s: places %+v, defects %v; want none, and %q", file, f.Places, f.Defects, rule)
		}
		return
	}
	if len(f.Places) == 0 {
		t.Errorf("%s: no place, want %v, %v; defects %v", file, lat, lon, f.Defects)
		return
	}
	if got := f.Places[0]; math.Abs(got.Lat-lat) > 1e-5 || math.Abs(got.Lon-lon) > 1e-5 {
		t.Errorf("%s: %v, %v by %s; want %v, %v", file, got.Lat, got.Lon, got.Field, lat, lon)
	}
}

// localOf is the dial of the best camera stamp: what it showed, without its zone.
func checkLocal(t *testing.T, file, local, offset string, f facts) {
	t.Helper()
	if local == "" || noClock[filepath.Base(file)] {
		return
	}
	text := strings.Replace(local[:19], ":", "-", 2)
	want, err := time.Parse(time.DateTime, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"EXIF:DateTimeOriginal", "QuickTime:com.apple.quicktime.creationdate", "QuickTime:mvhd", "EXIF:DateTimeDigitized", "EXIF:DateTime"} {
		c, ok := f.clock(field)
		if !ok {
			continue
		}
		switch {
		case c.Wall != nil && c.UTC == nil:
			if c.Wall.From[:19] != want.Format("2006-01-02T15:04:05") || offset != "" {
				t.Errorf("%s: %s shows %s, want %s with offset %q", file, field, c.Wall.From, local, offset)
			}
		case len(c.UTC) == 1:
			zone, _ := time.Parse("Z07:00", offset)
			_, seconds := zone.Zone()
			utc := want.Add(-time.Duration(seconds) * time.Second)
			if utc.Before(c.UTC[0].From.Truncate(time.Second)) || !utc.Before(c.UTC[0].To) {
				t.Errorf("%s: %s is %v, want %s%s", file, field, c.UTC[0], local, offset)
			}
		default:
			t.Errorf("%s: %s %+v is unused, want %s", file, field, c, local)
		}
		return
	}
	t.Errorf("%s: no stamp, want %s; clocks %+v", file, local, f.Clocks)
}

func checkGPSTime(t *testing.T, file, date, tod string, f facts) {
	t.Helper()
	if tod == "" {
		return
	}
	for _, c := range f.Clocks {
		if c.Clock != pipeline.ClockGPS || !strings.HasPrefix(c.Field, "EXIF:") {
			continue
		}
		if noGPSTime[filepath.Base(file)] && len(c.UTC) > 0 {
			t.Errorf("%s: %+v, want no time", file, c)
		}
		if noGPSTime[filepath.Base(file)] {
			return
		}
		if len(c.UTC) == 0 {
			t.Errorf("%s: %+v is unused, want %s %s", file, c, date, tod)
			return
		}
		text := c.UTC[0].From.Format("15:04:05.000")
		if got, want := text[:8], tod[:8]; got != want {
			t.Errorf("%s: GPS time %s, want %s", file, got, want)
		}
		if day := c.UTC[0].From.Format("2006:01:02"); len(date) == 10 && day != date {
			t.Errorf("%s: GPS date %s, want %s", file, day, date)
		}
		return
	}
	if noGPSTime[filepath.Base(file)] {
		return
	}
	t.Errorf("%s: no GPS clock, want %s %s", file, date, tod)
}
