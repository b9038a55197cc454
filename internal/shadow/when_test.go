package shadow_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	out, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func measure(value, sigma float64) *shadow.Measure {
	return &shadow.Measure{Value: value, Sigma: sigma}
}

func day(t testing.TB, s string) timeset.Set {
	from := at(t, s+"T00:00:00Z")
	return timeset.FromTimes(from, from.Add(24*time.Hour))
}

func TestWinterOffsetVector(t *testing.T) {
	t.Parallel()
	bakhmut := shadow.Place{LatDeg: 48.5956, LonDeg: 37.9999}
	o := shadow.Observation{SunAzimuthDeg: measure(149.84, 5), Ratio: measure(0.388, 0.039)}
	got, err := shadow.When([]shadow.Observation{o}, bakhmut, day(t, "2024-11-03"), shadow.Options{})
	if err != nil {
		t.Fatal(err)
	}
	three, two := at(t, "2024-11-03T07:15:20Z"), at(t, "2024-11-03T08:15:20Z")
	if !got.Set95.Contains(three.UnixMilli()) || got.Set95.Contains(two.UnixMilli()) {
		t.Errorf("95 %% set %v holds +3: %v, +2: %v", got.Set95, got.Set95.Contains(three.UnixMilli()), got.Set95.Contains(two.UnixMilli()))
	}
	a, errA := shadow.LogLikelihood(o, solar.Sun(three, bakhmut.LatDeg, bakhmut.LonDeg))
	b, errB := shadow.LogLikelihood(o, solar.Sun(two, bakhmut.LatDeg, bakhmut.LonDeg))
	if errA != nil || errB != nil || (a-b)/math.Ln10 < 1.5 {
		t.Errorf("log10 likelihood ratio of +3 over +2 = %.2f (%v, %v)", (a-b)/math.Ln10, errA, errB)
	}
	t.Logf("windows %v, log10 LR %.2f", got.Windows, (a-b)/math.Ln10)
}

func TestWhenCalibration(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 2))
	const trials = 600
	in50, in95 := 0, 0
	for range trials {
		obs, place, truth, window := randomTruth(r)
		got, err := shadow.When(obs, place, window, shadow.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Set50.Contains(truth) {
			in50++
		}
		if got.Set95.Contains(truth) {
			in95++
		}
	}
	t.Logf("50 %%: %.1f, 95 %%: %.1f of %d", 100*float64(in50)/trials, 100*float64(in95)/trials, trials)
	if math.Abs(float64(in95)/trials-0.95) > 0.02 || math.Abs(float64(in50)/trials-0.5) > 0.04 {
		t.Errorf("50 %% set holds %d, 95 %% set %d of %d", in50, in95, trials)
	}
}

// randomTruth draws a place, a daylight instant uniform in a random window, and marks with errors of the stated sigmas.
func randomTruth(r *rand.Rand) ([]shadow.Observation, shadow.Place, int64, timeset.Set) {
	for {
		place := shadow.Place{LatDeg: -60 + 125*r.Float64(), LonDeg: -180 + 360*r.Float64()}
		start := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(10*365*24)) * time.Hour)
		length := []time.Duration{6 * time.Hour, 24 * time.Hour, 10 * 24 * time.Hour, 60 * 24 * time.Hour}[r.IntN(4)]
		truth := start.Add(time.Duration(r.Int64N(int64(length))))
		sun := solar.Sun(truth, place.LatDeg, place.LonDeg)
		if sun.ApparentElevationDeg < 0.5 || sun.ApparentElevationDeg > 85 {
			continue
		}
		return []shadow.Observation{mark(r, sun)}, place, truth.UnixMilli(), timeset.FromTimes(start, start.Add(length))
	}
}

// mark measures the Sun with random precision.
func mark(r *rand.Rand, sun solar.Position) shadow.Observation {
	var o shadow.Observation
	kind := r.IntN(3)
	if kind != 1 {
		sigma := 1 + 5*r.Float64()
		o.ShadowAzimuthDeg = measure(math.Mod(sun.AzimuthDeg+180+sigma*r.NormFloat64()+360, 360), sigma)
	}
	if kind != 0 {
		blurred := sun.ApparentElevationDeg + 0.533*(r.Float64()-0.5)
		ratio := math.Tan(blurred * math.Pi / 180)
		sigma := max(ratio, 0.02) * (0.03 + 0.1*r.Float64())
		o.Ratio = measure(max(1e-9, ratio+sigma*r.NormFloat64()), sigma)
	}
	return o
}

func BenchmarkWhenYear(b *testing.B) {
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	year := timeset.FromTimes(from, from.AddDate(1, 0, 0))
	o := []shadow.Observation{{ShadowAzimuthDeg: measure(330, 5), Ratio: measure(0.388, 0.039)}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shadow.When(o, shadow.Place{LatDeg: 48.6, LonDeg: 38}, year, shadow.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTreeShadowsOfBrightonBeach: two nadir drone pictures (46.843 N, 91.994 W, 2016-06-23, 16:32 to 16:34 local, that is
// 21:32Z) whose tree shadows were read by eye as pointing to 85 +- 5.
func TestTreeShadowsOfBrightonBeach(t *testing.T) {
	t.Parallel()
	from := at(t, "2016-06-23T05:00:00Z") // midnight there
	got, err := shadow.When([]shadow.Observation{{ShadowAzimuthDeg: measure(85, 5)}}, shadow.Place{LatDeg: 46.843, LonDeg: -91.994},
		timeset.FromTimes(from, from.Add(24*time.Hour)), shadow.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Set95.Contains(at(t, "2016-06-23T21:33:00Z").UnixMilli()) || got.Set95.Measure() > 4*3600e3 {
		t.Errorf("windows %v", got.Windows)
	}
}
