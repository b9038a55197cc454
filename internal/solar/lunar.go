package solar

import "math"

// lunarTerm is one row of Table 47.A or 47.B of Meeus (1998): the multiples of D, M, M' and F, then
// the factor of the sine in 0.000001 degrees and that of the cosine in metres.
type lunarTerm struct {
	y        [4]float64
	sin, cos float64
}

// lunarArguments are the angles of equations 47.1 to 47.6, in rad.
type lunarArguments struct {
	meanLon            float64    // L'
	fundamental        [4]float64 // D, M, M', F
	venus, jupiter, a3 float64    // A1, A2, A3
	eccentricity       float64    // E
}

func newLunarArguments(t float64) lunarArguments {
	return lunarArguments{
		meanLon: rad(218.3164477 + t*(481267.88123421+t*(-0.0015786+t*(1.0/538841-t/65194000)))),
		fundamental: [4]float64{
			rad(297.8501921 + t*(445267.1114034+t*(-0.0018819+t*(1.0/545868-t/113065000)))),
			rad(357.5291092 + t*(35999.0502909+t*(-0.0001536+t/24490000))),
			rad(134.9633964 + t*(477198.8675055+t*(0.0087414+t*(1.0/69699-t/14712000)))),
			rad(93.2720950 + t*(483202.0175233+t*(-0.0036539+t*(-1.0/3526000+t/863310000)))),
		},
		venus:        rad(119.75 + 131.849*t),
		jupiter:      rad(53.09 + 479264.290*t),
		a3:           rad(313.45 + 481266.484*t),
		eccentricity: 1 + t*(-0.002516-0.0000074*t),
	}
}

// lunarSeries returns the geocentric longitude and latitude of the Moon, mean equinox of date, and
// its distance, for a Julian ephemeris century.
func lunarSeries(centuries float64) (lonDeg, latDeg, distanceKm float64) {
	a := newLunarArguments(centuries)
	lon, distance := a.sum(lunarLonTerms[:])
	lat, _ := a.sum(lunarLatTerms[:])
	anomaly, node := a.fundamental[2], a.fundamental[3]
	lon += 3958*math.Sin(a.venus) + 1962*math.Sin(a.meanLon-node) + 318*math.Sin(a.jupiter)
	lat += -2235*math.Sin(a.meanLon) + 382*math.Sin(a.a3) + 175*math.Sin(a.venus-node) +
		175*math.Sin(a.venus+node) + 127*math.Sin(a.meanLon-anomaly) - 115*math.Sin(a.meanLon+anomaly)
	return wrap360(deg(a.meanLon) + lon/1e6), lat / 1e6, 385000.56 + distance/1e3
}

// sum adds a table. Rows with the Sun's anomaly M shrink with the eccentricity of the Earth's orbit.
func (a *lunarArguments) sum(terms []lunarTerm) (sines, cosines float64) {
	scale := [3]float64{1, a.eccentricity, a.eccentricity * a.eccentricity}
	for i := range terms {
		t := &terms[i]
		var argument float64
		for k, multiple := range t.y {
			argument += multiple * a.fundamental[k]
		}
		sin, cos := math.Sincos(argument)
		weight := scale[int(math.Abs(t.y[1]))]
		sines += weight * t.sin * sin
		cosines += weight * t.cos * cos
	}
	return sines, cosines
}

// lunarLonTerms are Table 47.A: factors of sin for the longitude and of cos for the distance.
var lunarLonTerms = [60]lunarTerm{
	{[4]float64{0, 0, 1, 0}, 6288774, -20905355}, {[4]float64{2, 0, -1, 0}, 1274027, -3699111}, {[4]float64{2, 0, 0, 0}, 658314, -2955968},
	{[4]float64{0, 0, 2, 0}, 213618, -569925}, {[4]float64{0, 1, 0, 0}, -185116, 48888}, {[4]float64{0, 0, 0, 2}, -114332, -3149},
	{[4]float64{2, 0, -2, 0}, 58793, 246158}, {[4]float64{2, -1, -1, 0}, 57066, -152138}, {[4]float64{2, 0, 1, 0}, 53322, -170733},
	{[4]float64{2, -1, 0, 0}, 45758, -204586}, {[4]float64{0, 1, -1, 0}, -40923, -129620}, {[4]float64{1, 0, 0, 0}, -34720, 108743},
	{[4]float64{0, 1, 1, 0}, -30383, 104755}, {[4]float64{2, 0, 0, -2}, 15327, 10321}, {[4]float64{0, 0, 1, 2}, -12528, 0},
	{[4]float64{0, 0, 1, -2}, 10980, 79661}, {[4]float64{4, 0, -1, 0}, 10675, -34782}, {[4]float64{0, 0, 3, 0}, 10034, -23210},
	{[4]float64{4, 0, -2, 0}, 8548, -21636}, {[4]float64{2, 1, -1, 0}, -7888, 24208}, {[4]float64{2, 1, 0, 0}, -6766, 30824},
	{[4]float64{1, 0, -1, 0}, -5163, -8379}, {[4]float64{1, 1, 0, 0}, 4987, -16675}, {[4]float64{2, -1, 1, 0}, 4036, -12831},
	{[4]float64{2, 0, 2, 0}, 3994, -10445}, {[4]float64{4, 0, 0, 0}, 3861, -11650}, {[4]float64{2, 0, -3, 0}, 3665, 14403},
	{[4]float64{0, 1, -2, 0}, -2689, -7003}, {[4]float64{2, 0, -1, 2}, -2602, 0}, {[4]float64{2, -1, -2, 0}, 2390, 10056},
	{[4]float64{1, 0, 1, 0}, -2348, 6322}, {[4]float64{2, -2, 0, 0}, 2236, -9884}, {[4]float64{0, 1, 2, 0}, -2120, 5751},
	{[4]float64{0, 2, 0, 0}, -2069, 0}, {[4]float64{2, -2, -1, 0}, 2048, -4950}, {[4]float64{2, 0, 1, -2}, -1773, 4130},
	{[4]float64{2, 0, 0, 2}, -1595, 0}, {[4]float64{4, -1, -1, 0}, 1215, -3958}, {[4]float64{0, 0, 2, 2}, -1110, 0},
	{[4]float64{3, 0, -1, 0}, -892, 3258}, {[4]float64{2, 1, 1, 0}, -810, 2616}, {[4]float64{4, -1, -2, 0}, 759, -1897},
	{[4]float64{0, 2, -1, 0}, -713, -2117}, {[4]float64{2, 2, -1, 0}, -700, 2354}, {[4]float64{2, 1, -2, 0}, 691, 0},
	{[4]float64{2, -1, 0, -2}, 596, 0}, {[4]float64{4, 0, 1, 0}, 549, -1423}, {[4]float64{0, 0, 4, 0}, 537, -1117},
	{[4]float64{4, -1, 0, 0}, 520, -1571}, {[4]float64{1, 0, -2, 0}, -487, -1739}, {[4]float64{2, 1, 0, -2}, -399, 0},
	{[4]float64{0, 0, 2, -2}, -381, -4421}, {[4]float64{1, 1, 1, 0}, 351, 0}, {[4]float64{3, 0, -2, 0}, -340, 0},
	{[4]float64{4, 0, -3, 0}, 330, 0}, {[4]float64{2, -1, 2, 0}, 327, 0}, {[4]float64{0, 2, 1, 0}, -323, 1165},
	{[4]float64{1, 1, -1, 0}, 299, 0}, {[4]float64{2, 0, 3, 0}, 294, 0}, {[4]float64{2, 0, -1, -2}, 0, 8752},
}

// lunarLatTerms are Table 47.B: factors of sin for the latitude.
var lunarLatTerms = [60]lunarTerm{
	{[4]float64{0, 0, 0, 1}, 5128122, 0}, {[4]float64{0, 0, 1, 1}, 280602, 0}, {[4]float64{0, 0, 1, -1}, 277693, 0},
	{[4]float64{2, 0, 0, -1}, 173237, 0}, {[4]float64{2, 0, -1, 1}, 55413, 0}, {[4]float64{2, 0, -1, -1}, 46271, 0},
	{[4]float64{2, 0, 0, 1}, 32573, 0}, {[4]float64{0, 0, 2, 1}, 17198, 0}, {[4]float64{2, 0, 1, -1}, 9266, 0},
	{[4]float64{0, 0, 2, -1}, 8822, 0}, {[4]float64{2, -1, 0, -1}, 8216, 0}, {[4]float64{2, 0, -2, -1}, 4324, 0},
	{[4]float64{2, 0, 1, 1}, 4200, 0}, {[4]float64{2, 1, 0, -1}, -3359, 0}, {[4]float64{2, -1, -1, 1}, 2463, 0},
	{[4]float64{2, -1, 0, 1}, 2211, 0}, {[4]float64{2, -1, -1, -1}, 2065, 0}, {[4]float64{0, 1, -1, -1}, -1870, 0},
	{[4]float64{4, 0, -1, -1}, 1828, 0}, {[4]float64{0, 1, 0, 1}, -1794, 0}, {[4]float64{0, 0, 0, 3}, -1749, 0},
	{[4]float64{0, 1, -1, 1}, -1565, 0}, {[4]float64{1, 0, 0, 1}, -1491, 0}, {[4]float64{0, 1, 1, 1}, -1475, 0},
	{[4]float64{0, 1, 1, -1}, -1410, 0}, {[4]float64{0, 1, 0, -1}, -1344, 0}, {[4]float64{1, 0, 0, -1}, -1335, 0},
	{[4]float64{0, 0, 3, 1}, 1107, 0}, {[4]float64{4, 0, 0, -1}, 1021, 0}, {[4]float64{4, 0, -1, 1}, 833, 0},
	{[4]float64{0, 0, 1, -3}, 777, 0}, {[4]float64{4, 0, -2, 1}, 671, 0}, {[4]float64{2, 0, 0, -3}, 607, 0},
	{[4]float64{2, 0, 2, -1}, 596, 0}, {[4]float64{2, -1, 1, -1}, 491, 0}, {[4]float64{2, 0, -2, 1}, -451, 0},
	{[4]float64{0, 0, 3, -1}, 439, 0}, {[4]float64{2, 0, 2, 1}, 422, 0}, {[4]float64{2, 0, -3, -1}, 421, 0},
	{[4]float64{2, 1, -1, 1}, -366, 0}, {[4]float64{2, 1, 0, 1}, -351, 0}, {[4]float64{4, 0, 0, 1}, 331, 0},
	{[4]float64{2, -1, 1, 1}, 315, 0}, {[4]float64{2, -2, 0, -1}, 302, 0}, {[4]float64{0, 0, 1, 3}, -283, 0},
	{[4]float64{2, 1, 1, -1}, -229, 0}, {[4]float64{1, 1, 0, -1}, 223, 0}, {[4]float64{1, 1, 0, 1}, 223, 0},
	{[4]float64{0, 1, -2, -1}, -220, 0}, {[4]float64{2, 1, -1, -1}, -220, 0}, {[4]float64{1, 0, 1, 1}, -185, 0},
	{[4]float64{2, -1, -2, -1}, 181, 0}, {[4]float64{0, 1, 2, 1}, -177, 0}, {[4]float64{4, 0, -2, -1}, 176, 0},
	{[4]float64{4, -1, -1, -1}, 166, 0}, {[4]float64{1, 0, 1, -1}, -164, 0}, {[4]float64{4, 0, 1, -1}, 132, 0},
	{[4]float64{1, 0, -1, -1}, -119, 0}, {[4]float64{4, -1, 0, -1}, 115, 0}, {[4]float64{2, -2, 0, 1}, 107, 0},
}
