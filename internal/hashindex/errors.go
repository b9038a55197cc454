package hashindex

import (
	"errors"
	"fmt"
)

// ErrLocked says that another Writer holds the index.
var ErrLocked = errors.New("hashindex: another writer holds the index")

// ErrExists says that Build was given a folder that holds an index already.
var ErrExists = errors.New("hashindex: the folder holds an index already")

// ErrClosed says that the index was closed before the call.
var ErrClosed = errors.New("hashindex: closed")

// DamagedError says that a file of the index is not as it was written.
type DamagedError struct {
	File    string // base name
	Section string // the part of the file
	Why     string
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("hashindex: %s: %s: %s", e.File, e.Section, e.Why)
}

// FormatError says that a file is whole, but of a version or for a length of code that the caller cannot use.
type FormatError struct {
	File string
	What string // "version" or "bits of a code"
	Got  int
	Want int
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("hashindex: %s: %s is %d, want %d", e.File, e.What, e.Got, e.Want)
}
