package hashindex

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// lock is a held lock on a file. The operating system gives it back when the process ends.
type lock struct{ file *os.File }

// takeLock takes the lock of a file, which is made if absent, or gives ErrLocked.
func takeLock(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("hashindex: lock: %w", err)
	}
	for {
		if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errors.Join(ErrLocked, f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("hashindex: lock: %w", err), f.Close())
	}
	return &lock{file: f}, nil
}

// release unlocks before it closes. Closing alone would not do while another goroutine starts a process: between fork and
// exec the child has a copy of the descriptor, which keeps the lock.
func (l *lock) release() error {
	return errors.Join(unix.Flock(int(l.file.Fd()), unix.LOCK_UN), l.file.Close())
}
