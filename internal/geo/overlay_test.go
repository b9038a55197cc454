package geo_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"whenwhere/internal/geo"
)

type overlayFunc = func(a, b orb.MultiPolygon) (orb.MultiPolygon, error)

func overlaid(t interface{ Fatal(...any) }, do overlayFunc, a, b orb.MultiPolygon) orb.MultiPolygon {
	out, err := do(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Places and areas are the witness: a place is in the difference when it is in
// a and not in b, and the areas add up.
func TestOverlay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := orb.MultiPolygon{blob(t), box(37.5, 47, 38.5, 48)}
		b := orb.MultiPolygon{blob(t), box(35.5, 46.5, 37.5, 47.9)}
		only, both := overlaid(t, geo.Difference, a, b), overlaid(t, geo.Intersection, a, b)
		back, all := overlaid(t, geo.Difference, b, a), overlaid(t, geo.Union, a, b)
		if sum := geo.AreaKm2(only) + geo.AreaKm2(back) + geo.AreaKm2(both); math.Abs(sum-geo.AreaKm2(all)) > 1e-5*sum {
			t.Fatalf("areas: parts %v, union %v", sum, geo.AreaKm2(all))
		}
		ra, rb := region(t, a), region(t, b)
		for range 50 {
			p := near(t)
			if math.Abs(ra.SignedDistanceM(p)) < 1 || math.Abs(rb.SignedDistanceM(p)) < 1 {
				continue
			}
			in := [4]bool{inside(t, only, p), inside(t, back, p), inside(t, both, p), inside(t, all, p)}
			wa, wb := ra.Contains(p), rb.Contains(p)
			if want := [4]bool{wa && !wb, wb && !wa, wa && wb, wa || wb}; in != want {
				t.Fatalf("%v: got %v, want %v", p, in, want)
			}
		}
	})
	cross := orb.MultiPolygon{{{{37, 47}, {38, 48}, {38, 47}, {37, 48}, {37, 47}}}}
	if _, err := geo.Difference(cross, orb.MultiPolygon{box(37, 47, 38, 48)}); err == nil {
		t.Error("a ring that crosses itself was computed with")
	}
	if none, err := geo.Intersection(orb.MultiPolygon{box(37, 47, 38, 48)}, orb.MultiPolygon{box(38, 47, 39, 48)}); err != nil || len(none) != 0 {
		t.Errorf("two boxes that touch share %v, %v", none, err)
	}
}

func inside(t interface{ Fatal(...any) }, shape orb.MultiPolygon, p geo.LatLon) bool {
	return len(shape) > 0 && region(t, shape).Contains(p)
}

func TestOverlayOnRealMaps(t *testing.T) {
	t.Parallel()
	_, before := realRegion(t, "deepstate_daily/deepstatemap_data_20241001.geojson")
	_, after := realRegion(t, "deepstate_daily/deepstatemap_data_20241031.geojson")
	gained, lost := overlaid(t, geo.Difference, after, before), overlaid(t, geo.Difference, before, after)
	net := geo.AreaKm2(gained) - geo.AreaKm2(lost)
	if want := geo.AreaKm2(after) - geo.AreaKm2(before); len(gained) == 0 || math.Abs(net-want) > 0.01 {
		t.Errorf("net gain %v km2, areas differ by %v", net, want)
	}
}

func TestFacing(t *testing.T) {
	t.Parallel()
	ru := region(t, orb.MultiPolygon{box(37, 47, 38, 48)})
	land := region(t, orb.MultiPolygon{box(37, 47, 39, 47.5)}) // west, south and north-east are sea
	p := geo.LatLon{Lat: 47.25, Lon: 37.1}
	east := geo.DistanceM(p, geo.LatLon{Lat: 47.25, Lon: 38})
	line := ru.Facing(land, 0)
	if d := line.SignedDistanceM(p); !line.HasLine() || math.Abs(d+east) > 5 {
		t.Errorf("distance %v, want %v to the east edge", d, -east)
	}
	// Only the southern half of the east edge faces land.
	q := geo.LatLon{Lat: 47.9, Lon: 38.1}
	if d, want := line.SignedDistanceM(q), geo.DistanceM(q, geo.LatLon{Lat: 47.5, Lon: 38}); math.Abs(d-want) > 1 {
		t.Errorf("distance %v, want %v to the end of the line", d, want)
	}
	// An outline of another hand that lies 300 m off.
	loose := region(t, orb.MultiPolygon{box(36.996, 46.997, 39, 48.003)})
	if d := ru.Facing(loose, 1000).SignedDistanceM(p); math.Abs(d+east) > 5 {
		t.Errorf("with a step: %v, want %v", d, -east)
	}
	if d := ru.Facing(loose, 0).SignedDistanceM(p); math.Abs(d+east) < 5 {
		t.Error("without a step the loose outline should not match")
	}
	if far := region(t, orb.MultiPolygon{box(30, 47, 31, 48)}); ru.Facing(far, 0).HasLine() {
		t.Error("no land is faced, yet there is a line")
	}
}

func BenchmarkOverlay(b *testing.B) {
	_, before := realRegion(b, "deepstate_daily/deepstatemap_data_20241001.geojson")
	_, after := realRegion(b, "deepstate_daily/deepstatemap_data_20241031.geojson")
	for b.Loop() {
		overlaid(b, geo.Difference, after, before)
	}
}
