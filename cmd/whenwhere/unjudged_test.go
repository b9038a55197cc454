package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/store"
	"whenwhere/internal/store/sqlite"
)

// An incident that cannot be judged costs the others nothing, and no verdict of before passes for one of now. Here the
// store holds another verdict of the same input, which it refuses to replace.
func TestAnIncidentThatCannotBeJudged(t *testing.T) {
	t.Parallel()
	caseDir, dataDir := t.TempDir(), t.TempDir()
	records := `{"id":"X-1","claim":{"where":{"lon":37.28,"lat":48.05,"radius_m":500}}}` + "\n" + `{"id":"X-2","claim":{"where":{"lon":37.28,"lat":48.05,"radius_m":500}}}` + "\n"
	if err := os.WriteFile(filepath.Join(caseDir, "incidents.jsonl"), []byte(records), 0o600); err != nil {
		t.Fatal(err)
	}
	verify := func() (code int, out, errs string) {
		var o, e bytes.Buffer
		code = run([]string{"verify", caseDir, "--json", "--data", dataDir, "--workers", "1"}, &o, &e)
		return code, o.String(), e.String()
	}
	if code, out, errs := verify(); code != exitDone || strings.Count(out, "\n") != 2 {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	forge(t, dataDir, "X-1")
	code, out, errs := verify()
	if code != exitPartial || strings.Count(out, "\n") != 1 || !strings.Contains(out, `"incident":"X-2"`) {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if !strings.Contains(errs, "incident X-1: could not be judged: ") {
		t.Errorf("nothing says why:\n%s", errs)
	}
}

// forge makes another verdict the one of the incident's latest input.
func forge(t *testing.T, dataDir, incident string) {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(dataDir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	err = rows.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.SQL().ExecContext(t.Context(), `UPDATE verdict SET verdict = replace(verdict, '"score":', '"score":1') WHERE incident = $1`, incident)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
}
