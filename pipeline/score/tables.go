package score

import (
	"cmp"
	"embed"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// tables holds each table that a release of this program has used, this one's too. They never change: a new number is a new
// version. Write one with whenwhere rules --json.
//
//go:embed tables/*.json
var tables embed.FS

const tableDir = "tables"

// Versions lists the tables of this program, oldest first.
func Versions() []string {
	entries, err := tables.ReadDir(tableDir)
	if err != nil {
		return nil // it is embedded
	}
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.SortFunc(out, compareVersions)
	return out
}

// digests of the tables, which are constants: a name is asked for with each verdict.
var digests = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, v := range Versions() {
		if r, ok := Version(v); ok {
			out[v] = r.Digest()
		}
	}
	return out
})

// compareVersions orders "2026.9" before "2026.10".
func compareVersions(a, b string) int {
	yearA, numberA := versionParts(a)
	yearB, numberB := versionParts(b)
	return cmp.Or(cmp.Compare(yearA, yearB), cmp.Compare(numberA, numberB), strings.Compare(a, b))
}

func versionParts(v string) (year, number int) {
	y, n, _ := strings.Cut(v, ".")
	year, _ = strconv.Atoi(y) // a part that is no number sorts as 0, and then by its text
	number, _ = strconv.Atoi(n)
	return year, number
}

// Version is the table of that version that a release of this program has used. The older ones say less of where their
// numbers come from.
func Version(version string) (Rules, bool) {
	if !slices.Contains(Versions(), version) {
		return Rules{}, false
	}
	data, err := tables.ReadFile(path.Join(tableDir, version+".json"))
	if err != nil {
		return Rules{}, false
	}
	r, err := decode(data)
	return r, err == nil
}
