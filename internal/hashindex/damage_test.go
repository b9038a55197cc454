package hashindex_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"whenwhere/internal/hashindex"
)

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

// TestPositionsBeyondTheEnd has a band whose positions lead nowhere.
func TestPositionsBeyondTheEnd(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 3))
	spoilPositions(t, hashindex.Layout{Bands: 4, Bits: 16}, uniform[code64](r, 100))
	spoilPositions(t, hashindex.Layout{Bands: 12, Bits: 9}, uniform[code256](r, 100))
}

func spoilPositions[C hashindex.Code](t *testing.T, l hashindex.Layout, entries []entry[C]) {
	dir := filepath.Join(t.TempDir(), "x")
	mustDo(t, hashindex.BuildAs(dir, l, all(entries)))
	path := fileOf(t, dir, "base-*.hix")
	place := open[C](t, dir).Sections()["positions of band 1"]
	data, err := os.ReadFile(path)
	mustDo(t, err)
	for i := range data[place[0] : place[0]+place[1]] {
		data[int(place[0])+i] = 0xff
	}
	mustDo(t, os.WriteFile(path, data, 0o600))
	x := open[C](t, dir)
	x.ProbeAlways()
	// The code differs from what is searched in band 0, so that band 1 is the first to find it.
	w := words(entries[0].Code)
	w[0] ^= 0xf
	wantDamage(t, x.Search(fromWords[C](w), 4, func(uint64, int) {}), filepath.Base(path), "positions of band 1")
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
	theirs := cutMapping(t)
	for _, cause := range []func(){func() { panic("mine") }, func() { _ = *(*int)(nil) }, func() { t.Log(theirs[0]) }} {
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

// cutMapping is memory that cannot be read.
func cutMapping(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cut")
	mustDo(t, os.WriteFile(path, make([]byte, 4096), 0o600))
	f, err := os.Open(path)
	mustDo(t, err)
	memory, err := unix.Mmap(int(f.Fd()), 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	mustDo(t, errors.Join(err, f.Close(), os.Truncate(path, 0)))
	t.Cleanup(func() { mustDo(t, unix.Munmap(memory)) })
	return memory
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
		"bent CURRENT":         {spoil: write("CURRENT", "hashindex 2\nbase 1\nbits 64\nsum 00000000\n"), damage: "CURRENT"},
		"CURRENT in disguise":  {spoil: write("CURRENT", hashindex.SumText("hashindex 1\nbase 01\nbits 64\n")), damage: "CURRENT"},
		"empty base":           {spoil: write("base-000001.hix", ""), damage: "base-000001.hix"},
		"empty log":            {spoil: write("log-000001.hix", ""), damage: "log-000001.hix"},
		"a gap of logs":        {spoil: write("log-000003.hix", ""), damage: "log-000002.hix"},
		"CURRENT of tomorrow":  {spoil: write("CURRENT", hashindex.SumText("hashindex 2\nbase 1\nbits 64\n"))},
		"CURRENT of long ones": {spoil: write("CURRENT", hashindex.SumText("hashindex 1\nbase 1\nbits 256\n"))},
		"base of tomorrow":     {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 8, 2) }},
		"base of long ones":    {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 12, 4) }},
		"impossible bands":     {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 24, 99) }, damage: "base-000001.hix"},
		"impossible bits":      {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 28, 99) }, damage: "base-000001.hix"},
		"section elsewhere":    {spoil: func(t *testing.T, dir string) { patchBase(t, dir, 64+8, 1) }, damage: "base-000001.hix"},
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
