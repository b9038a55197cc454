package store

import (
	"context"
	"database/sql"
	"fmt"

	"whenwhere/pipeline"
)

// SaveLink keeps what a person said of a pair and returns it with its number. Both must be in table incident.
func (t *Tx) SaveLink(ctx context.Context, l pipeline.Link) (pipeline.Link, error) {
	l = l.Ordered()
	l.At = fromMicros(micros(l.At))
	err := l.Check()
	if err == nil {
		err = t.tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) + 1 FROM link WHERE kind = $1 AND a = $2 AND b = $3`,
			string(l.Kind), l.A, l.B).Scan(&l.Seq)
	}
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO link (kind, a, b, seq, word, person, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			string(l.Kind), l.A, l.B, l.Seq, string(l.Word), l.By, l.Reason, micros(l.At))
	}
	if err == nil {
		err = t.logAll(linkEvents(l))
	}
	if err != nil {
		return l, fmt.Errorf("store: link: %s and %s: %w", l.A, l.B, err)
	}
	return l, nil
}

// Links lists all that people said of pairs of a kind, by pair, the oldest first.
func (s *Store) Links(ctx context.Context, kind pipeline.LinkKind) ([]pipeline.Link, error) {
	return (&Snapshot{s.read}).Links(ctx, kind)
}

// Links is Store.Links.
func (s *Snapshot) Links(ctx context.Context, kind pipeline.LinkKind) ([]pipeline.Link, error) {
	out, err := links(ctx, s.q, kind)
	if err != nil {
		return nil, fmt.Errorf("store: links: %w", err)
	}
	return out, nil
}

// Links is the same inside a transaction.
func (t *Tx) Links(ctx context.Context, kind pipeline.LinkKind) ([]pipeline.Link, error) {
	out, err := links(ctx, t.tx, kind)
	if err != nil {
		return nil, fmt.Errorf("store: links: %w", err)
	}
	return out, nil
}

func links(ctx context.Context, q querier, kind pipeline.LinkKind) ([]pipeline.Link, error) {
	return list(ctx, q, scanLink, `SELECT kind, a, b, seq, word, person, reason, at FROM link WHERE kind = $1 ORDER BY a, b, seq`, string(kind))
}

func scanLink(rows *sql.Rows) (l pipeline.Link, err error) {
	var at int64
	err = rows.Scan(&l.Kind, &l.A, &l.B, &l.Seq, &l.Word, &l.By, &l.Reason, &at)
	l.At = fromMicros(at)
	return l, err
}
