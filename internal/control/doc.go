// Package control answers who held a place, from dated control maps that the
// operator supplies as a folder of GeoJSON files.
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
//     around it in the theatre answers ua with Complement set. That means "not
//     drawn as occupied" and no more: grey zone, Russian soil and the sea too.
//
// A file that breaks a rule is refused by name, and the others are used.
// Defects of geometry are flagged on the edition, never repaired. Units and
// arrows (points and lines) are dropped while reading.
//
// What the answers mean. Maps are late, coarse and disagree, so they never
// say more than "surprising". Nothing is interpolated: a place whose class
// differs between two editions is contested from one to the next. The line is
// the edge of all ground drawn as held by ru, without seams between polygons;
// it includes coast and state border, because a map does not say which part of
// an edge faces the other side. Providers are never averaged.
//
// The package reads no clock. A *Maps never changes; any number of goroutines
// may ask it.
package control

import (
	"fmt"
	"time"
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

// Edition is one dated map of one provider.
type Edition struct {
	Provider string
	AsOf     time.Time // UTC: the moment the map is taken to describe
	File     string    // path inside the folder
	SHA256   string    // of the file, 64 hex digits
	HeldKm2  float64   // area of the ground drawn as held by ru
	Flags    []string  // doubts about quality, each a sentence; nil when there are none
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
