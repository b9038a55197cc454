package clock_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/clock"
	"whenwhere/internal/shareddata"
	"whenwhere/internal/timeset"
)

// inferred is InferOffset for two stamps.
func inferred(camera, gps clock.Stamp) (int, timeset.Interval, clock.Quality, bool) {
	wall, _ := camera.Local.Bounds()
	return clock.InferOffset(wall, gps.Spans)
}

func TestInferOffset(t *testing.T) {
	t.Parallel()
	const gps = int64(1_700_000_000_000)
	at := func(ms int64) timeset.Interval { return timeset.Interval{Lo: ms, Hi: ms + 1000} }
	for _, c := range []struct {
		name    string
		diff    time.Duration
		offset  int
		quality clock.Quality
		ok      bool
	}{
		{"Kyiv in summer", 3 * time.Hour, 180, clock.Good, true},
		{"fix two minutes old", 3*time.Hour + 120*time.Second, 180, clock.Good, true},
		{"a second more", 3*time.Hour + 121*time.Second, 180, clock.Weak, true},
		{"ten minutes old", 3*time.Hour + 600*time.Second, 180, clock.Weak, true},
		{"older", 3*time.Hour + 601*time.Second, 0, clock.Stale, false},
		{"fix later than the shot", 2*time.Hour - 20*time.Second, 120, clock.Good, true},
		{"nine minutes off, not +2:15", 2*time.Hour + 559*time.Second, 120, clock.Weak, true},
		{"Nepal", 5*time.Hour + 45*time.Minute, 345, clock.Good, true},
		{"a quarter that no zone has", 3*time.Hour + 15*time.Minute, 0, clock.Stale, false},
		{"west", -5 * time.Hour, -300, clock.Good, true},
		{"Kiribati", 14 * time.Hour, 840, clock.Good, true},
		{"beyond", 15 * time.Hour, -540, clock.DaySlip, true},
		{"GPS date a day late", -22 * time.Hour, 120, clock.DaySlip, true},
		{"a year apart", 365 * 24 * time.Hour, 0, clock.Stale, false},
	} {
		offset, _, quality, ok := clock.InferOffset(at(gps+c.diff.Milliseconds()), timeset.Of(at(gps)))
		if offset != c.offset || quality != c.quality || ok != c.ok {
			t.Errorf("%s: %d %s %v, want %d %s %v", c.name, offset, quality, ok, c.offset, c.quality, c.ok)
		}
	}
}

func TestInferOffsetHostile(t *testing.T) {
	t.Parallel()
	ends := []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64}
	for _, a := range ends {
		for _, b := range ends {
			for _, iv := range []timeset.Interval{{Lo: a, Hi: b}, {Lo: b, Hi: a}} {
				if o, _, q, ok := clock.InferOffset(iv, timeset.Of(timeset.Interval{Lo: 1_700_000_000_000, Hi: 1_700_000_001_000})); ok {
					t.Errorf("%v: %d %s", iv, o, q)
				}
			}
		}
	}
}

// A zone that exists is found again whatever the age of the fix, up to two
// minutes.
func TestInferOffsetFindsTheZone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		offset := rapid.SampledFrom([]int{-720, -570, -300, -210, 0, 60, 120, 180, 240, 330, 345, 525, 630, 765, 840}).Draw(t, "offset")
		gps := rapid.Int64Range(631152000000, 1893456000000).Draw(t, "gps")
		age := rapid.Int64Range(-120000, 120000).Draw(t, "age")
		wall := gps + int64(offset)*60000 + age
		got, _, quality, ok := clock.InferOffset(timeset.Interval{Lo: wall, Hi: wall + 1000}, timeset.Of(timeset.Interval{Lo: gps, Hi: gps + 1000}))
		if !ok || got != offset || quality != clock.Good {
			t.Fatalf("got %d %s %v, want %d", got, quality, ok, offset)
		}
	})
}

// A phone on British summer time and the seconds-as-milliseconds fault: the
// fix is known to 1000 s only, so the answer is weak but right.
func TestInferOffsetMillisecondFault(t *testing.T) {
	t.Parallel()
	gps := clock.GPS(clock.GPSTime{Date: "1970:01:18", HMS: hms(19, 5, 52)}, until)
	if got := ms(t, "2018-09-21T17:49:01Z"); !gps.Spans.Contains(got) {
		t.Error("the true time is not in the recovered interval")
	}
	// 1000 s are too coarse to choose between quarter-hours.
	if _, _, quality, ok := inferred(dial(t, "2018-09-21T18:49:01"), gps); ok && quality == clock.Good {
		t.Errorf("quality %s", quality)
	}
}

func TestInferOffsetChoosesTheReading(t *testing.T) {
	t.Parallel()
	gps := clock.GPS(clock.GPSTime{Date: "2005:03:20", HMS: hms(7, 15, 20)}, until)
	offset, reading, quality, ok := inferred(dial(t, "2024-11-03T10:15:21"), gps)
	if !ok || offset != 180 || quality != clock.Good || reading.Lo != ms(t, "2024-11-03T07:15:20Z") {
		t.Errorf("got %d %v %s %v", offset, reading, quality, ok)
	}
	if _, _, quality, ok := inferred(clock.Stamp{}, gps); ok || quality != clock.Stale {
		t.Errorf("no camera time: %s %v", quality, ok)
	}
}

// Photos with GPS: the offset of each, derived by another program, must come
// out again.
func TestInferOffsetOnPhotos(t *testing.T) {
	t.Parallel()
	rows := shareddata.Table(t, "media", "TRUTH_gps_time.tsv")
	tested := map[string]int{}
	for _, row := range rows {
		camera := clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: row["dto_local"]}, until)
		gps, ok := truthGPS(t, row["gps_date"], row["gps_time_utc"], camera)
		implied, err := strconv.Atoi(row["gps_implied_offset_min"])
		if !ok || err != nil || !camera.Usable() {
			tested["not testable"]++
			continue
		}
		got, _, quality, ok := inferred(camera, gps)
		tested[string(quality)]++
		// The table rounds to minutes, keeps the age of the fix and keeps
		// wrong GPS dates, which only whole days can undo.
		far := math.Abs(float64(implied - got))
		if gps.Has(clock.FlagGPSDateGuess) || quality == clock.DaySlip {
			far = math.Abs(math.Remainder(far, 1440))
		}
		if ok && far > 10 {
			t.Errorf("%s: %d min (%s), the table has %d (%s)", row["file"], got, quality, implied, row["verdict"])
		}
		if !ok && implied%60 == 0 && implied >= -720 && implied <= 840 {
			t.Errorf("%s: refused %d min", row["file"], implied)
		}
	}
	t.Logf("%v", tested)
	if tested["good"] < 10 {
		t.Errorf("only %d good of %d rows", tested["good"], len(rows))
	}
}

// truthGPS builds the stamp from the table's text, "17:00:00" or "13:03:42.79".
func truthGPS(t *testing.T, date, text string, camera clock.Stamp) (clock.Stamp, bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return clock.Stamp{}, false
	}
	var rationals [3][2]int64
	for i, p := range parts {
		v, err := strconv.ParseFloat(p, 64)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		rationals[i] = [2]int64{int64(math.Round(v * 1000)), 1000}
	}
	g := clock.GPSTime{Date: date, HMS: &rationals}
	if s := clock.GPS(g, until); s.Usable() {
		return s, true
	}
	s := clock.GPSNearWall(g, camera.Local, until)
	return s, s.Usable()
}
