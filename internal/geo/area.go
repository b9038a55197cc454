package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// AreaKm2 is the area on WGS 84 of polygons whose edges are straight in
// longitude and latitude, holes subtracted, whatever the winding: the integral
// of the authalic function (Snyder, "Map Projections: A Working Manual", USGS
// Professional Paper 1395, equation 3-12) along each edge by Simpson's rule.
// Error below 0.001 % for edges up to 1 degree and 0.1 % for edges of 30
// degrees. Polygons that overlap are counted twice.
func AreaKm2(shape orb.MultiPolygon) (km2 float64) {
	for _, p := range shape {
		for i, r := range p {
			if a := math.Abs(ringAreaM2(r)) / 1e6; i == 0 {
				km2 += a
			} else {
				km2 -= a
			}
		}
	}
	return km2
}

func ringAreaM2(r orb.Ring) (sum float64) {
	if len(r) == 0 {
		return 0
	}
	// Measured from one parallel, so that small rings keep their digits.
	base := authalic(r[0][1])
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		mean := (authalic(a[1]) + 4*authalic((a[1]+b[1])/2) + authalic(b[1])) / 6
		sum += (b[0] - a[0]) * radPerDeg * (mean - base)
	}
	return sum
}

// authalic is the area in m² between the equator and the parallel latDeg over
// one radian of longitude: b²/2·(sinφ/(1-e²sin²φ) + artanh(e sinφ)/e).
func authalic(latDeg float64) float64 {
	e := math.Sqrt(wgsE2)
	s := math.Sin(latDeg * radPerDeg)
	return wgsB * wgsB / 2 * (s/(1-wgsE2*s*s) + math.Atanh(e*s)/e)
}

// StripKm2 is the area of a stretch of lonDeg degrees of longitude between two
// parallels, exact.
func StripKm2(lat1, lat2, lonDeg float64) float64 {
	return math.Abs(authalic(lat2)-authalic(lat1)) * math.Abs(lonDeg) * radPerDeg / 1e6
}
