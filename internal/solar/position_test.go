package solar_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

func ExampleSun() {
	when := time.Date(2024, 7, 8, 7, 40, 0, 0, time.UTC)
	p := solar.Sun(when, 50.44946, 30.48102)
	fmt.Printf("azimuth %.4f, geometric elevation %.4f\n", p.AzimuthDeg, p.ElevationDeg)
	// Output: azimuth 121.8024, geometric elevation 50.4662
}

func drawTime(t *rapid.T) time.Time {
	from := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	to := time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	return time.Unix(0, rapid.Int64Range(from, to).Draw(t, "ns"))
}

func drawSite(t *rapid.T) solar.Site {
	return solar.Site{
		LatDeg:       rapid.Float64Range(-90, 90).Draw(t, "lat"),
		LonDeg:       rapid.Float64Range(-180, 180).Draw(t, "lon"),
		HeightM:      rapid.Float64Range(-400, 9000).Draw(t, "height"),
		PressureHPa:  rapid.Float64Range(300, 1080).Draw(t, "pressure"),
		TemperatureC: rapid.Float64Range(-60, 50).Draw(t, "temperature"),
	}
}

func TestLongitudeWraps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, site := solar.At(drawTime(t)), drawSite(t)
		want := e.From(site)
		site.LonDeg += 360 * float64(rapid.IntRange(-2, 2).Draw(t, "turns"))
		got := e.From(site)
		if sep := separation(got.AzimuthDeg, got.ElevationDeg, want.AzimuthDeg, want.ElevationDeg); !(sep < 1e-9) {
			t.Fatalf("%+v and %+v are %g deg apart", got, want, sep)
		}
	})
}

// TestSubsolarPoint: the Sun stands in the zenith of the subsolar point, whose geodetic latitude is
// not geocentric: the parallax on that difference is under 1e-5 degrees.
func TestSubsolarPoint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := solar.At(drawTime(t))
		lat, lon := e.Subsolar()
		if got := e.From(solar.SeaLevel(lat, lon)).ElevationDeg; !near(got, 90, 1e-5) {
			t.Fatalf("elevation %.7f at the subsolar point %.4f %.4f", got, lat, lon)
		}
		if lon < -180 || lon >= 180 {
			t.Fatalf("longitude %g", lon)
		}
	})
}

// TestSubsolarDistance: elsewhere the angle from the subsolar point gives the elevation, but for a
// parallax of 0.002443 degrees. This is another derivation of the same angle.
func TestSubsolarDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, site := solar.At(drawTime(t)), drawSite(t)
		site.HeightM = 0
		lat, lon := e.Subsolar()
		zenith := separation(lon, lat, site.LonDeg, site.LatDeg)
		want := 90 - zenith - 8.794/3600/e.DistanceAU()*math.Sin(zenith*math.Pi/180)
		if got := e.From(site).ElevationDeg; !near(got, want, 3e-5) {
			t.Fatalf("elevation %.6f, want %.6f", got, want)
		}
	})
}

// TestTwoElevations is a published pair: geocentric elevations at Bakhmut.
func TestTwoElevations(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]float64{
		"2024-04-14T07:00:00Z": 40.2171, "2024-04-14T13:44:49Z": 24.2418,
	} {
		lat, lon := solar.At(utc(t, when)).Subsolar()
		if got := 90 - separation(lon, lat, 37.99989, 48.59557); !near(got, want, 1e-4) {
			t.Errorf("%s: elevation %.4f, want %.4f", when, got, want)
		}
	}
}

func TestPositionStaysInRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		site := drawSite(t)
		site.LatDeg = rapid.OneOf(rapid.Just(90.0), rapid.Just(-90.0), rapid.Just(0.0), rapid.Just(site.LatDeg)).Draw(t, "pole")
		p := solar.At(drawTime(t)).From(site)
		if !(p.AzimuthDeg >= 0 && p.AzimuthDeg < 360) || !(math.Abs(p.ElevationDeg) <= 90) {
			t.Fatalf("%+v", p)
		}
	})
}

func TestRefraction(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := solar.At(drawTime(t)).From(drawSite(t))
		switch bend := p.ApparentElevationDeg - p.ElevationDeg; {
		case p.ElevationDeg < solar.HorizonDeg && bend != 0:
			t.Fatalf("refracted below the horizon: %+v", p)
		case p.ElevationDeg >= solar.HorizonDeg && p.ElevationDeg < 89 && !(bend > 0 && bend < 1.5):
			t.Fatalf("refracted by %g: %+v", bend, p)
		}
	})
}

func TestApparentElevationRises(t *testing.T) {
	t.Parallel()
	last := math.Inf(-1)
	for i := -9000; i <= 9000; i++ {
		got := solar.ApparentElevation(float64(i)/100, 1010, 10)
		if !(got > last) {
			t.Fatalf("apparent elevation %g at %g, %g before", got, float64(i)/100, last)
		}
		last = got
	}
}

func TestNoAtmosphere(t *testing.T) {
	t.Parallel()
	p := solar.At(utc(t, "2024-12-21T13:00:00Z")).From(solar.Site{LatDeg: 48, LonDeg: 37.8})
	if p.ApparentElevationDeg != p.ElevationDeg || !(p.ElevationDeg > 0.5) {
		t.Errorf("%+v: want no refraction above the horizon", p)
	}
}

// TestHeight: a site 9,000 m up sees the Sun lower by 9/6378 of the horizontal parallax.
func TestHeight(t *testing.T) {
	t.Parallel()
	e := solar.At(utc(t, "2024-03-20T05:00:00Z"))
	low := e.From(solar.Site{LatDeg: 48, LonDeg: 37.8})
	high := e.From(solar.Site{LatDeg: 48, LonDeg: 37.8, HeightM: 9000})
	want := 8.794 / 3600 * 9000 / 6378140 * math.Cos(low.ElevationDeg*math.Pi/180)
	if got := low.ElevationDeg - high.ElevationDeg; !near(got, want, 1e-7) {
		t.Errorf("lower by %g, want %g", got, want)
	}
}

func TestUnanswerable(t *testing.T) {
	t.Parallel()
	when := time.Date(2024, 7, 8, 7, 40, 0, 0, time.UTC)
	nan, inf := math.NaN(), math.Inf(1)
	for name, p := range map[string]solar.Position{
		"latitude beyond the pole": solar.Sun(when, 90.0001, 0),
		"latitude NaN":             solar.Sun(when, nan, 0),
		"longitude NaN":            solar.Sun(when, 50, nan),
		"longitude infinite":       solar.Sun(when, 50, inf),
		"height NaN":               solar.At(when).From(solar.Site{LatDeg: 50, HeightM: nan}),
		"delta-T NaN":              solar.AtDeltaT(when, nan).From(solar.SeaLevel(50, 30)),
		"zero ephemeris":           solar.Ephemeris{}.From(solar.SeaLevel(50, 30)),
		"year 9999":                solar.Sun(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), 50, 30),
		"year -2500":               solar.Sun(time.Date(-2500, 1, 1, 0, 0, 0, 0, time.UTC), 50, 30),
		"time beyond int64":        solar.Sun(time.Unix(math.MinInt64, 0), 50, 30),
	} {
		if !math.IsNaN(p.AzimuthDeg) || !math.IsNaN(p.ElevationDeg) || !math.IsNaN(p.ApparentElevationDeg) {
			t.Errorf("%s: %+v, want NaN", name, p)
		}
	}
	for _, site := range []solar.Site{{PressureHPa: -1}, {PressureHPa: nan}, {TemperatureC: -273}, {TemperatureC: nan}} {
		p := solar.At(when).From(site)
		if !math.IsNaN(p.ApparentElevationDeg) || math.IsNaN(p.ElevationDeg) {
			t.Errorf("%+v: %+v, want only the apparent elevation NaN", site, p)
		}
	}
	if lat, lon := (solar.Ephemeris{}).Subsolar(); !math.IsNaN(lat) || !math.IsNaN(lon) {
		t.Errorf("zero ephemeris has the subsolar point %g %g", lat, lon)
	}
}

func TestZoneOfTheTimeIsIgnored(t *testing.T) {
	t.Parallel()
	when := time.Date(2024, 7, 8, 7, 40, 0, 0, time.UTC)
	local := when.In(time.FixedZone("EEST", 3*3600))
	if a, b := solar.Sun(when, 50, 30), solar.Sun(local, 50, 30); a != b {
		t.Errorf("%+v in UTC, %+v in local time", a, b)
	}
}

// TestFractionOfASecond: half a second turns the Earth by 7.52 arcseconds.
func TestFractionOfASecond(t *testing.T) {
	t.Parallel()
	when := time.Date(2024, 7, 8, 7, 40, 0, 0, time.UTC)
	turned := solar.At(when.Add(500*time.Millisecond)).SiderealDeg() - solar.At(when).SiderealDeg()
	if want := 360.98564736629 * 0.5 / 86400; !near(turned, want, 1e-8) {
		t.Errorf("turned by %.9f deg, want %.9f", turned, want)
	}
}

func TestAllocatesNothing(t *testing.T) {
	when, site := time.Date(2024, 7, 8, 7, 40, 0, 0, time.UTC), solar.SeaLevel(50, 30)
	e := solar.At(when)
	var sink solar.Position
	for name, f := range map[string]func(){
		"Sun":            func() { sink = solar.Sun(when, 50, 30) },
		"From":           func() { sink = e.From(site) },
		"ElevationRange": func() { sink.ElevationDeg, _ = solar.ElevationRange(when, when.Add(24*time.Hour), 50, 30) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %g times (%+v)", name, n, sink)
		}
	}
}

func BenchmarkSun(b *testing.B) {
	when := time.Date(2024, 7, 8, 7, 40, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		solar.Sun(when, 50, 30)
	}
}

func BenchmarkFrom(b *testing.B) {
	e, site := solar.At(time.Date(2024, 7, 8, 7, 40, 0, 0, time.UTC)), solar.SeaLevel(50, 30)
	b.ReportAllocs()
	for b.Loop() {
		e.From(site)
	}
}

func BenchmarkElevationRangeDay(b *testing.B) {
	from := time.Date(2024, 7, 8, 7, 40, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		solar.ElevationRange(from, from.Add(24*time.Hour), 50, 30)
	}
}

// TestMovedWithTheEarth: where the Earth has turned a place to, the Sun stands as it stood, but for its
// own drift of declination (at most 0.0165 degrees an hour) and a matching share of the parallax.
func TestMovedWithTheEarth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := drawTime(t)
		minutes := rapid.Float64Range(0, 60).Draw(t, "minutes")
		before, after := solar.At(first), solar.At(first.Add(time.Duration(minutes*float64(time.Minute))))
		lat, lon := rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon")
		_, lon1 := before.Subsolar()
		_, lon2 := after.Subsolar()
		a := before.From(solar.SeaLevel(lat, lon)).ElevationDeg
		b := after.From(solar.SeaLevel(lat, lon+lon2-lon1)).ElevationDeg
		drift := math.Abs(after.DeclinationDeg() - before.DeclinationDeg())
		if drift > 0.0166 || !near(a, b, drift+1e-6) {
			t.Fatalf("%.6f and %.6f, declination moved %.6f", a, b, drift)
		}
	})
}
