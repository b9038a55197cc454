package manifest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"whenwhere/internal/manifest"
)

// Every record of the fixtures is what the schema describes.
func TestFixturesFitTheSchema(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob(filepath.Join("..", "..", "fixtures", "*", manifest.JSONLines))
	if err != nil || len(found) == 0 {
		t.Fatalf("fixtures: %v, %v", found, err)
	}
	s, n := loadSchema(t), 0
	for _, name := range found {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
			n++
			if err := validateLine(t, s, line); err != nil {
				t.Errorf("%s:%d: %v", name, i+1, err)
			}
		}
	}
	if n < 24 {
		t.Errorf("%d records, want 24 or more", n)
	}
}
