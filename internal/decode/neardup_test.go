package decode

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"whenwhere/internal/decode/wire"
	"whenwhere/internal/shareddata"
)

// decodesMuch skips tests that are about pictures, not about processes, under the race detector: children are as slow as
// their parent then, ten times and more, and run no two goroutines of ours.
func decodesMuch(t testing.TB) {
	t.Helper()
	if raceEnabled {
		t.Skip("decoding under the race detector takes minutes")
	}
}

// stillOf reads one picture through the pool.
func stillOf(t testing.TB, p *Pool, path string) wire.Still {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	probe, err := p.Probe(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Still(context.Background(), f, probe.Type)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	return s
}

func stillsIn(t testing.TB, p *Pool, pattern ...string) map[string]wire.Still {
	t.Helper()
	dir := shareddata.Path(t, pattern[:len(pattern)-1]...)
	paths, err := filepath.Glob(filepath.Join(dir, pattern[len(pattern)-1]))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %v: %v", pattern, err)
	}
	all := map[string]wire.Still{}
	for _, path := range paths {
		all[filepath.Base(path)] = stillOf(t, p, path)
	}
	return all
}

// TestReferencePictures reads each picture of the reference sets once. It prints the quality of all (the thresholds of
// package look were read off here), and checks the gate and the distances between edits and between strangers.
func TestReferencePictures(t *testing.T) {
	t.Parallel()
	decodesMuch(t)
	p := newPool(t, Config{})
	bridge := stillsIn(t, p, "neardup", "pdq", "bridge-mods", "*.jpg")
	orig := bridge["aaa-orig.jpg"].Look
	worst := map[string]int{}
	for name, s := range bridge {
		checkGate(t, name, s.Look)
		for _, a := range []string{"phash64", "phash256"} {
			worst[a] = max(worst[a], distance(t, orig, s.Look, a))
		}
	}
	if worst["phash64"] > 6 || worst["phash256"] > 30 {
		t.Errorf("edits of one picture: %v", worst)
	}
	strangers := []wire.Look{orig}
	for _, set := range [][]string{{"neardup", "lomiri", "*.*g"}, {"media", "exif-samples", "jpg", "gps", "*.jpg"},
		{"media", "brighton-beach", "*.JPG"}, {"neardup", "pdq", "labelme-subset", "*.jpg"}} {
		for name, s := range stillsIn(t, p, set...) {
			checkGate(t, name, s.Look)
			if !s.Look.Flat {
				strangers = append(strangers, s.Look)
			}
		}
	}
	nearest := nearestPair(t, strangers)
	t.Logf("edits at most %v, %d strangers at least %v", worst, len(strangers), nearest)
	if nearest["phash64"] < 16 || nearest["phash256"] < 80 {
		t.Errorf("different pictures: %v", nearest)
	}
}

func checkGate(t *testing.T, name string, l wire.Look) {
	t.Helper()
	t.Logf("%-40s quality %3d deviation %5.1f", name, l.Quality, l.StdDev)
	if want := name == "q0003.jpg" || name == "q0004.jpg"; l.Flat != want {
		t.Errorf("%s: flat %t at quality %d", name, l.Flat, l.Quality)
	}
}

func nearestPair(t *testing.T, looks []wire.Look) map[string]int {
	t.Helper()
	nearest := map[string]int{"phash64": 64, "phash256": 256}
	for i, a := range looks {
		for _, b := range looks[:i] {
			for algorithm, d := range nearest {
				nearest[algorithm] = min(d, distance(t, a, b, algorithm))
			}
		}
	}
	return nearest
}

// TestFlatPictures: what cannot be told from any other flat picture has no hash.
func TestFlatPictures(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{})
	for name, at := range map[string]func(x, y int) color.Color{
		"black":   func(x, y int) color.Color { return color.Black },
		"uniform": func(x, y int) color.Color { return color.RGBA{90, 120, 60, 255} },
		"thermal": func(x, y int) color.Color { return color.Gray{uint8(120 + (x*7+y*13)%3)} }, // sensor noise
		"clear":   func(x, y int) color.Color { return color.NRGBA{200, uint8(x), uint8(y), 0} },
	} {
		img := image.NewNRGBA(image.Rect(0, 0, 300, 200))
		for y := range 200 {
			for x := range 300 {
				img.Set(x, y, at(x, y))
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		if s := stillOf(t, p, writeFile(t, "a.png", b.Bytes())); !s.Look.Flat || len(s.Look.Hashes) > 0 {
			t.Errorf("%s: %+v", name, s.Look)
		}
	}
}

// TestOrientation: the same picture stored in eight ways is near upright, and far as stored where it is turned. The grid of
// PDQ samples half a pixel beside the middle, so a turned picture of few pixels is not quite its turned self.
func TestOrientation(t *testing.T) {
	t.Parallel()
	decodesMuch(t)
	p := newPool(t, Config{})
	for _, kind := range []string{"landscape", "portrait"} {
		all := stillsIn(t, p, "media", "exif-samples", "jpg", "orientation", kind+"_*.jpg")
		first := all[kind+"_1.jpg"]
		for o := 2; o <= 8; o++ {
			s, ok := all[fmt.Sprintf("%s_%d.jpg", kind, o)]
			if !ok || s.Orientation != o || s.AsStored == nil {
				t.Errorf("%s %d: %+v", kind, o, s)
				continue
			}
			if d := distance(t, first.Look, s.Look, "phash256"); d > 30 {
				t.Errorf("%s %d upright: distance %d, want at most 30", kind, o, d)
			}
			if d := distance(t, first.Look, *s.AsStored, "phash256"); d < 60 {
				t.Errorf("%s %d as stored: distance %d, want at least 60", kind, o, d)
			}
		}
	}
}

// TestHeavyChild: a picture above the normal cap is read by the heavy child; above its cap the refusal names it.
func TestHeavyChild(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Limits: Limits{Pixels: 10_000, HeavyPixels: 20_000}})
	small := stillOf(t, p, writeFile(t, "a.jpg", jpegOf(t, photo(100, 100))))
	if small.WidthPx != 100 || (<-p.heavy).w != nil {
		t.Error("a picture at the cap went to the heavy child")
	}
	p.heavy <- &slot{mode: modeHeavy}
	if s := stillOf(t, p, writeFile(t, "b.jpg", jpegOf(t, photo(200, 100)))); s.WidthPx != 200 {
		t.Errorf("got %+v", s)
	}
	f := open(t, writeFile(t, "c.jpg", jpegOf(t, photo(201, 100))))
	_, err := p.Still(context.Background(), f, "image/jpeg")
	if got := fault(t, err); got.Class != wire.ClassRefused || got.Rule != "pixels 20100 exceed 20000" {
		t.Errorf("got %v", got)
	}
}

// TestLargestPicture: a picture of 25 megapixels fits into the memory of a normal child.
func TestLargestPicture(t *testing.T) {
	t.Parallel()
	decodesMuch(t)
	if testing.Short() {
		t.Skip("a large picture takes seconds")
	}
	const side = 5000
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, photo(side, side)); err != nil {
		t.Fatal(err)
	}
	p := newPool(t, Config{})
	if s := stillOf(t, p, writeFile(t, "a.png", b.Bytes())); s.WidthPx != side || s.Look.Flat || (<-p.heavy).w != nil {
		t.Errorf("%+v", s)
	}
	p.heavy <- &slot{mode: modeHeavy}
}
