package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"whenwhere/internal/decode/child"
	"whenwhere/internal/store/filelock"
)

// TestMain lets the test binary be the program: its own decoder child, and the command of the scripts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "decode" {
		os.Exit(child.Main(os.NewFile(child.SocketFD, "requests"), os.Args[2:]...))
	}
	testscript.Main(m, map[string]func(){
		"whenwhere": func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the stories of testdata/script: what a person types, and what the program answers.
func TestScripts(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FIXTURES", filepath.Join(root, "fixtures"))
			env.Setenv("WHENWHERE_DATA", filepath.Join(env.WorkDir, "data"))
			return nil
		},
		Cmds: scriptCommands(),
		Condition: func(name string) (bool, error) {
			if name == "root" { // whom no permission stops
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
	})
}

// scriptCommands are the commands of the scripts beside those of testscript.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"hold": func(ts *testscript.TestScript, _ bool, args []string) { // FILE: as another whenwhere would lock it
			lock, err := filelock.Try(ts.MkAbs(args[0]))
			ts.Check(err)
			ts.Defer(func() { ts.Check(lock.Release()) })
		},
		"fifo": func(ts *testscript.TestScript, _ bool, args []string) { // FILE
			ts.Check(syscall.Mkfifo(ts.MkAbs(args[0]), 0o600))
		},
		"edit": edit,
		"flip": flip,
		"sql":  tamper,
		"zip":  packed,
		"code": func(ts *testscript.TestScript, _ bool, args []string) { // NUMBER COMMAND...: the exit code is that
			err := ts.Exec(args[1], args[2:]...)
			var exit *exec.ExitError
			got := 0
			if errors.As(err, &exit) {
				got = exit.ExitCode()
			}
			if fmt.Sprint(got) != args[0] {
				ts.Fatalf("exit code %d, want %s\n%s", got, args[0], ts.ReadFile("stderr"))
			}
		},
		"faults": func(ts *testscript.TestScript, _ bool, args []string) { // FILE: the faults on stderr that name a line
			var got []string
			for line := range strings.Lines(ts.ReadFile("stderr")) {
				if strings.HasPrefix(line, "incidents.") {
					got = append(got, line)
				}
			}
			if diff := cmp.Diff(ts.ReadFile(args[0]), strings.Join(got, "")); diff != "" {
				ts.Fatalf("faults (-want +got)\n%s", diff)
			}
		},
		"without": func(ts *testscript.TestScript, _ bool, args []string) { // PROGRAM: take its folders off PATH
			var kept []string
			for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
				if _, err := os.Stat(filepath.Join(dir, args[0])); err != nil {
					kept = append(kept, dir)
				}
			}
			ts.Setenv("PATH", strings.Join(kept, string(filepath.ListSeparator)))
		},
	}
}

// packed writes an archive: zip FILE NAME[=TIME]..., where entries without a time have none.
func packed(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	w := zip.NewWriter(f)
	for _, a := range args[1:] {
		name, text, _ := strings.Cut(a, "=")
		h := &zip.FileHeader{Name: name}
		if text != "" {
			h.Modified, err = time.Parse(time.RFC3339, text)
			ts.Check(err)
		}
		_, err := w.CreateHeader(h)
		ts.Check(err)
	}
	ts.Check(w.Close())
	ts.Check(f.Close())
}
