package still

import (
	"bytes"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"testing"

	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/grey"
	"whenwhere/internal/pdq"
)

// again matches files that show the same as another.
var again = regexp.MustCompile(`/bridge-mods/[^a]|/dih/|/orientation/`)

// strangers are real photos of different scenes, an eighth of their size, that are sharp enough for an index.
func strangers(t *testing.T) []grey.Picture {
	t.Helper()
	var out []grey.Picture
	var d Reader
	var hasher pdq.Hasher
	for _, path := range photos(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		src := source{r: bytes.NewReader(b), size: int64(len(b)), maxPixels: 40_000_000}
		if short, fault := src.gate(sniff.JPEG); again.MatchString(path) || fault != nil || short < 512 {
			continue
		}
		p, ok, fault := d.blocks(src, d.fast.Grey)
		if !ok || fault != nil {
			continue
		}
		p = grey.Whole(slices.Clone(p.Luma), p.Width, p.Height)
		if _, quality, err := hasher.Hash(p); err == nil && quality >= pdq.QualityToIndex {
			out = append(out, p)
		}
	}
	return out
}

// pdqs are the hash of the whole picture and those of its windows.
func pdqs(t *testing.T, p grey.Picture) []pdq.Hash {
	t.Helper()
	l, err := new(look.Looker).Of(p, grey.Original, look.Entire)
	if err != nil {
		t.Fatal(err)
	}
	list := [][]wire.Hash{l.Hashes}
	for _, v := range l.Views {
		if v.Name == wire.ViewWindow {
			list = append(list, v.Hashes)
		}
	}
	var out []pdq.Hash
	for _, hashes := range list {
		h, err := pdq.ParseHex(hashes[len(hashes)-1].Hex)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, h)
	}
	return out
}

func nearest(q pdq.Hash, stored []pdq.Hash) int {
	d := 257
	for _, h := range stored {
		d = min(d, pdq.Distance(q, h))
	}
	return d
}

// TestWindows measures how many cropped photos are found within 91 bits (one pair of strangers in 100,000) with the whole
// picture stored only, and with its windows too, when a share of each side is kept, anywhere in the picture. The size of
// windows was chosen so; of what was tried, at 95, 90, 85, 80 percent kept: no windows 89, 18, 2, 0; five of 80 percent 92,
// 30, 12, 23; of 85 percent 95, 36, 29, 33; of 90 percent 98, 85, 63, 10; of 90 and of 80 percent 99, 85, 71, 29; nine of
// 80 percent 93, 29, 16, 36. Windows of the crop as well add one to six more.
func TestWindows(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("decoding under the race detector takes minutes")
	}
	const radius = 91
	all := strangers(t)
	var stored [][]pdq.Hash
	for _, p := range all {
		stored = append(stored, pdqs(t, p))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var hasher pdq.Hasher
	falsely := 0
	for _, c := range []struct{ keep, wholes, windows int }{{95, 70, 93}, {90, 0, 75}, {85, 0, 50}} {
		tried, byWhole, byWindow := 0, 0, 0
		for i, p := range all {
			for range 6 {
				w, h := p.Width*c.keep/100, p.Height*c.keep/100
				x, y := rng.IntN(p.Width-w+1), rng.IntN(p.Height-h+1)
				q, _, err := hasher.Hash(p.Part(grey.Rect{Left: x, Top: y, Right: x + w, Bottom: y + h}))
				if err != nil {
					t.Fatal(err)
				}
				tried++
				byWhole += within(nearest(q, stored[i][:1]), radius)
				byWindow += within(nearest(q, stored[i]), radius)
				for j := range all {
					if i != j {
						falsely += within(nearest(q, stored[j]), radius)
					}
				}
			}
		}
		t.Logf("%d %% of each side kept: found %d %% by the whole, %d %% with windows, of %d",
			c.keep, byWhole*100/tried, byWindow*100/tried, tried)
		if byWhole*100 < c.wholes*tried || byWindow*100 < c.windows*tried || tried < 100 {
			t.Errorf("%d %% kept: want at least %d and %d %%", c.keep, c.wholes, c.windows)
		}
	}
	if falsely > 3 {
		t.Errorf("%d strangers within %d bits", falsely, radius)
	}
}

func within(d, radius int) int {
	if d <= radius {
		return 1
	}
	return 0
}
