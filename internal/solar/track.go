package solar

import "math"

// track follows one body of a table over the sky of one site.
type track struct {
	table                *Table
	sinLat, cosLat       float64
	lonDeg               float64
	axial, equatorial    float64 // the site from the Earth's centre, in equatorial radii
	radPerDay            float64 // from degrees per step
	maxDeclinationPerRad float64 // fastest drift of the declination per rad of hour angle
}

func newTrack(t *Table, s Site) track {
	sinLat, cosLat := math.Sincos(rad(s.LatDeg))
	axial, equatorial := geocentricSite(sinLat, cosLat, s.HeightM)
	return track{
		table: t, sinLat: sinLat, cosLat: cosLat, lonDeg: math.Remainder(s.LonDeg, 360), axial: axial, equatorial: equatorial,
		radPerDay:            math.Pi / 180,
		maxDeclinationPerRad: t.maxDeclinationRate / slowestTurn,
	}
}

// slowestTurn is less than the hour angle's least speed in rad per day: the Sun's own motion takes up to
// 1.1 degrees a day from the Earth's turn.
const slowestTurn = 2 * math.Pi * (361.0 - 16.5) / 360

// look is what a site sees at an instant: the vector to the body, its speed per day, and the angles
// that the speed comes from.
type look struct {
	up, north, east             float64
	upRate, northRate, eastRate float64
	length                      float64
	hour, hourRate              float64 // rad, rad per day
	sinDec, cosDec, decRate     float64
}

// look fills in v. It is the inner loop of all solvers: the hour angle is left unwrapped, which costs
// no accuracy over a century.
func (k *track) look(days float64, v *look) {
	p, x := k.table.find(days)
	dec, decRate := rad(p.declination.at(x)), p.declination.slope(x)*k.radPerDay
	v.hour = rad(meanSiderealDeg(days) + p.equinoxes.at(x) + k.lonDeg - p.rightAsc.at(x))
	v.hourRate = rad(meanSiderealRate) - p.rightAsc.slope(x)*k.radPerDay
	sinDec, cosDec := math.Sincos(dec)
	sinHour, cosHour := math.Sincos(v.hour)
	parallax := rad(parallaxDeg) / p.distance.at(x)

	meridian, polar := cosDec*cosHour-k.equatorial*parallax, sinDec-k.axial*parallax
	v.up, v.north, v.east = k.cosLat*meridian+k.sinLat*polar, k.cosLat*polar-k.sinLat*meridian, -cosDec*sinHour
	v.length = math.Sqrt(v.up*v.up + v.north*v.north + v.east*v.east)

	meridianRate, polarRate := -cosDec*sinHour*v.hourRate-sinDec*cosHour*decRate, cosDec*decRate
	v.upRate, v.northRate = k.cosLat*meridianRate+k.sinLat*polarRate, k.cosLat*polarRate-k.sinLat*meridianRate
	v.eastRate = sinDec*sinHour*decRate - cosDec*cosHour*v.hourRate
	v.sinDec, v.cosDec, v.decRate = sinDec, cosDec, decRate
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

func (v *look) lengthRate() float64 {
	return (v.up*v.upRate + v.north*v.northRate + v.east*v.eastRate) / v.length
}

// rate is the change of value per day.
func (e edge) rate(v *look) float64 {
	return e.up*v.upRate + e.north*v.northRate + e.east*v.eastRate - e.cone*v.lengthRate()
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
	const tanDecLimit = 0.6 // above the tangent of 23.5 degrees
	drift := k.maxDeclinationPerRad * (math.Abs(s.polar) + tanDecLimit*s.amplitude)
	if drift > 0.3*s.amplitude {
		return k.searchTurnings(e, from, to)
	}
	var v look
	k.look(from, &v)
	sincePeak := rad(wrap360(deg(v.hour - s.peakHour)))
	at := from - (sincePeak+math.Pi)/v.hourRate // the trough before the last peak
	turns := make([]float64, 0, int(2*(to-from))+8)
	for sign := -1.0; ; sign = -sign {
		at = k.turnNear(s, at, sign, &v)
		turns = append(turns, at)
		if !(at < to) {
			return turns
		}
		at += math.Pi / v.hourRate
	}
}

// turnNear refines a peak (sign 1) or trough (sign -1). The guess is off by minutes; each step leaves
// a hundredth of the error or less. An error of 1e-4 rad in the place of a turning point changes the
// value there by 5e-9.
func (k *track) turnNear(s swing, days, sign float64, v *look) float64 {
	const enoughDays, maxSteps = 1e-3, 6
	for range maxSteps {
		k.look(days, v)
		x := v.decRate * (s.polar*v.cosDec - sign*s.amplitude*v.sinDec) / (v.hourRate * s.amplitude * v.cosDec)
		shift := x * (1 + x*x*(1.0/6+x*x*3/40)) // arcsine: x is under 0.3
		target := s.peakHour + sign*shift
		if sign < 0 {
			target += math.Pi
		}
		step := turnRemainder(target-v.hour) / v.hourRate
		days += step
		if math.Abs(step) < enoughDays {
			break
		}
	}
	return days
}

// turnRemainder takes whole turns off an angle in rad, to -pi..pi.
func turnRemainder(angle float64) float64 {
	return angle - 2*math.Pi*math.Round(angle*(0.5/math.Pi))
}

// searchTurnings samples the speed every half hour. Two turning points within one step, which only
// the last 0.1 degrees before a pole know, differ by less than 1e-6 degrees
// there and are left out.
func (k *track) searchTurnings(e edge, from, to float64) []float64 {
	const stepDays = 1.0 / 48
	speed := func(days float64) float64 {
		var v look
		k.look(days, &v)
		return e.rate(&v)
	}
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

// bisect finds a change of sign of f to 0.1 ms.
func bisect(f func(days float64) float64, lo, hi float64) float64 {
	const enoughDays = 1e-9
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

// span is a stretch of time in days since J2000.0.
type span struct{ from, to float64 }

// roots returns the crossings in a span, in order.
func (k *track) roots(e edge, in span) []root {
	return k.rootsIn(nil, e, k.turnings(e, in.from, in.to), []span{in})
}

// rootsIn appends the crossings within spans, which are in order, given the turning points around
// them.
func (k *track) rootsIn(found []root, e edge, turns []float64, spans []span) []root {
	next := 0
	for _, in := range spans {
		for next < len(turns) && turns[next] <= in.from {
			next++
		}
		last := k.endAt(e, in.from, false)
		for i := next; last.days < in.to; i++ {
			end := in.to
			whole := i < len(turns) && turns[i] < in.to
			if whole {
				end = turns[i]
			}
			here := k.endAt(e, end, whole)
			if (last.value >= 0) != (here.value >= 0) {
				found = append(found, root{k.solve(e, last, here), here.value >= 0})
			}
			last = here
		}
	}
	return found
}

// end of a stretch on which the value of an edge only rises or only falls.
type end struct {
	days, value float64
	turns       bool // a peak or a trough
}

func (k *track) endAt(e edge, days float64, turns bool) end {
	var v look
	k.look(days, &v)
	return end{days, e.value(&v), turns}
}

// guess is where a crossing should be: on the cosine between two turning points, on a straight line
// between others.
func guess(lo, hi end) float64 {
	fraction := lo.value / (lo.value - hi.value)
	if lo.turns && hi.turns {
		fraction = math.Acos(1-2*fraction) / math.Pi
	}
	return lo.days + (hi.days-lo.days)*fraction
}

// solve finds the crossing between values of opposite sign by Newton's method, which falls back to
// halving when a step would leave the stretch. A last step of 10 ms leaves an error under 1 ms even
// where the crossing only grazes, and far less elsewhere.
func (k *track) solve(e edge, lo, hi end) float64 {
	const enoughDays, maxSteps = 1e-7, 60
	days := guess(lo, hi)
	var v look
	for range maxSteps {
		k.look(days, &v)
		value := e.value(&v)
		if (value >= 0) == (hi.value >= 0) {
			hi.days = days
		} else {
			lo.days = days
		}
		next := days - value/e.rate(&v)
		if !(next >= lo.days && next <= hi.days) {
			next = (lo.days + hi.days) / 2
		}
		if math.Abs(next-days) < enoughDays {
			return next
		}
		days = next
	}
	return days
}
