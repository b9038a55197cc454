package clock

import (
	"archive/zip"
	_ "embed" // zoneinfo.zip
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"whenwhere/internal/timeset"
)

// ZoneDataVersion is the edition of the IANA tables in zoneinfo.zip. The zone
// polygons of tzf are of the same edition.
const ZoneDataVersion = "2025c"

//go:embed zoneinfo.zip
var zoneinfo string

// ErrPlace is the class of errors for coordinates that are no place.
var ErrPlace = errors.New("not a place")

// LatLon is a place in degrees, WGS 84.
type LatLon struct{ Lat, Lon float64 }

func (p LatLon) validate() error {
	if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) { // NaN fails too
		return fmt.Errorf("clock: latitude %v, longitude %v: %w", p.Lat, p.Lon, ErrPlace)
	}
	return nil
}

// Zones answers which offsets a clock at a place may have shown. Make one
// with NewZones and share it: it is safe for concurrent use, and loading the
// polygons takes half a second and happens once, at the first question that
// names a place.
type Zones struct {
	polygons func() (*polygons, error)
	files    func() (map[string]*zip.File, error)
	mu       sync.Mutex // guards loaded
	loaded   map[string]*time.Location
}

// NewZones returns Zones that has loaded nothing yet.
func NewZones() *Zones {
	return &Zones{
		polygons: sync.OnceValues(loadPolygons),
		files:    sync.OnceValues(zoneFiles),
		loaded:   map[string]*time.Location{},
	}
}

func zoneFiles() (map[string]*zip.File, error) {
	archive, err := zip.NewReader(strings.NewReader(zoneinfo), int64(len(zoneinfo)))
	if err != nil {
		return nil, fmt.Errorf("clock: embedded zone tables: %w", err)
	}
	files := make(map[string]*zip.File, len(archive.File))
	for _, f := range archive.File {
		files[f.Name] = f
	}
	return files, nil
}

// Location is time.LoadLocation without the host's files and environment.
func (z *Zones) Location(name string) (*time.Location, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if loc, ok := z.loaded[name]; ok {
		return loc, nil
	}
	loc, err := z.readLocation(name)
	if err != nil {
		return nil, fmt.Errorf("clock: zone %q: %w", name, err)
	}
	z.loaded[name] = loc
	return loc, nil
}

func (z *Zones) readLocation(name string) (*time.Location, error) {
	files, err := z.files()
	if err != nil {
		return nil, err
	}
	file, ok := files[name]
	if !ok {
		return nil, errors.New("not in the embedded tables")
	}
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(name, data)
}

// OffsetsAt returns the offsets (minutes, ascending) under which some part of
// the dial reading exists in the named zone: none in the hour that is skipped
// in spring, two in the hour that is repeated in autumn.
func (z *Zones) OffsetsAt(zone string, local timeset.Set) ([]int, error) {
	if b, ok := local.Bounds(); ok && b.Width() > widestDialMs {
		return nil, fmt.Errorf("clock: zone %q: a reading of %d ms is over the limit of %d", zone, b.Width(), widestDialMs)
	}
	loc, err := z.Location(zone)
	if err != nil {
		return nil, err
	}
	return offsetsIn(loc, local.Intervals()), nil
}

// widestDialMs bounds the work: a partial date is a year at most.
const widestDialMs = 10 * 366 * dayMs

// sampleMs is how often a long stretch is looked at for its offsets: none
// since 1990 was in force for less.
const sampleMs = 6 * hourMs

// offsetsIn collects the offsets that the zone has anywhere near the reading
// and keeps those that it also has at an instant the reading then means.
// time.Date would silently pick one answer in a fold and invent one in a gap,
// and time.Time.ZoneBounds does not get past the last day of a leap year (Go
// 1.26: it takes every year for 365 days), so neither is used.
func offsetsIn(loc *time.Location, dials []timeset.Interval) []int {
	var found []int
	for _, d := range dials {
		near := offsetsDuring(loc, d.Lo-minutesMs(eastmostMin), d.Hi-minutesMs(westmostMin))
		for _, o := range near {
			shift := minutesMs(o)
			if slices.Contains(offsetsDuring(loc, d.Lo-shift, d.Hi-shift), o) {
				found = append(found, o)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// offsetsDuring returns the zone's offsets in [loMs, hiMs), in minutes.
// Offsets with seconds ended in 1972, before any stamp, and are left out.
func offsetsDuring(loc *time.Location, loMs, hiMs int64) []int {
	var found []int
	look := func(ms int64) {
		_, sec := time.UnixMilli(ms).In(loc).Zone()
		if sec%60 == 0 && !slices.Contains(found, sec/60) {
			found = append(found, sec/60)
		}
	}
	for ms := loMs; ms < hiMs; ms += sampleMs {
		look(ms)
	}
	look(hiMs - 1)
	return found
}

// clockRule is one hypothesis about the device's setting.
type clockRule struct{ zone, why string }

// Candidates returns the offsets that a device at the place may have shown
// when its dial read s.Local, each with its reasons, the place's own zone
// first. They are what every hypothesis admits at that reading: the zone of
// the place, in and near Ukraine also Kyiv and Moscow time and the clock kept
// by occupation authorities, and UTC for movie headers and for stamps that
// carry FlagUTCDevice.
//
// It returns nil when nothing is known: no place, or a stamp that needs no
// zone. It returns an empty list when the reading does not exist under any
// hypothesis, which says that the device kept another clock.
func (z *Zones) Candidates(place *LatLon, s Stamp) ([]Candidate, error) {
	if place == nil || s.Local.IsEmpty() || s.Zone == Stated {
		return nil, nil
	}
	rules, err := z.rulesAt(*place)
	if err != nil {
		return nil, err
	}
	found := []Candidate{}
	for _, rule := range rules {
		offsets, err := z.OffsetsAt(rule.zone, s.Local)
		if err != nil {
			return nil, err
		}
		for _, o := range offsets {
			found = admit(found, Candidate{o, rule.why})
		}
	}
	for _, c := range deFacto(*place, s.Local) {
		found = admit(found, c)
	}
	if s.Zone == UTCOrLocal {
		found = admit(found, Candidate{0, "movie headers are in UTC by the standard"})
	}
	if s.Has(FlagUTCDevice) {
		found = admit(found, Candidate{0, "the device is known to run on UTC"})
	}
	return found, nil
}

// admit adds a candidate, or its reason to a candidate of the same offset.
func admit(list []Candidate, c Candidate) []Candidate {
	for i := range list {
		if list[i].OffsetMin == c.OffsetMin {
			if !slices.Contains(strings.Split(list[i].Why, "; "), c.Why) {
				list[i].Why += "; " + c.Why
			}
			return list
		}
	}
	return append(list, c)
}

func (z *Zones) rulesAt(place LatLon) ([]clockRule, error) {
	if err := place.validate(); err != nil {
		return nil, err
	}
	finder, err := z.polygons()
	if err != nil {
		return nil, fmt.Errorf("clock: zone polygons: %w", err)
	}
	names, why := landZones(finder, place)
	var rules []clockRule
	for _, name := range names {
		rules = append(rules, clockRule{name, why + name})
	}
	if nearUkraine(finder, place, names) {
		rules = append(rules,
			clockRule{kyiv, "a device on Kyiv time, in or near Ukraine"},
			clockRule{moscow, "a device on Moscow time, in or near Ukraine"})
	}
	return rules, nil
}
