package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"whenwhere/internal/audit"
	"whenwhere/pipeline"
)

// Known is footage known from elsewhere. A row of a list, which somebody else made, stands beside one's own and never
// replaces it.
type Known struct {
	Media     pipeline.MediaID
	URL       string     // where it was seen
	List      string     // name of the list that says so; empty for one's own knowledge
	Negative  bool       // a logo, a title card, a stock clip: what looks like it matches nothing; only in lists
	FirstSeen *time.Time // absent when nobody knows
	Event     string     // what it shows, as that place says
}

// SaveKnown adds known footage, or replaces what is known under the same media, URL and list.
func (t *Tx) SaveKnown(ctx context.Context, k Known) error {
	var first *int64
	if k.FirstSeen != nil {
		us := micros(*k.FirstSeen)
		first = &us
	}
	n, err := t.exec(ctx, `INSERT INTO known (media, url, list, negative, first_seen, event) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (media, url, list) DO UPDATE
		SET negative = excluded.negative, first_seen = excluded.first_seen, event = excluded.event
		WHERE known.negative <> excluded.negative OR known.event <> excluded.event
		OR known.first_seen IS DISTINCT FROM excluded.first_seen`,
		k.Media[:], k.URL, k.List, flag(k.Negative), first, k.Event)
	if err == nil && n > 0 {
		err = t.markChanged(ctx, k.Media)
	}
	if err == nil && n > 0 {
		err = t.logKnown(k)
	}
	if err != nil {
		return fmt.Errorf("store: known %s: %w", k.Media, err)
	}
	return nil
}

// SaveKnown is Tx.SaveKnown in a transaction of its own.
func (s *Store) SaveKnown(ctx context.Context, k Known) error {
	return s.Update(ctx, func(tx *Tx) error { return tx.SaveKnown(ctx, k) })
}

// RemoveKnown forgets what is known of a file, with its listed prints; the file itself and its own prints stay. It
// reports how many rows there were.
func (t *Tx) RemoveKnown(ctx context.Context, id pipeline.MediaID) (rows int, err error) {
	var n int64
	err = t.logForgotten(ctx, id)
	if err == nil {
		n, err = t.exec(ctx, `DELETE FROM known WHERE media = $1`, id[:])
	}
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM listed_print WHERE media = $1`, id[:])
	}
	if err == nil {
		err = t.replaced(ctx, id)
	}
	if err == nil && n > 0 {
		err = t.markChanged(ctx, id)
	}
	if err != nil {
		return 0, fmt.Errorf("store: known %s: %w", id, err)
	}
	return int(n), nil
}

func (t *Tx) logKnown(k Known) error {
	if k.FirstSeen != nil { // as it is kept
		at := fromMicros(micros(*k.FirstSeen))
		k.FirstSeen = &at
	}
	return t.logOne(knownEvent(k))
}

// logForgotten logs that all rows of a file, and its listed prints, are about to go.
func (t *Tx) logForgotten(ctx context.Context, id pipeline.MediaID) error {
	rows, err := list(ctx, t.tx, scanKnown, selectKnown+` WHERE media = $1 ORDER BY url, list`, id[:])
	if err != nil {
		return err
	}
	lists, err := list(ctx, t.tx, scanned[string], `SELECT DISTINCT list FROM listed_print WHERE media = $1 ORDER BY list`, id[:])
	if err != nil {
		return err
	}
	var gone []Event
	for _, k := range rows {
		e, err := knownEvent(k)
		if err != nil {
			return err
		}
		gone = append(gone, e)
	}
	for _, name := range lists {
		gone = append(gone, listedEvent(id, name, nil))
	}
	for _, e := range gone {
		e.Action, e.Result = audit.Removed, nil
		if err := t.log(e); err != nil {
			return err
		}
	}
	return nil
}

const selectKnown = `SELECT media, url, list, negative, first_seen, event FROM known`

// Known lists all known footage by media, URL and list.
func (s *Store) Known(ctx context.Context) ([]Known, error) {
	out, err := list(ctx, s.read, scanKnown, selectKnown+` ORDER BY media, url, list`)
	if err != nil {
		return nil, fmt.Errorf("store: known: %w", err)
	}
	return out, nil
}

// KnownOf lists what is known of one file, by URL and list.
func (s *Store) KnownOf(ctx context.Context, id pipeline.MediaID) ([]Known, error) {
	out, err := list(ctx, s.read, scanKnown, selectKnown+` WHERE media = $1 ORDER BY url, list`, id[:])
	if err != nil {
		return nil, fmt.Errorf("store: known %s: %w", id, err)
	}
	return out, nil
}

// HasArchive reports whether any footage is known that new footage could be a copy of.
func (s *Store) HasArchive(ctx context.Context) (has bool, err error) {
	if err = s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM known WHERE negative = 0)`).Scan(&has); err != nil {
		return false, fmt.Errorf("store: known: %w", err)
	}
	return has, nil
}

// HasArchiveBy reports whether any footage that new footage could be a copy of is known to have been seen by the time, or at
// a time that nobody knows.
func (s *Store) HasArchiveBy(ctx context.Context, by time.Time) (has bool, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM known WHERE negative = 0 AND (first_seen IS NULL OR first_seen <= $1))`,
		micros(by)).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("store: known: %w", err)
	}
	return has, nil
}

func scanKnown(rows *sql.Rows) (k Known, err error) {
	var id []byte
	var first *int64
	if err := rows.Scan(&id, &k.URL, &k.List, &k.Negative, &first, &k.Event); err != nil {
		return Known{}, err
	}
	if first != nil {
		at := fromMicros(*first)
		k.FirstSeen = &at
	}
	k.Media, err = mediaID(id)
	return k, err
}
