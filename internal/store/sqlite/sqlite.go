// Package sqlite opens a store in one SQLite file, brings its schema up to date, and hands out two pools: one connection
// that writes and some that cannot. It is the only place that names the driver.
//
// The file must lie on a local disk: SQLite's write-ahead log needs memory that processes share. Beside it lie FILE-wal
// and FILE-shm, which belong to it, and FILE.open, which is locked while the schema is brought up to date.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"whenwhere/internal/store"
	"whenwhere/internal/store/filelock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// minVersion is the first SQLite without the bug that could corrupt a database when its log was reset.
var minVersion = [3]int{3, 51, 3}

// readers is how many queries may read at once: a page of the dashboard and a loop over all prints, with room.
const readers = 4

// Open opens the database in the file at path, which is made if absent.
func Open(ctx context.Context, path string) (*store.Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	return s, nil
}

func open(ctx context.Context, path string) (*store.Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := checkLocal(filepath.Dir(path)); err != nil {
		return nil, err
	}
	write, err := pool(path, 1, "_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=synchronous(NORMAL)")
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, path, write); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read, err := pool(path, readers, "mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	rows := store.New(write, read)
	if err := rows.Adopt(ctx); err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return rows, nil
}

// pool opens a pool. Settings are in the name of the database, because a PRAGMA reaches one connection only.
func pool(path string, connections int, settings string) (*sql.DB, error) {
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: settings}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// prepare checks the version, sets the journal mode and migrates, one process at a time: on a fresh file two that set
// the journal mode at once can fail.
func prepare(ctx context.Context, path string, db *sql.DB) (err error) {
	lock, err := filelock.Wait(path + ".open")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	var version, mode string
	if err := db.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&version); err != nil {
		return err
	}
	if err := checkVersion(version); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
		return fmt.Errorf("journal mode: %w", err)
	}
	if mode != "wal" {
		return fmt.Errorf("journal mode: %s, want wal", mode)
	}
	return migrate(ctx, db)
}

func checkVersion(version string) error {
	var v [3]int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &v[0], &v[1], &v[2]); err != nil {
		return fmt.Errorf("version %q: %w", version, err)
	}
	for i, least := range minVersion {
		if v[i] < least {
			return fmt.Errorf("version %s: older than %v, which can corrupt its log", version, minVersion)
		}
		if v[i] > least {
			break
		}
	}
	return nil
}

// migrate brings our tables and those of the job queue up to date.
func migrate(ctx context.Context, db *sql.DB) error {
	ours, err := provider(db)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := ours.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	queue, err := rivermigrate.New(riversqlite.New(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("migrate: queue: %w", err)
	}
	if _, err := queue.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate: queue: %w", err)
	}
	return nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
}

// Sync has what was committed survive a power cut: commits alone survive the end of the process.
func Sync(ctx context.Context, s *store.Store) error {
	if _, err := s.Writer().ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		return fmt.Errorf("sqlite: sync: %w", err)
	}
	return nil
}
