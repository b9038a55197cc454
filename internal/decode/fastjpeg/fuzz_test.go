package fastjpeg

import (
	"bytes"
	"errors"
	"image/jpeg"
	"math/rand/v2"
	"testing"
	"time"

	"whenwhere/internal/decode/crashers"
)

var small = Limits{MaxPixels: 1 << 18, MaxSidePx: 4096, MaxScans: 20}

// examine holds what must be true of any bytes: no panic, one of three answers, little time, and where image/jpeg makes a
// picture too, the same one.
func examine(t testing.TB, data []byte) bool {
	t.Helper()
	began := time.Now()
	p, err := Grey(bytes.NewReader(data), int64(len(data)), small)
	if took := time.Since(began); took > 2*time.Second {
		t.Fatalf("%v for %d bytes", took, len(data))
	}
	if err != nil {
		if _, fine := new(Reader).Quarter(bytes.NewReader(data), int64(len(data)), small); fine == nil {
			t.Fatalf("a quarter can be read, an eighth not: %v", err)
		}
		if !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrRefused) {
			t.Fatalf("an error of no kind: %v", err)
		}
		return false
	}
	if p.FullWidthPx < 1 || p.FullHeightPx < 1 || int64(p.FullWidthPx)*int64(p.FullHeightPx) > small.MaxPixels ||
		p.WidthPx != (p.FullWidthPx+7)/8 || p.HeightPx != (p.FullHeightPx+7)/8 || len(p.Luma) != p.WidthPx*p.HeightPx || p.Scans > small.MaxScans {
		t.Fatalf("impossible picture %d x %d of %d x %d, %d bytes", p.WidthPx, p.HeightPx, p.FullWidthPx, p.FullHeightPx, len(p.Luma))
	}
	fine, err := new(Reader).Quarter(bytes.NewReader(data), int64(len(data)), small)
	if p.Progressive != errors.Is(err, ErrUnsupported) || !p.Progressive && err != nil {
		t.Fatalf("an eighth can be read, a quarter not: %v", err)
	}
	if err == nil && (fine.WidthPx != (p.FullWidthPx+3)/4 || len(fine.Luma) != fine.WidthPx*((p.FullHeightPx+3)/4)) {
		t.Fatalf("%d levels of a quarter", len(fine.Luma))
	}
	return agrees(t, "this input", data, 8)
}

func seeds(t testing.TB) [][]byte {
	t.Helper()
	var all [][]byte
	for _, f := range crashers.All() {
		if data := f.Bytes(); f.Type == "image/jpeg" && len(data) < 1<<16 {
			all = append(all, data)
		}
	}
	if len(all) < 5 {
		t.Fatalf("only %d crashers", len(all))
	}
	all = append(all, encoded(t, 33, 18, 75), encoded(t, 64, 64, 100), encoded(t, 5, 5, 10))
	for _, args := range [][]string{{"-grayscale"}, {"-progressive"}, {"-sample", "2x1", "-restart", "1B"}, {"-sample", "1x1", "-optimize"}, {"-arithmetic"},
		{"-sample", "4x2", "-progressive", "-restart", "2B"}, {"-rgb"}, {"-sample", "3x1"}} {
		if data, err := cjpeg(photo(40, 35), args...); err == nil {
			all = append(all, data)
		}
	}
	return all
}

func FuzzGrey(f *testing.F) {
	for _, data := range seeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { examine(t, data) })
}

// TestDamaged changes a few bytes of good files, thousands of times.
func TestDamaged(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	both, refusals := 0, 0
	for _, seed := range seeds(t) {
		for range 100 {
			data := bytes.Clone(seed)
			for range 1 + rnd.IntN(3) {
				data[rnd.IntN(len(data))] = []byte{0, 1, 0x11, 0xFF, byte(rnd.Uint32())}[rnd.IntN(5)]
			}
			if examine(t, data) {
				both++
			} else {
				refusals++
			}
		}
	}
	t.Logf("%d damaged files read as image/jpeg reads them, %d not read by both", both, refusals)
	if both < 80 {
		t.Error("too few damaged files were read to compare anything")
	}
}

// TestDamagedEntropy damages the coefficients only, of files long enough for several windows of bytes.
func TestDamagedEntropy(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 6))
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, photo(500, 400), &jpeg.Options{Quality: 99}); err != nil {
		t.Fatal(err)
	}
	scan := bytes.LastIndex(buf.Bytes(), []byte{0xFF, 0xDA}) + 14
	if buf.Len()-scan < 2*windowBytes {
		t.Fatalf("%d bytes fit one window", buf.Len()-scan)
	}
	for range 60 {
		data := bytes.Clone(buf.Bytes())
		data[scan+rnd.IntN(len(data)-scan-2)] ^= 1 << rnd.IntN(8)
		examine(t, data)
	}
}
