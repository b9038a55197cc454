package mapfile_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// reads feeds a target of one format. Whatever is read, only a *FileError that
// names the file, or a map that keeps the promises of Map, may come back.
func reads(f *testing.F, format string, seeds map[string][]string) {
	for name, texts := range seeds {
		for _, text := range texts {
			f.Add(name, text)
			if m, err := mapfile.Read(name, []byte(text), mapfile.Options{}); err == nil && m.Format != format {
				f.Fatalf("%s is read as %s, not %s", name, m.Format, format)
			}
		}
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		m, err := mapfile.Read(name, []byte(text), mapfile.Options{})
		var fe *mapfile.FileError
		if err != nil && (!errors.As(err, &fe) || fe.File != name || fe.Error() == "") {
			t.Fatalf("%q: %#v", name, err)
		}
		if err != nil {
			return
		}
		if m.Provider == "" || m.Format == "" || len(m.Ground) == 0 || m.AsOf.IsZero() || m.KnownAt.Before(m.AsOf) || m.KnownHow == "" ||
			m.HeldKm2 < 0 || math.IsNaN(m.HeldKm2) || m.Until != nil && !m.Until.After(m.AsOf) || m.Coverage != nil && m.Rest == mapfile.Unknown {
			t.Fatalf("%q: %+v", name, m)
		}
		for _, g := range m.Ground {
			if g.Side != mapfile.RU && g.Side != mapfile.UA && g.Side != mapfile.Contested {
				t.Fatalf("%q: side %q", name, g.Side)
			}
			for _, p := range g.Shape {
				for _, q := range p[0] {
					if !mapfile.InTheatre(geo.LatLon{Lat: q[1], Lon: q[0]}) {
						t.Fatalf("%q: ground at %v", name, q)
					}
				}
			}
			if _, err := geo.NewRegion(g.Shape); err != nil {
				t.Fatalf("%q: %v", name, err)
			}
		}
	})
}

// bent are faulty neighbours of a good text.
func bent(text string) []string {
	return []string{text, text[:len(text)/2], strings.Replace(text, "[37,47]", "[47,37]", 1), strings.Replace(text, "[37,47]", "[37]", 1),
		strings.ReplaceAll(text, "Polygon", "MultiPolygon"), strings.Replace(text, "38", "3.8e1", 1), strings.Replace(text, "{", `{"type":7,`, 1)}
}

func FuzzOwn(f *testing.F) {
	reads(f, mapfile.FormatOwn, map[string][]string{
		"20241024.geojson":        bent(ownMap(`"known_at":"2024-10-26","licence":"x","complement":"ua","coverage":` + polygon(ring(36, 46, 40, 50)) + `,`)),
		"a_2024-10-24T0600Z.json": bent(ownMap(`"as_of":"2024-10-24T06:00:00Z","provider":"b",`)),
	})
}

func FuzzDaily(f *testing.F) {
	reads(f, mapfile.FormatDaily, map[string][]string{"deepstatemap_data_20241024.geojson": bent(collection(`"name":"deepstatemap_data_20241024",`, feature("{}", square)))})
}

func FuzzRaw(f *testing.F) {
	collectionOf := named("Крим", `{"type":"GeometryCollection","geometries":[`+square+`,{"type":"Point","coordinates":[37.5,47.5,0]}]}`)
	reads(f, mapfile.FormatRaw, map[string][]string{
		"1722544807.geojson": bent(rawMap(held, named("a /// Liberated 25.03\u00a0/// b {{at:25.03}}", square), named("x /// Occupied Petsamo /// y", polygon(ring(28, 68, 32, 70))))),
		"1648989208.geojson": bent(rawMap(collectionOf, named("24.03", square))),
	})
}

func FuzzISW(f *testing.F) {
	reads(f, mapfile.FormatISW, map[string][]string{
		"20230601.geojson": bent(collection("", control, layer("VIEW_ClaimedRussianTerritoryinUkraine_V2", "null"))),
		"RussianAssessedAdvanceinUkraine/20220901_RussianAssessedAdvanceinUkraine.geojson": bent(collection("", feature(`{"FID":1}`, square))),
	})
}

func FuzzUAControlMap(f *testing.F) {
	reads(f, mapfile.FormatUAControlMap, map[string][]string{
		"20241024.json": bent(areaMap(latLon(37, 47, 38, 48), latLon(35, 51, 36, 52))),
		"20250201.json": bent(`{"geos":[],"frontline":[[[48,37],[48,38]]],"areas":[[[47,37],[47,38],[48,38],[47,37]]]}`),
	})
}

func FuzzNZZ(f *testing.F) {
	reads(f, mapfile.FormatNZZ, map[string][]string{
		"2024-11-01.json": bent(nzzMap(nzzFeature("gains", "2024-10-31", "2024-10-21", "2024-10-31", square), nzzFeature("losses", "2024-10-31", "2024-10-21", "2024-10-31", square))),
	})
}
