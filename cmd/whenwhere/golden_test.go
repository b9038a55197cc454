package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write fixtures/golden again")

const autumn = "../../fixtures/autumn"

// fixtureCase is a case of the fixtures, whose verdicts are kept in fixtures/golden.
type fixtureCase struct {
	name string
	exit int // of verifying it
}

// fixtureCases are all of them. The autumn holds one unreadable file.
func fixtureCases() []fixtureCase {
	return []fixtureCase{{"autumn", exitPartial}, {"acceptance", exitDone}}
}

func (c fixtureCase) dir() string { return filepath.Join("../../fixtures", c.name) }

func (c fixtureCase) goldenPath() string {
	return filepath.Join("../../fixtures/golden", c.name+".jsonl")
}

// needFFmpeg skips where movies cannot be read; the machines that check every change have it.
func needFFmpeg(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed: movies cannot be read (make tools installs it)")
	}
}

// verify runs the main job in this process and returns its verdicts as JSON lines.
func (c fixtureCase) verify(t testing.TB, dataDir string, workers int) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	code := run([]string{"verify", c.dir(), "--json", "--data", dataDir, "--workers", fmt.Sprint(workers)}, &out, &errs)
	if code != c.exit {
		t.Fatalf("exit code %d, want %d:\n%s", code, c.exit, errs.String())
	}
	return out.Bytes()
}

func verifyAutumn(t testing.TB, dataDir string, workers int) []byte {
	t.Helper()
	return fixtureCases()[0].verify(t, dataDir, workers)
}

func (c fixtureCase) golden(t testing.TB) []byte {
	t.Helper()
	want, err := os.ReadFile(c.goldenPath())
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// sameVerdicts compares line by line, so that a difference names its incident.
func sameVerdicts(t *testing.T, want, got []byte) {
	t.Helper()
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	if len(w) != len(g) {
		t.Fatalf("%d verdicts, want %d", len(g)-1, len(w)-1)
	}
	for i := range w {
		if w[i] == g[i] {
			continue
		}
		var a, b any
		if json.Unmarshal([]byte(w[i]), &a) != nil || json.Unmarshal([]byte(g[i]), &b) != nil {
			t.Fatalf("line %d:\n%s\n%s", i+1, w[i], g[i])
		}
		t.Errorf("line %d (-want +got; run with -update if the change is meant, and look at it):\n%s", i+1, cmp.Diff(a, b))
	}
}

func TestGoldenWithOneAndEightWorkers(t *testing.T) {
	needFFmpeg(t)
	for _, c := range fixtureCases() {
		t.Run(c.name, func(t *testing.T) {
			one := c.verify(t, t.TempDir(), 1)
			if *update {
				if err := os.MkdirAll(filepath.Dir(c.goldenPath()), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(c.goldenPath(), one, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want := c.golden(t)
			sameVerdicts(t, want, one)
			dir := t.TempDir()
			sameVerdicts(t, want, c.verify(t, dir, 8))
			sameVerdicts(t, want, c.verify(t, dir, 8)) // again, from what is stored
		})
	}
}

// TestGoldenAfterKills starts the program as a process, kills it ever later in its work without a warning, and lets the
// last run finish. It kills less often than a file is given up after (crashes).
func TestGoldenAfterKills(t *testing.T) {
	needFFmpeg(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	killed := 0
	for _, after := range []time.Duration{100, 300, 500, 900} {
		ctx, cancel := context.WithTimeout(t.Context(), after*time.Millisecond)
		cmd := exec.CommandContext(ctx, exe, "verify", autumn, "--json", "--data", dir, "--workers", "2")
		cmd.Args[0] = "whenwhere" // the command of the scripts
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		if err := cmd.Run(); ctx.Err() != nil && err != nil {
			killed++
		}
		cancel()
	}
	if killed == 0 {
		t.Fatal("no run was killed: the delays are too long for this machine")
	}
	sameVerdicts(t, fixtureCases()[0].golden(t), verifyAutumn(t, dir, 2))
}

func TestGoldenHoldsTheStories(t *testing.T) {
	t.Parallel()
	status := map[string]string{}
	for _, c := range fixtureCases() {
		for line := range strings.Lines(string(c.golden(t))) {
			var v struct{ Incident, Status string }
			if err := json.Unmarshal([]byte(line), &v); err != nil {
				t.Fatal(err)
			}
			status[v.Incident] = v.Status
		}
	}
	want := map[string]string{
		"AUT-01": "verified-candidate", "AUT-02": "verified-candidate", "AUT-06": "verified-candidate", "AUT-13": "verified-candidate",
		"AUT-20": "verified-candidate", "AUT-23": "verified-candidate", "AUT-24": "verified-candidate",
		"AUT-04": "credible", "AUT-10": "credible", "AUT-12": "credible", "AUT-14": "credible",
		"AUT-03": "contradicted", "AUT-08": "contradicted", "AUT-09": "contradicted", "AUT-11": "contradicted", "AUT-16": "contradicted",
		"AUT-18": "contradicted", "AUT-21": "contradicted", "AUT-22": "contradicted",
		"AUT-05": "unresolved", "AUT-07": "unresolved", "AUT-15": "unresolved", "AUT-17": "unresolved", "AUT-19": "unresolved",

		"ACC-01": "verified-candidate", "ACC-02": "verified-candidate", "ACC-07": "verified-candidate", "ACC-10": "verified-candidate",
		"ACC-03": "credible", "ACC-08": "contradicted",
		"ACC-04": "unresolved", "ACC-05": "unresolved", "ACC-06": "unresolved", "ACC-09": "unresolved", "ACC-11": "unresolved", "ACC-12": "unresolved",
	}
	if diff := cmp.Diff(want, status); diff != "" {
		t.Error(diff)
	}
}
