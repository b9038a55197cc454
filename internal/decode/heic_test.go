//go:build nodynamic

package decode

import (
	"testing"

	"whenwhere/internal/shareddata"
)

// TestHEICInTheHeavyChild: a phone picture of 12 megapixels is read within the memory of the heavy child.
func TestHEICInTheHeavyChild(t *testing.T) {
	t.Parallel()
	decodesMuch(t)
	p := newPool(t, Config{})
	path := shareddata.Path(t, "media", "metadata-extractor-images", "heic", "exif-at-eof.heic")
	for range 2 {
		s := stillOf(t, p, path)
		if s.WidthPx != 3024 || s.HeightPx != 4032 || s.Look.Flat || s.Orientation != 1 {
			t.Errorf("got %+v", s)
		}
	}
	if w := onlyWorker(p); w == nil || w.files != 2 {
		t.Error("the normal child has done more than probe")
	}
}
