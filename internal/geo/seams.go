package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// boundary lists the edges of all parts without the seams between them. A map
// drawn as many adjacent polygons would otherwise show a front line along the
// border of every one of them (of our truth table 3,220 rows have that flaw).
// No polygon is rebuilt: each edge is cut where another part's edge meets it,
// and a piece is dropped when the ground on both of its sides is held.
func (r *Region) boundary() []segment {
	var kept, all []segment
	for i := range r.parts {
		for _, s := range r.parts[i].segs {
			all = append(all, s)
			pieces, alone := r.pieces(i, s)
			if alone {
				kept = append(kept, s)
				continue
			}
			for _, piece := range pieces {
				if !r.isSeam(piece) {
					kept = append(kept, piece)
				}
			}
		}
	}
	if len(kept) == 0 {
		return all
	}
	return kept
}

// pieces cuts s, an edge of part own, at the edges of other parts; alone when
// none comes near, so that s cannot be a seam.
func (r *Region) pieces(own int, s segment) (out []segment, alone bool) {
	var cuts []float64
	b := s.box()
	near := false
	for j := range r.parts {
		if j == own || !r.parts[j].box.meets(b) {
			continue
		}
		near = true
		other := &r.parts[j]
		other.search(b, func(k int) bool {
			cuts = append(cuts, cutsOf(s, other.segs[k])...)
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
