package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Whoever writes to a device or a folder by mistake gets a message, and the device stays what it is.
func TestWriteNewTakesTheNameOfAFileOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, file := filepath.Join(dir, "pipe"), filepath.Join(dir, "file")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	hello := func(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }
	for path, want := range map[string]string{
		pipe: "is a device or a pipe", dir: "is a folder", filepath.Join(dir, "none", "file"): "its folder", filepath.Join(file, "under"): "is no folder"} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := writeNew(path, hello); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("the pipe is %v now, %v", info, err)
	}
	if err := writeNew(file, hello); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(dir)
	if text, e := os.ReadFile(file); e != nil || string(text) != "hello" || err != nil || len(entries) != 2 {
		t.Errorf("%q, %v; %v, %v", text, e, entries, err)
	}
}

// An export that no file can take is no event of the log.
func TestAnExportThatCannotBeWrittenIsNone(t *testing.T) {
	t.Parallel()
	dir := published(t)
	leaves := func() string {
		out, _ := told(t, exitDone, "audit", "check", "--data", dir)
		first, _, _ := strings.Cut(out, ",")
		return first
	}
	before := leaves()
	if _, errs := told(t, exitError, "export", "ACC-07", "-o", dir, "--data", dir); !strings.Contains(errs, dir+" is a folder: name a file") {
		t.Error(errs)
	}
	if after := leaves(); after != before || !strings.HasSuffix(before, " leaves") {
		t.Errorf("%q, before %q", after, before)
	}
}
