package locate

import (
	"math"

	"whenwhere/internal/geo"
)

// vec is a place on the plane, metres east and north of its middle.
type vec struct{ e, n float64 }

func (v vec) minus(o vec) vec      { return vec{v.e - o.e, v.n - o.n} }
func (v vec) length() float64      { return math.Hypot(v.e, v.n) }
func (v vec) azimuth() float64     { return math.Atan2(v.e, v.n) }
func (v vec) far(o vec) float64    { return v.minus(o).length() }
func (v vec) finite() bool         { return !math.IsNaN(v.e+v.n) && !math.IsInf(v.e+v.n, 0) }
func polar(radius, az float64) vec { return vec{radius * math.Sin(az), radius * math.Cos(az)} }

// plane is the azimuthal equidistant one about a place: distances and azimuths from there are those of geodesics.
type plane struct{ middle geo.LatLon }

func newPlane(points []Point) plane {
	// The longitudes are gathered about the first, which serves on the antimeridian too.
	var lat, turned float64
	for _, p := range points {
		lat += p.Lat
		turned += math.Remainder(p.Lon-points[0].Lon, 360)
	}
	n := float64(len(points))
	return plane{geo.LatLon{Lat: lat / n, Lon: math.Remainder(points[0].Lon+turned/n, 360)}}
}

func (p plane) at(q geo.LatLon) vec {
	az, ok := geo.AzimuthDeg(p.middle, q)
	if !ok {
		return vec{}
	}
	return polar(geo.DistanceM(p.middle, q), rad(az))
}

func (p plane) place(v vec) geo.LatLon {
	if v.length() == 0 {
		return p.middle
	}
	return geo.Destination(p.middle, deg(v.azimuth()), v.length())
}

// convergence is how far the plane's north lies from true north at a place, to be added to an azimuth of the plane: the
// turn of the meridians, radians. A degree of it is good to 0.005.
func (p plane) convergence(v vec) float64 {
	const primeM, meridianM = 6_389_000.0, 6_373_000.0 // radii of curvature of WGS 84 at 48 degrees; by 0.3 % elsewhere
	lat := rad(p.middle.Lat)
	return v.e / (primeM * math.Cos(lat+v.n/meridianM)) * math.Sin(lat+v.n/meridianM/2)
}
