package score_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// Law 7: what an earlier release said of the invented case fixtures/autumn comes out again from the lines and the table that
// the verdict names, in every field. The files were written by those releases, not by this program. From 2026.4 on every
// byte is that of the file; before, the estimates of time were written in another order, or not at all.
func TestLawOldVerdictsAreMadeAgain(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/verdicts-*.jsonl.gz")
	if err != nil || len(files) != len(score.Versions())-1 {
		t.Fatalf("%d files of old verdicts for %d versions: %v", len(files), len(score.Versions()), err)
	}
	for _, name := range append(files, "../../fixtures/golden/autumn.jsonl") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			old := verdictsIn(t, name)
			madeAgain(t, old)
			if version := old[0].Rules; version != "2026.1" && version != "2026.2" && version != "2026.3" {
				sameBytes(t, old, name)
			}
		})
	}
}

func madeAgain(t *testing.T, old []pipeline.Verdict) {
	t.Helper()
	if len(old) != 24 {
		t.Fatalf("%d verdicts", len(old))
	}
	for _, was := range old {
		rules, ok := score.Version(was.Rules)
		if !ok {
			t.Fatalf("%s: no table %s", was.Incident, was.Rules)
		}
		if was.Times == nil { // the first releases made no estimates
			was.Times = []pipeline.Estimate{}
		}
		if diff := cmp.Diff(text(t, was), text(t, score.Again(rules, was))); diff != "" {
			t.Errorf("%s under %s (-was +now): %s", was.Incident, was.Rules, diff)
		}
		other, _ := score.Version("2026.1")
		if rules.Version != "2026.1" && text(t, was) == text(t, score.Again(other, was)) {
			t.Errorf("%s: the table makes no difference", was.Incident)
		}
	}
}

// sameBytes holds what is made again against the file itself.
func sameBytes(t *testing.T, old []pipeline.Verdict, name string) {
	t.Helper()
	var b strings.Builder
	for _, was := range old {
		rules, _ := score.Version(was.Rules)
		b.WriteString(text(t, score.Again(rules, was)) + "\n")
	}
	if file := fileText(t, name); b.String() != file {
		t.Errorf("%s: %d bytes made again, %d in the file, not the same", name, b.Len(), len(file))
	}
}

// fileText is what a file says, packed or not.
func fileText(t *testing.T, name string) string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func verdictsIn(t *testing.T, name string) []pipeline.Verdict {
	t.Helper()
	var out []pipeline.Verdict
	for lines := json.NewDecoder(strings.NewReader(fileText(t, name))); ; {
		var v pipeline.Verdict
		if err := lines.Decode(&v); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The table of this release is kept as its file: a changed number without a new version is seen here. When it is meant,
// raise the version and write the new file with whenwhere rules --json.
func TestTablesAreKept(t *testing.T) {
	t.Parallel()
	all := score.Versions()
	if !slices.Contains(all, score.Default().Version) || all[len(all)-1] != score.Default().Version {
		t.Fatalf("versions %v, this release has %s", all, score.Default().Version)
	}
	kept, _ := score.Version(score.Default().Version)
	if diff := cmp.Diff(kept, score.Default()); diff != "" {
		t.Errorf("the rules of this release are not those kept under their version (-kept +code):\n%s", diff)
	}
	for _, v := range all {
		r, ok := score.Version(v)
		if !ok || r.Version != v || r.Name() != v {
			t.Errorf("%s: %v, %s, %s", v, ok, r.Version, r.Name())
		}
		if err := r.Check(); err != nil {
			t.Errorf("%s: %v", v, err)
		}
		back, err := score.Load([]byte(text(t, r)))
		if diff := cmp.Diff(r, back); err != nil || diff != "" {
			t.Errorf("%s: %v %s", v, err, diff)
		}
	}
	if _, ok := score.Version("2019.1"); ok {
		t.Error("a table that never was")
	}
	if _, ok := score.Version("../tables/2026.1"); ok {
		t.Error("a path is no version")
	}
}

// An independent reading of the kept file: its own bytes without white space are the canonical ones.
func TestCanonicalIsTheFileWithoutSpace(t *testing.T) {
	t.Parallel()
	r := score.Default()
	file, err := os.ReadFile(filepath.Join("tables", r.Version+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, file); err != nil {
		t.Fatal(err)
	}
	canonical, err := r.Canonical()
	if err != nil || string(canonical) != compact.String() {
		t.Errorf("%v\n%.200s\n%.200s", err, canonical, compact.String())
	}
	if want := fmt.Sprintf("%x", sha256.Sum256(compact.Bytes())); r.Digest() != want {
		t.Errorf("digest %s, want %s", r.Digest(), want)
	}
}

func TestNamesOfRules(t *testing.T) {
	t.Parallel()
	own := score.Default()
	if own.Name() != own.Version {
		t.Errorf("%s", own.Name())
	}
	other := score.Default()
	other.Version = "city-desk-1"
	version, digest := score.SplitName(other.Name())
	if version != "city-desk-1" || digest != other.Digest() || len(digest) != 64 {
		t.Errorf("%s: %s, %s", other.Name(), version, digest)
	}
	again := other
	again.Prior = 0.4
	if again.Digest() == other.Digest() {
		t.Error("two tables, one digest")
	}
	spoilt := score.Default()
	spoilt.Prior = 0.4
	if spoilt.Name() == own.Version {
		t.Error("other numbers under the name of the program's own table")
	}
	if v := score.Fold(other, score.Input{}); v.Rules != other.Name() {
		t.Errorf("the verdict names its rules %s", v.Rules)
	}
	if v, d := score.SplitName(own.Version); v != own.Version || d != "" {
		t.Errorf("%s %s", v, d)
	}
	_, err := score.Load([]byte(text(t, spoilt)))
	if err == nil || !strings.Contains(err.Error(), "version: "+own.Version) {
		t.Errorf("borrowed name: %v", err)
	}
	if _, err := score.Load([]byte(text(t, other))); err != nil {
		t.Error(err)
	}
}

// Questions that a table of before did not know are left out of everything, and named.
func TestQuestionsThatATableLacks(t *testing.T) {
	t.Parallel()
	old, _ := score.Version("2026.4")
	f := []pipeline.Finding{finding("where.landmarks", pipeline.Supports, "analyst"), finding("where.position", pipeline.Supports, "gps")}
	v := score.Fold(old, score.Input{Incident: "X-1", Questions: questions(), Findings: f})
	if diff := cmp.Diff([]pipeline.QuestionID{"where.landmarks", "where.view"}, v.Unweighed); diff != "" {
		t.Error(diff)
	}
	without := slices.DeleteFunc(questions(), func(q pipeline.Question) bool { return q.ID == "where.landmarks" || q.ID == "where.view" })
	want := score.Fold(old, score.Input{Incident: "X-1", Questions: without, Findings: f[1:]})
	want.Unweighed = v.Unweighed
	if diff := cmp.Diff(want, v); diff != "" {
		t.Errorf("they count all the same: %s", diff)
	}
	if got := score.Again(old, v); !cmp.Equal(got, v) {
		t.Errorf("not made again: %s", cmp.Diff(v, got))
	}
	if v := score.Fold(score.Default(), score.Input{Questions: questions()}); v.Unweighed != nil {
		t.Errorf("%v", v.Unweighed)
	}
}
