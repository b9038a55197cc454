package formats_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/report/record"
)

// TestOgrReads lets GDAL say what it finds: as many features, in the same extent, under the same names. Debian's GDAL knows no
// Parquet; another may.
func TestOgrReads(t *testing.T) {
	t.Parallel()
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo (gdal-bin) is not installed")
	}
	drivers, err := exec.Command(ogrinfo, "--formats").Output()
	if err != nil {
		t.Fatal(err)
	}
	for format, c := range map[string]struct{ driver, suffix string }{"geojson": {"GeoJSON", "geojson"}, "kml": {"LIBKML", "kml"}, "csv": {"CSV", "csv"}, "geoparquet": {"Parquet", "parquet"}} {
		if !strings.Contains(string(drivers), "  "+c.driver+" ") {
			t.Logf("%s: this GDAL has no driver %s", format, c.driver)
			continue
		}
		a, b := example("X-1"), example("X-2")
		b.Lon, b.Lat, b.What = some(38.5), some(47.25), some("<b> & \"q\", é\nline")
		file := filepath.Join(t.TempDir(), "x."+c.suffix)
		if err := os.WriteFile(file, written(t, format, a, bare("X-3"), b), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(ogrinfo, "-ro", "-al", "-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", file).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", format, err, out)
		}
		for _, want := range []string{"Feature Count: 3\n", "Extent: (-37.907800, 47.250000) - (38.500000, 48.041200)\n", "incident (String) = X-3\n", "é\nline\n"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: %q is missing in\n%s", format, want, out)
			}
		}
		for _, f := range record.Fields() {
			if !strings.Contains(string(out), f.Name+" (") {
				t.Errorf("%s: %s is missing", format, f.Name)
			}
		}
	}
}
