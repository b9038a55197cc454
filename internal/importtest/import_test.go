// Package importtest keeps the direction of imports: which package may import which of ours, and who alone may import a
// library that touches hostile bytes or names a database. It reads source with go/parser only. A package that is not
// listed fails, so that a new room is a decision; explain a change of these tables in its commit.
package importtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "whenwhere"

// mayImport lists, for each package, the packages of ours that its code may import. A name ending in /... stands for
// the package and all below it. Each is used: what nobody imports any more is taken out. Tests may import more.
var mayImport = map[string][]string{
	// Vocabulary, at the bottom.
	"pipeline":             {},
	"pipeline/measured":    {}, // what was fitted on real events: numbers with their provenance
	"internal/decode/wire": {},

	// Pure libraries: the standard library and third parties only. clock speaks in timeset's intervals, geo reads its
	// documents through strictjson, both hashes are read off the frequencies of grey.
	"internal/solar":        {},
	"internal/shadow":       {"internal/solar", "internal/timeset"},
	"internal/timeset":      {},
	"internal/fusion":       {"internal/timeset"},
	"internal/strictjson":   {},
	"internal/tsv":          {},               // for scripts and tests only
	"internal/shareddata":   {"internal/tsv"}, // for tests only
	"internal/halfplane":    {},
	"internal/camera":       {"internal/halfplane"},
	"internal/plot":         {"internal/halfplane"},
	"internal/feature":      {}, // GeoJSON on its way out; package geo reads it
	"internal/calibration":  {},
	"internal/worlds":       {"pipeline", "pipeline/assess/footage", "pipeline/extract/metadata", "internal/clock", "internal/geo", "internal/likeness", "internal/solar", "internal/timeset"}, // for scripts and tests only
	"internal/truth":        {"pipeline", "internal/tsv"},                                                                                                                                      // for scripts and tests only
	"internal/trials":       {"pipeline", "pipeline/assess/...", "pipeline/score", "internal/calibration", "internal/clock", "internal/control", "internal/ground", "internal/plot", "internal/worlds"},
	"internal/locate":       {"internal/geo", "internal/strictjson"},
	"internal/clock":        {"internal/timeset"},
	"internal/clock/srt":    {},
	"internal/clock/gpmf":   {},
	"internal/clock/device": {"internal/clock", "internal/timeset"},
	"internal/geo":          {"internal/strictjson"},
	"internal/coord":        {"internal/geo"},
	"internal/gazetteer":    {"internal/geo"},
	"internal/events":       {"internal/clock", "internal/geo", "internal/strictjson"},
	"internal/hashindex":    {},
	"internal/grey":         {},
	"internal/pdq":          {"internal/grey"},
	"internal/phash":        {"internal/grey"},
	"internal/marks":        {"internal/grey"},
	"internal/mosaic":       {"internal/grey"},
	"internal/hashlist":     {"internal/pdq"},
	"internal/align":        {},

	// What prints mean for footage: between the vocabulary and the hashes, for the assessor and the catalogue alike.
	"internal/likeness": {"pipeline", "internal/align", "internal/grey", "internal/marks", "internal/mosaic", "internal/pdq"},

	// The jailed child: knows no claim, no storage, no vocabulary but the wire.
	"internal/decode/sniff":         {},
	"internal/decode/jail":          {},
	"internal/decode/fastjpeg":      {},
	"internal/decode/link":          {"internal/decode/wire"},
	"internal/decode/look":          {"internal/decode/wire", "internal/grey", "internal/marks", "internal/mosaic", "internal/pdq", "internal/phash"},
	"internal/decode/still":         {"internal/decode/wire", "internal/decode/look", "internal/decode/fastjpeg", "internal/decode/sniff", "internal/grey"},
	"internal/decode/tags":          {"internal/decode/wire", "internal/decode/tags/..."},
	"internal/decode/tags/window":   {},
	"internal/decode/tags/box":      {"internal/decode/tags/window"},
	"internal/decode/tags/ifd":      {"internal/decode/wire", "internal/decode/tags/window"},
	"internal/decode/tags/xmp":      {"internal/decode/wire"},
	"internal/decode/tags/still":    {"internal/decode/wire", "internal/decode/tags/..."},
	"internal/decode/tags/movie":    {"internal/decode/wire", "internal/decode/tags/..."},
	"internal/decode/tags/second":   {"internal/decode/wire", "internal/decode/tags/..."},
	"internal/decode/tags/tagstest": {},
	"internal/decode/crashers":      {},
	"internal/decode/child":         {"internal/decode/..."},
	"internal/decode":               {"internal/decode/..."},

	// What drones and cameras record of their flight is hostile too: the child runs the pure parsers of package clock.
	"internal/decode/tags/telemetry": {"internal/decode/wire", "internal/decode/tags/window", "internal/clock/srt", "internal/clock/gpmf"},

	// Stages: vocabulary and pure libraries, never storage.
	"pipeline/extract/fault":     {"pipeline", "internal/decode/wire"},
	"pipeline/extract/container": {"pipeline", "pipeline/extract/fault", "internal/decode/wire"},
	"pipeline/extract/metadata":  {"pipeline", "pipeline/extract/fault", "internal/decode/wire", "internal/clock", "internal/timeset", "internal/geo"},
	"pipeline/extract/prints":    {"pipeline", "pipeline/extract/fault", "internal/decode/wire", "internal/marks"},
	"pipeline/moment":            {"pipeline", "internal/camera", "internal/clock", "internal/clock/device", "internal/fusion", "internal/shadow", "internal/solar", "internal/timeset"},
	"pipeline/assess/when":       {"pipeline", "pipeline/moment", "internal/timeset"},
	"pipeline/assess/where":      {"pipeline", "pipeline/moment", "internal/camera", "internal/geo", "internal/locate"},
	"pipeline/assess/light":      {"pipeline", "pipeline/moment", "internal/shadow", "internal/solar", "internal/timeset"},
	"pipeline/assess/front":      {"pipeline", "pipeline/measured"},
	"pipeline/assess/footage":    {"pipeline", "internal/geo", "internal/likeness"},
	"pipeline/assess/sources":    {"pipeline", "pipeline/moment", "internal/geo", "internal/likeness"},
	"pipeline/score":             {"pipeline", "pipeline/measured", "internal/strictjson"}, // files of rules
	"pipeline/change":            {"pipeline"},                                             // what differs between two verdicts

	// Storage and reference data: vocabulary and pure libraries.
	"internal/blob":            {"pipeline", "internal/store/filelock"},
	"internal/audit":           {},
	"internal/store":           {"pipeline", "internal/audit"},
	"internal/store/filelock":  {},
	"internal/store/sqlite":    {"internal/store", "internal/store/filelock"},
	"internal/store/storetest": {"pipeline", "internal/audit", "internal/store"},
	"internal/control":         {"internal/control/mapfile", "internal/geo"},
	"internal/control/mapfile": {"internal/geo", "internal/strictjson"},
	"internal/ground":          {"pipeline", "pipeline/assess/front", "internal/control", "internal/geo"},
	"internal/manifest":        {"pipeline", "internal/geo", "internal/strictjson"},

	// The catalogue answers the footage assessor from the store, so it stands above both.
	"internal/known": {"pipeline", "pipeline/assess/footage", "internal/store", "internal/hashindex", "internal/likeness", "internal/pdq"},

	// Work and output. audience is the one rule of what may be given to whom.
	"internal/audience":  {"pipeline", "internal/geo"},
	"internal/bundle":    {"internal/audit", "internal/blob", "internal/store"},
	"internal/queue":     {"pipeline", "internal/store", "internal/store/filelock"},
	"internal/report":    {"pipeline"},
	"internal/rulesheet": {"pipeline", "pipeline/score", "internal/report"},
	"internal/dossier":   {"pipeline", "pipeline/assess/where", "pipeline/duplicates", "pipeline/moment", "pipeline/score", "internal/audience", "internal/camera", "internal/control", "internal/coord", "internal/geo", "internal/locate", "internal/plot", "internal/report/record"},

	// The machine formats of reports: one record for all of them, and the formats.
	"internal/report/record":  {"pipeline", "internal/audience", "internal/feature"},
	"internal/report/formats": {"pipeline", "internal/audience", "internal/feature", "internal/report/cell", "internal/report/record"},
	"internal/report/cell":    {},

	// What could be known on another date; and what is another by other rules or then, as text.
	"internal/replay":          {"pipeline", "pipeline/assess/footage", "pipeline/change", "pipeline/moment", "pipeline/score"},
	"internal/report/revision": {"pipeline", "pipeline/change", "internal/replay", "internal/report"},

	// What people decide, what may be one incident, and what counts them; then that as text and tables.
	"pipeline/duplicates":    {"pipeline", "internal/geo"},
	"pipeline/calls":         {"pipeline"},
	"pipeline/tally":         {"pipeline", "pipeline/duplicates"},
	"internal/casebook":      {"pipeline", "pipeline/calls", "pipeline/duplicates", "pipeline/tally", "internal/store", "internal/gazetteer", "internal/geo"},
	"internal/report/people": {"pipeline", "pipeline/calls", "pipeline/duplicates", "pipeline/tally", "internal/report", "internal/report/cell"},

	// The commands know everybody.
	"cmd/whenwhere":       {"..."},
	"scripts/genfixtures": {"..."},
	"scripts/quality":     {"..."},
	"scripts/calibrate":   {"..."},
	"scripts/frontbench":  {"..."},
	"scripts/linkage":     {"..."},
}

// onlyIn lists libraries that only the named packages may import, tests included; but any test may draw a picture with
// the standard library's codecs.
var onlyIn = map[string][]string{
	"github.com/rwcarlsen/goexif":     {"internal/decode/..."},
	"github.com/bep/imagemeta":        {"internal/decode/..."},
	"github.com/abema/go-mp4":         {"internal/decode/..."},
	"github.com/disintegration/":      {"internal/decode/..."},
	"github.com/corona10/goimagehash": {"internal/decode/..."},
	"github.com/gen2brain/heic":       {"internal/decode/..."},
	"golang.org/x/image":              {"internal/decode/...", "internal/plot", "scripts/..."},
	"image/jpeg":                      {"internal/decode/...", "scripts/..."},
	"image/gif":                       {"internal/decode/...", "scripts/..."},
	"image/png":                       {"internal/decode/...", "internal/plot", "scripts/..."},
	"modernc.org/sqlite":              {"internal/store/sqlite", "cmd/..."},
	"github.com/riverqueue/river":     {"internal/queue", "internal/store/sqlite", "internal/store"},
	"github.com/spf13/cobra":          {"cmd/..."},
}

func TestImportDirection(t *testing.T) {
	t.Parallel()
	root := moduleRoot(t)
	seen := map[string][]string{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != root || d.Name() == "testdata" || d.Name() == "fixtures") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(file, ".go") {
			check(t, root, file, seen)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) < 10 {
		t.Fatalf("only %d packages were found below %s: the walk is broken", len(seen), root)
	}
	for pkg, allowed := range mayImport {
		imports, ok := seen[pkg]
		if !ok {
			t.Errorf("%s is listed in mayImport and is no package", pkg)
		}
		for _, edge := range allowed {
			if !slices.ContainsFunc(imports, func(name string) bool { return matches([]string{edge}, name) }) {
				t.Errorf("%s may import %s and does not: take it out of mayImport", pkg, edge)
			}
		}
	}
}

// check looks at one file, and adds to what is seen of its package what its code imports of ours.
func check(t *testing.T, root, file string, seen map[string][]string) {
	rel, err := filepath.Rel(root, file)
	if err != nil {
		t.Fatal(err)
	}
	pkg := path.Dir(filepath.ToSlash(rel))
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Errorf("%s: %v", rel, err)
		return
	}
	isTest := strings.HasSuffix(file, "_test.go")
	allowed, listed := mayImport[pkg]
	if _, met := seen[pkg]; !listed && !isTest && !met {
		t.Errorf("package %s is not listed in mayImport: decide where it stands", pkg)
	}
	seen[pkg] = append(seen[pkg], pkg) // so that it is met, even if it imports nothing
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ours, ok := strings.CutPrefix(name, module+"/"); ok && !isTest {
			seen[pkg] = append(seen[pkg], ours)
			if listed && !matches(allowed, ours) {
				t.Errorf("%s imports %s, which %s may not", rel, ours, pkg)
			}
		}
		for library, who := range onlyIn {
			if isTest && strings.HasPrefix(library, "image/") {
				continue
			}
			if strings.HasPrefix(name, library) && !matches(who, pkg) {
				t.Errorf("%s imports %s, which only %v may", rel, name, who)
			}
		}
	}
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if tree, ok := strings.CutSuffix(p, "..."); ok {
			tree = strings.TrimSuffix(tree, "/")
			return tree == "" || name == tree || strings.HasPrefix(name, tree+"/")
		}
		return p == name
	})
}

func moduleRoot(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("no go.mod above the test")
	}
}

func TestMatchesIsNotAlwaysTrue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"internal/decode/...", "internal/decode/tags", true},
		{"internal/decode/...", "internal/decode", true},
		{"internal/decode/...", "internal/decoder", false},
		{"pipeline", "pipeline/score", false},
		{"...", "anything", true},
	} {
		if got := matches([]string{c.pattern}, c.name); got != c.want {
			t.Errorf("matches(%s, %s) = %v", c.pattern, c.name, got)
		}
	}
}
