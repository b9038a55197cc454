package hashindex

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	lockName    = "LOCK"
	currentName = "CURRENT"
	nextName    = "CURRENT.new" // in the making: of a folder without CURRENT it says that nothing was promised yet
)

func baseName(number uint64) string { return fmt.Sprintf("base-%06d.hix", number) }
func logName(number uint64) string  { return fmt.Sprintf("log-%06d.hix", number) }

// folder is where an index lives. Every change of names goes through it.
type folder struct {
	dir   string
	words int
	// before, if not nil, is told of each change before it is made, and may refuse it: for tests of crashes and full disks.
	before func(change string) error
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

func (f *folder) may(change string) error {
	if f.before == nil {
		return nil
	}
	return f.before(change)
}

// listing is what stands in a folder.
type listing struct {
	bases, logs []uint64 // ascending
	next        bool
	passing     []string // files that were not given their name
}

func (f *folder) list() (listing, error) {
	var l listing
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return l, fmt.Errorf("hashindex: list: %w", err)
	}
	for _, e := range entries {
		var number uint64
		name := e.Name()
		if n, _ := fmt.Sscanf(name, "base-%d.hix", &number); n == 1 && name == baseName(number) {
			l.bases = append(l.bases, number)
		} else if n, _ := fmt.Sscanf(name, "log-%d.hix", &number); n == 1 && name == logName(number) {
			l.logs = append(l.logs, number)
		} else if name == nextName {
			l.next = true
		} else if strings.HasSuffix(name, ".hix.new") {
			l.passing = append(l.passing, name)
		}
	}
	slices.Sort(l.bases)
	slices.Sort(l.logs)
	return l, nil
}

func (f *folder) currentText(number uint64, words int) []byte {
	body := fmt.Sprintf("hashindex %d\nbase %d\nbits %d\n", version, number, 64*words)
	return fmt.Appendf(nil, "%ssum %08x\n", body, crc32.Checksum([]byte(body), castagnoli))
}

// current is the number of the base in use. Absent is an error that is fs.ErrNotExist.
func (f *folder) current() (uint64, error) {
	text, err := os.ReadFile(f.path(currentName))
	if err != nil {
		return 0, fmt.Errorf("hashindex: %w", err)
	}
	var v, bits int
	var number uint64
	var sum, want uint32
	n, _ := fmt.Sscanf(string(text), "hashindex %d\nbase %d\nbits %d\nsum %x\n", &v, &number, &bits, &sum)
	if len(text) > len("sum 00000000\n") {
		want = crc32.Checksum(text[:len(text)-len("sum 00000000\n")], castagnoli)
	}
	if n != 4 || sum != want {
		return 0, &DamagedError{File: currentName, Section: "text", Why: "not as written"}
	}
	if v != version {
		return 0, &FormatError{File: currentName, What: "version", Got: v, Want: version}
	}
	if bits != 64*f.words {
		return 0, &FormatError{File: currentName, What: "bits of a code", Got: bits, Want: 64 * f.words}
	}
	if string(text) != string(f.currentText(number, f.words)) {
		return 0, &DamagedError{File: currentName, Section: "text", Why: "not as written"}
	}
	return number, nil
}

// announce writes the next CURRENT beside the one in use, and promise puts it in its place.
func (f *folder) announce(number uint64) error {
	if err := f.writeFile(nextName, f.currentText(number, f.words)); err != nil {
		return err
	}
	return f.sync()
}

func (f *folder) promise() error {
	if err := f.rename(nextName, currentName); err != nil {
		return err
	}
	return f.sync()
}

// writeFile writes a small file anew and synchronises it.
func (f *folder) writeFile(name string, content []byte) (err error) {
	if err := f.may("write " + name); err != nil {
		return err
	}
	file, err := os.OpenFile(f.path(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("hashindex: %w", err)
	}
	defer func() {
		if e := file.Close(); err == nil && e != nil {
			err = fmt.Errorf("hashindex: %w", e)
		}
	}()
	if _, err := file.Write(content); err != nil {
		return fmt.Errorf("hashindex: %w", err)
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("hashindex: %w", err)
	}
	return nil
}

// newBase writes a base under a passing name first: a base that has its name is whole.
func (f *folder) newBase(number uint64, p *pile, l layout) error {
	name := baseName(number)
	if err := f.remove(name + ".new"); err != nil {
		return err
	}
	if err := f.may("write " + name + ".new"); err != nil {
		return err
	}
	if err := writeBase(f.path(name+".new"), p, l); err != nil {
		return err
	}
	if err := f.rename(name+".new", name); err != nil {
		return err
	}
	return f.sync()
}

// newLog writes an empty log under a passing name; openNewLog gives it its name and opens it for appending.
func (f *folder) newLog(number, batch uint64) error {
	return f.writeFile(logName(number)+".new", encodeLogHead(f.words, batch))
}

func (f *folder) openNewLog(number uint64) (*os.File, error) {
	name := logName(number)
	if err := f.rename(name+".new", name); err != nil {
		return nil, err
	}
	if err := f.sync(); err != nil {
		return nil, err
	}
	return f.appendTo(name)
}

func (f *folder) appendTo(name string) (*os.File, error) {
	file, err := os.OpenFile(f.path(name), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, fmt.Errorf("hashindex: %w", err)
	}
	return file, nil
}

func (f *folder) rename(from, to string) error {
	if err := f.may("rename " + from); err != nil {
		return err
	}
	if err := os.Rename(f.path(from), f.path(to)); err != nil {
		return fmt.Errorf("hashindex: %w", err)
	}
	return nil
}

// remove takes a file away; one that is not there is fine.
func (f *folder) remove(name string) error {
	if err := f.may("remove " + name); err != nil {
		return err
	}
	if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("hashindex: %w", err)
	}
	return nil
}

// sync makes changes of names durable.
func (f *folder) sync() error {
	if err := f.may("sync folder"); err != nil {
		return err
	}
	dir, err := os.Open(f.dir)
	if err != nil {
		return fmt.Errorf("hashindex: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("hashindex: sync folder: %w", err)
	}
	return nil
}

// clear takes away what neither base number in, nor the logs since, need: the old after a merge, and what a crash left.
func (f *folder) clear(in uint64) error {
	l, err := f.list()
	if err != nil {
		return err
	}
	errs := []error{f.remove(nextName)}
	for _, n := range l.bases {
		if n != in {
			errs = append(errs, f.remove(baseName(n)))
		}
	}
	for _, n := range l.logs {
		if n < in {
			errs = append(errs, f.remove(logName(n)))
		}
	}
	for _, name := range l.passing {
		errs = append(errs, f.remove(name))
	}
	return errors.Join(errs...)
}
