package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/control"
	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/manifest"
	"whenwhere/internal/queue"
	"whenwhere/internal/report"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

type controlImportOptions struct {
	archiveOptions
	provider, layer string
	accept          bool
}

func newControlImport() *cobra.Command {
	var o controlImportOptions
	cmd := &cobra.Command{
		Use: "import FILE-OR-DIR...", Short: "Take in control maps",
		Long: `Take in control maps: files, and folders with all that is in them. Each file is read
strictly; one that breaks a rule is refused by name, with the place in it, and the
others are taken in. Nothing is repaired. Kept are the bytes, the provider, the moment
that the map describes, the moment from which it could be known, and the licence note.

A map that is there already is passed over, so a run that was killed goes on where it
was when it is started again. Two maps of one provider for one moment are refused:
remove the first to take in the second.

An edition whose area fell by more than 20 % since the one before is more often a broken
export than an event. It is taken in but not used until a person has looked at it and
says so, with "control accept" or, for all maps of this run, with --accept.

` + exitHelp,
		Example: `  whenwhere control import deepstate/
  whenwhere control import mine_20241103.geojson --provider own`,
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := filled(cmd, "provider", "layer"); err != nil {
				return err
			}
			return controlImport(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o, args)
		},
	}
	o.add(cmd)
	f := cmd.Flags()
	f.StringVar(&o.provider, "provider", "", "whose maps they are: deepstate, isw, uacontrolmap, nzz, or another name (default told by name and content)")
	f.StringVar(&o.layer, "layer", "", "what files of isw hold whose name does not say it: control, advance, claimed or counteroffensive")
	f.BoolVar(&o.accept, "accept", false, "a person has looked at these maps: use them even if the area fell")
	return cmd
}

func controlImport(ctx context.Context, out, errs io.Writer, o controlImportOptions, paths []string) error {
	return changeArchive(ctx, errs, o.archiveOptions, func(j *job) (int, error) {
		im := &mapImporter{job: j, errs: errs, accept: o.accept, taken: map[string]bool{}}
		im.asked = o.asked()
		if err := im.start(ctx); err != nil {
			return 0, err
		}
		for _, p := range paths {
			if err := im.path(ctx, p); err != nil {
				return im.said, err
			}
		}
		if err := im.sayWaiting(ctx); err != nil {
			return im.said, err
		}
		fmt.Fprintln(out, im.summary())
		_, changes, err := j.run(ctx, queue.Batch{})
		sayChanges(out, changes)
		return im.said, err
	})
}

// asked is what the reader is told beside the name and the bytes; nil when it is told nothing.
func (o controlImportOptions) asked() map[string]string {
	var out map[string]string
	for name, value := range map[string]string{"provider": o.provider, "layer": o.layer} {
		if value != "" {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = value
		}
	}
	return out
}

// mapImporter takes in files one by one, each in a transaction of its own.
type mapImporter struct {
	job    *job
	errs   io.Writer
	asked  map[string]string
	accept bool

	there           map[string]store.ControlMap
	byBytes         map[[32]byte][]store.ControlMap
	taken           map[string]bool // what this run took in
	said            int
	known, accepted int
}

func (im *mapImporter) start(ctx context.Context) error {
	rows, err := im.job.data.store.ControlMaps(ctx)
	im.there, im.byBytes = map[string]store.ControlMap{}, map[[32]byte][]store.ControlMap{}
	for _, r := range rows {
		im.keep(r)
	}
	return err
}

func nameOf(m store.ControlMap) string { return mapName(m.Provider, m.AsOf) }

func (im *mapImporter) keep(m store.ControlMap) {
	im.there[nameOf(m)] = m
	im.byBytes[m.SHA256] = append(im.byBytes[m.SHA256], m)
}

func (im *mapImporter) refuse(err error) {
	im.said++
	fmt.Fprintln(im.errs, report.Plain(err.Error()))
}

func (im *mapImporter) summary() string {
	text := pipeline.Counted(len(im.taken), "map") + " imported"
	if im.known > 0 {
		text += fmt.Sprintf(", %d there already", im.known)
	}
	if im.accepted > 0 {
		text += fmt.Sprintf(", %d accepted", im.accepted)
	}
	return text
}

// path takes in a file, or all files below a folder. The name under which a file is read begins with its folder: that of
// some providers says what the file is.
func (im *mapImporter) path(ctx context.Context, at string) error {
	full, err := filepath.Abs(at)
	if err != nil {
		return err
	}
	info, err := os.Stat(at)
	if err != nil {
		im.refuse(err)
		return nil
	}
	if !info.IsDir() {
		return im.file(ctx, at, filepath.Base(filepath.Dir(full))+"/"+filepath.Base(full))
	}
	return filepath.WalkDir(at, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			im.refuse(err)
			return nil
		case p != at && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || control.IsText(d.Name()):
			return nil
		}
		below, err := filepath.Rel(at, p)
		if err != nil {
			return err
		}
		return im.file(ctx, p, filepath.ToSlash(filepath.Join(filepath.Base(full), below)))
	})
}

// file takes in one file. Its faults are said; the error is one of the store.
func (im *mapImporter) file(ctx context.Context, at, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	text, err := readRegular(at, manifest.MaxTableBytes)
	if err != nil {
		im.refuse(err)
		return nil
	}
	id := sha256.Sum256(text)
	if m, ok := im.same(id, name); ok {
		return im.again(ctx, m)
	}
	drawn, err := mapfile.Read(name, text, readOptions(im.asked))
	if err != nil {
		im.refuse(fmt.Errorf("%w; not imported", mapFault(at, err)))
		return nil
	}
	row := im.row(drawn, id)
	if old, ok := im.there[nameOf(row)]; ok && old.SHA256 == id && old.Adapter == row.Adapter {
		return im.again(ctx, old)
	}
	return im.add(ctx, at, text, row)
}

// same finds the map that was made of the same bytes under the same name, by this version of the program.
func (im *mapImporter) same(id [32]byte, name string) (store.ControlMap, bool) {
	for _, m := range im.byBytes[id] {
		if m.File == name && m.Adapter == mapAdapter && maps.Equal(m.Asked, im.asked) {
			return im.there[nameOf(m)], true
		}
	}
	return store.ControlMap{}, false
}

func (im *mapImporter) again(ctx context.Context, m store.ControlMap) error {
	if !im.taken[nameOf(m)] {
		im.known++
	}
	if !im.accept || m.Accepted {
		return nil
	}
	im.accepted++
	m.Accepted = true
	im.keep(m)
	return im.job.data.store.Update(ctx, func(tx *store.Tx) error { return tx.AcceptControlMap(ctx, m.Provider, m.AsOf) })
}

// mapAdapter is the version of the readers. Raise it when a file is read otherwise than before: maps are then read again
// when they are imported again.
const mapAdapter = "1"

func (im *mapImporter) row(m mapfile.Map, id [32]byte) store.ControlMap {
	row := store.ControlMap{
		Provider: m.Provider, AsOf: m.AsOf.UTC(), Until: m.Until, KnownAt: m.KnownAt.UTC(), KnownHow: m.KnownHow, Format: m.Format,
		File: m.File, SHA256: id, Asked: im.asked, Adapter: mapAdapter, HeldKm2: m.HeldKm2, Licence: m.Licence, Flags: m.Flags,
		Imported: time.Now().UTC(),
	}
	row.Accepted = im.accept || im.there[nameOf(row)].Accepted
	return row
}

// add keeps the bytes first: a row without them would be a lost map.
func (im *mapImporter) add(ctx context.Context, at string, text []byte, row store.ControlMap) error {
	if _, _, err := im.job.data.blobs.Put(ctx, bytes.NewReader(text)); err != nil {
		return fmt.Errorf("originals: %s: %w", at, err)
	}
	err := im.job.data.store.Update(ctx, func(tx *store.Tx) error { return tx.AddControlMap(ctx, row) })
	var taken *store.MapTakenError
	if errors.As(err, &taken) {
		im.refuse(fmt.Errorf("%s: %s; not imported", at, im.clash(taken.By, row)))
		return nil
	}
	if err != nil {
		return err
	}
	im.keep(row)
	im.taken[nameOf(row)] = true
	return nil
}

func (im *mapImporter) clash(by, row store.ControlMap) string {
	name := nameOf(by)
	if by.SHA256 == row.SHA256 && by.Provider != row.Provider {
		return fmt.Sprintf("its bytes are there already as %s, and one map must not count as two providers", name)
	}
	return fmt.Sprintf("%s is there already with other content, from %s: remove that one first if this one shall count", name, by.File)
}

// sayWaiting names the maps of this run that are not used yet.
func (im *mapImporter) sayWaiting(ctx context.Context) error {
	all, err := im.job.maps.library.maps(ctx)
	for _, m := range all {
		if m.Waits != "" && im.taken[m.name()] {
			im.refuse(fmt.Errorf("%s: %s: %s; not used until you looked at it and accept it: whenwhere control accept %s", m.File, m.name(), m.Waits, m.name()))
		}
	}
	return err
}
