package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/ground"
	"whenwhere/internal/manifest"
	"whenwhere/internal/replay"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
)

// caseMaps has the control maps for each claim: those of its case, from what the data folder keeps of them, and the imported
// ones.
type caseMaps struct {
	data    *data
	library *library
	say     func(string) // of imported maps that cannot be used any more
	by      *time.Time   // only maps that could be known by then; nil: all

	mu     sync.Mutex // guards what follows
	own    map[string][]*control.Indexed
	sets   map[string]mapSet
	asked  map[string]controlMaps // by version
	faults map[string]bool
}

func newCaseMaps(d *data) *caseMaps {
	return &caseMaps{data: d, library: newLibrary(d), say: func(string) {}, own: map[string][]*control.Indexed{},
		sets: map[string]mapSet{}, asked: map[string]controlMaps{}, faults: map[string]bool{}}
}

// newCaseMapsBy has the maps that could be known by a time.
func newCaseMapsBy(d *data, by *time.Time) *caseMaps {
	m := newCaseMaps(d)
	m.by = by
	return m
}

// mapSet is the maps that count for a case, by provider and time. Of two of one provider and moment, the case's own
// counts; clashes are imported ones with other content that therefore do not.
type mapSet struct {
	maps    []mapRef
	clashes []string
	all     []mapRef // with those that could be known later only
}

// mapRef is a map that was not read yet, or one of the case's own.
type mapRef struct {
	provider string
	asOf     time.Time
	sha256   string
	own      *control.Indexed // nil for an imported one
	imported shelved
}

func (r mapRef) knownAt() time.Time {
	if r.own != nil {
		return r.own.Edition().KnownAt
	}
	return r.imported.KnownAt
}

func refKey(r mapRef) (string, time.Time) { return r.provider, r.asOf }

// set gives the maps of a case that were read already.
func (m *caseMaps) set(caseName string, own []*control.Indexed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.own[caseName] = own
	delete(m.sets, caseName)
}

// clashes names the imported maps that a case's own maps contradict.
func (m *caseMaps) clashes(ctx context.Context, caseName string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	set, err := m.setOf(ctx, caseName)
	return set.clashes, err
}

// of finds the maps that an answer about a claim can depend on.
func (m *caseMaps) of(ctx context.Context, caseName string, claim pipeline.Claim) (controlMaps, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	refs, err := m.touching(ctx, caseName, claim)
	if err != nil {
		return controlMaps{}, err
	}
	version := versionOf(refs)
	if maps, ok := m.asked[version]; ok {
		return maps, nil
	}
	maps, err := m.assemble(ctx, refs)
	if err != nil {
		return controlMaps{}, err
	}
	if len(m.asked) >= maxAskedMaps {
		clear(m.asked)
	}
	m.asked[version] = controlMaps{ground.Of(maps), version}
	return m.asked[version], nil
}

// maxAskedMaps is how many sets of maps are kept: claims of one day and case have one.
const maxAskedMaps = 32

// version names the maps that an answer about a claim can depend on. While it stays, so does the answer.
func (m *caseMaps) version(ctx context.Context, caseName string, claim pipeline.Claim) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	refs, err := m.touching(ctx, caseName, claim)
	return versionOf(refs), err
}

// mapReach is how far from a claim's time a map can lie and still be looked at: what it is compared with may lie a week
// away, and over gaps farther still.
const mapReach = control.MaxReach + max(control.WindowBefore, control.WindowAfter, front.OperationsDays*24*time.Hour)

func (m *caseMaps) touching(ctx context.Context, caseName string, claim pipeline.Claim) ([]mapRef, error) {
	set, err := m.setOf(ctx, caseName)
	if err != nil || claim.When == nil || claim.Where == nil {
		return nil, err
	}
	return within(set.maps, claim.When.From.Add(-mapReach), claim.When.To.Add(mapReach)), nil
}

// later lists the maps that an answer about a claim can depend on and that could not be known yet.
func (m *caseMaps) later(ctx context.Context, caseName string, claim pipeline.Claim) ([]replay.LeftOut, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	set, err := m.setOf(ctx, caseName)
	if err != nil || m.by == nil || claim.When == nil || claim.Where == nil {
		return nil, err
	}
	var out []replay.LeftOut
	for _, r := range within(set.all, claim.When.From.Add(-mapReach), claim.When.To.Add(mapReach)) {
		if !r.knownAt().After(*m.by) {
			continue
		}
		out = append(out, replay.LeftOut{What: replay.ControlMap, Name: mapName(r.provider, r.asOf), At: r.knownAt().UTC()})
	}
	return out, nil
}

// within keeps the providers with a map from before to after, each with the maps nearest to that time.
func within(maps []mapRef, from, to time.Time) []mapRef {
	speaks := map[string]bool{}
	for _, r := range maps {
		if !r.asOf.Before(from) && !r.asOf.After(to) {
			speaks[r.provider] = true
		}
	}
	return slices.DeleteFunc(nearest(maps, refKey, from, to), func(r mapRef) bool { return !speaks[r.provider] })
}

// versionOf is the SHA-256 over the sorted lines of provider, as-of time and file hash.
func versionOf(refs []mapRef) string {
	h := sha256.New()
	for _, r := range refs {
		fmt.Fprintf(h, "%s\t%s\t%s\n", r.provider, r.asOf.UTC().Format(time.RFC3339Nano), r.sha256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (m *caseMaps) assemble(ctx context.Context, refs []mapRef) (*control.Maps, error) {
	var list []*control.Indexed
	for _, r := range refs {
		x, err := r.own, error(nil)
		if x == nil {
			x, err = m.library.load(ctx, r.imported)
		}
		var refused *control.FileError
		switch {
		case errors.As(err, &refused):
			m.fault(fmt.Sprintf("control map %s: %v; the map is not used", r.imported.name(), err))
		case err != nil:
			return nil, err
		default:
			list = append(list, x)
		}
	}
	maps, _ := control.Assemble(list...) // the set has each provider and moment once
	return maps, nil
}

// fault is said once.
func (m *caseMaps) fault(text string) {
	if !m.faults[text] {
		m.faults[text] = true
		m.say(text)
	}
}

// faulty is how many faults were said.
func (m *caseMaps) faulty() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.faults)
}

func (m *caseMaps) setOf(ctx context.Context, caseName string) (mapSet, error) {
	if set, ok := m.sets[caseName]; ok {
		return set, nil
	}
	own, err := m.ownOf(ctx, caseName)
	if err != nil {
		return mapSet{}, err
	}
	imported, err := m.library.maps(ctx)
	if err != nil {
		return mapSet{}, err
	}
	set := joined(own, used(imported))
	set.all = set.maps
	if m.by != nil {
		set.maps = slices.DeleteFunc(slices.Clone(set.all), func(r mapRef) bool { return r.knownAt().After(*m.by) })
	}
	m.sets[caseName] = set
	return set, nil
}

func joined(own []*control.Indexed, imported []shelved) mapSet {
	var set mapSet
	here := map[string]control.Edition{}
	for _, x := range own {
		e := x.Edition()
		here[mapName(e.Provider, e.AsOf)] = e
		set.maps = append(set.maps, mapRef{e.Provider, e.AsOf, e.SHA256, x, shelved{}})
	}
	for _, s := range imported {
		hash := s.digest()
		e, taken := here[s.name()]
		switch {
		case !taken:
			set.maps = append(set.maps, mapRef{s.Provider, s.AsOf, hash, nil, s})
		case e.SHA256 != hash:
			set.clashes = append(set.clashes, fmt.Sprintf("%s: %s was imported too, with other content, from %s; for this case its own map counts",
				path.Join(manifest.ControlDir, e.File), s.name(), s.File))
		}
	}
	slices.SortFunc(set.maps, func(a, b mapRef) int {
		return cmp.Or(strings.Compare(a.provider, b.provider), a.asOf.Compare(b.asOf))
	})
	return set
}

// ownOf finds the maps of a case. Faults of single maps were said when the case was verified.
func (m *caseMaps) ownOf(ctx context.Context, caseName string) ([]*control.Indexed, error) {
	if own, ok := m.own[caseName]; ok {
		return own, nil
	}
	files, err := m.data.store.Control(ctx, caseName)
	if err != nil {
		return nil, err
	}
	stored := storedMaps{ctx, m.data.blobs, map[string]pipeline.MediaID{}}
	for _, f := range files {
		if err := m.data.blobs.Verify(ctx, f.SHA256); err != nil { // a lost map must not pass for one that was refused
			return nil, fmt.Errorf("control maps of case %s: %s: %w", caseName, f.Path, err)
		}
		stored.files[f.Path] = f.SHA256
	}
	var own []*control.Indexed
	if len(files) > 0 {
		own, _ = control.Read(stored)
	}
	m.own[caseName] = own
	return own, nil
}
