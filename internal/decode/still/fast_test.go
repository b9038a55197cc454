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
	"whenwhere/internal/pdq"
	"whenwhere/internal/shareddata"
)

var jpegName = regexp.MustCompile(`(?i)\.jpe?g$`)

// photos are the paths of the real JPEGs.
func photos(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, set := range []string{"media", "neardup"} {
		err := filepath.WalkDir(shareddata.Path(t, set), func(path string, d fs.DirEntry, err error) error {
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

// strays are how far prints of one way of reading lie from those of a full decode, per algorithm.
type strays map[string][]int

func (s strays) String() string {
	var out strings.Builder
	for _, a := range []string{wire.PHash64, wire.PHash256, wire.PDQ} {
		if list := s[a]; len(list) > 0 {
			slices.Sort(list)
			fmt.Fprintf(&out, "  %s %d/%d/%d", a, list[len(list)/2], list[len(list)*9/10], list[len(list)-1])
		}
	}
	return fmt.Sprintf("%s  of %d", out.String(), len(s[wire.PDQ]))
}

// sides are where the ranges of the shorter side begin.
var sides = []int{64, 256, quarterSidePx, progressiveSidePx, eighthSidePx, 1 << 30}

// TestFastReading: how far prints from the means of blocks stray from those of a full decode, by the shorter side (median,
// nine tenths, most), for real photos. What Read uses is held to 2 bits in nine of ten, by both readers together.
func TestFastReading(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("decoding under the race detector takes minutes")
	}
	var d Reader
	used := strays{}
	eighth, quarter := make([]strays, len(sides)), make([]strays, len(sides))
	for _, path := range photos(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		src := source{r: bytes.NewReader(b), size: int64(len(b)), maxPixels: 40_000_000}
		short, fault := src.gate(sniff.JPEG)
		if fault != nil || short < sides[0] {
			continue
		}
		p, fault := full(src, sniff.JPEG)
		if fault != nil {
			continue
		}
		want := hashesOf(t, p)
		i, _ := slices.BinarySearch(sides, short+1)
		if p, ok, _ := d.blocks(src, d.fast.Grey); ok {
			add(t, &eighth[i], p, want)
		}
		if p, ok, _ := d.blocks(src, d.fast.Quarter); ok {
			add(t, &quarter[i], p, want)
		}
		if p, ok, _ := d.means(src, sniff.JPEG, short); ok {
			add(t, &used, p, want)
		} else if short >= progressiveSidePx {
			t.Logf("%s is decoded in full", filepath.Base(path))
		}
	}
	for i := 1; i < len(sides); i++ {
		t.Logf("shorter side from %4d:  eighth %v", sides[i-1], eighth[i])
		t.Logf("shorter side from %4d: quarter %v", sides[i-1], quarter[i])
	}
	t.Logf("as read: %v", used)
	for a, most := range map[string]int{wire.PHash64: 4, wire.PHash256: 8, wire.PDQ: 4} {
		if n := len(used[a]); n < 30 || used[a][n*9/10] > 2 || used[a][n-1] > most {
			t.Errorf("%s: %v, want 30 pictures, nine tenths within 2 bits, all within %d", a, used[a], most)
		}
	}
}

// hashesOf are the hashes of a picture, none if it is too weak for an index.
func hashesOf(t *testing.T, p grey.Picture) []wire.Hash {
	t.Helper()
	l, err := new(look.Looker).Of(p, grey.Original, look.Whole)
	if err != nil {
		t.Fatal(err)
	}
	if l.Quality < pdq.QualityToIndex {
		return nil
	}
	return l.Hashes
}

// add compares the hashes of p with those that a full decode gave.
func add(t *testing.T, s *strays, p grey.Picture, want []wire.Hash) {
	t.Helper()
	got := hashesOf(t, p)
	if *s == nil {
		*s = strays{}
	}
	for i := range min(len(got), len(want)) {
		if got[i].Algorithm != want[i].Algorithm {
			t.Fatalf("%s beside %s", got[i].Algorithm, want[i].Algorithm)
		}
		(*s)[want[i].Algorithm] = append((*s)[want[i].Algorithm], differing(got[i].Hex, want[i].Hex))
	}
}

// TestFastFallsBack: of a JPEG that the fast reader does not take, the full decoder makes the print; too many scans are
// refused by either.
func TestFastFallsBack(t *testing.T) {
	t.Parallel()
	b := asJPEG(t, scene(700, 600))
	at := bytes.Index(b, []byte("\xFF\xDA"))
	rgb := slices.Concat(b[:2], []byte("\xFF\xEE\x00\x0EAdobe\x00\x64\x00\x00\x00\x00\x00"), b[2:]) // no luma in it
	var d Reader
	for _, c := range []struct {
		data []byte
		fast bool
	}{{b, true}, {rgb, false}} {
		src := source{r: bytes.NewReader(c.data), size: int64(len(c.data)), maxPixels: cap25}
		if _, ok, fault := d.means(src, sniff.JPEG, 600); ok != c.fast || fault != nil {
			t.Errorf("fast %t, %v; want %t", ok, fault, c.fast)
		}
		if s, fault := read(c.data, sniff.JPEG, cap25); fault != nil || s.WidthPx != 700 || len(s.Look.Hashes) != 3 {
			t.Errorf("%+v, %v", s, fault)
		}
	}
	many := append(bytes.Clone(b[:at]), bytes.Repeat(b[at:len(b)-2], MaxScans+1)...)
	if _, fault := read(append(many, 0xFF, 0xD9), sniff.JPEG, cap25); fault == nil || fault.Class != wire.ClassRefused || fault.Rule != "jpeg scans exceed 100" {
		t.Errorf("101 scans: %+v", fault)
	}
}
