package shadow

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// placement sums up the evaluated cells.
func (s *placeSearch) placement() Placement {
	slices.SortFunc(s.cells, func(a, b cell) int {
		return cmp.Or(-cmp.Compare(a.log, b.log), cmp.Compare(a.row, b.row), cmp.Compare(a.column, b.column))
	})
	top := s.cells[0]
	mass := make([]float64, len(s.cells))
	total := 0.0
	for i, c := range s.cells {
		mass[i] = math.Exp(c.log-top.log) * s.surface(c)
		total += mass[i]
	}
	for i := range mass {
		mass[i] /= total
	}
	in50, in95 := s.cells[:holding(mass, 0.5)], s.cells[:holding(mass, 0.95)]
	region50, _ := s.union(in50)
	region95, component := s.union(in95)
	out := Placement{
		Region50: region50, Region95: region95,
		ResolutionLon: s.width() / float64(s.columns), ResolutionLat: s.height() / float64(s.rows),
		Clocks:      s.clockMasses(mass),
		LogEvidence: top.log + math.Log(total/s.areaDeg2()),
	}
	out.Best = s.estimate(in95, mass, component)
	out.Misfit = s.misfit(s.middle(top))
	return out
}

// holding returns how many of the sorted masses reach a level.
func holding(mass []float64, level float64) int {
	sum := 0.0
	for i, m := range mass {
		if sum += m; sum >= level {
			return i + 1
		}
	}
	return len(mass)
}

// areaDeg2 is the surface of the area on the sphere, each ring by its trapezia between meridians.
func (s *placeSearch) areaDeg2() float64 {
	total := 0.0
	for _, polygon := range s.area {
		for i, ring := range polygon {
			sign := 1.0
			if i > 0 {
				sign = -1
			}
			total += sign * math.Abs(ringSurface(ring))
		}
	}
	return total
}

// ringSurface integrates the sine of the latitude along a ring of straight lines on the map.
func ringSurface(ring orb.Ring) float64 {
	sum := 0.0
	for i := range len(ring) - 1 {
		a, b := ring[i], ring[i+1]
		middle := math.Sin((a[1] + b[1]) / 2 * degree)
		mean := (math.Sin(a[1]*degree) + 4*middle + math.Sin(b[1]*degree)) / 6
		sum += (b[0] - a[0]) * mean / degree
	}
	return sum
}

func (s *placeSearch) clockMasses(mass []float64) []float64 {
	out := make([]float64, len(s.readings))
	if len(out) == 1 {
		out[0] = 1
		return out
	}
	parts := make([]float64, len(s.readings))
	for i, c := range s.cells {
		p := s.middle(c)
		s.look(p)
		all := s.logHere(p, parts)
		for k, x := range parts {
			out[k] += mass[i] * math.Exp(x-all)
		}
	}
	return out
}

// misfit is the sum of squared errors at a place by the clock that fits best there.
func (s *placeSearch) misfit(p orb.Point) float64 {
	s.look(p)
	s.logHere(p, s.scratch)
	best := s.readings[slices.Index(s.scratch, slices.Max(s.scratch))]
	best.logLikelihood(p[1])
	return max(0, best.v.chi)
}

// estimate takes the moments around the best cell over the cells joined with it.
func (s *placeSearch) estimate(cells []cell, mass []float64, component []int) Estimate {
	best := s.middle(cells[0])
	out := Estimate{LatDeg: best[1], LonDeg: best[0]}
	var north2, east2, both float64
	for i, c := range cells {
		if component[i] != component[0] {
			continue
		}
		p := s.middle(c)
		north := (p[1] - best[1]) * metresDeg
		east := (p[0] - best[0]) * metresDeg * math.Cos((p[1]+best[1])/2*degree)
		out.Probability += mass[i]
		north2 += mass[i] * north * north
		east2 += mass[i] * east * east
		both += mass[i] * north * east
	}
	// A cell has a width of its own.
	sizeNorth := s.height() / float64(s.rows) * metresDeg
	sizeEast := s.width() / float64(s.columns) * metresDeg * math.Cos(best[1]*degree)
	north2, east2 = north2/out.Probability+sizeNorth*sizeNorth/12, east2/out.Probability+sizeEast*sizeEast/12
	out.SigmaNorthM, out.SigmaEastM = math.Sqrt(north2), math.Sqrt(east2)
	if out.SigmaNorthM > 0 && out.SigmaEastM > 0 {
		out.Correlation = both / out.Probability / (out.SigmaNorthM * out.SigmaEastM)
	}
	return out
}

// union outlines a set of cells: one polygon for each set of cells that share sides. component tells for each cell the
// polygon that it is in.
func (s *placeSearch) union(cells []cell) (polygons orb.MultiPolygon, component []int) {
	index := make(map[[2]int32]int, len(cells))
	for i, c := range cells {
		index[[2]int32{c.column, c.row}] = i
	}
	component = components(cells, index)
	o := newOutline(cells, index)
	rings := map[int][]orb.Ring{}
	count := 0
	for i := range cells {
		count = max(count, component[i]+1)
		for side := range 4 {
			if !o.open[i][side] {
				continue
			}
			ring := s.ring(o.follow(i, side))
			if ring.Orientation() == orb.CCW {
				rings[component[i]] = append([]orb.Ring{ring}, rings[component[i]]...)
			} else {
				rings[component[i]] = append(rings[component[i]], ring)
			}
		}
	}
	for k := range count {
		polygons = append(polygons, orb.Polygon(rings[k]))
	}
	return polygons, component
}

// components numbers the sets of cells that share sides, in the order of their first cell.
func components(cells []cell, index map[[2]int32]int) []int {
	out := make([]int, len(cells))
	for i := range out {
		out[i] = -1
	}
	next := 0
	var stack []int
	for i := range cells {
		if out[i] >= 0 {
			continue
		}
		out[i] = next
		for stack = append(stack[:0], i); len(stack) > 0; {
			c := cells[stack[len(stack)-1]]
			stack = stack[:len(stack)-1]
			for _, step := range sides {
				if k, ok := index[[2]int32{c.column + step[0], c.row + step[1]}]; ok && out[k] < 0 {
					out[k] = next
					stack = append(stack, k)
				}
			}
		}
		next++
	}
	return out
}

// sides are the neighbours below, right, above and left. A cell's side in that direction runs counter-clockwise, from
// the corner of the same index to the next.
var sides = [4][2]int32{{0, -1}, {1, 0}, {0, 1}, {-1, 0}}
var corners = [4][2]int32{{0, 0}, {1, 0}, {1, 1}, {0, 1}}

// outline knows which sides of the cells face no other cell and are not yet followed.
type outline struct {
	cells []cell
	index map[[2]int32]int
	open  [][4]bool
}

func newOutline(cells []cell, index map[[2]int32]int) *outline {
	o := &outline{cells: cells, index: index, open: make([][4]bool, len(cells))}
	for i, c := range cells {
		for side, step := range sides {
			_, has := index[[2]int32{c.column + step[0], c.row + step[1]}]
			o.open[i][side] = !has
		}
	}
	return o
}

// follow walks along open sides with the cells to the left, and returns the corners at which it turns. Where two cells
// touch in a corner it stays with the same cell, so polygons touch there but do not cross.
func (o *outline) follow(i, side int) [][2]int32 {
	var turns [][2]int32
	last := -1
	for o.open[i][side] {
		o.open[i][side] = false
		c := o.cells[i]
		if side != last {
			turns = append(turns, [2]int32{c.column + corners[side][0], c.row + corners[side][1]})
		}
		last = side
		ahead := sides[(side+1)%4] // the side's own direction
		right := [2]int32{c.column + ahead[0] + sides[side][0], c.row + ahead[1] + sides[side][1]}
		front := [2]int32{c.column + ahead[0], c.row + ahead[1]}
		f, hasFront := o.index[front]
		r, hasRight := o.index[right]
		switch {
		case !hasFront:
			side = (side + 1) % 4 // round the corner of this cell
		case !hasRight:
			i = f // straight on
		default:
			i, side = r, (side+3)%4 // into the corner
		}
	}
	return turns
}

func (s *placeSearch) ring(turns [][2]int32) orb.Ring {
	out := make(orb.Ring, 0, len(turns)+1)
	for _, t := range turns {
		out = append(out, s.corner(t[0], t[1]))
	}
	out = append(out, out[0])
	// The walk may have begun in the middle of a side.
	if n := len(out); n > 4 && collinear(out[n-2], out[0], out[1]) {
		out = append(out[1:n-1:n-1], out[1])
	}
	return out
}

func collinear(a, b, c orb.Point) bool {
	return a[0] == b[0] && b[0] == c[0] || a[1] == b[1] && b[1] == c[1]
}
