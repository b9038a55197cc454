package geo_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"

	"whenwhere/internal/geo"
	"whenwhere/internal/strictjson"
)

func feature(geometry string) string {
	return `{"type":"Feature","properties":{},"geometry":` + geometry + `}`
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

func polygon(rings string) string { return `{"type":"Polygon","coordinates":[` + rings + `]}` }

func nested(n int) string {
	return strings.Repeat(`{"type":"GeometryCollection","geometries":[`, n) +
		`{"type":"Point","coordinates":[1,2]}` + strings.Repeat(`]}`, n)
}

// Each rule of the decoder with about the smallest document that breaks it.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	small := geo.Limits{MaxFeatures: 2, MaxRings: 2, MaxVertices: 9, MaxBytes: 400}
	triangle := `[[0,0],[1,0],[0,1],[0,0]]`
	for name, tc := range map[string]struct {
		doc    string
		limits geo.Limits
		rule   geo.Rule
		path   string
	}{
		"bytes":                  {strings.Repeat(" ", 401), small, strictjson.RuleBytes, ""},
		"duplicate key":          {`{"type":"Point","type":"Point"}`, geo.Limits{}, strictjson.RuleDuplicateKey, "type"},
		"case variant":           {`{"type":"Point","Coordinates":[1,2],"coordinates":[1,2]}`, geo.Limits{}, strictjson.RuleCaseVariant, "coordinates"},
		"duplicate in property":  {collection(`{"type":"Feature","geometry":null,"properties":{"a":{"b":1,"b":2}}}`), geo.Limits{}, strictjson.RuleDuplicateKey, "features[0].properties.a.b"},
		"json depth":             {nested(8), geo.Limits{}, strictjson.RuleDepth, strings.TrimPrefix(strings.Repeat(".geometries[0]", 8), ".")},
		"geometry depth":         {nested(4), geo.Limits{}, geo.RuleGeometryDepth, "geometries[0].geometries[0].geometries[0].geometries[0]"},
		"trailing":               {feature("null") + "x", geo.Limits{}, strictjson.RuleTrailing, ""},
		"features":               {collection(feature("null"), feature("null"), feature("null")), small, geo.RuleFeatures, "features[2]"},
		"rings":                  {`{"type":"MultiPolygon","coordinates":[[` + triangle + `],[` + triangle + `],[` + triangle + `]]}`, small, geo.RuleRings, "coordinates[2][0]"},
		"vertices":               {`{"type":"MultiPoint","coordinates":[[1,1]` + strings.Repeat(",[1,1]", 9) + `]}`, small, geo.RuleVertices, "coordinates[9]"},
		"not an object":          {`[]`, geo.Limits{}, strictjson.RuleType, ""},
		"no type":                {`{"coordinates":[1,2]}`, geo.Limits{}, geo.RuleMissing, ""},
		"null type":              {`{"type":null}`, geo.Limits{}, strictjson.RuleType, "type"},
		"unknown type":           {`{"type":"point","coordinates":[1,2]}`, geo.Limits{}, geo.RuleType, ""},
		"no features":            {`{"type":"FeatureCollection"}`, geo.Limits{}, geo.RuleMissing, ""},
		"feature is a geometry":  {collection(`{"type":"Point","coordinates":[1,2]}`), geo.Limits{}, geo.RuleType, "features[0]"},
		"no geometry member":     {`{"type":"Feature","properties":{}}`, geo.Limits{}, geo.RuleMissing, ""},
		"properties is a list":   {`{"type":"Feature","properties":[],"geometry":null}`, geo.Limits{}, geo.RuleType, ""},
		"other crs":              {`{"type":"Point","coordinates":[1,2],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}}}`, geo.Limits{}, geo.RuleCRS, "crs"},
		"null crs":               {`{"type":"Point","coordinates":[1,2],"crs":null}`, geo.Limits{}, geo.RuleCRS, "crs"},
		"no coordinates":         {collection(feature(`{"type":"Point"}`)), geo.Limits{}, geo.RuleMissing, "features[0].geometry"},
		"null coordinates":       {`{"type":"Point","coordinates":null}`, geo.Limits{}, geo.RulePosition, "coordinates"},
		"null polygon":           {`{"type":"Polygon","coordinates":null}`, geo.Limits{}, strictjson.RuleType, "coordinates"},
		"empty point":            {`{"type":"Point","coordinates":[]}`, geo.Limits{}, geo.RulePosition, "coordinates"},
		"point of one":           {`{"type":"Point","coordinates":[1]}`, geo.Limits{}, geo.RulePosition, "coordinates"},
		"point of four":          {`{"type":"Point","coordinates":[1,2,3,4]}`, geo.Limits{}, geo.RulePosition, "coordinates[3]"},
		"text for a number":      {`{"type":"Point","coordinates":["1",2]}`, geo.Limits{}, geo.RulePosition, "coordinates[0]"},
		"infinite":               {`{"type":"Point","coordinates":[1e999,2]}`, geo.Limits{}, strictjson.RuleType, "coordinates[0]"},
		"infinite height":        {`{"type":"Point","coordinates":[1,2,1e999]}`, geo.Limits{}, strictjson.RuleType, "coordinates[2]"},
		"NaN":                    {`{"type":"Point","coordinates":[NaN,2]}`, geo.Limits{}, strictjson.RuleSyntax, "coordinates[0]"},
		"longitude":              {`{"type":"Point","coordinates":[180.1,2]}`, geo.Limits{}, geo.RuleRange, "coordinates[0]"},
		"latitude":               {`{"type":"Point","coordinates":[1,-90.1]}`, geo.Limits{}, geo.RuleRange, "coordinates[1]"},
		"empty polygon":          {`{"type":"Polygon","coordinates":[]}`, geo.Limits{}, geo.RuleEmpty, "coordinates"},
		"empty ring":             {polygon(`[]`), geo.Limits{}, geo.RuleEmpty, "coordinates[0]"},
		"empty polygon in multi": {`{"type":"MultiPolygon","coordinates":[[]]}`, geo.Limits{}, geo.RuleEmpty, "coordinates[0]"},
		"null in collection":     {`{"type":"GeometryCollection","geometries":[null]}`, geo.Limits{}, strictjson.RuleType, "geometries[0]"},
		"empty collection":       {`{"type":"GeometryCollection","geometries":[]}`, geo.Limits{}, geo.RuleEmpty, "geometries"},
		"line of one":            {`{"type":"LineString","coordinates":[[1,2]]}`, geo.Limits{}, geo.RuleLine, "coordinates"},
		"short ring":             {polygon(`[[0,0],[1,0],[0,0]]`), geo.Limits{}, geo.RuleRingLength, "coordinates[0]"},
		"open ring":              {collection(feature("null"), feature(polygon(triangle+`,[[0,0],[1,0],[0,1],[0,0.1]]`))), geo.Limits{}, geo.RuleRingClosed, "features[1].geometry.coordinates[1]"},
		"two distinct":           {polygon(`[[0,0],[1,0],[0,0],[1,0],[0,0]]`), geo.Limits{}, geo.RuleRingDistinct, "coordinates[0]"},
		"wide ring":              {polygon(`[[-179,0],[179,0],[0,1],[-179,0]]`), geo.Limits{}, geo.RuleRingWidth, "coordinates[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := geo.Decode([]byte(tc.doc), tc.limits)
			var e *geo.Error
			if !errors.As(err, &e) {
				t.Fatalf("%s\ngot %+v, error %v", tc.doc, doc, err)
			}
			if e.Rule != tc.rule || e.Path != tc.path {
				t.Errorf("%s\ngot  %s at %q: %v\nwant %s at %q", tc.doc, e.Rule, e.Path, err, tc.rule, tc.path)
			}
		})
	}
}

func TestErrorNamesLine(t *testing.T) {
	t.Parallel()
	doc := "{\"type\":\"FeatureCollection\",\n\"features\":[\n" + feature("null") + ",\n" +
		feature("{\"type\":\"Polygon\",\n\"coordinates\":[[[0,0],[1,0],\n[0,91],[0,0]]]}") + "]}"
	_, err := geo.Decode([]byte(doc), geo.Limits{})
	const want = `line 6, column 4, features[1].geometry.coordinates[0][2][1]: latitude 91 is outside -90 to 90 (coordinate-range)`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestDecodeAccepts(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		nested(3), `{"type":"FeatureCollection","features":[]}`,
		`{"type":"Feature","geometry":null,"properties":null}`,
		`{"coordinates":[180,-90,1.5],"type":"Point"}`,
		`{"type":"Point","coordinates":[1,2],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}}`,
		`{"type":"LineString","coordinates":[[1,2],[1,2]]}`,
		`{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}`,
		polygon(`[[0,0],[0,0],[1,0],[0,1],[0,0]]`),
		polygon(`[[-90,0],[90,0],[0,1],[-90,0]]`),
	} {
		if _, err := geo.Decode([]byte(doc), geo.Limits{}); err != nil {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestDecodeKeepsWhatItRead(t *testing.T) {
	t.Parallel()
	doc := `{"type":"FeatureCollection","name":"x",
"features":[
 {"type":"Feature","id":7,"properties":{"a": 1.50, "b":[ ]},"geometry":{"type":"Point","coordinates":[37.5,48.25,9]}},
 {"type":"Feature","properties":null,"geometry":null},

 {"type":"Feature","geometry":{"type":"Polygon","coordinates":[
  [[0,0],[0,9],[0,9],[9,9],[9,0],[0,0]],
  [[1,1],[2,1],[2,2],[1,2],[1,1]]]}}
],
"as_of":"2024-08-01T00:00:00Z"}`
	got, err := geo.Decode([]byte(doc), geo.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f := got.Features
	if len(f) != 3 || f[0].Geometry != (orb.Point{37.5, 48.25}) || f[1].Geometry != nil || string(f[0].ID) != "7" ||
		string(f[0].Properties) != `{"a": 1.50, "b":[ ]}` || f[1].Properties != nil {
		t.Errorf("features %+v", f)
	}
	if f[0].Line != 3 || f[1].Line != 4 || f[2].Line != 6 || f[2].Path != "features[2]" {
		t.Errorf("lines %d %d %d path %s", f[0].Line, f[1].Line, f[2].Line, f[2].Path)
	}
	want := orb.Polygon{
		{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 9}, {0, 0}},
		{{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}},
	}
	if diff := cmp.Diff(orb.MultiPolygon{want}, f[2].Polygons()); diff != "" {
		t.Errorf("winding (-want +got)\n%s", diff)
	}
	counts := geo.Counts{Vertices: 12, Exteriors: 1, Holes: 1, ExteriorsClockwise: 1, HolesCounter: 1,
		RepeatedNeighbours: 1, WithZ: 1, NullGeometries: 1}
	if diff := cmp.Diff(counts, got.Counts); diff != "" {
		t.Errorf("counts (-want +got)\n%s", diff)
	}
	m, ok := got.Member("as_of")
	if !ok || string(m.Raw) != `"2024-08-01T00:00:00Z"` || m.Line != 10 || len(got.Members) != 2 {
		t.Errorf("members %+v", got.Members)
	}
}

func TestFlaws(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rings string
		kind  geo.FlawKind
		at    *geo.LatLon
	}{
		"bow-tie": { //   3_1
			//             X     crosses at 1,1
			//            0 2
			`[[0,0],[2,2],[2,0],[0,2],[0,0]]`, geo.SelfCrossing, &geo.LatLon{Lat: 1, Lon: 1}},
		"hole through shell": {`[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[6,2],[6,1],[1,1]]`,
			geo.SelfCrossing, &geo.LatLon{Lat: 2, Lon: 4}},
		"hole outside shell":    {`[[0,0],[4,0],[4,4],[0,4],[0,0]],[[5,1],[6,1],[6,2],[5,1]]`, geo.BadRings, nil},
		"interior disconnected": {`[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,2],[2,0],[4,2],[2,4],[0,2]]`, geo.BadRings, &geo.LatLon{Lat: 0, Lon: 2}},
		"hole in a hole":        {`[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,5],[5,5],[5,1],[1,1]],[[2,2],[2,3],[3,3],[3,2],[2,2]]`, geo.BadRings, nil},
		"spike":                 {`[[0,0],[4,0],[6,0],[4,0],[4,4],[0,0]]`, geo.BadRings, &geo.LatLon{Lat: 0, Lon: 4}},
		"touches its edge":      {`[[0,0],[4,0],[4,4],[2,0],[0,4],[0,0]]`, geo.BadRings, &geo.LatLon{Lat: 0, Lon: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := geo.Decode([]byte(collection(feature("null"), feature(polygon(tc.rings)))), geo.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			flaws := doc.Flaws()
			if len(flaws) != 1 {
				t.Fatalf("flaws %+v", flaws)
			}
			f := flaws[0]
			if f.Kind != tc.kind || !cmp.Equal(f.At, tc.at) || f.Path != "features[1].geometry.coordinates" || f.Line != 2 {
				t.Errorf("got %+v at %+v", f, f.At)
			}
		})
	}
	doc, err := geo.Decode([]byte(polygon(`[[0,0],[0,0],[4,0],[4,4],[0,0]],[[1,0.5],[3,0.5],[3,2],[1,0.5]]`)), geo.Limits{})
	if err != nil || len(doc.Flaws()) != 0 {
		t.Errorf("a good polygon with a repeated vertex: %+v, %v", doc.Flaws(), err)
	}
}

// A polygon has a flaw exactly when a separate library calls it invalid: rings
// on a small grid cross, touch, overlap and lie in one another all the time.
func TestFlawsAgainstAnotherLibrary(t *testing.T) {
	t.Parallel()
	valid, invalid := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var text []string
		var rings []geom.LineString
		for range rapid.IntRange(1, 3).Draw(t, "rings") {
			n := rapid.IntRange(3, 6).Draw(t, "corners")
			var at []string
			var flat []float64
			for i := range n + 1 {
				x, y := 0, 0
				if i < n {
					x, y = rapid.IntRange(0, 6).Draw(t, "x"), rapid.IntRange(0, 6).Draw(t, "y")
					flat = append(flat, float64(x), float64(y))
				} else {
					x, y = int(flat[0]), int(flat[1])
					flat = append(flat, flat[0], flat[1])
				}
				at = append(at, fmt.Sprintf("[%d,%d]", x, y))
			}
			text = append(text, "["+strings.Join(at, ",")+"]")
			rings = append(rings, geom.NewLineString(geom.NewSequence(flat, geom.DimXY)))
		}
		doc, err := geo.Decode([]byte(polygon(strings.Join(text, ","))), geo.Limits{})
		if err != nil {
			return // fewer than three distinct corners
		}
		flaws, want := doc.Flaws(), geom.NewPolygon(rings).Validate()
		if (len(flaws) > 0) != (want != nil) {
			t.Fatalf("%s: %+v, the other library: %v", text, flaws, want)
		}
		if want == nil {
			valid++
		} else {
			invalid++
		}
	})
	if valid == 0 || invalid == 0 {
		t.Errorf("%d valid and %d invalid polygons tried", valid, invalid)
	}
}

// A zigzag whose edges all lie over one another must not take quadratic time.
func TestFlawsAreBounded(t *testing.T) {
	t.Parallel()
	const n = 20_000
	var b strings.Builder
	b.WriteString("[[[0,0]")
	for i := range n {
		fmt.Fprintf(&b, ",[%d,%g]", 100*((i+1)%2), float64(40*((i+1)%2))+float64(i+1)/n)
	}
	b.WriteString(",[-1,60],[0,0]]]")
	doc, err := geo.Decode([]byte(`{"type":"Polygon","coordinates":`+b.String()+`}`), geo.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if f := doc.Flaws(); len(f) != 1 || f[0].Kind != geo.Unchecked {
		t.Errorf("flaws %+v", f)
	}
}

// Nested collections cost orb 7.3 s and 1.2 GB; here they end at the depth cap.
func TestHostileNestingIsCheap(t *testing.T) {
	t.Parallel()
	var e *geo.Error
	if _, err := geo.Decode([]byte(nested(4999)), geo.Limits{}); !errors.As(err, &e) || e.Rule != strictjson.RuleDepth {
		t.Errorf("got %v", err)
	}
}

// Many features on one long line: each must not cost a look back over the line
// (that took over 100 s for these 6 MB).
func TestOneLongLineIsCheap(t *testing.T) {
	t.Parallel()
	const n = 100_000
	start := time.Now()
	doc, err := geo.Decode([]byte(collection(strings.TrimSuffix(strings.Repeat(feature("null")+",", n), ","))), geo.Limits{})
	if took := time.Since(start); err != nil || len(doc.Features) != n || took > 30*time.Second {
		t.Errorf("%v, error %v", took, err)
	}
}

// Whatever is accepted can be measured without a panic and is within its caps.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{collection(feature(polygon(`[[0,0],[1,0],[0,1],[0,0]]`))), nested(2), feature("null"),
		`{"type":"MultiPolygon","coordinates":[[[[0,0],[2,2],[2,0],[0,2],[0,0]]]]}`, `{"type":"Point","coordinates":[]}`,
		`{"type":"MultiPoint","coordinates":[[1,2],[3,4,5]],"crs":{}}`, `{"type":"Polygon","coordinates":[[]]}`} {
		f.Add([]byte(s))
	}
	limits := geo.Limits{MaxBytes: 1 << 16, MaxVertices: 1000, MaxRings: 100, MaxFeatures: 100}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := geo.Decode(data, limits)
		if err != nil {
			var e *geo.Error
			if !errors.As(err, &e) || e.Line < 1 || e.Rule == "" {
				t.Fatalf("%q: untyped %#v", data, err)
			}
			return
		}
		if doc.Counts.Vertices > limits.MaxVertices || len(doc.Features) > limits.MaxFeatures {
			t.Fatalf("%q: over a cap: %+v", data, doc.Counts)
		}
		doc.Flaws()
		for _, feature := range doc.Features {
			if r, err := geo.NewRegion(feature.Polygons()); err == nil {
				r.SignedDistanceM(geo.LatLon{Lat: 48, Lon: 37})
				r.Row(0.5)
			}
		}
	})
}
