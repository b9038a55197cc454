// Package known is the catalogue of footage: what was seen before, in the archive and under other incidents, and which
// incidents a change of it touches.
//
// The store's rows are the truth. Beside them, in a folder of its own, lie indexes of PDQ hashes and of local features
// (package hashindex), so that nothing is compared with millions of others one by one:
//
//	seen/         the codes that footage is found by, of everything that was seen anywhere
//	asked/        the codes of all views of the incidents' media, for the way back: from new known footage to the
//	              incidents that it touches
//	seen-marks/   the strongest local features of stills that were seen (package marks), for crops, tilts, captions and
//	              recordings of a screen, which have no code near the original's
//	asked-marks/  all local features of the incidents' stills, for the way back
//
// Each has a mark beside it, NAME.json, that says up to which number of the store's table catalogue it holds the prints.
// What is newer is added by Sync. An index that is missing, damaged, older than its mark, of another version of the
// prints or of another database is built again from the rows; Say tells so. A catalogue that is open for reading only
// compares what no index holds one by one, so that it finds the same.
//
// Matching has two steps: the indexes give all candidates within the widest radius of a hash, and a fixed number of those
// for which most local features vote (so features alone need not find everything); package likeness decides. What
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
	cfg                   Config
	seen, asked           *index
	seenMarks, askedMarks *index

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
	c.seen = c.index(store.PartSeen, "", hashes((*likeness.Footage).Seen))
	c.asked = c.index(store.PartAsked, "", hashes((*likeness.Footage).Asked))
	c.seenMarks = c.index(store.PartSeen, marksSuffix, strongest)
	c.askedMarks = c.index(store.PartAsked, marksSuffix, allMarks)
	c.seenMarks.idBits, c.askedMarks.idBits = markBits, markBits
	for _, x := range c.indexes() {
		if err := x.open(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("known: index %s: %w", filepath.Base(x.dir), err), c.Close())
		}
	}
	if err := c.Sync(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Catalogue) index(part store.Part, suffix string, codes func(*likeness.Footage) []entry) *index {
	return &index{cat: c, part: part, dir: filepath.Join(c.cfg.Dir, string(part)+suffix), codes: codes}
}

func (c *Catalogue) indexes() []*index { return []*index{c.seen, c.asked, c.seenMarks, c.askedMarks} }

// hashes are entries whose ids are the numbers of their files.
func hashes(of func(*likeness.Footage) []likeness.Code) func(*likeness.Footage) []entry {
	return func(f *likeness.Footage) []entry {
		var out []entry
		for _, code := range of(f) {
			out = append(out, entry{code: code})
		}
		return out
	}
}

// Close closes the indexes.
func (c *Catalogue) Close() error {
	var err error
	for _, x := range c.indexes() {
		err = errors.Join(err, x.close())
	}
	return err
}

// Sync takes in all prints that the store has got since.
func (c *Catalogue) Sync(ctx context.Context) error {
	c.mu.Lock()
	clear(c.cache)
	c.mu.Unlock()
	for _, x := range c.indexes() {
		if err := x.sync(ctx); err != nil {
			return fmt.Errorf("known: index %s: %w", filepath.Base(x.dir), err)
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
