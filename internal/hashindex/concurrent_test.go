package hashindex_test

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"whenwhere/internal/hashindex"
)

// TestReadersBesideOneWriter: each commit replaces the code of one id and adds an entry that stays, so a search sees that
// id exactly once and never fewer entries than before, through merges and from other openings of the folder.
func TestReadersBesideOneWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := openWriter[code256](t, dir)
	mustDo(t, errors.Join(w.Insert(0, code256{}), w.Commit()))
	const commits = 150
	var done atomic.Bool
	var all sync.WaitGroup
	run := func(f func() error) {
		all.Go(func() {
			if err := f(); err != nil {
				t.Error(err)
			}
		})
	}
	for range 3 {
		run(func() error { return watch(w, &done) })
	}
	run(func() error { return reopenAndWatch(dir, &done) })
	run(func() error {
		for !done.Load() {
			if err := w.MergeAs(hashindex.Layout{Bands: 12, Bits: 3}); err != nil {
				return err
			}
		}
		return nil
	})
	for i := uint64(1); i <= commits; i++ {
		mustDo(t, errors.Join(w.Delete(0), w.Insert(0, code256{i, i}), w.Insert(i, code256{i}), w.Commit()))
	}
	done.Store(true)
	all.Wait()
	if found := got(t, w, code256{}, 256); len(found) != commits+1 {
		t.Errorf("%d entries at the end, want %d", len(found), commits+1)
	}
}

func watch(x searcher[code256], done *atomic.Bool) error {
	before := 0
	for !done.Load() {
		n, err := count(x)
		if err != nil {
			return err
		}
		if n < before {
			return fmt.Errorf("%d entries after %d", n, before)
		}
		before = n
	}
	return nil
}

// count is the number of entries, of which that of id 0 must be one.
func count(x searcher[code256]) (int, error) {
	n, zeros := 0, 0
	err := x.Search(code256{}, 256, func(id uint64, _ int) {
		n++
		if id == 0 {
			zeros++
		}
	})
	if err == nil && zeros != 1 {
		err = fmt.Errorf("id 0 seen %d times, want once", zeros)
	}
	return n, err
}

func reopenAndWatch(dir string, done *atomic.Bool) error {
	before := 0
	for !done.Load() {
		x, err := hashindex.Open[code256](dir)
		if err != nil {
			return fmt.Errorf("open beside a writer: %w", err)
		}
		n, err := count(x)
		if err := errors.Join(err, x.Close()); err != nil {
			return err
		}
		if n < before {
			return fmt.Errorf("%d entries in a later opening, before %d", n, before)
		}
		before = n
	}
	return nil
}

const childFolder = "HASHINDEX_TEST_CHILD"

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		if err := writeForever(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForever commits pairs of entries, says the number of each pair that is safe, and merges now and then.
func writeForever(dir string) error {
	w, err := hashindex.OpenWriter[code64](dir)
	if err != nil {
		return err
	}
	start := uint64(0)
	if err := w.Search(0, 64, func(id uint64, _ int) { start = max(start, id/2+1) }); err != nil {
		return err
	}
	for i := start; ; i++ {
		if err := errors.Join(w.Insert(2*i, code64(i)), w.Insert(2*i+1, code64(i)), w.Commit()); err != nil {
			return err
		}
		fmt.Println(i)
		if i%5 == 0 {
			if err := w.Merge(); err != nil {
				return err
			}
		}
	}
}

// TestKilled kills the writer at random moments, again and again: what it said is there, nothing is there by half.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir, r, said := t.TempDir(), rand.New(rand.NewPCG(8, 8)), 0
	for range 25 {
		said = max(said, runAndKill(t, dir, time.Duration(r.IntN(60_000))*time.Microsecond))
		x, err := hashindex.Open[code64](dir)
		if err != nil {
			t.Fatal(err)
		}
		mustDo(t, x.Check())
		found := got(t, x, 0, 64)
		mustDo(t, x.Close())
		if len(found)%2 != 0 || len(found) < 2*(said+1) {
			t.Fatalf("%d entries after pair %d was safe", len(found), said)
		}
		for i, m := range found {
			if m.ID != uint64(i) {
				t.Fatalf("entry %d has id %d", i, m.ID)
			}
		}
	}
	if said < 25 {
		t.Errorf("only %d pairs were written", said)
	}
}

// runAndKill gives the last number that the process said before it was killed, at the earliest after its first.
func runAndKill(t *testing.T, dir string, after time.Duration) int {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	mustDo(t, err)
	mustDo(t, cmd.Start())
	last, lines := 0, bufio.NewScanner(out)
	for first := true; lines.Scan(); first = false {
		last, err = strconv.Atoi(strings.TrimSpace(lines.Text()))
		mustDo(t, err)
		if first {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the process ended by itself")
	}
	return last
}

// TestLockBesideStartingProcesses: a child has copies of all descriptors for a moment, which must not keep the lock.
func TestLockBesideStartingProcesses(t *testing.T) {
	t.Parallel()
	var done atomic.Bool
	var starter sync.WaitGroup
	starter.Go(func() {
		for !done.Load() {
			if err := exec.Command(os.Args[0], "-test.run=^$").Run(); err != nil {
				t.Error(err)
				return
			}
		}
	})
	defer starter.Wait()
	defer done.Store(true)
	dir := t.TempDir()
	for range 300 {
		w, err := hashindex.OpenWriter[code64](dir)
		if err != nil {
			t.Error(err)
			return
		}
		if err := w.Close(); err != nil {
			t.Error(err)
			return
		}
	}
}
