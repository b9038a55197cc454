package pdq_test

import (
	"testing"

	"whenwhere/internal/grey"
	"whenwhere/internal/pdq"
)

func ramp(w, h int) []uint8 {
	luma := make([]uint8, w*h)
	for i := range luma {
		luma[i] = uint8((i%w)*(i/w)/97 + i/w*3)
	}
	return luma
}

func TestNoAllocations(t *testing.T) {
	luma := ramp(512, 400)
	var hasher pdq.Hasher
	allocs := testing.AllocsPerRun(3, func() {
		if _, _, err := hasher.Hash(grey.Whole(luma, 512, 400)); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%g allocations a picture", allocs)
	}
}

// BenchmarkPublishedPDQ hashes grey levels that are already there: 512 pixels a side, which the published programs shrink
// to first, and 12 megapixels.
func BenchmarkPublishedPDQ(b *testing.B) {
	for name, side := range map[string][2]int{"512x512": {512, 512}, "12MP": {4000, 3000}} {
		luma := ramp(side[0], side[1])
		b.Run(name, func(b *testing.B) {
			var hasher pdq.Hasher
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := hasher.Hash(grey.Whole(luma, side[0], side[1])); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
