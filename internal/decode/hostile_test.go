package decode

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/crashers"
	"whenwhere/internal/shareddata"
)

// photo is a picture with enough in it to be hashed, and the same every time.
func photo(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := x*16/w, y*12/h
			img.SetRGBA(x, y, color.RGBA{uint8(u * v * 40), uint8((u ^ v) * 16), uint8(x * 255 / w), 255})
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCrashers: each ends in time with a named fault or an answer, and a good file read next is read as if alone.
func TestCrashers(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Workers: 1})
	good := writeFile(t, "good.jpg", jpegOf(t, photo(320, 240)))
	alone := read(t, newPool(t, Config{Workers: 1}), good)
	if alone.Still == nil || alone.Tags == nil || len(alone.Faults) > 0 {
		t.Fatalf("the good file: %+v", alone)
	}
	for _, c := range crashers.All() {
		b := c.Bytes()
		start := time.Now()
		e := read(t, p, writeFile(t, c.Name, b))
		took := time.Since(start)
		t.Logf("%-32s %8v still %t tags %t %q", c.Name, took.Round(time.Millisecond), e.Still != nil, e.Tags != nil, e.Faults)
		if took > 30*time.Second {
			t.Errorf("%s: took %v", c.Name, took)
		}
		if e.Probe.SHA256 != sum(b) || e.Probe.Type != c.Type {
			t.Errorf("%s: probe %+v", c.Name, e.Probe)
		}
		if diff := cmp.Diff(alone, read(t, p, good)); diff != "" {
			t.Errorf("good file after %s (-alone +after):\n%s", c.Name, diff)
		}
	}
}

// TestHostileFiles: every stored attack file ends within the limits; in short mode every tenth.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	var files []string
	for _, dir := range []string{shareddata.Path(t, "hostile"), shareddata.Path(t, "media", "goexif", "exif", "corrupt")} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(files) < 400 {
		t.Fatalf("%d files, want at least 400", len(files))
	}
	p := newPool(t, Config{Workers: 1})
	outcomes := map[string]int{}
	for i, path := range files {
		if testing.Short() && i%10 != 0 {
			continue
		}
		start := time.Now()
		e := read(t, p, path)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: took %v", path, took)
		}
		outcomes[fmt.Sprintf("%s still=%t tags=%t", e.Probe.Type, e.Still != nil, e.Tags != nil)]++
		for _, f := range e.Faults {
			if bytes.Contains([]byte(f), []byte(" died ")) || bytes.Contains([]byte(f), []byte(" bad_answer ")) {
				t.Logf("%s: %s", path, f)
			}
		}
	}
	t.Log(outcomes)
}
