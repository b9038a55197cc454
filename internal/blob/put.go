package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gocloud.dev/blob"

	"whenwhere/pipeline"
)

// Put keeps the bytes of r and returns their id and number. When it returns without error they are durable. More bytes
// than the limit are a *TooLargeError; bytes that do not read back as written are an error, and nothing is kept.
func (s *Store) Put(ctx context.Context, r io.Reader) (id pipeline.MediaID, size int64, err error) {
	staged, err := os.CreateTemp(filepath.Join(s.dir, staging), "put-*")
	if err != nil {
		return pipeline.MediaID{}, 0, fmt.Errorf("blob: stage: %w", err)
	}
	defer func() { err = errors.Join(err, staged.Close(), remove(staged.Name())) }()
	id, size, err = s.stage(ctx, staged, r)
	if err != nil {
		return pipeline.MediaID{}, 0, fmt.Errorf("blob: stage: %w", err)
	}
	if err := s.publish(ctx, id, staged); err != nil {
		return pipeline.MediaID{}, 0, fmt.Errorf("blob: put %s: %w", id, err)
	}
	return id, size, nil
}

// stage copies r into f, hashing what it read, and compares that with what f then holds.
func (s *Store) stage(ctx context.Context, f *os.File, r io.Reader) (pipeline.MediaID, int64, error) {
	given := sha256.New()
	limited := io.LimitReader(untilDone{ctx, r}, s.maxBytes+1)
	size, err := io.Copy(f, io.TeeReader(limited, given))
	if err != nil {
		return pipeline.MediaID{}, 0, err
	}
	if size > s.maxBytes {
		return pipeline.MediaID{}, 0, &TooLargeError{LimitBytes: s.maxBytes}
	}
	if err := f.Sync(); err != nil {
		return pipeline.MediaID{}, 0, err
	}
	id := pipeline.MediaID(given.Sum(nil))
	return id, size, verify(ctx, f, id)
}

// publish brings the staged bytes to their final place. The lock keeps other processes away, because the bucket's own
// promise not to overwrite is a look followed by a rename.
func (s *Store) publish(ctx context.Context, id pipeline.MediaID, staged *os.File) (err error) {
	lock, err := s.lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	there, err := s.settle(ctx, id)
	if err != nil {
		return err
	}
	if !there {
		if err := s.upload(ctx, id, staged); err != nil {
			return err
		}
	}
	// Also when it was there: whoever put it may have been killed before it was durable.
	if err := errors.Join(syncPath(s.path(id)), syncPath(filepath.Dir(s.path(id)))); err != nil {
		return err
	}
	if there {
		return nil
	}
	return s.readBack(ctx, id)
}

// readBack checks what was just written; a medium that lies is noticed here and not at the trial.
func (s *Store) readBack(ctx context.Context, id pipeline.MediaID) error {
	err := s.Verify(ctx, id)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		return errors.Join(err, s.quarantine(damaged))
	}
	return err
}

// settle reports whether the good bytes of id are there already. Damaged ones are moved out of the way.
func (s *Store) settle(ctx context.Context, id pipeline.MediaID) (there bool, err error) {
	err = s.Verify(ctx, id)
	var damaged *DamagedError
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.As(err, &damaged):
		return false, s.quarantine(damaged)
	}
	return false, err
}

// upload gives the bytes of r their final name. Bucket.Upload would give it to half of them when reading fails.
func (s *Store) upload(ctx context.Context, id pipeline.MediaID, r io.Reader) error {
	ctx, abort := context.WithCancel(ctx)
	defer abort()
	w, err := s.bucket.NewWriter(ctx, key(id), &blob.WriterOptions{
		IfNotExist:  true,
		ContentType: "application/octet-stream",
		BeforeWrite: readOnly,
	})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		abort() // else Close would do the same
		return errors.Join(err, w.Close())
	}
	return w.Close()
}

// readOnly takes the write permission from a file before it gets its name; the open descriptor keeps it.
func readOnly(as func(any) bool) error {
	var f *os.File
	if !as(&f) {
		return fmt.Errorf("bucket does not write to a file")
	}
	return f.Chmod(0o444)
}

// quarantine moves a damaged file aside under a name that says what it should be and what it is.
func (s *Store) quarantine(d *DamagedError) error {
	is := "unreadable"
	if !d.Got.IsZero() {
		is = d.Got.String()
	}
	to := filepath.Join(s.dir, quarantine, d.ID.String()+"-is-"+is)
	if err := os.Rename(s.path(d.ID), to); err != nil {
		return fmt.Errorf("quarantine: %w", err)
	}
	return errors.Join(syncPath(filepath.Dir(to)), syncPath(filepath.Dir(s.path(d.ID))))
}

// untilDone reads until the context is done, so that a large file can be interrupted.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// remove is os.Remove that does not mind a Sweep having been there first.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
