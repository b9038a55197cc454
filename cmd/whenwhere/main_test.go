package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"whenwhere/internal/decode/child"
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
	})
}
