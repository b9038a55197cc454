package geo

import "math"

// WGS 84 (NGA.STND.0036): semi-major axis in metres and flattening; the rest
// follows from them.
const (
	wgsA  = 6378137.0
	wgsF  = 1 / 298.257223563
	wgsB  = wgsA * (1 - wgsF)
	wgsE2 = wgsF * (2 - wgsF)
)

const (
	radPerDeg = math.Pi / 180
	degPerRad = 180 / math.Pi
)

// DistanceM is the length in metres of the geodesic between a and b on WGS 84:
// Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid",
// Survey Review 23 (176), 1975; 0.5 mm. Between nearly antipodal points, where
// his iteration does not converge, it is the shortest way over the great
// circle half way between them, within 1 m.
func DistanceM(a, b LatLon) float64 {
	if d, _, ok := inverse(a, b); ok {
		return d
	}
	return antipodalM(a, b)
}

// AzimuthDeg is the initial bearing of the geodesic from a to b, degrees
// clockwise from true north in [0, 360). ok is false where there is none: for
// equal and for nearly antipodal points.
func AzimuthDeg(a, b LatLon) (deg float64, ok bool) {
	d, az, ok := inverse(a, b)
	return az, ok && d > 0
}

// inverse is Vincenty's inverse formula; ok is false when it does not converge.
func inverse(a, b LatLon) (distM, azimuthDeg float64, ok bool) {
	if a == b {
		return 0, 0, true
	}
	l := radPerDeg * math.Remainder(b.Lon-a.Lon, 360)
	sinU1, cosU1 := math.Sincos(math.Atan((1 - wgsF) * math.Tan(a.Lat*radPerDeg)))
	sinU2, cosU2 := math.Sincos(math.Atan((1 - wgsF) * math.Tan(b.Lat*radPerDeg)))
	lambda := l
	for range 100 {
		sinL, cosL := math.Sincos(lambda)
		sinS := math.Hypot(cosU2*sinL, cosU1*sinU2-sinU1*cosU2*cosL)
		if sinS == 0 {
			return 0, 0, math.Abs(lambda) < 1
		}
		cosS := sinU1*sinU2 + cosU1*cosU2*cosL
		sigma := math.Atan2(sinS, cosS)
		sinA := cosU1 * cosU2 * sinL / sinS
		cos2A := 1 - sinA*sinA
		cos2M := 0.0 // on the equator
		if cos2A > 1e-15 {
			cos2M = cosS - 2*sinU1*sinU2/cos2A
		}
		c := wgsF / 16 * cos2A * (4 + wgsF*(4-3*cos2A))
		next := l + (1-c)*wgsF*sinA*(sigma+c*sinS*(cos2M+c*cosS*(2*cos2M*cos2M-1)))
		if math.Abs(next) > math.Pi {
			return 0, 0, false
		}
		if math.Abs(next-lambda) < 1e-12 {
			az := math.Atan2(cosU2*sinL, cosU1*sinU2-sinU1*cosU2*cosL)
			return wgsB * arc(cos2A, sigma, sinS, cosS, cos2M), math.Mod(az*degPerRad+360, 360), true
		}
		lambda = next
	}
	return 0, 0, false
}

// arc is A·(σ − Δσ) of Vincenty's equations 3, 4 and 6.
func arc(cos2A, sigma, sinS, cosS, cos2M float64) float64 {
	ka, kb := series(cos2A)
	return ka * (sigma - deltaSigma(kb, sinS, cosS, cos2M))
}

func series(cos2A float64) (a, b float64) {
	u2 := cos2A * (wgsA*wgsA - wgsB*wgsB) / (wgsB * wgsB)
	a = 1 + u2/16384*(4096+u2*(-768+u2*(320-175*u2)))
	b = u2 / 1024 * (256 + u2*(-128+u2*(74-47*u2)))
	return a, b
}

func deltaSigma(b, sinS, cosS, cos2M float64) float64 {
	return b * sinS * (cos2M + b/4*(cosS*(2*cos2M*cos2M-1)-
		b/6*cos2M*(4*sinS*sinS-3)*(4*cos2M*cos2M-3)))
}

// Destination is the place distM metres from a along the geodesic that leaves
// at azimuthDeg (Vincenty's direct formula, 0.5 mm).
func Destination(a LatLon, azimuthDeg, distM float64) LatLon {
	sinAz, cosAz := math.Sincos(azimuthDeg * radPerDeg)
	tanU := (1 - wgsF) * math.Tan(a.Lat*radPerDeg)
	sinU, cosU := math.Sincos(math.Atan(tanU))
	sigma1 := math.Atan2(tanU, cosAz)
	sinA := cosU * sinAz
	cos2A := 1 - sinA*sinA
	ka, kb := series(cos2A)
	sigma := distM / (wgsB * ka)
	var sinS, cosS, cos2M float64
	for range 100 {
		cos2M = math.Cos(2*sigma1 + sigma)
		sinS, cosS = math.Sincos(sigma)
		next := distM/(wgsB*ka) + deltaSigma(kb, sinS, cosS, cos2M)
		if math.Abs(next-sigma) < 1e-13 {
			break
		}
		sigma = next
	}
	t := sinU*sinS - cosU*cosS*cosAz
	lat := math.Atan2(sinU*cosS+cosU*sinS*cosAz, (1-wgsF)*math.Hypot(sinA, t))
	lambda := math.Atan2(sinS*sinAz, cosU*cosS-sinU*sinS*cosAz)
	c := wgsF / 16 * cos2A * (4 + wgsF*(4-3*cos2A))
	l := lambda - (1-c)*wgsF*sinA*(sigma+c*sinS*(cos2M+c*cosS*(2*cos2M*cos2M-1)))
	return LatLon{Lat: lat * degPerRad, Lon: math.Remainder(a.Lon+l*degPerRad, 360)}
}

// antipodalM: every way from a to b crosses the great circle half way between
// them, and to any place on that circle Vincenty converges. So the shortest
// way is the least sum of two legs over the places of the circle.
func antipodalM(a, b LatLon) float64 {
	var u, v [3]float64 // an orthonormal base of the plane of the circle
	u, v = across(unit(a), unit(b))
	legs := func(theta float64) float64 {
		s, c := math.Sincos(theta)
		m := LatLon{
			Lat: degPerRad * math.Asin(max(-1, min(1, c*u[2]+s*v[2]))),
			Lon: degPerRad * math.Atan2(c*u[1]+s*v[1], c*u[0]+s*v[0]),
		}
		d1, _, ok1 := inverse(a, m)
		d2, _, ok2 := inverse(m, b)
		if !ok1 || !ok2 {
			return math.Inf(1)
		}
		return d1 + d2
	}
	const steps = 72
	best, at := math.Inf(1), 0.0
	for i := range steps {
		theta := 2 * math.Pi * float64(i) / steps
		if d := legs(theta); d < best {
			best, at = d, theta
		}
	}
	return min(best, goldenMin(legs, at-2*math.Pi/steps, at+2*math.Pi/steps))
}

// goldenMin is the least value of f, which has one minimum, between lo and hi.
func goldenMin(f func(float64) float64, lo, hi float64) float64 {
	const ratio = 0.6180339887498949
	for range 60 {
		x, y := hi-ratio*(hi-lo), lo+ratio*(hi-lo)
		if f(x) < f(y) {
			hi = y
		} else {
			lo = x
		}
	}
	return f((lo + hi) / 2)
}

func unit(p LatLon) [3]float64 {
	sinLat, cosLat := math.Sincos(p.Lat * radPerDeg)
	sinLon, cosLon := math.Sincos(p.Lon * radPerDeg)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// across returns two unit vectors at right angles to a-b and to each other.
func across(a, b [3]float64) (u, v [3]float64) {
	w := normal([3]float64{a[0] - b[0], a[1] - b[1], a[2] - b[2]})
	pick := [3]float64{0, 0, 1}
	if math.Abs(w[2]) > 0.9 {
		pick = [3]float64{1, 0, 0}
	}
	u = normal(cross(w, pick))
	return u, cross(w, u)
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func normal(a [3]float64) [3]float64 {
	n := math.Sqrt(a[0]*a[0] + a[1]*a[1] + a[2]*a[2])
	return [3]float64{a[0] / n, a[1] / n, a[2] / n}
}
