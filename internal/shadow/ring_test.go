package shadow_test

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
)

// TestBandHoldsWhatSeesTheSun draws bands and asks random places, poles and the antimeridian among them.
func TestBandHoldsWhatSeesTheSun(t *testing.T) {
	t.Parallel()
	boxes := []orb.Bound{shadow.World, {Min: orb.Point{20, 40}, Max: orb.Point{45, 55}}, {Min: orb.Point{-180, -90}, Max: orb.Point{-100, 90}}, {Min: orb.Point{150, 50}, Max: orb.Point{180, 90}}}
	rapid.Check(t, func(t *rapid.T) {
		sky := solar.At(time.Unix(rapid.Int64Range(1.4e9, 1.8e9).Draw(t, "unix"), 0))
		lo := rapid.Float64Range(-0.2, 85).Draw(t, "lo")
		hi := min(90, lo+rapid.Float64Range(0.2, 90).Draw(t, "width"))
		box := rapid.SampledFrom(boxes).Draw(t, "box")
		band, err := shadow.NewBand(sky, lo, hi, box)
		if err != nil {
			t.Fatal(err)
		}
		checkPolygons(t, band, box)
		for range 50 {
			p := orb.Point{
				rapid.Float64Range(box.Min[0], box.Max[0]).Draw(t, "lon"),
				rapid.Float64Range(box.Min[1], box.Max[1]).Draw(t, "lat"),
			}
			e := sky.From(solar.SeaLevel(p[1], p[0])).ApparentElevationDeg
			const slack = 0.02 // chords on the map
			if math.Abs(e-lo) < slack || math.Abs(e-hi) < slack || e < 0 && e > -1.2 {
				continue
			}
			if got, want := planar.MultiPolygonContains(band, p), e > lo && e < hi; got != want {
				t.Fatalf("%v at elevation %v: in band %v to %v: %v", p, e, lo, hi, got)
			}
		}
	})
}

func checkPolygons(t *rapid.T, mp orb.MultiPolygon, box orb.Bound) {
	for _, polygon := range mp {
		for i, ring := range polygon {
			if !ring.Closed() || len(ring) < 4 {
				t.Fatalf("ring %d is not closed: %v", i, ring)
			}
			if (ring.Orientation() == orb.CCW) != (i == 0) {
				t.Fatalf("ring %d turns the wrong way", i)
			}
			for k, p := range ring {
				if !box.Contains(p) {
					t.Fatalf("vertex %v leaves the box", p)
				}
				if k > 0 && math.Abs(p[0]-ring[k-1][0]) > 3 && p[1] != ring[k-1][1] {
					t.Fatalf("a line jumps from %v to %v", ring[k-1], p)
				}
			}
		}
	}
}

// BenchmarkPublishedRing is one ring of the whole world as `sun where` draws it, the ephemeris of its instant included.
func BenchmarkPublishedRing(b *testing.B) {
	t0 := time.Date(2024, 4, 14, 7, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shadow.RingLines(solar.At(t0), 40.2, shadow.World); err != nil {
			b.Fatal(err)
		}
	}
}

// TestRingLinesLieOnTheRing holds for every vertex, those on the sides of the box included.
func TestRingLinesLieOnTheRing(t *testing.T) {
	t.Parallel()
	boxes := []orb.Bound{shadow.World, {Min: orb.Point{20, 40}, Max: orb.Point{45, 55}}, {Min: orb.Point{-180, -90}, Max: orb.Point{10, 90}}}
	rapid.Check(t, func(t *rapid.T) {
		sky := solar.At(time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "unix"), 0))
		want := rapid.Float64Range(-0.2, 89.99).Draw(t, "elevation")
		box := rapid.SampledFrom(boxes).Draw(t, "box")
		lines, err := shadow.RingLines(sky, want, box)
		if err != nil {
			t.Fatal(err)
		}
		length := 0.0
		for _, line := range lines {
			for i, p := range line {
				got := sky.From(solar.SeaLevel(p.Lat(), p.Lon())).ApparentElevationDeg
				if !box.Contains(p) || !(math.Abs(got-want) <= 3e-5) {
					t.Fatalf("at %v in %v the sun stands at %v, want %v", p, box, got, want)
				}
				if i > 0 {
					length += geo.DistanceHaversine(line[i-1], p)
				}
			}
		}
		circle := 2 * math.Pi * orb.EarthRadius * math.Cos(want*math.Pi/180)
		if box == shadow.World && math.Abs(length/circle-1) > 0.01 {
			t.Fatalf("lines of %.0f km, the circle has %.0f km", length/1e3, circle/1e3)
		}
	})
}

// TestBandVerticesSeeTheLimits: what is not a side of the box is one of the two rings.
func TestBandVerticesSeeTheLimits(t *testing.T) {
	t.Parallel()
	sky := solar.At(time.Date(2024, 4, 14, 7, 0, 0, 0, time.UTC))
	box := orb.Bound{Min: orb.Point{22, 44}, Max: orb.Point{41, 53}}
	band, err := shadow.NewBand(sky, 35, 37, box)
	if err != nil || len(band) == 0 {
		t.Fatal(band, err)
	}
	onRings := 0
	for _, p := range vertices(band) {
		e := sky.From(solar.SeaLevel(p.Lat(), p.Lon())).ApparentElevationDeg
		switch corner := (p[0] == 22 || p[0] == 41) && (p[1] == 44 || p[1] == 53); {
		case math.Min(math.Abs(e-35), math.Abs(e-37)) <= 3e-5:
			onRings++
		case !corner:
			t.Errorf("%v sees the sun at %v", p, e)
		}
	}
	if onRings < 20 {
		t.Errorf("%d vertices lie on the rings", onRings)
	}
}

func TestRingLimits(t *testing.T) {
	t.Parallel()
	sky := solar.At(time.Date(2024, 4, 14, 7, 0, 0, 0, time.UTC))
	for name, call := range map[string]func() error{
		"below the horizon": func() error { _, err := shadow.RingLines(sky, -1, shadow.World); return err },
		"beyond the zenith": func() error { _, err := shadow.RingLines(sky, 91, shadow.World); return err },
		"NaN":               func() error { _, err := shadow.RingLines(sky, math.NaN(), shadow.World); return err },
		"no ephemeris":      func() error { _, err := shadow.RingLines(solar.Ephemeris{}, 40, shadow.World); return err },
		"empty band":        func() error { _, err := shadow.NewBand(sky, 40, 40, shadow.World); return err },
		"NaN band":          func() error { _, err := shadow.NewBand(sky, math.NaN(), 40, shadow.World); return err },
		"box over 180": func() error {
			_, err := shadow.NewBand(sky, 30, 40, orb.Bound{Min: orb.Point{170, 0}, Max: orb.Point{190, 10}})
			return err
		},
		"box of nothing": func() error { _, err := shadow.RingLines(sky, 40, orb.Bound{}); return err },
	} {
		if call() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
