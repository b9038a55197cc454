package store

import (
	"context"
	"database/sql"
	"fmt"

	"whenwhere/pipeline"
)

// ListedPrint is one print of footage whose bytes need not be here: others measured it and gave a list away.
type ListedPrint struct {
	AtMs    *int64 // time in the movie; absent for a still
	View    string // as pipeline.Print has it
	Quality int    // 0 to 100
	PDQ     [32]byte
}

// SaveListedPrints makes prints all that a list says of a file. The file is numbered anew, so that whoever keeps an index
// of numbers meets the prints as new ones.
func (t *Tx) SaveListedPrints(ctx context.Context, id pipeline.MediaID, name string, prints []ListedPrint) error {
	same, err := t.sameListed(ctx, id, name, prints)
	if err != nil || same {
		return wrapListed(name, id, err)
	}
	if _, err = t.exec(ctx, `DELETE FROM listed_print WHERE media = $1 AND list = $2`, id[:], name); err != nil {
		return wrapListed(name, id, err)
	}
	for i, p := range prints {
		if _, err = t.exec(ctx, `INSERT INTO listed_print (media, list, ord, at_ms, view, quality, pdq) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id[:], name, i, p.AtMs, p.View, p.Quality, p.PDQ[:]); err != nil {
			return wrapListed(name, id, err)
		}
	}
	if err := t.replaced(ctx, id); err != nil {
		return wrapListed(name, id, err)
	}
	if err := t.markChanged(ctx, id); err != nil {
		return wrapListed(name, id, err)
	}
	return wrapListed(name, id, t.log(listedEvent(id, name, prints)))
}

func (t *Tx) sameListed(ctx context.Context, id pipeline.MediaID, name string, prints []ListedPrint) (bool, error) {
	old, err := list(ctx, t.tx, scanListed, selectListed+` WHERE media = $1 AND list = $2 ORDER BY ord`, id[:], name)
	if err != nil || len(old) != len(prints) {
		return false, err
	}
	for i, p := range prints {
		o := old[i]
		if (o.AtMs == nil) != (p.AtMs == nil) || o.AtMs != nil && *o.AtMs != *p.AtMs {
			return false, nil
		}
		if o.AtMs, p.AtMs = nil, nil; o != p {
			return false, nil
		}
	}
	return true, nil
}

const selectListed = `SELECT at_ms, view, quality, pdq FROM listed_print`

// ListedPrints finds what all lists together say of a file, list by list, in the order of each.
func (s *Store) ListedPrints(ctx context.Context, id pipeline.MediaID) ([]ListedPrint, error) {
	out, err := list(ctx, s.read, scanListed, selectListed+` WHERE media = $1 ORDER BY list, ord`, id[:])
	return out, wrapListed("", id, err)
}

func scanListed(rows *sql.Rows) (p ListedPrint, err error) {
	var pdq []byte
	if err := rows.Scan(&p.AtMs, &p.View, &p.Quality, &pdq); err != nil {
		return ListedPrint{}, err
	}
	p.PDQ, err = mediaID(pdq) // as long as an id
	return p, err
}

func wrapListed(name string, id pipeline.MediaID, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: listed prints %s %s: %w", name, id, err)
}
