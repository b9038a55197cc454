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
	// unknown is in none, nor is contested ground of editions of two formats.
	Patches []Patch
	// What came to each side and what became contested, in km².
	GainedRUKm2, GainedUAKm2, ContestedKm2 float64
	// RowM is 0 when the patches are exact. Shapes that cross themselves have
	// no exact difference, and some overlays go wrong, as rows then show: the
	// patches are rectangles of that height, exact along their middles, and a
	// patch lower than that may be missed.
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
	before, after = alike(before, after)
	if before.sameGround(after) {
		return d
	}
	rows := rowPatches(before, after)
	exact, err := exactPatches(before, after)
	if err == nil {
		err = checkedByRows(exact, rows)
	}
	if d.Patches = exact; err != nil {
		d.Patches, d.RowM = rows, diffRowM
		d.Flags = append(d.Flags, fmt.Sprintf("measured by rows of %d m: %v", diffRowM, err))
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

const (
	dustKm2 = 1e-6
	// gapKm2 is one hectare: pieces below that which an overlay leaves are the
	// gaps and overlaps of polygons drawn side by side by hand. With them as
	// input the next overlay is the more likely to go wrong.
	gapKm2 = 0.01
)

var sides = [...]Side{Contested, RU, UA}

// drawnGround is what each side is drawn as holding by the rules of
// edition.side, and who holds the rest within the coverage, nil for the theatre.
type drawnGround struct {
	of       map[Side]orb.MultiPolygon
	rest     Side
	coverage orb.MultiPolygon
}

func (c *overlays) ground(e *edition) drawnGround {
	shape := func(r *geo.Region) orb.MultiPolygon {
		if r == nil {
			return nil
		}
		return r.Shape()
	}
	ru, ua := shape(e.ru), shape(e.ua)
	contested := c.or(shape(e.contested), withoutGaps(c.and(ru, ua)))
	return drawnGround{of: map[Side]orb.MultiPolygon{
		RU: c.minus(ru, contested), UA: c.minus(ua, contested), Contested: contested,
	}, rest: e.rest, coverage: shape(e.coverage)}
}

// beside is the part of shape that g leaves to the rest.
func (c *overlays) beside(shape orb.MultiPolygon, g drawnGround) orb.MultiPolygon {
	made := false // shape came of an overlay
	for _, s := range sides {
		if len(g.of[s]) == 0 {
			continue
		}
		if made {
			shape = withoutGaps(shape)
		}
		shape, made = c.minus(shape, g.of[s]), true
	}
	if g.coverage == nil {
		return shape
	}
	return c.and(shape, g.coverage)
}

func withoutGaps(shape orb.MultiPolygon) orb.MultiPolygon {
	return slices.DeleteFunc(slices.Clone(shape), func(p orb.Polygon) bool { return geo.AreaKm2(orb.MultiPolygon{p}) < gapKm2 })
}

func exactPatches(before, after *edition) (out []Patch, err error) {
	var c overlays
	was, is := c.ground(before), c.ground(after)
	add := func(from, to Side, shape orb.MultiPolygon) {
		for _, p := range shape {
			if km2 := geo.AreaKm2(orb.MultiPolygon{p}); km2 >= dustKm2 {
				out = append(out, Patch{from, to, p, km2})
			}
		}
	}
	for _, s := range sides {
		for _, to := range sides {
			if s != to {
				add(s, to, c.and(was.of[s], is.of[to]))
			}
		}
		if is.rest != Unknown && is.rest != s {
			add(s, is.rest, c.beside(was.of[s], is))
		}
		if was.rest != Unknown && was.rest != s {
			add(was.rest, s, c.beside(is.of[s], was))
		}
	}
	if was.rest != Unknown && is.rest != Unknown && was.rest != is.rest {
		theatre := orb.MultiPolygon{mapfile.Theatre().ToPolygon()}
		add(was.rest, is.rest, c.beside(c.beside(theatre, was), is))
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

// rowPatches cuts the theatre into rows.
func rowPatches(before, after *edition) (out []Patch) {
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
					out = append(out, rectangles(from, to, was.of(from).and(is.of(to)), south, south+stepDeg)...)
				}
			}
		}
	}
	return out
}

func (c classes) of(s Side) spans {
	switch s {
	case RU:
		return c.ru
	case UA:
		return c.ua
	default:
		return c.contested
	}
}

func rectangles(from, to Side, list spans, south, north float64) (out []Patch) {
	for _, s := range list {
		shape := orb.Bound{Min: orb.Point{s.From, south}, Max: orb.Point{s.To, north}}.ToPolygon()
		if km2 := geo.StripKm2(south, north, s.To-s.From); km2 >= dustKm2 {
			out = append(out, Patch{from, to, shape, km2})
		}
	}
	return out
}
