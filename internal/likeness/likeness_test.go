package likeness_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/grey"
	"whenwhere/internal/likeness"
	"whenwhere/internal/mosaic"
	"whenwhere/pipeline"
)

// code is a hash whose low bits are set, n of them: codes of m and n are |m-n| bits apart.
func code(n int) string {
	var out [32]byte
	for i := range n {
		out[31-i/8] |= 1 << (i % 8)
	}
	return fmt.Sprintf("%x", out)
}

// look is a print by PDQ and, unless second is negative, by a second hash.
func look(view string, pdq, second int) pipeline.Print {
	p := pipeline.Print{View: view, Quality: 90, Hashes: []pipeline.Hash{{Algorithm: "pdq", Version: "t", Hex: code(pdq)}}}
	if second >= 0 {
		p.Hashes = append(p.Hashes, pipeline.Hash{Algorithm: "phash256", Version: "t", Hex: code(second)})
	}
	return p
}

func of(t testing.TB, prints ...pipeline.Print) *likeness.Footage {
	t.Helper()
	f, err := likeness.Of(prints)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func compare(t testing.TB, asked, seen *likeness.Footage) (likeness.Likeness, bool) {
	t.Helper()
	l, ok, err := likeness.Compare(asked, seen)
	if err != nil {
		t.Fatal(err)
	}
	return l, ok
}

func TestRadiiAtTheirEdges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		asked, seen string
		pdq, second int
		alike       bool
	}{
		{"upright", "upright", 74, 74, true}, {"upright", "upright", 75, 0, false}, {"upright", "upright", 0, 75, false}, {"rot90", "upright", 61, 0, true},
		{"upright", "upright", 60, -1, true}, {"upright", "upright", 61, -1, false},
		{"as_stored", "trimmed", 74, 74, true}, {"mirrored", "upright", 74, 74, true}, {"trimmed_mirrored", "as_stored", 74, 74, true},
		{"rot90", "upright", 60, -1, true}, {"rot90", "upright", 61, -1, false}, {"transposed", "trimmed", 60, -1, true},
		{"rot90", "upright", 60, -1, true},
		{"window", "upright", 58, -1, true}, {"upright", "window", 58, -1, true}, {"mirrored", "window", 59, -1, false}, {"window", "trimmed", 59, -1, false},
		{"window", "window", 0, -1, false}, {"rot90", "window", 0, -1, false},
		{"upright", "mirrored", 0, 0, false}, {"upright", "rot180", 0, -1, false}, {"mirrored", "trimmed_mirrored", 0, 0, false},
	} {
		l, ok := compare(t, of(t, look(c.asked, 0, min(c.second, 0))), of(t, look(c.seen, c.pdq, c.second)))
		if ok != c.alike {
			t.Errorf("%s against %s, %d and %d bits: %v", c.asked, c.seen, c.pdq, c.second, ok)
		}
		if ok && (l.View != c.asked || l.InView != c.seen || l.BitsPDQ != c.pdq || (l.Bits256 == nil) != (c.second < 0)) {
			t.Errorf("%s against %s: %+v", c.asked, c.seen, l)
		}
	}
}

// tiled is a mosaic in which same of eight columns are stripes that all share and the rest those of the seed.
func tiled(same int, seed uint64) []byte {
	out := make([]byte, mosaic.Bytes)
	own, shared := rand.New(rand.NewPCG(seed, 3)), rand.New(rand.NewPCG(1, 3))
	for i := range out {
		a, b := byte(20+own.IntN(200)), byte(20+shared.IntN(200))
		if out[i] = a; i%64 < 8*same {
			out[i] = b
		}
	}
	return out
}

// Where both have mosaics, they decide: however near hashes are, most places must agree; and hashes may be farther apart
// than alone, if an index finds them at all.
func TestMosaicsDecide(t *testing.T) {
	t.Parallel()
	with := func(p pipeline.Print, same int, seed uint64) pipeline.Print {
		p.Mosaic = tiled(same, seed)
		return p
	}
	for _, c := range []struct {
		name        string
		asked, seen []pipeline.Print
		alike       bool
	}{
		{"the same", []pipeline.Print{with(look("upright", 0, 0), 8, 2)}, []pipeline.Print{with(look("upright", 80, 200), 8, 3)}, true},
		{"too far for an index", []pipeline.Print{with(look("upright", 0, 0), 8, 2)}, []pipeline.Print{with(look("upright", 81, 0), 8, 3)}, false},
		{"seven of eight", []pipeline.Print{with(look("upright", 0, 0), 7, 2)}, []pipeline.Print{with(look("upright", 80, 200), 7, 3)}, true},
		{"half", []pipeline.Print{with(look("upright", 0, 0), 4, 2)}, []pipeline.Print{with(look("upright", 0, 0), 4, 3)}, false},
		{"found by windows", []pipeline.Print{with(look("upright", 0, 0), 7, 2), look("window", 150, -1)},
			[]pipeline.Print{with(look("upright", 256, 200), 7, 3), look("window", 170, -1)}, true},
		{"strangers with a window", []pipeline.Print{with(look("upright", 0, 0), 1, 2), look("window", 150, -1)},
			[]pipeline.Print{with(look("upright", 256, 200), 1, 3), look("window", 170, -1)}, false},
		{"one has none", []pipeline.Print{with(look("upright", 0, 0), 4, 2)}, []pipeline.Print{look("upright", 74, 74)}, true},
		{"mirrored", []pipeline.Print{with(look("upright", 200, 0), 8, 2), look("mirrored", 0, 0)}, []pipeline.Print{mirroredMosaic(t, look("upright", 80, 200), 8)}, true},
		{"mirrored, not asked so", []pipeline.Print{with(look("upright", 0, 0), 8, 2)}, []pipeline.Print{mirroredMosaic(t, look("upright", 0, 0), 8)}, false},
	} {
		l, ok := compare(t, of(t, c.asked...), of(t, c.seen...))
		if ok != c.alike {
			t.Errorf("%s: %v %+v", c.name, ok, l)
		}
		if ok && c.name != "one has none" && (l.Places == nil || l.Bits256 != nil || !strings.Contains(l.String(), fmt.Sprintf("the same in %d of %d places", l.Places.Agree, l.Places.Of))) {
			t.Errorf("%s: %s", c.name, l)
		}
	}
	short := look("upright", 0, 0)
	short.Mosaic = []byte{1, 2}
	if _, err := likeness.Of([]pipeline.Print{short}); err == nil {
		t.Error("a mosaic of two bytes passed")
	}
}

// TestMosaicsThatSayNothing: of pictures with hardly any structure both hashes decide, and must be near.
func TestMosaicsThatSayNothing(t *testing.T) {
	t.Parallel()
	plain := func(pdq, second int) *likeness.Footage {
		p := look("upright", pdq, second)
		p.Mosaic = make([]byte, mosaic.Bytes)
		return of(t, p)
	}
	for _, c := range []struct {
		pdq, second int
		alike       bool
	}{{0, 0, true}, {31, 31, true}, {32, 0, false}, {0, 32, false}, {0, -1, false}} {
		if l, ok := compare(t, plain(c.pdq, c.second), plain(0, 0)); ok != c.alike {
			t.Errorf("%d and %d bits: alike %t: %+v", c.pdq, c.second, ok, l)
		}
	}
}

func mirroredMosaic(t *testing.T, p pipeline.Print, same int) pipeline.Print {
	m, err := mosaic.Parse(tiled(same, 9))
	if err != nil {
		t.Fatal(err)
	}
	p.Mosaic = m.Turned(grey.FlipY)[:]
	return p
}

func TestNearestPairSpeaks(t *testing.T) {
	t.Parallel()
	l, ok := compare(t, of(t, look("upright", 20, 0), look("mirrored", 5, 7)), of(t, look("window", 19, -1), look("upright", 0, 0)))
	if want := "PDQ 1 of 256 bits from X, a part of what is there"; !ok || l.From("X") != want {
		t.Errorf("%v: %s; want %s", ok, l.From("X"), want)
	}
	l, ok = compare(t, of(t, look("upright", 20, 0), look("mirrored", 5, 7)), of(t, look("upright", 0, 0)))
	if want := "PDQ 5 of 256 bits and second print 7 of 256 bits from X, mirrored"; !ok || l.From("X") != want {
		t.Errorf("%v: %s; want %s", ok, l.From("X"), want)
	}
}

// Second prints of another making say nothing, so PDQ is alone.
func TestSecondPrintsOfAnotherMaking(t *testing.T) {
	t.Parallel()
	other := look("upright", 61, 0)
	other.Hashes[1].Version = "u"
	if _, ok := compare(t, of(t, look("upright", 0, 0)), of(t, other)); ok {
		t.Error("61 bits alone passed")
	}
	if _, ok := compare(t, of(t, look("upright", 0, 0)), of(t, look("upright", 61, 0))); !ok {
		t.Error("61 bits with a second print did not")
	}
}

func TestWhatIsLikeNothing(t *testing.T) {
	t.Parallel()
	flat, weak, none := look("upright", 0, 0), look("upright", 0, 0), look("upright", 0, 0)
	flat.Flat, weak.Weak, none.Hashes = true, "too few edges", none.Hashes[1:]
	zero := of(t, look("upright", 0, 0))
	for name, p := range map[string]pipeline.Print{"flat": flat, "weak": weak, "no PDQ": none} {
		f := of(t, p)
		if f.Comparable != 0 || f.Pictures != 1 || len(f.Seen())+len(f.Asked()) > 0 {
			t.Errorf("%s: %+v", name, f)
		}
		if _, ok := compare(t, f, zero); ok {
			t.Errorf("%s is like something", name)
		}
		if _, ok := compare(t, zero, f); ok {
			t.Errorf("something is like %s", name)
		}
	}
	for _, hex := range []string{"00", strings.Repeat("0", 63) + "x", strings.Repeat("0", 65)} {
		for i := range 2 {
			p := look("upright", 0, 0)
			p.Hashes[i].Hex = hex
			if _, err := likeness.Of([]pipeline.Print{p}); err == nil {
				t.Errorf("hash %d: %q passed", i, hex)
			}
		}
	}
}

// frames is a clip of one frame every step, with codes drawn by the seed, n of them.
func frames(seed uint64, n int, stepMs int64) []pipeline.Print {
	r := rand.New(rand.NewPCG(seed, 1))
	var out []pipeline.Print
	for i := range n {
		ms := int64(i) * stepMs
		words := make([]string, 8)
		for w := range words {
			words[w] = fmt.Sprintf("%016x", r.Uint64())
		}
		out = append(out, pipeline.Print{AtMs: &ms, View: "upright", Quality: 90, Hashes: []pipeline.Hash{
			{Algorithm: "pdq", Version: "t", Hex: strings.Join(words[:4], "")}, {Algorithm: "phash256", Version: "t", Hex: strings.Join(words[4:], "")}}})
	}
	return out
}

func shifted(prints []pipeline.Print, byMs int64) []pipeline.Print {
	out := slices.Clone(prints)
	for i := range out {
		ms := *out[i].AtMs + byMs
		out[i].AtMs = &ms
	}
	return out
}

func TestMoviesAlign(t *testing.T) {
	t.Parallel()
	long := frames(1, 60, 1000)
	l, ok := compare(t, of(t, shifted(long[20:40], -20_000)...), of(t, long...))
	if !ok || len(l.Segments) != 1 || l.Segments[0].InFromMs-l.Segments[0].FromMs != 20_000 || !strings.Contains(l.From("X"), "0:00–0:19 of this = 0:20–0:39 of that, 1.0x") {
		t.Errorf("a trim: %v %s", ok, l.From("X"))
	}
	stranger := slices.Concat(frames(2, 30, 1000), shifted(long[:3], 30_000), shifted(frames(3, 30, 1000), 33_000))
	if l, ok := compare(t, of(t, stranger...), of(t, long...)); !ok || len(l.Segments) != 1 || l.Frames != 3 || l.Of != 63 {
		t.Errorf("three frames in order: %v %+v", ok, l)
	}
	stranger[31] = stranger[5]
	stranger[31].AtMs = stranger[30].AtMs
	if l, ok := compare(t, of(t, slices.Concat(stranger[:31], stranger[33:])...), of(t, long...)); ok {
		t.Errorf("one frame of sixty: %+v", l)
	}
	if _, ok := compare(t, of(t, frames(2, 60, 1000)...), of(t, long...)); ok {
		t.Error("strangers are alike")
	}
}

// Too few frames to align: half of the asked ones' must match, and two at least unless there is but one.
func TestShareOfAMovie(t *testing.T) {
	t.Parallel()
	clip := func(n, same int) (out []pipeline.Print) {
		for i := range n {
			p := look("upright", 128, 128)
			if i < same {
				p = look("upright", 0, 0)
			}
			ms := int64(i) * 61_500
			p.AtMs = &ms
			out = append(out, p)
		}
		flat := pipeline.Print{View: "upright", Flat: true}
		ms := int64(99_000_000)
		flat.AtMs = &ms
		return append(out, flat)
	}
	still := of(t, look("upright", 0, 0))
	for _, c := range []struct {
		n, same int
		alike   bool
	}{{1, 1, true}, {2, 1, false}, {2, 2, true}, {4, 2, true}, {5, 2, false}, {6, 3, true}, {3, 1, false}, {3, 0, false}} {
		l, ok := compare(t, of(t, clip(c.n, c.same)...), still)
		if ok != c.alike {
			t.Errorf("%d of %d frames: %v", c.same, c.n, ok)
		}
		if says := fmt.Sprintf("%d of %d frames", c.same, c.n); ok && c.n > 1 != strings.Contains(l.String(), says) || strings.Contains(l.String(), " here is ") {
			t.Error(l)
		}
	}
	if _, ok := compare(t, still, of(t, clip(9, 1)...)); !ok {
		t.Error("a still out of a movie is not found")
	}
	if l, ok := compare(t, of(t, clip(9, 2)...), of(t, clip(2, 2)...)); !ok || !strings.Contains(l.String(), "0:00.0 here is 0:00.0 there") {
		t.Errorf("a short movie within a longer: %v %s", ok, l)
	}
}

// A list may hold every frame of an hour.
func TestVeryLongMovies(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	long := frames(4, 9000, 40)
	l, ok := compare(t, of(t, long[3000:3300]...), of(t, long...))
	if !ok || len(l.Segments) == 0 {
		t.Errorf("%v %+v", ok, l)
	}
}

func TestWithout(t *testing.T) {
	t.Parallel()
	logo := of(t, look("upright", 0, 0), look("window", 200, -1))
	at := func(ms int64, p pipeline.Print) pipeline.Print { p.AtMs = &ms; return p }
	clip := of(t, at(0, look("upright", 10, 10)), at(0, look("mirrored", 200, 200)), at(1000, look("upright", 200, 200)), at(1000, look("window", 3, -1)))
	left, pictures := clip.Without(logo)
	if pictures != 1 || left.Comparable != 1 || left.Pictures != 2 || len(left.Asked()) != 1 {
		t.Errorf("%d pictures, %+v", pictures, left)
	}
	if !clip.Resembles(logo) || left.Resembles(logo) {
		t.Errorf("resembles: before %v, after %v", clip.Resembles(logo), left.Resembles(logo))
	}
	if left, n := of(t, look("upright", 200, 200), look("mirrored", 20, 20)).Without(logo); n != 1 || left.Comparable != 0 {
		t.Errorf("mirrored: %d pictures, %+v", n, left)
	}
	if same, n := clip.Without(); n != 0 || cmp.Diff(clip.Asked(), same.Asked()) != "" {
		t.Error("without nothing, something is gone")
	}
}

// The nearest codes that Compare accepts are always among those that an index of the seen codes gives within RadiusPDQ.
func TestIndexMissesNothing(t *testing.T) {
	t.Parallel()
	views := []string{"upright", "mirrored", "as_stored", "rot90", "trimmed", "trimmed_mirrored", "window"}
	draw := func(t *rapid.T, name string) *likeness.Footage {
		var prints []pipeline.Print
		for range rapid.IntRange(1, 4).Draw(t, name) {
			prints = append(prints, look(rapid.SampledFrom(views).Draw(t, "view"), rapid.IntRange(0, 256).Draw(t, "pdq"), rapid.IntRange(-1, 120).Draw(t, "second")))
		}
		f, err := likeness.Of(prints)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	rapid.Check(t, func(t *rapid.T) {
		asked, seen := draw(t, "asked"), draw(t, "seen")
		_, ok, err := likeness.Compare(asked, seen)
		if err != nil || !ok {
			return
		}
		for _, a := range asked.Asked() {
			for _, s := range seen.Seen() {
				d := 0
				for i := range a {
					for x := a[i] ^ s[i]; x != 0; x &= x - 1 {
						d++
					}
				}
				if d <= likeness.Widest {
					return
				}
			}
		}
		t.Fatal("alike, and no code of one is near one of the other")
	})
}
