// Package mapfile reads one file of a provider of control maps: who is drawn
// as holding which ground, of what moment, and since when that was knowable.
//
// What a file is, its content and its name tell; Options.Provider may insist.
//
//	format            provider      name                          axes        rest
//	own               own or any    any with a date, or as_of     lon, lat    as stated
//	deepstate daily   deepstate     deepstatemap_data_YYYYMMDD    lon, lat    ua
//	deepstate raw     deepstate     <unix seconds>                lon, lat    ua
//	isw               isw           YYYYMMDD, may name a layer    lon, lat    ua with the control layer
//	uacontrolmap      uacontrolmap  YYYYMMDD                      lat, lon    ua
//	nzz               nzz           YYYY-MM-DD                    lon, lat    ua within Coverage
//
// Rest ua means "not drawn as occupied" and no more: grey zone, Russian soil
// and the sea too.
//
//   - own: GeoJSON, polygons with a property side (or status) of ru, ua or
//     contested. The date is in the file name (20241024, 2024-10-24, also
//     20241024T0600Z) or in a top-level as_of; the provider is a top-level
//     member, or what stands before the date in the name, or "own". Ground that
//     no polygon covers is unknown, unless a top-level "complement": "ua" (or
//     "ru") says who holds the rest, within "coverage", a Polygon or
//     MultiPolygon, where there is one. Also "known_at" (a time, or a day at
//     whose end the map was known) and "licence".
//   - deepstate daily: one shape of occupied ground, collected at 03:00 UTC of
//     the file's date.
//   - deepstate raw: a publication, described and known at the time in its
//     name. The status is the English part of a feature's name, or the name
//     itself in the Ukrainian files of 2022; never its colour. Ground of other
//     wars (Petsamo, Abkhazia, the Kurils) and Tuzla, which the daily files
//     leave out too, is dropped; an unknown name is an error.
//   - isw: assessed control is ru. Assessed advance and what either party
//     claims is contested: nobody was assessed to hold it. The files of 2022
//     hold one layer each, told by the name of the file or its folder: control
//     is isw, the others are isw-advance, isw-claimed, isw-counteroffensive,
//     which draw contested ground and say nothing of the rest.
//   - uacontrolmap: areas are ru, areas_ua (Russian soil) ua.
//   - nzz: no change and gains are ru, losses ua. The map leaves out what was
//     held before 2022; Coverage excludes it.
//
// Where a day is stated and no moment, AsOf is its start and Until its end.
// KnownAt, where the file does not state it, is the provider's usual delay; see
// the constants beside each format.
//
// A file that breaks a rule is refused as a whole, with the place in it.
// Defects of geometry are flagged, never repaired. Units, arrows and incidents
// are dropped while reading and never kept.
//
// The package reads no clock and holds no state.
package mapfile

import (
	"fmt"
	"strings"
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

// The formats that are read.
const (
	FormatOwn          = "own"
	FormatDaily        = "deepstate daily"
	FormatRaw          = "deepstate raw"
	FormatISW          = "isw"
	FormatUAControlMap = "uacontrolmap"
	FormatNZZ          = "nzz"
)

// Map is what a file draws.
type Map struct {
	Provider string
	Format   string // which of the formats the file was read as
	File     string
	SHA256   string // of the file, 64 hex digits
	// AsOf is the moment the map is taken to describe, UTC. Until is the end of
	// the day when the file states a day and no moment; nil otherwise.
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
	Dropped  int      // features that are no ground of this war: points, lines, ground of other wars
}

// Options guide the reading.
type Options struct {
	// Provider says whose map it is; "" leaves that to the name and the content.
	Provider string
	// Layer says what a file of isw holds whose name does not: control, advance,
	// claimed or counteroffensive.
	Layer string
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
	var where []string
	if e.Line > 0 {
		where = append(where, fmt.Sprintf("line %d", e.Line))
	}
	if e.Path != "" {
		where = append(where, e.Path)
	}
	if len(where) == 0 {
		return fmt.Sprintf("control: %s: %s", e.File, e.Detail)
	}
	return fmt.Sprintf("control: %s: %s: %s", e.File, strings.Join(where, ", "), e.Detail)
}

func (e *FileError) Unwrap() error { return e.Err }
