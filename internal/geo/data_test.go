package geo_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
)

func decodeFile(t *testing.T, path string) *geo.Document {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := geo.Decode(b, geo.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	return doc
}

func files(t *testing.T, dir string, want int) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shareddata.Path(t, "frontline"), dir, "*.geojson"))
	if err != nil || len(names) != want {
		t.Fatalf("%s: %d files, want %d (%v)", dir, len(names), want, err)
	}
	return names
}

func TestDailyMapsWinding(t *testing.T) {
	t.Parallel()
	var sum geo.Counts
	flaws := 0
	for i, name := range files(t, "deepstate_daily", 209) {
		doc := decodeFile(t, name)
		c := doc.Counts
		sum.Exteriors += c.Exteriors
		sum.ExteriorsClockwise += c.ExteriorsClockwise
		sum.Holes += c.Holes
		sum.HolesCounter += c.HolesCounter
		if i%10 == 0 { // all 209 take long beside the other tests; package control checks them on load
			flaws += len(doc.Flaws())
		}
	}
	want := geo.Counts{Exteriors: 1309, ExteriorsClockwise: 1309, Holes: 158, HolesCounter: 158}
	if diff := cmp.Diff(want, sum); diff != "" || flaws != 0 {
		t.Errorf("%d flaws, (-want +got)\n%s", flaws, diff)
	}
}

// Areas in km2 of the exact-name union of each raw edition, as published with
// the data (in file order): independent of our integral.
func TestRawMapAreas(t *testing.T) {
	t.Parallel()
	want := []float64{109451, 109811, 110216, 110737, 111443, 111832, 112153}
	for i, name := range files(t, "deepstate_raw", 7) {
		var got float64
		for _, f := range decodeFile(t, name).Features {
			if occupied(f) {
				got += geo.AreaKm2(f.Polygons())
			}
		}
		if math.Abs(got-want[i]) > 0.001*want[i] {
			t.Errorf("%s: %.0f km2, want %.0f", filepath.Base(name), got, want[i])
		}
	}
}

func occupied(f geo.Feature) bool {
	props := string(f.Properties)
	for _, name := range []string{"CADR and CALR", "Occupied", "Occupied Crimea"} {
		if _, rest, ok := strings.Cut(props, "/// "+name); ok && strings.HasPrefix(strings.TrimLeft(rest, " \u00a0\\n"), "///") {
			return true
		}
	}
	return false
}

func TestInvalidRealMaps(t *testing.T) {
	t.Parallel()
	for _, name := range files(t, "deepstate_raw_invalid", 3) {
		doc := decodeFile(t, name)
		collections := 0
		for _, f := range doc.Features {
			if _, ok := f.Geometry.(orb.Collection); ok {
				collections++
			}
		}
		flaws := doc.Flaws()
		if len(flaws) != 1 || flaws[0].Kind != geo.BadRings || flaws[0].At == nil || collections != 3 {
			t.Errorf("%s: flaws %+v, %d collections", filepath.Base(name), flaws, collections)
		}
	}
	doc := decodeFile(t, filepath.Join(shareddata.Path(t, "frontline"), "isw", "20230601.geojson"))
	broken := map[string]bool{}
	for _, f := range doc.Flaws() {
		feature, _, _ := strings.Cut(f.Path, ".")
		broken[feature] = true
		if f.Kind == geo.Unchecked || f.At == nil {
			t.Errorf("unchecked, or not found where: %+v", f)
		}
	}
	if len(doc.Features) != 98 || doc.Counts.Vertices != 62929 || doc.Counts.NullGeometries != 5 || len(broken) != 2 {
		t.Errorf("isw: %d features, %d broken, %+v", len(doc.Features), len(broken), doc.Counts)
	}
}
