package solar

import (
	"math"
	"time"
)

// Mean conditions at sea level, used by [Sun]. In the field the error of apparent elevation from a
// wrong pressure or temperature is under 0.1 degrees at the horizon and 0.01 above 5 degrees.
const (
	StandardPressureHPa  = 1010
	StandardTemperatureC = 10
)

// Site is a place of observation. HeightM is above the ellipsoid. A pressure of 0 means no
// atmosphere: apparent elevation then equals geometric elevation.
type Site struct {
	LatDeg, LonDeg float64
	HeightM        float64
	PressureHPa    float64
	TemperatureC   float64
}

// SeaLevel returns the site at height 0 under standard air.
func SeaLevel(latDeg, lonDeg float64) Site {
	return Site{
		LatDeg: latDeg, LonDeg: lonDeg,
		PressureHPa: StandardPressureHPa, TemperatureC: StandardTemperatureC,
	}
}

// Position is the centre of the Sun's disc over the horizon of a site.
type Position struct {
	AzimuthDeg           float64 // from true north through east, [0, 360)
	ElevationDeg         float64 // geometric: no refraction
	ApparentElevationDeg float64 // with refraction; equal to ElevationDeg below the horizon
}

// Sun returns the position of the Sun at sea level under standard air. It is [At] and
// [Ephemeris.From] in one; use those two for many places at one time.
func Sun(t time.Time, latDeg, lonDeg float64) Position {
	return At(t).From(SeaLevel(latDeg, lonDeg))
}

// From returns the Sun seen from a site. At a pole the azimuth counts from the meridian opposite to
// the site's longitude (north pole) or along it (south pole), the limit on walking there. Longitudes
// beyond +-180 are the same place full turns away. All fields are NaN for a latitude beyond +-90 or
// an Ephemeris that no function of this package returned.
func (e Ephemeris) From(s Site) Position {
	up, north, east := e.direction(s)
	elevationDeg := elevationOf(up, north, east)
	return Position{
		AzimuthDeg:           wrap360(deg(math.Atan2(east, north))),
		ElevationDeg:         elevationDeg,
		ApparentElevationDeg: ApparentElevation(elevationDeg, s.PressureHPa, s.TemperatureC),
	}
}

// ElevationDeg is the geometric elevation that [Ephemeris.From] gives, to the bit, in half of its time.
func (e Ephemeris) ElevationDeg(s Site) float64 { return elevationOf(e.direction(s)) }

const (
	earthFlattening = 0.99664719 // polar over equatorial radius, as in the paper
	earthRadiusM    = 6378140    // equatorial, as in the paper
	parallaxDeg     = 8.794 / 3600
)

// direction returns the vector from the site to the Sun along up, north and east, in units close to
// 1 AU. It is the paper's sections 3.11 to 3.14 written with vectors: the unit vector to the Sun in
// the plane of the site's meridian, less the site's own vector from the centre of the Earth. That
// agrees with the printed form within its own 1e-6 degrees, needs half the trigonometry, and stays
// exact at the poles and at the zenith, where the printed azimuth divides by zero.
func (e Ephemeris) direction(s Site) (up, north, east float64) {
	if !e.valid() || !(math.Abs(s.LatDeg) <= 90) {
		return math.NaN(), math.NaN(), math.NaN()
	}
	sinLat, cosLat := math.Sincos(rad(s.LatDeg))
	sinHour, cosHour := math.Sincos(rad(e.siderealDeg + s.LonDeg - e.rightAscensionDeg))
	axial, equatorial := geocentricSite(sinLat, cosLat, s.HeightM)
	parallax := rad(parallaxDeg) / e.distanceAU

	meridian := e.cosDec*cosHour - equatorial*parallax
	polar := e.sinDec - axial*parallax
	return cosLat*meridian + sinLat*polar, cosLat*polar - sinLat*meridian, -e.cosDec * sinHour
}

// geocentricSite returns how far a site lies from the equator's plane and from the axis, in
// equatorial radii. The reduced latitude u of the paper, tan u = 0.99664719 tan lat, enters only
// through its sine and cosine, so no angle is computed.
func geocentricSite(sinLat, cosLat, heightM float64) (axial, equatorial float64) {
	scale := 1 / math.Sqrt(cosLat*cosLat+earthFlattening*earthFlattening*sinLat*sinLat)
	height := heightM / earthRadiusM
	axial = earthFlattening*earthFlattening*sinLat*scale + height*sinLat
	return axial, cosLat*scale + height*cosLat
}

func elevationOf(up, north, east float64) float64 {
	return deg(math.Atan2(up, math.Sqrt(north*north+east*east)))
}

// HorizonDeg is the geometric elevation of the Sun's centre at which SPA lets its upper limb rise or
// set: 0.5667 degrees of refraction and a radius of 0.26667.
const HorizonDeg = -(0.5667 + 0.26667)

// ApparentElevation adds refraction to a geometric elevation, as SPA does (equation 42, after
// Meeus): nothing below [HorizonDeg], where the Sun is not seen and the formula has a pole. It rises
// with geometricDeg throughout, so the ends of a range may be converted alone. Pressures under 0 and
// temperatures at or under -273 C give NaN.
func ApparentElevation(geometricDeg, pressureHPa, temperatureC float64) float64 {
	if !(pressureHPa >= 0) || !(temperatureC > -273) {
		return math.NaN()
	}
	if geometricDeg < HorizonDeg {
		return geometricDeg
	}
	bend := 1.02 / (60 * math.Tan(rad(geometricDeg+10.3/(geometricDeg+5.11))))
	return geometricDeg + bend*(pressureHPa/1010)*(283/(273+temperatureC))
}
