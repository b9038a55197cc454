package srt_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock/srt"
	"whenwhere/internal/shareddata"
)

func dial(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05.000") }

// Every file of the collection; the figures were counted with grep.
func TestDialects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file           string
		frames, places int
		first, last    string
		lat, lon       float64
		flags          []string
	}{
		{"air2s.srt", 17, 17, "2022-08-07 13:40:40.774", "2022-08-07 13:40:41.309", 41.424724, 2.234156, nil},
		{"matrice_300.srt", 381, 381, "2022-06-21 16:06:17.000", "2022-06-21 16:12:38.000", 36.6146, -6.1120, nil},
		{"mavic_air2.srt", 25, 25, "2022-05-01 15:01:58.531", "2022-05-01 15:01:58.932", 41.420684, 2.162162, nil},
		{"mix_p4rtk_mavic2pro.srt", 12, 12, "2020-10-07 12:00:10.123", "2020-10-07 12:00:10.404", -34.650200, -59.409424, []string{srt.FlagMixed}},
		{"mavic_2_style.SRT", 468, 468, "2017-08-05 14:11:51.393", "2017-08-05 14:19:39.394", -20.2533, 149.0251, nil},
		{"mavic_air.SRT", 2, 0, "2018-02-19 08:04:51.265", "2018-02-19 08:04:51.306", 0, 0, []string{srt.FlagNoPlace}},
		{"mavic_mini.SRT", 117, 117, "", "", 48.0771, -121.7458, []string{srt.FlagNoDial}},
		{"mavic_pro.SRT", 468, 468, "2017-08-05 14:11:51.000", "2017-08-05 14:19:40.000", -20.2533, 149.0251, nil},
		{"mavic_pro_buggy.SRT", 546, 530, "2018-08-19 08:00:36.000", "2018-08-19 08:09:43.000", 42.4668, -1.2218, []string{srt.FlagBadPlace}},
		{"old_format.SRT", 468, 468, "2017-08-05 14:11:51.000", "2017-08-05 14:19:40.000", -20.2533, 149.0251, nil},
		{"p4_rtk.SRT", 55, 55, "", "", -34.237922, -58.851745, []string{srt.FlagNoDial}},
		{"p4p_sample.SRT", 5, 5, "", "", 47.4692, 8.2090, []string{srt.FlagNoDial}},
		{"broken_empty.SRT", 0, 0, "", "", 0, 0, []string{srt.FlagNoPlace, srt.FlagNoTelemetry, srt.FlagNoDial}},
		{"broken_empty2.SRT", 0, 0, "", "", 0, 0, []string{srt.FlagNoPlace, srt.FlagNoTelemetry, srt.FlagNoDial}},
		{"broken_incomplete.SRT", 20, 19, "2017-07-03 10:15:03.000", "2017-07-03 10:15:23.000", -34.7383, -58.4563, []string{srt.FlagTruncated}},
		{"broken_incomplete2.SRT", 6, 4, "2020-08-12 08:55:21.745", "2020-08-12 08:55:21.946", -34.869950, -57.823395, []string{srt.FlagTruncated}},
	} {
		text, err := os.ReadFile(shareddata.Path(t, "media", "dji-srt", c.file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := srt.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		var places []srt.Frame
		for _, f := range got.Frames {
			if f.HasPlace {
				places = append(places, f)
			}
		}
		lo, hi, ok := dialOf(got)
		if len(got.Frames) != c.frames || len(places) != c.places || ok != (c.first != "") || ok && (dial(lo) != c.first || dial(hi) != c.last) {
			t.Errorf("%s: %d frames, %d places, %s .. %s", c.file, len(got.Frames), len(places), dial(lo), dial(hi))
		}
		if len(places) > 0 && (places[0].Lat != c.lat || places[0].Lon != c.lon) {
			t.Errorf("%s: %v, %v", c.file, places[0].Lat, places[0].Lon)
		}
		if diff := cmp.Diff(c.flags, got.Flags); diff != "" {
			t.Errorf("%s: flags %s", c.file, diff)
		}
		noPilot(t, c.file, string(text), got)
	}
}

// dialOf is from the first reading of the dial to the end of the last.
func dialOf(t srt.Track) (lo, hi int64, ok bool) {
	for _, f := range t.Frames {
		if !f.HasDial {
			continue
		}
		if !ok || f.DialMs < lo {
			lo = f.DialMs
		}
		if end := f.DialMs + f.DialWidthMs; !ok || end > hi {
			hi = end
		}
		ok = true
	}
	return lo, hi, ok
}

// noPilot looks for the pilot's place in everything that came out, wherever
// it differs from the drone's.
func noPilot(t *testing.T, name, text string, got srt.Track) {
	t.Helper()
	printed := fmt.Sprintf("%+v", got)
	for _, home := range []string{"-59.40788", "-58.847509"} {
		if strings.Contains(text, home) && strings.Contains(printed, home) {
			t.Errorf("%s: the place of the pilot is in the result", name)
		}
	}
}

func one(t *testing.T, text string) srt.Track {
	t.Helper()
	got, err := srt.Parse([]byte("1\n00:00:01,000 --> 00:00:02,000\n" + text + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestHomeIsNeverRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"HOME(12.5,34.5) 2017.07.03 10:15:03", "HOME (12.5, 34.5, 7.60m) 2017.07.03 10:15:03",
		"home(12.5,34.5) 2017.07.03 10:15:03", "2017.07.03 10:15:03 HOME(12.5,34.5", "HOME(GPS(12.5,34.5,3) 2017.07.03 10:15:03",
	} {
		got := one(t, text)
		if len(got.Frames) != 1 || got.Frames[0].HasPlace || !got.Frames[0].HasDial {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestValuesThatDoNotExist(t *testing.T) {
	t.Parallel()
	for text, flag := range map[string]string{
		"2017.02.30 10:15:03":               srt.FlagBadDate,
		"2016.12.31 23:59:60":               srt.FlagBadDate,
		"2017.02.03 24:00:00":               srt.FlagBadDate,
		"GPS(200,34.5,3)":                   srt.FlagBadPlace,
		"GPS(0.0,0.0,3)":                    srt.FlagBadPlace,
		"GPS(nan,34.5,3)":                   srt.FlagBadPlace,
		"GPS(1e999,34.5,3)":                 srt.FlagBadPlace,
		"GPS(0x10,34.5,3)":                  srt.FlagBadPlace,
		"GPS(34.5,":                         srt.FlagTruncated,
		"[latitude: 34.5] [longi":           srt.FlagTruncated,
		"[latitude: 91] [longitude: 12]":    srt.FlagBadPlace,
		"Hello, world":                      srt.FlagNoTelemetry,
		strings.Repeat("GPS(1,2,3) ", 1000): srt.FlagTruncated,
	} {
		got := one(t, text)
		if len(got.Frames) != 0 || !got.Has(flag) {
			t.Errorf("%.40q: %+v, want %s", text, got, flag)
		}
	}
}

func TestDialAgainstCues(t *testing.T) {
	t.Parallel()
	cues := func(dials ...string) srt.Track {
		var b strings.Builder
		for i, d := range dials {
			fmt.Fprintf(&b, "%d\n00:00:%02d,000 --> 00:00:%02d,000\n%s\n\n", i+1, i, i+1, d)
		}
		got, err := srt.Parse([]byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := cues("2024-01-01 10:00:00", "2024-01-01 10:00:01"); got.Has(srt.FlagJump) || got.Has(srt.FlagBackwards) {
		t.Errorf("%v", got.Flags)
	}
	if got := cues("2024-01-01 10:00:00", "2024-01-01 11:00:01"); !got.Has(srt.FlagJump) || got.Has(srt.FlagBackwards) {
		t.Errorf("an hour skipped: %v", got.Flags)
	}
	if got := cues("2024-01-01 10:00:00", "2024-01-01 09:59:59"); !got.Has(srt.FlagBackwards) {
		t.Errorf("backwards: %v", got.Flags)
	}
}

func FuzzParse(f *testing.F) {
	seeds := []string{
		"1\n00:00:01,000 --> 00:00:02,000\nHOME(-58.4,-34.7) 2017.07.03 10:15:03\nGPS(-58.4,-34.7,19) BAROMETER:20.1\n",
		"\xef\xbb\xbf1\r\n00:00:00,000 --> 00:00:00,040\r\n<font size=\"36\">FrameCnt : 1, DiffTime : 40ms\r\n2020-08-12 08:55:21,745,078\r\n[latitude : -34.8] [longtitude : -57.8] [altitude: 74.7] </font>",
		"GPS(36.6146,-6.1120,0.0M) BAROMETER:0.3M", "2017.8.5 14:11:51", "[latitude: 1] [longitude: 2] [rel_alt: 1.3 abs_alt: 100.2]", "\xff\xfe\n\n-->",
	}
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	if files, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", "media", "dji-srt", "broken*")); err == nil {
		for _, name := range files {
			if text, err := os.ReadFile(name); err == nil {
				f.Add(text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := srt.Parse(text)
		if err != nil {
			if !errors.Is(err, srt.ErrTooLarge) {
				t.Fatalf("an undeclared error: %v", err)
			}
			return
		}
		for _, f := range got.Frames {
			if f.HasPlace && !(math.Abs(f.Lat) <= 90 && math.Abs(f.Lon) <= 180) || math.IsNaN(f.AltM) || math.IsInf(f.AltM, 0) {
				t.Fatalf("%+v", f)
			}
			if !f.HasDial && !f.HasPlace {
				t.Fatalf("an empty frame: %+v", f)
			}
		}
		if len(got.Frames) == 0 && !got.Has(srt.FlagNoTelemetry) {
			t.Fatal("nothing, and no flag says so")
		}
	})
}
