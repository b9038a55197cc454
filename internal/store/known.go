package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"whenwhere/pipeline"
)

// Known is footage known from elsewhere.
type Known struct {
	Media     pipeline.MediaID
	URL       string     // where it was seen
	FirstSeen *time.Time // absent when nobody knows
	Event     string     // what it shows, as that place says
}

// SaveKnown adds known footage, or replaces what is known under the same media and URL.
func (t *Tx) SaveKnown(ctx context.Context, k Known) error {
	var first *int64
	if k.FirstSeen != nil {
		us := micros(*k.FirstSeen)
		first = &us
	}
	_, err := t.exec(ctx, `INSERT INTO known (media, url, first_seen, event) VALUES ($1, $2, $3, $4)
		ON CONFLICT (media, url) DO UPDATE SET first_seen = excluded.first_seen, event = excluded.event`,
		k.Media[:], k.URL, first, k.Event)
	if err != nil {
		return fmt.Errorf("store: known %s: %w", k.Media, err)
	}
	return nil
}

// SaveKnown is Tx.SaveKnown in a transaction of its own.
func (s *Store) SaveKnown(ctx context.Context, k Known) error {
	return s.Update(ctx, func(tx *Tx) error { return tx.SaveKnown(ctx, k) })
}

// Known lists all known footage by media and URL.
func (s *Store) Known(ctx context.Context) ([]Known, error) {
	out, err := list(ctx, s.read, scanKnown, `SELECT media, url, first_seen, event FROM known ORDER BY media, url`)
	if err != nil {
		return nil, fmt.Errorf("store: known: %w", err)
	}
	return out, nil
}

func scanKnown(rows *sql.Rows) (k Known, err error) {
	var id []byte
	var first *int64
	if err := rows.Scan(&id, &k.URL, &first, &k.Event); err != nil {
		return Known{}, err
	}
	if first != nil {
		at := fromMicros(*first)
		k.FirstSeen = &at
	}
	k.Media, err = mediaID(id)
	return k, err
}
