package geo_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"whenwhere/internal/geo"
)

func dms(d, m, s float64) float64 { return math.Copysign(math.Abs(d)+m/60+s/3600, d) }

// Published: Flinders Peak - Buninyong on WGS 84 (GDA technical manual), the
// nearly antipodal pair of Vincenty and Karney ("Algorithms for geodesics",
// 2013, table), the pole to pole meridian, and a quarter of the equator.
func TestDistancePublished(t *testing.T) {
	t.Parallel()
	flinders := geo.LatLon{Lat: dms(-37, 57, 3.72030), Lon: dms(144, 25, 29.52440)}
	buninyong := geo.LatLon{Lat: dms(-37, 39, 10.15610), Lon: dms(143, 55, 35.38390)}
	for name, tc := range map[string]struct {
		a, b      geo.LatLon
		want, tol float64
	}{
		"Flinders Peak-Buninyong": {flinders, buninyong, 54972.271, 0.001},
		"pole to pole":            {geo.LatLon{Lat: -90}, geo.LatLon{Lat: 90}, 20003931.4586, 0.001},
		"antipodal on equator":    {geo.LatLon{}, geo.LatLon{Lon: 180}, 20003931.4586, 1},
		"nearly antipodal":        {geo.LatLon{}, geo.LatLon{Lat: 0.5, Lon: 179.7}, 19944127.421, 1},
		"nearly antipodal 2":      {geo.LatLon{}, geo.LatLon{Lat: 0.5, Lon: 179.5}, 19936288.579, 1},
		"equator":                 {geo.LatLon{}, geo.LatLon{Lon: 90}, 6378137 * math.Pi / 2, 0.001},
		"across the antimeridian": {geo.LatLon{Lon: 179.5}, geo.LatLon{Lon: -179.5}, 6378137 * math.Pi / 180, 0.001},
		"same":                    {flinders, flinders, 0, 0},
		"same, other name":        {geo.LatLon{Lat: 5, Lon: 180}, geo.LatLon{Lat: 5, Lon: -180}, 0, 1e-6},
	} {
		if got := geo.DistanceM(tc.a, tc.b); math.Abs(got-tc.want) > tc.tol {
			t.Errorf("%s: %.4f m, want %.4f", name, got, tc.want)
		}
	}
	az, ok := geo.AzimuthDeg(flinders, buninyong)
	if want := dms(306, 52, 5.37); !ok || math.Abs(az-want) > 1e-5 {
		t.Errorf("azimuth %.6f, want %.6f", az, want)
	}
	got := geo.Destination(flinders, dms(306, 52, 5.37), 54972.271)
	if math.Abs(got.Lat-buninyong.Lat) > 1e-8 || math.Abs(got.Lon-buninyong.Lon) > 1e-8 {
		t.Errorf("destination %v, want %v", got, buninyong)
	}
}

func place(t *rapid.T, label string) geo.LatLon {
	return geo.LatLon{
		Lat: rapid.Float64Range(-89, 89).Draw(t, label+" lat"),
		Lon: rapid.Float64Range(-180, 180).Draw(t, label+" lon"),
	}
}

func TestDistanceProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := place(t, "a"), place(t, "b")
		d := geo.DistanceM(a, b)
		if back := geo.DistanceM(b, a); math.Abs(d-back) > 1 {
			t.Fatalf("there %v, back %v", d, back)
		}
		// The sphere is an independent witness within 0.6 %.
		if s := sphereM(a, b); math.Abs(d-s) > 0.006*s+1e-6 {
			t.Fatalf("%v m, on the sphere %v m", d, s)
		}
		az := rapid.Float64Range(0, 360).Draw(t, "azimuth")
		reach := rapid.Float64Range(0, 1e7).Draw(t, "reach")
		if got := geo.DistanceM(a, geo.Destination(a, az, reach)); math.Abs(got-reach) > 0.002 {
			t.Fatalf("destination at %v m lies at %v m", reach, got)
		}
	})
}

func sphereM(a, b geo.LatLon) float64 {
	const r = math.Pi / 180
	h := math.Pow(math.Sin((b.Lat-a.Lat)*r/2), 2) + math.Cos(a.Lat*r)*math.Cos(b.Lat*r)*math.Pow(math.Sin((b.Lon-a.Lon)*r/2), 2)
	return 2 * 6371008.8 * math.Asin(math.Min(1, math.Sqrt(h)))
}

func box(w, s, e, n float64) orb.Polygon {
	return orb.Polygon{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}
}

func region(t interface{ Fatal(...any) }, shapes ...orb.MultiPolygon) *geo.Region {
	r, err := geo.NewRegion(shapes...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// blob draws a simple polygon around (48 N, 37 E), one vertex per bearing.
func blob(t *rapid.T) orb.Polygon {
	radii := rapid.SliceOfN(rapid.Float64Range(0.05, 1.5), 3, 40).Draw(t, "radii")
	ring := make(orb.Ring, 0, len(radii)+1)
	for i, r := range radii {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(len(radii)))
		ring = append(ring, orb.Point{37 + r*c, 48 + r*s})
	}
	return orb.Polygon{append(ring, ring[0])}
}

func near(t *rapid.T) geo.LatLon {
	return geo.LatLon{Lat: rapid.Float64Range(46.2, 49.8).Draw(t, "lat"), Lon: rapid.Float64Range(35, 39).Draw(t, "lon")}
}

func TestIndependentOfRingStartWindingAndOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, p := blob(t), box(37.5, 47, 38.5, 48), near(t)
		want := region(t, orb.MultiPolygon{a}, orb.MultiPolygon{b})
		open := a[0][:len(a[0])-1]
		k := rapid.IntRange(0, len(open)-1).Draw(t, "start")
		turned := append(append(orb.Ring{}, open[k:]...), open[:k+1]...)
		if k == 0 {
			turned = a[0].Clone()
		}
		if rapid.Bool().Draw(t, "reverse") {
			turned.Reverse()
		}
		got := region(t, orb.MultiPolygon{b}, orb.MultiPolygon{{turned}})
		d1, d2 := want.SignedDistanceM(p), got.SignedDistanceM(p)
		if want.Contains(p) != got.Contains(p) || math.Abs(d1-d2) > 1e-3 {
			t.Fatalf("%v: %v m and %v m", p, d1, d2)
		}
	})
}

// The sign changes exactly at the boundary: on an edge the distance is 0, a
// metre to either side it is about a metre with opposite signs.
func TestSignChangesAtTheBoundary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		poly := blob(t)
		r := region(t, orb.MultiPolygon{poly})
		i := rapid.IntRange(1, len(poly[0])-1).Draw(t, "edge")
		f := rapid.Float64Range(0.3, 0.7).Draw(t, "fraction")
		a, b := poly[0][i-1], poly[0][i]
		mid := geo.LatLon{Lat: a[1] + f*(b[1]-a[1]), Lon: a[0] + f*(b[0]-a[0])}
		if d := r.SignedDistanceM(mid); math.Abs(d) > 1e-3 {
			t.Fatalf("on the edge: %v m", d)
		}
		az, _ := geo.AzimuthDeg(geo.LatLon{Lat: a[1], Lon: a[0]}, geo.LatLon{Lat: b[1], Lon: b[0]})
		// Rings run counter-clockwise, so the inside is on the left.
		in := r.SignedDistanceM(geo.Destination(mid, az-90, 10))
		out := r.SignedDistanceM(geo.Destination(mid, az+90, 10))
		if in >= 0 || out <= 0 || in < -10.5 || out > 10.5 {
			t.Fatalf("10 m left %v m, 10 m right %v m", in, out)
		}
	})
}

// A second method: walk every edge in steps of at most 200 m and take the
// nearest geodesic. It can only be longer, by little.
func TestDistanceAgainstBruteForce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		poly, p := blob(t), near(t)
		got := math.Abs(region(t, orb.MultiPolygon{poly}).SignedDistanceM(p))
		want := math.Inf(1)
		for i := 1; i < len(poly[0]); i++ {
			a, b := poly[0][i-1], poly[0][i]
			const n = 400
			for k := range n {
				f := float64(k) / n
				want = math.Min(want, geo.DistanceM(p, geo.LatLon{Lat: a[1] + f*(b[1]-a[1]), Lon: a[0] + f*(b[0]-a[0])}))
			}
		}
		if got > want*1.001+0.01 || got < want*0.999-600 {
			t.Fatalf("%v: %v m, brute force %v m", p, got, want)
		}
	})
}

// The nearest point of a long east-west edge is found on the line that is
// straight in degrees, 218 m away from the great circle over 100 km.
func TestLongEdge(t *testing.T) {
	t.Parallel()
	r := region(t, orb.MultiPolygon{box(36, 47, 38, 49)})
	p := geo.LatLon{Lat: 49.5, Lon: 37}
	want := geo.DistanceM(p, geo.LatLon{Lat: 49, Lon: 37})
	if got := r.SignedDistanceM(p); math.Abs(got-want) > 0.001*want {
		t.Errorf("%v m, want %v", got, want)
	}
	if got := r.SignedDistanceM(geo.LatLon{Lat: 49, Lon: 37.123}); got != 0 {
		t.Errorf("on the edge: %v m", got)
	}
}

func TestSeamsAreNotBoundary(t *testing.T) {
	t.Parallel()
	// +---+---+   left and right share an edge at 37 E; the
	// | L | R |   third box lies over the seam with other corners.
	// +---+---+
	parts := []orb.MultiPolygon{{box(36, 47, 37, 49)}, {box(37, 47, 38, 49)}, {box(36.5, 47.5, 37.5, 48)}}
	p := geo.LatLon{Lat: 48, Lon: 36.999}
	want := region(t, orb.MultiPolygon{box(36, 47, 38, 49)}).SignedDistanceM(p)
	if got := region(t, parts...).SignedDistanceM(p); math.Abs(got-want) > 0.01 || got > -70_000 {
		t.Errorf("%v m beside the seam, want %v", got, want)
	}
	// Shared over a part of the edge only: the rest stays boundary.
	r := region(t, orb.MultiPolygon{box(36, 47, 37, 49)}, orb.MultiPolygon{box(37, 47, 38, 48)})
	if got := r.SignedDistanceM(geo.LatLon{Lat: 48.5, Lon: 36.99}); got > -700 || got < -800 {
		t.Errorf("beside the open half: %v m", got)
	}
	if got := r.SignedDistanceM(geo.LatLon{Lat: 47.5, Lon: 36.99}); got > -55_000 {
		t.Errorf("beside the shared half: %v m", got)
	}
}

// Two boxes with a gap at 37 E: its edges are no boundary while it is narrow,
// straight or in a wedge, and whatever corners stand in it.
func TestGapsAreNotBoundary(t *testing.T) {
	t.Parallel()
	const mPerDeg = 74_600 // of longitude at 48 N, within 1 %
	whole := region(t, orb.MultiPolygon{box(36, 47, 38, 49)})
	inside := geo.LatLon{Lat: 48, Lon: 36.99}
	for _, gapM := range []float64{1, 100, 230, 280, 1000} {
		east := 37 + gapM/mPerDeg
		jagged := orb.Polygon{{{east, 47}, {38, 47}, {38, 49}, {east, 49}, {east, 48.3}, {east - gapM/mPerDeg/3, 48.3}, {east, 48.2}, {east, 47}}}
		for name, second := range map[string]orb.Polygon{"straight": box(east, 47, 38, 49), "jagged": jagged} {
			r := region(t, orb.MultiPolygon{box(36, 47, 37, 49)}, orb.MultiPolygon{second})
			want := whole.SignedDistanceM(inside)
			if gapM > 250 {
				want = -0.01 * mPerDeg
			}
			if got := r.SignedDistanceM(inside); math.Abs(got-want) > 0.01*math.Abs(want) {
				t.Errorf("%s, %v m: %v m beside the gap, want %v", name, gapM, got, want)
			}
			// In the gap nothing is drawn; held ground is near on both sides.
			middle := geo.LatLon{Lat: 47.5, Lon: 37 + gapM/mPerDeg/2}
			if got := r.SignedDistanceM(middle); r.Contains(middle) || math.Abs(got-gapM/2) > 0.02*gapM {
				t.Errorf("%s, %v m: in the middle of the gap %v m, held %v", name, gapM, got, r.Contains(middle))
			}
		}
	}
}

// A gap that opens into a bay is a seam to where it is 250 m wide (the edge is
// judged by its middle, so at most to twice that) and boundary from there on;
// a notch or hole of one polygon is as drawn, and so is an island's far side.
func TestWhatIsNoGap(t *testing.T) {
	t.Parallel()
	bay := orb.Polygon{{{37.0002, 47}, {38, 47}, {38, 49}, {37.5, 49}, {37.0001, 47.8}, {37.0002, 47}}}
	r := region(t, orb.MultiPolygon{box(36, 47, 37, 49)}, orb.MultiPolygon{bay})
	if got := r.SignedDistanceM(geo.LatLon{Lat: 47.5, Lon: 36.99}); got > -30_000 {
		t.Errorf("beside the gap %v m", got)
	}
	if got := r.SignedDistanceM(geo.LatLon{Lat: 48.5, Lon: 36.99}); got < -800 {
		t.Errorf("beside the bay %v m", got)
	}
	holed := append(box(36, 47, 38, 49), box(37, 48, 37.001, 48.001)[0])
	beside := orb.Polygon{{{36.1, 48.99}, {37.99, 48.99}, {37.99, 47.2}, {36.1, 48.99}}} // its box holds the hole
	if got := region(t, orb.MultiPolygon{holed, beside}).SignedDistanceM(geo.LatLon{Lat: 48, Lon: 36.99}); got < -800 {
		t.Errorf("beside a hole %v m", got)
	}
	island := region(t, orb.MultiPolygon{box(36, 47, 37, 49)}, orb.MultiPolygon{box(37.001, 47.9, 37.01, 48.1)})
	if got := island.SignedDistanceM(geo.LatLon{Lat: 48, Lon: 37.012}); got < 140 || got > 160 {
		t.Errorf("%v m off an island", got)
	}
}

func TestHolesAndOverlaps(t *testing.T) {
	t.Parallel()
	donut := append(box(36, 47, 38, 49), box(36.5, 47.5, 37.5, 48.5)[0])
	r := region(t, orb.MultiPolygon{donut, box(36.9, 47.9, 37.1, 48.1)})
	for p, in := range map[geo.LatLon]bool{
		{Lat: 47.2, Lon: 36.2}: true, {Lat: 47.7, Lon: 36.7}: false, {Lat: 48, Lon: 37}: true,
		{Lat: 50, Lon: 37}: false, {Lat: 47.5, Lon: 37}: true, {Lat: 49, Lon: 38}: true,
	} {
		if r.Contains(p) != in {
			t.Errorf("contains %v = %v", p, !in)
		}
	}
	if got := fmt.Sprint(r.Row(48)); got != "[{36 36.5} {36.9 37.1} {37.5 38}]" {
		t.Errorf("row %s", got)
	}
	if _, err := geo.NewRegion(); !errors.Is(err, geo.ErrNoPolygon) {
		t.Errorf("empty region: %v", err)
	}
}

// The ray of the even-odd rule runs through corners: each counts once or twice
// as it must, never by chance.
func TestRayThroughCorners(t *testing.T) {
	t.Parallel()
	//     /\      a diamond with corners W, S, E, N and a
	//    /  \/\   smaller one that touches it at E, where
	//    \  /\/   the parallel 48 passes three corners
	//     \/
	r := region(t, orb.MultiPolygon{
		{{{36, 48}, {37, 47}, {38, 48}, {37, 49}, {36, 48}}},
		{{{38, 48}, {38.5, 47.5}, {39, 48}, {38.5, 48.5}, {38, 48}}},
	})
	for lon, in := range map[float64]bool{35.5: false, 36: true, 36.5: true, 37.9: true, 38: true, 38.1: true, 39: true, 39.1: false} {
		if r.Contains(geo.LatLon{Lat: 48, Lon: lon}) != in {
			t.Errorf("48 N, %g E: contains = %v", lon, !in)
		}
	}
	for _, lat := range []float64{47, 49} { // beside the lowest and highest corner
		if r.Contains(geo.LatLon{Lat: lat, Lon: 36.5}) || !r.Contains(geo.LatLon{Lat: lat, Lon: 37}) {
			t.Errorf("corner at %g N", lat)
		}
	}
	steps := region(t, orb.MultiPolygon{{{{36, 47}, {38, 47}, {38, 48}, {37, 48}, {37, 49}, {36, 49}, {36, 47}}}})
	for p, in := range map[geo.LatLon]bool{{Lat: 48, Lon: 36.5}: true, {Lat: 48, Lon: 35.9}: false, {Lat: 48, Lon: 37.5}: true,
		{Lat: 48, Lon: 38.1}: false, {Lat: 49, Lon: 37.1}: false, {Lat: 47, Lon: 35}: false} {
		if steps.Contains(p) != in {
			t.Errorf("steps, %v: contains = %v", p, !in)
		}
	}
}

// WGS 84: the whole ellipsoid is 510,065,621.724 km2; a 1 degree cell at 48 N
// is 8,240 km2 by the closed formula; a hole is taken off.
func TestArea(t *testing.T) {
	t.Parallel()
	var all float64
	for lon := -180.0; lon < 180; lon += 90 {
		all += geo.AreaKm2(orb.MultiPolygon{box(lon, -90, lon+90, 90)})
	}
	if strip := geo.StripKm2(-90, 90, 360); math.Abs(strip-510065621.724) > 0.01 {
		t.Errorf("ellipsoid %.3f km2", strip)
	}
	if cells := geo.StripKm2(48, 49, 1); math.Abs(geo.AreaKm2(orb.MultiPolygon{box(37, 48, 38, 49)})-cells) > 1e-6*cells {
		t.Errorf("cell %v, strip %v", geo.AreaKm2(orb.MultiPolygon{box(37, 48, 38, 49)}), cells)
	}
	if math.Abs(all-510065621.724) > 0.01 {
		t.Errorf("four quarters %.3f km2", all)
	}
	donut := append(box(36, 47, 38, 49), box(36.5, 47.5, 37.5, 48.5)[0])
	whole, hole := geo.AreaKm2(orb.MultiPolygon{box(36, 47, 38, 49)}), geo.AreaKm2(orb.MultiPolygon{box(36.5, 47.5, 37.5, 48.5)})
	if got := geo.AreaKm2(orb.MultiPolygon{donut}); math.Abs(got-(whole-hole)) > 1e-6 {
		t.Errorf("donut %v, want %v", got, whole-hole)
	}
}

func BenchmarkRegion(b *testing.B) {
	ring := make(orb.Ring, 0, 3001)
	for i := range 3000 {
		s, c := math.Sincos(2 * math.Pi * float64(i) / 3000)
		ring = append(ring, orb.Point{37 + (2+0.1*math.Sin(float64(i)))*c, 48 + (1+0.1*math.Sin(float64(i)))*s})
	}
	r := region(b, orb.MultiPolygon{{append(ring, ring[0])}})
	for name, p := range map[string]geo.LatLon{"near": {Lat: 48.97, Lon: 37.2}, "middle": {Lat: 48, Lon: 37}, "far": {Lat: 55, Lon: 30}} {
		b.Run("contains/"+name, func(b *testing.B) {
			for b.Loop() {
				r.Contains(p)
			}
		})
		b.Run("distance/"+name, func(b *testing.B) {
			for b.Loop() {
				r.SignedDistanceM(p)
			}
		})
	}
}
