package shadow

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"whenwhere/internal/solar"
)

// ringStepDeg is the spacing of vertices as seen from the subsolar point; a straight line between two of them leaves the
// ring by less than 0.0006 degrees (on the sphere: maps draw it otherwise, see maxStepLonDeg).
const ringStepDeg = 0.5

// frame holds the unit vectors at the subsolar point: up, north and west in Earth-fixed axes.
type frame struct {
	up, north, west [3]float64
	parallaxRad     float64
	cosDec          float64
}

func newFrame(sky solar.Ephemeris) (frame, error) {
	lat, lon := sky.Subsolar()
	if math.IsNaN(lat) || math.IsNaN(lon) {
		return frame{}, fmt.Errorf("shadow: ring: the sun's place is not known at this time: %w", errRange)
	}
	sinLat, cosLat := math.Sincos(lat * degree)
	sinLon, cosLon := math.Sincos(lon * degree)
	return frame{
		up:          [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat},
		north:       [3]float64{-sinLat * cosLon, -sinLat * sinLon, cosLat},
		west:        [3]float64{sinLon, -cosLon, 0},
		parallaxRad: 8.794 / 3600 * degree / sky.DistanceAU(),
		cosDec:      cosLat,
	}, nil
}

// point is the place at an angle from the subsolar point in a direction counted from north through west.
func (f *frame) point(sinZ, cosZ, sinDir, cosDir float64) orb.Point {
	var p [3]float64
	for i := range p {
		p[i] = cosZ*f.up[i] + sinZ*(cosDir*f.north[i]+sinDir*f.west[i])
	}
	return orb.Point{
		math.Atan2(p[1], p[0]) / degree,
		math.Atan2(p[2], math.Sqrt(p[0]*p[0]+p[1]*p[1])) / degree,
	}
}

// polar is the inverse of point: the angle from the subsolar point and the direction, in radians.
func (f *frame) polar(lonDeg, latDeg float64) (angle, direction float64) {
	sinLat, cosLat := math.Sincos(latDeg * degree)
	sinLon, cosLon := math.Sincos(lonDeg * degree)
	p := [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
	up, north, west := dot(p, f.up), dot(p, f.north), dot(p, f.west)
	return math.Atan2(math.Hypot(north, west), up), math.Atan2(west, north)
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// radius is the angle in radians from the subsolar point at which the Sun has an apparent elevation: 90 degrees less the
// geocentric elevation, which parallax makes larger than the one seen.
func (f *frame) radius(apparentDeg float64) (float64, error) {
	seen, ok := geometricDeg(apparentDeg)
	if !ok {
		return 0, fmt.Errorf("shadow: ring: elevation %g: %w (-0.26 to 90)", apparentDeg, errRange)
	}
	geocentric := seen * degree
	for range 3 {
		geocentric = seen*degree + f.parallaxRad*math.Cos(geocentric)
	}
	return max(0, math.Pi/2-geocentric), nil
}

// geometricDeg takes refraction out of an apparent elevation; false where no elevation appears so. Each step shrinks the
// error by the slope of the refraction, a fifth at the horizon.
func geometricDeg(apparentDeg float64) (float64, bool) {
	if !(apparentDeg >= lowestSeenDeg() && apparentDeg <= 90) {
		return 0, false
	}
	g := apparentDeg
	for range 14 {
		g = max(solar.HorizonDeg, apparentDeg-(refracted(g)-g))
	}
	return g, true
}

// lowestSeenDeg is the apparent elevation of the centre below which refraction leaves a gap: the rising of the upper limb.
func lowestSeenDeg() float64 { return refracted(solar.HorizonDeg) }

func refracted(geometricDeg float64) float64 {
	return solar.ApparentElevation(geometricDeg, solar.StandardPressureHPa, solar.StandardTemperatureC)
}
