package control_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/control"
	"whenwhere/internal/geo"
)

// square is a ring in GeoJSON from west, south to east, north.
func square(w, s, e, n float64) string {
	return fmt.Sprintf(`[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]`, w, s, e, s, e, n, w, n, w, s)
}

func ground(side, coordinates string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"side":%q},"geometry":{"type":"Polygon","coordinates":%s}}`, side, coordinates)
}

func ownMap(members string, features ...string) string {
	return "{\"type\":\"FeatureCollection\"," + members + "\n\"features\":[\n" + strings.Join(features, ",\n") + "]}"
}

func daily(day, coordinates string) string {
	return fmt.Sprintf(`{"type":"FeatureCollection","name":"deepstatemap_data_%s","features":[
{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":%s}}]}`, day, coordinates)
}

func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func load(t interface {
	Helper()
	Fatalf(string, ...any)
}, files map[string]string) *control.Maps {
	t.Helper()
	m, errs := control.Load(folder(files))
	if len(errs) > 0 {
		t.Fatalf("load: %v", errs)
	}
	return m
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRefusedByName(t *testing.T) {
	t.Parallel()
	good := ownMap("", ground("ru", square(37, 47, 38, 48)))
	for name, tc := range map[string]struct {
		file, text string
		want       string // the whole error after "control: FILE"
	}{
		"unclosed ring": {"20241024.geojson", ownMap("", ground("ru", `[[[37,47],[38,47],[38,48],[37,47.1]]]`)),
			": line 3, column 90, features[0].geometry.coordinates[0]: ring is not closed: starts at [37 47], ends at [37 47.1] (ring-closed)"},
		"swapped": {"20241024.geojson", ownMap("", ground("ru", square(47, 37, 48, 38))),
			": line 3, features[0]: coordinates look swapped: map reaches from 37.00, 47.00 to 38.00, 48.00 (lat, lon), outside the theatre of 43 to 56 N, 21 to 43 E"},
		"elsewhere": {"20241024.geojson", ownMap("", ground("ru", square(2, 48, 3, 49))),
			": line 3, features[0]: map reaches from 48.00, 2.00 to 49.00, 3.00 (lat, lon), outside the theatre of 43 to 56 N, 21 to 43 E"},
		"swapped daily": {"deepstatemap_data_20241024.geojson", daily("20241024", square(47, 37, 48, 38)),
			": line 2, features[0]: coordinates look swapped: map reaches from 37.00, 47.00 to 38.00, 48.00 (lat, lon), outside the theatre of 43 to 56 N, 21 to 43 E"},
		"inner date of daily": {"deepstatemap_data_20241024.geojson", daily("20241025", square(37, 47, 38, 48)),
			`: line 1, name: the map calls itself "deepstatemap_data_20241025", the file is of 2024-10-24`},
		"inner date": {"20241024.geojson", ownMap(`"as_of":"2024-10-25T00:00:00Z",`, ground("ru", square(37, 47, 38, 48))),
			": line 1, as_of: the map says 2024-10-25T00:00:00Z, but its name says 2024-10-24T00:00:00Z"},
		"inner minute": {"x_20241024T0600Z.geojson", ownMap(`"as_of":"2024-10-24T07:00:00Z",`, ground("ru", square(37, 47, 38, 48))),
			": line 1, as_of: the map says 2024-10-24T07:00:00Z, but its name says 2024-10-24T06:00:00Z"},
		"as_of is no time":    {"20241024.geojson", ownMap(`"as_of":"yesterday",`, ground("ru", square(37, 47, 38, 48))), `: line 1, as_of: "yesterday" is neither a time (RFC 3339) nor a date (YYYY-MM-DD)`},
		"no date":             {"front.geojson", good, ": no date, neither in the name (YYYYMMDD or YYYY-MM-DD) nor as as_of"},
		"unix time":           {"1722544807.geojson", good, ": no date, neither in the name (YYYYMMDD or YYYY-MM-DD) nor as as_of"},
		"no real date":        {"20241324.geojson", good, ": the name holds no real date: 20241324"},
		"two dates":           {"20241024-20241025.geojson", good, ": the name holds more than one date"},
		"unknown side":        {"20241024.geojson", ownMap("", ground("ru", square(37, 47, 38, 48)), ground("Occupied", square(37, 47, 38, 48))), `: line 4, features[1]: side "Occupied" is none of ru, ua, contested`},
		"no side":             {"20241024.geojson", ownMap("", `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":`+square(37, 47, 38, 48)+`}}`), ": line 3, features[0]: a polygon without side or status"},
		"side against status": {"20241024.geojson", ownMap("", strings.Replace(ground("ru", square(37, 47, 38, 48)), `{"side"`, `{"status":"ua","side"`, 1)), `: line 3, features[0]: side "ru" contradicts status "ua"`},
		"no ground":           {"20241024.geojson", ownMap(""), ": not a control map: no polygon with a side of ru, ua or contested"},
		"other format":        {"20241024.json", `{"places":[],"frontline":[]}`, `: line 1, column 1: no "type" (missing-member)`},
		"other kind of file":  {"20241024.kml", "<kml/>", ": not a control map: the name ends neither in .geojson nor in .json"},
		"complement":          {"20241024.geojson", ownMap(`"complement":"all",`, ground("ru", square(37, 47, 38, 48))), ": line 1, complement: complement must be ru or ua"},
		"second feature":      {"deepstatemap_data_20241024.geojson", ownMap("", ground("ru", square(37, 47, 38, 48)), ground("ru", square(37, 47, 38, 48))), ": a daily map has one feature, this one has 2"},
		"properties in daily": {"deepstatemap_data_20241024.geojson", ownMap("", ground("ru", square(37, 47, 38, 48))), ": line 3, features[0]: not a daily map: its one feature must be ground without properties"},
		"same moment":         {"z_20200101.geojson", ownMap(`"provider":"own",`, ground("ru", square(37, 47, 38, 48))), ": another map of own as of 2020-01-01T00:00:00Z is already in 20200101.geojson"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, errs := control.Load(folder(map[string]string{"20200101.geojson": good, tc.file: tc.text}))
			if len(errs) != 1 {
				t.Fatalf("errors %v", errs)
			}
			var fe *control.FileError
			if want := "control: " + tc.file + tc.want; !errors.As(errs[0], &fe) || fe.File != tc.file || errs[0].Error() != want {
				t.Errorf("got  %v\nwant %s", errs[0], want)
			}
			if n := len(m.Editions()); n != 1 {
				t.Errorf("%d editions are used, want the good one", n)
			}
		})
	}
}

func TestNamesDatesAndProviders(t *testing.T) {
	t.Parallel()
	ru := ground("ru", square(37, 47, 38, 48))
	m := load(t, map[string]string{
		"README.md": "x", ".hidden": "x", ".git/config": "x", "LICENSE": "x",
		"20241024.geojson":                        ownMap("", ru),
		"deep/Atlas_2024-10-25.geojson":           ownMap("", ru),
		"atlas-20241026T0615Z.json":               ownMap("", ru),
		"atlas 20241027.geojson":                  ownMap(`"as_of":"2024-10-27T20:00:00+02:00",`, ru),
		"x_20241028.geojson":                      ownMap(`"provider":"Named one",`, ru),
		"undated.geojson":                         ownMap(`"as_of":"2024-10-29T05:00:00Z",`, ru),
		"by feature.geojson":                      ownMap("", strings.Replace(ru, `"properties":{`, `"properties":{"as_of":"2024-10-30",`, 1)),
		"deepstatemap_data_20241024.geojson":      daily("20241024", square(37, 47, 38, 48)),
		"with point_20241031.geojson":             ownMap("", ru, `{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[2,48]}}`),
		"crossing_20241101.geojson":               ownMap("", ground("ru", `[[[37,47],[38,48],[38,47],[37,48],[37,47]]]`)),
		"with null geometry_2024-11-02.geojson":   ownMap("", ru, `{"type":"Feature","properties":null,"geometry":null}`),
		"shrunk/with null geometry_20241103.json": ownMap("", ground("ru", square(37, 47, 37.5, 48))),
	})
	var got []string
	for _, e := range m.Editions() {
		got = append(got, fmt.Sprint(e.Provider, " ", e.AsOf.Format(time.RFC3339), " ", e.File, " ", e.Flags))
	}
	want := []string{
		"Named one 2024-10-28T00:00:00Z x_20241028.geojson []",
		"atlas 2024-10-25T00:00:00Z deep/Atlas_2024-10-25.geojson []",
		"atlas 2024-10-26T06:15:00Z atlas-20241026T0615Z.json []",
		"atlas 2024-10-27T18:00:00Z atlas 20241027.geojson []",
		"crossing 2024-11-01T00:00:00Z crossing_20241101.geojson [geometry suspect: line 3, features[0].geometry.coordinates: self-crossing at 47.500000, 37.500000: edges cross]",
		"deepstate 2024-10-24T03:00:00Z deepstatemap_data_20241024.geojson []",
		"own 2024-10-24T00:00:00Z 20241024.geojson []",
		"own 2024-10-29T05:00:00Z undated.geojson []",
		"own 2024-10-30T00:00:00Z by feature.geojson []",
		"with null geometry 2024-11-02T00:00:00Z with null geometry_2024-11-02.geojson [1 features without geometry]",
		"with null geometry 2024-11-03T00:00:00Z shrunk/with null geometry_20241103.json [area fell by 50 %, from 8377 to 4188 km2, since with null geometry_2024-11-02.geojson]",
		"with point 2024-10-31T00:00:00Z with point_20241031.geojson [1 features are not ground and were dropped]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Edition 1 (day 1): ru 37-38 E, contested 38-38.5 E, ua 38.5-39 E.
// Edition 2 (day 5): ru has taken the contested strip.
func threeSides(extra string) map[string]string {
	return map[string]string{
		"20241001.geojson": ownMap(extra, ground("ru", square(37, 47, 38, 48)), ground("contested", square(38, 47, 38.5, 48)), ground("ua", square(38.5, 47, 39, 48))),
		"20241005.geojson": ownMap(extra, ground("ru", square(37, 47, 38, 48)), ground("ru", square(38, 47, 38.5, 48)), ground("ua", square(38.5, 47, 39, 48))),
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	m := load(t, threeSides(""))
	for name, tc := range map[string]struct {
		lon            float64
		when           string
		side, edition  control.Side
		found          bool
		file           string
		ageH, distance float64
	}{
		"before the first edition": {37.5, "2024-09-30T23:59:59Z", control.Unknown, control.Unknown, false, "", 0, 0},
		"ru":                       {37.9, "2024-10-02T12:00:00Z", control.RU, control.RU, true, "20241001.geojson", 36, -7534.35},
		"contested, then ru":       {38.1, "2024-10-01T00:00:00Z", control.Contested, control.Contested, true, "20241001.geojson", 0, 7534.35},
		"ru after":                 {38.1, "2024-10-05T00:00:00Z", control.RU, control.RU, true, "20241005.geojson", 0, -30137.4},
		"last moment before":       {38.1, "2024-10-04T23:59:59Z", control.Contested, control.Contested, true, "20241001.geojson", 95.9997, 7534.35},
		"ua":                       {38.9, "2024-10-20T00:00:00Z", control.UA, control.UA, true, "20241005.geojson", 360, 30137.4},
		"not covered":              {39.5, "2024-10-20T00:00:00Z", control.Unknown, control.Unknown, true, "20241005.geojson", 360, 75343.5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := m.At(47.5, tc.lon, at(tc.when))
			if len(answers) != 1 {
				t.Fatalf("answers %+v", answers)
			}
			a := answers[0]
			if a.Provider != "own" || a.Side != tc.side || a.EditionSide != tc.edition || a.Found != tc.found || a.File != tc.file ||
				math.Abs(a.AgeHours-tc.ageH) > 0.001 || a.Complement {
				t.Errorf("got %+v", a)
			}
			if tc.found && (a.DistanceM == nil || math.Abs(*a.DistanceM-tc.distance) > 0.001*math.Abs(tc.distance)) {
				t.Errorf("distance %v, want %v", *a.DistanceM, tc.distance)
			}
		})
	}
	first := m.At(47.5, 38.1, at("2024-10-03T00:00:00Z"))[0]
	if first.NextHours == nil || *first.NextHours != 48 || first.NextFile != "20241005.geojson" {
		t.Errorf("next edition %+v", first)
	}
	if last := m.At(47.5, 38.1, at("2024-10-06T00:00:00Z"))[0]; last.NextHours != nil {
		t.Errorf("nothing follows the last edition: %+v", last)
	}
	with := load(t, threeSides(`"complement":"ua",`))
	if a := with.At(47.5, 39.5, at("2024-10-06T00:00:00Z"))[0]; a.Side != control.UA || !a.Complement {
		t.Errorf("complement: %+v", a)
	}
	if a := with.At(47.5, 44.5, at("2024-10-06T00:00:00Z"))[0]; a.Side != control.Unknown {
		t.Errorf("outside the theatre: %+v", a)
	}
}

func TestGroundDrawnTwiceIsContested(t *testing.T) {
	t.Parallel()
	m := load(t, map[string]string{
		"20241001.geojson": ownMap("", ground("ru", square(37, 47, 38, 48)), ground("ua", square(37.5, 47, 38.5, 48)), ground("contested", square(37, 47, 37.2, 48))),
		"20241002.geojson": ownMap("", ground("ru", square(37, 47, 40, 48))),
	})
	for lon, want := range map[float64]control.Side{37.1: control.Contested, 37.3: control.RU, 37.7: control.Contested, 38.3: control.UA, 38.7: control.Unknown} {
		if a := m.At(47.5, lon, at("2024-10-01T00:00:00Z"))[0]; a.EditionSide != want {
			t.Errorf("%g E: %+v", lon, a)
		}
	}
	// What was not covered before was not gained.
	from, to := at("2024-10-01T00:00:00Z"), at("2024-10-02T00:00:00Z")
	if c := m.Operations(47.5, 39, 20_000, from, to)[0]; !c.Found || c.GainedRUKm2 != 0 || c.NearestM != nil {
		t.Errorf("unknown ground was gained: %+v", c)
	}
	if c := m.Operations(47.5, 37.75, 5_000, from, to)[0]; math.Abs(c.GainedRUKm2-math.Pi*25) > 0.5 {
		t.Errorf("contested ground became ru: %+v", c)
	}
}

// A place held by one side in an edition and by the other in the next is
// contested in between, never held.
func TestBetweenEditions(t *testing.T) {
	t.Parallel()
	m := load(t, map[string]string{
		"deepstatemap_data_20241024.geojson": daily("20241024", square(37, 47, 38, 48)),
		"deepstatemap_data_20241028.geojson": daily("20241028", square(37, 47, 38.5, 48)),
	})
	for when, want := range map[string]control.Side{
		"2024-10-24T03:00:00Z": control.Contested, "2024-10-26T00:00:00Z": control.Contested, "2024-10-28T03:00:00Z": control.RU,
	} {
		if a := m.At(47.5, 38.2, at(when))[0]; a.Side != want {
			t.Errorf("%s: %+v", when, a)
		}
		if a := m.At(47.5, 37.5, at(when))[0]; a.Side != control.RU {
			t.Errorf("%s, always held: %+v", when, a)
		}
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for day := 1; day <= 20; day++ {
		if day == 10 {
			continue
		}
		east := 38.0
		if day >= 13 {
			east = 38.5
		}
		date := fmt.Sprintf("202410%02d", day)
		files["deepstatemap_data_"+date+".geojson"] = daily(date, square(37, 47, east, 48))
	}
	m := load(t, files)
	days, ok := m.Missing("deepstate")
	if !ok || len(days) != 1 || !days[0].Equal(at("2024-10-10T00:00:00Z")) {
		t.Errorf("missing %v, %v", days, ok)
	}
	if _, ok := m.Missing("own"); ok {
		t.Error("a provider that is not there is daily")
	}
	for name, tc := range map[string]struct {
		lon, radiusM float64
		from, to     string
		ru, ua       bool
		sides        string
		band         bool
		marginM      float64
		editions     int
	}{
		// The change of 13 October lies in the seven days after the claim.
		"change follows":   {38.25, 10, "2024-10-08T03:00:00Z", "2024-10-08T09:00:00Z", true, true, "[ru ua]", false, 2000, 10},
		"long before":      {38.25, 10, "2024-10-03T03:00:00Z", "2024-10-03T04:00:00Z", false, true, "[ua]", false, 2000, 9},
		"long after":       {38.25, 10, "2024-10-18T03:00:00Z", "2024-10-18T04:00:00Z", true, false, "[ru]", false, 2000, 6},
		"near the line":    {38.02, 10, "2024-10-03T03:00:00Z", "2024-10-03T04:00:00Z", true, true, "[ua]", true, 2000, 9},
		"large disc":       {38.25, 18000, "2024-10-03T03:00:00Z", "2024-10-03T04:00:00Z", true, true, "[ua]", true, 2000, 9},
		"missing day":      {38.034, 10, "2024-10-11T02:00:00Z", "2024-10-11T02:00:00Z", true, true, "[ru ua]", true, 2000 + 1000*47.0/24, 9},
		"after the last":   {38.25, 10, "2024-11-15T00:00:00Z", "2024-11-15T00:00:00Z", true, false, "[ru]", false, 10000, 1},
		"before the first": {38.25, 10, "2024-09-10T00:00:00Z", "2024-09-10T00:00:00Z", false, true, "[ua]", false, 10000, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := m.Window(47.5, tc.lon, tc.radiusM, at(tc.from), at(tc.to))[0]
			ru, known := h.Allows(control.RU)
			ua, _ := h.Allows(control.UA)
			if ru != tc.ru || ua != tc.ua || !known || fmt.Sprint(h.Sides) != tc.sides || h.InBand != tc.band || len(h.Editions) != tc.editions {
				t.Errorf("ru %v ua %v known %v, %d editions, %+v", ru, ua, known, len(h.Editions), h)
			}
			if math.Abs(h.MarginM-tc.marginM) > 0.01 {
				t.Errorf("margin %v, want %v", h.MarginM, tc.marginM)
			}
		})
	}
	if h := m.Window(47.5, 60, 10, at("2024-10-08T00:00:00Z"), at("2024-10-08T00:00:00Z"))[0]; len(h.Sides) != 0 {
		t.Errorf("outside the theatre: %+v", h)
	}
	for _, day := range []string{"2024-08-30T00:00:00Z", "2024-12-20T00:00:00Z", "2014-10-08T00:00:00Z"} {
		if h := m.Window(47.5, 38.25, 10, at(day), at(day))[0]; len(h.Editions) != 0 || h.MinDistanceM != nil {
			t.Errorf("maps of another season answer for %s: %+v", day, h)
		}
		if c := m.Operations(47.5, 38.25, 20000, at(day).AddDate(0, 0, -7), at(day).AddDate(0, 0, 7))[0]; c.Found {
			t.Errorf("maps of another season answer for %s: %+v", day, c)
		}
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	files := threeSides("")
	files["20241009.geojson"] = ownMap("", ground("ru", square(37, 47, 38, 48)), ground("contested", square(38, 47, 38.5, 47.5)), ground("ua", square(38, 47.5, 38.5, 48)), ground("ua", square(38.5, 47, 39, 48)))
	m := load(t, files)
	get := func(from, to string, radiusM float64) control.Change {
		return m.Operations(47.5, 38.25, radiusM, at(from), at(to))[0]
	}
	disc := math.Pi * 10 * 10
	c := get("2024-10-02T00:00:00Z", "2024-10-04T00:00:00Z", 10_000)
	if !c.Found || !c.Complete || math.Abs(c.GainedRUKm2-disc) > 0.005*disc || c.GainedUAKm2 != 0 || c.ContestedKm2 != 0 ||
		c.NearestM == nil || *c.NearestM > c.RowM || c.Before.File != "20241001.geojson" || c.After.File != "20241005.geojson" {
		t.Errorf("ru takes the whole disc of %.1f km2: %+v", disc, c)
	}
	c = get("2024-10-05T00:00:00Z", "2024-10-09T00:00:00Z", 10_000)
	if math.Abs(c.GainedUAKm2-disc/2) > 0.01*disc || math.Abs(c.ContestedKm2-disc/2) > 0.01*disc || c.GainedRUKm2 != 0 {
		t.Errorf("half to ua, half contested: %+v", c)
	}
	// Nothing changes across the whole: the strip beside it does, 18.8 km away.
	far := m.Operations(47.5, 37.75, 30_000, at("2024-10-02T00:00:00Z"), at("2024-10-04T00:00:00Z"))[0]
	want := geo.DistanceM(geo.LatLon{Lat: 47.5, Lon: 37.75}, geo.LatLon{Lat: 47.5, Lon: 38})
	if far.NearestM == nil || math.Abs(*far.NearestM-want) > far.RowM || far.GainedRUKm2 <= 0 {
		t.Errorf("nearest %+v, want %v", far, want)
	}
	if near := m.Operations(47.5, 37.75, 10_000, at("2024-10-02T00:00:00Z"), at("2024-10-04T00:00:00Z"))[0]; near.NearestM != nil || near.GainedRUKm2 != 0 {
		t.Errorf("nothing within 10 km: %+v", near)
	}
	if c := get("2024-09-01T00:00:00Z", "2024-10-04T00:00:00Z", 1000); !c.Found || c.Complete {
		t.Errorf("no edition before: %+v", c)
	}
	if c := get("2024-11-01T00:00:00Z", "2024-11-04T00:00:00Z", 1000); c.Found {
		t.Errorf("only one edition: %+v", c)
	}
}

// Ground gained east of a meridian, then also west of it by the other side.
func TestAdvance(t *testing.T) {
	t.Parallel()
	m := together(t,
		mapOf("a", 1, 0, control.UA, drawn{control.RU: drawnBox(37, 46, 38, 49)}),
		mapOf("a", 3, 0, control.UA, drawn{control.RU: drawnBox(37, 46, 38.1, 49)}),
		mapOf("a", 5, 0, control.UA, drawn{control.RU: drawnBox(37, 46, 37.9, 49)}),
		mapOf("a", 7, 0, control.UA, drawn{control.RU: drawnBox(36.8, 46, 38, 49)}),
	)
	c := m.Operations(47.5, 38, 30_000, at("2024-10-01T00:00:00Z"), at("2024-10-03T00:00:00Z"))[0]
	strip := geo.DistanceM(geo.LatLon{Lat: 47.5, Lon: 38}, geo.LatLon{Lat: 47.5, Lon: 38.1})
	if a := c.AdvanceRU; a == nil || math.Abs(a.BearingDeg-90) > 1 || a.Steady < 0.999 || math.Abs(a.DepthM-strip/2) > 0.02*strip || c.AdvanceUA != nil {
		t.Errorf("to the east, half of %.0f m deep: %+v, %+v", strip, c.AdvanceRU, c.AdvanceUA)
	}
	c = m.Operations(47.5, 37.7, 30_000, at("2024-10-03T00:00:00Z"), at("2024-10-05T00:00:00Z"))[0]
	if a := c.AdvanceUA; a == nil || math.Abs(a.BearingDeg-270) > 1 || a.Steady < 0.999 || c.AdvanceRU != nil {
		t.Errorf("to the west: %+v, %+v", c.AdvanceRU, c.AdvanceUA)
	}
	if c.NearestDeg == nil || math.Abs(*c.NearestDeg-90) > 2 || math.Abs(*c.NearestM-geo.DistanceM(geo.LatLon{Lat: 47.5, Lon: 37.7}, geo.LatLon{Lat: 47.5, Lon: 37.9})) > c.RowM {
		t.Errorf("nearest %+v", c)
	}
	// Both ways at once: the mean points nowhere.
	c = m.Operations(47.5, 37.4, 60_000, at("2024-10-05T00:00:00Z"), at("2024-10-07T00:00:00Z"))[0]
	if a := c.AdvanceRU; a == nil || a.Steady > 0.5 {
		t.Errorf("to both sides: %+v", a)
	}
	if c := m.Operations(47.5, 38.05, 1000, at("2024-10-01T00:00:00Z"), at("2024-10-03T00:00:00Z"))[0]; c.NearestM == nil || *c.NearestM > c.RowM {
		t.Errorf("the place itself changed: %+v", c)
	}
}

// Version depends on the content, not on the names of the files.
func TestVersion(t *testing.T) {
	t.Parallel()
	text := ownMap(`"provider":"a","as_of":"2024-10-24T00:00:00Z",`, ground("ru", square(37, 47, 38, 48)))
	one := load(t, map[string]string{"x.geojson": text})
	two := load(t, map[string]string{"a/b_20241024.geojson": text})
	other := load(t, map[string]string{"x.geojson": text + "\n"})
	if one.Version() != two.Version() || one.Version() == other.Version() || len(one.Version()) != 64 {
		t.Errorf("%s, %s, %s", one.Version(), two.Version(), other.Version())
	}
}

// Adding an older edition never changes an answer that already had one.
func TestOlderEditionChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		files := threeSides("")
		lat, lon := rapid.Float64Range(46.8, 48.2).Draw(t, "lat"), rapid.Float64Range(36.8, 39.2).Draw(t, "lon")
		when := at("2024-10-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour)
		want := load(t, files).At(lat, lon, when)
		files["20240901.geojson"] = ownMap("", ground("ua", square(37, 47, 39, 48)))
		if diff := cmp.Diff(want, load(t, files).At(lat, lon, when)); diff != "" {
			t.Fatalf("(-without +with)\n%s", diff)
		}
	})
}

func TestNoFolder(t *testing.T) {
	t.Parallel()
	m, errs := control.Load(os.DirFS(filepath.Join(t.TempDir(), "absent")))
	if len(errs) != 1 || !errors.Is(errs[0], fs.ErrNotExist) || len(m.Editions()) != 0 {
		t.Errorf("errors %v", errs)
	}
	now := at("2024-10-25T00:00:00Z")
	if len(m.At(47, 37, now))+len(m.Window(47, 37, 1, now, now))+len(m.Operations(47, 37, 1, now, now)) != 0 {
		t.Error("answers without maps")
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("20241024.geojson", ownMap("", ground("ru", square(37, 47, 38, 48))))
	f.Add("deepstatemap_data_20241024.geojson", daily("20241024", square(37, 47, 38, 48)))
	f.Add("a_2024-10-24T0600Z.json", ownMap(`"as_of":"2024-10-24T06:00:00Z","provider":"b",`, ground("ua", square(37, 47, 38, 48))))
	f.Fuzz(func(t *testing.T, name, text string) {
		if strings.ContainsAny(name, "/\x00") || name == "" || name == "." || name == ".." {
			return
		}
		m, errs := control.Load(fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}})
		for _, err := range errs {
			var fe *control.FileError
			if !errors.As(err, &fe) || fe.File == "" {
				t.Fatalf("%q: %#v", name, err)
			}
		}
		when := at("2024-10-25T00:00:00Z")
		m.At(47.5, 37.5, when)
		m.Window(47.5, 37.5, 100, when, when)
		m.Operations(47.5, 37.5, 1000, when, when)
	})
}
