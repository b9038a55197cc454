package coord

import (
	"math"

	"whenwhere/internal/geo"
)

// The transverse Mercator projection by Krueger's series to the sixth order in the third flattening: C. F. F. Karney,
// "Transverse Mercator with an accuracy of a few nanometers", Journal of Geodesy 85 (2011), equations 7 to 14, 35 and 36.
const (
	semiMajorM = 6_378_137.0 // WGS 84
	flattening = 1 / 298.257223563
	scale      = 0.9996 // on the middle meridian of a UTM zone
	n1         = flattening / (2 - flattening)
	n2         = n1 * n1
	n3         = n2 * n1
	n4         = n3 * n1
	n5         = n4 * n1
	n6         = n5 * n1
	radiusM    = semiMajorM / (1 + n1) * (1 + n2/4 + n4/64 + n6/256) // of the rectifying sphere
)

var (
	eccentricity = math.Sqrt(flattening * (2 - flattening))

	toPlane = [6]float64{
		n1/2 - 2*n2/3 + 5*n3/16 + 41*n4/180 - 127*n5/288 + 7891*n6/37800,
		13*n2/48 - 3*n3/5 + 557*n4/1440 + 281*n5/630 - 1983433*n6/1935360,
		61*n3/240 - 103*n4/140 + 15061*n5/26880 + 167603*n6/181440,
		49561*n4/161280 - 179*n5/168 + 6601661*n6/7257600,
		34729*n5/80640 - 3418889*n6/1995840,
		212378941 * n6 / 319334400,
	}
	toEarth = [6]float64{
		n1/2 - 2*n2/3 + 37*n3/96 - n4/360 - 81*n5/512 + 96199*n6/604800,
		n2/48 + n3/15 - 437*n4/1440 + 46*n5/105 - 1118711*n6/3870720,
		17*n3/480 - 37*n4/840 - 209*n5/4480 + 5569*n6/90720,
		4397*n4/161280 - 11*n5/504 - 830251*n6/7257600,
		4583*n5/161280 - 108847*n6/3991680,
		20648693 * n6 / 638668800,
	}
)

// conformal is the tangent of the conformal latitude, of the tangent of the geographic one.
func conformal(tau float64) float64 {
	hyp := math.Hypot(1, tau)
	sigma := math.Sinh(eccentricity * math.Atanh(eccentricity*tau/hyp))
	return tau*math.Hypot(1, sigma) - sigma*hyp
}

// toUTM is the easting in metres, false easting included, and the northing from the equator, negative in the south.
func toUTM(zone int, at geo.LatLon) (eastM, northM float64) {
	lambda := lonDiff(at.Lon, middle(zone)) * math.Pi / 180
	tau := conformal(math.Tan(at.Lat * math.Pi / 180))
	xi1 := math.Atan2(tau, math.Cos(lambda))
	eta1 := math.Asinh(math.Sin(lambda) / math.Hypot(tau, math.Cos(lambda)))
	xi, eta := xi1, eta1
	for i, a := range toPlane {
		k := 2 * float64(i+1)
		xi += a * math.Sin(k*xi1) * math.Cosh(k*eta1)
		eta += a * math.Cos(k*xi1) * math.Sinh(k*eta1)
	}
	return falseEastM + scale*radiusM*eta, scale * radiusM * xi
}

// fromUTM is the inverse of toUTM.
func fromUTM(zone int, eastM, northM float64) geo.LatLon {
	xi, eta := northM/(scale*radiusM), (eastM-falseEastM)/(scale*radiusM)
	xi1, eta1 := xi, eta
	for i, b := range toEarth {
		k := 2 * float64(i+1)
		xi1 -= b * math.Sin(k*xi) * math.Cosh(k*eta)
		eta1 -= b * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	want := math.Sin(xi1) / math.Hypot(math.Sinh(eta1), math.Cos(xi1))
	tau := want / math.Sqrt(1-eccentricity*eccentricity)
	for range 5 { // Newton, equation 19; two steps are enough for a double
		hyp, got := math.Hypot(1, tau), conformal(tau)
		e2 := eccentricity * eccentricity
		tau += (want - got) / math.Hypot(1, got) * (1 + (1-e2)*tau*tau) / ((1 - e2) * hyp)
	}
	lon := middle(zone) + math.Atan2(math.Sinh(eta1), math.Cos(xi1))*180/math.Pi
	return geo.LatLon{Lat: math.Atan(tau) * 180 / math.Pi, Lon: math.Remainder(lon, 360)}
}
