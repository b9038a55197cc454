package solar_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

// scan is the range by brute force with the full algorithm.
func scan(from, to time.Time, step time.Duration, lat, lon float64) (lo, hi float64) {
	lo = solar.Sun(to, lat, lon).ElevationDeg
	hi = lo
	for at := from; at.Before(to); at = at.Add(step) {
		e := solar.Sun(at, lat, lon).ElevationDeg
		lo, hi = min(lo, e), max(hi, e)
	}
	return lo, hi
}

func TestElevationRangeAgainstScan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		from     string
		span     time.Duration
		lat, lon float64
		step     time.Duration
	}{
		{"instant", "2024-07-08T07:40:00Z", 0, 50, 30, time.Second},
		{"one second", "2024-07-08T07:40:00Z", time.Second, 50, 30, time.Second},
		{"morning", "2024-07-08T05:40:00Z", 3 * time.Hour, 50, 30, 10 * time.Second},
		{"over noon", "2024-07-08T08:00:00Z", 4 * time.Hour, 50, 30, 10 * time.Second},
		{"over midnight", "2024-07-08T20:00:00Z", 4 * time.Hour, 50, 30, 10 * time.Second},
		{"whole day", "2024-07-08T00:00:00Z", 24 * time.Hour, 50, 30, 20 * time.Second},
		{"29 hours, uneven last arc", "2024-12-20T21:07:13Z", 29 * time.Hour, 48, 37.8, 20 * time.Second},
		{"through the zenith", "2024-03-20T11:30:00Z", 90 * time.Minute, 0, -1.9, time.Second},
		{"through the nadir", "2024-03-20T23:30:00Z", 90 * time.Minute, 0, -1.9, time.Second},
		{"tropic at noon", "2024-06-20T08:00:00Z", 4 * time.Hour, 23.44, 33, 2 * time.Second},
		{"pole", "2024-03-20T00:00:00Z", 48 * time.Hour, 90, 0, time.Minute},
		{"where the drift beats the turn", "2024-03-20T00:00:00Z", 48 * time.Hour, 89.95, 45, time.Minute},
		{"near the pole", "2024-09-21T00:00:00Z", 48 * time.Hour, -89.9, 45, time.Minute},
		{"two turns in six hours", "2024-03-20T13:29:00Z", 6 * time.Hour, 89.93, 0, time.Minute},
		{"antimeridian", "2024-01-01T00:00:00Z", 24 * time.Hour, -17, 179.999, 20 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from := utc(t, c.from)
			to := from.Add(c.span)
			lo, hi := solar.ElevationRange(from, to, c.lat, c.lon)
			wantLo, wantHi := scan(from, to, c.step, c.lat, c.lon)
			if !near(lo, wantLo, 0.005) || !near(hi, wantHi, 0.005) {
				t.Errorf("%.4f to %.4f, want %.4f to %.4f", lo, hi, wantLo, wantHi)
			}
		})
	}
}

// TestElevationRangeHoldsEveryInstant: no instant of the interval may lie outside, or a true claim
// would be refuted.
func TestElevationRangeHoldsEveryInstant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := drawTime(t)
		span := rapid.Int64Range(0, int64(5*24*time.Hour)).Draw(t, "span")
		lat := rapid.Float64Range(-90, 90).Draw(t, "lat")
		lon := rapid.Float64Range(-180, 180).Draw(t, "lon")
		lo, hi := solar.ElevationRange(from, from.Add(time.Duration(span)), lat, lon)
		for range 20 {
			inside := from.Add(time.Duration(rapid.Int64Range(0, span).Draw(t, "inside")))
			e := solar.Sun(inside, lat, lon).ElevationDeg
			if !(e >= lo-0.001 && e <= hi+0.001) {
				t.Fatalf("elevation %.5f at %s outside %.5f to %.5f", e, inside, lo, hi)
			}
		}
	})
}

// TestElevationRangeOfAYear: at 48 N the extremes are the noon and the midnight next to the
// solstices, 90 - |lat - obliquity| and its mirror, less the parallax.
func TestElevationRangeOfAYear(t *testing.T) {
	t.Parallel()
	from := utc(t, "2024-01-01T00:00:00Z")
	lo, hi := solar.ElevationRange(from, from.AddDate(1, 0, 0), 48, 37.8)
	if !near(lo, -(90-48+23.4385), 0.005) || !near(hi, 90-48+23.4385, 0.005) {
		t.Errorf("%.4f to %.4f", lo, hi)
	}
}

func TestElevationRangeUnanswerable(t *testing.T) {
	t.Parallel()
	from := utc(t, "2024-07-08T07:40:00Z")
	for name, c := range map[string]struct {
		to       time.Time
		lat, lon float64
	}{
		"ends before it begins": {from.Add(-time.Nanosecond), 50, 30},
		"latitude":              {from.Add(time.Hour), 91, 30},
		"longitude":             {from.Add(time.Hour), 50, math.NaN()},
		"51 years":              {from.AddDate(51, 0, 0), 50, 30},
		"beyond a Duration":     {from.AddDate(5000, 0, 0), 50, 30},
	} {
		if lo, hi := solar.ElevationRange(from, c.to, c.lat, c.lon); !math.IsNaN(lo) || !math.IsNaN(hi) {
			t.Errorf("%s: %g to %g, want NaN", name, lo, hi)
		}
	}
}
