package clock_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
)

func hms(h, m, s int64) *[3][2]int64 { return &[3][2]int64{{h, 1}, {m, 1}, {s, 1}} }

func TestGPS(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		date   string
		hms    *[3][2]int64
		width  time.Duration // 0: no claim
		starts []string
		flags  []string
	}{
		{"whole seconds", "2014:09:01", hms(13, 3, 42), time.Second, []string{"2014-09-01T13:03:42Z"}, nil},
		{"hundredths", "2014:09:01", &[3][2]int64{{13, 1}, {3, 1}, {4279, 100}}, 10 * time.Millisecond, []string{"2014-09-01T13:03:42.79Z"}, nil},
		{"whole seconds scaled", "2014:09:01", &[3][2]int64{{13, 1}, {3, 1}, {42000, 1000}}, time.Second, []string{"2014-09-01T13:03:42Z"}, nil},
		{"all in the hours", "2014:09:01", &[3][2]int64{{27, 2}, {0, 1}, {0, 1}}, time.Second, []string{"2014-09-01T13:30:00Z"}, nil},
		{"dashes, padding", "2014-09-01\x00", hms(0, 0, 1), time.Second, []string{"2014-09-01T00:00:01Z"}, nil},
		{"milliseconds for seconds", "1970:01:18", hms(19, 5, 52), 1000 * time.Second, []string{"2018-09-21T17:46:40Z"}, []string{clock.FlagGPSMillis}},
		{"one rollover behind, or true", "2005:03:20", hms(7, 15, 20), time.Second, []string{"2005-03-20T07:15:20Z", "2024-11-03T07:15:20Z"}, []string{clock.FlagGPSRollover}},
		{"before 1990 only the later", "1985:03:20", hms(7, 15, 20), time.Second, []string{"2004-11-03T07:15:20Z"}, []string{clock.FlagGPSRollover}},
		{"too late for a rollover", "2008:10:23", hms(14, 27, 7), time.Second, []string{"2008-10-23T14:27:07Z"}, nil},

		{"day 259", "2014:09:259", hms(13, 3, 42), 0, nil, []string{clock.FlagBadFormat}},
		{"day 31 of September", "2014:09:31", hms(13, 3, 42), 0, nil, []string{clock.FlagBadCalendar}},
		{"datum in the date", "WGS-84ASCII", hms(13, 3, 42), 0, nil, []string{clock.FlagBadFormat}},
		{"no date", "", hms(13, 3, 42), 0, nil, []string{clock.FlagNoDate}},
		{"no time", "2014:09:01", nil, 0, nil, []string{clock.FlagNoTime}},
		{"zero date", "0000:00:00", hms(1, 2, 3), 0, nil, []string{clock.FlagNeverSet}},
		{"GPS epoch", "1980:01:06", hms(0, 0, 0), 0, nil, []string{clock.FlagNeverSet}},
		{"Unix epoch", "1970:01:01", hms(0, 0, 0), 0, nil, []string{clock.FlagNeverSet}},
		{"hour 24", "2014:09:01", hms(24, 0, 0), 0, nil, []string{clock.FlagBadClock}},
		{"minute 60", "2014:09:01", hms(23, 60, 0), 0, nil, []string{clock.FlagBadClock}},
		{"second 60", "2014:09:01", hms(23, 59, 60), 0, nil, []string{clock.FlagBadClock}},
		{"fractions beyond midnight", "2014:09:01", &[3][2]int64{{2399, 100}, {59, 1}, {0, 1}}, 0, nil, []string{clock.FlagBadClock}},
		{"hour 32511318", "2014:09:01", hms(32511318, 47, 36), 0, nil, []string{clock.FlagBadClock}},
		{"x/0", "2014:09:01", &[3][2]int64{{13, 0}, {3, 1}, {42, 1}}, 0, nil, []string{clock.FlagBadRational}},
		{"0/0", "2014:09:01", &[3][2]int64{}, 0, nil, []string{clock.FlagBadRational}},
		{"negative", "2014:09:01", hms(-1, 3, 42), 0, nil, []string{clock.FlagBadRational}},
		{"64 bits", "2014:09:01", &[3][2]int64{{1, 1}, {1, 1}, {math.MaxInt64, math.MaxInt64}}, 0, nil, []string{clock.FlagBadRational}},
		{"future", "2099:09:01", hms(13, 3, 42), 0, nil, []string{clock.FlagAfterWindow}},
		{"1971", "1971:09:01", hms(13, 3, 42), 0, nil, []string{clock.FlagBeforeWindow}},
	} {
		s := clock.GPS(clock.GPSTime{Date: c.date, HMS: c.hms}, until)
		if diff := cmp.Diff(c.flags, s.Flags); diff != "" {
			t.Errorf("%s: flags: %s", c.name, diff)
		}
		if s.Zone != clock.UTC || s.OffsetsMin != nil {
			t.Errorf("%s: zone %q, offsets %v", c.name, s.Zone, s.OffsetsMin)
		}
		want(t, c.name, s.Spans, spans(t, c.width, c.starts...))
	}
}

func TestGPSNearWall(t *testing.T) {
	t.Parallel()
	wall := spans(t, time.Second, "2014-09-01T15:03:47Z")
	s := clock.GPSNearWall(clock.GPSTime{HMS: hms(13, 3, 42)}, wall, until)
	want(t, "one day in reach", s.Spans, spans(t, time.Second, "2014-09-01T13:03:42Z"))
	// 04:00 on the dial may be 23:00 UTC of the day before (+5) or 14:00
	// onwards; 15:00 UTC is reached by +13 and by -11.
	s = clock.GPSNearWall(clock.GPSTime{HMS: hms(15, 0, 0)}, spans(t, time.Second, "2014-09-01T04:00:00Z"), until)
	want(t, "two days in reach", s.Spans, spans(t, time.Second, "2014-08-31T15:00:00Z", "2014-09-01T15:00:00Z"))
	if !s.Has(clock.FlagGPSDateGuess) {
		t.Errorf("flags: %v", s.Flags)
	}
	for _, bad := range []timeset.Set{{}, spans(t, 48*time.Hour, "2014-09-01T00:00:00Z")} {
		if s := clock.GPSNearWall(clock.GPSTime{HMS: hms(15, 0, 0)}, bad, until); s.Usable() {
			t.Errorf("%v: guessed %v", bad, s.Spans)
		}
	}
	if s := clock.GPSNearWall(clock.GPSTime{}, wall, until); s.Usable() || !s.Has(clock.FlagNoTime) {
		t.Errorf("no time: %+v", s)
	}
}

func TestQuickTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		raw   uint64
		local string // "": no claim
		flags []string
	}{
		{"1904", 3808026000, "2024-09-01T09:00:00Z", nil},
		{"unset", 0, "", []string{clock.FlagNeverSet}},
		{"Unix epoch as 1904 seconds", 2082844800, "", []string{clock.FlagNeverSet}},
		{"Unix seconds", 1725184800, "2024-09-01T10:00:00Z", []string{clock.FlagUnixEpoch}},
		{"Unix seconds of 1971", 40000000, "", []string{clock.FlagUnixEpoch, clock.FlagBeforeWindow}},
		{"largest of version 0", math.MaxUint32, "", []string{clock.FlagAfterWindow}},
		{"largest of version 1", math.MaxUint64, "", []string{clock.FlagAfterWindow}},
		{"overflow as ms", math.MaxInt64 / 2, "", []string{clock.FlagAfterWindow}},
		{"1975 from 1904", 2250000000, "", []string{clock.FlagBeforeWindow}},
	} {
		s := clock.QuickTime("mvhd.creation_time", c.raw, until)
		if diff := cmp.Diff(c.flags, s.Flags); diff != "" {
			t.Errorf("%s: flags: %s", c.name, diff)
		}
		if c.local == "" {
			if s.Usable() {
				t.Errorf("%s: claims %v", c.name, s.Spans)
			}
			continue
		}
		local := spans(t, time.Second, c.local)
		want(t, c.name, s.Local, local)
		want(t, c.name, s.Spans, anyZone(local))
		if s.Zone != clock.UTCOrLocal {
			t.Errorf("%s: zone %q", c.name, s.Zone)
		}
	}
}
