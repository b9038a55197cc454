package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/report/revision"
	"whenwhere/internal/store"
	"whenwhere/internal/store/sqlite"
	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// runOn runs a command on a data folder.
func runOn(t *testing.T, dataDir string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(append(args, "--data", dataDir), &o, &e)
	return code, o.String(), e.String()
}

// reassessed reads what reassess --json says.
func reassessed(t *testing.T, dataDir string, args ...string) (rows []revision.Reassessed) {
	t.Helper()
	code, out, errs := runOn(t, dataDir, append([]string{"reassess", "--json"}, args...)...)
	if code != exitDone {
		t.Fatalf("reassess %v: exit code %d\n%s", args, code, errs)
	}
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var r revision.Reassessed
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

// onRows works on the rows of a data folder.
func onRows(t *testing.T, dataDir string, do func(*store.Store) error) {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(dataDir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	err = do(rows)
	if closeErr := rows.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		t.Fatal(err)
	}
}

// content is every row of the tables that hold results, but for the queue's own.
func content(t *testing.T, dataDir string) string {
	t.Helper()
	var b strings.Builder
	onRows(t, dataDir, func(s *store.Store) error {
		for _, table := range []string{"verdict", "judged", "replay", "rule_table", "incident", "observation", "stage_result", "known", "sighting", "changed", "decision", "log_leaf", "catalogue", "batch"} {
			if err := dump(t, &b, s, table); err != nil {
				return err
			}
		}
		return nil
	})
	return b.String()
}

func dump(t *testing.T, b *strings.Builder, s *store.Store, table string) error {
	t.Helper()
	rows, err := s.Reader().QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
		for _, v := range values {
			fmt.Fprintf(b, "%s: %v\n", table, *v.(*any))
		}
	}
	return rows.Err()
}

// photoCase is a case with one photo of one incident, and the same photo known from a day.
func photoCase(t *testing.T) (caseDir, dataDir string) {
	t.Helper()
	caseDir, dataDir = t.TempDir(), t.TempDir()
	photo, err := os.ReadFile("../../fixtures/autumn/media/AUT-01/20240831_104215.jpg")
	if err != nil {
		t.Fatal(err)
	}
	record := func(id string) string {
		return `{"id":"` + id + `","claim":{"where":{"lon":37.8612,"lat":47.9105,"radius_m":500},"when":{"from":"2024-08-31T05:00:00Z","to":"2024-08-31T12:00:00Z"}},"media":[{"file":"media/a.jpg"}]}` + "\n"
	}
	for name, text := range map[string]string{"incidents.jsonl": record("X-1") + record("X-2"), "media/a.jpg": string(photo)} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(caseDir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(caseDir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, errs := runOn(t, dataDir, "verify", caseDir, "--workers", "1"); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, errs)
	}
	return caseDir, dataDir
}

// Without --save nothing is stored, whatever is asked.
func TestReassessStoresNothing(t *testing.T) {
	t.Parallel()
	_, dataDir := photoCase(t)
	before := content(t, dataDir)
	for _, args := range [][]string{nil, {"--rules", "2026.1"}, {"--as-known-on", "2024-08-31"}, {"--rules", "2026.3", "--as-known-on", "2024-08-31T06:00:00Z"}} {
		reassessed(t, dataDir, args...)
		if after := content(t, dataDir); after != before {
			t.Errorf("%v changed the rows", args)
		}
	}
	if !strings.Contains(before, "verdict: X-1") || len(before) < 10_000 {
		t.Errorf("the rows were not read: %d bytes", len(before))
	}
}

// What is known anew, and judged by nobody yet, is a step of its own before the rules and the date.
func TestStepsOfACaseThatChanged(t *testing.T) {
	t.Parallel()
	_, dataDir := photoCase(t)
	onRows(t, dataDir, func(s *store.Store) error {
		in, files, err := s.Attached(t.Context(), "X-1")
		if err != nil || len(in.Media) != 1 {
			return fmt.Errorf("%d media: %w", len(in.Media), err)
		}
		seen := time.Date(2023, 5, 1, 0, 0, 0, 0, time.UTC)
		return s.SaveKnown(t.Context(), store.Known{Media: files[0].ID, URL: "https://example.org/1", FirstSeen: &seen, Event: "invented"})
	})
	rows := reassessed(t, dataDir, "X-1", "--rules", "2026.4", "--as-known-on", "2024-08-31")
	if len(rows) != 1 || len(rows[0].Steps) != 2 {
		t.Fatalf("%+v", rows)
	}
	r := rows[0]
	if r.Steps[0].Because != revision.Again || r.Steps[1].Because != revision.Rules || r.Steps[0].Change.After != r.Steps[1].Change.Before {
		t.Errorf("steps %s, %s", r.Steps[0].Because, r.Steps[1].Because)
	}
	if s := r.Steps[0].Change; s.After.Status != pipeline.StatusContradicted || s.Before.Rules != s.After.Rules {
		t.Errorf("judged again: %+v", s.After)
	}
	if s := r.Steps[1].Change; s.After.Rules != "2026.4" || s.After.Status != pipeline.StatusContradicted {
		t.Errorf("by the rules: %+v", s.After)
	}
	if code, out, _ := runOn(t, dataDir, "reassess", "X-1"); code != exitDone || !strings.Contains(out, "  judged again, by the data and the program of now:\n") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

// A verdict that was edited where it lies is not what its lines make; exit code 4, and the other incident is whole.
func TestHistoryFindsAnEditedVerdict(t *testing.T) {
	t.Parallel()
	_, dataDir := photoCase(t)
	forge(t, dataDir, "X-1")
	code, out, errs := runOn(t, dataDir, "history", "X-1")
	if code != exitDamage || !strings.Contains(out, "DAMAGED") || !strings.Contains(errs, "incident X-1: verdict 1 is not what its lines and its rules make") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	if code, _, errs := runOn(t, dataDir, "history", "X-2"); code != exitDone {
		t.Errorf("exit code %d\n%s", code, errs)
	}
	code, out, errs = runOn(t, dataDir, "reassess")
	if code != exitDamage || strings.Count(out, "DAMAGED: the same input makes another verdict than the kept one") != 1 || !strings.Contains(errs, "incident X-1: the same input") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	if code, _, errs := runOn(t, dataDir, "reassess", "X-2"); code != exitDone {
		t.Errorf("exit code %d\n%s", code, errs)
	}
}

// Each table that a release has used makes a verdict that can be made again from its lines, and judged again, byte for byte.
func TestEveryTableMakesItsVerdictAgain(t *testing.T) {
	t.Parallel()
	_, dataDir := photoCase(t)
	versions := score.Versions()
	for _, v := range versions {
		if code, _, errs := runOn(t, dataDir, "reassess", "X-1", "--rules", v, "--save"); code != exitDone {
			t.Fatalf("%s: exit code %d\n%s", v, code, errs)
		}
		if rows := reassessed(t, dataDir, "X-1"); !rows[0].Change.Same || rows[0].Verdict.Rules != v {
			t.Errorf("%s: judged again by %s: %+v", v, rows[0].Verdict.Rules, rows[0].Change)
		}
	}
	code, out, errs := runOn(t, dataDir, "history", "X-1")
	if same := strings.Count(out, "made again from its lines: every byte the same\n"); code != exitDone || same != len(versions)+1 || len(versions) < 6 {
		t.Errorf("exit code %d, %d of %d tables and the first verdict\n%s%s", code, same, len(versions), out, errs)
	}
}

// A turn that was taken out of the history is missed by the log.
func TestHistoryFindsAMissingTurn(t *testing.T) {
	t.Parallel()
	_, dataDir := photoCase(t)
	if code, _, errs := runOn(t, dataDir, "reassess", "X-1", "--rules", "2026.3", "--save"); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, errs)
	}
	if code, out, errs := runOn(t, dataDir, "history", "X-1"); code != exitDone || !strings.HasPrefix(out, "X-1: 2 verdicts") {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	onRows(t, dataDir, func(s *store.Store) error {
		return s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.SQL().ExecContext(t.Context(), `DELETE FROM judged WHERE incident = 'X-1' AND seq = 1`)
			return err
		})
	})
	if code, _, errs := runOn(t, dataDir, "history", "X-1"); code != exitDamage || !strings.Contains(errs, "not those that the log tells of") {
		t.Errorf("exit code %d\n%s", code, errs)
	}
	if code, _, errs := runOn(t, dataDir, "history", "X-2"); code != exitDone {
		t.Errorf("exit code %d\n%s", code, errs)
	}
}

// Rules that a verdict names and nobody has any more.
func TestRulesThatAreNotKept(t *testing.T) {
	t.Parallel()
	_, dataDir := photoCase(t)
	code, table, _ := runOn(t, dataDir, "rules", "--json")
	if code == exitUsage { // the command knows no data folder
		var o, e bytes.Buffer
		run([]string{"rules", "--json"}, &o, &e)
		table = o.String()
	}
	desk := filepath.Join(t.TempDir(), "desk.json")
	own := strings.Replace(table, `"prior": 0.5`, `"prior": 0.25`, 1)
	own = strings.Replace(own, `"version": "`, `"version": "desk-`, 1)
	if err := os.WriteFile(desk, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := runOn(t, dataDir, "reassess", "X-1", "--rules", desk, "--save"); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, errs)
	}
	if rows := reassessed(t, dataDir); len(rows) != 2 || !rows[0].Change.Same || rows[0].Verdict.Prior != 0.25 {
		t.Errorf("with its rules kept: %+v", rows)
	}
	onTable := func(text string) {
		onRows(t, dataDir, func(s *store.Store) error {
			return s.Update(t.Context(), func(tx *store.Tx) error {
				_, err := tx.SQL().ExecContext(t.Context(), text)
				return err
			})
		})
	}
	onTable(`UPDATE rule_table SET body = replace(body, '"prior":0.25', '"prior":0.75')`)
	if code, out, errs := runOn(t, dataDir, "reassess"); code != exitDamage || !strings.Contains(errs, "what is kept under this name is desk-") || !strings.Contains(out, "X-2 (case ") {
		t.Errorf("edited rules: exit code %d\n%s%s", code, out, errs)
	}
	if code, _, errs := runOn(t, dataDir, "history", "X-1"); code != exitDamage {
		t.Errorf("edited rules: exit code %d\n%s", code, errs)
	}
	onTable(`DELETE FROM rule_table`)
	code, out, errs := runOn(t, dataDir, "reassess")
	if code != exitPartial || !strings.Contains(errs, "incident X-1: the rules desk-") || !strings.Contains(out, "X-2 (case ") || strings.Contains(out, "X-1 (case ") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	if code, out, _ := runOn(t, dataDir, "history", "X-1"); code != exitDone || !strings.Contains(out, "not made again: its rules are not kept here") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if code, _, errs := runOn(t, dataDir, "reassess", "X-1", "--rules", "2026.3"); code != exitDone {
		t.Errorf("exit code %d\n%s", code, errs)
	}
}

// On a real case, date by date: a verdict is another exactly when something was left out, all of that was known later, a
// later date leaves out no more, and what the lines of all steps move adds up to what the weight moves.
func TestFixtureAsKnownOn(t *testing.T) {
	t.Parallel()
	dataDir := t.TempDir()
	runOn(t, dataDir, "verify", "../../fixtures/acceptance") // some of it is refused or failed, and meant to be
	before := map[string]int{}
	changed := 0
	for _, day := range []string{"2024-04-09", "2024-05-01", "2099-01-01"} {
		rows := reassessed(t, dataDir, "--as-known-on", day)
		if len(rows) != 12 {
			t.Fatalf("%s: %d incidents", day, len(rows))
		}
		for _, r := range rows {
			if r.NotYet != "" {
				continue
			}
			left := len(r.LeftOut)
			if was, ok := before[r.Incident]; ok && left > was {
				t.Errorf("%s: %s: %d left out, %d before", day, r.Incident, left, was)
			}
			before[r.Incident] = left
			moved, last := 0.0, revision.Again
			for _, s := range r.Steps {
				last = s.Because
				for _, l := range s.Change.Lines {
					moved += l.Delta()
				}
			}
			if (left > 0) != (last == revision.Knowledge) {
				t.Errorf("%s: %s: %d left out, the last step is %s", day, r.Incident, left, last)
			}
			if left > 0 {
				changed++
			}
			if want := r.Change.After.Weight - r.Change.Before.Weight; math.Abs(moved-want) > 1e-9 {
				t.Errorf("%s: %s: lines move by %.3f, the weight by %.3f", day, r.Incident, moved, want)
			}
			for _, l := range r.LeftOut {
				if !l.At.After(r.KnownBy.Add(-24 * time.Hour)) {
					t.Errorf("%s: %s: %s %s was known from %s", day, r.Incident, l.What, l.Name, l.At)
				}
			}
		}
	}
	if changed < 10 {
		t.Errorf("only %d verdicts had something left out", changed)
	}
	for incident, left := range before {
		if left != 0 {
			t.Errorf("%s: %d are known after 2099", incident, left)
		}
	}
}
