package hashindex_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"whenwhere/internal/hashindex"
)

// declared is an error that the package promises for bad files.
func declared(err error) bool {
	var damage *hashindex.DamagedError
	var format *hashindex.FormatError
	return err == nil || errors.As(err, &damage) || errors.As(err, &format)
}

// FuzzLog: any bytes are whole batches, a rest that is given up, or damage; and the whole part alone reads the same.
func FuzzLog(f *testing.F) {
	for _, words := range []int{1, 4} {
		dir := f.TempDir()
		if words == 1 {
			w := openWriter[code64](f, dir)
			mustDo(f, errors.Join(w.Insert(1, 2), w.Delete(3), w.Commit(), w.Insert(4, 5), w.Commit()))
		} else {
			w := openWriter[code256](f, dir)
			mustDo(f, errors.Join(w.Insert(1, code256{2}), w.Commit()))
		}
		data, err := os.ReadFile(filepath.Join(dir, "log-000001.hix"))
		mustDo(f, err)
		f.Add(data, words == 4)
		f.Add(data[:len(data)-5], words == 4)
	}
	f.Fuzz(func(t *testing.T, data []byte, long bool) {
		words := 1
		if long {
			words = 4
		}
		n, whole, err := hashindex.ReplayLog(data, words)
		if !declared(err) {
			t.Fatalf("undeclared: %v", err)
		}
		if err != nil {
			return
		}
		if again, size, err := hashindex.ReplayLog(data[:whole], words); again != n || size != whole || err != nil {
			t.Fatalf("%d entries in %d bytes, alone %d in %d: %v", n, whole, again, size, err)
		}
	})
}

// FuzzBase: a base file of any header, its checksum made right, is refused or searched without a panic.
func FuzzBase(f *testing.F) {
	for _, l := range []hashindex.Layout{{}, {Bands: 12, Bits: 4}} {
		dir := filepath.Join(f.TempDir(), "x")
		mustDo(f, hashindex.BuildAs(dir, l, all([]entry[code256]{{1, code256{1}}, {2, code256{9}}, {2, code256{1, 1, 1, 1}}})))
		data, err := os.ReadFile(filepath.Join(dir, "base-000001.hix"))
		mustDo(f, err)
		f.Add(data[:256], bytes.TrimRight(data[4096:], "\x00"))
	}
	whole := filepath.Join(f.TempDir(), "x")
	mustDo(f, hashindex.Build(whole, all[code256](nil)))
	f.Fuzz(func(t *testing.T, head, rest []byte) {
		page := make([]byte, 4096)
		copy(page, head)
		hashindex.Rehead(page)
		if err := hashindex.ReadHeader(page, int64(4096+len(rest)), 4); !declared(err) {
			t.Fatalf("undeclared: %v", err)
		}
		dir := copyFolder(t, whole)
		padded := append(page, rest...)
		padded = append(padded, make([]byte, -len(padded)&4095)...)
		mustDo(t, os.WriteFile(filepath.Join(dir, "base-000001.hix"), padded, 0o600))
		x, err := hashindex.Open[code256](dir)
		if !declared(err) {
			t.Fatalf("undeclared: %v", err)
		}
		if err != nil {
			return
		}
		defer func() { mustDo(t, x.Close()) }()
		x.ProbeAlways()
		for _, radius := range []int{0, 31, 256} {
			if err := x.Search(code256{1}, radius, func(uint64, int) {}); !declared(err) {
				t.Fatalf("undeclared: %v", err)
			}
		}
	})
}
