package main

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/blob"
	"whenwhere/pipeline"
)

// storedMaps is the folder of control maps as it was stored: files by their path, with their digest. It implements
// fs.ReadDirFS.
type storedMaps struct {
	ctx   context.Context // of the one load that it is made for
	blobs *blob.Store
	files map[string]pipeline.MediaID
}

func (s storedMaps) open(name string) (fs.File, error) {
	f, err := s.blobs.Open(s.ctx, s.files[name])
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f, nil
}

// Open implements fs.FS.
func (s storedMaps) Open(name string) (fs.File, error) {
	if _, ok := s.files[name]; ok {
		return s.open(name)
	}
	entries, err := s.ReadDir(name)
	if err != nil {
		return nil, err
	}
	return &storedFolder{storedEntry{path.Base(name), true}, entries}, nil
}

// ReadDir implements fs.ReadDirFS.
func (s storedMaps) ReadDir(name string) ([]fs.DirEntry, error) {
	below := name + "/"
	if name == "." {
		below = ""
	}
	found := map[string]bool{} // whether it is a folder
	for file := range s.files {
		if rest, ok := strings.CutPrefix(file, below); ok {
			first, _, deeper := strings.Cut(rest, "/")
			found[first] = deeper
		}
	}
	if len(found) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	var out []fs.DirEntry
	for base, folder := range found { // sorted below
		out = append(out, storedEntry{base, folder})
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

// storedFolder is an open folder.
type storedFolder struct {
	storedEntry
	entries []fs.DirEntry
}

func (f *storedFolder) Stat() (fs.FileInfo, error) { return f.storedEntry, nil }
func (f *storedFolder) Close() error               { return nil }
func (f *storedFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrInvalid}
}

// storedEntry is the name of a file or folder; their sizes are those of the opened files.
type storedEntry struct {
	name   string
	folder bool
}

func (e storedEntry) Name() string               { return e.name }
func (e storedEntry) IsDir() bool                { return e.folder }
func (e storedEntry) Type() fs.FileMode          { return e.Mode().Type() }
func (e storedEntry) Info() (fs.FileInfo, error) { return e, nil }
func (e storedEntry) Size() int64                { return 0 }
func (e storedEntry) ModTime() time.Time         { return time.Time{} }
func (e storedEntry) Sys() any                   { return nil }
func (e storedEntry) Mode() fs.FileMode {
	if e.folder {
		return fs.ModeDir | 0o500
	}
	return 0o400
}
