package control

import (
	"fmt"
	"slices"
	"time"

	"whenwhere/internal/geo"
)

// provider is the editions of one name. Nothing of it changes once made.
type provider struct {
	name     string
	editions []*edition // sorted by AsOf, all different
	bare     []*edition // the same without the doubts that come of their order
}

// newProvider sorts editions, whose regions it may replace by equal ones: 16
// of 209 real daily maps equal the day before, and need no room of their own.
func newProvider(name string, editions []*edition) provider {
	slices.SortFunc(editions, func(a, b *edition) int { return a.AsOf.Compare(b.AsOf) })
	pool := geo.NewPool()
	for i, e := range editions {
		if same := i > 0 && e.share(editions[i-1]); !same {
			e.pool(pool)
		}
	}
	return provider{name: name, editions: flagDrops(editions), bare: editions}
}

// flagDrops: an edition that loses more than a fifth of the area of the one
// before is more often a broken export than an event; a person must look.
// Editions that get a flag are copied.
func flagDrops(editions []*edition) []*edition {
	out := slices.Clone(editions)
	for i := 1; i < len(editions); i++ {
		before, now := editions[i-1].HeldKm2, editions[i].HeldKm2
		if now < (1-maxDrop)*before {
			e := *editions[i]
			e.Flags = append(e.Flags[:len(e.Flags):len(e.Flags)],
				fmt.Sprintf("area fell by %.0f %%, from %.0f to %.0f km2, since %s", 100*(1-now/before), before, now, editions[i-1].File))
			out[i] = &e
		}
	}
	return out
}

// share takes over what is equal in the edition before; all tells whether
// everything was.
func (e *edition) share(before *edition) (all bool) {
	for _, x := range [...]struct{ mine, theirs **geo.Region }{
		{&e.ru, &before.ru}, {&e.ua, &before.ua}, {&e.contested, &before.contested}, {&e.coverage, &before.coverage},
	} {
		if *x.mine != nil && *x.theirs != nil && (*x.mine).Equal(*x.theirs) {
			*x.mine = *x.theirs
		}
	}
	if all = e.sameGround(before); all {
		e.line = before.line
	}
	return all
}

// pool keeps once what e has in common with editions pooled before.
func (e *edition) pool(pool *geo.Pool) {
	whole := e.line == e.ru
	for _, r := range [...]**geo.Region{&e.ru, &e.ua, &e.contested} {
		if *r != nil {
			*r = pool.Share(*r)
		}
	}
	if whole {
		e.line = e.ru
	} else if e.line != nil {
		e.line = pool.Share(e.line)
	}
}

// sameGround: both draw the same, as shared has found.
func (e *edition) sameGround(o *edition) bool {
	return e.ru == o.ru && e.ua == o.ua && e.contested == o.contested && e.coverage == o.coverage && e.rest == o.rest
}

// KnownBy is what could be known at t: the editions with KnownAt not after it.
// A provider none of whose editions was known answers that it has no data.
func (m *Maps) KnownBy(t time.Time) *Maps {
	out := &Maps{}
	for _, p := range m.providers {
		known := slices.DeleteFunc(slices.Clone(p.bare), func(e *edition) bool { return e.KnownAt.After(t) })
		if len(known) == len(p.bare) {
			out.providers = append(out.providers, p)
			continue
		}
		out.providers = append(out.providers, provider{name: p.name, editions: flagDrops(known), bare: known})
	}
	return out
}

// WithLand is the same maps with another line: of the edge of ground held by
// ru only what faces land, the outline of the ground that the belligerents may
// hold, stepM beyond it (see geo.Region.Facing; 1 km bridges what outlines of
// different hands differ by). It is how coast and state border are kept out of
// distances when the maps themselves state no coverage. The outline must be of
// dry land: administrative borders reach 12 sea miles out, and with those the
// coast stays a line. It costs some milliseconds a map.
func (m *Maps) WithLand(land *geo.Region, stepM float64) *Maps {
	out := &Maps{}
	for _, p := range m.providers {
		editions := make([]*edition, len(p.bare))
		for i, old := range p.bare {
			e := *old
			switch {
			case i > 0 && old.line == p.bare[i-1].line:
				e.line = editions[i-1].line
			case old.line != nil:
				e.line = facing(old.line, land, stepM)
			}
			e.wholeEdge = false
			editions[i] = &e
		}
		out.providers = append(out.providers, provider{name: p.name, editions: flagDrops(editions), bare: editions})
	}
	return out
}

// facing is r with the line that faces land; nil when none is left.
func facing(r, land *geo.Region, stepM float64) *geo.Region {
	if line := r.Facing(land, stepM); line.HasLine() {
		return line
	}
	return nil
}

// Provider answers many questions of one provider's maps without allocating:
// what At answers, and nothing besides.
type Provider struct {
	seconds  []int64 // as-of times, Unix
	editions []*edition
	same     []bool // edition i draws the ground of edition i+1
}

// Provider prepares a provider for many questions; ok is false when there are
// no maps of that name.
func (m *Maps) Provider(name string) (p *Provider, ok bool) {
	for _, q := range m.providers {
		if q.name != name {
			continue
		}
		p = &Provider{editions: q.editions}
		for i, e := range q.editions {
			p.seconds = append(p.seconds, e.AsOf.Unix())
			p.same = append(p.same, i+1 < len(q.editions) && e.sameGround(q.editions[i+1]))
		}
		return p, true
	}
	return nil, false
}

// inForce is the index of the last edition not after t, -1 when there is none.
func (p *Provider) inForce(t time.Time) int {
	second, low, high := t.Unix(), 0, len(p.seconds)
	for low < high {
		if middle := (low + high) / 2; p.seconds[middle] <= second {
			low = middle + 1
		} else {
			high = middle
		}
	}
	for low--; low >= 0 && p.editions[low].AsOf.After(t); low-- {
		continue // within that second
	}
	return low
}

// SideAt is Answer.Side and Answer.Found: who held a place between the edition
// in force at t and the next, contested when the two differ.
func (p *Provider) SideAt(where geo.LatLon, t time.Time) (side Side, found bool) {
	i := p.inForce(t)
	if i < 0 {
		return Unknown, false
	}
	return p.side(i, where), true
}

func (p *Provider) side(i int, where geo.LatLon) Side {
	side, _ := p.editions[i].side(where)
	if p.same[i] || i+1 == len(p.editions) {
		return side
	}
	return between(side, p.editions[i+1], where)
}

// DistanceAt is SideAt with Answer.DistanceM: metres to the line, negative
// inside ground held by ru. ok is false when there is no edition or no line;
// side is right nevertheless.
func (p *Provider) DistanceAt(where geo.LatLon, t time.Time) (side Side, distanceM float64, ok bool) {
	i := p.inForce(t)
	if i < 0 {
		return Unknown, 0, false
	}
	side = p.side(i, where)
	line := p.editions[i].line
	if line == nil {
		return side, 0, false
	}
	return side, line.SignedDistanceM(where), true
}
