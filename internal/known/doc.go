// Package known is the catalogue of footage: what was seen before, in the archive and under other incidents, and which
// incidents a change of it touches.
//
// The store's rows are the truth. Beside them, in a folder of its own, lie two indexes of PDQ hashes (package
// hashindex), so that nothing is compared with millions of others one by one:
//
//	seen/   the codes that footage is found by, of everything that was seen anywhere
//	asked/  the codes of all views of the incidents' media, for the way back: from new known footage to the incidents
//	        that it touches
//
// Each has a mark beside it, NAME.json, that says up to which number of the store's table catalogue it holds the prints.
// What is newer is added by Sync. An index that is missing, damaged, older than its mark, of another version of the
// prints or of another database is built again from the rows; Say tells so. A catalogue that is open for reading only
// compares what no index holds one by one, so that it finds the same.
//
// Matching has two steps: the indexes give all candidates within the widest radius, and package likeness decides. What
// is like a negative entry (a logo, a title card, a stock clip) is left out before that, and said.
package known

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"whenwhere/internal/likeness"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// Config says what to catalogue.
type Config struct {
	Store  *store.Store
	Dir    string      // of the indexes, made if absent; nothing else is kept in it
	Prints store.Stage // the current stage that makes prints
	// Post is the earliest post of an incident: its footage was there by then. ok is false when none is dated.
	Post func(pipeline.Incident) (at time.Time, ok bool)
	Say  func(string) // messages for people about what was repaired
	// ReadOnly leaves the indexes as they are: another process may be writing them.
	ReadOnly bool
}

// Catalogue is open and up to date as of Open or the last Sync. Its methods may be called by many goroutines at once,
// except Sync and Close.
type Catalogue struct {
	cfg         Config
	seen, asked *index

	mu    sync.Mutex // guards cache
	cache map[pipeline.MediaID]*likeness.Footage
}

// cached is how many files' prints are kept in memory: some 100 MB of long movies.
const cached = 2000

// Open opens the catalogue and brings it up to date.
func Open(ctx context.Context, cfg Config) (*Catalogue, error) {
	if cfg.Store == nil || cfg.Dir == "" || cfg.Post == nil || cfg.Say == nil {
		return nil, errors.New("known: the configuration is not complete")
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("known: %w", err)
	}
	c := &Catalogue{cfg: cfg, cache: map[pipeline.MediaID]*likeness.Footage{}}
	c.seen = &index{cat: c, part: store.PartSeen, dir: filepath.Join(cfg.Dir, string(store.PartSeen)), codes: (*likeness.Footage).Seen}
	c.asked = &index{cat: c, part: store.PartAsked, dir: filepath.Join(cfg.Dir, string(store.PartAsked)), codes: (*likeness.Footage).Asked}
	for _, x := range []*index{c.seen, c.asked} {
		if err := x.open(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("known: index %s: %w", x.part, err), c.Close())
		}
	}
	if err := c.Sync(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Close closes the indexes.
func (c *Catalogue) Close() error { return errors.Join(c.seen.close(), c.asked.close()) }

// Sync takes in all prints that the store has got since.
func (c *Catalogue) Sync(ctx context.Context) error {
	c.mu.Lock()
	clear(c.cache)
	c.mu.Unlock()
	for _, x := range []*index{c.seen, c.asked} {
		if err := x.sync(ctx); err != nil {
			return fmt.Errorf("known: index %s: %w", x.part, err)
		}
	}
	return nil
}

// Archive reports whether there is known footage to compare with at all.
func (c *Catalogue) Archive(ctx context.Context) (bool, error) { return c.cfg.Store.HasArchive(ctx) }

// Prints finds the prints of a file: those measured on it, or else those that lists say.
func (c *Catalogue) Prints(ctx context.Context, id pipeline.MediaID) ([]pipeline.Print, error) {
	observed, err := c.cfg.Store.Observations(ctx, id, []store.Stage{c.cfg.Prints})
	if err != nil {
		return nil, fmt.Errorf("known: %w", err)
	}
	prints, ok, err := pipeline.PrintsKey.In(observed)
	if err != nil {
		return nil, fmt.Errorf("known: media %s: %w", id, err)
	}
	if ok {
		return prints, nil
	}
	listed, err := c.cfg.Store.ListedPrints(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("known: %w", err)
	}
	return fromLists(listed), nil
}

// footage is the prints of a file in comparable form.
func (c *Catalogue) footage(ctx context.Context, id pipeline.MediaID) (*likeness.Footage, error) {
	c.mu.Lock()
	f := c.cache[id]
	c.mu.Unlock()
	if f != nil {
		return f, nil
	}
	prints, err := c.Prints(ctx, id)
	if err != nil {
		return nil, err
	}
	if f, err = likeness.Of(prints); err != nil {
		return nil, fmt.Errorf("known: media %s: %w", id, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.cache) >= cached {
		clear(c.cache)
	}
	c.cache[id] = f
	return f, nil
}
