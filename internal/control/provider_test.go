package control_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"whenwhere/internal/control"
	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// drawnBox is ground from west, south to east, north.
func drawnBox(w, s, e, n float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}
}

type drawn = map[control.Side]orb.MultiPolygon

// mapOf is an invented map of a day of October 2024, known so many days later.
func mapOf(provider string, day, knownLater int, rest control.Side, ground drawn) mapfile.Map {
	asOf := time.Date(2024, 10, day, 0, 0, 0, 0, time.UTC)
	m := mapfile.Map{
		Provider: provider, Format: "own", File: asOf.Format(time.DateOnly), SHA256: provider + asOf.Format(time.DateOnly),
		AsOf: asOf, KnownAt: asOf.AddDate(0, 0, knownLater), KnownHow: "stated", Rest: rest,
	}
	for _, side := range []control.Side{control.RU, control.UA, control.Contested} {
		if shape, ok := ground[side]; ok {
			m.Ground = append(m.Ground, mapfile.Ground{Side: side, Shape: shape})
		}
		if side == control.RU {
			m.HeldKm2 = geo.AreaKm2(ground[side])
		}
	}
	return m
}

func together(t interface{ Fatal(...any) }, list ...mapfile.Map) *control.Maps {
	var indexed []*control.Indexed
	for _, m := range list {
		x, err := control.Index(m)
		if err != nil {
			t.Fatal(err)
		}
		indexed = append(indexed, x)
	}
	maps, errs := control.Assemble(indexed...)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return maps
}

// half is a map that draws more the later it is on that day.
func half(provider string, day int, later time.Duration) mapfile.Map {
	m := mapOf(provider, day, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 37+later.Seconds(), 48)})
	m.AsOf = m.AsOf.Add(later)
	return m
}

// The handle answers what At answers, also where maps share their ground.
func TestProviderAnswersAsAt(t *testing.T) {
	t.Parallel()
	first := drawn{control.RU: drawnBox(37, 47, 38, 48), control.Contested: drawnBox(38, 47, 38.2, 48), control.UA: drawnBox(38.2, 47, 39, 48)}
	later := drawn{control.RU: drawnBox(37, 47, 38.2, 48), control.UA: drawnBox(38.1, 47, 39, 48)}
	m := together(t,
		mapOf("a", 1, 0, control.Unknown, first), mapOf("a", 3, 0, control.Unknown, first), mapOf("a", 5, 0, control.Unknown, later),
		mapOf("a", 9, 0, control.UA, later), mapOf("b", 4, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38.1, 48)}),
		mapOf("c", 2, 0, control.RU, drawn{control.UA: drawnBox(38.1, 47, 39, 48)}),
		mapOf("c", 6, 0, control.UA, drawn{control.UA: drawnBox(38.1, 47, 39, 48)}), // other rest
		mapOf("d", 3, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}),
		mapOf("d", 7, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48), control.Contested: drawnBox(38, 47, 39, 48)}), // contested only
		half("e", 5, 1200*time.Millisecond), half("e", 5, 1700*time.Millisecond),                                               // within one second
	)
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			where := geo.LatLon{Lat: rapid.Float64Range(46.8, 48.2).Draw(t, "lat"), Lon: rapid.Float64Range(36.8, 39.2).Draw(t, "lon")}
			when := at("2024-09-30T00:00:00Z").Add(time.Duration(rapid.Int64Range(0, int64(12*24*time.Hour)).Draw(t, "time")))
			switch rapid.IntRange(0, 2).Draw(t, "moment") {
			case 0:
				when = when.Truncate(24 * time.Hour)
			case 1:
				when = at("2024-10-05T00:00:01Z").Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "ms")) * time.Millisecond)
			}
			for _, a := range m.At(where.Lat, where.Lon, when) {
				p, ok := m.Provider(a.Provider)
				if !ok {
					t.Fatal("no", a.Provider)
				}
				side, found := p.SideAt(where, when)
				same, d, known := p.DistanceAt(where, when)
				if side != a.Side || found != a.Found || same != side || known != (a.DistanceM != nil) || known && d != *a.DistanceM {
					t.Fatalf("%+v: side %v %v, distance %v %v %v", a, side, found, same, d, known)
				}
			}
		}
	})
	if _, ok := m.Provider("nobody"); ok {
		t.Error("a provider without maps")
	}
}

func TestKnownBy(t *testing.T) {
	t.Parallel()
	// The map of the 4th came out on the 10th only.
	m := together(t,
		mapOf("a", 1, 1, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}),
		mapOf("a", 4, 6, control.UA, drawn{control.RU: drawnBox(37, 47, 37.5, 48)}),
		mapOf("a", 6, 1, control.UA, drawn{control.RU: drawnBox(37, 47, 38.5, 48)}),
	)
	side := func(m *control.Maps, lon float64, when string) control.Answer { return m.At(47.5, lon, at(when))[0] }
	for name, tc := range map[string]struct {
		known, when string
		lon         float64
		found       bool
		want        control.Side
		editions    int
	}{
		"nothing known yet":        {"2024-10-01T23:59:59Z", "2024-10-05T00:00:00Z", 37.7, false, control.Unknown, 0},
		"known at that moment":     {"2024-10-02T00:00:00Z", "2024-10-05T00:00:00Z", 37.7, true, control.RU, 1},
		"late map not yet out":     {"2024-10-08T00:00:00Z", "2024-10-05T00:00:00Z", 37.7, true, control.RU, 2},
		"late map out":             {"2024-10-10T00:00:00Z", "2024-10-05T00:00:00Z", 37.7, true, control.Contested, 3},
		"unaware of what followed": {"2024-10-02T00:00:00Z", "2024-10-05T00:00:00Z", 38.2, true, control.UA, 1},
		"aware of what followed":   {"2024-10-08T00:00:00Z", "2024-10-05T00:00:00Z", 38.2, true, control.Contested, 2},
	} {
		known := m.KnownBy(at(tc.known))
		a := side(known, tc.lon, tc.when)
		if a.Found != tc.found || a.Side != tc.want || len(known.Editions()) != tc.editions || a.Provider != "a" {
			t.Errorf("%s: %d editions, %+v", name, len(known.Editions()), a)
		}
		if a.Found && !a.KnownAt.Equal(a.AsOf.AddDate(0, 0, 1)) && !a.KnownAt.Equal(a.AsOf.AddDate(0, 0, 6)) {
			t.Errorf("%s: known at %v", name, a.KnownAt)
		}
	}
	if m.KnownBy(at("2025-01-01T00:00:00Z")).Version() != m.Version() || m.KnownBy(at("2024-10-08T00:00:00Z")).Version() == m.Version() {
		t.Error("the version does not follow what was known")
	}
	// The doubt about an area that fell comes of the map before, if that was known.
	if e := m.Editions()[1]; len(e.Flags) != 1 {
		t.Errorf("the area fell by half: %+v", e)
	}
	more := together(t,
		mapOf("a", 1, 9, control.UA, drawn{control.RU: drawnBox(37, 47, 39, 48)}),
		mapOf("a", 2, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}),
		mapOf("a", 3, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 37.5, 48)}),
	)
	for day, want := range map[string]string{"2024-10-05T00:00:00Z": "0 1", "2024-10-10T00:00:00Z": "0 1 1"} {
		var got []string
		for _, e := range more.KnownBy(at(day)).Editions() {
			got = append(got, fmt.Sprint(len(e.Flags)))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("known by %s: %v flags, want %s", day, got, want)
		}
	}
	// Nothing is known, and nothing panics.
	none := m.KnownBy(at("2020-01-01T00:00:00Z"))
	day := at("2024-10-05T00:00:00Z")
	if h := none.Window(47.5, 37.5, 100, day, day); len(h) != 1 || len(h[0].Editions) != 0 {
		t.Errorf("window %+v", h)
	}
	if c := none.Operations(47.5, 37.5, 1000, day, day.AddDate(0, 0, 3)); len(c) != 1 || c[0].Found {
		t.Errorf("operations %+v", c)
	}
	if days, ok := none.Missing("a"); ok {
		t.Errorf("missing %v", days)
	}
}

// Beyond its coverage a map says nothing, and its rim is no line.
func TestCoverage(t *testing.T) {
	t.Parallel()
	covered := mapOf("a", 1, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)})
	covered.Coverage = drawnBox(37, 46, 39, 48)
	open := mapOf("b", 1, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)})
	m := together(t, covered, open)
	when := at("2024-10-02T00:00:00Z")
	// 2 km from the western rim, 73 km from the eastern edge, 55 km from the southern.
	a := m.At(47.5, 37.03, when)
	east := geo.DistanceM(geo.LatLon{Lat: 47.5, Lon: 37.03}, geo.LatLon{Lat: 47, Lon: 37.03})
	if a[0].Side != control.RU || a[0].WholeEdge || math.Abs(*a[0].DistanceM+east) > 10 || a[0].InBand {
		t.Errorf("with coverage: %+v, distance %v, want %v", a[0], *a[0].DistanceM, -east)
	}
	if a[1].Side != control.RU || !a[1].WholeEdge || math.Abs(*a[1].DistanceM) > 2500 {
		t.Errorf("without: %+v, distance %v", a[1], *a[1].DistanceM)
	}
	for _, tc := range []struct {
		lat, lon float64
		want     control.Side
	}{{47.5, 36.9, control.Unknown}, {48.1, 37.5, control.Unknown}, {46.5, 37.5, control.UA}, {47.5, 38.5, control.UA}} {
		if a := m.At(tc.lat, tc.lon, when)[0]; a.Side != tc.want {
			t.Errorf("%+v: %+v", tc, a)
		}
	}
	land, err := geo.NewRegion(drawnBox(37, 46, 39, 48))
	if err != nil {
		t.Fatal(err)
	}
	with := m.WithLand(land, 0).At(47.5, 37.03, when)[1]
	if with.WholeEdge || with.Side != control.RU || math.Abs(*with.DistanceM+east) > 10 {
		t.Errorf("with land: %+v", with)
	}
	sea, err := geo.NewRegion(drawnBox(30, 44, 31, 45))
	if err != nil {
		t.Fatal(err)
	}
	if none := m.WithLand(sea, 0).At(47.5, 37.03, when)[1]; none.DistanceM != nil || none.InBand || none.Side != control.RU {
		t.Errorf("no line at all: %+v", none)
	}
}
