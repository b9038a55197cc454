package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/manifest"
	"whenwhere/internal/queue"
	"whenwhere/pipeline/score"
)

// enqueued leaves a data folder as a run over the case leaves it that is killed before its first incident is judged.
func enqueued(t *testing.T, caseDir, dataDir string) {
	t.Helper()
	d, err := openData(t.Context(), dataDir, true)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	root, err := os.OpenRoot(caseDir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	in, err := newIntake(t.Context(), d, root, caseName(caseDir))
	if err != nil {
		t.Fatal(err)
	}
	c, _ := manifest.Read(root)
	batch, _, err := in.receive(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	q, err := queue.New(queue.Config{Store: d.store, LockPath: filepath.Join(dataDir, "lock"), Stages: stageNames(),
		Work: newWork(d, extractors(nil), score.Default(), controlMaps{}), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Enqueue(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// TestUnfinishedCaseIsNotJudgedByAnother: the open incidents of a killed run would otherwise be judged by the next run in
// that folder, over whatever case, without their own control maps.
func TestUnfinishedCaseIsNotJudgedByAnother(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second, data := filepath.Join(dir, "first"), filepath.Join(dir, "second"), filepath.Join(dir, "data")
	for at, record := range map[string]string{first: `{"id":"A"}`, second: `{"id":"B"}`} {
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, manifest.JSONLines), []byte(record), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	enqueued(t, first, data)
	verify := func(caseDir string) (code int, errs string) {
		var out, err bytes.Buffer
		code = run([]string{"verify", caseDir, "--data", data}, &out, &err)
		return code, err.String()
	}
	if code, errs := verify(second); code != exitError || !strings.Contains(errs, `a run over case "first" was interrupted`) {
		t.Errorf("the other case while the first is open: exit code %d, want %d\n%s", code, exitError, errs)
	}
	if code, errs := verify(first); code != exitDone {
		t.Errorf("finishing the first: exit code %d\n%s", code, errs)
	}
	if code, errs := verify(second); code != exitDone {
		t.Errorf("the other case afterwards: exit code %d\n%s", code, errs)
	}
}
