package shadow_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
)

func sighting(when time.Time, o shadow.Observation) shadow.Sighting {
	return shadow.Sighting{Observation: o, At: when}
}

// TestWhereVectors takes the closed forms: one direction with an elevation, and two elevations at two times.
func TestWhereVectors(t *testing.T) {
	t.Parallel()
	kyiv := []shadow.Sighting{sighting(at(t, "2024-07-08T07:40:00Z"), shadow.Observation{
		SunAzimuthDeg: measure(121.8024, 0.2), SunElevationDeg: measure(50.4662+0.0134, 0.2),
	})}
	bakhmut := []shadow.Sighting{
		sighting(at(t, "2024-04-14T07:00:00Z"), shadow.Observation{SunElevationDeg: measure(apparent(40.2171), 0.1)}),
		sighting(at(t, "2024-04-14T13:44:49Z"), shadow.Observation{SunElevationDeg: measure(apparent(24.2418), 0.1)}),
	}
	for _, c := range []struct {
		name   string
		in     []shadow.Sighting
		places []orb.Point
	}{
		{"azimuth and elevation", kyiv, []orb.Point{{30.48102, 50.44946}}},
		{"two elevations", bakhmut, []orb.Point{{37.99989, 48.59557}, {33.80942, -19.13298}}},
	} {
		got, err := shadow.Where(c.in, shadow.WhereOptions{})
		if err != nil {
			t.Fatal(c.name, err)
		}
		if len(got.Region95) != len(c.places) {
			t.Errorf("%s: %d parts, want %d", c.name, len(got.Region95), len(c.places))
		}
		for _, p := range c.places {
			if !planar.MultiPolygonContains(got.Region50, p) {
				t.Errorf("%s: the 50 %% region misses %v", c.name, p)
			}
		}
		off := math.Inf(1)
		for _, p := range c.places {
			off = min(off, geo.Distance(p, orb.Point{got.Best.LonDeg, got.Best.LatDeg}))
		}
		if off > 5000 {
			t.Errorf("%s: best place %+v lies %.0f m off", c.name, got.Best, off)
		}
		t.Logf("%s: best %+v, resolution %.4f, misfit %.3f of %d", c.name, got.Best, got.ResolutionLat, got.Misfit, got.Marks)
	}
}

// apparent turns the geocentric elevation of a vector into what is seen.
func apparent(geocentricDeg float64) float64 {
	seen := geocentricDeg - 0.002443*math.Cos(geocentricDeg*math.Pi/180)
	return solar.ApparentElevation(seen, solar.StandardPressureHPa, solar.StandardTemperatureC)
}

func TestWhereCalibration(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 11))
	const trials = 200
	in50, in95, band95, bands := 0, 0, 0, 0
	for range trials {
		truth, sightings := randomSightings(r)
		got, err := shadow.Where(sightings, shadow.WhereOptions{MaxCells: 12_000})
		if err != nil {
			t.Fatal(err)
		}
		if planar.MultiPolygonContains(got.Region50, truth) {
			in50++
		}
		if planar.MultiPolygonContains(got.Region95, truth) {
			in95++
		}
		for _, l := range got.Loci {
			bands++
			if planar.MultiPolygonContains(l.Band95, truth) {
				band95++
			}
		}
	}
	t.Logf("50 %%: %d, 95 %%: %d of %d; bands %d of %d", in50, in95, trials, band95, bands)
	if math.Abs(float64(in95)/trials-0.95) > 0.03 || math.Abs(float64(in50)/trials-0.5) > 0.07 {
		t.Errorf("50 %% region holds %d, 95 %% region %d of %d", in50, in95, trials)
	}
	if math.Abs(float64(band95)/float64(bands)-0.95) > 0.03 {
		t.Errorf("the 95 %% bands hold %d of %d", band95, bands)
	}
}

// randomSightings draws a place, uniform on the sphere, with one to three measured suns over it.
func randomSightings(r *rand.Rand) (orb.Point, []shadow.Sighting) {
	for {
		place := orb.Point{-180 + 360*r.Float64(), math.Asin(2*r.Float64()-1) * 180 / math.Pi}
		start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(366*24*60)) * time.Minute)
		var out []shadow.Sighting
		n := 1 + r.IntN(3)
		for i := range n {
			when := start.Add(time.Duration(i) * time.Duration(1+r.IntN(3)) * time.Hour)
			sigmaS := []float64{0, 60, 600}[r.IntN(3)]
			sun := solar.Sun(when.Add(time.Duration(sigmaS*r.NormFloat64()*1e9)), place.Lat(), place.Lon())
			if sun.ApparentElevationDeg > 0 {
				s := sighting(when, mark(r, sun))
				s.TimeSigmaS = sigmaS
				out = append(out, s)
			}
		}
		if len(out) == n {
			return place, out
		}
	}
}

func TestWhereSunDown(t *testing.T) {
	t.Parallel()
	night := []shadow.Sighting{sighting(at(t, "2024-12-21T22:00:00Z"), shadow.Observation{Ratio: measure(1, 0.1)})}
	ukraine := orb.MultiPolygon{orb.Bound{Min: orb.Point{22, 44}, Max: orb.Point{41, 53}}.ToPolygon()}
	if _, err := shadow.Where(night, shadow.WhereOptions{Area: ukraine}); !errors.Is(err, shadow.ErrNowhere) {
		t.Errorf("a shadow at midnight: %v", err)
	}
}

func BenchmarkWhereWorld(b *testing.B) {
	in := []shadow.Sighting{
		sighting(at(b, "2024-04-14T07:00:00Z"), shadow.Observation{Ratio: measure(0.85, 0.05)}),
		sighting(at(b, "2024-04-14T13:44:49Z"), shadow.Observation{Ratio: measure(0.45, 0.03)}),
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shadow.Where(in, shadow.WhereOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWhereOneRing(b *testing.B) {
	in := []shadow.Sighting{sighting(at(b, "2024-04-14T07:00:00Z"), shadow.Observation{Ratio: measure(0.85, 0.05)})}
	for b.Loop() {
		if _, err := shadow.Where(in, shadow.WhereOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
