package mapfile_test

import (
	"os"
	"testing"

	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/shareddata"
)

// BenchmarkRead reads one published file of each format.
func BenchmarkRead(b *testing.B) {
	for name, file := range map[string][2]string{
		"daily": {"deepstate_daily", "deepstatemap_data_20241024.geojson"}, "raw": {"deepstate_raw", "1730495471.geojson"},
		"isw": {"isw", "20230601.geojson"}, "uacontrolmap": {"owlmaps", "20241101.json"}, "nzz": {"nzz", "2024-11-01.json"},
	} {
		data, err := os.ReadFile(shareddata.Path(b, "frontline", file[0], file[1]))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := mapfile.Read(file[1], data, mapfile.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
