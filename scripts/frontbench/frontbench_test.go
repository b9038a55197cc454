package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"whenwhere/internal/control"
	"whenwhere/internal/shareddata"
)

func TestTruthOnRealMaps(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), []string{"truth", "-data", shareddata.Path(t)}, &out); err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
	for _, line := range []string{"49298/49298 of 49298", "5564/5564 of 5564", "11129/11129 of 11129", "consensus of both maps of a day, 11129 rows"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("no %q in\n%s", line, &out)
		}
	}
}

func TestWithoutData(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), []string{"truth", "-data", t.TempDir()}, io.Discard)
	if !errors.Is(err, errSkipped) {
		t.Errorf("error %v, want skipped", err)
	}
	for _, args := range [][]string{nil, {"fast"}, {"truth", "-n"}} {
		if err := run(t.Context(), args, io.Discard); err == nil || errors.Is(err, errSkipped) {
			t.Errorf("%v: error %v", args, err)
		}
	}
}

// answer is held by ru d km beyond the line, or free d km before it.
func answer(held bool, km float64) control.Answer {
	m := 1000 * km
	if held {
		m = -m
		return control.Answer{EditionSide: control.RU, DistanceM: &m}
	}
	return control.Answer{EditionSide: control.UA, Complement: true, DistanceM: &m}
}

func TestTogether(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b control.Answer
		want string
	}{
		{answer(true, 9), answer(true, 3), "RU"},
		{answer(false, 3), answer(false, 9), "NOT_RU"},
		{answer(true, 9), answer(true, 1.9), "NEAR_LINE"},
		{answer(false, 0.1), answer(false, 9), "NEAR_LINE"},
		{answer(true, 9), answer(false, 9), "DISPUTED"},
		{answer(true, 0.1), answer(false, 0.1), "DISPUTED"},
	} {
		if got, _ := together(tc.a, tc.b); got != tc.want {
			t.Errorf("%v, %v: %s, want %s", *tc.a.DistanceM, *tc.b.DistanceM, got, tc.want)
		}
	}
}

// Two squares of one side meet at 37 degrees east: the edge between them is 0.1 degrees, 7.4 km, from the place.
func twoSquares(t *testing.T) seams {
	t.Helper()
	square := func(west, east float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{west, 47}, {east, 47}, {east, 49}, {west, 49}, {west, 47}}}}
	}
	var d drawn
	for _, m := range []orb.MultiPolygon{square(36, 37), square(37, 38)} {
		if err := d.add(m); err != nil {
			t.Fatal(err)
		}
	}
	return seams{d}
}

// The map of the day counts, or the last one before it.
func TestSeamsOfTheDay(t *testing.T) {
	t.Parallel()
	day := time.Date(2024, 9, 2, 0, 0, 0, 0, time.UTC)
	s := twoSquares(t)
	s[0].at = day.Add(20 * time.Hour)
	s = append(s, drawn{at: day.Add(48 * time.Hour)})
	for days, near := range map[int]bool{-9: true, 0: true, 1: true, 2: false} {
		got := s.nearestKm(row{day: day.AddDate(0, 0, days), lat: 48, lon: 37.1})
		if (got < 8) != near {
			t.Errorf("day %d: %v km", days, got)
		}
	}
}

func TestReasonsForDistances(t *testing.T) {
	t.Parallel()
	type counts struct{ Stated, Within, Seam, Unexplained int }
	for name, tc := range map[string]struct {
		lon, stated, ours float64
		want              counts
	}{
		"as stated":            {37.1, 60, 63, counts{Stated: 1}},
		"within 2 km":          {37.1, 1, 2.5, counts{Within: 1}},
		"a seam":               {37.1, 7.4, 67, counts{Seam: 1}},
		"no seam so near":      {37.5, 7.4, 37, counts{Unexplained: 1}},
		"farther in the table": {37.1, 67, 7.4, counts{Unexplained: 1}},
	} {
		a := &agreement{source: sources[0], seams: twoSquares(t)}
		a.measure(row{lat: 48, lon: tc.lon, deepstateKm: tc.stated}, tc.ours)
		got := counts{a.stated, a.within2Km, a.seam, a.unexplained}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReasonsForConsensus(t *testing.T) {
	t.Parallel()
	type counts struct{ AtTwoKm, Seam, Unexplained int }
	for name, tc := range map[string]struct {
		lon, stated float64
		column      string
		a, b        control.Answer
		want        counts
	}{
		"the same":       {37.5, 9, "RU", answer(true, 9), answer(true, 9), counts{}},
		"at 2 km":        {37.5, 2, "RU", answer(true, 1.9), answer(true, 9), counts{AtTwoKm: 1}},
		"a seam":         {37.02, 1.5, "NEAR_LINE", answer(true, 70), answer(true, 70), counts{Seam: 1}},
		"no seam":        {37.5, 1.5, "NEAR_LINE", answer(true, 37), answer(true, 37), counts{Unexplained: 1}},
		"another side":   {37.02, 1.5, "RU", answer(false, 9), answer(false, 9), counts{Unexplained: 1}},
		"one side only":  {37.02, 1.5, "RU", answer(false, 1.9), answer(true, 1.9), counts{Unexplained: 1}},
		"not near":       {37.02, 1.5, "NEAR_LINE", answer(true, 70), answer(false, 70), counts{Unexplained: 1}},
		"was it settled": {37.02, 1.5, "DISPUTED", answer(true, 2), answer(true, 2), counts{Unexplained: 1}},
	} {
		for provider, r := range map[string]row{
			"deepstate": {deepstateKm: tc.stated, owlmapsKm: 9}, "owlmaps": {deepstateKm: 9, owlmapsKm: tc.stated},
		} {
			c := &consensus{deepstate: twoSquares(t), owlmaps: twoSquares(t), cells: map[[2]string]int{}}
			r.lat, r.lon, r.consensus = 48, tc.lon, tc.column
			c.add(r, tc.a, tc.b)
			got := counts{c.atTwoKm, c.seam, c.unexplained}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s, %s: %s", name, provider, diff)
			}
		}
	}
}

// Invented ground: the daily map reaches from 36 to 38 degrees east. The publication of the evening before draws it in two
// polygons with a gap of up to 37 m at 37 degrees, and is asked about 37.02; or it ends at 37.2 and the line has moved; or
// either map has a hole of 30 m at 37.1.
func TestBeside(t *testing.T) {
	t.Parallel()
	const ring = `[[%g,47.5],[%g,47.5],[%g,48.1],[%g,48.5],[%g,48.5],[%g,47.5]]`
	polygon := func(west, east float64, name string) string {
		return fmt.Sprintf(`{"type":"Feature","properties":{"name":%q},"geometry":{"type":"Polygon","coordinates":[`+ring+`]}}`,
			name, west, east, east, east, west, west)
	}
	const occupied = "Окуповано /// Occupied /// geoJSON.status.occupied"
	second := fmt.Sprintf(`{"type":"Feature","properties":{"name":%q},"geometry":{"type":"Polygon","coordinates":`+
		`[[[37,47.4],[38,47.4],[38,48.6],[37,48.6],[37.0005,48],[37,47.4]]]}}`, occupied)
	whole := `{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":` +
		`[[[[36,47.5],[37,47.5],[37,47.4],[38,47.4],[38,48.6],[37,48.6],[37,48.5],[36,48.5],[36,47.5]]]]}}`
	const hole = `,[[37.1,48],[37.1004,48],[37.1004,48.0003],[37.1,48.0003],[37.1,48]]]`
	square := polygon(36, 38, occupied)
	punched := strings.Replace(square, "]]]", "]]"+hole, 1)
	for name, tc := range map[string]struct {
		features, whole string
		fails           bool
		says            string
	}{
		"seam":          {polygon(36, 37, occupied) + "," + second, whole, false, "1 of 1 within"},
		"moved":         {polygon(36, 37.2, occupied), whole, false, "1 to ground that changed hands"},
		"hole in daily": {square, strings.Replace(whole, "]]]]", "]]"+hole+"]", 1), false, "1 to a hole"},
		"hole in raw":   {punched, whole, true, "1 unexplained"},
	} {
		dir := t.TempDir()
		write := func(file, features string) *control.Maps {
			path := filepath.Join(dir, file)
			text := `{"type":"FeatureCollection","features":[` + features + `]}`
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
				t.Fatal(err)
			}
			m, faults := control.Load(os.DirFS(filepath.Dir(path)))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			return m
		}
		raw := write("deepstate_raw/1725222208.geojson", tc.features) // 1 September 2024, 20:23
		daily := write("deepstate_daily/deepstatemap_data_20240902.geojson", tc.whole)
		day := time.Date(2024, 9, 1, 0, 0, 0, 0, time.UTC)
		var out strings.Builder
		if err := beside(dir, raw, daily, []row{{day: day, lat: 48, lon: 37.02}}, &out); (err != nil) != tc.fails || !strings.Contains(out.String(), tc.says) {
			t.Errorf("%s: %v\n%s", name, err, &out)
		}
	}
}

// A wrong side far from the line must end in an error: the table of the program may not look well and be wrong.
func TestWrongSideIsAnError(t *testing.T) {
	t.Parallel()
	s := sources[0]
	s.want = 2
	a := &agreement{source: s, classes: map[string][]share{}}
	a.add(row{deepstate: "RU", deepstateKm: 9}, answer(true, 9))
	a.add(row{deepstate: "UA", deepstateKm: 9}, answer(true, 9))
	var out strings.Builder
	if err := a.print(&out); err == nil || a.far != 1 || !strings.Contains(out.String(), "0/1") {
		t.Errorf("error %v, %d far\n%s", err, a.far, &out)
	}
	a.add(row{deepstate: "UNKNOWN", deepstateKm: 1}, answer(false, 1))
	a.want = 3
	if err := a.print(io.Discard); err == nil {
		t.Error("no error")
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	at := func(lat float64, class string) row { return row{lat: lat, deepstate: class} }
	got := changed([]row{at(48, "UA"), at(49, "RU"), at(48, "RU"), at(48, "UA"), at(49, "RU"), at(50, "UNKNOWN"), at(50, "RU")})
	if len(got) != 2 || got[0].lat != 48 || got[1].lat != 50 {
		t.Errorf("%+v", got)
	}
}

func TestInWords(t *testing.T) {
	t.Parallel()
	for bits, want := range map[string]control.Side{"11": control.RU, "00": control.UA, "01": control.Contested, "10": control.Contested} {
		if got := inWords(bits[0], bits[1]); got != want {
			t.Errorf("%s: %s, want %s", bits, got, want)
		}
	}
}

func TestBands(t *testing.T) {
	t.Parallel()
	for km, want := range map[float64]int{0: 0, 0.49: 0, 0.5: 1, 39.9: 4, 40: 5, math.Inf(1): 5} {
		if got := band(km); got != want {
			t.Errorf("%v km: band %d, want %d", km, got, want)
		}
	}
	if len(bandNames) != len(bands) {
		t.Errorf("%d names of %d bands", len(bandNames), len(bands))
	}
}

// The cluster answers, knows what PostGIS knows, and leaves nothing behind, also when it is given up half-way.
func TestCluster(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := startCluster(ctx)
	if errors.Is(err, errSkipped) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.connect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ask("CREATE EXTENSION postgis"); err != nil {
		t.Fatal(err)
	}
	// One degree of the meridian at the equator: 110,574.4 m (WGS 84).
	got, err := s.value("SELECT round(ST_Distance('POINT(0 0)'::geography, 'POINT(0 1)'::geography)::numeric, 1)")
	if err != nil || got != "110574.4" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := s.ask("SELECT nothing"); err == nil || !strings.Contains(err.Error(), `column "nothing" does not exist`) {
		t.Errorf("error %v", err)
	}
	if err := c.stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(c.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	cancel()
	if c, err := startCluster(ctx); err == nil {
		t.Errorf("started although it was given up: %v", c.stop())
	}
}
