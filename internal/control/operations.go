package control

import (
	"math"
	"slices"
	"time"

	"whenwhere/internal/control/mapfile"
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
	// contested, in km². Ground that either edition leaves unknown is not
	// counted, nor contested ground when the editions are of two formats.
	GainedRUKm2, GainedUAKm2, ContestedKm2 float64
	// NearestM is the distance to the nearest ground that changed class, and
	// NearestDeg its bearing, degrees clockwise from north; nil when none did
	// within the radius, the bearing also when the place itself changed.
	NearestM, NearestDeg *float64
	// How each side's gains lie to the line of Before; nil when there are none,
	// or when Before draws no line.
	AdvanceRU, AdvanceUA *Advance
	// RowM is the spacing of the rows by which areas were measured. A changed
	// patch is measured exactly along each row; its error is below
	// RowM times its width, and a patch lower than RowM may be missed.
	RowM float64
}

// Advance is how ground gained lies to the line as it was before. 128 places
// are spread evenly over that ground, row by row; of each counts the bearing
// under which it is seen from the nearest place of the earlier line.
type Advance struct {
	// BearingDeg is the circular mean of the bearings: the direction of the sum
	// of their unit vectors, degrees clockwise from north.
	BearingDeg float64
	// Steady is the mean length of that sum: 1 when all ground lies one way,
	// near 0 when the line grew to all sides, and then the bearing means nothing.
	Steady float64
	DepthM float64 // mean distance from the earlier line
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
			first, last = alike(first, last)
			c.measure(first, last, newDisc(geo.LatLon{Lat: lat, Lon: lon}, radiusM, rowsAcrossDisc))
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
	rows    int
	south   float64 // lowest latitude
	stepDeg float64 // height of a row
}

func newDisc(centre geo.LatLon, radiusM float64, rows int) disc {
	top := geo.Destination(centre, 0, radiusM).Lat
	low := geo.Destination(centre, 180, radiusM).Lat
	return disc{centre, radiusM, rows, low, (top - low) / float64(rows)}
}

// inTheatre: all of the disc is.
func (d disc) inTheatre() bool {
	b := mapfile.Theatre()
	for _, az := range [...]float64{0, 90, 180, 270} {
		p := geo.Destination(d.centre, az, 1.01*d.radiusM)
		if p.Lat < b.Min[1] || p.Lat > b.Max[1] || p.Lon < b.Min[0] || p.Lon > b.Max[0] {
			return false
		}
	}
	return true
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
	c.RowM = 2 * d.radiusM / float64(d.rows)
	if first.sameGround(last) || first.uniform(d) && last.uniform(d) && first.sameAt(last, d.centre) {
		return
	}
	near := nearestGain{least: math.Inf(1)}
	var ru, ua, contested stretches
	for i := range d.rows {
		lat, chord := d.row(i)
		before, after := first.row(lat, chord), last.row(lat, chord)
		if before.equal(after) {
			continue
		}
		known := before.ru.or(before.ua).or(before.contested)
		km2 := func(now, was spans, all *stretches) float64 {
			gained := now.and(known).minus(was)
			near.try(d, lat, gained)
			all.add(lat, gained)
			return geo.StripKm2(lat-d.stepDeg/2, lat+d.stepDeg/2, gained.length())
		}
		c.GainedRUKm2 += km2(after.ru, before.ru, &ru)
		c.GainedUAKm2 += km2(after.ua, before.ua, &ua)
		c.ContestedKm2 += km2(after.contested, before.contested, &contested)
	}
	c.AdvanceRU, c.AdvanceUA = ru.from(first.line), ua.from(first.line)
	c.NearestM, c.NearestDeg = near.answer(d.centre)
}

func (e *edition) sameAt(o *edition, p geo.LatLon) bool {
	a, _ := e.side(p)
	b, _ := o.side(p)
	return a == b
}

type nearestGain struct {
	least float64
	at    geo.LatLon
}

// try: of a stretch of a parallel the place nearest to the centre is the one
// nearest in longitude.
func (n *nearestGain) try(d disc, lat float64, gained spans) {
	for _, s := range gained {
		at := geo.LatLon{Lat: lat, Lon: max(s.From, min(s.To, d.centre.Lon))}
		if m := geo.DistanceM(d.centre, at); m < n.least {
			n.least, n.at = m, at
		}
	}
}

func (n *nearestGain) answer(centre geo.LatLon) (m, deg *float64) {
	if math.IsInf(n.least, 1) {
		return nil, nil
	}
	if az, ok := geo.AzimuthDeg(centre, n.at); ok {
		deg = &az
	}
	return &n.least, deg
}

const advancePlaces = 128

// stretches are pieces of rows; rows are of one height, so that lengths on the
// ground are areas.
type stretches struct {
	list   []stretch
	length float64 // degrees of longitude as at the equator
}

type stretch struct {
	lat, from, length float64
}

func (a *stretches) add(lat float64, more spans) {
	for _, s := range more {
		length := (s.To - s.From) * math.Cos(lat*math.Pi/180)
		a.list = append(a.list, stretch{lat, s.From, length})
		a.length += length
	}
}

// from is the Advance beyond the line; nil without either.
func (a *stretches) from(line *geo.Region) *Advance {
	if line == nil || a.length == 0 {
		return nil
	}
	var north, east, depthM, n float64
	i, done := 0, 0.0 // done is the length before stretch i
	for k := range advancePlaces {
		at := (float64(k) + 0.5) * a.length / advancePlaces
		for ; i+1 < len(a.list) && at > done+a.list[i].length; i++ {
			done += a.list[i].length
		}
		s := a.list[i]
		place := geo.LatLon{Lat: s.lat, Lon: s.from + (at-done)/math.Cos(s.lat*math.Pi/180)}
		start := line.Nearest(place)
		if az, ok := geo.AzimuthDeg(start, place); ok {
			sin, cos := math.Sincos(az * math.Pi / 180)
			north, east, n = north+cos, east+sin, n+1
			depthM += geo.DistanceM(start, place)
		}
	}
	if n == 0 {
		return nil
	}
	return &Advance{
		BearingDeg: math.Mod(math.Atan2(east, north)*180/math.Pi+360, 360),
		Steady:     math.Hypot(east, north) / n, DepthM: depthM / n,
	}
}

// classes is the ground of one edition along a row: disjoint, by the rules of
// edition.side.
type classes struct{ ru, ua, contested spans }

func (c classes) equal(o classes) bool {
	return slices.Equal(c.ru, o.ru) && slices.Equal(c.ua, o.ua) && slices.Equal(c.contested, o.contested)
}

func (e *edition) row(lat float64, within span) classes {
	chord := spans{within}
	get := func(r *geo.Region) spans {
		if r == nil {
			return nil
		}
		return spans(r.Row(lat)).and(chord)
	}
	ru, ua := get(e.ru), get(e.ua)
	contested := get(e.contested).or(ru.and(ua))
	out := classes{ru.minus(contested), ua.minus(contested), contested}
	if e.rest == Unknown {
		return out
	}
	rest := chord.minus(ru).minus(ua).minus(contested)
	if e.coverage != nil {
		rest = rest.and(get(e.coverage))
	} else {
		rest = rest.and(theatreRow(lat))
	}
	if e.rest == RU {
		out.ru = out.ru.or(rest)
	} else {
		out.ua = out.ua.or(rest)
	}
	return out
}

func theatreRow(lat float64) spans {
	b := mapfile.Theatre()
	if lat < b.Min[1] || lat > b.Max[1] {
		return nil
	}
	return spans{{From: b.Min[0], To: b.Max[0]}}
}
