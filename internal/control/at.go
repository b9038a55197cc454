package control

import (
	"math"
	"sort"
	"time"

	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// Answer is what one provider's maps say of a place and a moment.
type Answer struct {
	Provider string
	// Side is who held the place between this edition and the next: contested
	// when the two differ, unknown when the map does not say.
	Side Side
	// Found is false when the provider has no edition at or before the moment;
	// nothing below is meaningful then.
	Found       bool
	EditionSide Side // what the edition in force draws here, whatever follows
	// Complement: the place lies in no polygon; Side is what the map says of
	// the rest. For DeepState that is "not drawn as occupied".
	Complement bool
	// DistanceM is the distance to the line in metres, negative inside ground
	// held by ru; nil when the map draws no such ground.
	DistanceM *float64
	// WholeEdge: the line is the whole edge of the ground drawn as held by ru,
	// coast and state border too, because neither the map nor the operator says
	// where the ground of the two sides ends (see WithLand).
	WholeEdge bool
	// MarginM is how far a line may be off for maps of one day, and more for an
	// edition of some age. InBand: the line or contested ground is no farther,
	// or Side is contested, so either side may have been there.
	MarginM float64
	InBand  bool
	AsOf    time.Time
	// KnownAt is when the edition became knowable, and how that is known; ask
	// KnownBy for the answer of a day.
	KnownAt  time.Time
	KnownHow string
	AgeHours float64 // of the edition at the moment asked for
	File     string
	SHA256   string // of that file
	// NextHours is how long after the moment the next edition follows; nil
	// when there is none, so that no change can be known.
	NextHours *float64
	NextFile  string
	Flags     []string // of both editions
}

// At returns one answer per provider, sorted by name: the latest edition not
// after t, compared with the one that follows.
func (m *Maps) At(lat, lon float64, t time.Time) []Answer {
	out := make([]Answer, 0, len(m.providers))
	for _, p := range m.providers {
		out = append(out, p.at(geo.LatLon{Lat: lat, Lon: lon}, t))
	}
	return out
}

func (p provider) at(where geo.LatLon, t time.Time) Answer {
	i := p.after(t) - 1
	if i < 0 {
		return Answer{Provider: p.name, Side: Unknown, EditionSide: Unknown}
	}
	e := p.editions[i]
	side, complement := e.side(where)
	a := Answer{
		Provider: p.name, Side: side, Found: true, EditionSide: side, Complement: complement,
		DistanceM: distance(e.line, where), WholeEdge: e.wholeEdge, MarginM: marginM(t.Sub(e.AsOf)),
		AsOf: e.AsOf, KnownAt: e.KnownAt, KnownHow: e.KnownHow, AgeHours: t.Sub(e.AsOf).Hours(), File: e.File, SHA256: e.SHA256, Flags: e.Flags,
	}
	if i+1 < len(p.editions) {
		next := p.editions[i+1]
		hours := next.AsOf.Sub(t).Hours()
		a.NextHours, a.NextFile = &hours, next.File
		a.Flags = append(a.Flags[:len(a.Flags):len(a.Flags)], next.Flags...)
		a.Side = between(side, next, where)
	}
	a.InBand = a.Side == Contested || e.claimDistanceM(where, a.DistanceM) <= a.MarginM
	return a
}

// between: a place that changes class is contested from one edition to the
// next; an edition that does not cover the place changes nothing.
func between(side Side, next *edition, where geo.LatLon) Side {
	then, _ := next.side(where)
	if side != Unknown && then != Unknown && then != side {
		return Contested
	}
	return side
}

// after is the index of the first edition later than t.
func (p provider) after(t time.Time) int {
	return sort.Search(len(p.editions), func(i int) bool { return p.editions[i].AsOf.After(t) })
}

// side is what the edition draws at a place. Contested wins over a side, and
// ground drawn as both is contested.
func (e *edition) side(p geo.LatLon) (side Side, complement bool) {
	ru, ua := contains(e.ru, p), contains(e.ua, p)
	switch {
	case contains(e.contested, p), ru && ua:
		return Contested, false
	case ru:
		return RU, false
	case ua:
		return UA, false
	case e.rest != Unknown && e.covers(p):
		return e.rest, true
	}
	return Unknown, false
}

// covers tells whether the map says anything of ground that it does not draw.
func (e *edition) covers(p geo.LatLon) bool {
	if e.coverage == nil {
		return mapfile.InTheatre(p)
	}
	return e.coverage.Contains(p)
}

func contains(r *geo.Region, p geo.LatLon) bool { return r != nil && r.Contains(p) }

// distance to the edge of r in metres, negative inside; nil without a region.
func distance(r *geo.Region, p geo.LatLon) *float64 {
	if r == nil {
		return nil
	}
	d := r.SignedDistanceM(p)
	return &d
}

// lineDistanceM is how far p is from any ground that two sides may claim: the
// line, or contested ground (0 within it). +Inf when the edition has neither.
func (e *edition) lineDistanceM(p geo.LatLon) float64 {
	line := e.line
	if e.ru == nil {
		line = e.ua
	}
	return e.claimDistanceM(p, distance(line, p))
}

// claimDistanceM is lineDistanceM for one who knows the distance to the line.
func (e *edition) claimDistanceM(p geo.LatLon, toLine *float64) float64 {
	least := math.Inf(1)
	if toLine != nil {
		least = math.Abs(*toLine)
	}
	if d := distance(e.contested, p); d != nil {
		least = min(least, max(0, *d))
	}
	return least
}
