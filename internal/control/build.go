package control

import (
	"time"

	"whenwhere/internal/control/mapfile"
)

// Indexed is a map ready to be asked. It never changes and may be part of any
// number of Maps, which share what was made ready.
type Indexed struct{ e *edition }

// Index makes a map ready to be asked.
func Index(m mapfile.Map) (*Indexed, error) {
	e, err := index(m)
	if err != nil {
		return nil, inFile(m.File, err)
	}
	return &Indexed{e}, nil
}

// Edition says which map it is.
func (x *Indexed) Edition() Edition { return x.e.Edition }

// Assemble puts maps together, in the order given: of two for one provider and
// moment the second is left out and returned as a *FileError.
func Assemble(list ...*Indexed) (*Maps, []error) {
	byName := map[string][]*edition{}
	var faults []error
	for _, x := range list {
		e := *x.e
		e.Flags = e.Flags[:len(e.Flags):len(e.Flags)] // others share them
		if err := clash(byName[e.Provider], &e); err != nil {
			faults = append(faults, inFile(e.File, err))
			continue
		}
		byName[e.Provider] = append(byName[e.Provider], &e)
	}
	return assemble(byName), faults
}

// MissingDays is Maps.Missing for editions that were not loaded: their as-of
// times, earliest first. daily is false when they do not come daily.
func MissingDays(asOf []time.Time) (days []time.Time, daily bool) {
	p := provider{}
	for _, t := range asOf {
		p.editions = append(p.editions, &edition{Edition: Edition{AsOf: t}})
	}
	if !p.daily() {
		return nil, false
	}
	return p.missing(), true
}
