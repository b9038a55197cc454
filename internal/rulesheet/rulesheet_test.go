package rulesheet_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/rulesheet"
	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

func sheet(t *testing.T, r score.Rules) string {
	t.Helper()
	var out bytes.Buffer
	if err := rulesheet.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Every number and every text of every table is on its sheet: what the file says and the sheet does not is found by
// walking the file.
func TestEverythingIsOnTheSheet(t *testing.T) {
	t.Parallel()
	space := regexp.MustCompile(`\s+`)
	for _, version := range score.Versions() {
		r, _ := score.Version(version)
		said := space.ReplaceAllString(sheet(t, r), " ")
		var file any
		b, err := r.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &file); err != nil {
			t.Fatal(err)
		}
		var walk func(v any, at string)
		walk = func(v any, at string) {
			switch v := v.(type) {
			case map[string]any:
				for name, member := range v {
					walk(member, at+"."+name)
				}
			case []any:
				for _, member := range v {
					walk(member, at)
				}
			case string:
				if !strings.Contains(said, space.ReplaceAllString(v, " ")) {
					t.Errorf("%s: %s: %q is not on the sheet", version, at, v)
				}
			case float64:
				text, err := json.Marshal(v)
				if err != nil || !strings.Contains(said, string(text)) {
					t.Errorf("%s: %s: %v is not on the sheet", version, at, v)
				}
			}
		}
		walk(file, "rules")
	}
}

func TestTheSheetReads(t *testing.T) {
	t.Parallel()
	r := score.Default()
	r.Version = "desk-1"
	r.Table = []score.Rule{
		{Question: "a.clock", Axis: pipeline.AxisWhen, Supports: 1.5, Contradicts: -2, Genuine: 0.9, GenuineHow: pipeline.Judged, Cap: 2, Hard: true, How: pipeline.Derived,
			Why: strings.Repeat("word ", 30) + "\x1b[31mred", Source: "a paper", Seek: "look", SeekFirst: "get", SeekMore: "another"},
		{Question: "b.told\x1b[1m", Axis: pipeline.AxisSources, Corroborates: pipeline.AxisWhere, Denies: pipeline.AxisWhen, Supports: 0, Contradicts: 0, Cap: 1, How: pipeline.Judged, Why: "w"},
	}
	got := sheet(t, r)
	for _, want := range []string{
		"rules desk-1, folded by whenwhere-fold-3\nsha256 " + r.Digest() + "\n",
		"\nwhen (no cap)\n  a.clock                  +1.5 / -2  cap 2  derived  genuine 0.9 (judged)  contradiction decides alone\n    why     word word",
		"\n            word word",
		"\n    source  a paper\n    seek    look\n    first   get\n    more    another\n",
		"\nsources (capped at 2 bans either way)\n  b.told\\u001b[1m               +0 / +0  cap 1  judged  corroborates where  denies when\n    why     w\n",
		"  from 0.3 bans: weak support\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Error("a table commands the terminal")
	}
	for line := range strings.Lines(got) {
		if len([]rune(line)) > 125 {
			t.Errorf("%d characters: %s", len(line), line)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	questions := []pipeline.Question{{ID: "where.position"}, {ID: "b.new"}, {ID: "a.new"}}
	r := score.Default()
	r.Version, r.Prior = "desk-1", 0.4
	found, err := rulesheet.Check(r, questions)
	if err != nil {
		t.Fatal(err)
	}
	want := rulesheet.Checked{Name: "desk-1@sha256:" + r.Digest(), SHA256: r.Digest(), Rules: len(r.Table), Lacks: []pipeline.QuestionID{"a.new", "b.new"}, Against: score.Default().Version,
		Differences: []score.Difference{{Field: "prior", Was: "0.5", Now: "0.4"}, {Field: "version", Was: `"` + score.Default().Version + `"`, Now: `"desk-1"`}}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	var out bytes.Buffer
	if err := found.Write(&out); err != nil {
		t.Fatal(err)
	}
	text := "20 rules, sound; verdicts name them " + want.Name + "\nno rule for, so left out of verdicts: a.new, b.new\nbeside " + want.Against +
		" (- there, + here):\n  the whole table\n    - prior: 0.5\n    + prior: 0.4\n    - version: \"" + want.Against + "\"\n    + version: \"desk-1\"\n"
	if diff := cmp.Diff(text, out.String()); diff != "" {
		t.Error(diff)
	}
	same, err := rulesheet.Check(score.Default(), questions[:1])
	if err != nil || len(same.Differences) != 0 || same.Lacks == nil || same.Name != score.Default().Version {
		t.Errorf("%v %+v", err, same)
	}
}
