package feature_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"whenwhere/internal/feature"
	"whenwhere/internal/geo"
)

func written(t *testing.T, about any, all ...feature.Feature) string {
	t.Helper()
	var out strings.Builder
	w := feature.NewWriter(&out, about)
	for _, f := range all {
		if err := w.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	point := feature.Feature{ID: "A", Geometry: feature.Point(37.123456789, 48.5), Properties: feature.Properties{"kind": "claim"}}
	nowhere := feature.Feature{Properties: struct {
		N int `json:"n"`
	}{3}}
	for name, c := range map[string]struct {
		got, want string
	}{
		"empty":  {written(t, nil), `{"type":"FeatureCollection","features":[]}` + "\n"},
		"one":    {written(t, nil, point), `{"type":"FeatureCollection","features":[` + "\n" + `{"id":"A","type":"Feature","geometry":{"type":"Point","coordinates":[37.1234568,48.5]},"properties":{"kind":"claim"}}]}` + "\n"},
		"two":    {written(t, nil, nowhere, nowhere), `{"type":"FeatureCollection","features":[` + "\n" + `{"type":"Feature","geometry":null,"properties":{"n":3}},` + "\n" + `{"type":"Feature","geometry":null,"properties":{"n":3}}]}` + "\n"},
		"banner": {written(t, map[string]string{"audience": "public"}), `{"type":"FeatureCollection","audience":"public","features":[]}` + "\n"},
		"nobody": {written(t, map[string]string{}), `{"type":"FeatureCollection","features":[]}` + "\n"},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// Package geo reads strictly what this one writes: closed rings of the right winding with four distinct positions.
func TestPolygonsAreReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(-170, 170).Draw(t, "lon"), rapid.Float64Range(-80, 80).Draw(t, "lat")
		size := rapid.SampledFrom([]float64{2e-7, 1e-5, 0.01, 3}).Draw(t, "size")
		box := func(west, south, size float64) orb.Ring {
			return orb.Ring{{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}}
		}
		p := orb.Polygon{box(lon, lat, size), box(lon+size/4, lat+size/4, size/2)}
		if rapid.Bool().Draw(t, "other way") {
			p[0].Reverse()
		}
		if rapid.Bool().Draw(t, "hole the other way") {
			p[1].Reverse()
		}
		before := p.Clone()
		var out strings.Builder
		if err := feature.Write(&out, []feature.Feature{{Geometry: p, Properties: feature.Properties{"a": 1}}, {Geometry: orb.MultiPolygon{p}, Properties: feature.Properties{"a": 1}}}); err != nil {
			t.Fatal(err)
		}
		if !p.Equal(before) {
			t.Fatal("the given geometry was changed")
		}
		if _, err := geo.Decode([]byte(out.String()), geo.Limits{}); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		read, err := geojson.UnmarshalFeatureCollection([]byte(out.String())) // package geo would turn rings the right way
		if err != nil || len(read.Features) != 2 {
			t.Fatal(err)
		}
		for _, q := range append(read.Features[1].Geometry.(orb.MultiPolygon), read.Features[0].Geometry.(orb.Polygon)) {
			if q[0].Orientation() != orb.CCW || len(q) > 1 && q[1].Orientation() != orb.CW {
				t.Fatalf("winding\n%s", out.String())
			}
		}
	})
}

func TestRounding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want orb.Geometry }{
		"line":        {orb.LineString{{1.00000001, 2}, {1.00000002, 2}, {3, 4}}, orb.LineString{{1, 2}, {3, 4}}},
		"short line":  {orb.LineString{{1.00000001, 2}, {1.00000002, 2}}, orb.LineString{{1.00000001, 2}, {1.00000002, 2}}},
		"lines":       {orb.MultiLineString{{{0.123456789, 0}, {1, 1}}}, orb.MultiLineString{{{0.1234568, 0}, {1, 1}}}},
		"tiny hole":   {orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}, {{.5, .2}, {.50000001, .2}, {.5, .20000001}, {.5, .2}}}, orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
		"a clockwise": {orb.Polygon{{{0, 0}, {0, 1}, {1, 1}, {0, 0}}}, orb.Polygon{{{0, 0}, {1, 1}, {0, 1}, {0, 0}}}},
		"other kind":  {orb.MultiPoint{{1, 2}}, orb.MultiPoint{{1, 2}}},
	} {
		if got := feature.Rounded(c.in); !orb.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

var errFull = errors.New("no space left")

type full struct{ after int }

func (f *full) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestFaults(t *testing.T) {
	t.Parallel()
	one := []feature.Feature{{Geometry: feature.Point(1, 2), Properties: feature.Properties{"a": 1}}}
	for _, room := range []int{0, 45, 110} {
		if err := feature.Write(&full{room}, one); !errors.Is(err, errFull) {
			t.Errorf("%d bytes of room: %v", room, err)
		}
	}
	if err := feature.NewWriter(&strings.Builder{}, []int{1}).Close(); err == nil {
		t.Error("members that are no object passed")
	}
	if err := feature.Write(&strings.Builder{}, []feature.Feature{{Properties: func() {}}}); err == nil {
		t.Error("properties that are no JSON passed")
	}
}
