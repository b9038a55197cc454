package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// boundary lists the edges of all parts without the seams between them. A map
// drawn as many adjacent polygons would otherwise show a front line along the
// border of every one of them (of our truth table 3,220 rows have that flaw).
// No polygon is rebuilt: each edge is cut where another part's edge meets it or
// another part's corner comes near, and a piece is dropped when the ground on
// both of its sides is held, or when no more than gapM lies between it and
// another part. Those last are the gaps: they stay outside for Contains.
func (r *Region) boundary() (kept, gaps []segment) {
	for i := range r.parts {
		segs := r.parts[i].segs
		from := 0
		for k := range segs {
			if k+1 == len(segs) || segs[k].b != segs[k+1].a {
				line, gap := r.withoutSeams(i, segs[from:k+1])
				kept, gaps = append(kept, line...), append(gaps, gap...)
				from = k + 1
			}
		}
	}
	if len(kept) > 0 {
		return kept, gaps
	}
	for i := range r.parts {
		kept = append(kept, r.parts[i].segs...)
	}
	return kept, nil
}

// withoutSeams is what of a ring of part own is boundary, and what faces a gap.
func (r *Region) withoutSeams(own int, ring []segment) (kept, gaps []segment) {
	var pieces []segment
	var seam []bool
	for _, s := range ring {
		cut, alone := r.pieces(own, s)
		if alone {
			cut = []segment{s}
		}
		for _, piece := range cut {
			pieces = append(pieces, piece)
			seam = append(seam, !alone && (r.isSeam(piece) || r.facesGap(own, piece)))
		}
	}
	dropCrumbs(pieces, seam)
	for i, piece := range pieces {
		if !seam[i] {
			kept = append(kept, piece)
		} else if !r.isSeam(piece) {
			gaps = append(gaps, piece)
		}
	}
	return kept, gaps
}

// dropCrumbs makes seam of what is left between two seams of a ring when it is
// no longer than gapM: a corner in a gap, whose own direction says nothing of
// what lies across, or the mouth of a gap.
func dropCrumbs(pieces []segment, seam []bool) {
	n := len(seam)
	start := slices.Index(seam, true) + 1
	if start == 0 {
		return
	}
	from, lengthM := start, 0.0
	for i := start; i < start+n; i++ { // once around, to the seam that it began after
		if !seam[i%n] {
			lengthM += pieces[i%n].lengthM()
			continue
		}
		for k := from; k < i && lengthM <= gapM; k++ {
			seam[k%n] = true
		}
		from, lengthM = i+1, 0
	}
}

func (s segment) lengthM() float64 {
	return DistanceM(LatLon{Lat: s.a[1], Lon: s.a[0]}, LatLon{Lat: s.b[1], Lon: s.b[0]})
}

// pieces cuts s, an edge of part own, at the edges of other parts; alone when
// none comes near, so that s cannot be a seam.
func (r *Region) pieces(own int, s segment) (out []segment, alone bool) {
	var cuts []float64
	b := s.box().grow(gapM)
	near := false
	for j := range r.parts {
		if j == own || !r.parts[j].box.meets(b) {
			continue
		}
		near = true
		other := &r.parts[j]
		other.search(b, func(k int) bool {
			cuts = append(cuts, cutsOf(s, other.segs[k])...)
			if t, ok := s.footOf(other.segs[k].a); ok {
				cuts = append(cuts, t)
			}
			return true
		})
	}
	if !near {
		return nil, true
	}
	return s.cut(cuts), false
}

// cut returns the pieces of s between the fractions given, in any order.
func (s segment) cut(at []float64) (out []segment) {
	if len(at) == 0 {
		return []segment{s}
	}
	slices.Sort(at)
	from := s.a
	for _, t := range append(at, 1) {
		if to := s.at(t); to != from {
			out = append(out, segment{from, to})
			from = to
		}
	}
	return out
}

// cutsOf returns where along s, in (0,1), the segment u meets it: the crossing
// point, or the ends of u when both lie along one line.
func cutsOf(s, u segment) []float64 {
	dx, dy := s.b[0]-s.a[0], s.b[1]-s.a[1]
	ex, ey := u.b[0]-u.a[0], u.b[1]-u.a[1]
	var ts []float64
	if det := dx*ey - dy*ex; math.Abs(det) > 1e-12*math.Hypot(dx, dy)*math.Hypot(ex, ey) {
		fx, fy := u.a[0]-s.a[0], u.a[1]-s.a[1]
		if v := (fx*dy - fy*dx) / det; v >= 0 && v <= 1 {
			ts = append(ts, (fx*ey-fy*ex)/det)
		}
	} else {
		for _, p := range [2]orb.Point{u.a, u.b} {
			ts = append(ts, ((p[0]-s.a[0])*dx+(p[1]-s.a[1])*dy)/(dx*dx+dy*dy))
		}
	}
	return slices.DeleteFunc(ts, func(t float64) bool { return t <= 0 || t >= 1 })
}

// sideStepDeg is the step to either side of an edge, about 1 cm: far above the
// rounding of coordinates, far below anything a control map can mean.
const sideStepDeg = 1e-7

// gapM is the widest gap between two polygons that is a slip of the pen and no
// ground of anybody. Judged by two providers who draw the held ground by hand
// in 9 to 13 polygons. One: 220 km of edges face gaps below 2 m, 0.1 km wider
// ones up to 250 m. The other: 410 km up to 10 m, 275 km from there to 150 m,
// then at most 0.7 km for every 50 m more; with 150 m some corners of those
// gaps stay, tens of km behind any line, with 250 m none. No map is asked more
// finely than 2 km. The area of a gap does not count: what is that narrow
// between two polygons is held by nobody, however long.
const gapM = 250

// facesGap tells whether straight across from the middle of s, an edge of part
// own, another part begins within gapM. Notches and holes of one polygon are as drawn.
func (r *Region) facesGap(own int, s segment) bool {
	from, ok := r.beyond(s, 0)
	if !ok {
		return false
	}
	to, _ := r.beyond(s, gapM)
	across := segment{orb.Point{from.Lon, from.Lat}, orb.Point{to.Lon, to.Lat}}
	met := false
	for j := range r.parts {
		if j == own || met {
			continue
		}
		other := &r.parts[j]
		other.search(across.box(), func(k int) bool {
			met = len(cutsOf(across, other.segs[k])) > 0
			return !met
		})
	}
	return met
}

// footOf is where along s, in (0,1), it is nearest to q; ok is false beyond
// gapM or beyond the ends of s.
func (s segment) footOf(q orb.Point) (t float64, ok bool) {
	l := newLocal(LatLon{Lon: q[0], Lat: q[1]})
	ax, ay := l.vector(s.a)
	bx, by := l.vector(s.b)
	dx, dy := bx-ax, by-ay
	t = -(ax*dx + ay*dy) / (dx*dx + dy*dy)
	return t, t > 0 && t < 1 && math.Hypot(ax+t*dx, ay+t*dy) <= gapM
}

// grow is b with at least m metres around it.
func (b box) grow(m float64) box {
	lat := m / 110_000
	lon := lat / max(b.leastCos(), 0.01) // within half a degree of a pole: less
	return box{b.minLon - lon, b.minLat - lat, b.maxLon + lon, b.maxLat + lat}
}

func (r *Region) isSeam(s segment) bool {
	left, right := s.beside(sideStepDeg)
	return r.Contains(left) && r.Contains(right)
}

// beside returns the places stepDeg to the left and to the right of the middle
// of s.
func (s segment) beside(stepDeg float64) (left, right LatLon) {
	mid := s.at(0.5)
	dx, dy := s.b[0]-s.a[0], s.b[1]-s.a[1]
	n := stepDeg / math.Hypot(dx, dy)
	return LatLon{Lon: mid[0] - dy*n, Lat: mid[1] + dx*n}, LatLon{Lon: mid[0] + dy*n, Lat: mid[1] - dx*n}
}
