package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/blob"
	"whenwhere/pipeline"
)

func open(t testing.TB, dir string, maxBytes int64) *blob.Store {
	t.Helper()
	s, err := blob.New(blob.Config{Dir: dir, MaxBytes: maxBytes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func put(t testing.TB, s *blob.Store, data string) pipeline.MediaID {
	t.Helper()
	id, size, err := s.Put(t.Context(), strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if size != int64(len(data)) || id != pipeline.MediaID(sha256.Sum256([]byte(data))) {
		t.Fatalf("put %d bytes: got size %d, id %s", len(data), size, id)
	}
	return id
}

// file is the place that the package comment names.
func file(dir string, id pipeline.MediaID) string {
	hex := id.String()
	return filepath.Join(dir, "sha256", hex[:2], hex)
}

func overwrite(t testing.TB, path, data string) {
	t.Helper()
	if err := errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, []byte(data), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func names(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	rapid.Check(t, func(rt *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(rt, "data")
		for range 2 {
			id, size, err := s.Put(t.Context(), iotest.OneByteReader(bytes.NewReader(data)))
			if err != nil || size != int64(len(data)) || id != pipeline.MediaID(sha256.Sum256(data)) {
				rt.Fatalf("put: %s, %d, %v", id, size, err)
			}
			f, err := s.Open(t.Context(), id)
			if err != nil {
				rt.Fatal(err)
			}
			got, err := io.ReadAll(f)
			if err := errors.Join(err, f.Close()); err != nil || !bytes.Equal(got, data) {
				rt.Fatalf("got %x, %v", got, err)
			}
		}
	})
	if left := names(t, filepath.Join(dir, "staging")); len(left) != 0 {
		t.Errorf("left in staging: %v", left)
	}
}

func TestEmptyFile(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), 0)
	id := put(t, s, "")
	f, err := s.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != 0 {
		t.Fatalf("got %v, %v", info, err)
	}
}

func TestOriginalCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	id := put(t, s, "original")
	f, err := s.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write([]byte("x")); err == nil {
		t.Error("the opened file can be written")
	}
	if info, err := os.Stat(file(dir, id)); err != nil || info.Mode().Perm() != 0o444 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestEveryFlippedBitIsNoticedAndRepaired(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	good := "what was received"
	id := put(t, s, good)
	var want []string
	for bit := range len(good) * 8 {
		bad := []byte(good)
		bad[bit/8] ^= 1 << (bit % 8)
		overwrite(t, file(dir, id), string(bad))
		is := pipeline.MediaID(sha256.Sum256(bad))
		var damaged *blob.DamagedError
		if f, err := s.Open(t.Context(), id); !errors.As(err, &damaged) || damaged.ID != id || damaged.Got != is {
			t.Fatalf("bit %d: open gave %v, %v", bit, f, err)
		}
		want = append(want, id.String()+"-is-"+is.String())
		put(t, s, good)
		if err := s.Verify(t.Context(), id); err != nil {
			t.Fatalf("bit %d: after the repair: %v", bit, err)
		}
	}
	got, err := s.Quarantined()
	if err != nil {
		t.Fatal(err)
	}
	sortStrings := cmp.Transformer("set", func(in []string) map[string]bool {
		out := map[string]bool{}
		for _, x := range in {
			out[x] = true
		}
		return out
	})
	if diff := cmp.Diff(want, got, sortStrings); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "quarantine", want[0]))
	if err != nil || pipeline.MediaID(sha256.Sum256(kept)).String() != want[0][68:] {
		t.Errorf("the damaged bytes are not kept: %q, %v", kept, err)
	}
}

func TestCutFileIsDamaged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	id := put(t, s, "something")
	overwrite(t, file(dir, id), "")
	var damaged *blob.DamagedError
	if err := s.Verify(t.Context(), id); !errors.As(err, &damaged) {
		t.Fatalf("got %v", err)
	}
}

func TestUnknownID(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), 0)
	if _, err := s.Open(t.Context(), pipeline.MediaID{1}); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("got %v, want fs.ErrNotExist", err)
	}
}

func TestSizeLimit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 10)
	put(t, s, "123456789")
	put(t, s, "1234567890")
	_, _, err := s.Put(t.Context(), strings.NewReader("12345678901"))
	var large *blob.TooLargeError
	if !errors.As(err, &large) || large.LimitBytes != 10 {
		t.Fatalf("got %v, want a TooLargeError of 10", err)
	}
	if left := names(t, filepath.Join(dir, "staging")); len(left) != 0 {
		t.Errorf("left in staging: %v", left)
	}
}

func TestReaderThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	broken := errors.New("cable pulled")
	_, _, err := s.Put(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Put(ctx, strings.NewReader("whole")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	if got := ids(t, s); len(got) != 0 {
		t.Errorf("kept %v", got)
	}
	if left := names(t, filepath.Join(dir, "staging")); len(left) != 0 {
		t.Errorf("left in staging: %v", left)
	}
}

func ids(t testing.TB, s *blob.Store) []pipeline.MediaID {
	t.Helper()
	var out []pipeline.MediaID
	for id, err := range s.IDs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, id)
	}
	return out
}

// Two stores on one folder stand for two processes; both find the file damaged and must not repair each other's work.
func TestConcurrentPutsOfTheSameBytes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stores := []*blob.Store{open(t, dir, 0), open(t, dir, 0)}
	data := strings.Repeat("same ", 10_000)
	id := put(t, stores[0], data)
	overwrite(t, file(dir, id), "damaged")
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if got, _, err := stores[i%2].Put(t.Context(), strings.NewReader(data)); err != nil || got != id {
				t.Errorf("put %d: %s, %v", i, got, err)
			}
		})
	}
	wg.Wait()
	if err := stores[0].Verify(t.Context(), id); err != nil {
		t.Error(err)
	}
	if got, err := stores[0].Quarantined(); err != nil || len(got) != 1 {
		t.Errorf("quarantine holds %v, %v; want the one damaged file", got, err)
	}
	if got := ids(t, stores[1]); len(got) != 1 || got[0] != id {
		t.Errorf("ids: %v", got)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "with [brackets]")
	s := open(t, dir, 0)
	id := put(t, s, "kept")
	overwrite := func(path string) {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overwrite(filepath.Join(dir, "staging", "put-1"))
	overwrite(file(dir, id) + ".18a0.tmp")
	if removed, err := s.Sweep(); err != nil || removed != 2 {
		t.Fatalf("swept %d, %v; want 2", removed, err)
	}
	if removed, err := s.Sweep(); err != nil || removed != 0 {
		t.Fatalf("second sweep: %d, %v", removed, err)
	}
	if got := ids(t, s); len(got) != 1 || got[0] != id {
		t.Errorf("ids after the sweep: %v", got)
	}
}

func TestSweepDuringPutHarmsNothing(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), 0)
	swept := func(p []byte) (int, error) {
		if n, err := s.Sweep(); err != nil || n != 1 {
			t.Errorf("swept %d, %v", n, err)
		}
		return 0, io.EOF
	}
	id, _, err := s.Put(t.Context(), io.MultiReader(strings.NewReader("on its way"), reader(swept)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(t.Context(), id); err != nil {
		t.Error(err)
	}
}

type reader func(p []byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]blob.Config{
		"no folder":      {},
		"negative limit": {Dir: t.TempDir(), MaxBytes: -1},
	} {
		if s, err := blob.New(cfg); err == nil {
			t.Errorf("%s: got %v", name, s)
		}
	}
}
