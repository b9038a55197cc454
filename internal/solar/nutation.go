package solar

import "math"

// nutationTerm is one row of Table A4.3 of Reda & Andreas (2004), the IAU 1980 series: the
// multiples of the five arguments of the Moon and the Sun, then the factors of sin for the
// longitude and of cos for the obliquity, in 0.0001 arcsecond, with their change per Julian
// ephemeris century.
type nutationTerm struct {
	y                    [5]float64
	psi, psiT, eps, epsT float64
}

// nutation returns the nutation in longitude and in obliquity, in degrees.
func nutation(centuries float64) (psiDeg, epsDeg float64) {
	args := nutationArguments(centuries)
	for i := range nutationTerms {
		t := &nutationTerms[i]
		var argument float64
		for k, multiple := range t.y {
			argument += multiple * args[k]
		}
		sin, cos := math.Sincos(argument)
		psiDeg += (t.psi + t.psiT*centuries) * sin
		epsDeg += (t.eps + t.epsT*centuries) * cos
	}
	const unitsPerDeg = 36_000_000
	return psiDeg / unitsPerDeg, epsDeg / unitsPerDeg
}

// nutationArguments returns, in rad, the mean elongation of the Moon, the mean anomalies of the Sun
// and of the Moon, the argument of latitude of the Moon and the longitude of its ascending node
// (equations 15 to 19).
func nutationArguments(t float64) [5]float64 {
	return [5]float64{
		rad(297.85036 + t*(445267.111480+t*(-0.0019142+t/189474))),
		rad(357.52772 + t*(35999.050340+t*(-0.0001603-t/300000))),
		rad(134.96298 + t*(477198.867398+t*(0.0086972+t/56250))),
		rad(93.27191 + t*(483202.017538+t*(-0.0036825+t/327270))),
		rad(125.04452 + t*(-1934.136261+t*(0.0020708+t/450000))),
	}
}

var nutationTerms = [63]nutationTerm{
	{[5]float64{0, 0, 0, 0, 1}, -171996, -174.2, 92025, 8.9},
	{[5]float64{-2, 0, 0, 2, 2}, -13187, -1.6, 5736, -3.1},
	{[5]float64{0, 0, 0, 2, 2}, -2274, -0.2, 977, -0.5},
	{[5]float64{0, 0, 0, 0, 2}, 2062, 0.2, -895, 0.5},
	{[5]float64{0, 1, 0, 0, 0}, 1426, -3.4, 54, -0.1},
	{[5]float64{0, 0, 1, 0, 0}, 712, 0.1, -7, 0},
	{[5]float64{-2, 1, 0, 2, 2}, -517, 1.2, 224, -0.6},
	{[5]float64{0, 0, 0, 2, 1}, -386, -0.4, 200, 0},
	{[5]float64{0, 0, 1, 2, 2}, -301, 0, 129, -0.1},
	{[5]float64{-2, -1, 0, 2, 2}, 217, -0.5, -95, 0.3},
	{[5]float64{-2, 0, 1, 0, 0}, -158, 0, 0, 0},
	{[5]float64{-2, 0, 0, 2, 1}, 129, 0.1, -70, 0},
	{[5]float64{0, 0, -1, 2, 2}, 123, 0, -53, 0},
	{[5]float64{2, 0, 0, 0, 0}, 63, 0, 0, 0},
	{[5]float64{0, 0, 1, 0, 1}, 63, 0.1, -33, 0},
	{[5]float64{2, 0, -1, 2, 2}, -59, 0, 26, 0},
	{[5]float64{0, 0, -1, 0, 1}, -58, -0.1, 32, 0},
	{[5]float64{0, 0, 1, 2, 1}, -51, 0, 27, 0},
	{[5]float64{-2, 0, 2, 0, 0}, 48, 0, 0, 0},
	{[5]float64{0, 0, -2, 2, 1}, 46, 0, -24, 0},
	{[5]float64{2, 0, 0, 2, 2}, -38, 0, 16, 0},
	{[5]float64{0, 0, 2, 2, 2}, -31, 0, 13, 0},
	{[5]float64{0, 0, 2, 0, 0}, 29, 0, 0, 0},
	{[5]float64{-2, 0, 1, 2, 2}, 29, 0, -12, 0},
	{[5]float64{0, 0, 0, 2, 0}, 26, 0, 0, 0},
	{[5]float64{-2, 0, 0, 2, 0}, -22, 0, 0, 0},
	{[5]float64{0, 0, -1, 2, 1}, 21, 0, -10, 0},
	{[5]float64{0, 2, 0, 0, 0}, 17, -0.1, 0, 0},
	{[5]float64{2, 0, -1, 0, 1}, 16, 0, -8, 0},
	{[5]float64{-2, 2, 0, 2, 2}, -16, 0.1, 7, 0},
	{[5]float64{0, 1, 0, 0, 1}, -15, 0, 9, 0},
	{[5]float64{-2, 0, 1, 0, 1}, -13, 0, 7, 0},
	{[5]float64{0, -1, 0, 0, 1}, -12, 0, 6, 0},
	{[5]float64{0, 0, 2, -2, 0}, 11, 0, 0, 0},
	{[5]float64{2, 0, -1, 2, 1}, -10, 0, 5, 0},
	{[5]float64{2, 0, 1, 2, 2}, -8, 0, 3, 0},
	{[5]float64{0, 1, 0, 2, 2}, 7, 0, -3, 0},
	{[5]float64{-2, 1, 1, 0, 0}, -7, 0, 0, 0},
	{[5]float64{0, -1, 0, 2, 2}, -7, 0, 3, 0},
	{[5]float64{2, 0, 0, 2, 1}, -7, 0, 3, 0},
	{[5]float64{2, 0, 1, 0, 0}, 6, 0, 0, 0},
	{[5]float64{-2, 0, 2, 2, 2}, 6, 0, -3, 0},
	{[5]float64{-2, 0, 1, 2, 1}, 6, 0, -3, 0},
	{[5]float64{2, 0, -2, 0, 1}, -6, 0, 3, 0},
	{[5]float64{2, 0, 0, 0, 1}, -6, 0, 3, 0},
	{[5]float64{0, -1, 1, 0, 0}, 5, 0, 0, 0},
	{[5]float64{-2, -1, 0, 2, 1}, -5, 0, 3, 0},
	{[5]float64{-2, 0, 0, 0, 1}, -5, 0, 3, 0},
	{[5]float64{0, 0, 2, 2, 1}, -5, 0, 3, 0},
	{[5]float64{-2, 0, 2, 0, 1}, 4, 0, 0, 0},
	{[5]float64{-2, 1, 0, 2, 1}, 4, 0, 0, 0},
	{[5]float64{0, 0, 1, -2, 0}, 4, 0, 0, 0},
	{[5]float64{-1, 0, 1, 0, 0}, -4, 0, 0, 0},
	{[5]float64{-2, 1, 0, 0, 0}, -4, 0, 0, 0},
	{[5]float64{1, 0, 0, 0, 0}, -4, 0, 0, 0},
	{[5]float64{0, 0, 1, 2, 0}, 3, 0, 0, 0},
	{[5]float64{0, 0, -2, 2, 2}, -3, 0, 0, 0},
	{[5]float64{-1, -1, 1, 0, 0}, -3, 0, 0, 0},
	{[5]float64{0, 1, 1, 0, 0}, -3, 0, 0, 0},
	{[5]float64{0, -1, 1, 2, 2}, -3, 0, 0, 0},
	{[5]float64{2, -1, -1, 2, 2}, -3, 0, 0, 0},
	{[5]float64{0, 0, 3, 2, 2}, -3, 0, 0, 0},
	{[5]float64{2, -1, 0, 2, 2}, -3, 0, 0, 0},
}
