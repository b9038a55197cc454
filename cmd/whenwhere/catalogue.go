package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"slices"
	"time"

	"whenwhere/internal/known"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
	"whenwhere/pipeline/moment"
)

// indexFolder of the data folder holds what can be made again from the database.
const indexFolder = "index"

// openCatalogue opens the catalogue at the first call; the data folder closes it.
func (d *data) openCatalogue(ctx context.Context, say func(string)) (*known.Catalogue, error) {
	if d.catalogue != nil {
		return d.catalogue, nil
	}
	c, err := known.Open(ctx, d.catalogueConfig(say, false))
	if err == nil {
		d.catalogue = c
	}
	return c, err
}

func (d *data) catalogueConfig(say func(string), readOnly bool) known.Config {
	return known.Config{Store: d.store, Dir: filepath.Join(d.dir, indexFolder), Prints: printsStage(), Post: earliestPost, Say: say, ReadOnly: readOnly}
}

func earliestPost(in pipeline.Incident) (time.Time, bool) {
	post, ok := moment.EarliestPost(in)
	return post.At, ok
}

// printsStage is the extractor that makes prints.
func printsStage() store.Stage {
	stages := extractors(nil)
	i := slices.IndexFunc(stages, func(e pipeline.Extractor) bool { return slices.Contains(e.Makes, pipeline.PrintsKey.ID) })
	return store.Stage{Name: stages[i].Name, Version: stages[i].Version}
}

// encounters is an index that remembers what the media of one incident met in it: all of the catalogue that the verdict
// depends on. It is used by one assessment, from one goroutine.
type encounters struct {
	index    footage.Index
	incident string
	met      []encounter
	archive  bool
}

type encounter struct {
	Media pipeline.MediaID
	Seen  footage.Seen
}

// Look implements footage.Index.
func (e *encounters) Look(ctx context.Context, id pipeline.MediaID, prints []pipeline.Print) (footage.Seen, error) {
	seen, err := e.index.Look(ctx, id, prints)
	seen.Sightings = slices.DeleteFunc(seen.Sightings, func(s footage.Sighting) bool { return s.Entry.Incident == e.incident })
	e.met = append(e.met, encounter{id, seen})
	return seen, err
}

// Archive implements footage.Index.
func (e *encounters) Archive(ctx context.Context) (has bool, err error) {
	e.archive, err = e.index.Archive(ctx)
	return e.archive, err
}

// version stands for the catalogue in the verdict: it changes with whatever the media of this incident match, and with
// whether there is an archive at all, and with nothing else that is in the catalogue.
func (e *encounters) version() string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	_ = enc.Encode(e.archive) // writing to a hash cannot fail, and these values always marshal
	for _, m := range e.met {
		_ = enc.Encode(m)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// media are the files of the catalogue that were met, by id.
func (e *encounters) media() []pipeline.MediaID {
	var out []pipeline.MediaID
	for _, m := range e.met {
		for _, s := range m.Seen.Sightings {
			out = append(out, s.Entry.Media)
		}
		for _, l := range m.Seen.LeftOut {
			out = append(out, l.Media)
		}
	}
	slices.SortFunc(out, func(a, b pipeline.MediaID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(out)
}
