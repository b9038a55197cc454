package solar

import (
	"math"
	"time"
)

// DefaultDeltaTS is TT-UT1 in seconds, right to 0.5 s for 2016 to 2026 (IERS). It was 64.5 s in
// 2003; the difference moves the Sun by 0.00005 degrees.
const DefaultDeltaTS = 69.2

// Ephemeris is the Sun at one instant seen from the centre of the Earth: all that does not depend on
// the place. Making one costs some 30 times what [Ephemeris.From] costs, so make one per instant and
// share it between places. The zero value gives only NaN.
type Ephemeris struct {
	declinationDeg    float64
	rightAscensionDeg float64
	siderealDeg       float64
	distanceAU        float64
	sinDec, cosDec    float64
}

// At returns the Sun at a time, with [DefaultDeltaTS]. Outside the years -2000 to 6000, for which the
// series was fitted, it is the zero Ephemeris.
func At(t time.Time) Ephemeris { return AtDeltaT(t, DefaultDeltaTS) }

// AtDeltaT returns the Sun at a time for a given TT-UT1 in seconds.
func AtDeltaT(t time.Time, deltaTS float64) Ephemeris {
	return atDays(daysSinceJ2000(t), deltaTS)
}

func atDays(days, deltaTS float64) Ephemeris {
	if math.Abs(days) > validCenturies*daysPerCentury {
		return Ephemeris{}
	}
	g := geocentricAt((days + deltaTS/secondsPerDay) / daysPerCentury)
	return newEphemeris(g.equatorial(days))
}

// newEphemeris fills in what From needs for every place.
func newEphemeris(e Ephemeris) Ephemeris {
	e.sinDec, e.cosDec = math.Sincos(rad(e.declinationDeg))
	return e
}

// DeclinationDeg is the apparent geocentric declination.
func (e Ephemeris) DeclinationDeg() float64 { return e.declinationDeg }

// RightAscensionDeg is the apparent geocentric right ascension, 0 to 360.
func (e Ephemeris) RightAscensionDeg() float64 { return e.rightAscensionDeg }

// SiderealDeg is the apparent sidereal time at Greenwich, 0 to 360.
func (e Ephemeris) SiderealDeg() float64 { return e.siderealDeg }

// DistanceAU is the distance from the Earth in astronomical units.
func (e Ephemeris) DistanceAU() float64 { return e.distanceAU }

// Subsolar returns the place that has the Sun in its zenith. All places at the geocentric angle z
// from it see the Sun at the geocentric elevation 90 - z. Longitude is in [-180, 180).
func (e Ephemeris) Subsolar() (latDeg, lonDeg float64) {
	if !e.valid() {
		return math.NaN(), math.NaN()
	}
	return e.declinationDeg, wrap180(e.rightAscensionDeg - e.siderealDeg)
}

func (e Ephemeris) valid() bool { return e.distanceAU > 0 }

// geocentric holds the ecliptic quantities of sections 3.2 to 3.8 of the paper, under its symbols.
type geocentric struct {
	helioLonDeg    float64 // L
	helioLatDeg    float64 // B
	distanceAU     float64 // R
	nutationLonDeg float64 // delta psi
	nutationOblDeg float64 // delta epsilon
	obliquityDeg   float64 // epsilon, true
	apparentLonDeg float64 // lambda
}

// geocentricAt takes the Julian ephemeris century (TT) since J2000.0.
func geocentricAt(centuries float64) geocentric {
	millennia := centuries / 10
	g := geocentric{
		helioLonDeg: wrap360(deg(sumSeries(longitudeTerms, millennia))),
		helioLatDeg: deg(sumSeries(latitudeTerms, millennia)),
		distanceAU:  sumSeries(radiusTerms, millennia),
	}
	g.nutationLonDeg, g.nutationOblDeg = nutation(centuries)
	g.obliquityDeg = meanObliquityDeg(millennia) + g.nutationOblDeg
	aberrationDeg := -20.4898 / (3600 * g.distanceAU)
	g.apparentLonDeg = wrap360(g.helioLonDeg + 180 + g.nutationLonDeg + aberrationDeg)
	return g
}

// meanObliquityDeg is equation 24 (Laskar 1986).
func meanObliquityDeg(millennia float64) float64 {
	u := millennia / 10
	arcseconds := 84381.448 + u*(-4680.93+u*(-1.55+u*(1999.25+u*(-51.38+u*(-249.67+
		u*(-39.05+u*(7.12+u*(27.87+u*(5.79+u*2.45)))))))))
	return arcseconds / 3600
}

// equatorial turns to right ascension, declination and sidereal time (sections 3.8 to 3.10), for UT
// given as days since J2000.0.
func (g geocentric) equatorial(daysUT float64) Ephemeris {
	sinLon, cosLon := math.Sincos(rad(g.apparentLonDeg))
	sinLat, cosLat := math.Sincos(rad(-g.helioLatDeg))
	sinObl, cosObl := math.Sincos(rad(g.obliquityDeg))
	return Ephemeris{
		declinationDeg:    deg(math.Asin(sinLat*cosObl + cosLat*sinObl*sinLon)),
		rightAscensionDeg: wrap360(deg(math.Atan2(sinLon*cosObl-sinLat/cosLat*sinObl, cosLon))),
		siderealDeg:       wrap360(meanSiderealDeg(daysUT) + g.nutationLonDeg*cosObl),
		distanceAU:        g.distanceAU,
	}
}

// meanSiderealDeg is the mean sidereal time at Greenwich (equation 28), not wrapped.
func meanSiderealDeg(daysUT float64) float64 {
	centuries := daysUT * (1 / daysPerCentury)
	return 280.46061837 + 360.98564736629*daysUT + centuries*centuries*(0.000387933-centuries*(1.0/38710000))
}

const (
	secondsPerDay  = 86400.0
	daysPerCentury = 36525.0
	validCenturies = 40.0        // to both sides of 2000
	unixJ2000      = 946728000.0 // 2000-01-01T12:00:00Z
)

// daysSinceJ2000 counts from 2000-01-01 12:00 UTC. A Julian date in one float64 would only resolve
// 40 microseconds; the difference keeps full precision.
func daysSinceJ2000(t time.Time) float64 {
	return (float64(t.Unix()) - unixJ2000 + float64(t.Nanosecond())/1e9) / secondsPerDay
}

func rad(degrees float64) float64 { return degrees * (math.Pi / 180) }
func deg(radians float64) float64 { return radians * (180 / math.Pi) }

// wrap360 returns the angle in [0, 360).
func wrap360(degrees float64) float64 {
	degrees -= 360 * math.Floor(degrees/360)
	if degrees >= 360 { // a tiny negative angle rounds up to a full turn
		return 0
	}
	return degrees
}

// wrap180 returns the angle in [-180, 180).
func wrap180(degrees float64) float64 { return wrap360(degrees+180) - 180 }
