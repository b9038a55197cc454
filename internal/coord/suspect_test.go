package coord_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/coord"
	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
)

func TestSlipsAgainstANamedPlace(t *testing.T) {
	t.Parallel()
	town := coord.Evidence{What: "the town", At: []geo.LatLon{{Lat: 48.2, Lon: 37.64}}, RadiusM: 2000}
	for _, c := range []struct {
		lat, lon float64
		slip     coord.Slip
		axis     string
	}{
		{8.198743, 37.637989, coord.SlipMissing, "lat"}, {48.198743, 7.637989, coord.SlipMissing, "lon"}, {37.637989, 48.198743, coord.SlipSwapped, ""},
		{-48.198743, 37.637989, coord.SlipSign, "lat"}, {48.198743, 337.637989, coord.SlipExtra, "lon"}, {48.198743, 137.637989, coord.SlipExtra, "lon"},
		{84.198743, 37.637989, coord.SlipTransposed, "lat"}, {49.198743, 37.637989, coord.SlipWrong, "lat"}, {48.198743, 37.337989, coord.SlipWrong, "lon"},
		{48198743, 37.637989, coord.SlipPoint, "lat"}, {4.8198743, 37.637989, coord.SlipPoint, "lat"}, {48.198743, 376.37989, coord.SlipPoint, "lon"},
	} {
		got := coord.Suspect(c.lat, c.lon, coord.Context{Named: []coord.Evidence{town}})
		if len(got) == 0 || got[0].Slip != c.slip || got[0].Axis != c.axis || geo.DistanceM(*got[0].Repaired, town.At[0]) > 12_000 {
			t.Errorf("%v, %v: %+v, want %s", c.lat, c.lon, got, c.slip)
		}
	}
	for _, fine := range []geo.LatLon{{Lat: 48.198743, Lon: 37.637989}, {Lat: 48.35, Lon: 37.6}, {Lat: 50.5, Lon: 30.5}} {
		if got := coord.Suspect(fine.Lat, fine.Lon, coord.Context{Named: []coord.Evidence{town}}); len(got) > 0 {
			t.Errorf("%v: %+v", fine, got)
		}
	}
	if got := coord.Suspect(0, 0, coord.Context{}); len(got) != 1 || got[0].Slip != coord.SlipZero {
		t.Errorf("%+v", got)
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), 1e300, 99} {
		if got := coord.Suspect(v, v, coord.Context{Named: []coord.Evidence{town}}); len(got) != 1 || got[0].Slip != coord.SlipRange {
			t.Errorf("%v: %+v", v, got)
		}
	}
}

// The position of a list that agrees with what it names is never suspected, whatever the others are.
func TestAgreementIsNeverSuspected(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := geo.LatLon{Lat: rapid.Float64Range(43, 56).Draw(t, "lat"), Lon: rapid.Float64Range(22, 42).Draw(t, "lon")}
		named := coord.Evidence{What: "x", At: []geo.LatLon{geo.Destination(at, 10, rapid.Float64Range(0, 19_000).Draw(t, "m"))}}
		dense := []geo.LatLon{{Lat: at.Lon, Lon: at.Lat}, {Lat: at.Lon, Lon: at.Lat + 0.01}, {Lat: at.Lon, Lon: at.Lat + 0.02}}
		if got := coord.Suspect(at.Lat, at.Lon, coord.Context{Named: []coord.Evidence{named}, Others: dense}); len(got) > 0 {
			t.Fatalf("%+v", got)
		}
	})
}

// A position of a list is suspected only if it is alone, and a slip brings it among three others.
func TestSlipsAgainstAList(t *testing.T) {
	t.Parallel()
	at := geo.LatLon{Lat: 40, Lon: 45}
	dense := []geo.LatLon{{Lat: 45, Lon: 40}, {Lat: 45.01, Lon: 40}, {Lat: 45, Lon: 40.02}}
	beside := []geo.LatLon{geo.Destination(at, 0, 60_000), geo.Destination(at, 90, 60_000), geo.Destination(at, 180, 60_000)}
	for _, c := range []struct {
		others []geo.LatLon
		want   int
	}{{dense, 1}, {append([]geo.LatLon{at, at, at}, dense...), 1}, {dense[:2], 0}, {append(beside[:3:3], dense...), 0}, {append(beside[:2:2], dense...), 1}, {nil, 0}} {
		got := coord.Suspect(at.Lat, at.Lon, coord.Context{Others: c.others})
		if len(got) != c.want || len(got) > 0 && (got[0].Slip != coord.SlipSwapped || got[0].Near != "3 others of the list") {
			t.Errorf("%v: %+v", c.others, got)
		}
	}
	if got := coord.Suspect(at.Lat, at.Lon, coord.Context{Others: []geo.LatLon{{Lat: 45.1, Lon: 40}, {Lat: 45.1, Lon: 40.01}, {Lat: 45.1, Lon: 40.02}}, OthersM: 15_000}); len(got) != 1 {
		t.Errorf("within 15 km: %+v", got)
	}
}

// Of 5,145 real rows the two known slips are found, and a third one that the other rows of its village prove; the 33 rows
// that lie far away, and are real, are left alone.
func TestRealList(t *testing.T) {
	t.Parallel()
	var all []geo.LatLon
	for _, row := range shareddata.Table(t, "incidents", "owlmaps_geolocations.tsv") {
		all = append(all, geo.LatLon{Lat: shareddata.Number(t, row, "lat"), Lon: shareddata.Number(t, row, "lon")})
	}
	want := map[geo.LatLon]geo.LatLon{{Lat: 8.198743, Lon: 37.637989}: {Lat: 48.198743, Lon: 37.637989}, {Lat: 8.1077, Lon: 37.377463}: {Lat: 48.1077, Lon: 37.377463},
		{Lat: 51.4436663, Lon: 3.1670774}: {Lat: 51.4436663, Lon: 35.1670774}}
	far := 0
	for _, at := range all {
		got := coord.Suspect(at.Lat, at.Lon, coord.Context{Others: all})
		if at.Lat < 43 || at.Lat > 56 || at.Lon < 22 || at.Lon > 42 {
			far++
		}
		repaired, slipped := want[at]
		if !slipped && len(got) > 0 || slipped && (len(got) == 0 || got[0].Slip != coord.SlipMissing || *got[0].Repaired != repaired) {
			t.Errorf("%v: %+v", at, got)
		}
	}
	if len(all) != 5145 || far != 36 {
		t.Errorf("%d rows, %d of them far", len(all), far)
	}
}
