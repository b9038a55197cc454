package solar

import (
	"fmt"
	"math"
)

// Place is a point of the ground, longitude in [-180, 180).
type Place struct{ LatDeg, LonDeg float64 }

// PlacesByDirection returns the places at sea level from which a body stands at an azimuth and a
// geometric elevation: none, one or two, the northern first. One degree of azimuth or elevation is 60
// to 125 km. They reproduce the direction within 0.00001 degrees, but next to the subsolar point and
// where the two places merge, where a direction fixes no place that well. The error names a bad angle
// or an empty Ephemeris.
func PlacesByDirection(e Ephemeris, azimuthDeg, elevationDeg float64) ([]Place, error) {
	if err := checkSight(elevationDeg, e); err != nil {
		return nil, err
	}
	if math.IsNaN(azimuthDeg) || math.IsInf(azimuthDeg, 0) {
		return nil, fmt.Errorf("solar: azimuth: %g is not finite", azimuthDeg)
	}
	target := Position{AzimuthDeg: wrap360(azimuthDeg), ElevationDeg: elevationDeg}
	var places []Place
	for _, p := range e.placesFromCentre(target.AzimuthDeg, geocentricElevation(elevationDeg, e.distanceAU)) {
		places = appendPlace(places, e.improve(p, target))
	}
	return northFirst(places), nil
}

// placesFromCentre solves the triangle of pole, place and subsolar point without parallax:
// sin dec = sin lat sin el + cos lat cos el cos az has two latitudes, of which those within +-90
// count; each has one hour angle.
func (e Ephemeris) placesFromCentre(azimuthDeg, elevationDeg float64) []Place {
	sinEl, cosEl := math.Sincos(rad(elevationDeg))
	sinAz, cosAz := math.Sincos(rad(azimuthDeg))
	reach, tilt := math.Hypot(sinEl, cosEl*cosAz), math.Atan2(cosEl*cosAz, sinEl)
	if !(math.Abs(e.sinDec) <= reach) {
		return nil
	}
	var places []Place
	first := math.Asin(e.sinDec / reach)
	for _, lat := range []float64{first - tilt, math.Pi - first - tilt} {
		lat = math.Remainder(lat, 2*math.Pi)
		if math.Abs(lat) > math.Pi/2 {
			continue
		}
		sinLat, cosLat := math.Sincos(lat)
		hour := math.Atan2(-cosEl*sinAz, cosLat*sinEl-sinLat*cosEl*cosAz)
		lon := wrap180(deg(hour) + e.rightAscensionDeg - e.siderealDeg)
		places = append(places, Place{deg(lat), lon})
	}
	return places
}

// improve takes Newton steps on the full model, which the closed form leaves by the flattening of the
// Earth: some 0.00002 degrees for the Sun, 0.01 for the Moon. Steps that do not help are not taken.
func (e Ephemeris) improve(p Place, target Position) Place {
	const steps, nudgeDeg, longestDeg = 4, 1e-4, 0.5
	up, north, east := unitOf(target)
	miss := func(p Place) (x, y float64) {
		u, n, o := e.direction(SeaLevel(p.LatDeg, p.LonDeg))
		length := math.Sqrt(u*u + n*n + o*o)
		sinAz, cosAz := math.Sincos(rad(target.AzimuthDeg))
		x = (o*cosAz - n*sinAz) / length // to the right of the target
		rise := math.Hypot(north, east)
		y = (u*rise - (n*cosAz+o*sinAz)*up) / length // above it
		return x, y
	}
	x, y := miss(p)
	for range steps {
		xLat, yLat := miss(Place{p.LatDeg - math.Copysign(nudgeDeg, p.LatDeg), p.LonDeg})
		xLon, yLon := miss(Place{p.LatDeg, p.LonDeg + nudgeDeg})
		side := -math.Copysign(1, p.LatDeg) / nudgeDeg
		a, b, c, d := (xLat-x)*side, (xLon-x)/nudgeDeg, (yLat-y)*side, (yLon-y)/nudgeDeg
		det := a*d - b*c
		next := Place{p.LatDeg - (d*x-b*y)/det, p.LonDeg - (a*y-c*x)/det}
		if !(math.Hypot(next.LatDeg-p.LatDeg, (next.LonDeg-p.LonDeg)*math.Cos(rad(p.LatDeg))) < longestDeg) {
			break
		}
		nextX, nextY := miss(next)
		if !(math.Hypot(nextX, nextY) < math.Hypot(x, y)) {
			break
		}
		p, x, y = next, nextX, nextY
	}
	return Place{p.LatDeg, wrap180(p.LonDeg)}
}

func unitOf(p Position) (up, north, east float64) {
	sinEl, cosEl := math.Sincos(rad(p.ElevationDeg))
	sinAz, cosAz := math.Sincos(rad(p.AzimuthDeg))
	return sinEl, cosEl * cosAz, cosEl * sinAz
}

// PlacesByElevations returns the places at sea level that saw a body at one geometric elevation at one
// instant and at another at a second: where the two circles about the subsolar points meet, none, one
// or two, the northern first. The pair of instants must be far enough apart for the body to have
// moved. Elevations are reproduced within 0.00003 degrees (0.01 for the Moon).
func PlacesByElevations(first Ephemeris, firstDeg float64, second Ephemeris, secondDeg float64) ([]Place, error) {
	for _, c := range []struct {
		e            Ephemeris
		elevationDeg float64
	}{{first, firstDeg}, {second, secondDeg}} {
		if err := checkSight(c.elevationDeg, c.e); err != nil {
			return nil, err
		}
	}
	a, b := first.subsolarVector(), second.subsolarVector()
	q := dot(a, b)
	const leastApart = 1e-9 // 1 - q^2 of two instants 8 s apart on the equator
	if !(1-q*q > leastApart) {
		return nil, fmt.Errorf("solar: places: the two directions are the same or opposite")
	}
	c1 := math.Sin(rad(geocentricElevation(firstDeg, first.distanceAU)))
	c2 := math.Sin(rad(geocentricElevation(secondDeg, second.distanceAU)))
	u, v := (c1-c2*q)/(1-q*q), (c2-c1*q)/(1-q*q)
	middle := combine(u, a, v, b)
	across := cross(a, b)
	height2 := 1 - dot(middle, middle)
	if height2 < 0 {
		return nil, nil
	}
	offset := math.Sqrt(height2 / dot(across, across))
	places := appendPlace(nil, placeOf(combine(1, middle, offset, across)))
	return northFirst(appendPlace(places, placeOf(combine(1, middle, -offset, across)))), nil
}

// subsolarVector points from the centre of the Earth to the body, turning with the Earth.
func (e Ephemeris) subsolarVector() [3]float64 {
	sin, cos := math.Sincos(rad(e.rightAscensionDeg - e.siderealDeg))
	return [3]float64{e.cosDec * cos, e.cosDec * sin, e.sinDec}
}

func placeOf(v [3]float64) Place {
	return Place{deg(math.Atan2(v[2], math.Hypot(v[0], v[1]))), wrap180(deg(math.Atan2(v[1], v[0])))}
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func combine(x float64, a [3]float64, y float64, b [3]float64) [3]float64 {
	return [3]float64{x*a[0] + y*b[0], x*a[1] + y*b[1], x*a[2] + y*b[2]}
}

// geocentricElevation takes the parallax off a topocentric geometric elevation: sin p = parallax x
// cos el, the body standing lower than from the centre by p.
func geocentricElevation(elevationDeg, distanceAU float64) float64 {
	return elevationDeg + deg(math.Asin(rad(parallaxDeg)/distanceAU*math.Cos(rad(elevationDeg))))
}

// GeocentricElevation is the geometric elevation seen from the centre of the Earth for one seen from
// sea level: 90 less the radius of the circle of places about [Ephemeris.Subsolar] that see it. It
// leaves the flattening of the Earth out, which is 0.00002 degrees for the Sun and 0.01 for the Moon.
func (e Ephemeris) GeocentricElevation(elevationDeg float64) float64 {
	if checkSight(elevationDeg, e) != nil {
		return math.NaN()
	}
	return geocentricElevation(elevationDeg, e.distanceAU)
}

func checkSight(elevationDeg float64, e Ephemeris) error {
	switch {
	case !e.valid():
		return fmt.Errorf("solar: ephemeris: empty")
	case !(math.Abs(elevationDeg) <= 90):
		return fmt.Errorf("solar: elevation: %g is not between -90 and 90 degrees", elevationDeg)
	}
	return nil
}

// appendPlace leaves out a place that is there already, to 1 m.
func appendPlace(places []Place, p Place) []Place {
	const sameDeg = 1e-5
	for _, old := range places {
		lonDeg := math.Abs(wrap180(old.LonDeg-p.LonDeg)) * math.Cos(rad(p.LatDeg))
		if math.Abs(old.LatDeg-p.LatDeg) < sameDeg && lonDeg < sameDeg {
			return places
		}
	}
	return append(places, p)
}

func northFirst(places []Place) []Place {
	if len(places) == 2 && places[0].LatDeg < places[1].LatDeg {
		places[0], places[1] = places[1], places[0]
	}
	return places
}
