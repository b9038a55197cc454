package marks

import (
	"testing"

	"whenwhere/internal/grey"
)

func BenchmarkOf(b *testing.B) {
	for name, p := range map[string]grey.Picture{"256x192": drawn(1, 256, 192), "320x240": drawn(1, 320, 240), "500x375": drawn(1, 500, 375)} {
		b.Run(name, func(b *testing.B) {
			var f Finder
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Of(p, grey.Original); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkStrangers(b *testing.B) {
	x, y := setOf(b, drawn(1, 320, 240)), setOf(b, drawn(2, 320, 240))
	for b.Loop() {
		Find(&x, &y)
	}
}
