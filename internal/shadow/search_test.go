package shadow_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
)

// TestWhenAgainstBruteForce evaluates every minute of random windows with no bound.
func TestWhenAgainstBruteForce(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 9))
	for range 25 {
		_, place, truth, _ := randomTruth(r)
		o := randomMark(r, solar.Sun(time.UnixMilli(truth), place.LatDeg, place.LonDeg))
		lo := truth - r.Int64N(3*86400e3)
		window := timeset.Of(timeset.Interval{Lo: lo, Hi: truth + 86400e3}, timeset.Interval{Lo: truth + 2*86400e3, Hi: truth + 3*86400e3 + 12345})
		got, err := shadow.When([]shadow.Observation{o}, place, window, shadow.Options{Bin: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		sum, pieces := 0.0, map[int64]float64{}
		for _, iv := range window.Intervals() {
			for from := iv.Lo; from < iv.Hi; from += 60e3 {
				to := min(from+60e3, iv.Hi)
				log, err := shadow.LogLikelihood(o, solar.Sun(time.UnixMilli(from+(to-from)/2), place.LatDeg, place.LonDeg))
				if err != nil {
					t.Fatal(err)
				}
				pieces[from] = math.Exp(log) * float64(to-from)
				sum += pieces[from]
			}
		}
		off := 0.0
		for i, m := range got.Density.Mass {
			off += math.Abs(m - pieces[got.Density.Breaks[i]]/sum)
		}
		if !(off < 1e-4) {
			t.Errorf("%+v at %+v: masses differ by %g in sum", o, place, off)
		}
		if want := math.Log(sum / float64(window.Measure())); math.Abs(got.LogEvidence-want) > 1e-4 {
			t.Errorf("log evidence %v, want %v", got.LogEvidence, want)
		}
	}
}

// TestSunAzimuthAloneVector: a direction of 150 +- 5 over three days, 5 % of such marks wrong, leaves 354 minutes.
func TestSunAzimuthAloneVector(t *testing.T) {
	t.Parallel()
	from, to := at(t, "2024-11-01T00:00:00Z"), at(t, "2024-11-04T00:00:00Z")
	got, err := shadow.When([]shadow.Observation{{SunAzimuthDeg: measure(150, 5)}}, shadow.Place{LatDeg: 48.5956, LonDeg: 37.9999},
		timeset.FromTimes(from, to), shadow.Options{Bin: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	d := got.Density
	mixed := shadow.Density{Breaks: append(append([]int64{from.UnixMilli()}, d.Breaks...), to.UnixMilli())}
	for i, m := range append(append([]float64{0}, d.Mass...), 0) {
		mixed.Mass = append(mixed.Mass, 0.95*m+0.05*float64(mixed.Breaks[i+1]-mixed.Breaks[i])/float64(to.Sub(from).Milliseconds()))
	}
	set := mixed.Credible(0.95)
	if minutes := float64(set.Measure()) / 60e3; set.Len() != 3 || math.Abs(minutes-354) > 4 {
		t.Errorf("%.0f minutes in %d segments, want 354 in 3", minutes, set.Len())
	}
}

// TestUnknownNorth: two shadows of one clip, two hours apart, on a map of unknown rotation.
func TestUnknownNorth(t *testing.T) {
	t.Parallel()
	place := shadow.Place{LatDeg: 48.6, LonDeg: 38}
	truth := at(t, "2024-05-10T06:10:00Z")
	run := func(rotation float64, known bool) shadow.Timing {
		var obs []shadow.Observation
		for _, after := range []time.Duration{0, 2 * time.Hour} {
			azimuth := math.Mod(solar.Sun(truth.Add(after), 48.6, 38).AzimuthDeg+180+rotation+720, 360)
			obs = append(obs, shadow.Observation{ShadowAzimuthDeg: measure(azimuth, 1), NorthUnknown: !known, Frame: "roof", After: after})
		}
		got, err := shadow.When(obs, place, day(t, "2024-05-10"), shadow.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	plain, known := run(0, false), run(0, true)
	for _, rotation := range []float64{45, 110, 179, 211, 290, 355} {
		turned := run(rotation, false)
		if !plain.Set95.Equal(turned.Set95) || math.Abs(plain.LogEvidence-turned.LogEvidence) > 1e-9 {
			t.Errorf("a map turned by %v changes the answer: %v, %v", rotation, plain.Set95, turned.Set95)
		}
	}
	if !plain.Set95.Contains(truth.UnixMilli()) || plain.Set95.Measure() > 5*3600e3 {
		t.Errorf("unknown north: %v", plain.Set95)
	}
	if known.Set95.Measure() >= plain.Set95.Measure() {
		t.Errorf("a known north tells less: %v", known.Set95)
	}
}

// TestOneUnknownNorthSaysOnlyDaylight: no direction can come out of one shadow without north.
func TestOneUnknownNorthSaysOnlyDaylight(t *testing.T) {
	t.Parallel()
	o := shadow.Observation{ShadowAzimuthDeg: measure(20, 1), NorthUnknown: true}
	got, err := shadow.When([]shadow.Observation{o}, shadow.Place{LatDeg: 48.6, LonDeg: 38}, day(t, "2024-03-20"), shadow.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if hours := float64(got.Set50.Measure()) / 3600e3; math.Abs(hours-12.1) > 0.2 || got.Set50.Len() != 1 {
		t.Errorf("%v: %.2f hours", got.Set50, hours)
	}
}

// TestPlaceRadiusAgainstManyPlaces averages the likelihood over places drawn from the same uncertainty.
func TestPlaceRadiusAgainstManyPlaces(t *testing.T) {
	t.Parallel()
	place := shadow.Place{LatDeg: 48.6, LonDeg: 38, RadiusM: 120e3}
	truth := at(t, "2024-11-03T07:15:00Z")
	sun := solar.Sun(truth, 48.6, 38)
	o := shadow.Observation{SunAzimuthDeg: measure(sun.AzimuthDeg, 0.7), SunElevationDeg: measure(sun.ApparentElevationDeg, 0.3)}
	got, err := shadow.When([]shadow.Observation{o}, place, day(t, "2024-11-03"), shadow.Options{Bin: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 5))
	sum := map[int64]float64{}
	total := 0.0
	for range 4000 {
		north, east := r.NormFloat64()*120/2.4477, r.NormFloat64()*120/2.4477
		lat, lon := 48.6+north/111.195, 38+east/(111.195*math.Cos(48.6*math.Pi/180))
		for minute := -40; minute <= 40; minute++ {
			from := truth.Add(time.Duration(minute) * time.Minute)
			log, err := shadow.LogLikelihood(o, solar.Sun(from.Add(30*time.Second), lat, lon))
			if err != nil {
				t.Fatal(err)
			}
			sum[from.UnixMilli()] += math.Exp(log)
			total += math.Exp(log)
		}
	}
	off := 0.0
	for i, m := range got.Density.Mass {
		off += math.Abs(m-sum[got.Density.Breaks[i]]/total) / 2
	}
	if off > 0.06 {
		t.Errorf("the densities differ by %.3f in total variation", off)
	}
	if want := math.Log(total / 4000 / 1440); math.Abs(got.LogEvidence-want) > 0.1 {
		t.Errorf("log evidence %.3f, want %.3f", got.LogEvidence, want)
	}
	sharp, err := shadow.When([]shadow.Observation{o}, shadow.Place{LatDeg: 48.6, LonDeg: 38}, day(t, "2024-11-03"), shadow.Options{})
	if err != nil || sharp.Set95.Measure() >= got.Set95.Measure() {
		t.Errorf("an uncertain place does not widen the window: %v, %v, %v", sharp.Set95, got.Set95, err)
	}
}

func TestWhenLimits(t *testing.T) {
	t.Parallel()
	o := []shadow.Observation{{Ratio: measure(1, 0.1)}}
	table, err := solar.NewTable(at(t, "2024-01-01T00:00:00Z"), at(t, "2024-02-01T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		place   shadow.Place
		window  timeset.Set
		options shadow.Options
	}{
		"latitude 91":     {shadow.Place{LatDeg: 91}, day(t, "2024-06-20"), shadow.Options{}},
		"latitude NaN":    {shadow.Place{LatDeg: math.NaN()}, day(t, "2024-06-20"), shadow.Options{}},
		"radius -1":       {shadow.Place{RadiusM: -1}, day(t, "2024-06-20"), shadow.Options{}},
		"radius of a sea": {shadow.Place{RadiusM: 1e6}, day(t, "2024-06-20"), shadow.Options{}},
		"no window":       {shadow.Place{}, timeset.Set{}, shadow.Options{}},
		"two centuries":   {shadow.Place{}, timeset.Of(timeset.Interval{Lo: 0, Hi: 200 * 366 * 86400e3}), shadow.Options{}},
		"all of time":     {shadow.Place{}, timeset.Of(timeset.Interval{Lo: math.MinInt64, Hi: math.MaxInt64}), shadow.Options{}},
		"bin of an hour":  {shadow.Place{}, day(t, "2024-06-20"), shadow.Options{Bin: time.Hour}},
		"another table":   {shadow.Place{}, day(t, "2024-06-20"), shadow.Options{Table: table}},
	} {
		if _, err := shadow.When(o, c.place, c.window, c.options); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := shadow.When(o, shadow.Place{LatDeg: 80}, day(t, "2024-12-21"), shadow.Options{}); !errors.Is(err, shadow.ErrSunDown) {
		t.Errorf("polar night: %v", err)
	}
}

// TestClocksSettleWinter: a zone-less stamp in winter is two instants; one shadow at a known village tells which.
func TestClocksSettleWinter(t *testing.T) {
	t.Parallel()
	wall := at(t, "2024-11-03T10:15:20Z")
	village := orb.MultiPolygon{orb.Bound{Min: orb.Point{37.9, 48.5}, Max: orb.Point{38.1, 48.7}}.ToPolygon()}
	got, err := shadow.Where([]shadow.Sighting{sighting(wall, shadow.Observation{SunAzimuthDeg: measure(149.84, 3), Ratio: measure(0.388, 0.039)})},
		shadow.WhereOptions{Area: village, Clocks: []shadow.Clock{
			{Shift: -3 * time.Hour, Weight: 1}, {Shift: -2 * time.Hour, Weight: 1},
			{Shift: 0, Weight: 5, Area: orb.MultiPolygon{orb.Bound{Min: orb.Point{-10, 50}, Max: orb.Point{0, 60}}.ToPolygon()}},
		}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Clocks[0] < 0.99 || got.Clocks[2] != 0 || math.Abs(got.Clocks[0]+got.Clocks[1]-1) > 1e-9 {
		t.Errorf("clocks %v", got.Clocks)
	}
}

// TestRegionKeepsToTheArea clips to a triangle, and lies on both sides of the antimeridian without crossing it.
func TestRegionKeepsToTheArea(t *testing.T) {
	t.Parallel()
	when := at(t, "2024-04-14T07:00:00Z")
	sun := solar.Sun(when, 48.6, 38)
	o := shadow.Observation{SunElevationDeg: measure(sun.ApparentElevationDeg, 0.5)}
	triangle := orb.MultiPolygon{{{{30, 44}, {44, 44}, {38, 56}, {30, 44}}}}
	got, err := shadow.Where([]shadow.Sighting{sighting(when, o)}, shadow.WhereOptions{Area: triangle})
	if err != nil {
		t.Fatal(err)
	}
	slack := got.ResolutionLon + got.ResolutionLat
	for _, p := range vertices(got.Region95) {
		if planar.DistanceFrom(triangle, p) > slack && !planar.MultiPolygonContains(triangle, p) {
			t.Fatalf("%v lies outside the area", p)
		}
	}
	if !planar.MultiPolygonContains(got.Region95, orb.Point{38, 48.6}) || slack > 0.6 {
		t.Errorf("the truth is not in the region (cells of %g)", slack)
	}
}

func TestRegionAtTheAntimeridian(t *testing.T) {
	t.Parallel()
	when := at(t, "2024-06-20T00:30:00Z")
	sun := solar.Sun(when, 66, 179.5)
	in := []shadow.Sighting{sighting(when, shadow.Observation{SunAzimuthDeg: measure(sun.AzimuthDeg, 1), SunElevationDeg: measure(sun.ApparentElevationDeg, 1)})}
	got, err := shadow.Where(in, shadow.WhereOptions{})
	if err != nil {
		t.Fatal(err)
	}
	east, west := planar.MultiPolygonContains(got.Region95, orb.Point{179.5, 66}), planar.MultiPolygonContains(got.Region95, orb.Point{-179.7, 66})
	if !east || !west || !shadow.World.Contains(got.Region95.Bound().Min) || !shadow.World.Contains(got.Region95.Bound().Max) {
		t.Errorf("east %v, west %v, bound %v", east, west, got.Region95.Bound())
	}
}

func vertices(mp orb.MultiPolygon) []orb.Point {
	var out []orb.Point
	for _, polygon := range mp {
		for _, ring := range polygon {
			out = append(out, ring...)
		}
	}
	return out
}

// TestWhereAgainstBruteForce sums a fixed fine grid with no bound.
func TestWhereAgainstBruteForce(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 8))
	box := orb.Bound{Min: orb.Point{-30, -70}, Max: orb.Point{60, 70}}
	for range 12 {
		place := orb.Point{-25 + 80*r.Float64(), -60 + 120*r.Float64()}
		when := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(366*24*60)) * time.Minute)
		sky := solar.At(when)
		sun := sky.From(solar.SeaLevel(place.Lat(), place.Lon()))
		if sun.ApparentElevationDeg < 3 {
			continue
		}
		o := randomMark(r, sun)
		got, err := shadow.Where([]shadow.Sighting{sighting(when, o)}, shadow.WhereOptions{Area: orb.MultiPolygon{box.ToPolygon()}})
		if err != nil {
			t.Fatal(err)
		}
		sum, weight, in95, edge := 0.0, 0.0, 0.0, 0.0
		const step = 0.5
		for lat := -70 + step/2; lat < 70; lat += step {
			for lon := -30 + step/2; lon < 60; lon += step {
				log, err := shadow.LogLikelihood(o, sky.From(solar.SeaLevel(lat, lon)))
				if err != nil {
					t.Fatal(err)
				}
				w := math.Cos(lat * math.Pi / 180)
				sum, weight = sum+w*math.Exp(log), weight+w
				if lon > 15 { // half of the box, to spare time: its share must agree
					edge += w * math.Exp(log)
					if planar.MultiPolygonContains(got.Region95, orb.Point{lon, lat}) {
						in95 += w * math.Exp(log)
					}
				}
			}
		}
		if want := math.Log(sum / weight); math.Abs(got.LogEvidence-want) > 0.03 {
			t.Errorf("%+v: log evidence %.4f, want %.4f", o, got.LogEvidence, want)
		}
		if edge > 0.2*sum && !(in95 > 0.85*edge) {
			t.Errorf("%+v: the 95 %% region holds %.3f of its half", o, in95/edge)
		}
	}
}

func BenchmarkWhenTenYears(b *testing.B) {
	from := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	window := timeset.FromTimes(from, from.AddDate(10, 0, 0))
	o := []shadow.Observation{{ShadowAzimuthDeg: measure(330, 3), Ratio: measure(0.388, 0.02)}}
	for b.Loop() {
		if _, err := shadow.When(o, shadow.Place{LatDeg: 48.6, LonDeg: 38}, window, shadow.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWhereLimits(t *testing.T) {
	t.Parallel()
	when := at(t, "2024-06-20T10:00:00Z")
	good := sighting(when, shadow.Observation{Ratio: measure(1, 0.1)})
	late := good
	late.TimeSigmaS = 7200
	nan := good
	nan.TimeSigmaS = math.NaN()
	for name, c := range map[string]struct {
		in      []shadow.Sighting
		options shadow.WhereOptions
	}{
		"nothing":          {nil, shadow.WhereOptions{}},
		"no time":          {[]shadow.Sighting{{Observation: good.Observation}}, shadow.WhereOptions{}},
		"two hours":        {[]shadow.Sighting{late}, shadow.WhereOptions{}},
		"time sigma NaN":   {[]shadow.Sighting{nan}, shadow.WhereOptions{}},
		"year 9999":        {[]shadow.Sighting{sighting(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), good.Observation)}, shadow.WhereOptions{}},
		"empty area":       {[]shadow.Sighting{good}, shadow.WhereOptions{Area: orb.MultiPolygon{}}},
		"area of no ring":  {[]shadow.Sighting{good}, shadow.WhereOptions{Area: orb.MultiPolygon{{}}}},
		"open ring":        {[]shadow.Sighting{good}, shadow.WhereOptions{Area: orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}}}},
		"area NaN":         {[]shadow.Sighting{good}, shadow.WhereOptions{Area: orb.MultiPolygon{{{{0, 0}, {1, math.NaN()}, {1, 1}, {0, 0}}}}}},
		"area of no width": {[]shadow.Sighting{good}, shadow.WhereOptions{Area: orb.MultiPolygon{{{{0, 0}, {0, 1}, {0, 2}, {0, 0}}}}}},
		"no clock":         {[]shadow.Sighting{good}, shadow.WhereOptions{Clocks: []shadow.Clock{}}},
		"weight 0":         {[]shadow.Sighting{good}, shadow.WhereOptions{Clocks: []shadow.Clock{{}}}},
		"weight NaN":       {[]shadow.Sighting{good}, shadow.WhereOptions{Clocks: []shadow.Clock{{Weight: math.NaN()}}}},
		"one cell":         {[]shadow.Sighting{good}, shadow.WhereOptions{MaxCells: 1}},
	} {
		if _, err := shadow.Where(c.in, c.options); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestTimeErrorWidensEastAndWest: an error of four minutes of time is a degree of longitude and none of latitude.
func TestTimeErrorWidensEastAndWest(t *testing.T) {
	t.Parallel()
	when := at(t, "2024-04-14T07:00:00Z")
	sun := solar.Sun(when, 48.6, 38)
	in := sighting(when, shadow.Observation{SunAzimuthDeg: measure(sun.AzimuthDeg, 0.3), SunElevationDeg: measure(sun.ApparentElevationDeg, 0.3)})
	exact, err := shadow.Where([]shadow.Sighting{in}, shadow.WhereOptions{})
	if err != nil {
		t.Fatal(err)
	}
	in.TimeSigmaS = 600
	late, err := shadow.Where([]shadow.Sighting{in}, shadow.WhereOptions{})
	if err != nil {
		t.Fatal(err)
	}
	degreeM := 111195 * math.Cos(48.6*math.Pi/180)
	want := math.Hypot(exact.Best.SigmaEastM, 2.5*degreeM)
	if math.Abs(late.Best.SigmaEastM/want-1) > 0.1 {
		t.Errorf("sigma to the east %.0f m, want about %.0f", late.Best.SigmaEastM, want)
	}
	if late.Best.SigmaNorthM > 1.2*exact.Best.SigmaNorthM {
		t.Errorf("sigma to the north grew from %.0f to %.0f m", exact.Best.SigmaNorthM, late.Best.SigmaNorthM)
	}
}

func BenchmarkWhenDay(b *testing.B) {
	from := time.Date(2024, 11, 3, 0, 0, 0, 0, time.UTC)
	window := timeset.FromTimes(from, from.AddDate(0, 0, 1))
	table, err := solar.NewTable(from, from.AddDate(0, 0, 1))
	if err != nil {
		b.Fatal(err)
	}
	o := []shadow.Observation{{ShadowAzimuthDeg: measure(330, 5), Ratio: measure(0.388, 0.039)}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shadow.When(o, shadow.Place{LatDeg: 48.6, LonDeg: 38}, window, shadow.Options{Table: table}); err != nil {
			b.Fatal(err)
		}
	}
}
