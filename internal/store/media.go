package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"whenwhere/pipeline"
)

// SaveMedia adds a file, unless it is there: the first name and time of receipt stay.
func (t *Tx) SaveMedia(ctx context.Context, m pipeline.Media) error {
	if m.ID.IsZero() {
		return fmt.Errorf("store: media: id: not set")
	}
	n, err := t.exec(ctx, `INSERT INTO media (id, size_bytes, given_name, received_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO NOTHING`, m.ID[:], m.SizeBytes, []byte(m.GivenName), micros(m.ReceivedAt))
	if err == nil && n > 0 {
		err = t.log(fileEvent(m))
	}
	if err != nil {
		return fmt.Errorf("store: media %s: %w", m.ID, err)
	}
	return nil
}

// SaveMedia is Tx.SaveMedia in a transaction of its own.
func (s *Store) SaveMedia(ctx context.Context, m pipeline.Media) error {
	return s.Update(ctx, func(tx *Tx) error { return tx.SaveMedia(ctx, m) })
}

// Media finds a file; ErrNotFound when it is not there. The time of receipt is cut to microseconds.
func (s *Store) Media(ctx context.Context, id pipeline.MediaID) (pipeline.Media, error) {
	return media(ctx, s.read, id)
}

func media(ctx context.Context, q querier, id pipeline.MediaID) (pipeline.Media, error) {
	m := pipeline.Media{ID: id}
	var name []byte
	var received int64
	err := q.QueryRowContext(ctx, `SELECT size_bytes, given_name, received_at FROM media WHERE id = $1`, id[:]).
		Scan(&m.SizeBytes, &name, &received)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return pipeline.Media{}, fmt.Errorf("store: media %s: %w", id, err)
	}
	m.GivenName, m.ReceivedAt = string(name), fromMicros(received)
	return m, nil
}

// mediaID reads an id out of a column.
func mediaID(column []byte) (pipeline.MediaID, error) {
	var id pipeline.MediaID
	if copy(id[:], column) != len(id) || len(column) != len(id) {
		return pipeline.MediaID{}, fmt.Errorf("id of %d bytes, want %d", len(column), len(id))
	}
	return id, nil
}
