package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/control"
)

// mapQuestion says which maps are asked: those of a data folder, or the files of a folder that is not imported.
type mapQuestion struct {
	dataDir, folder, knownBy string
}

func (q *mapQuestion) add(cmd *cobra.Command) {
	addData(cmd, &q.dataDir)
	f := cmd.Flags()
	f.StringVar(&q.folder, "maps", "", "ask the maps in this folder, without importing them")
	f.StringVar(&q.knownBy, "known-by", "", "use only maps that could be known by then: a day, meant whole, or a time")
}

// askedMaps are the maps that can answer about some span, and what else must be told with an answer.
type askedMaps struct {
	*control.Maps
	missing map[string][]time.Time // days without a map, of daily providers
	waiting []shelved
	said    int // faults that were said
}

// mapPick chooses the maps that an answer can depend on, of maps sorted by provider and time.
type mapPick func([]shelved) []shelved

// during picks for answers about all of a span; the next map after it counts too.
func during(from, to time.Time) mapPick {
	return func(maps []shelved) []shelved { return nearest(maps, shelvedKey, from, to.Add(time.Microsecond)) }
}

// ends picks for a comparison of the maps in force at two moments.
func ends(from, to time.Time) mapPick {
	return func(maps []shelved) []shelved {
		var out []shelved
		for _, at := range []time.Time{from, to} {
			for _, m := range during(at, at)(maps) {
				if !slices.ContainsFunc(out, func(o shelved) bool { return o.name() == m.name() }) {
					out = append(out, m)
				}
			}
		}
		return out
	}
}

// open reads the maps of a data folder that are picked, or all of a folder that is not imported.
func (q mapQuestion) open(ctx context.Context, errs io.Writer, pick mapPick) (askedMaps, error) {
	by := time.Time{}
	if q.knownBy != "" {
		var err error
		if by, err = boundOption("known-by", q.knownBy, true); err != nil {
			return askedMaps{}, err
		}
	}
	if q.folder != "" {
		return q.openFolder(errs, by)
	}
	return q.openData(ctx, errs, by, pick)
}

func knownBy(at, by time.Time) bool { return by.IsZero() || !at.After(by) }

func (q mapQuestion) openFolder(errs io.Writer, by time.Time) (askedMaps, error) {
	root, err := os.OpenRoot(q.folder)
	if err != nil {
		return askedMaps{}, fmt.Errorf("--maps: %w", err)
	}
	defer root.Close()
	list, faults := control.Read(regularFiles{root})
	out := askedMaps{missing: map[string][]time.Time{}}
	times := map[string][]time.Time{}
	list = slices.DeleteFunc(list, func(x *control.Indexed) bool { return !knownBy(x.Edition().KnownAt, by) })
	maps, clashes := control.Assemble(list...)
	for _, e := range maps.Editions() {
		times[e.Provider] = append(times[e.Provider], e.AsOf)
	}
	out.Maps, out.missing = maps, missingOf(times)
	for _, err := range slices.Concat(faults, clashes) {
		var f *control.FileError
		if errors.As(err, &f) {
			err = fmt.Errorf("%w; the map is not used", mapFault(path.Join(q.folder, f.File), err))
		}
		out.said += sayAll(errs, []error{err})
	}
	return out, nil
}

func missingOf(times map[string][]time.Time) map[string][]time.Time {
	out := map[string][]time.Time{}
	for name, all := range times {
		if days, daily := control.MissingDays(all); daily {
			out[name] = days
		}
	}
	return out
}

func (q mapQuestion) openData(ctx context.Context, errs io.Writer, by time.Time, pick mapPick) (out askedMaps, err error) {
	d, err := openData(ctx, q.dataDir)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	library := newLibrary(d)
	all, err := library.maps(ctx)
	if err != nil {
		return out, err
	}
	if len(all) == 0 {
		return out, fmt.Errorf("no control maps were imported into %s: whenwhere control import, or name a folder of maps with --maps", d.dir)
	}
	times := map[string][]time.Time{}
	all = slices.DeleteFunc(all, func(m shelved) bool { return !knownBy(m.KnownAt, by) })
	for _, m := range all {
		times[m.Provider] = append(times[m.Provider], m.AsOf)
		if m.Waits != "" {
			out.waiting = append(out.waiting, m)
		}
	}
	out.missing = missingOf(times)
	maps, faults, err := library.assemble(ctx, pick(used(all)))
	out.Maps, out.said = maps, sayAll(errs, faults)
	return out, err
}

// regularFiles is a folder of which only folders and regular files can be opened: opening a named pipe would wait for its
// writer for ever.
type regularFiles struct{ root *os.Root }

func (r regularFiles) Open(name string) (fs.File, error) {
	info, err := r.root.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.IsDir() && !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	}
	return r.root.Open(name)
}

// partial ends a question of which some maps could not answer.
func (a askedMaps) partial() error {
	if a.said == 0 {
		return nil
	}
	return &codedError{exitPartial, errors.New("done, but some maps could not be used: see the messages above")}
}
