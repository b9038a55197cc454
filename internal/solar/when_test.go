package solar_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

func inBand(b *solar.Band, deg float64) bool { return b == nil || deg >= b.MinDeg && deg <= b.MaxDeg }

func inAzimuths(b *solar.Band, deg float64) bool {
	if b == nil || b.MaxDeg-b.MinDeg >= 360 {
		return true
	}
	turn := func(x float64) float64 { return math.Mod(math.Mod(x, 360)+360, 360) }
	return turn(deg-b.MinDeg) <= turn(b.MaxDeg-b.MinDeg)
}

func holds(windows []solar.Window, ms int64) (inside, nearEdge bool) {
	for _, w := range windows {
		inside = inside || ms >= w.Lo && ms < w.Hi
		nearEdge = nearEdge || max(ms-w.Lo, w.Lo-ms) < 500 || max(ms-w.Hi, w.Hi-ms) < 500
	}
	return inside, nearEdge
}

func drawBands(t *rapid.T) solar.Sight {
	var seen solar.Sight
	kind := rapid.IntRange(1, 3).Draw(t, "kind")
	if kind&1 != 0 {
		low := rapid.Float64Range(-90, 89).Draw(t, "low")
		seen.Elevation = &solar.Band{MinDeg: low, MaxDeg: rapid.Float64Range(low+0.01, 90).Draw(t, "high")}
	}
	if kind&2 != 0 {
		left := rapid.OneOf(rapid.Float64Range(-180, 360), rapid.Just(0.0), rapid.Just(180.0)).Draw(t, "left")
		width := rapid.OneOf(rapid.Float64Range(0.1, 359.9), rapid.Float64Range(176, 184), rapid.Just(180.0)).Draw(t, "width")
		seen.Azimuth = &solar.Band{MinDeg: left, MaxDeg: left + width}
	}
	return seen
}

// TestWhensAgainstScan: every minute of some days is inside or outside as the full algorithm says,
// in the tropics, at the poles and elsewhere.
func TestWhensAgainstScan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := drawTime(t)
		to := from.Add(50 * time.Hour)
		site := drawSite(t)
		site.LatDeg = rapid.OneOf(rapid.Just(site.LatDeg), rapid.Float64Range(-25, 25),
			rapid.Float64Range(89.5, 90), rapid.SampledFrom([]float64{0, 90, -90})).Draw(t, "special")
		seen := drawBands(t)
		table, err := solar.NewTable(from, to)
		if err != nil {
			t.Fatal(err)
		}
		windows, err := table.Whens(from, to, site, seen)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range windows {
			if w.Lo >= w.Hi || w.Lo < from.UnixMilli() || w.Hi > to.UnixMilli()+1 || i > 0 && w.Lo <= windows[i-1].Hi {
				t.Fatalf("windows %v", windows)
			}
		}
		for at := from; at.Before(to); at = at.Add(time.Minute) {
			p := solar.At(at).From(site)
			want := inBand(seen.Elevation, p.ElevationDeg) && inAzimuths(seen.Azimuth, p.AzimuthDeg)
			if got, edge := holds(windows, at.UnixMilli()); got != want && !edge && !closeCall(seen, p) {
				t.Fatalf("%s %+v: inside %v, want %v of %v", at, p, got, want, windows)
			}
		}
	})
}

// closeCall: within a ten-thousandth of a degree of an edge, where the body may linger.
func closeCall(seen solar.Sight, p solar.Position) bool {
	const enough = 1e-4
	if b := seen.Elevation; b != nil {
		if near(p.ElevationDeg, b.MinDeg, enough) || near(p.ElevationDeg, b.MaxDeg, enough) {
			return true
		}
	}
	if b := seen.Azimuth; b != nil {
		low := math.Abs(math.Remainder(p.AzimuthDeg-b.MinDeg, 360))
		high := math.Abs(math.Remainder(p.AzimuthDeg-b.MaxDeg, 360))
		return min(low, high)*math.Cos(p.ElevationDeg*math.Pi/180) < enough
	}
	return false
}

// TestPublishedWindows are minutes at 48 N 37.8 E in which the azimuth is within 5 degrees and the
// ratio of height to shadow within 10 % of the true ones, published to the minute.
func TestPublishedWindows(t *testing.T) {
	t.Parallel()
	site := solar.SeaLevel(48, 37.8)
	for _, c := range []struct {
		utc                  string
		azimuth, ratio, both float64
	}{
		{"2024-03-20T06:30:00Z", 42, 34 + 34, 34},
		{"2024-03-20T09:30:00Z", 30, 159, 30},
		{"2024-06-20T06:30:00Z", 41, 36 + 36, 36},
		{"2024-06-20T09:30:00Z", 18, 111, 18},
		{"2024-12-21T06:30:00Z", 49, 16 + 16, 16},
		{"2024-12-21T09:30:00Z", 42, 142, 42},
	} {
		when := utc(t, c.utc)
		from := when.Truncate(24 * time.Hour)
		table := mustTable(t, from, from.AddDate(0, 0, 1))
		p := solar.At(when).From(site)
		azimuth := &solar.Band{MinDeg: p.AzimuthDeg - 5, MaxDeg: p.AzimuthDeg + 5}
		ratio := math.Tan(p.ApparentElevationDeg * math.Pi / 180)
		elevation := &solar.Band{MinDeg: ofRatio(0.9 * ratio), MaxDeg: ofRatio(1.1 * ratio)}
		sun := &solar.Band{MinDeg: 0, MaxDeg: 90}
		for _, w := range []struct {
			name string
			seen solar.Sight
			want float64
		}{
			{"azimuth", solar.Sight{Azimuth: azimuth, Elevation: sun}, c.azimuth},
			{"ratio", solar.Sight{Elevation: elevation}, c.ratio},
			{"both", solar.Sight{Azimuth: azimuth, Elevation: elevation}, c.both},
		} {
			windows, err := table.Whens(from, from.AddDate(0, 0, 1), site, w.seen)
			if err != nil {
				t.Fatal(err)
			}
			var minutes float64
			for _, x := range windows {
				minutes += float64(x.Hi-x.Lo) / 60000
			}
			if !near(minutes, w.want, 1.5) {
				t.Errorf("%s %s: %.1f minutes, want %g: %v", c.utc, w.name, minutes, w.want, windows)
			}
		}
	}
}

// ofRatio is the geometric elevation that is seen at the apparent one of a ratio.
func ofRatio(ratio float64) float64 {
	lo, hi := 0.0, 90.0
	for range 60 {
		middle := (lo + hi) / 2
		if solar.ApparentElevation(middle, solar.StandardPressureHPa, solar.StandardTemperatureC) < math.Atan(ratio)*180/math.Pi {
			lo = middle
		} else {
			hi = middle
		}
	}
	return lo
}

func TestSolversRefuse(t *testing.T) {
	t.Parallel()
	from := date(2024, 7, 8)
	to := from.AddDate(0, 0, 2)
	table, kyiv, nan := mustTable(t, from, to), solar.SeaLevel(50.45, 30.52), math.NaN()
	band := func(lo, hi float64) *solar.Band { return &solar.Band{MinDeg: lo, MaxDeg: hi} }
	for name, c := range map[string]struct {
		from, to time.Time
		site     solar.Site
		seen     solar.Sight
	}{
		"before the table":    {from.Add(-time.Hour), to, kyiv, solar.Sight{}},
		"after the table":     {from, to.Add(time.Hour), kyiv, solar.Sight{}},
		"reversed":            {to, from, kyiv, solar.Sight{}},
		"latitude":            {from, to, solar.SeaLevel(90.1, 0), solar.Sight{}},
		"latitude NaN":        {from, to, solar.SeaLevel(nan, 0), solar.Sight{}},
		"longitude":           {from, to, solar.SeaLevel(0, math.Inf(1)), solar.Sight{}},
		"height":              {from, to, solar.Site{HeightM: nan}, solar.Sight{}},
		"height of an orbit":  {from, to, solar.Site{HeightM: 4e5}, solar.Sight{}},
		"elevation reversed":  {from, to, kyiv, solar.Sight{Elevation: band(10, 5)}},
		"elevation empty":     {from, to, kyiv, solar.Sight{Elevation: band(10, 10)}},
		"elevation beyond 90": {from, to, kyiv, solar.Sight{Elevation: band(10, 91)}},
		"elevation NaN":       {from, to, kyiv, solar.Sight{Elevation: band(nan, 5)}},
		"azimuth NaN":         {from, to, kyiv, solar.Sight{Azimuth: band(0, nan)}},
		"azimuth empty":       {from, to, kyiv, solar.Sight{Azimuth: band(10, 10)}},
		"azimuth beyond":      {from, to, kyiv, solar.Sight{Azimuth: band(10, 1e9)}},
	} {
		if w, err := table.Whens(c.from, c.to, c.site, c.seen); err == nil || w != nil {
			t.Errorf("%s: %v, %v", name, w, err)
		}
	}
	if w, err := table.Whens(from, to, kyiv, solar.Sight{}); err != nil || len(w) != 1 ||
		w[0] != (solar.Window{Lo: from.UnixMilli(), Hi: to.UnixMilli()}) {
		t.Errorf("nothing seen: %v, %v; want the whole range", w, err)
	}
	if w, err := table.Whens(from, from, kyiv, solar.Sight{}); err != nil || len(w) != 0 {
		t.Errorf("empty range: %v, %v", w, err)
	}
	turns := solar.SeaLevel(50.45, 30.52+360*1e12)
	if w, err := table.Whens(from, to, turns, solar.Sight{Elevation: band(0, 90)}); err != nil || len(w) < 2 {
		t.Errorf("a longitude full turns away: %v, %v", w, err)
	}
	var none *solar.Table
	if _, err := none.Whens(from, to, kyiv, solar.Sight{}); err == nil {
		t.Error("a nil table answered")
	}
	for _, elevation := range []float64{90, -90, nan, 91} {
		if _, err := table.Crossings(from, to, kyiv, elevation); err == nil {
			t.Errorf("crossings of %g answered", elevation)
		}
	}
	if _, err := table.Transits(from, to, nan); err == nil {
		t.Error("transits at NaN answered")
	}
}

// BenchmarkPublishedYear is a year of one place: azimuth 150 +-5, elevation 21 +-2.
func BenchmarkPublishedYear(b *testing.B) {
	from := date(2024, 1, 1)
	to := from.AddDate(1, 0, 0)
	table, site := mustTable(b, from, to), solar.SeaLevel(48.5956, 37.9999)
	elevation, azimuth := &solar.Band{MinDeg: 19, MaxDeg: 23}, &solar.Band{MinDeg: 145, MaxDeg: 155}
	for _, c := range []struct {
		name string
		seen solar.Sight
	}{
		{"elevation", solar.Sight{Elevation: elevation}},
		{"azimuth", solar.Sight{Azimuth: azimuth}},
		{"both", solar.Sight{Elevation: elevation, Azimuth: azimuth}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := table.Whens(from, to, site, c.seen); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A shadow pointing to 330 degrees, with a length that fits an elevation of 20 to 22, at Bakhmut.
func ExampleTable_Whens() {
	from := time.Date(2024, 11, 3, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 1)
	table, err := solar.NewTable(from, to)
	if err != nil {
		fmt.Println(err)
		return
	}
	windows, err := table.Whens(from, to, solar.SeaLevel(48.5956, 37.9999), solar.Sight{
		Elevation: &solar.Band{
			MinDeg: 20 - 0.0458, // refraction lifts them
			MaxDeg: 22 - 0.0414,
		},
		Azimuth: &solar.Band{MinDeg: 145, MaxDeg: 155},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range windows {
		fmt.Println(time.UnixMilli(w.Lo).UTC().Format(time.TimeOnly), time.UnixMilli(w.Hi).UTC().Format(time.TimeOnly))
	}
	// Output: 07:01:42 07:25:37
}

// BenchmarkPublishedSun is one position of the Sun: with the time part from a shared table, and all of it.
func BenchmarkPublishedSun(b *testing.B) {
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	table, err := solar.NewTable(from, from.AddDate(1, 0, 0))
	if err != nil {
		b.Fatal(err)
	}
	site, sum := solar.SeaLevel(48.5956, 37.9999), 0.0
	b.Run("table", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			e, _ := table.At(from.Add(time.Duration(i%8000) * time.Hour))
			sum += e.From(site).ElevationDeg
		}
	})
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			sum += solar.Sun(from.Add(time.Duration(i%8000)*time.Hour), 48.5956, 37.9999).ElevationDeg
		}
	})
	if math.IsNaN(sum) {
		b.Fatal("a position is not a number")
	}
}
