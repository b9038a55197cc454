package clock

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The embedded tables are the file that doc.go names; changing them changes
// answers and must be seen.
func TestZoneTablesAreTheNamedEdition(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte(zoneinfo))
	if got := hex.EncodeToString(sum[:]); got != "8f55634d05f8bca1f7bc7c69c5933428c69357e0bdf565e5ba224e3f88ff12e8" {
		t.Errorf("zoneinfo.zip has SHA-256 %s; update ZoneDataVersion (%s) and doc.go with it", got, ZoneDataVersion)
	}
}

func TestOffsetsInUse(t *testing.T) {
	t.Parallel()
	z := NewZones()
	files, err := z.files()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for name, file := range files {
		if file.UncompressedSize64 == 0 || strings.HasSuffix(name, "/") {
			continue
		}
		loc, err := z.Location(name)
		if err != nil {
			t.Fatal(err)
		}
		end := time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)
		for at := time.UnixMilli(windowStartMs).In(loc); at.Before(end); at = at.Add(217 * time.Hour) {
			_, offset := at.Zone()
			if offset%60 != 0 {
				t.Fatalf("%s has an offset of %d s in %v", name, offset, at)
			}
			seen[offset/60] = true
		}
	}
	var list []int
	for o := range seen {
		list = append(list, o)
	}
	slices.Sort(list)
	if diff := cmp.Diff(list, offsetsInUse); diff != "" {
		t.Errorf("-tables +code: %s", diff)
	}
	if list[0] != westmostMin || list[len(list)-1] != eastmostMin {
		t.Errorf("offsets from %d to %d", list[0], list[len(list)-1])
	}
}

// Nothing in this package may ask the host for the time or its zone.
func TestNoClockOfTheHost(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if use := hostClock(n); use != "" {
				t.Errorf("%s uses %s", name, use)
			}
			return true
		})
	}
	if files < 8 {
		t.Errorf("only %d files were read", files)
	}
}

// hostClock names the use of the host's clock or zone in a node, if any. The
// method Local is only banned as a call; Stamp has a field of that name.
func hostClock(n ast.Node) string {
	if call, ok := n.(*ast.CallExpr); ok {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Local" {
			return "Local()"
		}
	}
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := sel.X.(*ast.Ident)
	if ok && x.Name == "time" && slices.Contains([]string{"Now", "Local", "LoadLocation", "Since", "Until"}, sel.Sel.Name) {
		return "time." + sel.Sel.Name
	}
	return ""
}
