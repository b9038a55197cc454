// Package filelock takes an exclusive lock on a file. The operating system gives the lock back when the process ends,
// however it ends, so a lock is never left behind by a crash. The file itself stays, and holds nothing.
package filelock

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// ErrHeld says that another process, or another part of this one, holds the lock.
var ErrHeld = errors.New("held by another process")

// Lock is a held lock.
type Lock struct{ file *os.File }

// Try takes the lock of the file at path, which is made if absent, or returns an error that is ErrHeld.
func Try(path string) (*Lock, error) { return take(path, unix.LOCK_EX|unix.LOCK_NB) }

// Wait takes the lock of the file at path, which is made if absent, as soon as nobody else holds it. It is for short
// critical sections only: it does not end before it has the lock.
func Wait(path string) (*Lock, error) { return take(path, unix.LOCK_EX) }

func take(path string, how int) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	for {
		err = unix.Flock(int(f.Fd()), how)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = ErrHeld
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock: %s: %w", path, err), f.Close())
	}
	return &Lock{file: f}, nil
}

// Release gives the lock back. It unlocks before it closes, because a child between fork and exec holds a copy of the
// descriptor, and with it the lock, a moment longer than we do.
func (l *Lock) Release() error {
	return errors.Join(unix.Flock(int(l.file.Fd()), unix.LOCK_UN), l.file.Close())
}
