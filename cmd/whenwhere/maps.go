package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"whenwhere/internal/control"
	"whenwhere/internal/geo"
	"whenwhere/internal/ground"
	"whenwhere/internal/manifest"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// controlMaps answers the front assessor from the control maps that its answer can depend on.
type controlMaps struct {
	ground.Maps
	version string
}

// loadMaps reads the control maps of the case folder, if it has any, as they were stored.
func (in *intake) loadMaps(ctx context.Context, c *manifest.Case) ([]*control.Indexed, []error, error) {
	stored, err := in.storeMaps(ctx, c)
	if err != nil || !c.Control {
		return nil, nil, err
	}
	maps, faults := control.Read(mapFolder{in.root, stored})
	for i, err := range faults {
		faults[i] = caseMapFault(err)
	}
	return maps, faults, nil
}

// storeMaps keeps the files of control/ with the originals, so that the case can be judged again without its folder.
// What is not a regular file, or too large, is left out here and named by loadMaps.
func (in *intake) storeMaps(ctx context.Context, c *manifest.Case) (storedMaps, error) {
	kept := storedMaps{ctx, in.data.blobs, map[string]pipeline.MediaID{}}
	var files []store.ControlFile
	if c.Control {
		err := fs.WalkDir(mapFolder{root: in.root}, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil // loadMaps meets it again and names it
			}
			id, err := in.storeMap(ctx, name)
			if err == nil && !id.IsZero() {
				kept.files[name] = id
				files = append(files, store.ControlFile{Path: name, SHA256: id})
			}
			return err
		})
		if err != nil {
			return kept, fmt.Errorf("control maps: %w", err)
		}
	}
	return kept, in.data.store.Update(ctx, func(tx *store.Tx) error { return tx.SaveControl(ctx, in.name, files) })
}

// storeMap keeps one file; the id is zero when it cannot be read.
func (in *intake) storeMap(ctx context.Context, name string) (pipeline.MediaID, error) {
	f, err := mapFolder{root: in.root}.Open(name)
	if err != nil {
		return pipeline.MediaID{}, nil
	}
	defer f.Close() // it was only read
	if info, err := f.Stat(); err != nil || info.Size() > manifest.MaxTableBytes {
		return pipeline.MediaID{}, nil
	}
	id, _, err := in.data.blobs.Put(ctx, f)
	return id, err
}

// mapFolder is the folder control/ of a case, of which only folders and regular files can be opened: opening a named pipe
// would wait for its writer for ever. Files that were stored are read as they were stored.
type mapFolder struct {
	root   *os.Root
	stored storedMaps
}

func (f mapFolder) Open(name string) (fs.File, error) {
	at := path.Join(manifest.ControlDir, name)
	info, err := f.root.Stat(at)
	switch {
	case err != nil:
		return nil, err
	case !info.IsDir() && !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	}
	if _, ok := f.stored.files[name]; ok {
		return f.stored.open(name)
	}
	return f.root.Open(at)
}

// caseMapFault words the fault of a map in the folder control/ of a case.
func caseMapFault(err error) error {
	var f *control.FileError
	if !errors.As(err, &f) {
		return err
	}
	return fmt.Errorf("%w; the map is not used", mapFault(path.Join(manifest.ControlDir, f.File), err))
}

// mapFault words the fault of a control map as package manifest words those of the files of a case.
func mapFault(file string, err error) error {
	var f *control.FileError
	if !errors.As(err, &f) {
		return err
	}
	p := manifest.Problem{File: file, Line: f.Line, Field: f.Path, Err: f.Err}
	var at *geo.Error
	var system *fs.PathError // it names the file once more
	switch {
	case errors.As(f.Err, &system):
		p.Err = system.Err
	case f.Err == nil:
		p.Err = errors.New(f.Detail)
	case errors.As(f.Err, &at):
		p.Line, p.Field, p.Err = at.Line, at.Path, fmt.Errorf("%s (%s, column %d)", at.Detail, at.Rule, at.Column)
	}
	return p
}
