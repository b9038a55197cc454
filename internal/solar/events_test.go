package solar_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

// TestCrossingsAgainstJPL compares with rise, set and transit from JPL's DE440s ephemeris by Skyfield
// 1.55, as published with the test data of the solarpositioning library (geometric centre, WGS84,
// TT-UT1 69.184 s): two rises on a date, one, none, the poles, both sides of the antimeridian. The
// limit is the 0.0003 degrees of SPA over the speed of the elevation.
func TestCrossingsAgainstJPL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		date                  string
		lat, lon, elevation   float64
		rises, sets, transits string
	}{
		{"2020-02-16", 78.216667, 15.633333, -5.0 / 6, "10:31:29.209", "11:53:49.504", "11:11:32.811"},
		{"2020-02-16", 78.216667, 15.633333, -18, "03:15:56.172", "19:12:06.130", "11:11:32.811"},
		{"2020-04-16", 78.216667, 15.633333, -5.0 / 6, "00:19:44.764 23:56:56.806", "21:54:55.178", "10:57:10.406"},
		{"2020-04-16", 78.216667, 15.633333, -6, "", "", "10:57:10.406"},
		{"2020-08-25", 78.216667, 15.633333, -5.0 / 6, "", "21:45:07.710", "10:59:26.570"},
		{"2025-01-05", -66.566667, 0, -5.0 / 6, "", "23:42:12.025", "12:05:30.658"},
		{"2020-06-10", 0, 179.9, -12, "17:07:45.618", "06:52:08.116", ""},
		{"2020-04-16", 0, 179.9, -5.0 / 6, "17:56:39.574", "06:03:31.926", "00:00:12.806 23:59:58.925"},
		{"2020-07-05", 61.21666666666667, -149.86666666666667, -6, "10:21:04.205", "09:47:30.443", "22:04:13.916"},
		{"2020-07-05", 61.21666666666667, -149.86666666666667, -12, "", "", "22:04:13.916"},
		{"2024-03-18", 90, 0, -5.0 / 6, "00:39:47.988", "", "12:07:53.832"},
		{"2024-09-20", -90, 0, -5.0 / 6, "09:26:22.500", "", "11:53:14.196"},
		{"2024-06-21", 90, 0, -5.0 / 6, "", "", "12:01:55.317"},
		{"2003-10-17", 39.742476, -105.1786, -18, "11:42:54.011", "01:49:57.946", "18:46:04.990"},
		{"2024-03-20", 48.21, 16.37, -5.0 / 6, "04:56:47.557", "17:07:47.200", "11:01:50.467"},
		{"2024-03-20", 48.21, 16.37, -6, "04:25:44.435", "17:38:55.654", "11:01:50.467"},
		{"2024-12-21", -36.84, 174.74, -18, "15:06:33.460", "09:32:07.120", "00:19:05.371"},
	} {
		from := utc(t, c.date+"T00:00:00Z")
		to := from.AddDate(0, 0, 1)
		table, site := mustTable(t, from, to), solar.SeaLevel(c.lat, c.lon)
		crossings, err := table.Crossings(from, to, site, c.elevation)
		if err != nil {
			t.Fatal(err)
		}
		var rises, sets []time.Time
		for _, x := range crossings {
			if x.Rising {
				rises = append(rises, x.At)
			} else {
				sets = append(sets, x.At)
			}
		}
		transits, err := table.Transits(from, to, c.lon)
		if err != nil {
			t.Fatal(err)
		}
		compareInstants(t, c.date+" rise", rises, c.rises, site, 0.0003)
		compareInstants(t, c.date+" set", sets, c.sets, site, 0.0003)
		compareInstants(t, c.date+" transit", transits, c.transits, site, math.NaN())
	}
}

// compareInstants allows what moves the elevation by the limit, or 0.1 s of a transit.
func compareInstants(t *testing.T, name string, got []time.Time, want string, site solar.Site, limitDeg float64) {
	t.Helper()
	clocks := strings.Fields(want)
	if len(got) != len(clocks) {
		t.Errorf("%s at %g: %v, want %q", name, site.LatDeg, got, want)
		return
	}
	for i, at := range got {
		clock, err := time.Parse("15:04:05", clocks[i])
		if err != nil {
			t.Fatal(err)
		}
		midnight := at.Truncate(24 * time.Hour)
		apart := at.Sub(midnight.Add(clock.Sub(clock.Truncate(24 * time.Hour)))).Seconds()
		allowed := 0.1
		if !math.IsNaN(limitDeg) {
			perMinute := solar.At(at.Add(time.Minute)).From(site).ElevationDeg - solar.At(at).From(site).ElevationDeg
			allowed = limitDeg / math.Abs(perMinute) * 60
		}
		if !(math.Abs(apart) <= allowed) {
			t.Errorf("%s at %g: %s, want %s (%+.3f s)", name, site.LatDeg, at, clocks[i], apart)
		}
	}
}

// bruteCrossings finds them in steps with the full algorithm.
func bruteCrossings(from, to time.Time, step time.Duration, site solar.Site, elevation float64) []solar.Crossing {
	var found []solar.Crossing
	last := solar.At(from).From(site).ElevationDeg >= elevation
	for at := from; at.Before(to); at = at.Add(step) {
		above := solar.At(at).From(site).ElevationDeg >= elevation
		if above != last {
			found = append(found, solar.Crossing{At: at, Rising: above})
		}
		last = above
	}
	return found
}

// TestCrossingsAgainstScan: a scan finds the same crossings, wherever they are further apart than its
// step, and each of them holds to 0.1 s or 0.000001 degrees.
func TestCrossingsAgainstScan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, checkAgainstScan)
}

func checkAgainstScan(t *rapid.T) {
	const step = 4 * time.Minute
	from := drawTime(t).Truncate(time.Second)
	to := from.Add(3 * 24 * time.Hour)
	site := drawSite(t)
	site.LatDeg = rapid.OneOf(rapid.Just(site.LatDeg), rapid.Float64Range(60, 90),
		rapid.Float64Range(86, 90), rapid.Float64Range(-90, -89.7)).Draw(t, "polar")
	elevation := rapid.OneOf(rapid.SampledFrom([]float64{solar.SunriseDeg, -6, -12, -18}),
		rapid.Float64Range(-40, 60)).Draw(t, "elevation")
	table, err := solar.NewTable(from, to)
	if err != nil {
		t.Fatal(err)
	}
	got, err := table.Crossings(from, to, site, elevation)
	if err != nil {
		t.Fatal(err)
	}
	want := bruteCrossings(from, to, step, site, elevation)
	for i := 0; i < len(got); i++ { // pairs that no step fell between
		if i+1 < len(got) && got[i+1].At.Sub(got[i].At) <= step && len(got) > len(want) {
			got = append(got[:i:i], got[i+2:]...)
		}
	}
	if n := len(got); n > len(want) && to.Sub(got[n-1].At) <= step {
		got = got[:n-1]
	}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range got {
		late := want[i].At.Sub(got[i].At)
		if got[i].Rising != want[i].Rising || late < -time.Millisecond || late > step+time.Millisecond {
			t.Fatalf("%v, want shortly before %v", got[i], want[i])
		}
		checkCrossing(t, got[i], site, elevation)
	}
}

func checkCrossing(t *rapid.T, c solar.Crossing, site solar.Site, elevation float64) {
	t.Helper()
	off := func(late time.Duration) float64 { return solar.At(c.At.Add(late)).From(site).ElevationDeg - elevation }
	const tick, tolerance = 100 * time.Millisecond, 1e-6
	if math.Abs(off(0)) > tolerance && (off(-tick) >= 0) == (off(tick) >= 0) {
		t.Fatalf("%v: %.3g degrees off, %.3g and %.3g around", c, off(0), off(-tick), off(tick))
	}
}

// TestUSNO compares with annual tables of the U.S. Naval Observatory, printed to the minute (UTC), as
// published with the test data of the solarpositioning library. 12 s are allowed beyond the half minute
// of rounding: 0.005 degrees where the Sun crosses slowest.
func TestUSNO(t *testing.T) {
	t.Parallel()
	type place struct{ lat, lon float64 }
	anchorage, auckland := place{61.216667, -149.866667}, place{-36.833333, 174.8}
	brasilia, singapore := place{-15.8, -47.85}, place{1.283333, 103.833333}
	longyearbyen := place{78.216667, 15.633333}
	for _, c := range []struct {
		place
		date      string
		elevation float64
		rise, set string
	}{
		{anchorage, "2020-01-05", solar.SunriseDeg, "19:11", "00:57"},
		{anchorage, "2020-04-15", solar.SunriseDeg, "14:37", "05:21"},
		{anchorage, "2020-06-25", solar.SunriseDeg, "12:22", "07:42"},
		{anchorage, "2020-09-25", solar.SunriseDeg, "15:53", "03:51"},
		{anchorage, "2020-02-15", solar.CivilTwilightDeg, "16:57", "03:29"},
		{anchorage, "2020-06-05", solar.CivilTwilightDeg, "10:24", "09:32"},
		{auckland, "2020-01-15", solar.SunriseDeg, "17:18", "07:42"},
		{auckland, "2020-07-05", solar.SunriseDeg, "19:34", "05:17"},
		{auckland, "2023-12-25", solar.CivilTwilightDeg, "16:30", "08:12"},
		{brasilia, "2020-05-05", solar.SunriseDeg, "09:24", "20:52"},
		{brasilia, "2023-11-15", solar.CivilTwilightDeg, "08:08", "21:44"},
		{singapore, "2020-02-15", solar.SunriseDeg, "23:17", "11:21"},
		{singapore, "2023-07-25", solar.CivilTwilightDeg, "22:44", "11:39"},
		{longyearbyen, "2020-02-05", solar.SunriseDeg, "", ""},
		{longyearbyen, "2020-02-25", solar.SunriseDeg, "08:11", "14:13"},
		{longyearbyen, "2020-03-25", solar.SunriseDeg, "04:09", "18:02"},
		{longyearbyen, "2020-06-15", solar.SunriseDeg, "", ""},
		{longyearbyen, "2020-09-15", solar.SunriseDeg, "03:40", "18:00"},
		{longyearbyen, "2020-10-25", solar.SunriseDeg, "09:50", "11:31"},
		{longyearbyen, "2020-12-15", solar.SunriseDeg, "", ""},
	} {
		from := utc(t, c.date+"T00:00:00Z")
		to := from.AddDate(0, 0, 1)
		crossings, err := mustTable(t, from, to).Crossings(from, to, solar.SeaLevel(c.lat, c.lon), c.elevation)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range crossings {
			want := c.set
			if x.Rising {
				want = c.rise
			}
			printed, err := time.Parse("2006-01-02 15:04", c.date+" "+want)
			if off := x.At.Sub(printed).Seconds(); err != nil || !(math.Abs(off) <= 42) {
				t.Errorf("%s %+v %g: %s, want %s (%+.0f s), %v", c.date, c.place, c.elevation, x.At, want, off, err)
			}
		}
		if (len(crossings) == 2) != (c.rise != "") {
			t.Errorf("%s %+v %g: %v", c.date, c.place, c.elevation, crossings)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	table := mustTable(t, date(2020, 1, 1), date(2025, 1, 1))
	midnight := time.Date(2024, 6, 20, 0, 0, 0, 0, time.FixedZone("EEST", 3*3600))
	kyiv := solar.SeaLevel(50.45, 30.5234)
	d, err := table.Day(midnight, kyiv)
	if err != nil {
		t.Fatal(err)
	}
	order := []*time.Time{d.NauticalDawn, d.CivilDawn, d.Rise, d.Transit, d.Set, d.CivilDusk, d.NauticalDusk}
	for i, at := range order {
		if at == nil || at.Before(midnight) || !at.Before(midnight.Add(24*time.Hour)) || i > 0 && !at.After(*order[i-1]) {
			t.Fatalf("event %d at %v: %+v", i, at, d)
		}
	}
	if d.AstronomicalDawn != nil || d.AstronomicalDusk != nil || d.AlwaysUp() || d.AlwaysDown() {
		t.Errorf("white night: %+v", d)
	}
	if !near(d.TransitElevationDeg, 90-50.45+23.437, 0.01) || !near(d.HighestDeg, d.TransitElevationDeg, 1e-4) ||
		!near(d.LowestDeg, -(90-50.45-23.437), 0.01) {
		t.Errorf("elevations: %+v", d)
	}
	if !d.From.Equal(midnight) || d.To.Sub(d.From) != 24*time.Hour || d.From.Location() != time.UTC {
		t.Errorf("from %s to %s", d.From, d.To)
	}
	for _, c := range []struct {
		start                time.Time
		lat, lon             float64
		up, down, rises, set bool
	}{
		{date(2024, 6, 21), 78.22, 15.65, true, false, false, false},
		{date(2024, 12, 21), 78.22, 15.65, false, true, false, false},
		{date(2020, 4, 16), 78.216667, 15.633333, false, false, true, true},
		{date(2020, 8, 25), 78.216667, 15.633333, false, false, false, true},
	} {
		d, err := table.Day(c.start, solar.SeaLevel(c.lat, c.lon))
		if err != nil || d.AlwaysUp() != c.up || d.AlwaysDown() != c.down || (d.Rise != nil) != c.rises || (d.Set != nil) != c.set {
			t.Errorf("%s at %g: %+v, %v", c.start, c.lat, d, err)
		}
	}
	if d, err := table.Day(date(2020, 4, 16), solar.SeaLevel(78.216667, 15.633333)); err != nil || d.Rise.Hour() != 0 {
		t.Errorf("not the first of two rises: %v, %v", d.Rise, err)
	}
	if d, err := table.Day(date(2020, 6, 10), solar.SeaLevel(0, 179.9)); err != nil || d.Transit != nil || !math.IsNaN(d.TransitElevationDeg) {
		t.Errorf("a date without a transit: %+v, %v", d, err)
	}
	if _, err := table.Day(date(2025, 1, 1), kyiv); err == nil {
		t.Error("a day beyond the table answered")
	}
	if _, err := table.Day(date(2024, 1, 1), solar.SeaLevel(91, 0)); err == nil {
		t.Error("latitude 91 answered")
	}
}
