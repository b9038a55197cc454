package control

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"whenwhere/internal/control/mapfile"
	"whenwhere/internal/geo"
)

// Diff is the ground that changed class between two editions of one provider.
type Diff struct {
	Provider string
	// Found is false when no two editions are there to compare; nothing below
	// is meaningful then.
	Found         bool
	Before, After Edition
	// Complete is false when no edition was in force at the earlier moment, so
	// that Before is the first one there is.
	Complete bool
	// Patches by From, To and falling area. Ground that either edition leaves
	// unknown is in none.
	Patches []Patch
	// What came to each side and what became contested, in km².
	GainedRUKm2, GainedUAKm2, ContestedKm2 float64
	// RowM is 0 when the patches are exact. Shapes that cross themselves have
	// no exact difference, and some overlays go wrong: then the patches are rectangles of that height,
	// exact along their middles, and a patch lower than that may be missed.
	RowM  float64
	Flags []string // of both editions, and why the patches are not exact
}

// Patch is one polygon of ground that changed: exterior first and
// counter-clockwise, as RFC 7946 has it.
type Patch struct {
	From, To Side
	Shape    orb.Polygon
	Km2      float64
}

// ErrNoProvider: there are no maps of that name.
var ErrNoProvider = errors.New("control: no maps of that provider")

// Diff compares the edition in force at from with the one in force at to.
// Crossings of edges are rounded to the nearest float64; what that leaves,
// patches below one square metre, is left out. It takes under a second for
// maps of 3,000 edges.
func (m *Maps) Diff(from, to time.Time, provider string) (Diff, error) {
	for _, p := range m.providers {
		if p.name == provider {
			return p.diff(from, to), nil
		}
	}
	return Diff{}, fmt.Errorf("%w: %q", ErrNoProvider, provider)
}

func (p provider) diff(from, to time.Time) Diff {
	d := Diff{Provider: p.name}
	i, k := p.after(from)-1, p.after(to)-1
	d.Complete = i >= 0
	if i = max(0, i); i >= k {
		return d
	}
	before, after := p.editions[i], p.editions[k]
	d.Found, d.Before, d.After = true, before.Edition, after.Edition
	d.Flags = slices.Concat(before.Flags, after.Flags)
	if before.sameGround(after) {
		return d
	}
	err := d.exact(before, after)
	if err == nil {
		err = d.checkedByRows(before, after)
	}
	if err != nil {
		d.RowM, d.Patches = diffRowM, nil
		d.Flags = append(d.Flags, fmt.Sprintf("measured by rows of %d m: %v", diffRowM, err))
		d.byRows(before, after)
	}
	d.finish()
	return d
}

// finish sorts and sums up.
func (d *Diff) finish() {
	slices.SortStableFunc(d.Patches, func(a, b Patch) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(b.Km2, a.Km2))
	})
	for _, p := range d.Patches {
		switch p.To {
		case RU:
			d.GainedRUKm2 += p.Km2
		case UA:
			d.GainedUAKm2 += p.Km2
		default:
			d.ContestedKm2 += p.Km2
		}
	}
}

const dustKm2 = 1e-6

func (d *Diff) exact(before, after *edition) error {
	was, err := before.ground()
	if err != nil {
		return fmt.Errorf("%s: %w", before.File, err)
	}
	is, err := after.ground()
	if err != nil {
		return fmt.Errorf("%s: %w", after.File, err)
	}
	for _, from := range sides {
		for _, to := range sides {
			if from == to || len(was[from]) == 0 || len(is[to]) == 0 {
				continue
			}
			shape, err := geo.Intersection(was[from], is[to])
			if err != nil {
				return err
			}
			for _, p := range shape {
				if km2 := geo.AreaKm2(orb.MultiPolygon{p}); km2 >= dustKm2 {
					d.Patches = append(d.Patches, Patch{from, to, p, km2})
				}
			}
		}
	}
	return nil
}

var sides = [...]Side{Contested, RU, UA}

// ground is what each side holds by the rules of edition.side, as shapes.
func (e *edition) ground() (map[Side]orb.MultiPolygon, error) {
	shape := func(r *geo.Region) orb.MultiPolygon {
		if r == nil {
			return nil
		}
		return r.Shape()
	}
	var c overlays
	ru, ua := shape(e.ru), shape(e.ua)
	contested := c.or(shape(e.contested), c.and(ru, ua))
	ru, ua = c.minus(ru, contested), c.minus(ua, contested)
	out := map[Side]orb.MultiPolygon{RU: ru, UA: ua, Contested: contested}
	if e.rest != Unknown {
		whole := orb.MultiPolygon{mapfile.Theatre().ToPolygon()}
		if e.coverage != nil {
			whole = e.coverage.Shape()
		}
		rest := c.minus(c.minus(c.minus(whole, ru), ua), contested)
		out[e.rest] = c.or(out[e.rest], rest)
	}
	return out, c.err
}

// overlays passes over what is empty and remembers the first error.
type overlays struct{ err error }

func (c *overlays) do(f func(a, b orb.MultiPolygon) (orb.MultiPolygon, error), a, b orb.MultiPolygon) orb.MultiPolygon {
	if c.err != nil {
		return nil
	}
	var out orb.MultiPolygon
	out, c.err = f(a, b)
	return out
}

func (c *overlays) and(a, b orb.MultiPolygon) orb.MultiPolygon {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	return c.do(geo.Intersection, a, b)
}

func (c *overlays) or(a, b orb.MultiPolygon) orb.MultiPolygon {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	return c.do(geo.Union, a, b)
}

func (c *overlays) minus(a, b orb.MultiPolygon) orb.MultiPolygon {
	if len(a) == 0 || len(b) == 0 {
		return a
	}
	return c.do(geo.Difference, a, b)
}

// 500 m: a quarter of what maps of one day differ by.
const diffRowM = 500

// byRows cuts the theatre into rows.
func (d *Diff) byRows(before, after *edition) {
	b := mapfile.Theatre()
	low, high := geo.LatLon{Lat: b.Min[1], Lon: b.Min[0]}, geo.LatLon{Lat: b.Max[1], Lon: b.Min[0]}
	rows := int(geo.DistanceM(low, high)/diffRowM) + 1
	stepDeg := (high.Lat - low.Lat) / float64(rows)
	for i := range rows {
		south := low.Lat + float64(i)*stepDeg
		whole := span{From: b.Min[0], To: b.Max[0]}
		was, is := before.row(south+stepDeg/2, whole), after.row(south+stepDeg/2, whole)
		if was.equal(is) {
			continue
		}
		for _, from := range sides {
			for _, to := range sides {
				if from != to {
					d.rectangles(from, to, was.of(from).and(is.of(to)), south, south+stepDeg)
				}
			}
		}
	}
}

func (c classes) of(s Side) spans {
	return map[Side]spans{RU: c.ru, UA: c.ua, Contested: c.contested}[s]
}

func (d *Diff) rectangles(from, to Side, list spans, south, north float64) {
	for _, s := range list {
		shape := orb.Bound{Min: orb.Point{s.From, south}, Max: orb.Point{s.To, north}}.ToPolygon()
		if km2 := geo.StripKm2(south, north, s.To-s.From); km2 >= dustKm2 {
			d.Patches = append(d.Patches, Patch{from, to, shape, km2})
		}
	}
}
