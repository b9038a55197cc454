package sqlite_test

import (
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"whenwhere/internal/store"
	"whenwhere/internal/store/sqlite"
	"whenwhere/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "case #1 ?50%.db"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	storetest.Run(t, open)
}

func TestFreshFileOpenedByManyAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	results := make(chan error)
	const openers = 8
	for range openers {
		go func() {
			s, err := sqlite.Open(t.Context(), filepath.Join(dir, "fresh.db"))
			if err == nil {
				err = s.Close()
			}
			results <- err
		}()
	}
	for range openers {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	t.Parallel()
	if s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "absent", "x.db")); err == nil {
		t.Errorf("got %v", s)
	}
}
