package solar

import (
	"fmt"
	"math"
	"time"
)

// DeclinationOf returns the declination of a body that stands at an azimuth and a geometric elevation
// over a latitude, and its hour angle, -180 to 180, west positive. The elevation is that from the
// centre of the Earth ([Ephemeris.GeocentricElevation]); leaving the parallax of the Sun out shifts a
// date by 10 minutes at the equinoxes and by a day at the solstices. Angles that are none give NaN.
func DeclinationOf(latDeg, azimuthDeg, elevationDeg float64) (declinationDeg, hourDeg float64) {
	if !(math.Abs(latDeg) <= 90 && math.Abs(elevationDeg) <= 90) {
		return math.NaN(), math.NaN()
	}
	sinLat, cosLat := math.Sincos(rad(latDeg))
	up, north, east := unitOf(Position{AzimuthDeg: azimuthDeg, ElevationDeg: elevationDeg})
	polar, meridian := sinLat*up+cosLat*north, cosLat*up-sinLat*north
	return deg(math.Atan2(polar, math.Hypot(meridian, east))), deg(math.Atan2(-east, meridian))
}

// SolarLongitudes returns the two ecliptic longitudes at which the Sun has a declination, 0 to 360:
// first that between the winter and the summer solstice of the north, then the other. They name a
// pair of dates in any year. ok is false when the Sun does not reach the declination.
func SolarLongitudes(declinationDeg, obliquityDeg float64) (springDeg, autumnDeg float64, ok bool) {
	sin := math.Sin(rad(declinationDeg)) / math.Sin(rad(obliquityDeg))
	if !(math.Abs(sin) <= 1) {
		return 0, 0, false
	}
	spring := deg(math.Asin(sin))
	return wrap360(spring), wrap360(180 - spring), true
}

// DeclinationBand returns the declinations of all bodies within both bands over a latitude. It is how
// far azimuth and length of a shadow narrow the date down: to weeks, and never to a year.
func DeclinationBand(latDeg float64, seen Sight) (Band, error) {
	if err := SeaLevel(latDeg, 0).check(); err != nil {
		return Band{}, err
	}
	if _, err := newZone(seen); err != nil {
		return Band{}, err
	}
	elevation, azimuth := Band{-90, 90}, Band{0, 360}
	if seen.Elevation != nil {
		elevation = *seen.Elevation
	}
	if b := seen.Azimuth; b != nil && b.MaxDeg-b.MinDeg < 360 {
		azimuth = Band{b.MinDeg, b.MinDeg + wrap360(b.MaxDeg-b.MinDeg)}
	}
	found := Band{math.Inf(1), math.Inf(-1)}
	for _, azimuthDeg := range extremeAzimuths(azimuth) {
		for _, elevationDeg := range extremeElevations(latDeg, azimuthDeg, elevation) {
			d, _ := DeclinationOf(latDeg, azimuthDeg, elevationDeg)
			found = Band{min(found.MinDeg, d), max(found.MaxDeg, d)}
		}
	}
	return found, nil
}

// extremeAzimuths are the ends of the band and north and south, between which the declination, a
// multiple of cos az plus a constant, has no turning point.
func extremeAzimuths(b Band) []float64 {
	found := []float64{b.MinDeg, b.MaxDeg}
	for south := 180 * math.Ceil(b.MinDeg/180); south < b.MaxDeg; south += 180 {
		found = append(found, south)
	}
	return found
}

// extremeElevations are the ends of the band and the turning point between: along one azimuth,
// sin dec = sin lat sin el + cos lat cos az cos el is a cosine of the elevation.
func extremeElevations(latDeg, azimuthDeg float64, b Band) []float64 {
	found := []float64{b.MinDeg, b.MaxDeg}
	sinLat, cosLat := math.Sincos(rad(latDeg))
	peak := deg(math.Atan2(sinLat, cosLat*math.Cos(rad(azimuthDeg))))
	for _, turn := range []float64{peak, peak - 180, peak + 180} {
		if turn > b.MinDeg && turn < b.MaxDeg {
			found = append(found, turn)
		}
	}
	return found
}

// DeclinationWindows returns all windows within [from, to) in which the declination lies in a band,
// in order, to 1 ms of the table's model: of the Sun two a year, one at a solstice. The times must lie
// in the table.
func (t *Table) DeclinationWindows(from, to time.Time, band Band) ([]Window, error) {
	if err := t.checkRange(from, to); err != nil {
		return nil, err
	}
	if !(band.MinDeg < band.MaxDeg) {
		return nil, fmt.Errorf("solar: declination band: %g to %g does not rise", band.MinDeg, band.MaxDeg)
	}
	all := spanOf(from, to)
	ends := t.declinationTurns(all)
	var spans []span
	for i := 1; i < len(ends); i++ {
		lo, hi := ends[i-1], ends[i]
		a, b := t.declinationDeg(lo), t.declinationDeg(hi)
		s := span{t.whenDeclination(lo, hi, band.MinDeg), t.whenDeclination(lo, hi, band.MaxDeg)}
		if a > b {
			s = span{s.to, s.from}
		}
		if max(a, b) >= band.MinDeg && min(a, b) <= band.MaxDeg {
			spans = appendJoined(spans, s)
		}
	}
	return windowsOf(spans), nil
}

func (t *Table) declinationDeg(days float64) float64 {
	p, x := t.find(days)
	return p.declination.at(x)
}

// declinationTurns are the ends of a span and the instants between at which the declination turns,
// which it does at most once in a step.
func (t *Table) declinationTurns(in span) []float64 {
	slope := func(days float64) float64 {
		p, x := t.find(days)
		return p.declination.slope(x)
	}
	ends := []float64{in.from}
	for lo := in.from; lo < in.to; lo += t.stepDays {
		if hi := min(lo+t.stepDays, in.to); (slope(lo) >= 0) != (slope(hi) >= 0) {
			ends = append(ends, bisect(slope, lo, hi))
		}
	}
	return append(ends, in.to)
}

// whenDeclination is when the declination, which only rises or only falls from lo to hi, passes a
// value, or the end that is nearer to it.
func (t *Table) whenDeclination(lo, hi, declinationDeg float64) float64 {
	a, b := t.declinationDeg(lo)-declinationDeg, t.declinationDeg(hi)-declinationDeg
	switch {
	case (a >= 0) != (b >= 0):
		return bisect(func(days float64) float64 { return t.declinationDeg(days) - declinationDeg }, lo, hi)
	case math.Abs(a) < math.Abs(b):
		return lo
	}
	return hi
}
