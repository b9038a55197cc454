package hashindex_test

import (
	"cmp"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"whenwhere/internal/hashindex"
)

type (
	code64  = hashindex.Code64
	code256 = hashindex.Code256
)

// entry is a pair as inserted, match a pair as found.
type entry[C hashindex.Code] struct {
	ID   uint64
	Code C
}
type match struct {
	ID       uint64
	Distance int
}

func all[C hashindex.Code](entries []entry[C]) iter.Seq2[uint64, C] {
	return func(yield func(uint64, C) bool) {
		for _, e := range entries {
			if !yield(e.ID, e.Code) {
				return
			}
		}
	}
}

// differing counts differing bits one by one, unlike the code under test.
func differing[C hashindex.Code](a, b C) int {
	x, y := words(a), words(b)
	n := 0
	for w := range x {
		for bit := range 64 {
			if x[w]>>bit&1 != y[w]>>bit&1 {
				n++
			}
		}
	}
	return n
}

func words[C hashindex.Code](c C) [4]uint64 {
	switch c := any(c).(type) {
	case code64:
		return [4]uint64{uint64(c)}
	case code256:
		return c
	}
	panic("no code")
}

func fromWords[C hashindex.Code](w [4]uint64) C {
	var c C
	switch p := any(&c).(type) {
	case *code64:
		*p = code64(w[0])
	case *code256:
		*p = w
	}
	return c
}

func width[C hashindex.Code]() int {
	var c C
	if _, short := any(c).(code64); short {
		return 64
	}
	return 256
}

// want is what a comparison of everything finds, sorted.
func want[C hashindex.Code](entries []entry[C], q C, radius int) []match {
	var found []match
	for _, e := range entries {
		if d := differing(e.Code, q); d <= radius {
			found = append(found, match{e.ID, d})
		}
	}
	return sorted(found)
}

func sorted(m []match) []match {
	slices.SortFunc(m, func(a, b match) int { return cmp.Or(cmp.Compare(a.ID, b.ID), a.Distance-b.Distance) })
	return m
}

type searcher[C hashindex.Code] interface {
	Search(code C, radius int, visit func(uint64, int)) error
}

// got is what the index finds, sorted, with repetitions.
func got[C hashindex.Code](t testing.TB, x searcher[C], q C, radius int) []match {
	t.Helper()
	var found []match
	if err := x.Search(q, radius, func(id uint64, d int) { found = append(found, match{id, d}) }); err != nil {
		t.Fatalf("search: %v", err)
	}
	return sorted(found)
}

// uniform gives n independent codes.
func uniform[C hashindex.Code](r *rand.Rand, n int) []entry[C] {
	entries := make([]entry[C], n)
	for i := range entries {
		entries[i] = entry[C]{ID: r.Uint64(), Code: fromWords[C]([4]uint64{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()})}
	}
	return entries
}

// clustered gives codes as an archive has them: a few hundred around each of few centres, many with biased bits.
func clustered[C hashindex.Code](r *rand.Rand, n int) []entry[C] {
	entries := make([]entry[C], n)
	var centre C
	for i := range entries {
		if i%256 == 0 {
			centre = fromWords[C]([4]uint64{r.Uint64() & r.Uint64(), r.Uint64() | r.Uint64(), r.Uint64(), r.Uint64() & r.Uint64() & r.Uint64()})
		}
		entries[i] = entry[C]{ID: r.Uint64(), Code: flip(r, centre, r.IntN(width[C]()/5))}
	}
	return entries
}

// flip changes n bits, chosen with repetition.
func flip[C hashindex.Code](r *rand.Rand, c C, n int) C {
	w := words(c)
	for range n {
		bit := r.IntN(width[C]())
		w[bit/64] ^= 1 << (bit % 64)
	}
	return fromWords[C](w)
}

func open[C hashindex.Code](t testing.TB, dir string) *hashindex.Index[C] {
	t.Helper()
	x, err := hashindex.Open[C](dir)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { mustDo(t, x.Close()) })
	return x
}

func openWriter[C hashindex.Code](t testing.TB, dir string) *hashindex.Writer[C] {
	t.Helper()
	w, err := hashindex.OpenWriter[C](dir)
	if err != nil {
		t.Fatalf("open writer: %v", err)
	}
	t.Cleanup(func() { mustDo(t, w.Close()) })
	return w
}

func mustDo(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// copyFolder is the folder as a crash would leave it, without the lock.
func copyFolder(t testing.TB, from string) string {
	t.Helper()
	to := t.TempDir()
	mustDo(t, os.CopyFS(to, os.DirFS(from)))
	return to
}

func fileOf(t testing.TB, dir, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v %v, want one file", pattern, found, err)
	}
	return found[0]
}

// tempDir is a folder for one round of rapid, which has no TempDir.
func tempDir(t interface{ Fatal(...any) }) (dir string, done func()) {
	dir, err := os.MkdirTemp("", "hashindex")
	if err != nil {
		t.Fatal(err)
	}
	return dir, func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}
