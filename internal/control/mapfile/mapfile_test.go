package mapfile_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// All ground here is invented: squares of the plain.

// ring is a square from west, south to east, north; lon, lat.
func ring(w, s, e, n float64) string {
	return fmt.Sprintf(`[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]`, w, s, e, s, e, n, w, n, w, s)
}

// latLon is the same square with its axes in the order of UA Control Map.
func latLon(w, s, e, n float64) string { return ring(s, w, n, e) }

func polygon(rings ...string) string {
	return `{"type":"Polygon","coordinates":[` + strings.Join(rings, ",") + `]}`
}

func feature(properties, geometry string) string {
	return `{"type":"Feature","properties":` + properties + `,"geometry":` + geometry + `}`
}

// collection puts each feature on a line of its own, the first on line 2.
func collection(members string, features ...string) string {
	return `{"type":"FeatureCollection",` + members + `"features":[` + "\n" + strings.Join(features, ",\n") + `]}`
}

func named(name, geometry string) string { return feature(fmt.Sprintf(`{"name":%q}`, name), geometry) }

func rawMap(features ...string) string { return collection("", features...) }

func nzzMap(features ...string) string { return `{"value":` + collection("", features...) + `}` }

func nzzFeature(kind, date, from, to, geometry string) string {
	return feature(fmt.Sprintf(`{"type":%q,"date":%q,"_datefrom":%q,"_dateto":%q,"view":"daily"}`, kind, date, from, to), geometry)
}

func areaMap(areas, areasUA string) string {
	return "{\"areas\":[\n" + areas + "],\n\"areas_ua\":[" + areasUA + `],"frontline":[[48.1,37.1],[48.2,37.2]],"geos":{"ru":[{"c":[37.5,48.25],"d":"x"}],"ua":[]},"units":[{"a":1}]}`
}

func layer(name, geometry string) string {
	return feature(fmt.Sprintf(`{"layer":%q}`, name), geometry)
}

func ownMap(members string) string {
	return collection(members, feature(`{"side":"ru"}`, polygon(ring(37, 47, 38, 48))))
}

const occupiedName = "Окуповано /// Occupied /// geoJSON.status.occupied"

var (
	square  = polygon(ring(37, 47, 38, 48))
	control = layer("VIEW_RussiaCoTinUkraine_V3", square)
	held    = named(occupiedName, square)
)

func read(t testing.TB, name, text string, opt mapfile.Options) mapfile.Map {
	t.Helper()
	m, err := mapfile.Read(name, []byte(text), opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFormats(t *testing.T) {
	t.Parallel()
	day := func(s string) string { return s + "T00:00:00Z" }
	for name, tc := range map[string]struct {
		file, text, layer                        string
		provider, format, asOf, until, known     string
		rest                                     mapfile.Side
		ru, ua, contested, dropped, flags, cover int
	}{
		"own":           {"20241024.geojson", ownMap(""), "", "own", mapfile.FormatOwn, day("2024-10-24"), day("2024-10-25"), day("2024-10-25"), mapfile.Unknown, 1, 0, 0, 0, 0, 0},
		"own, a moment": {"20241024T0600Z.geojson", ownMap(""), "", "own", mapfile.FormatOwn, "2024-10-24T06:00:00Z", "", "2024-10-24T06:00:00Z", mapfile.Unknown, 1, 0, 0, 0, 0, 0},
		"own, known later": {"20241024.geojson", ownMap(`"known_at":"2024-10-26T12:00:00+03:00","licence":"CC-BY-4.0","provider":"mission","complement":"ua","coverage":` + polygon(ring(36, 46, 40, 50)) + `,`), "",
			"mission", mapfile.FormatOwn, day("2024-10-24"), day("2024-10-25"), "2024-10-26T09:00:00Z", mapfile.UA, 1, 0, 0, 0, 0, 1},
		"own, known on a day":  {"20241024.geojson", ownMap(`"known_at":"2024-10-26",`), "", "own", mapfile.FormatOwn, day("2024-10-24"), day("2024-10-25"), day("2024-10-27"), mapfile.Unknown, 1, 0, 0, 0, 0, 0},
		"own, members first":   {"20241024.geojson", `{"areas":[],"value":{},` + ownMap("")[1:], "", "own", mapfile.FormatOwn, day("2024-10-24"), day("2024-10-25"), day("2024-10-25"), mapfile.Unknown, 1, 0, 0, 0, 0, 0},
		"own, status and name": {"20241024.geojson", collection("", feature(`{"status":"ua","name":"a /// b","layer":"c"}`, square)), "", "own", mapfile.FormatOwn, day("2024-10-24"), day("2024-10-25"), day("2024-10-25"), mapfile.Unknown, 0, 1, 0, 0, 0, 0},
		"daily":                {"deepstatemap_data_20241024.geojson", collection("", feature("{}", square)), "", "deepstate", mapfile.FormatDaily, "2024-10-24T03:00:00Z", "", "2024-10-24T03:00:00Z", mapfile.UA, 1, 0, 0, 0, 0, 0},
		"publication": {"1722544807.geojson", rawMap(held,
			named("ОРДЛО /// CADR and CALR\u00a0/// geoJSON.territories.ordlo", square), named("x\n///\u00a0Occupied Crimea \n/// k", square),
			named("Статус невідомий /// Unknown status\u00a0/// geoJSON.status.unknown\n", square), named("Під питанням", square), named("- /// Contested /// -", square),
			named("Звільнено 27-31.03/// Liberated 27-31.03\u00a0/// geoJSON.status.dismissed_at {{at:27.03 - 31.03}}", square),
			named("a /// Liberated {{at:19.09}} /// b", square), named("Зміїний ///\u00a0Snake Island /// geoJSON.zmiinyi_island", square), named("Звільнено 23.03-26.03", square),
			named("Окупована область Петсамо\n///\nOccupied Petsamo\n/// geoJSON.territories.petsamo\n", polygon(ring(28, 68, 32, 70))),
			named("Острів Тузла /// Occupied Tuzla Island\u00a0/// geoJSON.territories.tuzla", square), named("Придністров'я/// Transnistria /// -", square),
			named("any text: units are dropped", `{"type":"Point","coordinates":[37.5,48.5,0]}`)), "",
			"deepstate", mapfile.FormatRaw, "2024-08-01T20:40:07Z", "", "2024-08-01T20:40:07Z", mapfile.UA, 3, 4, 3, 4, 0, 0},
		"publication of 2022": {"1648989208.geojson", rawMap(named("Окуповано. 01.04", square), named("Ізюм. Окуповано\u00a0", square), named("24.03", square), named("a /// Snake Island /// b", square),
			named("Крим", `{"type":"GeometryCollection","geometries":[`+polygon(ring(34, 45, 35, 45.5))+`,{"type":"Point","coordinates":[1,2]}]}`)), "",
			"deepstate", mapfile.FormatRaw, "2022-04-03T12:33:28Z", "", "2022-04-03T12:33:28Z", mapfile.UA, 3, 0, 2, 0, 2, 0},
		"isw": {"20230601.geojson", collection("", control, layer("MDS_AssessedRussianAdvanceInUkraine_view", square), layer("VIEW_ClaimedRussianTerritoryinUkraine_V2", "null"),
			layer("VIEW_ClaimedUkrainianCounteroffensives_V2", square)), "", "isw", mapfile.FormatISW, day("2023-06-01"), day("2023-06-02"), "2023-06-02T06:00:00Z", mapfile.UA, 1, 0, 2, 0, 1, 0},
		"isw, control by name":    {"20220901_RussianAssessedCoTinUkraine.geojson", collection("", feature(`{"FID":1}`, square)), "", "isw", mapfile.FormatISW, day("2022-09-01"), day("2022-09-02"), "2022-09-02T06:00:00Z", mapfile.UA, 1, 0, 0, 0, 0, 0},
		"isw, claimed by folder":  {"RussianClaimedCoTinUkraine/20220901.geojson", collection("", feature(`{"FID":1}`, square)), "", "isw-claimed", mapfile.FormatISW, day("2022-09-01"), day("2022-09-02"), "2022-09-02T06:00:00Z", mapfile.Unknown, 0, 0, 1, 0, 0, 0},
		"isw, advance by option":  {"20220901.geojson", collection("", feature(`{"FID":1}`, square)), "advance", "isw-advance", mapfile.FormatISW, day("2022-09-01"), day("2022-09-02"), "2022-09-02T06:00:00Z", mapfile.Unknown, 0, 0, 1, 0, 0, 0},
		"ua control map":          {"20241024.json", areaMap(latLon(37, 47, 38, 48), latLon(35, 51, 35.5, 51.5)), "", "uacontrolmap", mapfile.FormatUAControlMap, day("2024-10-24"), day("2024-10-25"), day("2024-10-25"), mapfile.UA, 1, 1, 0, 3, 0, 0},
		"ua control map, two":     {"20241024.json", `{"geos":[],"frontline":[[[48,37],[48,38]],[[49,37],[49,38]]],"areas":[` + latLon(37, 47, 38, 48) + `,` + latLon(38, 47, 39, 48) + `]}`, "", "uacontrolmap", mapfile.FormatUAControlMap, day("2024-10-24"), day("2024-10-25"), day("2024-10-25"), mapfile.UA, 2, 0, 0, 2, 0, 0},
		"nzz":                     {"2024-11-01.json", nzzMap(nzzFeature("nochange", "2024-10-31", "2024-10-21", "2024-10-31", square), nzzFeature("gains", "2024-10-31", "2024-10-21", "2024-10-31", square), nzzFeature("losses", "2024-10-31", "2024-10-21", "2024-10-31", square)), "", "nzz", mapfile.FormatNZZ, day("2024-10-31"), day("2024-11-01"), day("2024-11-02"), mapfile.UA, 2, 1, 0, 0, 0, 1},
		"nzz, another view":       {"2024-11-01.json", strings.Replace(nzzMap(nzzFeature("gains", "2024-10-31", "2024-10-21", "2024-10-31", square)), "daily", "weekly", 1), "", "nzz", mapfile.FormatNZZ, day("2024-10-31"), day("2024-11-01"), day("2024-11-02"), mapfile.UA, 1, 0, 0, 0, 1, 1},
		"nzz, long after its map": {"2024-11-20.json", nzzMap(nzzFeature("nochange", "2024-10-31", "2024-10-21", "2024-10-30", square)), "", "nzz", mapfile.FormatNZZ, day("2024-10-31"), day("2024-11-01"), day("2024-11-21"), mapfile.UA, 1, 0, 0, 0, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := read(t, tc.file, tc.text, mapfile.Options{Layer: tc.layer})
			until := ""
			if m.Until != nil {
				until = m.Until.Format(time.RFC3339)
			}
			got := fmt.Sprint(m.Provider, "|", m.Format, "|", m.AsOf.Format(time.RFC3339), "|", until, "|", m.KnownAt.Format(time.RFC3339), "|", m.Rest,
				"|", len(shapes(m, mapfile.RU)), len(shapes(m, mapfile.UA)), len(shapes(m, mapfile.Contested)), m.Dropped, len(m.Flags), len(m.Coverage))
			want := fmt.Sprint(tc.provider, "|", tc.format, "|", tc.asOf, "|", tc.until, "|", tc.known, "|", tc.rest, "|", tc.ru, tc.ua, tc.contested, tc.dropped, tc.flags, tc.cover)
			if got != want {
				t.Errorf("got  %s\nwant %s\nflags %q", got, want, m.Flags)
			}
			if m.KnownHow == "" || m.File != tc.file || len(m.SHA256) != 64 || (m.Licence == "") != (m.Format == mapfile.FormatOwn && m.Provider != "mission") {
				t.Errorf("%+v", m)
			}
		})
	}
}

// Who insists on the provider is heard, and the layers of isw are of isw.
func TestProviderOption(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ file, text, asked, want string }{
		{"20241024.geojson", ownMap(""), "mission", "mission"}, {"x_20241024.geojson", ownMap(""), "mission", "mission"},
		{"20241024.geojson", ownMap(`"provider":"mission",`), "mission", "mission"}, {"x_20241024.geojson", ownMap(""), "", "x"},
		{"1722544807.geojson", rawMap(held), "deepstate", "deepstate"},
		{"20220901_RussianClaimedCoTinUkraine.geojson", collection("", feature("{}", square)), "isw", "isw-claimed"},
		{"20220901_RussianClaimedCoTinUkraine.geojson", collection("", feature("{}", square)), "isw-claimed", "isw-claimed"},
	} {
		if m := read(t, tc.file, tc.text, mapfile.Options{Provider: tc.asked}); m.Provider != tc.want {
			t.Errorf("%s, asked for %q: %s, want %s", tc.file, tc.asked, m.Provider, tc.want)
		}
	}
}

// The same square read by each format is the same ground.
func TestAxes(t *testing.T) {
	t.Parallel()
	want := geo.AreaKm2(read(t, "20241024.geojson", ownMap(""), mapfile.Options{}).Ground[0].Shape)
	for file, text := range map[string]string{
		"20241024.json": areaMap(latLon(37, 47, 38, 48), ""), "1722544807.geojson": rawMap(held), "20230601.geojson": collection("", control),
		"2024-11-01.json": nzzMap(nzzFeature("gains", "2024-10-31", "2024-10-21", "2024-10-31", square)), "deepstatemap_data_20241024.geojson": collection("", feature("null", square)),
	} {
		m := read(t, file, text, mapfile.Options{})
		if b := m.Ground[0].Shape.Bound(); b.Min[0] != 37 || b.Min[1] != 47 || b.Max[0] != 38 || b.Max[1] != 48 || math.Abs(m.HeldKm2-want) > 1e-6 {
			t.Errorf("%s: %v, %.3f km2", file, b, m.HeldKm2)
		}
	}
}

// A bow-tie is read, and the doubt names where its edges cross.
func TestBowTie(t *testing.T) {
	t.Parallel()
	bow := `[[37,47],[38,48],[38,47],[37,48],[37,47]]`
	swapped := `[[47,37],[48,38],[47,38],[48,37],[47,37]]`
	for file, tc := range map[string]struct{ text, want string }{
		"20241024.geojson":   {collection("", feature(`{"side":"ru"}`, polygon(bow))), "line 2, features[0].geometry.coordinates"},
		"20241024.json":      {areaMap(swapped, ""), "line 2, areas[0]"},
		"1722544807.geojson": {rawMap(held, named(occupiedName, polygon(bow))), "line 3, features[1].geometry.coordinates"},
		"20230601.geojson":   {collection("", control, layer("VIEW_RussiaCoTinUkraine_V3", polygon(bow))), "line 3, features[1].geometry.coordinates"},
		"2024-11-01.json":    {nzzMap(nzzFeature("gains", "2024-10-31", "2024-10-21", "2024-10-31", polygon(bow))), "line 2, value.features[0].geometry.coordinates"},
	} {
		m := read(t, file, tc.text, mapfile.Options{})
		want := []string{"geometry suspect: " + tc.want + ": self-crossing at 47.500000, 37.500000: edges cross"}
		if diff := cmp.Diff(want, m.Flags); diff != "" {
			t.Errorf("%s (-want +got)\n%s", file, diff)
		}
	}
}

// A date of a polygon that is not the map's is a doubt, one that is no date says nothing.
func TestDateOfAPolygon(t *testing.T) {
	t.Parallel()
	ground := func(date string) string {
		return collection("", feature(`{"side":"ru","date":`+date+`}`, polygon(ring(37, 47, 38, 48))))
	}
	for date, want := range map[string]string{
		`"2024-10-24"`: "", `"2024-10-24T18:00:00Z"`: "", `"autumn"`: "", `20241025`: "",
		`"2024-10-25"`: "says 2024-10-25, the map is of 2024-10-24",
	} {
		m := read(t, "20241024.geojson", ground(date), mapfile.Options{})
		if got := strings.Join(m.Flags, "; "); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: flags %q", date, got)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	const swapped = "coordinates look swapped: map reaches from 37.00, 47.00 to 38.00, 48.00 (lat, lon), outside the theatre of 43 to 56 N, 21 to 43 E"
	deep := strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 4999) + `{"type":"Point","coordinates":[1,2]}` + strings.Repeat(`]}`, 4999)
	nzzAt := func(kind, date, geometry string) string {
		return nzzFeature(kind, date, "2024-10-21", "2024-10-31", geometry)
	}
	for name, tc := range map[string]struct {
		file, text string
		opt        mapfile.Options
		want       string // after "control: FILE"
	}{
		"raw: unknown name":        {"1722544807.geojson", rawMap(held, named("нове /// New class /// x", square)), mapfile.Options{}, `: line 3, features[1]: the name "нове /// New class /// x" is none of the known ones, so its status is not known`},
		"raw: only part of it":     {"1722544807.geojson", rawMap(named("a /// Occupied Moscow /// x", square)), mapfile.Options{}, `: line 2, features[0]: the name "a /// Occupied Moscow /// x" is none of the known ones, so its status is not known`},
		"raw: other with a date":   {"1722544807.geojson", rawMap(named("Зміїний 05.04", square)), mapfile.Options{}, `: line 2, features[0]: the name "Зміїний 05.04" is none of the known ones, so its status is not known`},
		"raw: no name":             {"1722544807.geojson", rawMap(held, feature("{}", square)), mapfile.Options{}, ": line 3, features[1]: a polygon without a name, which alone says its status"},
		"raw: two levels":          {"1722544807.geojson", rawMap(named("Крим", `{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[`+square+`]}]}`)), mapfile.Options{}, ": line 2, features[0]: a collection within a collection"},
		"raw: other file name":     {"deepstate_20240801.geojson", rawMap(held), mapfile.Options{}, ": a DeepState publication has no date inside: its name must be the time in unix seconds, like 1722544807.geojson"},
		"raw: before the war":      {"1022544807.geojson", rawMap(held), mapfile.Options{}, ": the name says 2002-05-28T00:13:27Z, before the war"},
		"raw: swapped":             {"1722544807.geojson", rawMap(named(occupiedName, polygon(ring(47, 37, 48, 38)))), mapfile.Options{}, ": line 2, features[0]: " + swapped},
		"raw: other wars only":     {"1722544807.geojson", rawMap(named("a /// Occupied Petsamo /// b", polygon(ring(28, 68, 32, 70)))), mapfile.Options{}, ": no content: no polygon of this war, which does not mean that nothing is occupied"},
		"raw: other provider":      {"1722544807.geojson", rawMap(held), mapfile.Options{Provider: "nzz"}, ": the provider is to be nzz, but this is a map of deepstate (format deepstate raw)"},
		"isw: unknown layer":       {"20230601.geojson", collection("", control, layer("VIEW_Other_V1", square)), mapfile.Options{}, `: line 3, features[1]: layer "VIEW_Other_V1" is none of the known ones`},
		"isw: without layer":       {"20230601.geojson", collection("", control, feature("{}", square)), mapfile.Options{}, ": line 3, features[1]: a feature without layer, and the name of the file says none"},
		"isw: another layer":       {"20230601.geojson", collection("", control), mapfile.Options{Layer: "advance"}, `: line 2, features[0]: layer "VIEW_RussiaCoTinUkraine_V3" is control, but the file is said to hold advance`},
		"isw: name against it":     {"20220901_RussianClaimedCoTinUkraine.geojson", collection("", feature("{}", square)), mapfile.Options{Layer: "control"}, ": the layer is to be control, but the name says claimed"},
		"isw: no such layer":       {"20230601.geojson", collection("", control), mapfile.Options{Layer: "partisans"}, `: layer "partisans" is none of control, advance, claimed, counteroffensive`},
		"isw: layer of another":    {"1722544807.geojson", rawMap(held), mapfile.Options{Layer: "advance"}, ": a layer is told of files of isw alone; this is a map of deepstate (format deepstate raw)"},
		"isw: no date":             {"map.geojson", collection("", control), mapfile.Options{}, ": no date in the name (YYYYMMDD or YYYY-MM-DD), and a map of isw has none inside"},
		"isw: only nulls":          {"20230601.geojson", collection("", layer("VIEW_RussiaCoTinUkraine_V3", "null")), mapfile.Options{}, ": no content: no polygon, which does not mean that nothing is occupied"},
		"isw: swapped":             {"20230601.geojson", collection("", layer("VIEW_RussiaCoTinUkraine_V3", polygon(ring(47, 37, 48, 38)))), mapfile.Options{}, ": line 2, features[0]: " + swapped},
		"areas: empty":             {"20241024.json", areaMap("", ""), mapfile.Options{}, ": areas: no content: areas is empty, which does not mean that nothing is occupied"},
		"areas: swapped":           {"20241024.json", areaMap(ring(37, 47, 38, 48), ""), mapfile.Options{}, ": line 2, areas[0]: " + swapped},
		"areas: unclosed":          {"20241024.json", areaMap(latLon(37, 47, 38, 48)+",\n[[47,37],[47,38],[48,38],[48,37]]", ""), mapfile.Options{}, ": line 3, areas[1]: ring is not closed: starts at [37 47], ends at [37 48] (lon, lat)"},
		"areas: two points":        {"20241024.json", areaMap("[[47,37],[47,38]]", ""), mapfile.Options{}, ": line 2, areas[0]: a ring of 2 positions, needs 4 (lon, lat)"},
		"areas: empty ring":        {"20241024.json", areaMap("[]", ""), mapfile.Options{}, ": line 2, column 1, areas[0]: an empty array has no place (not-empty)"},
		"areas: 500 degrees":       {"20241024.json", areaMap("[[47,37],[500,38],[48,38],[47,37]]", ""), mapfile.Options{}, ": line 2, column 11, areas[0][1][0]: latitude 500 is outside -90 to 90 (coordinate-range)"},
		"areas: -91 degrees":       {"20241024.json", areaMap("[[47,37],[-91,38],[48,38],[47,37]]", ""), mapfile.Options{}, ": line 2, column 11, areas[0][1][0]: latitude -91 is outside -90 to 90 (coordinate-range)"},
		"areas: Russian soil only": {"20241024.json", areaMap("", latLon(35, 51, 36, 52)), mapfile.Options{}, ": areas: no content: areas is empty, which does not mean that nothing is occupied"},
		"areas: more after it":     {"20241024.json", areaMap(latLon(37, 47, 38, 48), "") + "x", mapfile.Options{}, ": line 3, column 122: there is more after the end of the value (nothing-after-value)"},
		"areas: NaN":               {"20241024.json", areaMap("[[47,NaN]]", ""), mapfile.Options{}, ": line 2, column 6, areas[0][0][1]: 'N' where a value is needed (syntax)"},
		"areas: null ring":         {"20241024.json", areaMap("null", ""), mapfile.Options{}, ": line 2, column 1, areas[0]: null where an array is needed (type)"},
		"areas: three numbers":     {"20241024.json", areaMap("[[47,37,0]]", ""), mapfile.Options{}, ": line 2, column 9, areas[0][0][2]: a position of more than 2 numbers (position)"},
		"areas: one number":        {"20241024.json", areaMap("[[47]]", ""), mapfile.Options{}, ": line 2, column 2, areas[0][0]: a position of 1 numbers, needs 2 (position)"},
		"areas: twice":             {"20241024.json", `{"areas":[],"areas":[]}`, mapfile.Options{}, `: line 1, column 13, areas: key "areas" appears twice (duplicate-key)`},
		"areas: other case":        {"20241024.json", `{"areas":[],"Areas":[]}`, mapfile.Options{}, `: line 1, column 13, Areas: key "Areas" differs only by case from "areas" (case-variant-key)`},
		"areas: no date":           {"x.json", areaMap(latLon(37, 47, 38, 48), ""), mapfile.Options{}, ": no date in the name (YYYYMMDD or YYYY-MM-DD), and a UA Control Map has none inside"},
		"nzz: before its date":     {"2024-10-30.json", nzzMap(nzzAt("gains", "2024-10-31", square)), mapfile.Options{}, ": line 2, value.features[0].properties.date: the map is of 2024-10-31, but the file's name says 2024-10-30"},
		"nzz: two dates":           {"2024-11-01.json", nzzMap(nzzAt("gains", "2024-10-31", square), nzzAt("gains", "2024-10-30", square)), mapfile.Options{}, ": line 3, value.features[1]: dated 2024-10-30 (2024-10-21 to 2024-10-31), but the first feature 2024-10-31 (2024-10-21 to 2024-10-31)"},
		"nzz: no date inside":      {"2024-11-01.json", nzzMap(feature(`{"type":"gains"}`, square)), mapfile.Options{}, `: line 2, value.features[0].properties.date: "" is not a date (YYYY-MM-DD)`},
		"nzz: span backwards":      {"2024-11-01.json", nzzMap(nzzFeature("gains", "2024-10-31", "2024-11-01", "2024-10-31", square)), mapfile.Options{}, ": line 2, value.features[0].properties._datefrom: 2024-11-01 lies after _dateto, 2024-10-31"},
		"nzz: two levels":          {"2024-11-01.json", nzzMap(nzzAt("gains", "2024-10-31", `{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[`+square+`]}]}`)), mapfile.Options{}, ": line 2, value.features[0]: a collection within a collection"},
		"nzz: lines before it":     {"2024-11-01.json", "{\n\n\"value\":\n" + strings.TrimPrefix(nzzMap(nzzAt("claims", "2024-10-31", square)), `{"value":`), mapfile.Options{}, `: line 5, value.features[0]: type "claims" is none of nochange, gains, losses`},
		"nzz: unknown type":        {"2024-11-01.json", nzzMap(nzzAt("claims", "2024-10-31", square)), mapfile.Options{}, `: line 2, value.features[0]: type "claims" is none of nochange, gains, losses`},
		"nzz: swapped":             {"2024-11-01.json", nzzMap(nzzAt("gains", "2024-10-31", polygon(ring(47, 37, 48, 38)))), mapfile.Options{}, ": line 2, value.features[0]: " + swapped},
		"nzz: losses only":         {"2024-11-01.json", nzzMap(nzzAt("losses", "2024-10-31", square)), mapfile.Options{}, ": no content: no ground held by ru, which does not mean that nothing is occupied"},
		"nzz: null value":          {"2024-11-01.json", `{"value":null}`, mapfile.Options{}, ": line 1, column 10, value: null where an object is needed (type)"},
		"nzz: 500 degrees":         {"2024-11-01.json", nzzMap(nzzAt("gains", "2024-10-31", polygon("[[500,47],[38,47],[38,48],[500,47]]"))), mapfile.Options{}, ": line 2, column 178, value.features[0].geometry.coordinates[0][0][0]: longitude 500 is outside -180 to 180 (coordinate-range)"},
		"own: two providers":       {"20241024.geojson", ownMap(`"provider":"a",`), mapfile.Options{Provider: "b"}, `: provider: the map says "a", but the provider is to be "b"`},
		"own: bad provider":        {"20241024.geojson", ownMap(""), mapfile.Options{Provider: "a/b"}, `: "a/b" is not a provider's name`},
		"own: known before":        {"20241024.geojson", ownMap(`"known_at":"2024-10-22",`), mapfile.Options{}, ": line 1, known_at: known from 2024-10-23T00:00:00Z, before 2024-10-24T00:00:00Z, which the map describes"},
		"own: known is no time":    {"20241024.geojson", ownMap(`"known_at":17,`), mapfile.Options{}, ": line 1, known_at: 17 is neither a time (RFC 3339) nor a date (YYYY-MM-DD)"},
		"own: licence":             {"20241024.geojson", ownMap(`"licence":"a\nb",`), mapfile.Options{}, ": line 1, licence: licence must be a text of at most 200 printable characters"},
		"own: coverage alone":      {"20241024.geojson", ownMap(`"coverage":` + square + `,`), mapfile.Options{}, ": coverage: coverage without complement: it says where the complement holds"},
		"own: coverage swapped":    {"20241024.geojson", ownMap(`"complement":"ua","coverage":` + polygon(ring(47, 37, 48, 38)) + `,`), mapfile.Options{}, ": line 1, coverage: " + swapped},
		"own: coverage a point":    {"20241024.geojson", ownMap(`"complement":"ua","coverage":{"type":"Point","coordinates":[37,47]},`), mapfile.Options{}, ": line 1, coverage: coverage must be a Polygon or a MultiPolygon"},
		"own: coverage open":       {"20241024.geojson", ownMap(`"complement":"ua","coverage":` + polygon("[[37,47],[38,47],[38,48],[37,48]]") + `,`), mapfile.Options{}, ": line 1, coverage.coordinates[0]: ring is not closed: starts at [37 47], ends at [37 48]"},
		"own: coverage a bow-tie":  {"20241024.geojson", ownMap(`"complement":"ua","coverage":` + polygon("[[37,47],[38,48],[38,47],[37,48],[37,47]]") + `,`), mapfile.Options{}, ": line 1, coverage: geometry suspect: line 1, coordinates: self-crossing at 47.500000, 37.500000: edges cross"},
		"raw: a date as name":      {"20241024.geojson", rawMap(named("Крим", square)), mapfile.Options{}, ": line 2, features[0]: a polygon without side or status"},
		"not swapped":              {"20241024.geojson", collection("", feature(`{"side":"ru"}`, polygon(ring(47, 37, 60, 38)))), mapfile.Options{}, ": line 2, features[0]: map reaches from 37.00, 47.00 to 38.00, 60.00 (lat, lon), outside the theatre of 43 to 56 N, 21 to 43 E"},
		"unclosed":                 {"20241024.geojson", collection("", feature(`{"side":"ru"}`, polygon("[[37,47],[38,47],[38,48],[37,48]]"))), mapfile.Options{}, ": line 2, column 90, features[0].geometry.coordinates[0]: ring is not closed: starts at [37 47], ends at [37 48] (ring-closed)"},
		"two points":               {"20241024.geojson", collection("", feature(`{"side":"ru"}`, polygon("[[37,47],[38,47]]"))), mapfile.Options{}, ": line 2, column 90, features[0].geometry.coordinates[0]: a ring of 2 positions, needs 4 (ring-length)"},
		"no coordinates":           {"20241024.geojson", collection("", feature(`{"side":"ru"}`, polygon())), mapfile.Options{}, ": line 2, column 89, features[0].geometry.coordinates: an empty array has no place (not-empty)"},
		"null geometry alone":      {"20241024.geojson", collection("", feature(`{"side":"ru"}`, "null")), mapfile.Options{}, ": not a control map: no polygon with a side of ru, ua or contested"},
		"4,999 deep":               {"20241024.geojson", deep, mapfile.Options{}, ": line 1, column 345, " + strings.TrimPrefix(strings.Repeat(".geometries[0]", 8), ".") + ": nested deeper than 16 (max-depth)"},
		"other CRS":                {"20241024.geojson", ownMap(`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},`), mapfile.Options{}, ": line 1, column 35, crs: crs is not CRS84 (crs84-only)"},
		"EPSG:4326":                {"1722544807.geojson", collection(`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}},`, held), mapfile.Options{}, ": line 1, column 35, crs: crs is not CRS84 (crs84-only)"},
		"other date inside":        {"20241024.geojson", ownMap(`"date":"2024-10-25",`), mapfile.Options{}, ": line 1, date: the map says 2024-10-25T00:00:00Z, but its name says 2024-10-24T00:00:00Z"},
		"duplicate property":       {"1722544807.geojson", rawMap(feature(`{"name":"Крим","Name":"x"}`, square)), mapfile.Options{}, `: line 2, column 51, features[0].properties.Name: key "Name" differs only by case from "name" (case-variant-key)`},
		"not JSON":                 {"20241024.json", `{"areas":[`, mapfile.Options{}, ": line 1, column 11, areas[0]: the document ends where a value is needed (syntax)"},
		"another kind":             {"20241024.kml", "<kml/>", mapfile.Options{}, ": not a control map: the name ends neither in .geojson nor in .json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := mapfile.Read(tc.file, []byte(tc.text), tc.opt)
			var fe *mapfile.FileError
			if !errors.As(err, &fe) || fe.File != tc.file {
				t.Fatalf("%+v, error %v", m, err)
			}
			if want := "control: " + tc.file + tc.want; err.Error() != want {
				t.Errorf("\ngot  %v\nwant %s", err, want)
			}
		})
	}
}

// A file of a provider that is far larger than any published is refused.
func TestProviderLimits(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 5000 {
		if i > 0 {
			many.WriteString(",")
		}
		w := 30 + 0.0001*float64(i)
		many.WriteString(ring(w, 47, w+0.00005, 48))
	}
	rings := strings.ReplaceAll(many.String(), "]],[[", "]]],[[[")
	multi := `{"type":"MultiPolygon","coordinates":[[` + rings + `]]}`
	_, err := mapfile.Read("deepstatemap_data_20241024.geojson", []byte(collection("", feature("{}", multi))), mapfile.Options{})
	if err != nil {
		t.Errorf("25,000 positions: %v", err)
	}
	multi = `{"type":"MultiPolygon","coordinates":[[` + rings + `],[` + ring(40, 47, 41, 48) + `]]}`
	_, err = mapfile.Read("deepstatemap_data_20241024.geojson", []byte(collection("", feature("{}", multi))), mapfile.Options{})
	if err == nil || !strings.Contains(err.Error(), "25005 positions, limit 25000 for the format deepstate daily") {
		t.Errorf("25,005 positions: %v", err)
	}
	_, err = mapfile.Read("20241024.json", []byte(areaMap(many.String()+","+ring(40, 47, 41, 48), "")), mapfile.Options{})
	if err == nil || !strings.Contains(err.Error(), "more than 25000 positions (max-vertices)") {
		t.Errorf("25,005 positions in areas: %v", err)
	}
	padded := collection("", feature("{}", square)) + strings.Repeat(" ", 4<<20)
	_, err = mapfile.Read("deepstatemap_data_20241024.geojson", []byte(padded), mapfile.Options{})
	if err == nil || !strings.Contains(err.Error(), "limit 4194304 for the format deepstate daily") {
		t.Errorf("4 MB: %v", err)
	}
	long := areaMap(latLon(37, 47, 38, 48), "") + strings.Repeat(" ", 4<<20)
	_, err = mapfile.Read("20241024.json", []byte(long), mapfile.Options{})
	if err == nil || !strings.Contains(err.Error(), "limit 4194304 for the format uacontrolmap") {
		t.Errorf("4 MB: %v", err)
	}
}

// The ground does not depend on the order of features, where a ring starts or
// how it is wound.
func TestSameGround(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		corners := [][2]float64{{37, 47}, {38, 47}, {38.5, 47.7}, {37.5, 48}}
		start, back := rapid.IntRange(0, 3).Draw(t, "start"), rapid.Bool().Draw(t, "back")
		var points, axes []string
		for i := range 5 {
			k := (start + i) % 4
			if back {
				k = (start + 4 - i%4) % 4
			}
			points = append(points, fmt.Sprintf("[%g,%g]", corners[k][0], corners[k][1]))
			axes = append(axes, fmt.Sprintf("[%g,%g]", corners[k][1], corners[k][0]))
		}
		one, other := named(occupiedName, polygon("["+strings.Join(points, ",")+"]")), named(occupiedName, polygon(ring(39, 47, 40, 48)))
		if rapid.Bool().Draw(t, "order") {
			one, other = other, one
		}
		area := func(file, text string) float64 {
			m, err := mapfile.Read(file, []byte(text), mapfile.Options{})
			if err != nil || m.Flags != nil {
				t.Fatalf("%v %q", err, m.Flags)
			}
			return m.HeldKm2
		}
		want := area("1722544807.geojson", rawMap(named(occupiedName, polygon("[[37,47],[38,47],[38.5,47.7],[37.5,48],[37,47]]")), named(occupiedName, polygon(ring(39, 47, 40, 48)))))
		raw := area("1722544807.geojson", rawMap(one, other))
		lists := area("20241024.json", areaMap("["+strings.Join(axes, ",")+"],"+latLon(39, 47, 40, 48), ""))
		if math.Abs(raw-want) > 1e-6 || math.Abs(lists-want) > 1e-6 {
			t.Fatalf("%.6f and %.6f, want %.6f", raw, lists, want)
		}
	})
}
