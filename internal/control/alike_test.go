package control_test

import (
	"testing"
	"testing/fstest"

	"whenwhere/internal/control"
)

// A raw file draws contested ground, the daily files around it leave it out: it came to nobody. What ru takes of it is
// told all the same.
func TestTwoFormats(t *testing.T) {
	t.Parallel()
	const (
		held      = `[[37.1,47],[38,47],[38,49],[37.1,49],[37.1,47]]`
		advanced  = `[[37.05,47],[38,47],[38,49],[37.05,49],[37.05,47]]`
		contested = `[[37,47],[37.1,47],[37.1,49],[37,49],[37,47]]`
	)
	named := func(name, ring string) string {
		return `{"type":"Feature","properties":{"name":"` + name + `"},"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}`
	}
	collection := func(features string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`{"type":"FeatureCollection","features":[` + features + `]}`)}
	}
	daily := func(ring string) *fstest.MapFile {
		return collection(`{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[` + ring + `]]}}`)
	}
	m, errs := control.Load(fstest.MapFS{
		"deepstatemap_data_20241101.geojson": daily(held),
		"1730495471.geojson": collection(named("Окуповано /// Occupied /// geoJSON.status.occupied", held) + "," +
			named("Невідомий статус /// Unknown status /// geoJSON.status.unknown", contested)), // 2024-11-01T21:11:11Z
		"deepstatemap_data_20241102.geojson": daily(held),
		"deepstatemap_data_20241103.geojson": daily(advanced),
	})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, tc := range []struct {
		from, to string
		ru       bool
	}{
		{"2024-11-01T12:00:00Z", "2024-11-01T22:00:00Z", false}, // daily, raw
		{"2024-11-01T22:00:00Z", "2024-11-02T12:00:00Z", false}, // raw, daily
		{"2024-11-01T22:00:00Z", "2024-11-03T12:00:00Z", true},  // raw, daily with an advance into contested ground
	} {
		d, err := m.Diff(at(tc.from), at(tc.to), "deepstate")
		if err != nil || !d.Found {
			t.Fatal(err, d.Found)
		}
		if d.GainedUAKm2 != 0 || d.ContestedKm2 != 0 || (d.GainedRUKm2 > 800) != tc.ru {
			t.Errorf("%s to %s: diff: ru %.2f, ua %.2f, contested %.2f km2", tc.from, tc.to, d.GainedRUKm2, d.GainedUAKm2, d.ContestedKm2)
		}
	}
	// The edition in force at from and the first at or after to: raw, daily.
	for to, ru := range map[string]bool{"2024-11-02T02:00:00Z": false, "2024-11-03T02:00:00Z": true} {
		c := m.Operations(48, 37.08, 5000, at("2024-11-01T22:00:00Z"), at(to))[0]
		if !c.Found || c.GainedUAKm2 != 0 || c.ContestedKm2 != 0 || (c.GainedRUKm2 > 10) != ru {
			t.Errorf("to %s: operations: %+v", to, c)
		}
	}
}
