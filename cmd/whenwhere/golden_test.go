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

const (
	autumn     = "../../fixtures/autumn"
	goldenPath = "../../fixtures/golden/autumn.jsonl"
)

// needFFmpeg skips where movies cannot be read; the machines that check every change have it.
func needFFmpeg(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed: movies cannot be read (make tools installs it)")
	}
}

// verifyAutumn runs the main job in this process and returns its verdicts as JSON lines.
func verifyAutumn(t testing.TB, dataDir string, workers int) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	code := run([]string{"verify", autumn, "--json", "--data", dataDir, "--workers", fmt.Sprint(workers)}, &out, &errs)
	if code != exitPartial { // the case holds one unreadable file
		t.Fatalf("exit code %d, want %d:\n%s", code, exitPartial, errs.String())
	}
	return out.Bytes()
}

func golden(t testing.TB) []byte {
	t.Helper()
	want, err := os.ReadFile(goldenPath)
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
	one := verifyAutumn(t, t.TempDir(), 1)
	if *update {
		if err := os.MkdirAll(filepath.Dir(goldenPath), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(goldenPath, one, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sameVerdicts(t, golden(t), one)
	dir := t.TempDir()
	sameVerdicts(t, golden(t), verifyAutumn(t, dir, 8))
	sameVerdicts(t, golden(t), verifyAutumn(t, dir, 8)) // again, from what is stored
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
	sameVerdicts(t, golden(t), verifyAutumn(t, dir, 2))
}

func TestGoldenHoldsTheStories(t *testing.T) {
	t.Parallel()
	status := map[string]string{}
	for line := range strings.Lines(string(golden(t))) {
		var v struct{ Incident, Status string }
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		status[v.Incident] = v.Status
	}
	want := map[string]string{
		"AUT-01": "verified-candidate", "AUT-02": "verified-candidate", "AUT-06": "verified-candidate", "AUT-13": "verified-candidate",
		"AUT-20": "verified-candidate", "AUT-23": "verified-candidate", "AUT-24": "verified-candidate",
		"AUT-04": "credible", "AUT-10": "credible", "AUT-12": "credible", "AUT-14": "credible",
		"AUT-03": "contradicted", "AUT-08": "contradicted", "AUT-09": "contradicted", "AUT-11": "contradicted", "AUT-16": "contradicted",
		"AUT-18": "contradicted", "AUT-21": "contradicted", "AUT-22": "contradicted",
		"AUT-05": "unresolved", "AUT-07": "unresolved", "AUT-15": "unresolved", "AUT-17": "unresolved", "AUT-19": "unresolved",
	}
	if diff := cmp.Diff(want, status); diff != "" {
		t.Error(diff)
	}
}
