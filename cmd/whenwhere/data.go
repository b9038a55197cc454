package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"whenwhere/internal/blob"
	"whenwhere/internal/known"
	"whenwhere/internal/store"
	"whenwhere/internal/store/filelock"
	"whenwhere/internal/store/sqlite"
)

// envData names the folder of the data when --data does not.
const envData = "WHENWHERE_DATA"

// dataDir is where results are kept: --data, else $WHENWHERE_DATA, else ./whenwhere-data.
func dataDir(flag string) (string, error) {
	dir := flag
	if dir == "" {
		dir = os.Getenv(envData)
	}
	if dir == "" {
		dir = "whenwhere-data"
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("data folder: %w", err)
	}
	return abs, nil
}

func addData(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVar(dir, "data", "", "folder of the database and the originals (default $"+envData+", else ./whenwhere-data)")
}

// data is an open data folder.
type data struct {
	dir   string
	store *store.Store
	blobs *blob.Store

	catalogue *known.Catalogue // nil until openCatalogue
}

// openData opens the folder that --data names, which must be there already.
func openData(ctx context.Context, flag string) (*data, error) {
	dir, err := dataDir(flag)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, databaseFile)); err != nil {
		return nil, fmt.Errorf("no data in %s: name the folder with --data, or run whenwhere verify first", dir)
	}
	return openFolder(ctx, dir)
}

// makeData opens the folder that --data names, and makes it when it is not there.
func makeData(ctx context.Context, flag string) (*data, error) {
	dir, err := dataDir(flag)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &hintedError{fmt.Errorf("data folder: %w", err), "name a folder that can be written with --data"}
	}
	return openFolder(ctx, dir)
}

// openAlone opens a data folder on which no other command works.
func openAlone(ctx context.Context, dirFlag string) (*data, *filelock.Lock, error) {
	d, err := openData(ctx, dirFlag)
	if err != nil {
		return nil, nil, err
	}
	lock, err := d.lock()
	if err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	return d, lock, nil
}

func openFolder(ctx context.Context, dir string) (*data, error) {
	rows, err := sqlite.Open(ctx, filepath.Join(dir, databaseFile))
	if err != nil {
		return nil, &hintedError{fmt.Errorf("data folder: %w", err),
			"the folder must be one that whenwhere verify made, and one that can be written: name it with --data, or restore it from a copy"}
	}
	blobs, err := blob.New(blob.Config{Dir: filepath.Join(dir, "originals")})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("data folder: %w", err), rows.Close())
	}
	return &data{dir: dir, store: rows, blobs: blobs}, nil
}

const databaseFile = "whenwhere.db"

// lock keeps every other command that writes off the folder until it is released, or the process ends, however it ends.
func (d *data) lock() (*filelock.Lock, error) {
	lock, err := filelock.Try(filepath.Join(d.dir, "verify.lock"))
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return lock, nil
}

// noVerdict says of store.ErrNotFound which verdict is not there, and where.
func (d *data) noVerdict(err error, incident string) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no verdict of incident %q in %s", incident, d.dir)
	}
	return err
}

// Close signs the log if this command wrote to it, and closes the folder. A log that must not be signed is an
// *audit.DamagedError; what was done is kept all the same.
func (d *data) Close() error {
	var err error
	if d.store.Logged() {
		_, _, err = d.sign(context.Background())
	}
	if d.catalogue != nil {
		err = errors.Join(err, d.catalogue.Close())
	}
	return errors.Join(err, d.blobs.Close(), d.store.Close())
}
