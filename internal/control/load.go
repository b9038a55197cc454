package control

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// Maps are the editions of a folder, by provider and time.
type Maps struct {
	providers []provider // sorted by name
}

// edition is a map ready to be asked. A region is nil when the map draws none.
type edition struct {
	Edition
	ru, ua, contested *geo.Region
	rest              Side        // who holds what no polygon covers
	coverage          *geo.Region // where rest holds; nil: the whole theatre
	// line is ru with the part of its edge that counts as the line; nil when
	// there is none. wholeEdge: all of it counts, coast and border too.
	line      *geo.Region
	wholeEdge bool
}

// Load reads every .geojson and .json file below the root of fsys. It returns
// what could be used and one *FileError for each file that could not, in the
// order of their paths. Text files (.md, .txt, LICENSE, README, NOTICE) and
// names that begin with a dot are passed over; any other file is refused by
// name, so that none is left out unnoticed.
func Load(fsys fs.FS) (*Maps, []error) {
	list, faults := Read(fsys)
	m, clashes := Assemble(list...)
	return m, append(faults, clashes...)
}

// Read is Load without putting the maps together.
func Read(fsys fs.FS) (list []*Indexed, faults []error) {
	byName := map[string][]*edition{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			faults = append(faults, &FileError{File: name, Err: err})
			return nil
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || IsText(d.Name()):
			return nil
		}
		e, err := loadFile(fsys, name)
		if err == nil {
			err = clash(byName[e.Provider], e)
		}
		if err != nil {
			faults = append(faults, inFile(name, err))
			return nil
		}
		byName[e.Provider] = append(byName[e.Provider], e)
		list = append(list, &Indexed{e})
		return nil
	})
	if err != nil {
		faults = append(faults, inFile(".", err))
	}
	return list, faults
}

// IsText tells the names of files that lie beside maps and are none.
func IsText(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".txt":
		return true
	}
	base := strings.ToUpper(name)
	return base == "LICENSE" || base == "README" || base == "NOTICE"
}

// inFile puts the name of the file on an error that lacks it.
func inFile(name string, err error) error {
	var own *FileError
	if errors.As(err, &own) {
		own.File = name
		return own
	}
	return &FileError{File: name, Err: err}
}

// clash: two files for one provider and moment leave open which one counts.
func clash(before []*edition, e *edition) error {
	for _, b := range before {
		if b.AsOf.Equal(e.AsOf) {
			same := "another"
			if b.SHA256 == e.SHA256 {
				same = "the same"
			}
			return &FileError{Detail: fmt.Sprintf("%s map of %s as of %s is already in %s",
				same, e.Provider, e.AsOf.Format(time.RFC3339), b.File)}
		}
	}
	return nil
}

func assemble(byName map[string][]*edition) *Maps {
	m := &Maps{}
	for name, editions := range byName {
		m.providers = append(m.providers, newProvider(name, editions))
	}
	slices.SortFunc(m.providers, func(a, b provider) int { return cmp.Compare(a.name, b.name) })
	return m
}

// loadFile reads and indexes one file.
func loadFile(fsys fs.FS, name string) (*edition, error) {
	m, err := mapfile.ReadFS(fsys, name, mapfile.Options{})
	if err != nil {
		return nil, err
	}
	return index(m)
}

// index makes a map ready to be asked.
func index(m mapfile.Map) (*edition, error) {
	e := &edition{rest: m.Rest, Edition: Edition{
		Provider: m.Provider, AsOf: m.AsOf, Until: m.Until, KnownAt: m.KnownAt, KnownHow: m.KnownHow,
		File: m.File, Format: m.Format, SHA256: m.SHA256, HeldKm2: m.HeldKm2, Licence: m.Licence, Flags: m.Flags,
	}}
	shapes := map[Side][]orb.MultiPolygon{}
	for _, g := range m.Ground {
		shapes[g.Side] = append(shapes[g.Side], g.Shape)
	}
	for _, x := range []struct {
		side Side
		into **geo.Region
	}{{RU, &e.ru}, {UA, &e.ua}, {Contested, &e.contested}} {
		if len(shapes[x.side]) == 0 {
			continue
		}
		r, err := geo.NewRegion(shapes[x.side]...)
		if err != nil {
			return nil, err
		}
		*x.into = r
	}
	e.line, e.wholeEdge = e.ru, true
	if len(m.Coverage) > 0 {
		if err := e.cover(m.Coverage); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// cover: beyond the coverage the map says nothing, so that its edge there is
// no line between two sides.
func (e *edition) cover(shape orb.MultiPolygon) (err error) {
	if e.coverage, err = geo.NewRegion(shape); err == nil && e.ru != nil {
		e.line, e.wholeEdge = facing(e.ru, e.coverage, 0), false
	}
	return err
}

// Version names the set of maps: the SHA-256 over the sorted lines of
// provider, as-of time and file hash. Same maps, same version, whatever the
// files are called.
func (m *Maps) Version() string {
	h := sha256.New()
	for _, e := range m.Editions() {
		fmt.Fprintf(h, "%s\t%s\t%s\n", e.Provider, e.AsOf.Format(time.RFC3339Nano), e.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Editions lists all editions by provider, then time.
func (m *Maps) Editions() []Edition {
	var out []Edition
	for _, p := range m.providers {
		for _, e := range p.editions {
			out = append(out, e.Edition)
		}
	}
	return out
}

// Missing lists, as UTC midnights, the days between the first and the last
// edition of a daily provider that have none. ok is false for a provider that
// is not there or not daily: one is daily when it has at least three editions
// and most of them follow the one before within a day and a half.
func (m *Maps) Missing(name string) (days []time.Time, ok bool) {
	for _, p := range m.providers {
		if p.name == name && p.daily() {
			return p.missing(), true
		}
	}
	return nil, false
}

func (p provider) daily() bool {
	near := 0
	for i := 1; i < len(p.editions); i++ {
		if p.editions[i].AsOf.Sub(p.editions[i-1].AsOf) <= 36*time.Hour {
			near++
		}
	}
	return len(p.editions) >= 3 && 2*near > len(p.editions)-1
}

func (p provider) missing() (days []time.Time) {
	have := map[time.Time]bool{}
	for _, e := range p.editions {
		have[midnight(e.AsOf)] = true
	}
	last := midnight(p.editions[len(p.editions)-1].AsOf)
	for day := midnight(p.editions[0].AsOf); day.Before(last); day = day.AddDate(0, 0, 1) {
		if !have[day] {
			days = append(days, day)
		}
	}
	return days
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }
