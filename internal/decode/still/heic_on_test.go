//go:build nodynamic

package still

import (
	"os"
	"path/filepath"
	"testing"

	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/shareddata"
)

// TestHEIC: phone pictures decode to the sides that exiftool says they have upright.
func TestHEIC(t *testing.T) {
	t.Parallel()
	dir := shareddata.Path(t, "media")
	for name, want := range map[string][2]int{
		"metadata-extractor-images/heic/exif-at-eof.heic": {3024, 4032},
		"exif-samples/heic/samplefilehub.heif":            {640, 426},
	} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		s, fault := read(b, sniff.HEIC, cap25)
		if fault != nil || [2]int{s.WidthPx, s.HeightPx} != want || s.Look.Flat || s.Orientation != 1 {
			t.Errorf("%s: %+v, %v", name, s, fault)
		}
		if _, fault = read(b, sniff.HEIC, 1000); fault == nil || fault.NeedPixels < 100_000 {
			t.Errorf("%s: pixel cap: %v", name, fault)
		}
	}
}
