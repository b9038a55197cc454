package control_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"whenwhere/internal/control"
	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
)

func diff(t interface{ Fatal(...any) }, m *control.Maps, from, to string) control.Diff {
	d, err := m.Diff(at(from), at(to), "a")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDiff(t *testing.T) {
	t.Parallel()
	m := together(t,
		mapOf("a", 1, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}),
		mapOf("a", 3, 0, control.UA, drawn{control.RU: drawnBox(37.1, 47, 38.2, 48), control.Contested: drawnBox(38.1, 47, 38.4, 47.5)}),
		mapOf("a", 5, 0, control.UA, drawn{control.RU: drawnBox(37.1, 47, 38.2, 48), control.Contested: drawnBox(38.1, 47, 38.4, 47.5)}),
	)
	d := diff(t, m, "2024-10-02T00:00:00Z", "2024-10-04T12:00:00Z")
	area := func(w, s, e, n float64) float64 { return geo.AreaKm2(drawnBox(w, s, e, n)) }
	if !d.Found || !d.Complete || d.RowM != 0 || d.Before.AsOf.Day() != 1 || d.After.AsOf.Day() != 3 {
		t.Fatalf("%+v", d)
	}
	want := []struct {
		from, to control.Side
		km2      float64
	}{
		{control.RU, control.UA, area(37, 47, 37.1, 48)},
		{control.UA, control.Contested, area(38.1, 47, 38.4, 47.5)},
		{control.UA, control.RU, area(38, 47, 38.1, 48) + area(38.1, 47.5, 38.2, 48)},
	}
	if len(d.Patches) != len(want) {
		t.Fatalf("%d patches: %+v", len(d.Patches), d.Patches)
	}
	for i, w := range want {
		p := d.Patches[i]
		if p.From != w.from || p.To != w.to || math.Abs(p.Km2-w.km2) > 1e-6*w.km2 || p.Shape[0].Orientation() != orb.CCW {
			t.Errorf("patch %d: %+v, want %+v", i, p, w)
		}
	}
	if math.Abs(d.GainedUAKm2-want[0].km2) > 1e-3 || math.Abs(d.ContestedKm2-want[1].km2) > 1e-3 || math.Abs(d.GainedRUKm2-want[2].km2) > 1e-3 {
		t.Errorf("%+v", d)
	}
	if d := diff(t, m, "2024-10-03T00:00:00Z", "2024-10-09T00:00:00Z"); !d.Found || len(d.Patches) != 0 || d.After.AsOf.Day() != 5 {
		t.Errorf("nothing changed: %+v", d)
	}
	if d := diff(t, m, "2024-09-01T00:00:00Z", "2024-10-09T00:00:00Z"); !d.Found || d.Complete || d.Before.AsOf.Day() != 1 {
		t.Errorf("from before the first: %+v", d)
	}
	for _, span := range [][2]string{{"2024-10-01T00:00:00Z", "2024-10-02T00:00:00Z"}, {"2024-10-04T00:00:00Z", "2024-10-01T00:00:00Z"}, {"2024-09-01T00:00:00Z", "2024-09-02T00:00:00Z"}} {
		if d := diff(t, m, span[0], span[1]); d.Found {
			t.Errorf("%v: %+v", span, d)
		}
	}
	if _, err := m.Diff(at("2024-10-01T00:00:00Z"), at("2024-10-02T00:00:00Z"), "nobody"); !errors.Is(err, control.ErrNoProvider) {
		t.Errorf("error %v", err)
	}
}

// A shape that crosses itself is measured by rows, and that is said. Ground
// beyond the coverage of either map is in no patch.
func TestDiffByRowsAndCoverage(t *testing.T) {
	t.Parallel()
	bow := orb.MultiPolygon{{{{37, 47}, {38, 48}, {38, 47}, {37, 48}, {37, 47}}}}
	m := together(t, mapOf("a", 1, 0, control.UA, drawn{control.RU: bow}), mapOf("a", 3, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}))
	d := diff(t, m, "2024-10-02T00:00:00Z", "2024-10-04T00:00:00Z")
	// The bow-tie holds the west and east quarters of the square.
	quarter := geo.AreaKm2(orb.MultiPolygon{{{{37, 47}, {38, 47}, {37.5, 47.5}, {37, 47}}}}) + geo.AreaKm2(orb.MultiPolygon{{{{37, 48}, {38, 48}, {37.5, 47.5}, {37, 48}}}})
	if d.RowM == 0 || len(d.Flags) != 1 || math.Abs(d.GainedRUKm2-quarter) > 0.01*quarter || d.GainedUAKm2 != 0 {
		t.Errorf("%v km2, want %v; row %v, flags %v", d.GainedRUKm2, quarter, d.RowM, d.Flags)
	}
	narrow := mapOf("a", 1, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)})
	narrow.Coverage = drawnBox(37, 47, 38.2, 48)
	m = together(t, narrow, mapOf("a", 3, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 39, 48)}))
	d = diff(t, m, "2024-10-02T00:00:00Z", "2024-10-04T00:00:00Z")
	if want := geo.AreaKm2(drawnBox(38, 47, 38.2, 48)); d.RowM != 0 || math.Abs(d.GainedRUKm2-want) > 1e-6*want {
		t.Errorf("%v km2, want %v", d.GainedRUKm2, want)
	}
}

// A place lies in a patch when the two editions draw it differently.
func TestDiffAgainstSides(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := someMaps(t)
		for i := range list { // one provider, one map a day
			list[i] = mapfile.Map{Provider: "a", File: list[i].File, Rest: list[i].Rest, Ground: list[i].Ground, AsOf: at("2024-10-01T00:00:00Z").AddDate(0, 0, i)}
		}
		m := together(t, list...)
		last := list[len(list)-1].AsOf
		d, err := m.Diff(list[0].AsOf, last, "a")
		if err != nil || d.Found != (len(list) > 1) || d.RowM != 0 {
			t.Fatalf("%v %+v", err, d)
		}
		var regions []*geo.Region
		for _, p := range d.Patches {
			r, err := geo.NewRegion(orb.MultiPolygon{p.Shape})
			if err != nil {
				t.Fatal(err)
			}
			regions = append(regions, r)
		}
		for range 30 {
			where := geo.LatLon{Lat: rapid.Float64Range(46.8, 48.2).Draw(t, "lat"), Lon: rapid.Float64Range(36.8, 39.5).Draw(t, "lon")}
			want := [2]control.Side{m.At(where.Lat, where.Lon, list[0].AsOf)[0].EditionSide, m.At(where.Lat, where.Lon, last)[0].EditionSide}
			if want[0] == want[1] || want[0] == control.Unknown || want[1] == control.Unknown {
				want = [2]control.Side{}
			}
			var got [2]control.Side
			onEdge := false
			for i, p := range d.Patches {
				onEdge = onEdge || math.Abs(regions[i].SignedDistanceM(where)) < 1
				if regions[i].Contains(where) {
					got = [2]control.Side{p.From, p.To}
				}
			}
			if got != want && !onEdge {
				t.Fatalf("%v: in patch %v, want %v", where, got, want)
			}
		}
	})
}

// Maps of many polygons with slivers between them, of three sides: the exact
// patches are believed, and agree with the net change of the area held.
func TestDiffOfRawMaps(t *testing.T) {
	t.Parallel()
	folder := os.DirFS(shareddata.Path(t, "frontline", "deepstate_raw"))
	var list []mapfile.Map
	for _, name := range []string{"1722544807.geojson", "1727771655.geojson"} {
		m, err := mapfile.ReadFS(folder, name, mapfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	m, before, after := together(t, list...), list[0], list[1]
	d, err := m.Diff(before.AsOf, after.AsOf, "deepstate")
	if err != nil || d.RowM != 0 {
		t.Fatal(err, d.Flags)
	}
	var lost float64
	for _, p := range d.Patches {
		if p.From == control.RU {
			lost += p.Km2
		}
	}
	if net, want := d.GainedRUKm2-lost, after.HeldKm2-before.HeldKm2; math.Abs(net-want) > 1 || d.ContestedKm2 < 100 {
		t.Errorf("net %v km2, areas differ by %v; contested %v", net, want, d.ContestedKm2)
	}
}

// Real maps, two months apart: the exact patches agree with the areas of the
// two files and with the rows of Operations.
func TestDiffOfRealMaps(t *testing.T) {
	t.Parallel()
	folder := os.DirFS(filepath.Join(shareddata.Path(t, "frontline"), "deepstate_daily"))
	var list []mapfile.Map
	for _, day := range []string{"20240901", "20241101"} {
		m, err := mapfile.ReadFS(folder, "deepstatemap_data_"+day+".geojson", mapfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	m := together(t, list...)
	start := time.Now()
	d, err := m.Diff(list[0].AsOf, list[1].AsOf, "deepstate")
	t.Logf("%d patches in %v", len(d.Patches), time.Since(start))
	if err != nil || d.RowM != 0 {
		t.Fatal(err, d.Flags)
	}
	if net, want := d.GainedRUKm2-d.GainedUAKm2, list[1].HeldKm2-list[0].HeldKm2; math.Abs(net-want) > 0.01 {
		t.Errorf("net %v km2, areas differ by %v", net, want)
	}
	c := m.Operations(48, 35.5, 600_000, list[0].AsOf, list[1].AsOf)[0]
	if math.Abs(c.GainedRUKm2-d.GainedRUKm2) > 0.05*d.GainedRUKm2 || math.Abs(c.GainedUAKm2-d.GainedUAKm2) > 0.05*d.GainedRUKm2 {
		t.Errorf("exact: ru %v, ua %v; by rows of %v m: %+v", d.GainedRUKm2, d.GainedUAKm2, c.RowM, c)
	}
}
