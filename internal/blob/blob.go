package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // the file scheme of OpenBucket

	"whenwhere/internal/store/filelock"
	"whenwhere/pipeline"
)

// DefaultMaxBytes is the largest original that is taken when Config does not say: an hour of video from a telephone.
const DefaultMaxBytes = 16 << 30

// Config says where originals are kept.
type Config struct {
	Dir      string // made if absent, on a local disk
	MaxBytes int64  // largest original; DefaultMaxBytes when 0
}

// Store is a folder of originals. It may be used by several goroutines and several processes at once.
type Store struct {
	dir      string
	maxBytes int64
	bucket   *blob.Bucket
}

// TooLargeError refuses an original.
type TooLargeError struct{ LimitBytes int64 }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("more than %d bytes, the limit for one file", e.LimitBytes)
}

// DamagedError says that the bytes kept for ID are not the ones that were put.
type DamagedError struct {
	ID  pipeline.MediaID
	Got pipeline.MediaID // what the bytes hash to; zero when they could not be read to the end
	Err error            // why they could not be read
}

func (e *DamagedError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("blob %s: damaged: %v", e.ID, e.Err)
	}
	return fmt.Sprintf("blob %s: damaged: its bytes hash to %s", e.ID, e.Got)
}

func (e *DamagedError) Unwrap() error { return e.Err }

const (
	originals  = "sha256"
	staging    = "staging"
	quarantine = "quarantine"
	lockFile   = "lock"
)

// New opens the folder, and makes what is missing of it.
func New(cfg Config) (*Store, error) {
	if cfg.Dir == "" {
		return nil, fmt.Errorf("blob: dir: missing")
	}
	if cfg.MaxBytes < 0 {
		return nil, fmt.Errorf("blob: max bytes: %d is below 0", cfg.MaxBytes)
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("blob: dir: %w", err)
	}
	if err := makeFolders(dir); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	bucket, err := openBucket(dir)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	s := &Store{dir: dir, maxBytes: cfg.MaxBytes, bucket: bucket}
	if s.maxBytes == 0 {
		s.maxBytes = DefaultMaxBytes
	}
	return s, nil
}

// Close ends the use of the store.
func (s *Store) Close() error { return s.bucket.Close() }

// makeFolders makes all 256 folders of originals at once, so that Put has only one folder to sync.
func makeFolders(dir string) error {
	for _, name := range []string{staging, quarantine, originals} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			return err
		}
	}
	for i := range 256 {
		err := os.Mkdir(filepath.Join(dir, originals, fmt.Sprintf("%02x", i)), 0o755)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	for _, folder := range []string{filepath.Join(dir, originals), dir, filepath.Dir(dir)} {
		if err := syncPath(folder); err != nil {
			return err
		}
	}
	return nil
}

func openBucket(dir string) (*blob.Bucket, error) {
	// metadata=skip: no sidecar beside the original. no_tmp_dir: the rename stays on one file system.
	u := url.URL{Scheme: "file", Path: dir, RawQuery: "no_tmp_dir=true&metadata=skip"}
	return blob.OpenBucket(context.Background(), u.String())
}

func key(id pipeline.MediaID) string {
	hex := id.String()
	return originals + "/" + hex[:2] + "/" + hex
}

func (s *Store) path(id pipeline.MediaID) string {
	return filepath.Join(s.dir, filepath.FromSlash(key(id)))
}

func (s *Store) lock() (*filelock.Lock, error) { return filelock.Wait(filepath.Join(s.dir, lockFile)) }

// syncPath makes a file's bytes, or a folder's entries, durable.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
