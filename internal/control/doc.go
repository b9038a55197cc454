// Package control answers who held a place, from dated control maps that the
// operator supplies as a folder of files; package mapfile says which formats
// are read and what each means.
//
// A file that breaks a rule is refused by name, and the others are used.
//
// What the answers mean. Maps are late, coarse and disagree, so they never
// say more than "surprising". Nothing is interpolated: a place whose class
// differs between two editions is contested from one to the next. The line is
// the edge of all ground drawn as held by ru, without seams between polygons and
// without gaps of up to 250 m that drawing by hand leaves there; a place in such
// a gap is not held, and its distance is to the edge of the gap (geo.NewRegion).
// The rim of a stated coverage is no part of it, and with an outline of land
// (Maps.WithLand) coast and border are none; without either the whole edge
// counts, because a map does not say which part of it faces the other side,
// and the answer says so (WholeEdge). Providers are never averaged: Agreement
// gives each source one vote.
//
// Every edition has two times: AsOf, the moment it describes, and KnownAt, from
// which it could be known. Maps.KnownBy leaves out what was not known yet.
//
// Which question to ask: At for one place and moment, Provider for millions of
// them, Distribution for a place known to some radius and a time known to a
// span, Window for what a claim may rest on, Operations and Diff for ground
// that changed hands.
//
// The package reads no clock. A *Maps never changes; any number of goroutines
// may ask it.
package control

import (
	"time"

	"whenwhere/internal/control/mapfile"
)

// Side is who held ground. The zero value is invalid.
type Side = mapfile.Side

// The answers a map can give. Unknown: outside what the map covers, or no
// edition yet.
const (
	RU        = mapfile.RU
	UA        = mapfile.UA
	Contested = mapfile.Contested
	Unknown   = mapfile.Unknown
)

// Edition is one dated map of one provider.
type Edition struct {
	Provider string
	AsOf     time.Time // UTC: the moment the map is taken to describe
	File     string    // path inside the folder
	SHA256   string    // of the file, 64 hex digits
	HeldKm2  float64   // area of the ground drawn as held by ru
	Flags    []string  // doubts about quality, each a sentence; nil when there are none
	Format   string    // as which the file was read
	// Until is the end of the span that the file says it describes; nil when
	// it states none.
	Until *time.Time
	// KnownAt is the moment from which the map could be known; KnownHow says
	// whether that was stated or is the provider's usual delay.
	KnownAt  time.Time
	KnownHow string
	Licence  string // what is known of the terms of the data; "" when nothing is
}

// FileError is a file that was refused. Line and Path say where in the file;
// Line is 0 when the fault is in the name or in the whole.
type FileError = mapfile.FileError
