package shadow

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

// The searches are right as long as no likelihood exceeds its bound. What a wrong bound drops is too rare for the tests
// through the public functions, so this one looks inside.

func drawObservation(t *rapid.T) Observation {
	sigma := func(name string) float64 { return rapid.Float64Range(0.05, 8).Draw(t, name) }
	o := Observation{SunAzimuthDeg: &Measure{rapid.Float64Range(0, 360).Draw(t, "azimuth"), sigma("azimuth sigma")}}
	if rapid.Bool().Draw(t, "has ratio") {
		ratio := math.Tan(rapid.Float64Range(0.5, 88).Draw(t, "ratio of") * degree)
		o.Ratio = &Measure{ratio, ratio * rapid.Float64Range(0.01, 0.3).Draw(t, "ratio sigma")}
		if rapid.Bool().Draw(t, "has ground") {
			o.SlopeDeg = &Measure{rapid.Float64Range(-30, 30).Draw(t, "slope"), sigma("slope sigma")}
			o.LeanDeg = &Measure{rapid.Float64Range(-30, 30).Draw(t, "lean"), sigma("lean sigma")}
		}
	}
	if rapid.Bool().Draw(t, "has elevation") {
		o.SunElevationDeg = &Measure{rapid.Float64Range(-0.5, 90).Draw(t, "elevation"), sigma("elevation sigma")}
	}
	o.NorthUnknown = rapid.Bool().Draw(t, "unknown north")
	return o
}

func TestBoundOverTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		obs := []Observation{drawObservation(t), drawObservation(t)}
		obs[1].After = time.Duration(rapid.Int64Range(0, 5).Draw(t, "after")) * time.Hour
		m, err := newModel(obs)
		if err != nil {
			t.Fatal(err)
		}
		place := Place{rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.SampledFrom([]float64{0, 1e3, 150e3}).Draw(t, "radius")}
		middle := rapid.Int64Range(1.4e12, 1.8e12).Draw(t, "ms")
		if rapid.Bool().Draw(t, "at sunrise or sunset") {
			lines, err := RingLines(solar.At(time.UnixMilli(middle)), rapid.Float64Range(-0.2, 0.2).Draw(t, "height"), World)
			if err != nil {
				t.Fatal(err)
			}
			p := rapid.SampledFrom(slices.Concat(lines...)).Draw(t, "on the ring")
			place.LatDeg, place.LonDeg = p.Lat(), p.Lon()
			middle += rapid.Int64Range(-600e3, 600e3).Draw(t, "from the crossing")
		}
		s := newTimeSearch(&m, obs, place)
		if s.table, err = solar.NewTable(time.UnixMilli(middle-1e8), time.UnixMilli(middle+1e8)); err != nil {
			t.Fatal(err)
		}
		half := rapid.SampledFrom([]int64{30e3, 8 * 60e3, 32 * 60e3}).Draw(t, "half")
		s.look(middle)
		bound := s.bound(float64(half))
		for i := range 12 {
			off := rapid.Int64Range(-half, half).Draw(t, "off")
			if i < 2 {
				off = half * int64(2*i-1)
			}
			s.look(middle + off)
			if log := s.logLikelihood(); log > bound+1e-9 {
				t.Fatalf("likelihood %v over the bound %v", log, bound)
			}
		}
	})
}

func TestBoundOverPlaces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := []Sighting{{Observation: drawObservation(t)}, {Observation: drawObservation(t)}}
		for i := range in {
			in[i].At = time.Unix(rapid.Int64Range(1.4e9, 1.8e9).Draw(t, "unix"), 0)
			in[i].TimeSigmaS = rapid.SampledFrom([]float64{0, 30, 1200}).Draw(t, "time sigma")
		}
		m, err := newModel([]Observation{in[0].Observation, in[1].Observation})
		if err != nil {
			t.Fatal(err)
		}
		readings, err := newReadings(&m, in, []Clock{{Weight: 1}})
		if err != nil {
			t.Fatal(err)
		}
		r := readings[0]
		lon, lat := rapid.Float64Range(-180, 180).Draw(t, "lon"), math.Asin(rapid.Float64Range(-1, 1).Draw(t, "sin lat"))/degree
		deg := rapid.Float64Range(0.01, 12).Draw(t, "reach")
		r.look(lon, lat)
		bound := r.bound(lat, deg)
		for i := range 12 {
			toward := rapid.Float64Range(0, 360).Draw(t, "toward")
			share := rapid.Float64Range(0, 1).Draw(t, "share")
			if i < 8 {
				toward, share = 45*float64(i), 1
			}
			p := offset(lon, lat, toward, deg*share)
			r.look(p[0], p[1])
			if log := r.logLikelihood(p[1]); log > bound+1e-9 {
				t.Fatalf("likelihood %v at %v over the bound %v", log, p, bound)
			}
		}
	})
}

// offset walks from a place along a great circle.
func offset(lon, lat, toward, deg float64) [2]float64 {
	sinLat, cosLat := math.Sincos(lat * degree)
	sinD, cosD := math.Sincos(deg * degree)
	sinT, cosT := math.Sincos(toward * degree)
	out := math.Asin(max(-1, min(1, sinLat*cosD+cosLat*sinD*cosT)))
	return [2]float64{lon + math.Atan2(sinT*sinD*cosLat, cosD-sinLat*math.Sin(out))/degree, out / degree}
}

// TestDerivatives compares with differences of the full algorithm, in which the declination also moves by 0.016 degrees
// per hour: 0.06 degrees of azimuth at an elevation of 75.
func TestDerivatives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lat, lon := rapid.Float64Range(-70, 70).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon")
		unix := rapid.Int64Range(1.4e9, 1.8e9).Draw(t, "unix")
		at := func(north, east float64, seconds int64) solar.Position {
			return solar.Sun(time.Unix(unix+seconds, 0), lat+north, lon+east/math.Cos(lat*degree))
		}
		sun := at(0, 0, 0)
		if !(sun.ElevationDeg > -20 && sun.ElevationDeg < 75) {
			t.Skip("too near the zenith for differences, or night")
		}
		const h = 0.01
		check := func(name string, azimuth, elevation float64, a, b solar.Position, step float64) {
			gotA, gotE := wrap180(b.AzimuthDeg-a.AzimuthDeg)/step, (b.ElevationDeg-a.ElevationDeg)/step
			if math.Abs(gotA-azimuth) > 0.07+0.01*math.Abs(azimuth) || math.Abs(gotE-elevation) > 0.03+0.01*math.Abs(elevation) {
				t.Fatalf("%s: azimuth %v and elevation %v, differences say %v and %v", name, azimuth, elevation, gotA, gotE)
			}
		}
		d := placeDrifts(sun, lat, 1)
		check("north", d[0].azimuthDeg, d[0].elevationDeg, at(-h, 0, 0), at(h, 0, 0), 2*h)
		check("east", d[1].azimuthDeg, d[1].elevationDeg, at(0, -h, 0), at(0, h, 0), 2*h)
		azimuth, elevation := rates(sun, lat)
		check("time", azimuth, elevation, at(0, 0, -18), at(0, 0, 18), 0.01)
	})
}

// TestReachOfCells: no point of a cell lies farther from its middle than the bound assumes.
func TestReachOfCells(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &placeSearch{box: World, columns: rapid.IntRange(8, 400).Draw(t, "columns")}
		s.rows = max(1, s.columns/2)
		c := cell{column: int32(rapid.IntRange(0, s.columns-1).Draw(t, "column")), row: int32(rapid.IntRange(0, s.rows-1).Draw(t, "row"))}
		middle := s.middle(c)
		a, b := s.corner(c.column, c.row), s.corner(c.column+1, c.row+1)
		for range 8 {
			lon := a[0] + (b[0]-a[0])*rapid.SampledFrom([]float64{0, 0.3, 1}).Draw(t, "x")
			lat := a[1] + (b[1]-a[1])*rapid.SampledFrom([]float64{0, 0.3, 1}).Draw(t, "y")
			sin1, cos1 := math.Sincos(middle[1] * degree)
			sin2, cos2 := math.Sincos(lat * degree)
			angle := math.Acos(min(1, sin1*sin2+cos1*cos2*math.Cos((lon-middle[0])*degree))) / degree
			if angle > s.reachDeg(c)+1e-6 {
				t.Fatalf("%v lies %v from %v, reach %v", [2]float64{lon, lat}, angle, middle, s.reachDeg(c))
			}
		}
	})
}

// TestNarrowestWeighsTheSurface: high suns belong to small circles, so the share is one of places, not of elevations.
func TestNarrowestWeighsTheSurface(t *testing.T) {
	t.Parallel()
	tm := newTerm(Observation{SunElevationDeg: &Measure{80, 8}})
	grid, err := tm.heights(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, level := range []float64{0.5, 0.95} {
		got := narrowest(grid, level)
		in, all := 0.0, 0.0
		for e := 0.005; e < 90; e += 0.01 {
			w := math.Exp(-square((e-80)/8)/2) * math.Cos(e*degree)
			all += w
			if e > got.lo && e < got.hi {
				in += w
			}
		}
		if math.Abs(in/all-level) > 0.01 {
			t.Errorf("%v: %v holds %.3f", level, got, in/all)
		}
	}
}

// TestBoundAtSunrise: refraction lifts the Sun all at once, which no short reach would cover.
func TestBoundAtSunrise(t *testing.T) {
	t.Parallel()
	obs := []Observation{{SunAzimuthDeg: &Measure{90, 5}}}
	m, err := newModel(obs)
	if err != nil {
		t.Fatal(err)
	}
	const half = 30_000
	rise := time.Date(2024, 3, 20, 6, 0, 0, 0, time.UTC).UnixMilli()
	table, err := solar.NewTable(time.UnixMilli(rise-1e7), time.UnixMilli(rise+1e7))
	if err != nil {
		t.Fatal(err)
	}
	s := newTimeSearch(&m, obs, Place{LatDeg: 10, LonDeg: 1})
	s.table = table
	rises := 0
	for middle := rise - 1_200_000; middle < rise+1_200_000; middle += 2000 {
		s.look(middle)
		bound := s.bound(half)
		for off := int64(-half); off <= half; off += half / 4 {
			s.look(middle + off)
			log := s.logLikelihood()
			if log > bound+1e-9 {
				t.Fatalf("%v: likelihood %v over the bound %v", time.UnixMilli(middle).UTC(), log, bound)
			}
			if off == half && !math.IsInf(log, -1) && s.sun[0].ApparentElevationDeg < -0.2 {
				rises++
			}
		}
	}
	if rises == 0 {
		t.Error("the sun does not rise in the test")
	}
}
