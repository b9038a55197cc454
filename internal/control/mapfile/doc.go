// Package mapfile reads one file of a provider of control maps: who is drawn
// as holding which ground, of what moment, and since when that was knowable.
//
// Two kinds of files are read:
//
//   - One's own maps: polygons with a property side (or status) of ru, ua or
//     contested. The date is in the file name (20241024, 2024-10-24, also
//     20241024T0600Z) or in a top-level as_of; the provider is a top-level
//     member, or what stands before the date in the name, or "own". Ground that
//     no polygon covers is unknown, unless a top-level "complement": "ua" (or
//     "ru") says who holds the rest.
//   - DeepState daily files, deepstatemap_data_YYYYMMDD.geojson: one shape of
//     occupied ground, collected at 03:00 UTC of the file date. All ground
//     around it in the theatre is ua, which means "not drawn as occupied" and
//     no more: grey zone, Russian soil and the sea too.
//
// A file that breaks a rule is refused as a whole, with the place in it.
// Defects of geometry are flagged, never repaired. Units and arrows (points
// and lines) are dropped while reading and never kept.
//
// The package reads no clock and holds no state.
package mapfile

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
)

// Side is who held ground. The zero value is invalid.
type Side string

// The answers a map can give. Unknown: outside what the map covers, or no
// edition yet.
const (
	RU        Side = "ru"
	UA        Side = "ua"
	Contested Side = "contested"
	Unknown   Side = "unknown"
)

// Ground is a shape that one side is drawn as holding: RU, UA or Contested.
type Ground struct {
	Side  Side
	Shape orb.MultiPolygon
}

// Map is what a file draws.
type Map struct {
	Provider string
	Format   string // which of the formats the file was read as
	File     string
	SHA256   string // of the file, 64 hex digits
	// AsOf is the moment the map is taken to describe, UTC. Until is the end of
	// the span that the file says it describes; nil when it states none.
	AsOf  time.Time
	Until *time.Time
	// KnownAt is the moment from which the map could be known; KnownHow says
	// whether that was stated or is the provider's usual delay.
	KnownAt  time.Time
	KnownHow string
	Ground   []Ground // in the order of the file
	// Rest is who holds ground within Coverage that no shape covers; Unknown
	// when the map does not say. A nil Coverage is the whole theatre.
	Rest     Side
	Coverage orb.MultiPolygon
	HeldKm2  float64  // area of the ground drawn as held by ru
	Licence  string   // what is known of the terms of the data; "" when nothing is
	Flags    []string // doubts about quality, each a sentence; nil when there are none
	Dropped  int      // features that are points or lines
}

// Options guide the reading.
type Options struct {
	// Provider says whose map it is; "" leaves that to the name and the content.
	Provider string
}

// FileError is a file that was refused. Line and Path say where in the file;
// Line is 0 when the fault is in the name or in the whole.
type FileError struct {
	File   string
	Line   int
	Path   string
	Detail string
	Err    error
}

func (e *FileError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("control: %s: %v", e.File, e.Err)
	}
	where := e.File
	if e.Line > 0 {
		where += fmt.Sprintf(": line %d", e.Line)
	}
	if e.Path != "" {
		where += ", " + e.Path
	}
	return fmt.Sprintf("control: %s: %s", where, e.Detail)
}

func (e *FileError) Unwrap() error { return e.Err }
