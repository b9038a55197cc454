package revision_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/replay"
	"whenwhere/internal/report"
	"whenwhere/internal/report/revision"
	"whenwhere/pipeline"
	"whenwhere/pipeline/change"
)

var noon = time.Date(2024, 11, 3, 12, 0, 0, 0, time.UTC)

func line(id string, weight, alone float64) pipeline.Line {
	return pipeline.Line{ID: id, Question: pipeline.QuestionID(id), Axis: pipeline.AxisWhen, Outcome: pipeline.Supports, Weight: weight, Alone: alone,
		Basis: pipeline.Basis{Kind: "camera_clock"}, Reason: "the reason of " + id, Assessor: "when", Version: "1"}
}

func verdict(score, weight float64, lines ...pipeline.Line) pipeline.Verdict {
	return pipeline.Verdict{Incident: "X-1", Score: score, Weight: weight, Status: pipeline.StatusCredible, Prior: 0.5, Coverage: 0.5, Rules: "2026.5", Lines: lines,
		Data: map[string]string{"control": "1"}}
}

func between(t *testing.T, a, b pipeline.Verdict) change.Change {
	t.Helper()
	c, err := change.Between(change.Side{Verdict: a}, change.Side{Verdict: b})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// two are two verdicts with a line of each kind of move.
func two() (a, b pipeline.Verdict) {
	a = verdict(90, 1, line("answer", 1, 1), line("gone", 0.5, 0.5), line("masked", 0.4, 0.4), line("pushed", 0.3, 0.3), line("pushed2", 0.3, 0.3), line("rule", 0.2, 0.2), line("same", 0.1, 0.1), line("worded", 0.1, 0.1))
	b = verdict(10, -0.75, line("answer", -1, -1), line("masked", 0, 0.4), line("new", 0.15, 0.15), line("pushed", 0.26, 0.3), line("pushed2", 0.31, 0.3), line("rule", 0.1, 0.1), line("same", 0.1, 0.1), line("worded", 0.1, 0.1))
	b.Lines[0].Outcome, b.Lines[1].Note, b.Lines[7].Reason = pipeline.Contradicts, "same witness as new", "in other words\x1b[2J"
	b.Status, b.Rules, b.Prior, b.Coverage = pipeline.StatusContradicted, "desk-1@sha256:0123456789abcdef", 0.4, 0.75
	b.Reasons, b.Data = []string{"contradicted_by:answer"}, map[string]string{"control": "2"}
	return a, b
}

func TestText(t *testing.T) {
	t.Parallel()
	a, b := two()
	c := between(t, a, b)
	by := noon
	rows := []revision.Reassessed{
		{Incident: "X-1", Case: "case", KnownBy: &by, Rules: b.Rules, Change: c, Review: pipeline.ReviewVerified, Diverged: true, Saved: "kept beside the verdict as replay 1",
			Steps: []revision.Step{{Because: revision.Again, Change: between(t, a, a)}, {Because: revision.Rules, Change: c}, {Because: revision.Knowledge, Change: between(t, b, b)}},
			LeftOut: []replay.LeftOut{{What: replay.Source, Name: "sources[0]", At: noon}, {What: replay.ControlMap, Name: "b@2024-11-05T00:00:00Z", At: noon.AddDate(0, 0, 3)},
				{What: replay.ControlMap, Name: "a@2024-11-04T00:00:00Z", At: noon}, {What: replay.ControlMap, Name: "b@2024-11-04T00:00:00Z", At: noon.AddDate(0, 0, 2)}},
			Undated: []string{"sources[1]", "testimonies/W-1"}},
		{Incident: "X-2", Case: "case", KnownBy: &by, NotYet: "its claimed time opens at 2025"},
		{Incident: "X-3\x1b[31m", Case: "case", KnownBy: &by, Change: between(t, a, a), Review: pipeline.ReviewNone},
	}
	var out bytes.Buffer
	if err := revision.Text(&out, rows); err != nil {
		t.Fatal(err)
	}
	want := `X-1 (case case): credible 90.00 (+1.000 bans) -> contradicted 10.00 (-0.750 bans)
  DAMAGED: the same input makes another verdict than the kept one
  people: verified; no decision is on this verdict
  judged again, by the data and the program of now:
  by rules desk-1@sha256:0123456789ab:
    +1.000 -> -1.000  answer: the finding was supports, is contradicts
        the reason of answer
    +0.500 ->   none  gone: gone: it was supports
    +0.400 -> +0.000  masked: beside the others: same witness as new
      none -> +0.150  new: new: supports
        the reason of new
    +0.200 -> +0.100  rule: the rule weighs it +0.100 alone, not +0.200
    2 more lines count otherwise, beside the others, by less than 0.05 bans
    1 more line differs in words alone
    other data: control
    rules: 2026.5 -> desk-1@sha256:0123456789ab
    prior: 0.5 -> 0.4
    reasons, new: contradicted_by:answer
    answered: 50 % -> 75 %
  by what could be known by 2024-11-03T12:00:00Z:
  left out: source sources[0], known from 2024-11-03T12:00:00Z
  left out: control maps of a: 1, the first known from 2024-11-03T12:00:00Z
  left out: control maps of b: 2, the first known from 2024-11-05T12:00:00Z
  without a date, as now: sources[1], testimonies/W-1
  kept beside the verdict as replay 1
X-2 (case case): no verdict by then: its claimed time opens at 2025
X-3\u001b[31m (case case): credible 90.00 (+1.000 bans), no change
2 made again: 1 unchanged, 1 with another status; 1 had not begun by then
`
	text := out.String()
	i := strings.Index(text, "as known by 2024-11-03T12:00:00Z: left out when known later: control maps (known_at), ")
	if i < 0 || !strings.Contains(text[i:], "\nnot dated, taken as they are now: the incident's claim, ") {
		t.Fatalf("it does not say what is dated:\n%s", text)
	}
	if d := cmp.Diff(want, text[:i]); d != "" {
		t.Error(d)
	}
}

func TestNoChange(t *testing.T) {
	t.Parallel()
	a, _ := two()
	var out bytes.Buffer
	if err := revision.Text(&out, []revision.Reassessed{{Incident: "X-1", Case: "case", Change: between(t, a, a)}}); err != nil {
		t.Fatal(err)
	}
	if want := "X-1 (case case): credible 90.00 (+1.000 bans), no change\nno change: 1 made again, every byte the same\n"; out.String() != want {
		t.Error(out.String())
	}
	out.Reset()
	other := a
	other.Data = map[string]string{"control": "2"}
	lighter := a
	lighter.Score, lighter.Weight = 80, 0.9
	lines := a
	lines.Lines = append([]pipeline.Line{}, a.Lines...)
	lines.Lines[0].Reason = "another"
	if err := revision.Text(&out, []revision.Reassessed{{Incident: "X-1", Change: between(t, a, other)}, {Incident: "X-2", Change: between(t, a, lines)}, {Incident: "X-4", Change: between(t, a, lighter)}}); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "as before; no line differs") || !strings.Contains(got, "as before; its lines differ") ||
		!strings.Contains(got, "3 made again: 0 unchanged, 1 with another weight, 2 with the same weight, told otherwise") {
		t.Error(got)
	}
}

// What could not be made again, because it had not begun or has a fault, is not said to be the same.
func TestNothingMadeAgain(t *testing.T) {
	t.Parallel()
	for want, rows := range map[string][]revision.Reassessed{
		"none was made again\n": nil,
		"X-1 (case ): no verdict by then: why\nnone was made again; 1 had not begun by then\n": {{Incident: "X-1", NotYet: "why"}},
	} {
		var out bytes.Buffer
		if err := revision.Text(&out, rows); err != nil || out.String() != want {
			t.Errorf("%v %q, want %q", err, out.String(), want)
		}
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	a, b := two()
	c, none := between(t, a, b), between(t, b, b)
	turns := []revision.Turn{
		{Incident: "X-1", Seq: 1, At: noon, Verdict: &a, Remade: replay.SameBytes, Decisions: []revision.DecisionOn{{As: pipeline.RulingVerified, At: noon}}},
		{Incident: "X-1", Seq: 2, At: noon, Remade: replay.NotKept},
		{Incident: "X-1", Seq: 3, At: noon, Verdict: &b, Remade: replay.Differs, Difference: &c, Change: &none},
		{Incident: "X-1", Seq: 4, At: noon, Verdict: &a, Remade: replay.NoRules, Change: &c},
		{Incident: "X-1", Seq: 5, At: noon, Verdict: &a, Remade: replay.SameMatter,
			Replays: []revision.ReplayOfRecord{{Num: 1, KnownBy: noon, At: noon, Verdict: change.Of(b)}}},
	}
	var out bytes.Buffer
	if err := revision.History(&out, turns); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"X-1: 5 verdicts, one after the other\n  1  2024-11-03T12:00:00Z  credible 90.00 (+1.000 bans), rules 2026.5\n     made again from its lines: every byte the same\n     a person decided: verified, 2024-11-03T12:00:00Z\n",
		"  2  2024-11-03T12:00:00Z  incomplete, and not kept: the next of the same input took its place\n",
		"rules desk-1@sha256:0123456789ab\n     DAMAGED: made again from its lines it is another:\n    +1.000 -> -1.000  answer: ",
		"     the same verdict, from other input\n",
		"     not made again: its rules are not kept here\n     since the one before:\n    +1.000 -> -1.000  answer: ",
		"     made again from its lines: the same, written by another version of this program\n     kept beside it: by what could be known by 2024-11-03T12:00:00Z: contradicted 10.00 (-0.750 bans), made 2024-11-03T12:00:00Z\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("a command to the terminal")
	}
}

// JSON drops nothing, whatever it is read with.
func TestJSON(t *testing.T) {
	t.Parallel()
	a, b := two()
	c := between(t, a, b)
	by := noon
	row := revision.Reassessed{Incident: "X-1", Case: "case <1>", KnownBy: &by, Rules: "r", Change: c, Steps: []revision.Step{{Because: revision.Rules, Change: c}},
		LeftOut: []replay.LeftOut{{What: replay.Source, Name: "sources[0]", At: noon}}, Undated: []string{}, Review: pipeline.ReviewNone, Verdict: b}
	var out bytes.Buffer
	if err := report.JSONLines(&out, row, row); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "\n") != 2 || !strings.Contains(out.String(), "case <1>") {
		t.Error(out.String())
	}
	var got revision.Reassessed
	if err := json.NewDecoder(&out).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(row, got); d != "" {
		t.Error(d)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestWritersThatFail(t *testing.T) {
	t.Parallel()
	a, _ := two()
	rows, turns := []revision.Reassessed{{Change: between(t, a, a)}}, []revision.Turn{{Verdict: &a}}
	for name, err := range map[string]error{"text": revision.Text(full{}, rows), "history": revision.History(full{}, turns)} {
		if err == nil || !strings.Contains(err.Error(), "the disk is full") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
