// Package shareddata finds, for tests, the real photos, clips, maps and tables that lie beside the repository in
// ../shared/data. They are not part of the project: a test that needs what is absent is skipped, with a message.
package shareddata

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/tsv"
)

// Path is a file or folder of the shared data; the test is skipped when it is absent.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{root(t), "..", "shared", "data"}, elem...)...)
	real, err := filepath.EvalSymlinks(path) // WalkDir does not follow a link
	if err != nil {
		t.Skipf("../shared/data/%s not present", strings.Join(elem, "/"))
	}
	return real
}

// Table is a table of tab-separated cells of the shared data.
func Table(t testing.TB, elem ...string) []tsv.Row {
	t.Helper()
	rows, err := tsv.Read(Path(t, elem...))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Number reads a cell of such a table.
func Number(t testing.TB, r tsv.Row, column string) float64 {
	t.Helper()
	v, err := r.Number(column)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// root is the folder of the module that the test belongs to.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = above
	}
}
