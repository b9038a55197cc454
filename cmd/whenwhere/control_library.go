package main

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/ground"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// library is the imported control maps of a data folder. What of them was made ready to be asked is kept for as long as
// there is room, since neighbouring claims ask the same maps.
type library struct {
	data *data

	mu    sync.Mutex // guards ready
	ready readyMaps
}

func newLibrary(d *data) *library { return &library{data: d} }

// shelved is an imported map. Waits says why a person must look at it before it is used; empty when it is used.
type shelved struct {
	store.ControlMap
	Waits string
}

// mapName names a map as the evidence of findings does, and is its id.
func mapName(provider string, asOf time.Time) string { return ground.MapName(provider, asOf) }

func (m shelved) name() string { return mapName(m.Provider, m.AsOf) }

func (m shelved) digest() string { return hex.EncodeToString(m.SHA256[:]) }

// maps lists the imported maps by provider, then time. Which of them wait follows from all of them and from what was
// accepted, not from the order in which they came.
func (l *library) maps(ctx context.Context) ([]shelved, error) {
	rows, err := l.data.store.ControlMaps(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]shelved, len(rows))
	alike := map[[2]string][]int{} // maps that can be compared: of one provider and format
	for i, r := range rows {
		out[i].ControlMap = r
		key := [2]string{r.Provider, r.Format}
		alike[key] = append(alike[key], i)
	}
	for _, indexes := range alike {
		areas := make([]control.Area, len(indexes))
		for k, i := range indexes {
			areas[k] = control.Area{AsOf: rows[i].AsOf, HeldKm2: rows[i].HeldKm2, Accepted: rows[i].Accepted}
		}
		for k, why := range control.Drops(areas) {
			out[indexes[k]].Waits = why
		}
	}
	return out, nil
}

// used leaves out the maps that wait for a person.
func used(maps []shelved) []shelved {
	return slices.DeleteFunc(slices.Clone(maps), func(m shelved) bool { return m.Waits != "" })
}

// load makes one map ready to be asked. A *control.FileError means that this version of the program does not read it.
func (l *library) load(ctx context.Context, m shelved) (*control.Indexed, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x, ok := l.ready.get(m.name()); ok {
		return x, nil
	}
	x, err := l.read(ctx, m)
	if err == nil {
		l.ready.put(m.name(), x)
	}
	return x, err
}

func (l *library) read(ctx context.Context, m shelved) (*control.Indexed, error) {
	drawn, err := l.drawn(ctx, m.ControlMap)
	if err != nil {
		return nil, err
	}
	return control.Index(drawn)
}

// drawn reads the stored bytes of a file as they were read when it was imported.
func (l *library) drawn(ctx context.Context, m store.ControlMap) (mapfile.Map, error) {
	name := mapName(m.Provider, m.AsOf)
	f, err := l.data.blobs.Open(ctx, m.SHA256)
	if err != nil {
		return mapfile.Map{}, fmt.Errorf("control map %s: %w", name, err)
	}
	bytes, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return mapfile.Map{}, fmt.Errorf("control map %s: %w", name, err)
	}
	if sha256.Sum256(bytes) != m.SHA256 {
		return mapfile.Map{}, fmt.Errorf("control map %s: its stored bytes are damaged: restore the data folder, or remove the map and import it again", name)
	}
	drawn, err := mapfile.Read(m.File, bytes, readOptions(m.Asked))
	if err == nil && mapName(drawn.Provider, drawn.AsOf) != name {
		err = &control.FileError{File: m.File, Detail: fmt.Sprintf("imported as %s, it is read as %s now: remove it and import it again", name, mapName(drawn.Provider, drawn.AsOf))}
	}
	return drawn, err
}

// readOptions are what the reader is told beside the name and the bytes; they are stored with the map.
func readOptions(asked map[string]string) mapfile.Options {
	return mapfile.Options{Provider: asked["provider"], Layer: asked["layer"]}
}

// assemble makes maps of some imported ones. Those that cannot be read any more are left out and named.
func (l *library) assemble(ctx context.Context, maps []shelved) (*control.Maps, []error, error) {
	var ready []*control.Indexed
	var faults []error
	for _, m := range maps {
		x, err := l.load(ctx, m)
		var refused *control.FileError
		switch {
		case errors.As(err, &refused):
			faults = append(faults, fmt.Errorf("control map %s: %w", m.name(), err))
		case err != nil:
			return nil, faults, err
		default:
			ready = append(ready, x)
		}
	}
	out, clashes := control.Assemble(ready...)
	return out, append(faults, clashes...), nil
}

// nearest keeps, of maps sorted by provider and time, those from before to after, and of each provider the last one at or
// before that time and the first one at or after it: whatever is asked of that time, no other map can change the answer.
func nearest[T any](maps []T, key func(T) (provider string, asOf time.Time), from, to time.Time) []T {
	var out []T
	for len(maps) > 0 {
		provider, _ := key(maps[0])
		n := slices.IndexFunc(maps, func(m T) bool { p, _ := key(m); return p != provider })
		if n < 0 {
			n = len(maps)
		}
		first, last := 0, n
		for i, m := range maps[:n] {
			_, asOf := key(m)
			if !asOf.After(from) {
				first = i
			}
			if !asOf.Before(to) {
				last = i + 1
				break
			}
		}
		out, maps = append(out, maps[first:last]...), maps[n:]
	}
	return out
}

func shelvedKey(m shelved) (string, time.Time) { return m.Provider, m.AsOf }

// readyMaps keeps the maps that were asked last. A map of four thousand vertices takes about a megabyte.
type readyMaps struct {
	byName map[string]*list.Element
	order  *list.List // of readyMap, the last asked first
}

const maxReadyMaps = 512

type readyMap struct {
	name string
	x    *control.Indexed
}

func (r *readyMaps) get(name string) (*control.Indexed, bool) {
	e, ok := r.byName[name]
	if !ok {
		return nil, false
	}
	r.order.MoveToFront(e)
	return e.Value.(readyMap).x, true
}

func (r *readyMaps) put(name string, x *control.Indexed) {
	if r.byName == nil {
		r.byName, r.order = map[string]*list.Element{}, list.New()
	}
	r.byName[name] = r.order.PushFront(readyMap{name, x})
	if r.order.Len() > maxReadyMaps {
		last := r.order.Back()
		delete(r.byName, last.Value.(readyMap).name)
		r.order.Remove(last)
	}
}

// mapNamed finds a map by its name, or by a beginning of it that only one has.
func mapNamed(maps []shelved, name string) (shelved, error) {
	var found []shelved
	for _, m := range maps {
		if m.name() == name {
			return m, nil
		}
		if strings.HasPrefix(m.name(), name) {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 0:
		return shelved{}, fmt.Errorf("%s: no imported map is called that (whenwhere control list --editions names them)", name)
	case 1:
		return found[0], nil
	}
	return shelved{}, fmt.Errorf("%s: %s begin so, the first %s and %s", name, pipeline.Counted(len(found), "map"), found[0].name(), found[1].name())
}
