package shadow_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
)

// TestGroundAndPoleAgainstRays throws the shadow of a leaning pole on rising ground by intersecting a ray with a plane.
//
//   - top           light comes from the left, going down by the elevation;
//     /  \             the pole leans to the right by the lean,
//     /     \    __--   the ground rises to the right by the slope
//     base /________\--
func TestGroundAndPoleAgainstRays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		elevation := rapid.Float64Range(5, 80).Draw(t, "elevation")
		slope := rapid.Float64Range(-4, 15).Draw(t, "slope")
		lean := rapid.Float64Range(-9, 15).Draw(t, "lean")
		sin, cos := math.Sincos(lean * math.Pi / 180)
		topX, topY := 2*sin, 2*cos
		fall, rise := math.Tan(elevation*math.Pi/180), math.Tan(slope*math.Pi/180)
		length := (topY + topX*fall) / (rise + fall) // where topY - (x - topX) fall = x rise
		o := shadow.Observation{
			Ratio:    measure(2/length, 1e-4*2/length),
			SlopeDeg: measure(slope, 1e-4), LeanDeg: measure(lean, 1e-4),
		}
		at := func(e float64) float64 {
			l, err := shadow.LogLikelihood(o, solar.Position{ElevationDeg: e, ApparentElevationDeg: e})
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		if here := at(elevation); here < at(elevation-0.3) || here < at(elevation+0.3) {
			t.Fatalf("ratio %v under a sun at %v: %v, below it %v, above it %v", 2/length, elevation, here, at(elevation-0.3), at(elevation+0.3))
		}
	})
}

// TestErrorBudget takes the elevations and sigmas of known ratios, the penumbra taken out.
func TestErrorBudget(t *testing.T) {
	t.Parallel()
	const penumbra = 0.533 / 3.4641016
	for _, c := range []struct{ ratio, elevation, sigma float64 }{
		{10.0 / 8, 51.3402, 1.397}, {1.8 / 3.0, 30.9638, 1.264},
	} {
		o := shadow.Observation{Ratio: measure(c.ratio, 0.05*c.ratio)}
		log := func(e float64) float64 {
			l, err := shadow.LogLikelihood(o, solar.Position{ApparentElevationDeg: e})
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		curvature := (2*log(c.elevation) - log(c.elevation-0.01) - log(c.elevation+0.01)) / 1e-4
		sigma := math.Sqrt(1/curvature - penumbra*penumbra)
		if math.Abs(sigma-c.sigma) > 0.02*c.sigma {
			t.Errorf("ratio %.3f: sigma of elevation %.3f, want %.3f", c.ratio, sigma, c.sigma)
		}
	}
}

// TestWindowTable recomputes how long a direction within 5 degrees and a ratio within 10 % stay true.
func TestWindowTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		utc                    string
		azimuth, ratio, either int // minutes: of the direction alone, of the ratio alone, of both
	}{
		{"2024-03-20T06:30:00Z", 42, 68, 34}, {"2024-03-20T09:30:00Z", 30, 159, 30},
		{"2024-06-20T06:30:00Z", 41, 72, 36}, {"2024-06-20T09:30:00Z", 18, 111, 18},
		{"2024-12-21T06:30:00Z", 49, 32, 16}, {"2024-12-21T09:30:00Z", 42, 142, 42},
	} {
		when := at(t, c.utc)
		sun := solar.Sun(when, 48, 37.8)
		ratio := math.Tan(sun.ApparentElevationDeg * math.Pi / 180)
		azimuths := oneSigma(t, shadow.Observation{SunAzimuthDeg: measure(sun.AzimuthDeg, 5)}, when)
		ratios := oneSigma(t, shadow.Observation{Ratio: measure(ratio, 0.1*ratio)}, when)
		both := 0
		for i := range azimuths {
			if azimuths[i] && ratios[i] {
				both++
			}
		}
		for _, x := range [][2]int{{count(azimuths), c.azimuth}, {count(ratios), c.ratio}, {both, c.either}} {
			if math.Abs(float64(x[0]-x[1])) > 2+0.03*float64(x[1]) {
				t.Errorf("%s: %d minutes, want %d", c.utc, x[0], x[1])
			}
		}
	}
}

// oneSigma tells for each minute of the day whether the mark is within one standard deviation.
func oneSigma(t *testing.T, o shadow.Observation, when time.Time) []bool {
	best, err := shadow.LogLikelihood(o, solar.Sun(when, 48, 37.8))
	if err != nil {
		t.Fatal(err)
	}
	out := make([]bool, 1440)
	for i := range out {
		log, err := shadow.LogLikelihood(o, solar.Sun(when.Truncate(24*time.Hour).Add(time.Duration(i)*time.Minute), 48, 37.8))
		if err != nil {
			t.Fatal(err)
		}
		out[i] = log >= best-0.5
	}
	return out
}

func count(set []bool) int {
	n := 0
	for _, b := range set {
		if b {
			n++
		}
	}
	return n
}

func TestSunMustBeUp(t *testing.T) {
	t.Parallel()
	cast := shadow.Observation{ShadowAzimuthDeg: measure(90, 5)}
	seen := shadow.Observation{SunAzimuthDeg: measure(270, 5)}
	for _, c := range []struct {
		o         shadow.Observation
		elevation float64
		possible  bool
	}{{cast, 0.1, true}, {cast, -0.1, false}, {seen, -0.1, true}, {seen, -0.4, false}, {seen, math.NaN(), false}} {
		log, err := shadow.LogLikelihood(c.o, solar.Position{AzimuthDeg: 270, ElevationDeg: c.elevation, ApparentElevationDeg: c.elevation})
		if err != nil || math.IsInf(log, -1) == c.possible {
			t.Errorf("%+v at %v: %v, %v", c.o, c.elevation, log, err)
		}
	}
}

func TestHostileObservations(t *testing.T) {
	t.Parallel()
	good := measure(90, 5)
	inf, nan := math.Inf(1), math.NaN()
	for name, o := range map[string]shadow.Observation{
		"nothing":          {},
		"both directions":  {ShadowAzimuthDeg: good, SunAzimuthDeg: good},
		"sigma 0":          {ShadowAzimuthDeg: measure(90, 0)},
		"sigma negative":   {ShadowAzimuthDeg: measure(90, -1)},
		"sigma NaN":        {ShadowAzimuthDeg: measure(90, nan)},
		"sigma infinite":   {ShadowAzimuthDeg: measure(90, inf)},
		"value NaN":        {ShadowAzimuthDeg: measure(nan, 5)},
		"value infinite":   {Ratio: measure(inf, 5)},
		"ratio 0":          {Ratio: measure(0, 0.1)},
		"ratio negative":   {Ratio: measure(-1, 0.1)},
		"azimuth 655.35":   {SunAzimuthDeg: measure(655.35, 5)},
		"elevation 91":     {SunElevationDeg: measure(91, 1)},
		"slope 80":         {Ratio: measure(1, 0.1), SlopeDeg: measure(80, 1)},
		"lean NaN":         {Ratio: measure(1, 0.1), LeanDeg: measure(nan, 1)},
		"slope of no mark": {SunAzimuthDeg: good, SlopeDeg: measure(1, 1)},
		"north of no mark": {Ratio: measure(1, 0.1), NorthUnknown: true},
		"after a century":  {SunAzimuthDeg: good, After: 100 * 366 * 24 * time.Hour},
	} {
		if err := o.Check(); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := shadow.When([]shadow.Observation{o}, shadow.Place{}, day(t, "2024-06-20"), shadow.Options{}); err == nil {
			t.Errorf("%s: When gives no error", name)
		}
		if _, err := shadow.Where([]shadow.Sighting{{Observation: o, At: at(t, "2024-06-20T10:00:00Z")}}, shadow.WhereOptions{}); err == nil {
			t.Errorf("%s: Where gives no error", name)
		}
	}
}

// FuzzObservation: whatever the numbers, an error or a likelihood that is a number or -Inf.
func FuzzObservation(f *testing.F) {
	f.Add(180.0, 5.0, 1.0, 0.1, 3.0, 1.0, -2.0, 1.0, 170.0, 30.0)
	f.Add(math.NaN(), 5.0, math.Inf(1), 0.0, 40.0, 1e-6, -40.0, 1e6, 0.0, 89.9999999)
	f.Add(-360.0, 1e-6, 5e-324, 1e6, -40.0, 1e-6, 40.0, 1e-6, 359.99, 0.0000001)
	f.Fuzz(func(t *testing.T, azimuth, azimuthSigma, ratio, ratioSigma, slope, slopeSigma, lean, leanSigma, sunAzimuth, elevation float64) {
		o := shadow.Observation{
			ShadowAzimuthDeg: measure(azimuth, azimuthSigma), Ratio: measure(ratio, ratioSigma),
			SlopeDeg: measure(slope, slopeSigma), LeanDeg: measure(lean, leanSigma),
		}
		if !(elevation >= -90 && elevation <= 90 && sunAzimuth >= 0 && sunAzimuth < 360) {
			t.Skip()
		}
		log, err := shadow.LogLikelihood(o, solar.Position{AzimuthDeg: sunAzimuth, ElevationDeg: elevation, ApparentElevationDeg: elevation})
		if err == nil && (math.IsNaN(log) || math.IsInf(log, 1)) {
			t.Fatalf("%+v: %v", o, log)
		}
	})
}

// randomMark is one honest mark of the Sun.
func randomMark(r *rand.Rand, sun solar.Position) shadow.Observation {
	o := mark(r, sun)
	if r.IntN(3) == 0 && o.Ratio != nil {
		o.SlopeDeg = measure(0, 0.5+r.Float64())
	}
	if r.IntN(3) == 0 {
		o.LeanDeg = measure(0, 0.5+r.Float64())
	}
	return o
}

// TestVarianceAgainstDraws draws the slope, the lean, the point of the disc and the reading, throws the shadow, and
// compares the scatter with the variance that the likelihood uses, read off its curvature over the measured value.
func TestVarianceAgainstDraws(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 6))
	const rad = math.Pi / 180
	for _, c := range []struct{ elevation, slope, slopeSigma, lean, leanSigma, reading float64 }{
		{30, 0, 1e-3, 0, 1e-3, 1e-4}, // penumbra alone
		{10, 2, 1.5, 0, 1e-3, 1e-4},
		{40, 0, 1e-3, 3, 2, 1e-4},
		{55, -3, 1, -4, 1.5, 0.02},
		{25, 4, 0.7, 6, 1, 0.03},
	} {
		ratio := func(e, slope, lean float64) float64 {
			sin, cos := math.Sincos(lean * rad)
			fall := math.Tan(e * rad)
			return (math.Tan(slope*rad) + fall) / (cos + sin*fall)
		}
		var sum, squares, sideways float64
		const draws = 60_000
		for range draws {
			x := ratio(c.elevation+0.533*(r.Float64()-0.5), c.slope+c.slopeSigma*r.NormFloat64(), c.lean+c.leanSigma*r.NormFloat64()) + c.reading*r.NormFloat64()
			sum, squares = sum+x, squares+x*x
			// A pole that leans sideways: its top moves by sin l, beside a shadow of cot e.
			turn := math.Atan(math.Sin(c.leanSigma*r.NormFloat64()*rad)*math.Tan(c.elevation*rad))/rad + r.NormFloat64()
			sideways += turn * turn
		}
		o := shadow.Observation{SlopeDeg: measure(c.slope, c.slopeSigma), LeanDeg: measure(c.lean, c.leanSigma)}
		o.Ratio = measure(ratio(c.elevation, c.slope, c.lean), c.reading)
		want := squares/draws - sum/draws*sum/draws
		if got := variance(t, o, o.Ratio, 1e-3, c.elevation); math.Abs(got/want-1) > 0.06 {
			t.Errorf("%+v: variance of the ratio %.3g, draws say %.3g", c, got, want)
		}
		o.Ratio, o.ShadowAzimuthDeg = nil, measure(10, 1)
		if got := variance(t, o, o.ShadowAzimuthDeg, 0.1, c.elevation); math.Abs(got/(sideways/draws)-1) > 0.06 {
			t.Errorf("%+v: variance of the azimuth %.3g, draws say %.3g", c, got, sideways/draws)
		}
	}
}

// variance is that of a Gaussian in the value of a mark of o, by its second difference.
func variance(t *testing.T, o shadow.Observation, m *shadow.Measure, step, elevation float64) float64 {
	log := func(off float64) float64 {
		middle := m.Value
		defer func() { m.Value = middle }()
		m.Value += off
		l, err := shadow.LogLikelihood(o, solar.Position{AzimuthDeg: 190, ElevationDeg: elevation, ApparentElevationDeg: elevation})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	return step * step / (2*log(0) - log(step) - log(-step))
}
