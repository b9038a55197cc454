package pdq_test

import (
	"errors"
	"image"
	_ "image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/grey"
	"whenwhere/internal/pdq"
	"whenwhere/internal/shareddata"
)

// lumaOf are the grey levels of a picture: the luma that a JPEG holds (which is by the published weights), or else by them
// from RGB.
func lumaOf(t testing.TB, path string) (luma []float32, w, h int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	if ycc, ok := img.(*image.YCbCr); ok {
		for y := range b.Dy() {
			for _, v := range ycc.Y[y*ycc.YStride : y*ycc.YStride+b.Dx()] {
				luma = append(luma, float32(v))
			}
		}
		return luma, b.Dx(), b.Dy()
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			luma = append(luma, 0.299*float32(r>>8)+0.587*float32(g>>8)+0.114*float32(b>>8))
		}
	}
	return luma, b.Dx(), b.Dy()
}

type listed struct{ file, hex, quality, by string }

func listing(t testing.TB) []listed {
	t.Helper()
	var out []listed
	for _, row := range shareddata.Table(t, "neardup", "pdq", "EXPECTED_pdq.tsv") {
		out = append(out, listed{row["file"], row["pdq_hex"], row["quality"], row["implementation"]})
	}
	return out
}

// TestPublishedHashes: within 10 bits of every value that a published program gives, which is how far those are from each
// other, and the listed quality within 1 where it is not 100.
func TestPublishedHashes(t *testing.T) {
	t.Parallel()
	type result struct {
		hash    pdq.Hash
		quality int
	}
	seen := map[string]result{}
	worst, identical, rows := 0, 0, listing(t)
	for _, row := range rows {
		got, ok := seen[row.file]
		if !ok {
			luma, w, h := lumaOf(t, shareddata.Path(t, row.file))
			var err error
			if got.hash, got.quality, err = pdq.Of(luma, w, h); err != nil {
				t.Fatal(err)
			}
			seen[row.file] = got
		}
		want, err := pdq.ParseHex(row.hex)
		if err != nil {
			t.Fatal(err)
		}
		d := pdq.Distance(got.hash, want)
		worst = max(worst, d)
		if d == 0 {
			identical++
		}
		t.Logf("%3d bits  quality %3d (%s)  %s by %s", d, got.quality, row.quality, filepath.Base(row.file), row.by)
		if got.quality >= 80 && d > 10 {
			t.Errorf("%s: %d bits from %s", row.file, d, row.by)
		}
		if name := filepath.Base(row.file); name == "q0003.jpg" || name == "q0004.jpg" {
			if got.quality < 2 || got.quality > 5 || got.quality >= pdq.QualityToIndex {
				t.Errorf("%s: quality %d, listed %s", name, got.quality, row.quality)
			}
		} else if got.quality != 100 {
			t.Errorf("%s: quality %d, listed %s", row.file, got.quality, row.quality)
		}
	}
	t.Logf("%d rows, %d identical, worst %d bits", len(rows), identical, worst)
	if len(rows) != 56 || identical < 24 {
		t.Errorf("%d rows with %d identical, want 56 with at least 24", len(rows), identical)
	}
}

// TestDihedralOfTheBridge: the eight hashes that Dihedral derives from one transform are those of the eight stored files.
func TestDihedralOfTheBridge(t *testing.T) {
	t.Parallel()
	luma, w, h := lumaOf(t, shareddata.Path(t, "neardup", "pdq", "bridge-mods", "aaa-orig.jpg"))
	all, quality, err := pdq.Dihedral(luma, w, h)
	if err != nil || quality != 100 {
		t.Fatalf("quality %d, %v", quality, err)
	}
	for name, turn := range map[string]grey.Turn{
		"bridge-2-rotate-90": grey.Rotate90, "bridge-3-rotate-180": grey.Rotate180, "bridge-4-rotate-270": grey.Rotate270,
		"bridge-5-flipx": grey.FlipX, "bridge-6-flipy": grey.FlipY,
		"bridge-7-flip-plus-1": grey.FlipPlus1, "bridge-8-flip-minus-1": grey.FlipMinus1,
	} {
		luma, w, h := lumaOf(t, shareddata.Path(t, "neardup", "pdq", "dih", name+".jpg"))
		stored, _, err := pdq.Of(luma, w, h)
		if err != nil {
			t.Fatal(err)
		}
		d := pdq.Distance(stored, all[turn])
		t.Logf("%2d bits %s", d, name)
		if d > 10 {
			t.Errorf("%s: %d bits from the turned original", name, d)
		}
		for other := range all {
			if d := pdq.Distance(stored, all[other]); grey.Turn(other) != turn && d < 80 {
				t.Errorf("%s: %d bits from turn %d", name, d, other)
			}
		}
	}
}

// TestSmallSides: below 5 pixels there is no hash, above there is one, down to a square of one level.
func TestSmallSides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w, h int
		ok   bool
	}{{0, 0, false}, {1, 1, false}, {4, 100, false}, {100, 4, false}, {5, 5, true}, {5, 1000, true}, {63, 65, true}} {
		hash, quality, err := pdq.Of(make([]float32, c.w*c.h), c.w, c.h)
		if (err == nil) != c.ok || !c.ok && !errors.Is(err, pdq.ErrTooSmall) {
			t.Errorf("%d x %d: %v", c.w, c.h, err)
		}
		if quality != 0 || hash != (pdq.Hash{}) {
			t.Errorf("%d x %d, all black: quality %d, hash %s", c.w, c.h, quality, hash.Hex())
		}
	}
	if _, _, err := pdq.Of(make([]float32, 99), 10, 10); err == nil {
		t.Error("99 levels for 100 pixels")
	}
}

func TestParseHex(t *testing.T) {
	t.Parallel()
	const good = "f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b22"
	h, err := pdq.ParseHex(good)
	if err != nil || h.Hex() != good || h.Words()[3] != 0x33e6339c4e9c9b22 {
		t.Errorf("%s, %v", h.Hex(), err)
	}
	if up, err := pdq.ParseHex(strings.ToUpper(good)); err != nil || up != h {
		t.Errorf("upper case: %v", err)
	}
	for _, bad := range []string{"", good[1:], good + "00", "g" + good[1:]} {
		if h, err := pdq.ParseHex(bad); err == nil || h != (pdq.Hash{}) {
			t.Errorf("%q: %s, %v", bad, h.Hex(), err)
		}
	}
}
