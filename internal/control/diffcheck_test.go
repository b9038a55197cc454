package control_test

import (
	"os"
	"testing"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/shareddata"
)

// The overlay of these two maps took the theatre for gained ground as long as
// the rest was overlaid as a shape of its own.
func TestOverlayThatGoesWrongIsNotBelieved(t *testing.T) {
	t.Parallel()
	m, faults := control.Load(os.DirFS(shareddata.Path(t, "frontline", "nzz")))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	d, err := m.Diff(time.Date(2024, 10, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC), "nzz")
	if err != nil || !d.Found {
		t.Fatal(d, err)
	}
	// The maps of DeepState and UA Control Map say 1,000 to 1,300 km² for these eleven weeks.
	if d.GainedRUKm2 < 500 || d.GainedRUKm2 > 2500 || d.GainedUAKm2 > 200 {
		t.Errorf("ru gained %.0f km², ua %.0f km²", d.GainedRUKm2, d.GainedUAKm2)
	}
}
