package control_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/control"
	"whenwhere/internal/shareddata"
)

// Published files of every provider are read side by side.
func TestAllFormats(t *testing.T) {
	t.Parallel()
	got := map[string]int{}
	for _, dir := range []string{"deepstate_raw", "deepstate_raw_invalid", "isw", "nzz", "owlmaps"} {
		m, errs := control.Load(os.DirFS(shareddata.Path(t, "frontline", dir)))
		if len(errs) > 0 {
			t.Errorf("%s: %v", dir, errs)
		}
		for _, e := range m.Editions() {
			got[e.Provider+", "+e.Format]++
		}
	}
	want := map[string]int{"deepstate, deepstate raw": 10, "nzz, nzz": 3, "uacontrolmap, uacontrolmap": 14,
		"isw, isw": 1, "isw-advance, isw": 2, "isw-claimed, isw": 2, "isw-counteroffensive, isw": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// What nzz does not draw in Crimea says nothing; what it leaves out in Kharkiv does.
	m, _ := control.Load(os.DirFS(shareddata.Path(t, "frontline", "nzz")))
	day := at("2024-11-02T00:00:00Z")
	for name, tc := range map[string]struct {
		lat, lon float64
		want     control.Side
	}{"Simferopol": {44.95, 34.1, control.Unknown}, "Donetsk": {48.0, 37.8, control.Unknown}, "Kharkiv": {49.99, 36.23, control.UA}, "Mariupol": {47.1, 37.55, control.RU}, "Sudzha": {51.19, 35.27, control.UA}} {
		if a := m.At(tc.lat, tc.lon, day)[0]; a.EditionSide != tc.want {
			t.Errorf("%s: %s, want %s", name, a.EditionSide, tc.want)
		}
	}
}
