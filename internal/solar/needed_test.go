package solar_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

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
