package solar

import "math"

// track follows one body of a table over the sky of one site.
type track struct {
	table                *Table
	sinLat, cosLat       float64
	lonDeg               float64
	axial, equatorial    float64 // the site from the Earth's centre, in equatorial radii
	maxDeclinationPerRad float64 // fastest drift of the declination per rad of hour angle
}

func newTrack(t *Table, s Site) track {
	sinLat, cosLat := math.Sincos(rad(s.LatDeg))
	axial, equatorial := geocentricSite(sinLat, cosLat, s.HeightM)
	return track{
		table: t, sinLat: sinLat, cosLat: cosLat, lonDeg: s.LonDeg, axial: axial, equatorial: equatorial,
		maxDeclinationPerRad: t.maxDeclinationRate / slowestTurn,
	}
}

// slowestTurn is the hour angle's least speed in rad per day; the Moon's own motion takes up to 16
// degrees a day from the Earth's turn.
const slowestTurn = 2 * math.Pi * (361.0 - 16.5) / 360

// look is what a site sees at an instant: the vector to the body, its speed per day, and the angles
// that the speed comes from.
type look struct {
	up, north, east          float64
	upRate, northRate, eRate float64
	length, lengthRate       float64
	hour, hourRate           float64 // rad, rad per day
	tanDec, decRate          float64
}

func (k *track) at(days float64) look {
	p, x := k.table.find(days)
	perDay := math.Pi / 180 / k.table.stepDays
	dec, decRate := rad(p.declination.at(x)), p.declination.slope(x)*perDay
	hour := rad(math.Mod(meanSiderealDeg(days)+p.equinoxes.at(x)+k.lonDeg-p.rightAsc.at(x), 360))
	hourRate := rad(meanSiderealRate) - p.rightAsc.slope(x)*perDay
	sinDec, cosDec := math.Sincos(dec)
	sinHour, cosHour := math.Sincos(hour)
	parallax := rad(parallaxDeg) / p.distance.at(x)

	meridian, polar := cosDec*cosHour-k.equatorial*parallax, sinDec-k.axial*parallax
	meridianRate := -cosDec*sinHour*hourRate - sinDec*cosHour*decRate
	polarRate := cosDec * decRate
	v := look{
		up: k.cosLat*meridian + k.sinLat*polar, north: k.cosLat*polar - k.sinLat*meridian,
		east:   -cosDec * sinHour,
		upRate: k.cosLat*meridianRate + k.sinLat*polarRate, northRate: k.cosLat*polarRate - k.sinLat*meridianRate,
		eRate: sinDec*sinHour*decRate - cosDec*cosHour*hourRate,
		hour:  hour, hourRate: hourRate, tanDec: sinDec / cosDec, decRate: decRate,
	}
	v.length = math.Sqrt(v.up*v.up + v.north*v.north + v.east*v.east)
	v.lengthRate = (v.up*v.upRate + v.north*v.northRate + v.east*v.eRate) / v.length
	return v
}

// meanSiderealRate is the speed of meanSiderealDeg in degrees per day.
const meanSiderealRate = 360.98564736629

// edge is a line over the sky that a body crosses: where up, north and east, weighted, equal the
// length of the vector times cone. A cone about the zenith is a circle of equal elevation, a plane
// through the zenith the two opposite azimuths. Both are then the same problem: the left side turns
// once a day as a cosine of the hour angle, so it has one peak, one trough and at most one crossing
// on each side of the peak, in the tropics and at the poles as elsewhere.
type edge struct{ up, north, east, cone float64 }

// elevationEdge is positive above the elevation.
func elevationEdge(elevationDeg float64) edge {
	return edge{up: 1, cone: math.Sin(rad(elevationDeg))}
}

// azimuthEdge is positive in the half of the sky clockwise of the azimuth.
func azimuthEdge(azimuthDeg float64) edge {
	sin, cos := math.Sincos(rad(azimuthDeg))
	return edge{north: -sin, east: cos}
}

func (e edge) value(v *look) float64 {
	return e.up*v.up + e.north*v.north + e.east*v.east - e.cone*v.length
}

func (e edge) rate(v *look) float64 {
	return e.up*v.upRate + e.north*v.northRate + e.east*v.eRate - e.cone*v.lengthRate
}

// swing is the course of an edge's value over a day: amplitude x cos(dec) x cos(hour - peak) +
// polar x sin(dec).
type swing struct{ amplitude, peakHour, polar float64 }

func (k *track) swing(e edge) swing {
	cos, sin := e.up*k.cosLat-e.north*k.sinLat, -e.east
	return swing{
		amplitude: math.Hypot(cos, sin),
		peakHour:  math.Atan2(sin, cos),
		polar:     e.up*k.sinLat + e.north*k.cosLat,
	}
}

// turnings returns the instants that split from..to into stretches over which the value only rises
// or only falls, beginning before from and ending after to.
func (k *track) turnings(e edge, from, to float64) []float64 {
	s := k.swing(e)
	// The drift of the declination moves a turning point by the arcsine of this. Near the pole it
	// wins over the turn of the Earth; then the points are searched for.
	const tanDecLimit = 0.6 // the Moon reaches declination 28.7
	drift := k.maxDeclinationPerRad * (math.Abs(s.polar) + tanDecLimit*s.amplitude)
	if drift > 0.3*s.amplitude {
		return k.searchTurnings(e, from, to)
	}
	v := k.at(from)
	sincePeak := rad(wrap360(deg(v.hour - s.peakHour)))
	at := from - (sincePeak+math.Pi)/v.hourRate // the trough before the last peak
	turns := make([]float64, 0, int(2*(to-from))+8)
	for sign := -1.0; ; sign = -sign {
		var v look
		at, v = k.turnNear(s, at, sign)
		turns = append(turns, at)
		if at >= to {
			return turns
		}
		at += math.Pi / v.hourRate
	}
}

// turnNear refines a peak (sign 1) or trough (sign -1). The guess is off by minutes; each step leaves
// a hundredth of the error or less, and an error of 1e-5 rad in the place of a turning point changes
// the value there by 1e-10.
func (k *track) turnNear(s swing, days, sign float64) (float64, look) {
	const enoughDays, maxSteps = 1e-3, 6
	var v look
	for range maxSteps {
		v = k.at(days)
		shift := math.Asin(v.decRate / v.hourRate * (s.polar - sign*s.amplitude*v.tanDec) / s.amplitude)
		target := s.peakHour + sign*shift
		if sign < 0 {
			target += math.Pi
		}
		step := math.Remainder(target-v.hour, 2*math.Pi) / v.hourRate
		days += step
		if math.Abs(step) < enoughDays {
			break
		}
	}
	return days, v
}

// searchTurnings samples the speed every half hour. Two turning points within one step, which only
// the last 0.1 degrees before a pole know (4 degrees for the Moon), differ by less than 1e-6 degrees
// there and are left out.
func (k *track) searchTurnings(e edge, from, to float64) []float64 {
	const stepDays = 1.0 / 48
	speed := func(days float64) float64 { v := k.at(days); return e.rate(&v) }
	turns := []float64{from - stepDays}
	last := speed(from - stepDays)
	for i := 0; ; i++ {
		days := from + float64(i)*stepDays
		next := speed(days)
		if (last >= 0) != (next >= 0) {
			turns = append(turns, bisect(speed, days-stepDays, days))
		}
		last = next
		if days >= to {
			return append(turns, days)
		}
	}
}

// bisect finds a change of sign of f to 0.1 s.
func bisect(f func(days float64) float64, lo, hi float64) float64 {
	const enoughDays = 1e-6
	positive := f(hi) >= 0
	for hi-lo > enoughDays {
		middle := (lo + hi) / 2
		if (f(middle) >= 0) == positive {
			hi = middle
		} else {
			lo = middle
		}
	}
	return (lo + hi) / 2
}

// root is an instant at which the value of an edge changes its sign.
type root struct {
	days   float64
	rising bool // the value becomes positive
}

// roots appends the crossings in from..to, in order.
func (k *track) roots(found []root, e edge, from, to float64) []root {
	turns := k.turnings(e, from, to)
	return k.rootsBetween(found, e, turns, from, to)
}

func (k *track) rootsBetween(found []root, e edge, turns []float64, from, to float64) []root {
	v := k.at(turns[0])
	last := e.value(&v)
	for i := 1; i < len(turns); i++ {
		v = k.at(turns[i])
		next := e.value(&v)
		if (last >= 0) != (next >= 0) {
			at := k.solve(e, bracket{turns[i-1], turns[i], last, next})
			if at >= from && at < to {
				found = append(found, root{at, next >= 0})
			}
		}
		last = next
	}
	return found
}

// bracket is a stretch with values of opposite sign at its ends.
type bracket struct{ lo, hi, atLo, atHi float64 }

// solve finds the crossing to 0.1 ms by Newton's method, which starts from the cosine that joins the
// turning points and falls back to halving when a step would leave the bracket.
func (k *track) solve(e edge, b bracket) float64 {
	const enoughDays, maxSteps = 1e-9, 60
	days := b.lo + (b.hi-b.lo)*math.Acos((b.atLo+b.atHi)/(b.atHi-b.atLo))/math.Pi
	for range maxSteps {
		v := k.at(days)
		value := e.value(&v)
		if (value >= 0) == (b.atHi >= 0) {
			b.hi = days
		} else {
			b.lo = days
		}
		next := days - value/e.rate(&v)
		if !(next >= b.lo && next <= b.hi) {
			next = (b.lo + b.hi) / 2
		}
		if math.Abs(next-days) < enoughDays {
			return next
		}
		days = next
	}
	return days
}
