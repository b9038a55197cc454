package clock

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ringsaturn/tzf"
)

// The cells must change no answer: the default finder of tzf is the oracle, over the world, densely over the places that
// matter here, on the borders of cells and on the meridian where longitudes jump.
func TestCellsAnswerAsTheFinderDoes(t *testing.T) {
	t.Parallel()
	cells, err := loadPolygons()
	if err != nil {
		t.Fatal(err)
	}
	finder, err := tzf.NewDefaultFinder()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(4, 2025))
	compare := func(p LatLon) {
		t.Helper()
		want, err := finder.GetTimezoneNames(p.Lon, p.Lat)
		if err != nil || len(want) == 0 {
			want = slices.DeleteFunc([]string{finder.GetTimezoneName(p.Lon, p.Lat)}, func(n string) bool { return n == "" })
		}
		if got := cells.namesAt(p); !slices.Equal(got, slices.Compact(want)) {
			t.Fatalf("%v: %v, the finder says %v", p, got, want)
		}
	}
	for range 20_000 {
		compare(LatLon{r.Float64()*180 - 90, r.Float64()*360 - 180})
		near := LatLon{42 + r.Float64()*13, 18 + r.Float64()*27}
		compare(near)
		compare(LatLon{float64(int(near.Lat*cellsPerDegree)) / cellsPerDegree, near.Lon})
		compare(LatLon{near.Lat, 180})
	}
	for _, p := range []LatLon{{90, 180}, {-90, -180}, {0, 180}, {0, -180}, {90, 0}, {0, 0}} {
		compare(p)
	}
}
