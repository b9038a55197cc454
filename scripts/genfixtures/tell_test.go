package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A line that cannot be told is refused with its verb and what is wrong.
func TestBadLinesAreNamed(t *testing.T) {
	t.Parallel()
	known := map[string]old{"war": {clip: &clip{}}}
	for line, want := range map[string]string{
		"juggle 3":                       "juggle: no such verb",
		"what":                           "",
		"when 2024-03-04T08:00:00Z":      "when: a word is missing",
		"when noon 2024-03-04T08:00:00Z": `when: parsing time "noon"`,
		"killed three":                   `killed: strconv.Atoi: parsing "three"`,
		"killed 3 5 7":                   `killed: "7" is too much`,
		"line 47.7 1.1 spring 400":       `line: parsing time "spring"`,
		"tagged a.jpg nokia +2":          `tagged: "nokia" is none of iphone, pixel, samsung, xiaomi`,
		"view 2024-03-04T08:00:00Z 1 2 3 4 field wet": `view: "wet" is none of bare, green, rust, snow, stubble`,
		"old a.mov peace":               `old: "peace" is none of war`,
		"old a.mov war":                 "old: a word is missing",
		"reposts 10":                    "reposts: there is no dated post before it",
		"archived 2024-03-04T08:00:00Z": "archived: there is no dated post before it",
		"# killed three":                "",
		"":                              "",
	} {
		teller := &teller{front: acceptanceFront(), known: known}
		if err := teller.line("incident X-1"); err != nil {
			t.Fatal(err)
		}
		err := teller.line(line)
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", line, err, want)
		}
	}
	if err := new(teller).line("killed 3"); err == nil || err.Error() != "killed: before the first incident" {
		t.Errorf("without an incident: %v", err)
	}
	if _, err := tell("winter", front{}, nil); err == nil {
		t.Error("a file that is not there is told")
	}
}

// Every verb tells something: it stands in one story at least.
func TestEveryVerbIsUsed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range []string{"autumn", "acceptance"} {
		text, err := told.ReadFile("stories/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if w := strings.Fields(line); len(w) > 0 && w[0] != "#" {
				seen[w[0]] = true
			}
		}
	}
	if diff := cmp.Diff(sortedKeys(verbs()), sortedKeys(seen)); diff != "" {
		t.Errorf("(-verbs +stories)\n%s", diff)
	}
}
