package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"whenwhere/internal/audit"
)

// Store and Snapshot are what package audit reads a log from.
var (
	_ audit.Rows = (*Store)(nil)
	_ audit.Rows = (*Snapshot)(nil)
)

// LogSize is how many leaves the log states that it has; none when it does not state it any more.
func (s *Store) LogSize(ctx context.Context) (int64, error) { return (&Snapshot{s.read}).LogSize(ctx) }

// LogSize is Store.LogSize.
func (s *Snapshot) LogSize(ctx context.Context) (size int64, err error) {
	return size, wrapLog(s.q.QueryRowContext(ctx, `SELECT coalesce((SELECT size FROM log_head WHERE id = 1), 0)`).Scan(&size))
}

// LogLeaves lists at most limit leaves with numbers from from on, by number.
func (s *Store) LogLeaves(ctx context.Context, from int64, limit int) ([]audit.Row, error) {
	return (&Snapshot{s.read}).LogLeaves(ctx, from, limit)
}

// LogLeaves is Store.LogLeaves.
func (s *Snapshot) LogLeaves(ctx context.Context, from int64, limit int) ([]audit.Row, error) {
	out, err := list(ctx, s.q, scanLeaf, `SELECT seq, subject, leaf FROM log_leaf WHERE seq >= $1 ORDER BY seq LIMIT $2`, from, limit)
	return out, wrapLog(err)
}

// LeavesOf lists the leaves of a subject, by number.
func (s *Store) LeavesOf(ctx context.Context, subject audit.Digest) ([]audit.Row, error) {
	out, err := list(ctx, s.read, scanLeaf, `SELECT seq, subject, leaf FROM log_leaf WHERE subject = $1 ORDER BY seq`, subject[:])
	return out, wrapLog(err)
}

func scanLeaf(rows *sql.Rows) (r audit.Row, err error) {
	var subject []byte
	err = rows.Scan(&r.Seq, &subject, &r.Leaf)
	copy(r.Subject[:], subject)
	return r, err
}

// LogNodes finds the stored hashes with indexes from from to before to, as tlog.StoredHashIndex counts them.
func (s *Store) LogNodes(ctx context.Context, from, to int64) (map[int64]tlog.Hash, error) {
	return (&Snapshot{s.read}).LogNodes(ctx, from, to)
}

// LogNodes is Store.LogNodes.
func (s *Snapshot) LogNodes(ctx context.Context, from, to int64) (map[int64]tlog.Hash, error) {
	all, err := list(ctx, s.q, scanNode, `SELECT idx, hash FROM log_hash WHERE idx >= $1 AND idx < $2`, from, to)
	out := make(map[int64]tlog.Hash, len(all))
	for _, n := range all {
		out[n.index] = n.hash
	}
	return out, wrapLog(err)
}

// node is a stored hash of the tree.
type node struct {
	index int64
	hash  tlog.Hash
}

func scanNode(rows *sql.Rows) (n node, err error) {
	var hash []byte
	err = rows.Scan(&n.index, &hash)
	copy(n.hash[:], hash)
	return n, err
}

// Checkpoints lists the signed checkpoints, by size.
func (s *Store) Checkpoints(ctx context.Context) ([]audit.Signed, error) {
	return (&Snapshot{s.read}).Checkpoints(ctx)
}

// Checkpoints is Store.Checkpoints.
func (s *Snapshot) Checkpoints(ctx context.Context) ([]audit.Signed, error) {
	out, err := list(ctx, s.q, func(rows *sql.Rows) (c audit.Signed, err error) {
		return c, rows.Scan(&c.Size, &c.Note, &c.Token)
	}, `SELECT size, note, token FROM log_checkpoint ORDER BY size`)
	return out, wrapLog(err)
}

// SaveCheckpoint keeps a signed checkpoint. One of its size that is there already stays.
func (s *Store) SaveCheckpoint(ctx context.Context, c audit.Signed) error {
	return s.Update(ctx, func(t *Tx) error {
		_, err := t.exec(ctx, `INSERT INTO log_checkpoint (size, note, token) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING`, c.Size, c.Note, c.Token)
		return wrapLog(err)
	})
}

// SaveToken keeps a time stamp token beside its checkpoint, in place of an earlier one; ErrNotFound when there is none of
// that size.
func (s *Store) SaveToken(ctx context.Context, size int64, token []byte) error {
	return s.Update(ctx, func(t *Tx) error {
		n, err := t.exec(ctx, `UPDATE log_checkpoint SET token = $1 WHERE size = $2`, token, size)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		return wrapLog(err)
	})
}

func wrapLog(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: log: %w", err)
}

// Salted is a subject of the log as a person knows it, with what its leaves call it.
type Salted struct {
	Subject audit.Digest
	Salt    audit.Salt
}

// SaltOfIncident finds what leaves call an incident; ErrNotFound when no leaf speaks of it, or the salt was erased.
func (s *Store) SaltOfIncident(ctx context.Context, id string) (Salted, error) {
	salt, err := saltOf(ctx, s.read, saltKey{saltIncident, id})
	return Salted{salt.Digest([]byte(id)), salt}, wrapLog(err)
}

func saltOf(ctx context.Context, q querier, key saltKey) (salt audit.Salt, err error) {
	var column []byte
	err = q.QueryRowContext(ctx, `SELECT salt FROM log_salt WHERE kind = $1 AND name = $2`, key.kind, []byte(key.name)).Scan(&column)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	copy(salt[:], column)
	return salt, err
}
