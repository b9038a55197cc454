package truth

import (
	"testing"
	"time"

	"whenwhere/internal/shareddata"
	"whenwhere/internal/tsv"
)

// The truth of the real photos, as the table and its anomalies give it.
func TestTruthOfPhotos(t *testing.T) {
	t.Parallel()
	root := shareddata.Path(t)
	photos, err := Photos(root)
	if err != nil {
		t.Fatal(err)
	}
	known, wide := 0, 0
	for _, p := range photos {
		if p.Place != nil && p.When != nil {
			known++
		}
		if p.Wide {
			wide++
		}
		if p.Name() == "Ricoh2.jpg" && p.When.From.Format(time.DateOnly) != "2006-05-26" {
			t.Errorf("%s: %v", p.Name(), p.When)
		}
	}
	if len(photos) != 46 || known != 43 || wide != 4 {
		t.Errorf("%d photos, %d with place and time, %d of them known roughly; want 46, 43, 4", len(photos), known, wide)
	}
	for cell, bad := range map[string]tsv.Row{"lat": {"lat": "x", "lon": "1"}, "time": {"lat": "1", "lon": "1", "dto_local": "yesterday", "exif_offset": "+02:00"}} {
		if _, err := photoOf(bad); err == nil {
			t.Errorf("a bad %s passes", cell)
		}
	}
}
