package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"whenwhere/internal/audit"
)

// ErrNotFound says that there is no row of that id.
var ErrNotFound = errors.New("not found")

// Store is an open database whose schema is up to date.
type Store struct {
	write *sql.DB // one connection: SQLite has one writer, and the queue lives in the same file
	read  *sql.DB // cannot write
	now   func() time.Time

	logged atomic.Bool // the log grew since New
}

// New takes two pools on the same database. Closing the store closes both.
func New(write, read *sql.DB) *Store { return &Store{write: write, read: read, now: time.Now} }

// Close closes the database.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// Writer is the pool that writes, for the job queue, which keeps its jobs in the same transactions as the results.
func (s *Store) Writer() *sql.DB { return s.write }

// Reader is the pool that cannot write, for looking at the job queue's own tables.
func (s *Store) Reader() *sql.DB { return s.read }

// Tx is a transaction that writes.
type Tx struct {
	tx     *sql.Tx
	events []Event // for the log, when the transaction ends
	grew   bool    // some were written
}

// SQL is the transaction itself, for the job queue.
func (t *Tx) SQL() *sql.Tx { return t.tx }

// Update runs do in one transaction: all of it is kept when do returns nil, and nothing otherwise. Inside do, use the
// methods of Tx only: there is one connection to write with, and asking for it again would wait for ever.
func (s *Store) Update(ctx context.Context, do func(*Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing; else do's error is the one that matters
	t := &Tx{tx: tx}
	if err := do(t); err != nil {
		return err
	}
	if err := t.logged(ctx, s.now().UTC().Format(audit.TimeLayout)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	if t.grew {
		s.logged.Store(true)
	}
	return nil
}

// Logged reports whether the log grew since New.
func (s *Store) Logged() bool { return s.logged.Load() }

// view runs do on one state of the database.
func (s *Store) view(ctx context.Context, do func(querier) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return do(tx)
}

// querier is what reading needs of a transaction.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}

// list reads all rows of a query, each by scan.
func list[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// scanned reads rows of one column.
func scanned[T any](rows *sql.Rows) (v T, err error) { return v, rows.Scan(&v) }

// exec runs a statement and returns how many rows it touched.
func (t *Tx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	result, err := t.tx.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }
