package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// local measures around p: the vector to a near place on the ellipsoid by the
// mid-latitude formula (radii of curvature at the mean latitude; Bomford,
// "Geodesy"). Its error grows with the square of the distance: below 0.01 % at
// 200 km and 60 degrees of latitude. It is used to find the nearest point; the
// length to it is then computed by DistanceM.
type local struct {
	p        LatLon
	sin, cos float64 // of the latitude
}

func newLocal(p LatLon) local {
	sin, cos := math.Sincos(p.Lat * radPerDeg)
	return local{p, sin, cos}
}

func (l *local) vector(q orb.Point) (eastM, northM float64) {
	sin, cos := l.sincos((q[1] - l.p.Lat) / 2 * radPerDeg)
	w2 := 1 - wgsE2*sin*sin
	n := wgsA / math.Sqrt(w2)
	m := n * (1 - wgsE2) / w2
	return n * cos * radPerDeg * (q[0] - l.p.Lon), m * radPerDeg * (q[1] - l.p.Lat)
}

// sincos is of the latitude of p and x more; the series leave 1e-11.
func (l *local) sincos(x float64) (sin, cos float64) {
	if math.Abs(x) > 0.05 {
		return math.Sincos(l.p.Lat*radPerDeg + x)
	}
	x2 := x * x
	s, c := x*(1-x2/6*(1-x2/20)), 1-x2/2*(1-x2/12)
	return l.sin*c + l.cos*s, l.cos*c - l.sin*s
}

// The line that is straight in degrees bends away from the straight line in
// metres by len²·tan(lat)/(8R): 0.05 mm for 50 m, 90 mm for 2 km, 200 m for
// 100 km at 48 degrees. Longer edges are refined when they can still be the
// nearest; bendPerM2 bounds the bend up to 78 degrees of latitude.
const (
	straightEdgeM = 50
	// Up to 10 km a parabola through both ends and the middle is the line
	// within 1 mm; longer edges are followed point by point.
	parabolaEdgeM = 10_000
	bendPerM2     = 1e-7
)

// foot is the point of s nearest to p, and its squared distance in m²; edges
// that cannot come nearer than beyondM may be answered roughly.
func (l *local) foot(s *segment, beyondM float64) (q orb.Point, d2 float64) {
	ax, ay := l.vector(s.a)
	bx, by := l.vector(s.b)
	dx, dy := bx-ax, by-ay
	len2 := dx*dx + dy*dy
	t := clamp01(-(ax*dx + ay*dy) / len2)
	x, y := ax+t*dx, ay+t*dy
	if len2 <= straightEdgeM*straightEdgeM {
		return s.at(t), x*x + y*y
	}
	if near := beyondM + bendPerM2*len2; x*x+y*y >= near*near {
		return s.at(t), x*x + y*y
	}
	if len2 > parabolaEdgeM*parabolaEdgeM {
		t = l.refine(s, t)
		x, y = l.vector(s.at(t))
		return s.at(t), x*x + y*y
	}
	mx, my := l.vector(s.at(0.5))
	// a + t·d + t(1-t)·k, where k is four times the bend in the middle.
	kx, ky := 4*mx-2*(ax+bx), 4*my-2*(ay+by)
	for range 3 { // Gauss-Newton; the bend is a thousandth of the length at most
		x, y = ax+t*(dx+(1-t)*kx), ay+t*(dy+(1-t)*ky)
		vx, vy := dx+(1-2*t)*kx, dy+(1-2*t)*ky
		t = clamp01(t - (x*vx+y*vy)/(vx*vx+vy*vy))
	}
	x, y = ax+t*(dx+(1-t)*kx), ay+t*(dy+(1-t)*ky)
	return s.at(t), x*x + y*y
}

// refine is Gauss-Newton on the true, slightly bent line.
func (l *local) refine(s *segment, t float64) float64 {
	const h = 1e-4
	for range 4 {
		x, y := l.vector(s.at(t))
		x2, y2 := l.vector(s.at(t + h))
		dx, dy := (x2-x)/h, (y2-y)/h
		t = clamp01(t - (x*dx+y*dy)/(dx*dx+dy*dy))
	}
	return t
}

func clamp01(t float64) float64 { return max(0, min(1, t)) }

// at is the point at fraction t, with both ends exact.
func (s *segment) at(t float64) orb.Point {
	if t == 1 {
		return s.b
	}
	return orb.Point{s.a[0] + t*(s.b[0]-s.a[0]), s.a[1] + t*(s.b[1]-s.a[1])}
}

func (s segment) shift(deg float64) segment {
	s.a[0] += deg
	s.b[0] += deg
	return s
}

// search state of one nearest query: branch and bound over the boxes.
type nearest struct {
	l      local
	bestD2 float64 // m²
	bestM  float64
	limit  float64 // haversine of bestM, with 1 % to spare for the ellipsoid
	q      orb.Point
}

// nearest returns the place on the line nearest to p; ok is false when the
// line has no edge.
func (t *line) nearest(p LatLon) (q LatLon, ok bool) {
	if t == nil {
		return LatLon{}, false
	}
	inf := math.Inf(1)
	n := nearest{l: newLocal(p), bestD2: inf, bestM: inf, limit: inf}
	n.visit(t)
	return LatLon{Lat: n.q[1], Lon: math.Remainder(n.q[0], 360)}, true
}

func (n *nearest) visit(t *line) {
	for i := range t.segs {
		if n.bound(t.segs[i].box(), t.cos) <= n.limit {
			n.try(t.segs[i])
		}
	}
	var bound [maxFan]float64
	var order [maxFan]*line
	for c := range t.kids { // insertion sort, nearest box first
		h := n.bound(t.bounds[c].box, t.bounds[c].cos)
		k := c
		for ; k > 0 && bound[k-1] > h; k-- {
			bound[k], order[k] = bound[k-1], order[k-1]
		}
		bound[k], order[k] = h, t.kids[c]
	}
	for k := range t.kids {
		if bound[k] > n.limit {
			return
		}
		n.visit(order[k])
	}
}

// bound is a haversine that no point of b can be nearer than, on the sphere;
// cos is the least cosine of latitude in b.
func (n *nearest) bound(b box, cos float64) float64 {
	dLat := max(b.minLat-n.l.p.Lat, n.l.p.Lat-b.maxLat, 0)
	return havLow(dLat*radPerDeg) + n.l.cos*cos*havLow(around(n.l.p.Lon, b)*radPerDeg)
}

// around is the least difference of longitude to b, either way round.
func around(lon float64, b box) float64 {
	d := max(b.minLon-lon, lon-b.maxLon, 0)
	if d <= 0 {
		return 0
	}
	return min(d, max(b.minLon+360-lon, 0), max(lon+360-b.maxLon, 0))
}

func hav(x float64) float64 {
	s := math.Sin(x / 2)
	return s * s
}

// havLow is never above hav: (1 - cos x)/2 with cos x <= 1 - x²/2 + x⁴/24.
func havLow(x float64) float64 {
	x2 := x * x
	return x2 / 4 * (1 - x2/12)
}

func (n *nearest) try(s segment) {
	// The nearer copy across the antimeridian, if it is one.
	if turn := math.Round((n.l.p.Lon - s.a[0]) / 360); turn != 0 {
		s = s.shift(360 * turn)
	}
	q, d2 := n.l.foot(&s, n.bestM)
	if d2 < n.bestD2 {
		n.bestD2, n.q, n.bestM = d2, q, math.Sqrt(d2)
		n.limit = hav(min(math.Pi, 1.01*n.bestM/wgsB))
	}
}
