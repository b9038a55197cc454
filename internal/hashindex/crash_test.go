package hashindex_test

import (
	"errors"
	"fmt"
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

func wantDamage(t *testing.T, err error, file, section string) {
	t.Helper()
	var damage *hashindex.DamagedError
	if !errors.As(err, &damage) || damage.File != file || damage.Section != section {
		t.Fatalf("%v, want damage of %s of %s", err, section, file)
	}
}

// TestBaseByteFlipped flips bytes of every section: the header and the offsets are refused at opening, the rest by Check
// and by Merge; a search meanwhile ends, with or without an error.
func TestBaseByteFlipped(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	entries64, entries256 := clustered[code64](r, 2000), clustered[code256](r, 2000)
	flipSections(t, r, hashindex.Layout{Bands: 4, Bits: 16}, entries64)
	flipSections(t, r, hashindex.Layout{}, entries64)
	flipSections(t, r, hashindex.Layout{Bands: 12, Bits: 9}, entries256)
}

func flipSections[C hashindex.Code](t *testing.T, r *rand.Rand, l hashindex.Layout, entries []entry[C]) {
	dir := filepath.Join(t.TempDir(), "x")
	mustDo(t, hashindex.BuildAs(dir, l, all(entries)))
	path := fileOf(t, dir, "base-*.hix")
	x, err := hashindex.Open[C](dir)
	mustDo(t, err)
	sections := x.Sections()
	mustDo(t, x.Close())
	for name, place := range sections {
		for _, at := range []int64{0, place[1] - 1, r.Int64N(place[1]), r.Int64N(place[1])} {
			restore := flipByte(t, path, place[0]+at)
			x, err := hashindex.Open[C](dir)
			if err != nil {
				wantDamage(t, err, filepath.Base(path), name)
			} else {
				wantDamage(t, x.Check(), filepath.Base(path), name)
				searchDamaged(t, x, entries)
				mustDo(t, x.Close())
				mergeDamaged[C](t, dir, filepath.Base(path), name)
			}
			restore()
		}
	}
	mustDo(t, open[C](t, dir).Check())
}

func flipByte(t *testing.T, path string, at int64) (restore func()) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	mustDo(t, err)
	var b [1]byte
	_, err = f.ReadAt(b[:], at)
	mustDo(t, err)
	_, err = f.WriteAt([]byte{b[0] ^ 0x80}, at)
	mustDo(t, err)
	return func() {
		_, err := f.WriteAt(b[:], at)
		mustDo(t, errors.Join(err, f.Close()))
	}
}

func searchDamaged[C hashindex.Code](t *testing.T, x *hashindex.Index[C], entries []entry[C]) {
	t.Helper()
	x.ProbeAlways()
	for _, e := range entries[:50] {
		for _, radius := range []int{0, 10, 200} {
			err := x.Search(e.Code, radius, func(uint64, int) {})
			var damage *hashindex.DamagedError
			if err != nil && !errors.As(err, &damage) {
				t.Fatalf("search of a damaged base: %v", err)
			}
		}
	}
}

func mergeDamaged[C hashindex.Code](t *testing.T, dir, file, section string) {
	t.Helper()
	w, err := hashindex.OpenWriter[C](copyFolder(t, dir))
	mustDo(t, err)
	defer func() { mustDo(t, w.Close()) }()
	mustDo(t, errors.Join(w.Delete(1), w.Commit()))
	wantDamage(t, w.Merge(), file, section)
}

// TestBaseCutUnderAnOpenIndex takes pages away from the mapping: an error for the search, not the end of the process.
func TestBaseCutUnderAnOpenIndex(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "x")
	mustDo(t, hashindex.Build(dir, all(uniform[code256](rand.New(rand.NewPCG(6, 6)), 5000))))
	x := open[code256](t, dir)
	path := fileOf(t, dir, "base-*.hix")
	mustDo(t, os.Truncate(path, 8192))
	wantDamage(t, x.Search(code256{}, 256, func(uint64, int) {}), filepath.Base(path), "mapping")
	wantDamage(t, x.Check(), filepath.Base(path), "mapping")
	_, err := hashindex.Open[code256](dir)
	wantDamage(t, err, filepath.Base(path), "header")
}

// TestVisitMayPanic: a panic of the caller's own stays what it is.
func TestVisitMayPanic(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustDo(t, hashindex.Build(dir, all([]entry[code64]{{1, 1}})))
	x := open[code64](t, dir)
	for _, cause := range []func(){func() { panic("mine") }, func() { _ = *(*int)(nil) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic of visit was swallowed")
				}
			}()
			t.Error(x.Search(1, 0, func(uint64, int) { cause() }))
		}()
	}
	if found := got(t, x, code64(1), 0); len(found) != 1 {
		t.Errorf("%d found after a panic, want 1", len(found))
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	whole := t.TempDir()
	mustDo(t, hashindex.Build(whole, all([]entry[code64]{{1, 1}})))
	remove := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { mustDo(t, os.Remove(filepath.Join(dir, name))) }
	}
	write := func(name, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { mustDo(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)) }
	}
	for name, c := range map[string]struct {
		spoil  func(*testing.T, string)
		damage string // file, or "" for a FormatError
		opens  error  // what Open gives instead of damage
	}{
		"no base":              {spoil: remove("base-000001.hix"), damage: "base-000001.hix"},
		"no log":               {spoil: remove("log-000001.hix"), damage: "log-000001.hix"},
		"no CURRENT":           {spoil: remove("CURRENT"), damage: "CURRENT", opens: fs.ErrNotExist},
		"empty CURRENT":        {spoil: write("CURRENT", ""), damage: "CURRENT"},
		"odd CURRENT":          {spoil: write("CURRENT", "hashindex 1\nbase 1\nbits 64\nsum 00000000\n"), damage: "CURRENT"},
		"CURRENT in disguise":  {spoil: write("CURRENT", hashindex.SumText("hashindex 1\nbase +1\nbits 64\n")), damage: "CURRENT"},
		"empty base":           {spoil: write("base-000001.hix", ""), damage: "base-000001.hix"},
		"empty log":            {spoil: write("log-000001.hix", ""), damage: "log-000001.hix"},
		"a gap of logs":        {spoil: write("log-000003.hix", ""), damage: "log-000002.hix"},
		"CURRENT of tomorrow":  {spoil: write("CURRENT", hashindex.SumText("hashindex 2\nbase 1\nbits 64\n"))},
		"CURRENT of long ones": {spoil: write("CURRENT", hashindex.SumText("hashindex 1\nbase 1\nbits 256\n"))},
		"base of tomorrow":     {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 8, 2) }},
		"base of long ones":    {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 12, 4) }},
		"impossible layout":    {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 24, 99) }, damage: "base-000001.hix"},
		"more than there is":   {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 18, 99) }, damage: "base-000001.hix"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyFolder(t, whole)
			c.spoil(t, dir)
			_, errOpen := hashindex.Open[code64](dir)
			_, errWrite := hashindex.OpenWriter[code64](dir)
			if c.opens != nil {
				if !errors.Is(errOpen, c.opens) {
					t.Errorf("open: %v, want %v", errOpen, c.opens)
				}
				errOpen = errWrite
			}
			for _, err := range []error{errOpen, errWrite} {
				var damage *hashindex.DamagedError
				var format *hashindex.FormatError
				if c.damage == "" && !errors.As(err, &format) || c.damage != "" && (!errors.As(err, &damage) || damage.File != c.damage) {
					t.Errorf("%v, want damage of %q, or a FormatError", err, c.damage)
				}
			}
		})
	}
}

func patchBase(t *testing.T, dir string, at int, value byte) {
	t.Helper()
	path := filepath.Join(dir, "base-000001.hix")
	data, err := os.ReadFile(path)
	mustDo(t, err)
	data[at] = value
	hashindex.Rehead(data)
	mustDo(t, os.WriteFile(path, data, 0o600))
}

func TestOneWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w, err := hashindex.OpenWriter[code64](dir)
	mustDo(t, err)
	if _, err := hashindex.OpenWriter[code64](dir); !errors.Is(err, hashindex.ErrLocked) {
		t.Errorf("second writer: %v, want ErrLocked", err)
	}
	if err := hashindex.Build(dir, all[code64](nil)); !errors.Is(err, hashindex.ErrLocked) {
		t.Errorf("build beside a writer: %v, want ErrLocked", err)
	}
	open[code64](t, dir)
	mustDo(t, errors.Join(w.Insert(1, 1), w.Close(), w.Close()))
	if err := hashindex.Build(dir, all[code64](nil)); !errors.Is(err, hashindex.ErrExists) {
		t.Errorf("build over an index: %v, want ErrExists", err)
	}
	for what, err := range map[string]error{"insert": w.Insert(1, 1), "delete": w.Delete(1), "commit": w.Commit(), "merge": w.Merge(),
		"search": w.Search(1, 1, nil), "check": w.Check()} {
		if !errors.Is(err, hashindex.ErrClosed) {
			t.Errorf("%s after close: %v, want ErrClosed", what, err)
		}
	}
	if found := got(t, openWriter[code64](t, dir), code64(1), 64); len(found) != 0 {
		t.Errorf("%v found, but nothing was committed", found)
	}
}

func TestOpenWithoutIndex(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "absent")} {
		if _, err := hashindex.Open[code64](dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v, want fs.ErrNotExist", err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	mustDo(t, os.WriteFile(file, nil, 0o600))
	if _, err := hashindex.OpenWriter[code64](file); err == nil {
		t.Error("a file was taken for a folder")
	}
	if _, err := hashindex.Open[code64](filepath.Join(t.TempDir(), fmt.Sprint("a", "[b"))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("odd name: %v, want fs.ErrNotExist", err)
	}
}
