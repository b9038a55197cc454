package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// grid answers containment without a walk through the tree. A raster of cells
// over the region says inside, outside or mixed (an edge comes near); a mixed
// cell looks at the edges of its strip, a thin band of latitude, by the same
// arithmetic as tree.inside, so that the answer is the same to the last bit.
// Of a control map of 3,000 edges it takes 16 KB for the cells and 60 KB for
// the strips.
type grid struct {
	box      box // the region and a little around it
	perLon   float64
	perLat   float64
	perStrip float64
	n        int      // cells a side, a power of two
	cells    []uint64 // two bits each, row by row from the south
	segs     []segment
	starts   []int32 // where each part begins in segs, and the end
	from     []int32 // where each strip begins in ids, and the end
	ids      []int32 // edges by strip, ascending, so that those of a part stand together
}

const (
	cellOut   = 0
	cellIn    = 1
	cellMixed = 2

	stripsPerCell = 4
	// padDeg is 0.1 mm: far above the rounding of a coordinate, so that an
	// edge which a cell does not hold cannot touch it by rounding.
	padDeg = 1e-9
)

// newGrid indexes the edges of parts that begin at starts in segs.
func newGrid(segs []segment, starts []int32) *grid {
	g := &grid{segs: segs, starts: starts, box: segs[0].box(), n: 16}
	for _, s := range segs {
		g.box = g.box.union(s.box())
	}
	for float64(g.n) < 4*math.Sqrt(float64(len(segs))) && g.n < 1024 {
		g.n *= 2
	}
	const frame = 1000 * padDeg // so that no edge lies on the frame
	g.box = box{g.box.minLon - frame, g.box.minLat - frame, g.box.maxLon + frame, g.box.maxLat + frame}
	g.perLon = float64(g.n) / (g.box.maxLon - g.box.minLon)
	g.perLat = float64(g.n) / (g.box.maxLat - g.box.minLat)
	g.perStrip = stripsPerCell * g.perLat
	g.fillStrips()
	g.cells = make([]uint64, g.n*g.n/32)
	for _, s := range segs {
		g.mark(s)
	}
	g.fillCells()
	return g
}

// The three indices grow with the coordinate, whatever the rounding.
func (g *grid) column(lon float64) int { return clampInt(int((lon-g.box.minLon)*g.perLon), g.n) }
func (g *grid) row(lat float64) int    { return clampInt(int((lat-g.box.minLat)*g.perLat), g.n) }
func (g *grid) strip(lat float64) int {
	return clampInt(int((lat-g.box.minLat)*g.perStrip), stripsPerCell*g.n)
}

func clampInt(i, n int) int { return max(0, min(i, n-1)) }

func (g *grid) fillStrips() {
	g.from = make([]int32, stripsPerCell*g.n+1)
	each := func(visit func(strip, id int)) {
		for id, s := range g.segs {
			low, high := g.strip(min(s.a[1], s.b[1])), g.strip(max(s.a[1], s.b[1]))
			for k := low; k <= high; k++ {
				visit(k, id)
			}
		}
	}
	each(func(strip, _ int) { g.from[strip+1]++ })
	for k := 1; k < len(g.from); k++ {
		g.from[k] += g.from[k-1]
	}
	g.ids = make([]int32, g.from[len(g.from)-1])
	next := append([]int32(nil), g.from...)
	each(func(strip, id int) {
		g.ids[next[strip]] = int32(id)
		next[strip]++
	})
}

func (g *grid) cell(column, row int) uint64 {
	i := row*g.n + column
	return g.cells[i/32] >> (2 * (i % 32)) & 3
}

func (g *grid) setCell(column, row int, class uint64) {
	i := row*g.n + column
	g.cells[i/32] = g.cells[i/32]&^(3<<(2*(i%32))) | class<<(2*(i%32))
}

// mark sets every cell that s comes near to mixed.
func (g *grid) mark(s segment) {
	b := s.box()
	slope := (s.b[0] - s.a[0]) / (s.b[1] - s.a[1]) // not used when level
	lonAt := func(lat float64) float64 {
		if lat <= b.minLat || lat >= b.maxLat {
			return math.NaN()
		}
		return s.a[0] + (lat-s.a[1])*slope
	}
	for r := g.row(b.minLat - padDeg); r <= g.row(b.maxLat+padDeg); r++ {
		low := g.box.minLat + float64(r)/g.perLat - padDeg
		high := g.box.minLat + float64(r+1)/g.perLat + padDeg
		from, to := b.minLon, b.maxLon
		if x, y := lonAt(low), lonAt(high); slope > 0 {
			from, to = lonOr(x, from), lonOr(y, to)
		} else {
			from, to = lonOr(y, from), lonOr(x, to)
		}
		for c := g.column(from - padDeg); c <= g.column(to+padDeg); c++ {
			g.setCell(c, r, cellMixed)
		}
	}
}

func lonOr(x, instead float64) float64 {
	if math.IsNaN(x) {
		return instead
	}
	return x
}

// fillCells tells inside from outside: neighbours with no edge between them
// are of one class, so only the first cell of a stretch is asked.
func (g *grid) fillCells() {
	for r := range g.n {
		before := uint64(cellMixed)
		for c := range g.n {
			if g.cell(c, r) == cellMixed {
				before = cellMixed
				continue
			}
			if before == cellMixed && r > 0 {
				before = g.cell(c, r-1)
			}
			if before == cellMixed {
				before = cellOut
				if g.exact(g.middle(c, r)) {
					before = cellIn
				}
			}
			g.setCell(c, r, before)
		}
	}
}

func (g *grid) middle(column, row int) orb.Point {
	return orb.Point{g.box.minLon + (float64(column)+0.5)/g.perLon, g.box.minLat + (float64(row)+0.5)/g.perLat}
}

func (g *grid) contains(p orb.Point) bool {
	b := &g.box
	if !(p[0] >= b.minLon && p[0] <= b.maxLon && p[1] >= b.minLat && p[1] <= b.maxLat) {
		return false
	}
	switch g.cell(g.column(p[0]), g.row(p[1])) {
	case cellIn:
		return true
	case cellOut:
		return false
	}
	return g.exact(p)
}

// exact is tree.inside over the edges of one strip, part by part.
func (g *grid) exact(p orb.Point) bool {
	k := g.strip(p[1])
	part, odd := int32(0), false
	for _, id := range g.ids[g.from[k]:g.from[k+1]] {
		for ; id >= g.starts[part+1]; part++ {
			if odd {
				return true
			}
		}
		s := &g.segs[id]
		if s.a[0] < p[0] && s.b[0] < p[0] {
			continue
		}
		on, crosses := s.ray(p)
		if on {
			return true
		}
		odd = odd != crosses
	}
	return odd
}

// appendRow appends the ground of each part along a parallel, part by part.
func (g *grid) appendRow(dst []Interval, lat float64) []Interval {
	if !(lat >= g.box.minLat && lat <= g.box.maxLat) {
		return dst
	}
	k := g.strip(lat)
	part := int32(0)
	var buffer [64]float64
	x := buffer[:0]
	for _, id := range g.ids[g.from[k]:g.from[k+1]] {
		for ; id >= g.starts[part+1]; part++ {
			dst = appendPairs(dst, x)
			x = x[:0]
		}
		if lon, ok := g.segs[id].crosses(lat); ok {
			x = append(x, lon)
		}
	}
	return appendPairs(dst, x)
}

// appendPairs: from every second crossing to the next lies ground.
func appendPairs(dst []Interval, x []float64) []Interval {
	slices.Sort(x)
	for k := 1; k < len(x); k += 2 {
		dst = append(dst, Interval{x[k-1], x[k]})
	}
	return dst
}
