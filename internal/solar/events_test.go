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
			hour := time.Hour / 60
			rate := solar.Sun(at.Add(hour), site.LatDeg, site.LonDeg).ElevationDeg - solar.Sun(at, site.LatDeg, site.LonDeg).ElevationDeg
			allowed = limitDeg / math.Abs(rate) * 60
		}
		t.Logf("%s at %g: %+.3f s of %.3f", name, site.LatDeg, apart, allowed)
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
	const step = 2 * time.Minute
	rapid.Check(t, func(t *rapid.T) {
		from := drawTime(t).Truncate(time.Second)
		to := from.Add(3 * 24 * time.Hour)
		site := drawSite(t)
		site.LatDeg = rapid.OneOf(rapid.Just(site.LatDeg), rapid.Float64Range(60, 90),
			rapid.Float64Range(89.7, 90), rapid.Float64Range(-90, -89.7)).Draw(t, "polar")
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
	})
}

func checkCrossing(t *rapid.T, c solar.Crossing, site solar.Site, elevation float64) {
	t.Helper()
	off := solar.At(c.At).From(site).ElevationDeg - elevation
	tick := 100 * time.Millisecond
	before := solar.At(c.At.Add(-tick)).From(site).ElevationDeg - elevation
	after := solar.At(c.At.Add(tick)).From(site).ElevationDeg - elevation
	if math.Abs(off) > 1e-6 && (before >= 0) == (after >= 0) {
		t.Fatalf("%v: %.3g degrees off, %.3g and %.3g around", c, off, before, after)
	}
}
