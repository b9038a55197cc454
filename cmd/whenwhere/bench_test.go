package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// BenchmarkPublishedExtraction runs all extractors over one photo with one child, which has one core.
func BenchmarkPublishedExtraction(b *testing.B) {
	for _, size := range []struct {
		name string
		px   image.Point
	}{{"12MP", image.Pt(4000, 3000)}, {"1280x960", image.Pt(1280, 960)}} {
		b.Run(size.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "photo.jpg")
			if err := os.WriteFile(path, photo(b, size.px), 0o600); err != nil {
				b.Fatal(err)
			}
			pool, err := newPool(1)
			if err != nil {
				b.Fatal(err)
			}
			defer pool.Close()
			stages := extractors(pool)
			for b.Loop() {
				r, err := measure(b.Context(), stages, input{path: path})
				if err != nil || r.Status != pipeline.Done {
					b.Fatal(r.Cause, err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "media/s")
		})
	}
}

// photo is a JPEG with as much detail as a camera's, in size and in what its decoder has to do.
func photo(b *testing.B, px image.Point) []byte {
	img := image.NewRGBA(image.Rectangle{Max: px})
	state := uint32(1)
	for y := range px.Y {
		for x := range px.X {
			state = state*1664525 + 1013904223
			grain := uint8(state >> 27)
			img.Set(x, y, color.RGBA{uint8(x*255/px.X) + grain, uint8(y*255/px.Y) + grain, uint8((x/37+y/53)%200) + grain, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 85}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkPublishedAssessment judges the incidents of the invented autumn from what is stored of them: read, assess,
// score.
func BenchmarkPublishedAssessment(b *testing.B) {
	needFFmpeg(b)
	dir := b.TempDir()
	verifyAutumn(b, dir, 2)
	d, err := openData(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	w := &queued{newWork(d, nil, score.Default(), newCaseMaps(d), func(string) {}), "autumn"}
	incidents, err := d.store.Incidents(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := w.AssessIncident(context.Background(), incidents[0].ID); err != nil { // loads the zones and the catalogue
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		if _, err := w.AssessIncident(context.Background(), incidents[n%len(incidents)].ID); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "incidents/s")
}
