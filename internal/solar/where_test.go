package solar_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

func checkPlaces(t *testing.T, name string, got []solar.Place, err error, want []solar.Place, tolerance float64) {
	t.Helper()
	if err != nil || len(got) != len(want) {
		t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
		return
	}
	for i := range got {
		if !near(got[i].LatDeg, want[i].LatDeg, tolerance) || !near(got[i].LonDeg, want[i].LonDeg, tolerance) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// TestPublishedPlaces are vectors to the digits printed; the angles are given to four digits, so the
// place is known to 0.0002 degrees. The first is topocentric; the moved ones were published for the
// centre of the Earth, like the pair of elevations.
func TestPublishedPlaces(t *testing.T) {
	t.Parallel()
	const parallax = 0.002443
	topocentric := func(deg float64) float64 { return deg - parallax*math.Cos(deg*math.Pi/180) }
	kyiv := solar.At(utc(t, "2024-07-08T07:40:00Z"))
	for _, c := range []struct {
		azimuth, elevation, lat, lon float64
		tolerance                    float64
	}{
		{121.8024, 50.4662, 50.44946, 30.48102, 0.0002},
		{122.8024, topocentric(50.4662), 50.9045, 30.9321, 0.0002},
		{121.8024, topocentric(51.4662), 49.4621, 31.3554, 0.0002},
	} {
		got, err := solar.PlacesByDirection(kyiv, c.azimuth, c.elevation)
		if len(got) == 2 {
			got = got[:1]
		}
		checkPlaces(t, "direction", got, err, []solar.Place{{LatDeg: c.lat, LonDeg: c.lon}}, c.tolerance)
	}
	morning, afternoon := solar.At(utc(t, "2024-04-14T07:00:00Z")), solar.At(utc(t, "2024-04-14T13:44:49Z"))
	got, err := solar.PlacesByElevations(morning, topocentric(40.2171), afternoon, topocentric(24.2418))
	checkPlaces(t, "two elevations", got, err, []solar.Place{
		{LatDeg: 48.59557, LonDeg: 37.99989}, {LatDeg: -19.13298, LonDeg: 33.80942},
	}, 0.0002)
	moved, err := solar.PlacesByElevations(morning, topocentric(41.2171), afternoon, topocentric(24.2418))
	if err != nil || len(moved) != 2 {
		t.Fatal(moved, err)
	}
	km := 111.195 * separation(moved[0].LonDeg, moved[0].LatDeg, 37.99989, 48.59557)
	if !near(km, 142, 1) {
		t.Errorf("one degree moves the place by %.1f km, want 142", km)
	}
}

func drawBody(t *rapid.T) (e solar.Ephemeris, tolerance float64) {
	when := drawTime(t)
	if rapid.Bool().Draw(t, "moon") {
		return solar.MoonAt(when).Ephemeris, 0.02
	}
	return solar.At(when), 0.00003
}

// TestPlacesByDirectionInvert: the place that a direction was computed for is among the answers, and
// every answer sees the body there.
func TestPlacesByDirectionInvert(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, _ := drawBody(t)
		lat, lon := rapid.Float64Range(-89, 89).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon")
		p := e.From(solar.SeaLevel(lat, lon))
		places, err := solar.PlacesByDirection(e, p.AzimuthDeg, p.ElevationDeg)
		if err != nil {
			t.Fatal(err)
		}
		nearest := math.Inf(1)
		for _, place := range places {
			back := e.From(solar.SeaLevel(place.LatDeg, place.LonDeg))
			off := separation(back.AzimuthDeg, back.ElevationDeg, p.AzimuthDeg, p.ElevationDeg)
			if !(off < 1e-5) && !edgeOfSolution(e, place) {
				t.Fatalf("%+v sees %+v, %.2g degrees off", place, back, off)
			}
			nearest = min(nearest, separation(place.LonDeg, place.LatDeg, lon, lat))
		}
		if nearest > 1e-4 && !edgeOfSolution(e, solar.Place{LatDeg: lat, LonDeg: lon}) {
			t.Fatalf("%+v misses %.5f %.5f by %.2g degrees", places, lat, lon, nearest)
		}
	})
}

// edgeOfSolution: the two places merge where the derivative of the direction vanishes, that is where
// moving north turns the azimuth as fast as it moves the body along the same line; next to the
// subsolar point and its antipode any place does.
func edgeOfSolution(e solar.Ephemeris, p solar.Place) bool {
	at := func(lat, lon float64) (x, y, z float64) {
		q := e.From(solar.SeaLevel(lat, lon))
		return unit(q.AzimuthDeg, q.ElevationDeg)
	}
	const step = 0.01
	x0, y0, z0 := at(p.LatDeg, p.LonDeg)
	x1, y1, z1 := at(p.LatDeg+step, p.LonDeg)
	x2, y2, z2 := at(p.LatDeg, p.LonDeg+step)
	ax, ay, az, bx, by, bz := x1-x0, y1-y0, z1-z0, x2-x0, y2-y0, z2-z0
	area := math.Sqrt(math.Pow(ay*bz-az*by, 2) + math.Pow(az*bx-ax*bz, 2) + math.Pow(ax*by-ay*bx, 2))
	perDegree := step * math.Pi / 180
	return area < 0.01*perDegree*perDegree
}

func TestPlacesByElevationsInvert(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first, tolerance := drawBody(t)
		second, other := drawBody(t)
		tolerance = max(tolerance, other)
		lat, lon := rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon")
		site := solar.SeaLevel(lat, lon)
		one, two := first.From(site).ElevationDeg, second.From(site).ElevationDeg
		lat1, lon1 := first.Subsolar()
		lat2, lon2 := second.Subsolar()
		apart := separation(lon1, lat1, lon2, lat2)
		places, err := solar.PlacesByElevations(first, one, second, two)
		aside := min(apart, 180-apart)
		if refused := err != nil; refused && aside > 0.00182 || !refused && aside < 0.00181 {
			t.Fatalf("%v for directions %g degrees apart", err, apart)
		}
		for _, p := range places {
			back := solar.SeaLevel(p.LatDeg, p.LonDeg)
			if !near(first.From(back).ElevationDeg, one, tolerance) || !near(second.From(back).ElevationDeg, two, tolerance) {
				t.Fatalf("%+v sees %.5f and %.5f, want %.5f and %.5f", p, first.From(back).ElevationDeg,
					second.From(back).ElevationDeg, one, two)
			}
		}
	})
}

func TestPlacesThatAreNone(t *testing.T) {
	t.Parallel()
	e := solar.At(date(2024, 12, 21))
	if got, err := solar.PlacesByDirection(e, 90, 0.1); err != nil || len(got) != 0 {
		t.Errorf("a solstice Sun due east on the horizon: %v, %v", got, err)
	}
	later := solar.At(date(2024, 12, 21).Add(6e13))
	if got, err := solar.PlacesByElevations(e, 89, later, 89); err != nil || len(got) != 0 {
		t.Errorf("two zeniths: %v, %v", got, err)
	}
	if _, err := solar.PlacesByElevations(e, 40, e, 40); err == nil {
		t.Error("one instant twice gave places")
	}
	nan := math.NaN()
	for _, bad := range [][2]float64{{nan, 10}, {math.Inf(1), 10}, {10, nan}, {10, 91}} {
		if got, err := solar.PlacesByDirection(e, bad[0], bad[1]); err == nil {
			t.Errorf("%v gave %v", bad, got)
		}
	}
	if _, err := solar.PlacesByDirection(solar.Ephemeris{}, 10, 10); err == nil {
		t.Error("an empty ephemeris gave places")
	}
	if _, err := solar.PlacesByElevations(e, 10, later, nan); err == nil {
		t.Error("NaN gave places")
	}
	if got := e.GeocentricElevation(nan); !math.IsNaN(got) {
		t.Errorf("NaN gave %g", got)
	}
}
