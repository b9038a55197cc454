package control

import (
	"cmp"
	"math"
	"slices"
	"time"

	"whenwhere/internal/geo"
)

// Distribution is what one provider's maps say of a disc during a span of time.
type Distribution struct {
	Provider string
	// Found is false when every edition is later than the span; nothing below
	// is meaningful then.
	Found bool
	// Editions are those in force during the span, oldest first, and the one
	// that follows, if any.
	Editions []Edition
	// Shares of area × time, sum 1. An edition counts for the time from its
	// moment to the next one's; ground on which the two differ is contested for
	// all of that time. Unknown is ground that the maps do not cover and, of
	// that, BeforeFirst the time before the first edition.
	RU, UA, Contested, Unknown, BeforeFirst float64
	// AgeHours of the edition in force at the start of the span (at the first
	// edition when the span begins before it).
	AgeHours float64
	// DistanceM is nil when no edition draws a line.
	DistanceM *Quantiles
	// RowM is the spacing of the rows by which shares were measured: exact
	// along each row.
	RowM  float64
	Flags []string // of all editions used
}

// Quantiles of the signed distance to the line over area × time in metres,
// negative inside ground held by ru. They come of 256 cells of equal area, each
// with the distance of its middle; as no place of a cell is farther from the
// middle than a tenth of the radius, and distance changes no faster than place,
// each quantile is off by at most ErrM. Where part of an edge is no line (a
// coast, see WithLand) the sign jumps there, and ErrM does not bound that.
type Quantiles struct {
	Least, P05, P25, Median, P75, P95, Most float64
	ErrM                                    float64
	// OfShare of area × time has an edition with a line.
	OfShare float64
}

// Distribution answers for a place known to radiusM and a time known to a span,
// per provider, sorted by name. With no radius and no span it says what At
// says. Nothing in it is random.
func (m *Maps) Distribution(lat, lon, radiusM float64, from, to time.Time) []Distribution {
	out := make([]Distribution, 0, len(m.providers))
	for _, p := range m.providers {
		out = append(out, p.distribution(newDisc(geo.LatLon{Lat: lat, Lon: lon}, max(0, radiusM), rowsOfShares), from, to))
	}
	return out
}

// A share is needed to a percent, in which 100 rows are right for any line that
// does not run along them.
const rowsOfShares = 100

// reign is the time during which an edition is in force, as a part of a span.
type reign struct {
	e, next *edition // next is nil after the last
	part    float64
}

func (p provider) distribution(d disc, from, to time.Time) Distribution {
	out := Distribution{Provider: p.name}
	reigns, before := p.reigns(from, to)
	if len(reigns) == 0 {
		return out
	}
	out.Found, out.BeforeFirst, out.Unknown = true, before, before
	out.RowM = 2 * d.radiusM / float64(d.rows)
	out.AgeHours = max(0, from.Sub(reigns[0].e.AsOf).Hours())
	for _, r := range reigns {
		out.use(r.e)
		ru, ua, contested, unknown := d.shares(r.e, r.next)
		out.RU += r.part * ru
		out.UA += r.part * ua
		out.Contested += r.part * contested
		out.Unknown += r.part * unknown
	}
	if last := reigns[len(reigns)-1]; last.next != nil {
		out.use(last.next)
	}
	out.DistanceM = quantiles(reigns, d)
	return out
}

func (x *Distribution) use(e *edition) {
	x.Editions = append(x.Editions, e.Edition)
	x.Flags = append(x.Flags, e.Flags...)
}

// reigns divides [from, to] among the editions; before is the part without one.
func (p provider) reigns(from, to time.Time) (out []reign, before float64) {
	span := to.Sub(from).Seconds()
	for i := max(0, p.after(from)-1); i < len(p.editions) && !p.editions[i].AsOf.After(to); i++ {
		r := reign{e: p.editions[i], part: 1}
		start, end := later(from, r.e.AsOf), to
		if i+1 < len(p.editions) {
			r.next = p.editions[i+1]
			end = earlier(to, r.next.AsOf)
		}
		if span > 0 {
			r.part = end.Sub(start).Seconds() / span
			if len(out) == 0 {
				before = start.Sub(from).Seconds() / span
			}
			if r.part == 0 {
				continue // begins with the last moment of the span
			}
		}
		out = append(out, r)
	}
	return out, before
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// shares of the disc between an edition and the next.
func (d disc) shares(e, next *edition) (ru, ua, contested, unknown float64) {
	if d.radiusM == 0 || e.uniform(d) && (next == nil || next.uniform(d)) {
		side, _ := e.side(d.centre)
		if next != nil {
			side = between(side, next, d.centre)
		}
		one := func(s Side) float64 {
			if side == s {
				return 1
			}
			return 0
		}
		return one(RU), one(UA), one(Contested), one(Unknown)
	}
	var all float64
	for i := range d.rows {
		lat, chord := d.row(i)
		was := e.row(lat, chord)
		said := was.ru.length() + was.ua.length() + was.contested.length()
		if next != nil && !e.sameGround(next) {
			then := next.row(lat, chord)
			was.ru = was.ru.minus(then.ua).minus(then.contested)
			was.ua = was.ua.minus(then.ru).minus(then.contested)
		}
		held := [2]float64{was.ru.length(), was.ua.length()}
		km2 := func(deg float64) float64 { return geo.StripKm2(lat-d.stepDeg/2, lat+d.stepDeg/2, deg) }
		ru += km2(held[0])
		ua += km2(held[1])
		contested += km2(max(0, said-held[0]-held[1]))
		unknown += km2(max(0, chord.To-chord.From-said))
		all += km2(chord.To - chord.From)
	}
	return ru / all, ua / all, contested / all, unknown / all
}

// uniform: no border of anything that the edition draws comes into the disc,
// so that all of it is of one class.
func (e *edition) uniform(d disc) bool {
	for _, r := range [...]*geo.Region{e.ru, e.ua, e.contested, e.coverage} {
		if r != nil && math.Abs(r.SignedDistanceM(d.centre)) <= 1.01*d.radiusM {
			return false
		}
	}
	return e.rest == Unknown || e.coverage != nil || d.inTheatre()
}

// Rings of a disc with 4, 12, 20 ... cells, all of one area: 256 cells.
const rings = 8

// cells are the middles of 256 parts of the disc of equal area. None of its
// places is farther than 0.1 radii from the middle of its cell (the innermost
// quarter discs: 0.092).
const cellReach = 0.1

func (d disc) cells() []geo.LatLon {
	if d.radiusM == 0 {
		return []geo.LatLon{d.centre}
	}
	var out []geo.LatLon
	for ring := range rings {
		n := 4 * (2*ring + 1)
		for k := range n {
			out = append(out, geo.Destination(d.centre, (float64(k)+0.5)*360/float64(n), d.radiusM*(float64(ring)+0.5)/rings))
		}
	}
	return out
}

type weighted struct{ m, weight float64 }

func quantiles(reigns []reign, d disc) *Quantiles {
	var list []weighted
	var ofShare float64
	cells := d.cells()
	for i, r := range reigns {
		switch {
		case r.e.line == nil:
			continue
		case i > 0 && r.e.line == reigns[i-1].e.line: // the same ground goes on
			for _, w := range list[len(list)-len(cells):] {
				list = append(list, weighted{w.m, r.part / float64(len(cells))})
			}
		default:
			for _, p := range cells {
				list = append(list, weighted{r.e.line.SignedDistanceM(p), r.part / float64(len(cells))})
			}
		}
		ofShare += r.part
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b weighted) int { return cmp.Compare(a.m, b.m) })
	at := func(q float64) float64 {
		var sum float64
		for _, w := range list {
			if sum += w.weight; sum >= q*ofShare {
				return w.m
			}
		}
		return list[len(list)-1].m
	}
	return &Quantiles{
		Least: list[0].m, P05: at(0.05), P25: at(0.25), Median: at(0.5), P75: at(0.75), P95: at(0.95), Most: list[len(list)-1].m,
		ErrM: cellReach * d.radiusM, OfShare: ofShare,
	}
}
