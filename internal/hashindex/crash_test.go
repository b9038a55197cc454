package hashindex_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
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

// onlyNeeded: after a merge there are the lock, CURRENT, a base and a log.
func onlyNeeded(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 4 {
		t.Fatalf("%v: %d files, want LOCK, CURRENT, a base and a log: %v", err, len(files), files)
	}
}

// TestMergeFailsOnceAndIsTriedAgain: the same writer goes on, unless it says that it cannot, and loses nothing.
func TestMergeFailsOnceAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	for n := 1; n < 20; n++ {
		dir, d := t.TempDir(), &diesAt{n: 1 << 30, once: true}
		w, err := hashindex.OpenWriterBefore[code256](dir, d.before)
		mustDo(t, err)
		mustDo(t, errors.Join(w.Insert(1, code256{1}), w.Insert(2, code256{2}), w.Commit()))
		d.n = d.seen + n
		failed := w.Merge()
		if d.seen < d.n {
			mustDo(t, errors.Join(failed, w.Close()))
			if n < 8 {
				t.Fatalf("only %d changes seen", n)
			}
			return
		}
		later := errors.Join(w.Delete(1), w.Insert(3, code256{3}), w.Commit())
		expected := want([]entry[code256]{{2, code256{2}}, {3, code256{3}}}, code256{}, 256)
		if later == nil {
			mustDo(t, w.Merge())
		} else {
			expected = want([]entry[code256]{{1, code256{1}}, {2, code256{2}}}, code256{}, 256)
		}
		if diff := cmp.Diff(expected, got(t, w, code256{}, 256)); diff != "" {
			t.Fatalf("failed at %d (%v, later %v) (-want +got):\n%s", n, failed, later, diff)
		}
		mustDo(t, w.Close())
		if diff := cmp.Diff(expected, held(t, dir)); diff != "" {
			t.Fatalf("failed at %d, on disk (-want +got):\n%s", n, diff)
		}
	}
	t.Fatal("no end of changes")
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
