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
	d, err := makeData(t.Context(), dataDir)
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
	if _, _, err := in.loadMaps(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	batch, _, err := in.receive(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	q, err := queue.New(queue.Config{Store: d.store, LockPath: filepath.Join(dataDir, "lock"), Stages: stageNames(),
		Work: &queued{newWork(d, extractors(nil), score.Default(), newCaseMaps(d), func(string) {}), ""}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Enqueue(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// TestUnfinishedCaseIsFinishedByAnother: the open incidents of a killed run are judged by the next run in that folder, over
// whatever case, with the control maps of their own case, even when the folder of that case is gone.
func TestUnfinishedCaseIsFinishedByAnother(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second, data := filepath.Join(dir, "first"), filepath.Join(dir, "second"), filepath.Join(dir, "data")
	claim := `"claim":{"where":{"lon":37.28,"lat":48.05,"radius_m":500},"when":{"from":"2024-11-03T07:00:00Z","to":"2024-11-03T09:00:00Z"},"perpetrator":"ru"}}`
	for at, files := range map[string]map[string]string{
		first: {manifest.JSONLines: `{"id":"A",` + claim, "control/ours_20241101.geojson": `{"type":"FeatureCollection","complement":"ua","features":[
			{"type":"Feature","properties":{"side":"ru"},"geometry":{"type":"Polygon","coordinates":[[[37.3,47],[38,47],[38,49],[37.3,49],[37.3,47]]]}}]}`},
		second: {manifest.JSONLines: `{"id":"B",` + claim},
	} {
		for name, text := range files {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(at, name)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(at, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	enqueued(t, first, data)
	if err := os.RemoveAll(first); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"verify", second, "--data", data, "--json"}, &out, &errs); code != exitDone || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	for incident, maps := range map[string]bool{"A": true, "B": false} {
		out.Reset()
		if code := run([]string{"show", incident, "--data", data, "--json"}, &out, &errs); code != exitDone {
			t.Fatalf("exit code %d: %s", code, errs.String())
		}
		if got := strings.Contains(out.String(), "ours@2024-11-01"); got != maps {
			t.Errorf("%s was judged with the maps of the first case: %v, want %v\n%s", incident, got, maps, out.String())
		}
	}
}
