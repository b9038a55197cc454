package tsv_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/tsv"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]tsv.Row{
		"a\tb\n1\tit's \"so\"\n\t2\n": {{"a": "1", "b": `it's "so"`}, {"a": "", "b": "2"}},
		"a\tb\n":                      nil,
		"":                            nil,
		"a\tb\n1\n":                   nil, // a cell is missing
	} {
		file := filepath.Join(t.TempDir(), "table.tsv")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := tsv.Read(file)
		if (err == nil) != (want != nil) {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
	}
	if _, err := tsv.Read(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("a file that is not there was read")
	}
	if v, err := (tsv.Row{"lat": "48.5"}).Number("lat"); v != 48.5 || err != nil {
		t.Error(v, err)
	}
	if _, err := (tsv.Row{"lat": "48,5"}).Number("lat"); err == nil {
		t.Error("48,5 is a number")
	}
}
