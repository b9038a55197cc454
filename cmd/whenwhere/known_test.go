package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

// edit is a command of the scripts: HOW FROM TO, a picture made over.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Open(ts.MkAbs(args[1]))
	ts.Check(err)
	src, err := jpeg.Decode(f)
	ts.Check(err)
	ts.Check(f.Close())
	quality := 85
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	at, bounds := func(x, y int) (int, int) { return x, y }, image.Rect(0, 0, w, h)
	switch args[0] {
	case "again":
		quality = 30
	case "mirror":
		at = func(x, y int) (int, int) { return w - 1 - x, y }
	case "turn":
		at, bounds = func(x, y int) (int, int) { return y, h - 1 - x }, image.Rect(0, 0, h, w)
	case "border": // a quarter of the height above and below
		at, bounds = func(x, y int) (int, int) { return x, y - h/4 }, image.Rect(0, 0, w, h+h/4*2)
	case "crop": // 6 % of each side
		at, bounds = func(x, y int) (int, int) { return x + w*3/100, y + h*3/100 }, image.Rect(0, 0, w*94/100, h*94/100)
	default:
		ts.Fatalf("unknown edit %s", args[0])
	}
	dst := image.NewRGBA(bounds)
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			sx, sy := at(x, y)
			if (image.Point{sx, sy}).In(image.Rect(0, 0, w, h)) {
				dst.Set(x, y, src.At(b.Min.X+sx, b.Min.Y+sy))
			}
		}
	}
	var out bytes.Buffer
	ts.Check(jpeg.Encode(&out, dst, &jpeg.Options{Quality: quality}))
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), out.Bytes(), 0o600))
}

// archived is a folder of pictures for the archive: the fixtures' own, and the media of all incidents, made over.
func archived(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for _, pattern := range []string{"known/*.jpg", "media/*/*.jpg", "media/*/*.mov", "media/*/*.mp4"} {
		found, err := filepath.Glob(filepath.Join(autumn, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for i, from := range found {
			text, err := os.ReadFile(from)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(pattern, "media") { // bytes of its own, the same pictures
				text = append(text, 0)
			}
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%02d-%s", i, filepath.Base(from))), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return folder
}

func runOK(t *testing.T, codes []int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, &out, &errs); !slices.Contains(codes, code) {
		t.Fatalf("%v: exit code %d\n%s%s", args, code, out.String(), errs.String())
	}
	return out.String()
}

// verdicts are those of all incidents, as they are judged now.
func verdicts(t *testing.T, dataDir string) string {
	t.Helper()
	d, err := openData(t.Context(), dataDir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	all, err := d.store.LatestVerdicts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var list []pipeline.Verdict
	for _, j := range all {
		list = append(list, j.Verdict)
	}
	var out bytes.Buffer
	if err := report.JSONLines(&out, list...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestAdditionAfterKills: footage that is added by a process that is killed again and again, at ever later moments, has the
// same incidents judged again as without, and the verdicts are those of a run that had the archive from the start.
func TestAdditionAfterKills(t *testing.T) {
	needFFmpeg(t)
	folder := archived(t)
	add := []string{"known", "add", folder, "--first-seen", "2022-05-01", "--event", "before", "--workers", "2", "--data"}
	calm, killed := t.TempDir(), t.TempDir()
	verifyAutumn(t, calm, 2)
	said := runOK(t, []int{exitDone, exitPartial}, append(add, calm)...)
	if strings.Count(said, "->") < 15 || !strings.Contains(said, " files in the archive") {
		t.Fatal(said)
	}
	verifyAutumn(t, killed, 2)
	kills := 0
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{60, 150, 300, 500, 700} {
		ctx, cancel := context.WithTimeout(t.Context(), after*time.Millisecond)
		cmd := exec.CommandContext(ctx, exe, append(add, killed)...)
		cmd.Args[0] = "whenwhere"
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		if err := cmd.Run(); ctx.Err() != nil && err != nil {
			kills++
		}
		cancel()
	}
	if kills == 0 {
		t.Fatal("no run was killed: the delays are too long for this machine")
	}
	runOK(t, []int{exitDone, exitPartial}, append(add, killed)...)
	if diff := cmp.Diff(verdicts(t, calm), verdicts(t, killed)); diff != "" {
		t.Errorf("verdicts after kills:\n%s", diff)
	}
	again := verifyAutumn(t, killed, 2)
	if diff := cmp.Diff(strings.Split(verdicts(t, calm), "\n"), strings.Split(string(again), "\n")); diff != "" {
		t.Errorf("what was judged again is not what a whole run says:\n%s", diff)
	}
	list := func(dir string) string { return runOK(t, []int{exitDone}, "known", "list", "--json", "--data", dir) }
	if diff := cmp.Diff(list(calm), list(killed)); diff != "" {
		t.Error(diff)
	}
}

// TestAdditionTouchesNothingElse: an incident that matches nothing of what is added keeps its verdict to the byte, and is
// not judged again.
func TestAdditionTouchesNothingElse(t *testing.T) {
	needFFmpeg(t)
	dir := t.TempDir()
	verifyAutumn(t, dir, 2)
	before := strings.Split(verdicts(t, dir), "\n")
	file := filepath.Join(t.TempDir(), "copy.jpg")
	found, err := filepath.Glob(filepath.Join(autumn, "media/AUT-01/*.jpg"))
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, 0), 0o600); err != nil {
		t.Fatal(err)
	}
	said := runOK(t, []int{exitDone}, "known", "add", file, "--first-seen", "2022-05-01", "--data", dir)
	if strings.Count(said, "(case autumn)") != 1 || !strings.Contains(said, "AUT-01 (case autumn): verified-candidate") {
		t.Error(said)
	}
	after := strings.Split(verdicts(t, dir), "\n")
	for i := range before {
		if changed := before[i] != after[i]; changed != strings.HasPrefix(before[i], `{"incident":"AUT-01"`) {
			t.Errorf("changed %v: %.80s", changed, before[i])
		}
	}
}

// TestDamagedIndex: whatever happens to the files of the indexes, they are named and made again, and what is found stays.
func TestDamagedIndex(t *testing.T) {
	needFFmpeg(t)
	dir := t.TempDir()
	want := string(verifyAutumn(t, dir, 2))
	files, err := filepath.Glob(filepath.Join(dir, "index", "*", "*"))
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	marks, err := filepath.Glob(filepath.Join(dir, "index", "*.json"))
	if err != nil || len(marks) != 4 {
		t.Fatal(marks, err)
	}
	damage := map[string]func(string) error{
		"cut":   func(path string) error { return os.Truncate(path, 40) },
		"empty": func(path string) error { return os.Truncate(path, 0) },
		"gone":  os.Remove,
		"flipped": func(path string) error {
			text, err := os.ReadFile(path)
			if err == nil && len(text) > 0 {
				text[len(text)/2] ^= 0x55
				err = os.WriteFile(path, text, 0o600)
			}
			return err
		},
	}
	query := filepath.Join(autumn, "known/yard_2023.jpg")
	hits := runOK(t, []int{exitDone}, "known", "find", "--json", query, "--data", dir)
	if !strings.Contains(hits, "AUT-03") {
		t.Fatal(hits)
	}
	for _, name := range append(files, marks...) {
		if filepath.Base(name) == "LOCK" {
			continue
		}
		for how, do := range damage {
			if err := do(name); err != nil {
				t.Fatal(how, name, err)
			}
			var out, errs bytes.Buffer
			code := run([]string{"known", "find", "--json", query, "--data", dir}, &out, &errs)
			if diff := cmp.Diff(hits, out.String()); diff != "" || code != exitDone {
				t.Errorf("%s %s: exit code %d\n%s\n%s", filepath.Base(name), how, code, diff, errs.String())
			}
			if part := filepath.Base(filepath.Dir(name)); part != "index" && !strings.Contains(errs.String(), "index/"+part+": the index of prints is built again from the database: ") {
				t.Errorf("%s %s: nothing says so:\n%s", filepath.Base(name), how, errs.String())
			}
			if _, err := os.Stat(name); err != nil { // numbers of bases and logs begin again
				break
			}
		}
	}
	if got := string(verifyAutumn(t, dir, 2)); got != want {
		t.Error("the verdicts are others")
	}
}
