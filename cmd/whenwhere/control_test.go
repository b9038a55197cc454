package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/shareddata"
	"whenwhere/internal/store"
)

// inventedMaps writes n daily maps whose line creeps west.
func inventedMaps(t *testing.T, n int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "maps")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		day := time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i)
		west := 37.3 - float64(i)/1000
		text := fmt.Sprintf(`{"type":"FeatureCollection","complement":"ua","features":[
			{"type":"Feature","properties":{"side":"ru"},"geometry":{"type":"Polygon","coordinates":[[[%g,47],[38,47],[38,49],[%g,49],[%g,47]]]}}]}`, west, west, west)
		if err := os.WriteFile(filepath.Join(dir, "ours_"+day.Format("20060102")+".geojson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runs is one command in this process.
func runs(t testing.TB, want int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, &out, &errs); code != want {
		t.Fatalf("%v: exit code %d, want %d:\n%s%s", args, code, want, out.String(), errs.String())
	}
	return out.String()
}

// TestImportAfterKills kills imports without a warning, ever later: what was taken in stays usable, and the last run ends
// where an undisturbed one does.
func TestImportAfterKills(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	maps, data := inventedMaps(t, 50), t.TempDir()
	killed := 0
	for _, after := range []time.Duration{60, 120, 200, 300} {
		ctx, cancel := context.WithTimeout(t.Context(), after*time.Millisecond)
		cmd := exec.CommandContext(ctx, exe, "control", "import", maps, "--data", data)
		cmd.Args[0] = "whenwhere" // the command of the scripts
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		if err := cmd.Run(); ctx.Err() != nil && err != nil {
			killed++
		}
		cancel()
		if _, err := os.Stat(filepath.Join(data, databaseFile)); err != nil {
			continue // killed before there was a database
		}
		if some := strings.Count(runs(t, exitDone, "control", "list", "--editions", "--json", "--data", data), "\n"); some > 0 {
			runs(t, exitDone, "control", "at", "--lat", "48", "--lon", "37.5", "--time", "2024-12-31T00:00:00Z", "--data", data)
		}
	}
	if killed == 0 {
		t.Fatal("no run was killed: the delays are too long for this machine")
	}
	runs(t, exitDone, "control", "import", maps, "--data", data)
	clean := t.TempDir()
	runs(t, exitDone, "control", "import", maps, "--data", clean)
	list := func(data string) string {
		return runs(t, exitDone, "control", "list", "--editions", "--json", "--data", data)
	}
	if diff := cmp.Diff(list(clean), list(data)); diff != "" || strings.Count(list(data), "\n") != 50 {
		t.Error(diff)
	}
}

// TestMapsThatNobodyJudged: a run that died after it took maps in left a mark, and the next run judges what they touch.
func TestMapsThatNobodyJudged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	caseDir, data, maps := filepath.Join(dir, "case"), filepath.Join(dir, "data"), inventedMaps(t, 3)
	if err := os.Mkdir(caseDir, 0o700); err != nil {
		t.Fatal(err)
	}
	record := `{"id":"A","claim":{"where":{"lon":37.28,"lat":48.05,"radius_m":500},"when":{"from":"2024-08-03T07:00:00Z","to":"2024-08-03T09:00:00Z"},"perpetrator":"ru"}}`
	if err := os.WriteFile(filepath.Join(caseDir, "incidents.jsonl"), []byte(record), 0o600); err != nil {
		t.Fatal(err)
	}
	runs(t, exitDone, "verify", caseDir, "--data", data)
	clean := filepath.Join(dir, "clean")
	runs(t, exitDone, "control", "import", maps, "--data", clean)
	copyImported(t, clean, data)
	if got := runs(t, exitDone, "control", "import", maps, "--data", data); !strings.Contains(got, "3 there already") || !strings.Contains(got, "judged again, because this touches them: 1 incident") {
		t.Error(got)
	}
	if got := runs(t, exitDone, "control", "import", maps, "--data", data); strings.Contains(got, "judged again") {
		t.Error(got)
	}
}

// copyImported does what an import does before it judges anything.
func copyImported(t *testing.T, from, to string) {
	t.Helper()
	a, err := openData(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := openData(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	rows, err := a.store.ControlMaps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		f, err := a.blobs.Open(t.Context(), r.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.blobs.Put(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		f.Close()
		if err := b.store.Update(t.Context(), func(tx *store.Tx) error { return tx.AddControlMap(t.Context(), r) }); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamagedMapIsNoMapThatWasRefused: bytes that are lost end the question, which names the map.
func TestDamagedMapIsNoMapThatWasRefused(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	runs(t, exitDone, "control", "import", inventedMaps(t, 1), "--data", data)
	changed := 0
	err := filepath.WalkDir(filepath.Join(data, "originals"), func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil || !bytes.Contains(text, []byte("37.3,47")) {
			return err
		}
		changed++
		if err := os.Chmod(p, 0o600); err != nil {
			return err
		}
		return os.WriteFile(p, bytes.ReplaceAll(text, []byte("37.3"), []byte("36.3")), 0o600)
	})
	if err != nil || changed != 1 {
		t.Fatal(changed, err)
	}
	var out, errs bytes.Buffer
	code := run([]string{"control", "at", "--lat", "48", "--lon", "36.8", "--time", "2024-08-02T00:00:00Z", "--data", data}, &out, &errs)
	if code != exitError || !strings.Contains(errs.String(), "ours@2024-08-01T00:00:00Z") || out.Len() > 0 {
		t.Errorf("exit code %d, %s%s", code, out.String(), errs.String())
	}
}

// TestNearest holds the choice of maps against a scan of all of them.
func TestNearest(t *testing.T) {
	t.Parallel()
	type m struct {
		provider string
		at       time.Time
	}
	key := func(x m) (string, time.Time) { return x.provider, x.at }
	rapid.Check(t, func(t *rapid.T) {
		var maps []m
		for _, p := range []string{"a", "b"} {
			at := time.Unix(0, 0)
			for range rapid.IntRange(0, 6).Draw(t, "n") {
				at = at.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "gap")) * time.Second)
				maps = append(maps, m{p, at})
			}
		}
		from := time.Unix(int64(rapid.IntRange(-2, 30).Draw(t, "from")), 0)
		to := from.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "span")) * time.Second)
		var want []m
		for i, x := range maps {
			lastBefore := !x.at.After(from) && (i+1 == len(maps) || maps[i+1].provider != x.provider || maps[i+1].at.After(from))
			firstAfter := !x.at.Before(to) && (i == 0 || maps[i-1].provider != x.provider || maps[i-1].at.Before(to))
			within := !x.at.Before(from) && !x.at.After(to)
			if lastBefore || firstAfter || within {
				want = append(want, x)
			}
		}
		if got := nearest(maps, key, from, to); !cmp.Equal(want, got, cmp.AllowUnexported(m{})) {
			t.Fatalf("%v, want %v, of %v from %v to %v", got, want, maps, from, to)
		}
	})
}

// TestImportedMapsAnswerAsTheirFolder: importing changes no answer, and the days that the provider missed are named.
func TestImportedMapsAnswerAsTheirFolder(t *testing.T) {
	t.Parallel()
	maps, data := t.TempDir(), t.TempDir()
	august, err := filepath.Glob(filepath.Join(shareddata.Path(t, "frontline", "deepstate_daily"), "*_202408*.geojson"))
	if err != nil || len(august) != 29 {
		t.Fatal(len(august), err)
	}
	for _, file := range august {
		text, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(maps, filepath.Base(file)), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	runs(t, exitDone, "control", "import", maps, "--data", data)
	list := runs(t, exitDone, "control", "list", "--data", data)
	if !strings.Contains(list, "29 editions") || !strings.Contains(list, "2: 2024-08-18, 2024-08-19") {
		t.Error(list)
	}
	for _, at := range []string{"2024-08-01T02:00:00Z", "2024-08-05T03:00:00Z", "2024-08-19T12:00:00Z", "2024-08-26T12:00:00Z", "2024-09-28T12:00:00Z"} {
		ask := []string{"control", "at", "--lat", "48.15", "--lon", "37.3", "--time", at, "--json"}
		imported := runs(t, exitDone, append(ask, "--data", data)...)
		if diff := cmp.Diff(runs(t, exitDone, append(ask, "--maps", maps)...), imported); diff != "" {
			t.Errorf("%s: %s", at, diff)
		}
	}
}
