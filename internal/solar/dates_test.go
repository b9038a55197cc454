package solar_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

// TestPublishedDeclination is a vector to the digits printed.
func TestPublishedDeclination(t *testing.T) {
	t.Parallel()
	declination, hour := solar.DeclinationOf(48, 150, 35)
	if !near(declination, -2.7762, 5e-5) || !near(hour, -24.2084, 5e-5) {
		t.Errorf("declination %.5f, hour angle %.5f", declination, hour)
	}
	spring, autumn, ok := solar.SolarLongitudes(declination, 23.4385)
	if !ok || !near(spring, 353.006, 1e-3) || !near(autumn, 186.994, 1e-3) {
		t.Errorf("longitudes %.4f, %.4f, %v", spring, autumn, ok)
	}
}

// TestDeclinationInverts the forward computation; the flattening of the Earth is left out.
func TestDeclinationInverts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := solar.At(drawTime(t))
		lat, lon := rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon")
		p := e.From(solar.SeaLevel(lat, lon))
		declination, hour := solar.DeclinationOf(lat, p.AzimuthDeg, e.GeocentricElevation(p.ElevationDeg))
		want := e.SiderealDeg() + lon - e.RightAscensionDeg()
		if off := separation(hour, declination, want, e.DeclinationDeg()); !(off < 3e-5) {
			t.Fatalf("%.6f %.6f, want %.6f %.6f", declination, hour, e.DeclinationDeg(), want)
		}
	})
}

// TestPublishedDateWindows: azimuth within 3 and elevation within 2 degrees of the Sun at 08:00Z at 48 N
// 37.8 E leave windows of dates, published in days.
func TestPublishedDateWindows(t *testing.T) {
	t.Parallel()
	site := solar.SeaLevel(48, 37.8)
	for _, c := range []struct {
		centre string
		days   []float64
	}{
		{"2024-03-20", []float64{13, 13}},
		{"2024-05-05", []float64{18, 18}},
		{"2024-06-20", []float64{54}},
		{"2024-12-21", []float64{54}},
	} {
		when := utc(t, c.centre+"T08:00:00Z")
		p := solar.At(when).From(site)
		seen := solar.Sight{
			Azimuth:   &solar.Band{MinDeg: p.AzimuthDeg - 3, MaxDeg: p.AzimuthDeg + 3},
			Elevation: &solar.Band{MinDeg: p.ElevationDeg - 2, MaxDeg: p.ElevationDeg + 2},
		}
		band, err := solar.DeclinationBand(site.LatDeg, seen)
		if err != nil {
			t.Fatal(err)
		}
		from := when.AddDate(0, -3, 0)
		to := from.AddDate(1, 0, 0)
		windows, err := mustTable(t, from, to).DeclinationWindows(from, to, band)
		if err != nil {
			t.Fatal(err)
		}
		if inside, _ := holds(windows, when.UnixMilli()); !inside || len(windows) != len(c.days) {
			t.Errorf("%s: %v, want %v days", c.centre, windows, c.days)
			continue
		}
		for i, w := range windows {
			if days := float64(w.Hi-w.Lo) / 86400e3; !near(days, c.days[i], 1) {
				t.Errorf("%s: %.1f days, want %g", c.centre, days, c.days[i])
			}
		}
	}
}

func TestDeclinationWindowsAgainstScan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := drawTime(t)
		to := from.Add(time.Duration(rapid.IntRange(1, 500*24).Draw(t, "hours")) * time.Hour)
		low := rapid.Float64Range(-30, 29).Draw(t, "low")
		band := solar.Band{MinDeg: low, MaxDeg: rapid.Float64Range(low+0.001, 30).Draw(t, "high")}
		table, err := solar.NewTable(from, to)
		if err != nil {
			t.Fatal(err)
		}
		windows, err := table.DeclinationWindows(from, to, band)
		if err != nil {
			t.Fatal(err)
		}
		for at := from; at.Before(to); at = at.Add(7 * time.Hour) {
			d := solar.At(at).DeclinationDeg()
			inside, edge := holds(windows, at.UnixMilli())
			if want := inBand(&band, d); inside != want && !edge && !near(d, band.MinDeg, 1e-6) && !near(d, band.MaxDeg, 1e-6) {
				t.Fatalf("declination %.6f at %s: inside %v of %v", d, at, inside, windows)
			}
		}
	})
}

// TestDeclinationBandHoldsAll bodies of the bands, and is no wider than needed.
func TestDeclinationBandHoldsAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{-90, 0, 90})).Draw(t, "lat")
		seen := drawBands(t)
		band, err := solar.DeclinationBand(lat, seen)
		if err != nil {
			t.Fatal(err)
		}
		elevation, azimuth := solar.Band{MinDeg: -90, MaxDeg: 90}, solar.Band{MinDeg: 0, MaxDeg: 360}
		if seen.Elevation != nil {
			elevation = *seen.Elevation
		}
		if seen.Azimuth != nil {
			azimuth = *seen.Azimuth
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		const steps = 100
		for i := range steps + 1 {
			for j := range steps + 1 {
				az := azimuth.MinDeg + (azimuth.MaxDeg-azimuth.MinDeg)*float64(i)/steps
				el := elevation.MinDeg + (elevation.MaxDeg-elevation.MinDeg)*float64(j)/steps
				d, _ := solar.DeclinationOf(lat, az, el)
				lo, hi = min(lo, d), max(hi, d)
			}
		}
		if lo < band.MinDeg-1e-9 || hi > band.MaxDeg+1e-9 || lo > band.MinDeg+3 || hi < band.MaxDeg-3 {
			t.Fatalf("%+v, scan %g to %g", band, lo, hi)
		}
	})
}

func TestDatesRefuse(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, bad := range [][3]float64{{91, 0, 0}, {nan, 0, 0}, {0, nan, 0}, {0, 0, 91}, {0, 0, nan}} {
		if d, h := solar.DeclinationOf(bad[0], bad[1], bad[2]); !math.IsNaN(d) || !math.IsNaN(h) {
			t.Errorf("%v: %g %g", bad, d, h)
		}
	}
	for _, declination := range []float64{23.5, -24, nan} {
		if _, _, ok := solar.SolarLongitudes(declination, 23.4385); ok {
			t.Errorf("the Sun reached %g", declination)
		}
	}
	if _, err := solar.DeclinationBand(91, solar.Sight{}); err == nil {
		t.Error("latitude 91 answered")
	}
	if _, err := solar.DeclinationBand(48, solar.Sight{Elevation: &solar.Band{MinDeg: nan, MaxDeg: 3}}); err == nil {
		t.Error("a band of NaN answered")
	}
	from := date(2024, 1, 1)
	table := mustTable(t, from, from.AddDate(0, 1, 0))
	if _, err := table.DeclinationWindows(from, from.AddDate(0, 1, 0), solar.Band{MinDeg: 5, MaxDeg: nan}); err == nil {
		t.Error("a band to NaN answered")
	}
	if _, err := table.DeclinationWindows(from, from.AddDate(0, 2, 0), solar.Band{MinDeg: -30, MaxDeg: 30}); err == nil {
		t.Error("a range beyond the table answered")
	}
}
