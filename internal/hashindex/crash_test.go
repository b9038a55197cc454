package hashindex_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/hashindex"
)

var errDied = errors.New("died")

// diesAt refuses every change of the folder from number n on, as if the process had ended there; once: only that one, as
// if the disk were full for a moment.
type diesAt struct {
	n, seen int
	once    bool
}

func (d *diesAt) before(string) error {
	d.seen++
	if d.seen == d.n || d.seen > d.n && !d.once {
		return errDied
	}
	return nil
}

// held is all that a folder holds, or nil if there is no index.
func held(t *testing.T, dir string) []match {
	t.Helper()
	x, err := hashindex.Open[code256](dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	mustDo(t, err)
	defer func() { mustDo(t, x.Close()) }()
	mustDo(t, x.Check())
	return append([]match{}, got(t, x, code256{}, 256)...)
}

// TestBuildDiesAnywhere: no index, or all of it; and a second try then gives all of it.
func TestBuildDiesAnywhere(t *testing.T) {
	t.Parallel()
	entries := uniform[code256](rand.New(rand.NewPCG(1, 1)), 20)
	full := want(entries, code256{}, 256)
	for n := 1; ; n++ {
		dir := t.TempDir()
		err := hashindex.BuildBefore(dir, (&diesAt{n: n}).before, all(entries))
		now := held(t, dir)
		if now != nil && !cmp.Equal(now, full) {
			t.Fatalf("died at %d: holds %d of %d", n, len(now), len(full))
		}
		if err == nil {
			if n < 8 {
				t.Fatalf("only %d changes seen", n)
			}
			return
		}
		if !errors.Is(err, errDied) {
			t.Fatalf("died at %d: %v", n, err)
		}
		if now == nil {
			mustDo(t, hashindex.Build(dir, all(entries)))
		}
		w := openWriter[code256](t, dir)
		if diff := cmp.Diff(full, got(t, w, code256{}, 256)); diff != "" {
			t.Fatalf("died at %d, tried again (-want +got):\n%s", n, diff)
		}
	}
}

// life opens a writer, commits, merges and commits again; committed is told what is promised after each step.
func life(dir string, before func(string) error, promised func(...entry[code256])) error {
	w, err := hashindex.OpenWriterBefore[code256](dir, before)
	if err != nil {
		return err
	}
	run := func() error {
		a, b, c := entry[code256]{1, code256{1}}, entry[code256]{2, code256{2}}, entry[code256]{3, code256{3}}
		if err := errors.Join(w.Insert(a.ID, a.Code), w.Insert(b.ID, b.Code), w.Commit()); err != nil {
			return err
		}
		promised(a, b)
		if err := w.Merge(); err != nil {
			return err
		}
		if err := errors.Join(w.Delete(1), w.Insert(c.ID, c.Code), w.Commit()); err != nil {
			return err
		}
		promised(b, c)
		return w.Merge()
	}
	return errors.Join(run(), w.Close())
}

// TestWriterDiesAnywhere: what was promised is there, or what was being promised, and never anything else; then life goes on.
func TestWriterDiesAnywhere(t *testing.T) {
	t.Parallel()
	states := [][]match{nil, {}, want([]entry[code256]{{1, code256{1}}, {2, code256{2}}}, code256{}, 256), want([]entry[code256]{{2, code256{2}}, {3, code256{3}}}, code256{}, 256)}
	for n := 1; ; n++ {
		dir, reached := t.TempDir(), 0
		err := life(dir, (&diesAt{n: n}).before, func(e ...entry[code256]) { reached = e[0].kindOfState() })
		now := held(t, dir)
		allowed := states[reached:min(reached+2, len(states))]
		if reached == 0 {
			allowed = states[:3]
		}
		if !containsState(allowed, now) {
			t.Fatalf("died at change %d: holds %v, want one of %v", n, now, allowed)
		}
		w := openWriter[code256](t, dir)
		if now != nil && !cmp.Equal(now, append([]match{}, got(t, w, code256{}, 256)...)) {
			t.Fatalf("died at change %d: the next writer holds something else", n)
		}
		cleared(t, dir)
		mustDo(t, errors.Join(w.Insert(77, code256{7}), w.Commit(), w.Merge()))
		if after := got(t, w, code256{}, 256); len(after) != len(now)+1 {
			t.Fatalf("died at change %d: %v after an insert, before %v", n, after, now)
		}
		if onlyNeeded(t, dir); err == nil {
			if n < 30 {
				t.Fatalf("only %d changes seen", n)
			}
			return
		}
	}
}

// kindOfState is which promise of life begins with this entry.
func (e entry[C]) kindOfState() int { return int(e.ID) + 1 }

func containsState(states [][]match, s []match) bool {
	for _, have := range states {
		if (have == nil) == (s == nil) && (len(have) == 0 && len(s) == 0 || cmp.Equal(have, s)) {
			return true
		}
	}
	return false
}

// cleared: a writer that opened has put away what a crash left.
func cleared(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	mustDo(t, err)
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".new") {
			t.Fatalf("%s was left", f.Name())
		}
	}
	fileOf(t, dir, "base-*.hix")
}

// onlyNeeded: after a merge there are the lock, CURRENT, a base and a log.
func onlyNeeded(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 4 {
		t.Fatalf("%v: %d files, want LOCK, CURRENT, a base and a log: %v", err, len(files), files)
	}
}

// TestMergeFailsOnce: the same writer goes on, unless it says that it cannot, and loses nothing, whether or not the merge
// is tried again.
func TestMergeFailsOnce(t *testing.T) {
	t.Parallel()
	for n := 1; mergeFailsOnce(t, n, true); n++ {
		if !mergeFailsOnce(t, n, false) || n > 20 {
			t.Fatalf("%d changes seen", n)
		}
	}
}

// mergeFailsOnce is false if a merge makes fewer than n changes.
func mergeFailsOnce(t *testing.T, n int, again bool) bool {
	dir, d := t.TempDir(), &diesAt{n: 1 << 30, once: true}
	w, err := hashindex.OpenWriterBefore[code256](dir, d.before)
	mustDo(t, err)
	defer func() { mustDo(t, w.Close()) }()
	mustDo(t, errors.Join(w.Insert(1, code256{1}), w.Insert(2, code256{2}), w.Commit()))
	d.n = d.seen + n
	failed := w.Merge()
	if d.seen < d.n {
		mustDo(t, failed)
		return n < 8
	}
	later := errors.Join(w.Delete(1), w.Insert(3, code256{3}), w.Commit())
	expected := want([]entry[code256]{{2, code256{2}}, {3, code256{3}}}, code256{}, 256)
	if later != nil {
		expected = want([]entry[code256]{{1, code256{1}}, {2, code256{2}}}, code256{}, 256)
	} else if again {
		mustDo(t, w.Merge())
	}
	if diff := cmp.Diff(expected, got(t, w, code256{}, 256)); diff != "" {
		t.Fatalf("failed at %d (%v, later %v) (-want +got):\n%s", n, failed, later, diff)
	}
	mustDo(t, w.Close())
	if diff := cmp.Diff(expected, held(t, dir)); diff != "" {
		t.Fatalf("failed at %d, on disk (-want +got):\n%s", n, diff)
	}
	return true
}

// TestCommitFailsOnce: searches do not see it, no later commit stands on it, and the next writer goes on.
func TestCommitFailsOnce(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 2; n++ {
		dir, d := t.TempDir(), &diesAt{n: 1 << 30, once: true}
		w, err := hashindex.OpenWriterBefore[code256](dir, d.before)
		mustDo(t, err)
		mustDo(t, errors.Join(w.Insert(1, code256{1}), w.Commit(), w.Insert(2, code256{2})))
		d.n = d.seen + n
		first := w.Commit()
		for what, err := range map[string]error{"commit": first, "insert": w.Insert(3, code256{}), "commit again": w.Commit(), "merge": w.Merge()} {
			if !errors.Is(err, errDied) {
				t.Errorf("failed at %d: %s gives %v, want the first error", n, what, err)
			}
		}
		if found := got(t, w, code256{}, 256); len(found) != 1 {
			t.Errorf("failed at %d: %v, want what was committed", n, found)
		}
		mustDo(t, w.Close())
		w = openWriter[code256](t, dir)
		mustDo(t, errors.Join(w.Insert(4, code256{}), w.Commit()))
		if found := held(t, dir); len(found) != n+1 {
			t.Errorf("failed at %d: %v on disk, want %d entries", n, found, n+1)
		}
	}
}

// twoLogs is a folder after a merge that failed: a log of two commits, and one more in a second log.
func twoLogs(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	merging := false
	w, err := hashindex.OpenWriterBefore[code64](dir, func(change string) error {
		if merging && change == "write base-000002.hix.new" {
			return errDied
		}
		return nil
	})
	mustDo(t, err)
	mustDo(t, errors.Join(w.Insert(1, 1), w.Commit(), w.Insert(2, 2), w.Commit()))
	merging = true
	if err := w.Merge(); !errors.Is(err, errDied) {
		t.Fatalf("merge: %v", err)
	}
	mustDo(t, errors.Join(w.Insert(3, 3), w.Commit(), w.Close()))
	return dir
}

// TestFirstOfTwoLogsMustBeWhole: it was ended on purpose, so a crash explains nothing that is missing.
func TestFirstOfTwoLogsMustBeWhole(t *testing.T) {
	t.Parallel()
	dir := twoLogs(t)
	if found := got(t, open[code64](t, dir), code64(0), 64); len(found) != 3 {
		t.Fatalf("%v, want 3 entries", found)
	}
	first := filepath.Join(dir, "log-000001.hix")
	info, err := os.Stat(first)
	mustDo(t, err)
	for size, blamed := range map[int64][2]string{info.Size() - 1: {"log-000001.hix", "records"}, info.Size() - 64: {"log-000002.hix", "header"}} {
		cut := copyFolder(t, dir)
		mustDo(t, os.Truncate(filepath.Join(cut, "log-000001.hix"), size))
		_, err := hashindex.Open[code64](cut)
		wantDamage(t, err, blamed[0], blamed[1])
	}
}

// TestLogSpliced takes records out and puts batches in another order; each record stays right in itself.
func TestLogSpliced(t *testing.T) {
	t.Parallel()
	dir, ends := threeBatches(t)
	data, err := os.ReadFile(fileOf(t, dir, "log-*.hix"))
	mustDo(t, err)
	const record = 32
	for name, c := range map[string]struct {
		data    []byte
		entries int
		damaged bool
	}{
		"whole":                   {data, 6, false},
		"a record of the last":    {slices.Delete(slices.Clone(data), ends[1], ends[1]+record), 4, false},
		"a record of the first":   {slices.Delete(slices.Clone(data), 32, 32+record), 0, true},
		"all of the second batch": {slices.Delete(slices.Clone(data), ends[0], ends[1]), 2, true},
		"the first batch twice":   {slices.Concat(data[:ends[0]], data[32:]), 2, true},
		"the last batch twice":    {slices.Concat(data, data[ends[1]:]), 6, false},
	} {
		n, _, err := hashindex.ReplayLog(c.data, 1)
		var damage *hashindex.DamagedError
		if n != c.entries || errors.As(err, &damage) != c.damaged {
			t.Errorf("%s: %d entries, %v; want %d, damage %v", name, n, err, c.entries, c.damaged)
		}
	}
}

// TestLogCutAnywhere cuts the log at each byte: every batch that is whole is there, nothing of another.
func TestLogCutAnywhere(t *testing.T) {
	t.Parallel()
	dir, ends := threeBatches(t)
	log := fileOf(t, dir, "log-*.hix")
	data, err := os.ReadFile(log)
	mustDo(t, err)
	for cut := range len(data) + 1 {
		mustDo(t, os.WriteFile(log, data[:cut], 0o600))
		x, err := hashindex.Open[code64](dir)
		if cut < 32 {
			wantDamage(t, err, filepath.Base(log), "header")
			continue
		}
		mustDo(t, err)
		batches := 0
		for batches < len(ends) && ends[batches] <= cut {
			batches++
		}
		if found := got(t, x, code64(0), 64); len(found) != 2*batches {
			t.Fatalf("cut at %d: %d entries, want %d", cut, len(found), 2*batches)
		}
		lastEnd := 32
		if batches > 0 {
			lastEnd = ends[batches-1]
		}
		if s := x.Stats(); s.CutBytes != int64(cut-lastEnd) {
			t.Fatalf("cut at %d: %d bytes given up, want %d", cut, s.CutBytes, cut-lastEnd)
		}
		mustDo(t, x.Close())
		if cut%7 == 0 {
			writerGoesOn(t, copyFolder(t, dir), 2*batches)
		}
	}
}

// threeBatches is a folder with three commits of two inserts, and where each ends in the log.
func threeBatches(t *testing.T) (dir string, ends []int) {
	t.Helper()
	dir = t.TempDir()
	w, err := hashindex.OpenWriter[code64](dir)
	mustDo(t, err)
	for i := range uint64(3) {
		mustDo(t, errors.Join(w.Insert(2*i, code64(i)), w.Insert(2*i+1, code64(i)), w.Commit()))
		info, err := os.Stat(fileOf(t, dir, "log-*.hix"))
		mustDo(t, err)
		ends = append(ends, int(info.Size()))
	}
	mustDo(t, w.Close())
	return dir, ends
}

func writerGoesOn(t *testing.T, dir string, holding int) {
	t.Helper()
	w := openWriter[code64](t, dir)
	mustDo(t, errors.Join(w.Insert(99, 0), w.Commit()))
	x := open[code64](t, dir)
	if found := got(t, x, code64(0), 64); len(found) != holding+1 || x.Stats().CutBytes != 0 {
		t.Fatalf("%d entries and %d bytes cut after one more, want %d and none", len(found), x.Stats().CutBytes, holding+1)
	}
}

// TestLogByteFlipped flips each byte: in a batch before the last that is damage; in the last it cannot be told from a
// commit cut short by a crash, and is given up and said.
func TestLogByteFlipped(t *testing.T) {
	t.Parallel()
	dir, ends := threeBatches(t)
	log := fileOf(t, dir, "log-*.hix")
	data, err := os.ReadFile(log)
	mustDo(t, err)
	for at := range data {
		data[at] ^= 0x10
		mustDo(t, os.WriteFile(log, data, 0o600))
		data[at] ^= 0x10
		x, err := hashindex.Open[code64](dir)
		switch {
		case at < 32:
			wantDamage(t, err, filepath.Base(log), "header")
		case at < ends[1]:
			wantDamage(t, err, filepath.Base(log), "records")
		default:
			mustDo(t, err)
			if found := got(t, x, code64(0), 64); len(found) != 4 || x.Stats().CutBytes == 0 {
				t.Fatalf("flipped at %d: %d entries, %d bytes cut; want 4, and some", at, len(found), x.Stats().CutBytes)
			}
			mustDo(t, x.Close())
		}
	}
}
