package hashindex_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/hashindex"
)

// TestSearchFindsWhatAComparisonOfAllFinds is the promise of exactness: every layout, uniform and clustered codes, radii of
// each plan and beyond them.
func TestSearchFindsWhatAComparisonOfAllFinds(t *testing.T) {
	t.Parallel()
	searchAll[code64](t, []hashindex.Layout{{}, {Bands: 4, Bits: 16}}, []int{0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 15, 18, 19, 20, 31, 63, 64, 99})
	searchAll[code256](t, []hashindex.Layout{{}, {Bands: 12, Bits: 10}, {Bands: 12, Bits: 18}, {Bands: 16, Bits: 16}, {Bands: 10, Bits: 13}, {Bands: 1, Bits: 7}},
		[]int{0, 1, 11, 12, 23, 30, 31, 32, 35, 36, 47, 48, 59, 60, 64, 91, 127, 255, 256, 999})
}

func searchAll[C hashindex.Code](t *testing.T, layouts []hashindex.Layout, radii []int) {
	r := rand.New(rand.NewPCG(7, uint64(width[C]())))
	for name, entries := range map[string][]entry[C]{"uniform": uniform[C](r, 3000), "clustered": clustered[C](r, 3000)} {
		for _, l := range layouts {
			seed := r.Uint64()
			t.Run(fmt.Sprintf("%d bits %s %dx%d", width[C](), name, l.Bands, l.Bits), func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(t.TempDir(), "x")
				mustDo(t, hashindex.BuildAs(dir, l, all(entries)))
				searchOne(t, dir, entries, radii, rand.New(rand.NewPCG(seed, 1)))
			})
		}
	}
}

func searchOne[C hashindex.Code](t *testing.T, dir string, entries []entry[C], radii []int, r *rand.Rand) {
	chosen, probing := open[C](t, dir), open[C](t, dir)
	probing.ProbeAlways()
	for _, radius := range radii {
		for _, far := range []int{0, radius / 2, radius} {
			q := flip(r, entries[r.IntN(len(entries))].Code, min(far, width[C]()))
			w := want(entries, q, radius)
			if diff := cmp.Diff(w, got(t, chosen, q, radius)); diff != "" {
				t.Fatalf("radius %d, query %x (-want +got):\n%s", radius, q, diff)
			}
			if diff := cmp.Diff(w, got(t, probing, q, radius)); diff != "" {
				t.Fatalf("radius %d, query %x, by buckets (-want +got):\n%s", radius, q, diff)
			}
		}
	}
}

// TestSearchAnyCodes lets rapid choose codes near each other, so that many lie right at the radius.
func TestSearchAnyCodes(t *testing.T) {
	t.Parallel()
	t.Run("64", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, anyCodes[code64](hashindex.Layout{Bands: 4, Bits: 16}))
	})
	t.Run("256", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, anyCodes[code256](hashindex.Layout{Bands: 12, Bits: 9}))
	})
}

func anyCodes[C hashindex.Code](l hashindex.Layout) func(*rapid.T) {
	return func(rt *rapid.T) {
		word := rapid.Uint64()
		q := fromWords[C]([4]uint64{word.Draw(rt, "w0"), word.Draw(rt, "w1"), word.Draw(rt, "w2"), word.Draw(rt, "w3")})
		flips := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, width[C]()-1), 0, 50), 0, 20).Draw(rt, "flips")
		var entries []entry[C]
		for i, bits := range flips {
			w := words(q)
			for _, b := range bits {
				w[b/64] ^= 1 << (b % 64)
			}
			entries = append(entries, entry[C]{uint64(i), fromWords[C](w)})
		}
		dir, done := tempDir(rt)
		defer done()
		if err := hashindex.BuildAs(dir, l, all(entries)); err != nil {
			rt.Fatal(err)
		}
		x, err := hashindex.Open[C](dir)
		if err != nil {
			rt.Fatal(err)
		}
		radius := rapid.IntRange(0, x.ProbeAlways()).Draw(rt, "radius")
		var found []match
		err = x.Search(q, radius, func(id uint64, d int) { found = append(found, match{id, d}) })
		if diff := cmp.Diff(want(entries, q, radius), sorted(found)); diff != "" || err != nil {
			rt.Fatalf("radius %d: %v (-want +got):\n%s", radius, err, diff)
		}
		if err := x.Close(); err != nil {
			rt.Fatal(err)
		}
	}
}

func TestSearchBatchIsSearch(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	entries := clustered[code256](r, 9000)
	dir := filepath.Join(t.TempDir(), "x")
	mustDo(t, hashindex.Build(dir, all(entries)))
	x := open[code256](t, dir)
	for _, number := range []int{0, 1, 7, 8, 9, 20} {
		var codes []code256
		for i := range number {
			codes = append(codes, entries[i*300].Code)
		}
		for _, radius := range []int{-1, 10, 31, 70} {
			found := make([][]match, number)
			mustDo(t, x.SearchBatch(codes, radius, func(q int, id uint64, d int) { found[q] = append(found[q], match{id, d}) }))
			for q, c := range codes {
				if diff := cmp.Diff(want(entries, c, radius), sorted(found[q])); diff != "" {
					t.Fatalf("%d codes, radius %d, query %d (-want +got):\n%s", number, radius, q, diff)
				}
			}
		}
	}
}

// TestPlans proves what the package comment says of the tight pigeonhole.
func TestPlans(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	short, long := filepath.Join(t.TempDir(), "x"), filepath.Join(t.TempDir(), "x")
	mustDo(t, hashindex.BuildAs(short, hashindex.Layout{Bands: 4, Bits: 16}, all(uniform[code64](r, 100_000))))
	mustDo(t, hashindex.BuildAs(long, hashindex.Layout{Bands: 12, Bits: 14}, all(uniform[code256](r, 100_000))))
	choose2 := func(k int) int { return 1 + k + k*(k-1)/2 }
	if n, scans := open[code64](t, short).Buckets(10); n != 3*choose2(16)+17 || scans {
		t.Errorf("64 bits, radius 10: %d buckets, scans %v, want 428 and not", n, scans)
	}
	x := open[code256](t, long)
	if n, scans := x.Buckets(31); n != 8*choose2(14)+4*15 || scans {
		t.Errorf("256 bits, radius 31: %d buckets, scans %v, want %d and not", n, scans, 8*choose2(14)+4*15)
	}
	if n, scans := x.Buckets(0); n != 1 || scans {
		t.Errorf("256 bits, radius 0: %d buckets, scans %v, want 1 and not", n, scans)
	}
	if _, scans := x.Buckets(128); !scans {
		t.Error("256 bits, radius 128: by buckets, want a scan")
	}
}

func TestSmallIndexes(t *testing.T) {
	t.Parallel()
	same := code256{1, 2, 3, 4}
	for name, entries := range map[string][]entry[code256]{
		"empty":             nil,
		"one":               {{9, same}},
		"a pair twice":      {{9, same}, {9, same}},
		"one code, two ids": {{9, same}, {8, same}},
		"one id, two codes": {{9, same}, {9, code256{}}},
		"extreme ids":       {{0, same}, {1<<64 - 1, same}},
	} {
		for _, l := range []hashindex.Layout{{}, {Bands: 12, Bits: 5}} {
			t.Run(fmt.Sprint(name, l), func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(t.TempDir(), "x")
				mustDo(t, hashindex.BuildAs(dir, l, all(entries)))
				x := open[code256](t, dir)
				for _, radius := range []int{-1, 0, 5, 256} {
					if diff := cmp.Diff(want(entries, same, radius), got(t, x, same, radius)); diff != "" {
						t.Errorf("radius %d (-want +got):\n%s", radius, diff)
					}
				}
				mustDo(t, x.Check())
				if s := x.Stats(); s.Base != len(entries) || s.Delta != 0 || s.MergeDue() {
					t.Errorf("stats %+v, want a base of %d", s, len(entries))
				}
			})
		}
	}
}

// TestManyIDsOfOneCode has a bucket that holds nearly everything in every band.
func TestManyIDsOfOneCode(t *testing.T) {
	t.Parallel()
	const n = 70_000
	var entries []entry[code64]
	for i := range uint64(n) {
		entries = append(entries, entry[code64]{i, 0x0123456789abcdef})
	}
	dir := filepath.Join(t.TempDir(), "x")
	mustDo(t, hashindex.Build(dir, all(entries)))
	x := open[code64](t, dir)
	for _, q := range []code64{0x0123456789abcdef, 0x0123456789abcdef ^ 3} {
		if found := got(t, x, q, 4); len(found) != n {
			t.Errorf("%d entries found, want %d, each once", len(found), n)
		}
	}
}

func TestSearchAllocatesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	allocations[code64](t, r, []int{0, 10, 40})
	allocations[code256](t, r, []int{0, 31, 120})
}

func allocations[C hashindex.Code](t *testing.T, r *rand.Rand, radii []int) {
	dir := filepath.Join(t.TempDir(), "x")
	entries := clustered[C](r, 20_000)
	mustDo(t, hashindex.Build(dir, all(entries)))
	w := openWriter[C](t, dir)
	mustDo(t, w.Insert(1, entries[0].Code))
	mustDo(t, w.Commit())
	for _, radius := range radii {
		found := 0
		per := testing.AllocsPerRun(10, func() {
			if w.Search(entries[0].Code, radius, func(uint64, int) { found++ }) != nil {
				found = -1 << 40
			}
		})
		if per != 0 || found <= 0 {
			t.Errorf("%d bits, radius %d: %v allocations, %d found, want 0 and some", width[C](), radius, per, found)
		}
	}
}

func TestDistanceTo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := rapid.SliceOfN(rapid.Uint64(), 8, 8).Draw(rt, "words")
		a, b := code256(w[:4]), code256(w[4:])
		if a.DistanceTo(b) != differing(a, b) || code64(w[0]).DistanceTo(code64(w[1])) != differing(code64(w[0]), code64(w[1])) {
			rt.Fatalf("%x to %x", a, b)
		}
	})
}

// TestBandOf picks bits one by one.
func TestBandOf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := [4]uint64(rapid.SliceOfN(rapid.Uint64(), 4, 4).Draw(rt, "code"))
		k := rapid.IntRange(1, 24).Draw(rt, "bits")
		first := rapid.IntRange(0, 256-k).Draw(rt, "first")
		var expected uint32
		for i := range k {
			expected |= uint32(c[(first+i)/64]>>((first+i)%64)&1) << i
		}
		if b := hashindex.BandOf(c, first, k); b != expected {
			rt.Fatalf("%x, want %x", b, expected)
		}
	})
}
