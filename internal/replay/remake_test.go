package replay_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"whenwhere/internal/replay"
	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// goldens are real verdicts, with their bytes.
func goldens(t *testing.T) [][]byte {
	t.Helper()
	text, err := os.ReadFile("../../fixtures/golden/autumn.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		out = append(out, bytes.Clone(lines.Bytes()))
	}
	if len(out) < 20 {
		t.Fatalf("%d goldens", len(out))
	}
	return out
}

func remake(t *testing.T, v pipeline.Verdict, text []byte) replay.How {
	t.Helper()
	rules, ok := score.Version(v.Rules)
	if !ok {
		t.Fatalf("rules %s", v.Rules)
	}
	how, difference, err := replay.Remake(rules, v, text)
	if err != nil {
		t.Fatal(err)
	}
	if (difference != nil) != (how == replay.Differs) || difference != nil && difference.Same {
		t.Errorf("%s: difference %+v", how, difference)
	}
	return how
}

// Each verdict comes out again byte for byte; one of which a number, a word or a line was changed does not.
func TestRemake(t *testing.T) {
	t.Parallel()
	for _, line := range goldens(t) {
		var v pipeline.Verdict
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(v) // as the store writes it
		if err != nil {
			t.Fatal(err)
		}
		if how := remake(t, v, text); how != replay.SameBytes {
			t.Errorf("%s: %s", v.Incident, how)
		}
		if how := remake(t, v, append([]byte(" "), text...)); how != replay.SameMatter {
			t.Errorf("%s, written otherwise: %s", v.Incident, how)
		}
		for what, edit := range map[string]func(*pipeline.Verdict){
			"the score":  func(v *pipeline.Verdict) { v.Score += 0.01 },
			"the status": func(v *pipeline.Verdict) { v.Status = "verified" },
			"a line": func(v *pipeline.Verdict) {
				v.Lines = append([]pipeline.Line{}, v.Lines...)
				v.Lines[0].Weight += 0.001
			},
			"a line is out": func(v *pipeline.Verdict) { v.Lines = heaviestOut(v.Lines) },
			"the coverage":  func(v *pipeline.Verdict) { v.Coverage = 0.123 },
		} {
			edited := v
			edit(&edited)
			changed, err := json.Marshal(edited)
			if err != nil {
				t.Fatal(err)
			}
			if how := remake(t, edited, changed); how != replay.Differs {
				t.Errorf("%s, %s: %s", v.Incident, what, how)
			}
		}
	}
}

func heaviestOut(lines []pipeline.Line) (out []pipeline.Line) {
	heaviest := 0
	for i, l := range lines {
		if l.Weight*l.Weight > lines[heaviest].Weight*lines[heaviest].Weight {
			heaviest = i
		}
	}
	out = append(out, lines[:heaviest]...)
	return append(out, lines[heaviest+1:]...)
}
