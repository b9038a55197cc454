package solar

import (
	"math"
	"time"
)

const (
	// arcStep is how far apart the full algorithm is run; straight lines between add under 0.0001
	// degrees, because declination and right ascension bend by less than 0.01 degrees per day squared.
	// It is also short enough that elevation, which turns every 12 hours, turns once at most.
	arcStep = 6 * time.Hour
	// maxInterval bounds the work that a hostile pair of dates can ask for, to about a second.
	maxInterval = 50 * 366 * 24 * time.Hour
)

// ElevationRange returns the lowest and the highest geometric elevation of the Sun at sea level from
// one time to another, both included, to 0.01 degrees. It costs some 10 microseconds per 6 hours.
// Use [ApparentElevation] on the ends for what a camera saw. Both are NaN when the place is not one,
// when to is before from, or when more than 50 years lie between.
func ElevationRange(from, to time.Time, latDeg, lonDeg float64) (minDeg, maxDeg float64) {
	span := to.Sub(from)
	if span < 0 || span > maxInterval {
		return math.NaN(), math.NaN()
	}
	site := SeaLevel(latDeg, lonDeg)
	start := At(from)
	minDeg = start.ElevationDeg(site)
	maxDeg = minDeg
	for done := time.Duration(0); done < span; done += arcStep {
		end := At(from.Add(min(done+arcStep, span)))
		lo, hi := newArc(start, end).elevationRange(site)
		minDeg, maxDeg = min(minDeg, lo), max(maxDeg, hi)
		start = end
	}
	return minDeg, maxDeg
}

// arc is the Sun between two instants at most 11 hours apart, with straight lines between.
type arc struct {
	start          Ephemeris
	declinationDeg float64 // the changes over the whole arc
	rightAscDeg    float64
	siderealDeg    float64
	distanceAU     float64
}

func newArc(start, end Ephemeris) arc {
	return arc{
		start:          start,
		declinationDeg: end.declinationDeg - start.declinationDeg,
		rightAscDeg:    wrap180(end.rightAscensionDeg - start.rightAscensionDeg),
		siderealDeg:    wrap180(end.siderealDeg - start.siderealDeg),
		distanceAU:     end.distanceAU - start.distanceAU,
	}
}

// at returns the Sun at a fraction, 0 to 1, of the arc.
func (a arc) at(fraction float64) Ephemeris {
	return newEphemeris(Ephemeris{
		declinationDeg:    a.start.declinationDeg + fraction*a.declinationDeg,
		rightAscensionDeg: a.start.rightAscensionDeg + fraction*a.rightAscDeg,
		siderealDeg:       a.start.siderealDeg + fraction*a.siderealDeg,
		distanceAU:        a.start.distanceAU + fraction*a.distanceAU,
	})
}

// elevationRange takes the ends and the turning point between. Transit times would not do: within
// half a degree of a pole the daily circle is so flat that the drift of the declination shifts the
// extremes by hours. There an arc may also hold two turning points, but of 0.00001 degrees.
func (a arc) elevationRange(s Site) (minDeg, maxDeg float64) {
	height := func(fraction float64) float64 { return a.at(fraction).ElevationDeg(s) }
	depth := func(fraction float64) float64 { return -height(fraction) }
	start, end := height(0), height(1)
	return min(start, end, -peak(depth)), max(start, end, peak(height))
}

// peak finds the greatest f between 0 and 1, when it is not at an end, by golden section. 26 steps
// shrink six hours to 0.1 s, at which even a passage through the zenith, 15 degrees per hour on both
// sides, is known to 0.0004 degrees.
func peak(f func(fraction float64) float64) float64 {
	const steps, golden = 26, 0.6180339887498949
	lo, hi := 0.0, 1.0
	left, right := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fLeft, fRight := f(left), f(right)
	for range steps {
		if fLeft > fRight {
			hi, right, fRight = right, left, fLeft
			left = hi - golden*(hi-lo)
			fLeft = f(left)
		} else {
			lo, left, fLeft = left, right, fRight
			right = lo + golden*(hi-lo)
			fRight = f(right)
		}
	}
	return max(fLeft, fRight)
}
