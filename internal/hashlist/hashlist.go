// Package hashlist reads and writes lists of PDQ hashes, so that groups can tell each other which footage they know
// without giving any of it away.
//
// A list is UTF-8 text. Its first line is [Magic] and names the version of the format. The second is a CSV header, and
// each further line is one print:
//
//	pdq         64 hex digits, most significant first, as the published listings have them
//	quality     0 to 100, PDQ's
//	at_ms       time of the frame in its movie, in whole milliseconds; empty for a still
//	view        upright, as_stored, trimmed or window; empty for upright
//	sha256      64 hex digits: the digest of the file that the print was made of, its name between groups
//	first_seen  when the footage was there at the latest: RFC 3339, or a date, which means the end of that day in UTC;
//	            empty when nobody knows
//	event       what it shows; may be empty
//
// Columns may stand in any order; pdq, quality and sha256 are needed, the others may be left out. All prints of a file
// must agree on first_seen and event.
//
// A print is one line: line breaks within an event become blanks when it is written.
//
// Reading is strict and says of each fault where it is: a line with one is left out and the others are used. A first line
// of another format, and an unknown, repeated or missing column, refuse the list. What Write wrote, Read reads back the
// same.
package hashlist

import (
	"fmt"
	"time"

	"whenwhere/internal/pdq"
)

// Magic is the first line of a list.
const Magic = "# whenwhere PDQ list, version 1"

// Limits: far above real lists, low enough that a hostile one stays cheap.
const (
	MaxRows      = 5_000_000
	MaxLineBytes = 64 << 10
	MaxTextBytes = 4096  // of event
	MaxProblems  = 1_000 // that are listed; the rest are counted
)

// Print is one line of a list.
type Print struct {
	PDQ     pdq.Hash
	Quality int
	AtMs    *int64 // absent for a still
	View    string
}

// Footage is what a list says of one file.
type Footage struct {
	SHA256    [32]byte
	FirstSeen *time.Time // absent when the list does not say; in UTC
	Event     string
	Prints    []Print
	Line      int // of its first print
}

// Problem is a fault of a list.
type Problem struct {
	Line   int    // from 1; 0 when the fault is of the list as a whole
	Column string // empty when the fault is of the line as a whole
	Err    error
}

func (p Problem) Error() string {
	at := ""
	if p.Line > 0 {
		at = fmt.Sprintf("line %d: ", p.Line)
	}
	if p.Column != "" {
		at += p.Column + ": "
	}
	return at + p.Err.Error()
}

func (p Problem) Unwrap() error { return p.Err }

// Columns lists the columns in the order of Write.
func Columns() []string {
	return []string{"pdq", "quality", "at_ms", "view", "sha256", "first_seen", "event"}
}

func views() []string { return []string{"upright", "as_stored", "trimmed", "window"} }
