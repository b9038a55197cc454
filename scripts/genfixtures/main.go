// Genfixtures draws the fixtures of the project: two cases of invented incidents with photos, clips, control maps and known
// footage, one to learn from and one to be accepted by. It promises the same bytes at every run and on every machine with the same minor release of Go (the
// JPEG encoder of the standard library may change with one), and that nothing in them is real: no place, person,
// account or event. The light is physical: exposures and shadow marks follow the sun at the invented place and time.
//
//	go run ./scripts/genfixtures          write fixtures/
//	go run ./scripts/genfixtures -check   compare fixtures/ with what would be written; exit 1 if they differ
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	dir := flag.String("dir", "fixtures", "folder to write to or compare with")
	check := flag.Bool("check", false, "compare instead of writing")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "genfixtures:", err)
		os.Exit(1)
	}
}

func run(dir string, check bool) error {
	files, err := build()
	if err != nil {
		return err
	}
	if check {
		return compare(dir, files)
	}
	return write(dir, files)
}

// folders are those directly below DIR that the files lie in.
func folders(files map[string][]byte) []string {
	seen := map[string]bool{}
	for name := range files {
		if top, _, below := strings.Cut(name, "/"); below {
			seen[top] = true
		}
	}
	return sortedKeys(seen)
}

// write replaces the folders of the cases and the README; nothing else in DIR is touched.
func write(dir string, files map[string][]byte) error {
	for _, top := range folders(files) {
		if err := os.RemoveAll(filepath.Join(dir, top)); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	for _, name := range sortedKeys(files) {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		if err := os.WriteFile(at, files[name], 0o644); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}

// compare lists every file that is missing, differs, or would not be written.
func compare(dir string, files map[string][]byte) error {
	var faults []error
	for _, name := range sortedKeys(files) {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			faults = append(faults, fmt.Errorf("check: %w", err))
		} else if !bytes.Equal(got, files[name]) {
			faults = append(faults, fmt.Errorf("check: %s differs", name))
		}
	}
	for _, top := range folders(files) {
		faults = append(faults, foreign(dir, top, files))
	}
	return errors.Join(faults...)
}

// foreign names the files below DIR/top that are not made.
func foreign(dir, top string, files map[string][]byte) error {
	var faults []error
	err := filepath.WalkDir(filepath.Join(dir, top), func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, at)
		if _, made := files[filepath.ToSlash(name)]; err == nil && !made {
			faults = append(faults, fmt.Errorf("check: %s is not one of the fixtures", filepath.ToSlash(name)))
		}
		return err
	})
	return errors.Join(append(faults, err)...)
}
