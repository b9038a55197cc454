package decode

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"testing"

	"github.com/corona10/goimagehash"
)

// BenchmarkPublishedStill sets the jailed print of a photo (with its mirror image and quality) beside the bare standard
// library and goimagehash in this process, in one run: what the jail costs, and what the whole is worth.
func BenchmarkPublishedStill(b *testing.B) {
	for _, size := range []struct {
		name string
		px   image.Point
	}{{"12MP", image.Pt(4000, 3000)}, {"1280x960", image.Pt(1280, 960)}} {
		data := jpegOf(b, photo(size.px.X, size.px.Y))
		b.Run(size.name+"/jailed", func(b *testing.B) {
			p := newPool(b, Config{})
			f := open(b, writeFile(b, "a.jpg", data))
			for b.Loop() {
				if _, err := p.Still(context.Background(), f, "image/jpeg"); err != nil {
					b.Fatal(err)
				}
			}
			reportRate(b)
		})
		b.Run(size.name+"/bare", func(b *testing.B) {
			for b.Loop() {
				bare(b, data)
			}
			reportRate(b)
		})
	}
}

func reportRate(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "media/s") }

// bare is what a program does that trusts its input: decode, and ask the library for both hashes.
func bare(b *testing.B, data []byte) {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := goimagehash.PerceptionHash(img); err != nil {
		b.Fatal(err)
	}
	if _, err := goimagehash.ExtPerceptionHash(img, 16, 16); err != nil {
		b.Fatal(err)
	}
}
