package shadow

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// perimeter walks the sides of a box counter-clockwise from its lower left corner.
type perimeter struct{ box orb.Bound }

func (p perimeter) size() (width, height float64) {
	return p.box.Max[0] - p.box.Min[0], p.box.Max[1] - p.box.Min[1]
}

// position is how far along the walk a point on a side lies. A curve's end may miss its side by a rounding, so the
// nearest side is taken.
func (p perimeter) position(q orb.Point) float64 {
	width, height := p.size()
	gaps := []float64{q[1] - p.box.Min[1], p.box.Max[0] - q[0], p.box.Max[1] - q[1], q[0] - p.box.Min[0]}
	for i := range gaps {
		gaps[i] = math.Abs(gaps[i])
	}
	switch slices.Index(gaps, slices.Min(gaps)) {
	case 0:
		return q[0] - p.box.Min[0]
	case 1:
		return width + q[1] - p.box.Min[1]
	case 2:
		return width + height + p.box.Max[0] - q[0]
	default:
		return 2*width + height + p.box.Max[1] - q[1]
	}
}

// ahead is the length of the walk from one position to another.
func (p perimeter) ahead(from, to float64) float64 {
	width, height := p.size()
	if to < from {
		to += 2 * (width + height)
	}
	return to - from
}

// corners returns the corners passed on the walk, in order.
func (p perimeter) corners(from, to float64) []orb.Point {
	width, height := p.size()
	length := p.ahead(from, to)
	at := []float64{0, width, width + height, 2*width + height}
	point := []orb.Point{p.box.Min, {p.box.Max[0], p.box.Min[1]}, p.box.Max, {p.box.Min[0], p.box.Max[1]}}
	order := []int{0, 1, 2, 3}
	slices.SortFunc(order, func(a, b int) int {
		if p.ahead(from, at[a]) < p.ahead(from, at[b]) {
			return -1
		}
		return 1
	})
	var out []orb.Point
	for _, i := range order {
		if d := p.ahead(from, at[i]); d > 0 && d < length {
			out = append(out, point[i])
		}
	}
	return out
}

// join closes chains along the box.
func join(chains []orb.LineString, box orb.Bound) []orb.Ring {
	p := perimeter{box}
	used := make([]bool, len(chains))
	var out []orb.Ring
	for first := range chains {
		if used[first] {
			continue
		}
		var ring orb.Ring
		for i := first; ; {
			used[i] = true
			ring = append(ring, chains[i]...)
			end := p.position(chains[i][len(chains[i])-1])
			next, nearest := first, p.ahead(end, p.position(chains[first][0]))
			for k := range chains {
				if d := p.ahead(end, p.position(chains[k][0])); !used[k] && d < nearest {
					next, nearest = k, d
				}
			}
			ring = append(ring, p.corners(end, p.position(chains[next][0]))...)
			if next == first {
				break
			}
			i = next
		}
		out = append(out, append(ring, ring[0]))
	}
	return out
}

// assemble sorts rings into polygons: counter-clockwise ones are exteriors, the others holes of the exterior around them.
func assemble(rings []orb.Ring) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, r := range rings {
		if r.Orientation() == orb.CCW {
			out = append(out, orb.Polygon{r})
		}
	}
	for _, r := range rings {
		if r.Orientation() != orb.CW {
			continue
		}
		for i := range out {
			if planar.RingContains(out[i][0], r[0]) {
				out[i] = append(out[i], r)
				break
			}
		}
	}
	return out
}
