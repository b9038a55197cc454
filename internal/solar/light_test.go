package solar_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

func TestEV100(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, s, iso, want float64 }{
		{1.8, 1. / 1079, 50, 12.771}, // as ExifTool's LightValue
		{1.78, 1. / 60, 1000, 4.249},
		{1.5, 1. / 10, 3200, -0.508},
		{16, 1. / 125, 100, 14.966}, // the "sunny 16" rule
		{1.78, 1. / 8197, 32, 16.308},
		{1, 1, 100, 0}, // the definition
	} {
		if got, ok := solar.EV100(c.n, c.s, c.iso); !ok || !near(got, c.want, 0.0005) {
			t.Errorf("f/%g %gs ISO %g: %.4f %v, want %.3f", c.n, c.s, c.iso, got, ok, c.want)
		}
	}
}

func TestEV100Refuses(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range [][3]float64{
		{0, 0.01, 100}, {-1.8, 0.01, 100}, {nan, 0.01, 100}, {inf, 0.01, 100}, {600, 0.01, 100},
		{1.8, 0, 100}, {1.8, -0.01, 100}, {1.8, nan, 100}, {1.8, inf, 100}, {1.8, 1e-9, 100}, {1.8, 4000, 100},
		{1.8, 0.01, 0}, {1.8, 0.01, -100}, {1.8, 0.01, nan}, {1.8, 0.01, inf}, {1.8, 0.01, 65535}, {1.8, 0.01, 1e9},
	} {
		if got, ok := solar.EV100(c[0], c[1], c[2]); ok || got != 0 {
			t.Errorf("f/%g %gs ISO %g: %g, want a refusal", c[0], c[1], c[2], got)
		}
	}
}

func TestClearSky(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ elevation, lux, ev, evTolerance float64 }{
		{60, 1.03e5, 15.3, 0.06}, {30, 4.6e4, 14.2, 0.06}, {10, 1.1e4, 12.1, 0.06},
		{5, 4538, 10.8, 0.06}, {0, 759, 8.3, 0.06}, {-0.83, 454, 7.5, 0.06}, {-3, 79, 5.0, 0.06},
		{-6, 3.4, 0.5, 0.06}, {-9, 0.116, -4.4, 0.06}, {-12, 0.0081, -8.3, 0.06},
		{-30, 5e-4, -12.3, 0.06},
	} {
		if got := solar.ClearSkyLux(c.elevation); !near(got/c.lux, 1, 0.02) {
			t.Errorf("%g deg: %g lux, want %g", c.elevation, got, c.lux)
		}
		if got := solar.MaxEV100(c.elevation); !near(got, c.ev, c.evTolerance) {
			t.Errorf("%g deg: EV %.2f, want %g", c.elevation, got, c.ev)
		}
	}
}

// TestClearSkyIsOneCurve: the pieces of the table meet, but for the step to the night sky as
// published, and a higher Sun is never darker.
func TestClearSkyIsOneCurve(t *testing.T) {
	t.Parallel()
	for joint, limit := range map[float64]float64{20: 0.02, 5: 0.02, -0.8: 0.02, -5: 0.02, -12: 0.02, -18: 0.4} {
		below := solar.MaxEV100(math.Nextafter(joint, -90))
		if at := solar.MaxEV100(joint); !near(at, below, limit) {
			t.Errorf("at %g deg the curve jumps from EV %.3f to %.3f", joint, below, at)
		}
	}
	last := math.Inf(-1)
	for i := -9000; i <= 9000; i++ {
		got := solar.MaxEV100(float64(i) / 100)
		if got < last-0.05 {
			t.Fatalf("EV %.4f at %g deg, %.4f lower down", got, float64(i)/100, last)
		}
		last = max(last, got)
	}
	for _, e := range []float64{math.NaN(), 91, -91, math.Inf(1)} {
		if lux, ev := solar.ClearSkyLux(e), solar.MaxEV100(e); !math.IsNaN(lux) || !math.IsNaN(ev) {
			t.Errorf("%g deg: %g lux, EV %g, want NaN", e, lux, ev)
		}
	}
}

func TestPhase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		elevation float64
		want      solar.Phase
		words     string
	}{
		{90, solar.PhaseDay, "day"}, {0, solar.PhaseDay, "day"}, {-0.8333, solar.PhaseDay, "day"},
		{-0.8334, solar.PhaseCivilTwilight, "civil twilight"}, {-6, solar.PhaseCivilTwilight, "civil twilight"},
		{-6.0001, solar.PhaseNauticalTwilight, "nautical twilight"},
		{-12, solar.PhaseNauticalTwilight, "nautical twilight"},
		{-12.0001, solar.PhaseAstronomicalTwilight, "astronomical twilight"},
		{-18, solar.PhaseAstronomicalTwilight, "astronomical twilight"},
		{-18.0001, solar.PhaseNight, "night"}, {-90, solar.PhaseNight, "night"},
		{math.NaN(), solar.PhaseUnknown, "unknown"}, {90.1, solar.PhaseUnknown, "unknown"},
		{math.Inf(-1), solar.PhaseUnknown, "unknown"},
	} {
		if got := solar.PhaseAt(c.elevation); got != c.want || got.String() != c.words {
			t.Errorf("%g deg is %v, want %s", c.elevation, got, c.words)
		}
	}
}

// The design's table, the other way round: what exposure needs how high a Sun.
func TestElevationFor(t *testing.T) {
	t.Parallel()
	for ev, want := range map[float64]float64{12.1: 10, 10.8: 5, 8.3: 0, 5.0: -3, 0.5: -6, 12: 9.4, 13: 15.8, 9: 1.0} {
		if got, ok := solar.ElevationFor(ev); !ok || math.Abs(got-want) > 0.6 {
			t.Errorf("EV %g: %g %v, want %g", ev, got, ok, want)
		}
	}
	for _, ev := range []float64{20, math.NaN(), math.Inf(1), -30, math.Inf(-1)} {
		if _, ok := solar.ElevationFor(ev); ok {
			t.Errorf("EV %g has an elevation", ev)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		ev := rapid.Float64Range(-8, 15).Draw(t, "ev")
		got, ok := solar.ElevationFor(ev)
		if !ok || solar.MaxEV100(got) < ev || solar.MaxEV100(got-0.01) >= ev+0.03 { // pieces join within 0.02 EV
			t.Fatalf("EV %g: %g %v: %g, below %g", ev, got, ok, solar.MaxEV100(got), solar.MaxEV100(got-0.01))
		}
	})
}
