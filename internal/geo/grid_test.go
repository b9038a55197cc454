package geo_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
)

// awkward draws a point where a grid may go wrong: anywhere, on an edge, at a
// vertex, on the border of a cell or a strip, and a last bit or a little to
// either side of those.
func awkward(t *rapid.T, r *geo.Region, shape orb.MultiPolygon) geo.LatLon {
	p := near(t)
	poly := shape[rapid.IntRange(0, len(shape)-1).Draw(t, "polygon")]
	ring := poly[rapid.IntRange(0, len(poly)-1).Draw(t, "ring")]
	i := rapid.IntRange(1, len(ring)-1).Draw(t, "edge")
	f := rapid.SampledFrom([]float64{0, 1, 0.5, rapid.Float64Range(0, 1).Draw(t, "f")}).Draw(t, "fraction")
	on := geo.LatLon{Lat: ring[i-1][1] + f*(ring[i][1]-ring[i-1][1]), Lon: ring[i-1][0] + f*(ring[i][0]-ring[i-1][0])}
	lons, lats := r.Bounds()
	lon, lat := rapid.SampledFrom(lons).Draw(t, "border lon"), rapid.SampledFrom(lats).Draw(t, "border lat")
	p = rapid.SampledFrom([]geo.LatLon{p, on, on, {Lat: lat, Lon: lon}, {Lat: lat, Lon: on.Lon}, {Lat: on.Lat, Lon: lon}}).Draw(t, "point")
	off := func(x float64, label string) float64 {
		return rapid.SampledFrom([]float64{x, math.Nextafter(x, 1e9), math.Nextafter(x, -1e9), x + 1e-9, x - 1e-9, x + 1e-12, x - 1e-6}).Draw(t, label)
	}
	return geo.LatLon{Lat: off(p.Lat, "lat off"), Lon: off(p.Lon, "lon off")}
}

func TestGridIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		shape := orb.MultiPolygon{blob(t), box(37.5, 47, 38.5, 48), box(36.8, 47.4, 37.5, 47.9), {
			box(35.5, 46.5, 36.5, 47.5)[0], box(35.8, 46.8, 36, 47)[0], box(36, 46.8, 36.2, 47)[0],
		}}
		shape = shape[:rapid.IntRange(1, len(shape)).Draw(t, "polygons")]
		r := region(t, shape)
		for range 50 {
			p := awkward(t, r, shape)
			if got, want := r.Contains(p), r.ContainsByTree(p); got != want {
				t.Fatalf("%v: grid %v, tree %v", p, got, want)
			}
		}
	})
	r := region(t, orb.MultiPolygon{box(37, 47, 38, 48)})
	for _, p := range []geo.LatLon{{Lat: math.NaN(), Lon: 37.5}, {Lat: 47.5, Lon: math.NaN()}, {Lat: math.Inf(1), Lon: 37.5}, {Lat: 47.5, Lon: math.Inf(-1)}} {
		if r.Contains(p) {
			t.Errorf("contains %v", p)
		}
	}
}

// The branch and bound finds what trying every edge finds.
func TestNearestIsNearest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		shape := orb.MultiPolygon{blob(t), box(35.5, 46.5, 36.5, 47.5)}
		r := region(t, shape)
		for range 20 {
			p := awkward(t, r, shape)
			if rapid.Bool().Draw(t, "far") {
				p = place(t, "far")
			}
			got, want := math.Abs(r.SignedDistanceM(p)), r.NearestByTrial(p)
			if math.Abs(got-want) > 0.001+1e-9*want && want < 2e6 {
				t.Fatalf("%v: %v m, by trial %v m", p, got, want)
			}
		}
	})
}

func TestGridOnRealMap(t *testing.T) {
	t.Parallel()
	r, shape := realRegion(t, "deepstate_daily/deepstatemap_data_20241024.geojson")
	seen := [2]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range 200 {
			p := awkward(t, r, shape)
			got, want := r.Contains(p), r.ContainsByTree(p)
			if got != want {
				t.Fatalf("%v: grid %v, tree %v", p, got, want)
			}
			if got {
				seen[1]++
			} else {
				seen[0]++
			}
		}
		p := awkward(t, r, shape)
		if got, want := math.Abs(r.SignedDistanceM(p)), r.NearestByTrial(p); math.Abs(got-want) > 0.001+1e-9*want {
			t.Fatalf("%v: %v m, by trial %v m", p, got, want)
		}
	})
	if seen[0] < 1000 || seen[1] < 1000 {
		t.Errorf("inside %d, outside %d: the points are no test", seen[1], seen[0])
	}
}

// Maps of two days have most of their line in common; lines whose hashes are
// equal by chance are kept apart.
func TestPool(t *testing.T) {
	t.Parallel()
	a, _ := realRegion(t, "deepstate_daily/deepstatemap_data_20241024.geojson")
	b, _ := realRegion(t, "deepstate_daily/deepstatemap_data_20241025.geojson")
	pool := geo.NewPool()
	sa, sb := pool.Share(a), pool.Share(b)
	if all, common := geo.CommonNodes(sa, sb); common < all*9/10 || common == all {
		t.Errorf("%d of %d nodes in common", common, all)
	}
	for _, p := range []geo.LatLon{{Lat: 48.147, Lon: 37.3}, {Lat: 48.014, Lon: 38.264}, {Lat: 50.45, Lon: 30.52}} {
		if sa.SignedDistanceM(p) != a.SignedDistanceM(p) || sb.SignedDistanceM(p) != b.SignedDistanceM(p) {
			t.Errorf("%v: shared answers otherwise", p)
		}
	}
	geo.Collide(a, b)
	pool = geo.NewPool()
	if all, common := geo.CommonNodes(pool.Share(a), pool.Share(b)); common == all {
		t.Error("a line took the place of another with its hash")
	}
}

// Every place of the truth table, on the map of every date in it.
func TestGridOnTruthTable(t *testing.T) {
	t.Parallel()
	maps := map[string]*geo.Region{}
	rows, mixed := 0, 0
	for _, row := range shareddata.Table(t, "frontline", "CONTROL_TRUTH.tsv") {
		date := row["date"]
		if date == "2025-01-01" { // a day without a map
			continue
		}
		r, ok := maps[date]
		if !ok {
			r, _ = realRegion(t, "deepstate_daily/deepstatemap_data_"+strings.ReplaceAll(date, "-", "")+".geojson")
			maps[date] = r
		}
		p := geo.LatLon{Lat: shareddata.Number(t, row, "lat"), Lon: shareddata.Number(t, row, "lon")}
		if got, want := r.Contains(p), r.ContainsByTree(p); got != want || got != (row["deepstate"] == "RU") {
			t.Errorf("%s %v: grid %v, tree %v, table %s", date, p, got, want, row["deepstate"])
		}
		rows++
		if r.Mixed(p) {
			mixed++
		}
	}
	if rows != 49298 || mixed < 1000 {
		t.Errorf("%d rows, %d in mixed cells", rows, mixed)
	}
}

func realRegion(t testing.TB, name string) (*geo.Region, orb.MultiPolygon) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(shareddata.Path(t, "frontline"), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := geo.Decode(data, geo.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var shape orb.MultiPolygon
	for _, f := range doc.Features {
		shape = append(shape, f.Polygons()...)
	}
	return region(t, shape), shape
}

func BenchmarkRealRegion(b *testing.B) {
	r, shape := realRegion(b, "deepstate_daily/deepstatemap_data_20241024.geojson")
	for name, p := range map[string]geo.LatLon{"front": {Lat: 48.147, Lon: 37.3}, "middle": {Lat: 48.014, Lon: 38.264}, "far": {Lat: 50.45, Lon: 30.52}} {
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
		b.Run("nearest/"+name, func(b *testing.B) {
			for b.Loop() {
				r.Nearest(p)
			}
		})
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			region(b, shape)
		}
	})
}
