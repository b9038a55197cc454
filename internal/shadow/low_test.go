package shadow_test

import (
	"testing"
	"time"

	"whenwhere/internal/shadow"
)

// A time that may be off by an hour reaches down to the horizon from 10 degrees, and bands end there.
func TestBandsEndAtTheHorizon(t *testing.T) {
	t.Parallel()
	for _, elevation := range []float64{-0.2, 0.1, 1, 5, 10} {
		p, err := shadow.Where([]shadow.Sighting{{At: time.Date(2024, 6, 21, 0, 0, 0, 0, time.UTC), TimeSigmaS: 3600,
			Observation: shadow.Observation{SunElevationDeg: &shadow.Measure{Value: elevation, Sigma: 0.01}}}}, shadow.WhereOptions{MaxCells: 5000})
		if err != nil {
			t.Errorf("%g degrees: %v", elevation, err)
			continue
		}
		if len(p.Loci) != 1 || len(p.Loci[0].Line) == 0 || len(p.Loci[0].Band95) == 0 || len(p.Region95) == 0 {
			t.Errorf("%g degrees: %d loci", elevation, len(p.Loci))
		}
	}
}
