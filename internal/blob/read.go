package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"

	"whenwhere/pipeline"
)

// Open checks the bytes of id and returns the file at its start, open for reading only. The caller closes it. An id
// that was never put is fs.ErrNotExist; bytes that changed are a *DamagedError.
func (s *Store) Open(ctx context.Context, id pipeline.MediaID) (*os.File, error) {
	f, err := os.Open(s.path(id))
	if err != nil {
		return nil, fmt.Errorf("blob %s: %w", id, err)
	}
	if err := verify(ctx, f, id); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Verify hashes the bytes of id again. Errors are those of Open.
func (s *Store) Verify(ctx context.Context, id pipeline.MediaID) error {
	f, err := s.Open(ctx, id)
	if err != nil {
		return err
	}
	return f.Close()
}

// verify compares all of f with id and leaves the offset at the start.
func verify(ctx context.Context, f *os.File, id pipeline.MediaID) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("blob %s: %w", id, err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, untilDone{ctx, f}); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("blob %s: %w", id, ctx.Err())
		}
		return &DamagedError{ID: id, Err: err}
	}
	if got := pipeline.MediaID(h.Sum(nil)); got != id {
		return &DamagedError{ID: id, Got: got}
	}
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// IDs lists all originals in the order of their ids, without checking their bytes. After an error there are no more.
func (s *Store) IDs(ctx context.Context) iter.Seq2[pipeline.MediaID, error] {
	return func(yield func(pipeline.MediaID, error) bool) {
		list := s.bucket.List(&blob.ListOptions{Prefix: originals + "/"})
		for {
			object, err := list.Next(ctx)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(pipeline.MediaID{}, fmt.Errorf("blob: list: %w", err))
				return
			}
			id, err := pipeline.ParseMediaID(object.Key[strings.LastIndex(object.Key, "/")+1:])
			if err != nil || object.Key != key(id) {
				continue // on its way in, or not ours
			}
			if !yield(id, nil) {
				return
			}
		}
	}
}

// Quarantined lists the names of the damaged files that were moved aside, sorted: "<id>-is-<hash>", or
// "<id>-is-unreadable".
func (s *Store) Quarantined() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(s.dir, quarantine))
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}

// Sweep removes what killed processes left of files that were on their way in, and returns how many. A Put that is
// under way is not harmed: it needs its staged file by descriptor only, and publishes under the lock that Sweep takes.
func (s *Store) Sweep() (removed int, err error) {
	lock, err := s.lock()
	if err != nil {
		return 0, fmt.Errorf("blob: sweep: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	stale, err := s.stale()
	if err != nil {
		return 0, fmt.Errorf("blob: sweep: %w", err)
	}
	for _, path := range stale {
		if err := remove(path); err != nil {
			return removed, fmt.Errorf("blob: sweep: %w", err)
		}
		removed++
	}
	return removed, nil
}

func (s *Store) stale() ([]string, error) {
	staged, err := filepath.Glob(filepath.Join(glob(s.dir), staging, "put-*"))
	if err != nil {
		return nil, err
	}
	half, err := filepath.Glob(filepath.Join(glob(s.dir), originals, "??", "*.tmp"))
	return append(staged, half...), err
}

// glob escapes what Glob would read as a pattern.
func glob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
