package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// Files that another version of the program measured state nothing to this one. That must not pass for what they say: no
// verdict is made of them until they are measured again.
func TestFilesMeasuredByAnotherVersion(t *testing.T) {
	t.Parallel()
	caseDir, dataDir := photoCase(t)
	before := verdicts(t, dataDir)
	outdate(t, dataDir)

	code, out, errs := runOn(t, dataDir, "reassess", "--save")
	want := "incident X-1: assess: media/a.jpg: another version of the program measured it, without metadata "
	if code != exitPartial || !strings.Contains(errs, want) || !strings.Contains(errs, "whenwhere verify") || strings.Contains(out, "unavailable") {
		t.Errorf("reassess: exit code %d\n%s%s", code, out, errs)
	}
	if after := verdicts(t, dataDir); after != before {
		t.Errorf("other verdicts:\n%s\nbefore:\n%s", after, before)
	}

	code, _, errs = runOn(t, dataDir, "verify", touching(t, caseDir), "--workers", "1")
	if code != exitDone || !strings.Contains(errs, "1 file of earlier runs is measured as well") {
		t.Errorf("verify of another case: exit code %d\n%s", code, errs)
	}
	for _, row := range reassessed(t, dataDir, "X-1", "X-2") {
		for _, l := range row.Verdict.Lines {
			if l.Question == "where.position" && l.Outcome == pipeline.Unavailable {
				t.Errorf("%s: %s %v: %s", row.Incident, l.Question, l.Outcome, l.Reason)
			}
		}
	}
}

// outdate makes what is stored of the metadata that of a version of before.
func outdate(t *testing.T, dataDir string) {
	t.Helper()
	onRows(t, dataDir, func(s *store.Store) error {
		return s.Update(t.Context(), func(tx *store.Tx) error {
			for _, text := range []string{
				`PRAGMA defer_foreign_keys = ON`,
				`UPDATE stage_result SET version = '0' WHERE stage = 'metadata'`,
				`UPDATE observation SET version = '0' WHERE stage = 'metadata'`,
			} {
				if _, err := tx.SQL().ExecContext(t.Context(), text); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// touching is another case, with another photo, that names the footage of the first one too.
func touching(t *testing.T, caseDir string) string {
	t.Helper()
	other := t.TempDir()
	photo, err := os.ReadFile(filepath.Join(caseDir, "media/a.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	record := `{"id":"Y-1","claim":{"where":{"lon":30.5,"lat":50.4,"radius_m":500},"when":{"from":"2025-08-31T05:00:00Z","to":"2025-08-31T12:00:00Z"}},"media":[{"file":"media/b.jpg"}]}`
	if err := os.MkdirAll(filepath.Join(other, "media"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"incidents.jsonl": []byte(record + "\n"), "media/b.jpg": append(photo, 0)} {
		if err := os.WriteFile(filepath.Join(other, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return other
}
