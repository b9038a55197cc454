package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"

	"golang.org/x/sync/errgroup"

	"whenwhere/internal/decode"
)

// workers is how many pictures are edited and printed at once.
const workers = 2

// archive is the originals and their edits, printed.
type archive struct {
	from   []original
	seen   []printed   // of each original
	edits  []edit      // that were made
	copies [][]printed // of each edit, of each original
}

// sample says what is measured.
type sample struct {
	data  string // folder of real photos
	first int    // number of the first drawn scene
	short bool   // fewer of both
}

// measure prints all originals and edits, and compares them.
func measure(ctx context.Context, s sample) (report, error) {
	from, err := originals(s)
	if err != nil {
		return report{}, err
	}
	a := archive{from: from, seen: make([]printed, len(from)), edits: edits()}
	for range a.edits {
		a.copies = append(a.copies, make([]printed, len(from)))
	}
	if err := a.printAll(ctx); err != nil {
		return report{}, err
	}
	return a.compare()
}

func (a *archive) printAll(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "whenwhere-quality-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	pool, err := decode.New(decode.Config{Workers: workers})
	if err != nil {
		return err
	}
	defer pool.Close()
	p := printer{pool, dir}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i := range a.from { // each writes its own places only
		group.Go(func() error { return a.printOne(ctx, p, i) })
	}
	return group.Wait()
}

// printOne prints an original and all edits of it.
func (a *archive) printOne(ctx context.Context, p printer, i int) (err error) {
	o := a.from[i]
	var orientation int
	if a.seen[i], orientation, err = p.print(ctx, fmt.Sprintf("%d.jpg", i), o.bytes); err != nil {
		return fmt.Errorf("%s: %w", o.name, err)
	}
	picture := upright(o.picture, orientation)
	for e, edit := range a.edits {
		b, err := edit.file(picture, rand.New(rand.NewPCG(uint64(i), uint64(e))))
		if err == nil {
			a.copies[e][i], _, err = p.print(ctx, fmt.Sprintf("%d-%d.jpg", i, e), b)
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", o.name, edit.name, err)
		}
	}
	return nil
}
