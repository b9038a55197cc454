package control

import (
	"math"
	"time"

	"whenwhere/internal/geo"
)

// Change is ground that changed hands near a place, by one provider's maps.
type Change struct {
	Provider string
	// Found is false when the provider has no two editions to compare;
	// nothing below is meaningful then.
	Found         bool
	Before, After Edition
	// Complete is false when the editions do not enclose the time asked for,
	// so that changes at its ends may be missing.
	Complete bool
	// Ground within the radius that came to each side, and that became
	// contested, in km². Ground that either edition leaves unknown is not counted.
	GainedRUKm2, GainedUAKm2, ContestedKm2 float64
	// NearestM is the distance to the nearest ground that changed class; nil
	// when none did within the radius.
	NearestM *float64
	// RowM is the spacing of the rows by which areas were measured. A changed
	// patch is measured exactly along each row; its error is below
	// RowM times its width, and a patch lower than RowM may be missed.
	RowM float64
}

// Operations compares, per provider and sorted by name, the edition in force
// at from with the first one at or after to, within radiusM of a place.
// Editions farther from that time than MaxReach are not compared: what changed
// between them may have changed in another season. It is meant for radii up to
// 200 km.
func (m *Maps) Operations(lat, lon, radiusM float64, from, to time.Time) []Change {
	out := make([]Change, 0, len(m.providers))
	for _, p := range m.providers {
		c := Change{Provider: p.name}
		first, last, complete, ok := p.enclosing(from, to)
		if ok && radiusM > 0 {
			c.Found, c.Complete, c.Before, c.After = true, complete, first.Edition, last.Edition
			c.measure(first, last, newDisc(geo.LatLon{Lat: lat, Lon: lon}, radiusM))
		}
		out = append(out, c)
	}
	return out
}

func (p provider) enclosing(from, to time.Time) (first, last *edition, complete, ok bool) {
	if len(p.editions) == 0 {
		return nil, nil, false, false
	}
	i, k := p.after(from)-1, p.notBefore(to)
	complete = i >= 0 && k < len(p.editions)
	i, k = max(i, 0), min(k, len(p.editions)-1)
	first, last = p.editions[i], p.editions[k]
	near := !first.AsOf.Before(from.Add(-MaxReach)) && !last.AsOf.After(to.Add(MaxReach))
	return first, last, complete, i < k && near
}

// disc is a circle on the ground cut into rows along parallels.
type disc struct {
	centre  geo.LatLon
	radiusM float64
	south   float64 // lowest latitude
	stepDeg float64 // height of a row
}

func newDisc(centre geo.LatLon, radiusM float64) disc {
	top := geo.Destination(centre, 0, radiusM).Lat
	low := geo.Destination(centre, 180, radiusM).Lat
	return disc{centre, radiusM, low, (top - low) / rowsAcrossDisc}
}

// row returns the middle parallel of row i and the stretch within the circle.
func (d disc) row(i int) (lat float64, chord span) {
	lat = d.south + (float64(i)+0.5)*d.stepDeg
	north := geo.DistanceM(d.centre, geo.LatLon{Lat: lat, Lon: d.centre.Lon})
	half := math.Sqrt(max(0, d.radiusM*d.radiusM-north*north))
	middle := (lat + d.centre.Lat) / 2
	perDeg := 100 * geo.DistanceM(geo.LatLon{Lat: middle}, geo.LatLon{Lat: middle, Lon: 0.01})
	return lat, span{From: d.centre.Lon - half/perDeg, To: d.centre.Lon + half/perDeg}
}

func (c *Change) measure(first, last *edition, d disc) {
	c.RowM = 2 * d.radiusM / rowsAcrossDisc
	least := math.Inf(1)
	for i := range rowsAcrossDisc {
		lat, chord := d.row(i)
		before, after := first.row(lat, spans{chord}), last.row(lat, spans{chord})
		known := before.ru.or(before.ua).or(before.contested)
		km2 := func(now, was spans) float64 {
			gained := now.and(known).minus(was)
			for _, s := range gained {
				at := geo.LatLon{Lat: lat, Lon: max(s.From, min(s.To, d.centre.Lon))}
				least = min(least, geo.DistanceM(d.centre, at))
			}
			return geo.StripKm2(lat-d.stepDeg/2, lat+d.stepDeg/2, gained.length())
		}
		c.GainedRUKm2 += km2(after.ru, before.ru)
		c.GainedUAKm2 += km2(after.ua, before.ua)
		c.ContestedKm2 += km2(after.contested, before.contested)
	}
	if !math.IsInf(least, 1) {
		c.NearestM = &least
	}
}

// classes is the ground of one edition along a row: disjoint, by the rules of
// edition.side.
type classes struct{ ru, ua, contested spans }

func (e *edition) row(lat float64, chord spans) classes {
	get := func(r *geo.Region) spans {
		if r == nil {
			return nil
		}
		return spans(r.Row(lat)).and(chord)
	}
	ru, ua := get(e.ru), get(e.ua)
	contested := get(e.contested).or(ru.and(ua))
	rest := chord.minus(ru).minus(ua).minus(contested)
	if e.coverage != nil {
		rest = rest.and(get(e.coverage))
	}
	out := classes{ru.minus(contested), ua.minus(contested), contested}
	switch e.rest {
	case RU:
		out.ru = out.ru.or(rest)
	case UA:
		out.ua = out.ua.or(rest)
	default: // the rest belongs to nobody that the map names
	}
	return out
}
