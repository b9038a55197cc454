package still

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/grey"
)

func ofShared(t testing.TB, parts ...string) string {
	t.Helper()
	dir := filepath.Join(append([]string{"..", "..", "..", "..", "shared", "data"}, parts...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("../shared/data/" + filepath.Join(parts...) + " not present")
	}
	return dir
}

var jpegName = regexp.MustCompile(`(?i)\.jpe?g$`)

// photos are the paths of the real JPEGs.
func photos(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, set := range []string{"media", "neardup"} {
		err := filepath.WalkDir(ofShared(t, set), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && jpegName.MatchString(path) {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// bothWays reads a JPEG by its means and in full; ok is false when one of both cannot.
func bothWays(b []byte) (fast, whole grey.Picture, ok bool) {
	var d Reader
	src := source{r: bytes.NewReader(b), size: int64(len(b)), maxPixels: 40_000_000}
	short, fault := src.gate(sniff.JPEG)
	if fault != nil || short < 64 {
		return fast, whole, false
	}
	fast, ok, fault = d.means(src, sniff.JPEG, FastSidePx)
	if fault != nil || !ok {
		return fast, whole, false
	}
	whole, fault = full(src, sniff.JPEG)
	return fast, whole, fault == nil
}

// apart counts differing bits per algorithm.
func apart(t testing.TB, a, b []wire.Hash) map[string]int {
	t.Helper()
	out := map[string]int{}
	for i, h := range a {
		if h.Algorithm != b[i].Algorithm {
			t.Fatalf("%s beside %s", h.Algorithm, b[i].Algorithm)
		}
		out[h.Algorithm] = differing(h.Hex, b[i].Hex)
	}
	return out
}

// TestFastReading: how far prints from the means of blocks stray from those of a full decode, by the shorter side (median,
// nine tenths, most). Up to FastSidePx this is what keeps us from fast reading; above, it is held.
func TestFastReading(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("decoding under the race detector takes minutes")
	}
	bins := []int{64, 256, 512, 768, 1024, 1 << 30}
	found := map[int]map[string][]int{}
	for _, path := range photos(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fast, whole, ok := bothWays(b)
		if !ok {
			continue
		}
		var looker look.Looker
		x, err1 := looker.Of(fast, grey.Original, look.Entire)
		y, err2 := looker.Of(whole, grey.Original, look.Entire)
		if err1 != nil || err2 != nil || x.Flat != y.Flat {
			t.Errorf("%s: flat %t and %t, %v, %v", path, x.Flat, y.Flat, err1, err2)
			continue
		}
		if x.Flat || y.Quality < 50 {
			continue
		}
		i, _ := slices.BinarySearch(bins, min(fast.FullWidthPx, fast.FullHeightPx)+1)
		if found[i] == nil {
			found[i] = map[string][]int{}
		}
		for a, d := range apart(t, x.Hashes, y.Hashes) {
			found[i][a] = append(found[i][a], d)
		}
	}
	var table strings.Builder
	for i := 1; i < len(bins); i++ {
		fmt.Fprintf(&table, "\nshorter side %d to %d:", bins[i-1], bins[i]-1)
		for _, a := range []string{wire.PHash64, wire.PHash256, wire.PDQ} {
			list := found[i][a]
			slices.Sort(list)
			if len(list) > 0 {
				fmt.Fprintf(&table, "  %s %d/%d/%d", a, list[len(list)/2], list[len(list)*9/10], list[len(list)-1])
			}
		}
		fmt.Fprintf(&table, "  of %d", len(found[i][wire.PDQ]))
	}
	t.Log(table.String())
	large := found[len(bins)-1]
	for a, limit := range map[string][2]int{wire.PHash64: {2, 4}, wire.PHash256: {4, 8}, wire.PDQ: {4, 8}} {
		if n := len(large[a]); n < 20 || large[a][n*9/10] > limit[0] || large[a][n-1] > limit[1] {
			t.Errorf("%s: %v, want 20 pictures, nine tenths within %d bits, all within %d", a, large[a], limit[0], limit[1])
		}
	}
}
