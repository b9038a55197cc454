package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// openRegular looks before it opens: opening a pipe would wait for its writer.
func openRegular(path string, expanding error) (*os.File, error) {
	if expanding != nil {
		return nil, expanding
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	return os.Open(path)
}

// readRegular reads no further than one byte past the limit, which the reader of the data then states: a file may grow.
func readRegular(path string, limit int64) ([]byte, error) {
	f, err := openRegular(path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close() // it was only read
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// canBeWritten refuses names that no file can take: of a folder, of what is no file, and in a folder that is not there.
// Taking the name of a device or a pipe would put a file in its place.
func canBeWritten(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder: name a file", path)
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s is a device or a pipe: name a file", path)
	case err == nil:
		return nil
	}
	if dir, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("write %s: its folder: %w", path, err)
	} else if !dir.IsDir() {
		return fmt.Errorf("write %s: %s is no folder", path, filepath.Dir(path))
	}
	return nil
}

// writeNew writes a file beside its final name first, so that no half of it passes for the whole.
func writeNew(path string, write func(io.Writer) error) (err error) {
	if err := canBeWritten(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	if err = write(w); err == nil {
		err = errors.Join(w.Flush(), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
