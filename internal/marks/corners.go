package marks

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// circle is the 16 pixels of radius 3 about a corner, clockwise from above.
var circle = [16][2]int{{0, -3}, {1, -3}, {2, -2}, {3, -1}, {3, 0}, {3, 1}, {2, 2}, {1, 3},
	{0, 3}, {-1, 3}, {-2, 2}, {-3, 1}, {-3, 0}, {-3, -1}, {-2, -2}, {-1, -3}}

// corner is a candidate on one plane.
type corner struct {
	x, y  int32
	score int32
}

// thresholds are by how many levels a circle must differ from its middle: the first at which a cell has plenty of corners.
var thresholds = [...]int{34, 18, 6}

// perCell is how many corners a cell may give.
const perCell = 4

// plenty is how many corners of a cell are enough, before neighbours are thinned out.
const plenty = 16

// corners finds those of p that are stronger than all about them, in each cell of the grid by a threshold of its own.
func (f *Finder) corners(p *plane, g grid) {
	f.found = f.found[:0]
	f.scores = sized(f.scores, len(p.pix))
	clear(f.scores)
	f.ring.lay(p.stride)
	for cell := range g.nx * g.ny {
		left, top, right, low := g.bounds(p, cell)
		before := len(f.found)
		for _, threshold := range thresholds {
			f.found = f.found[:before]
			for y := top; y < low; y++ {
				f.row(p, left, right, y, threshold)
			}
			if len(f.found)-before >= plenty {
				break
			}
		}
	}
	f.thin(p)
}

// row finds the corners of a part of a row.
func (f *Finder) row(p *plane, left, right, y, threshold int) {
	ring := &f.ring
	first, n := p.at(left, y), right-left
	l := lanes{above: p.pix[first-3*p.stride:], middle: p.pix[first-3:], below: p.pix[first+3*p.stride:]}
	for k := 0; k < n; k += 8 {
		for may := l.mayBe(k, threshold); may != 0; may &= may - 1 {
			x := k + bits.TrailingZeros64(may)/8
			if x >= n {
				break
			}
			at := first + x
			if s := score(p.pix[at-ring.back:][:2*ring.back+1], ring, int32(threshold)); s > 0 {
				f.scores[at] = s
				f.found = append(f.found, corner{x: int32(x + left), y: int32(y), score: int32(s)})
			}
		}
	}
}

// grid divides a plane into cells.
type grid struct{ nx, ny int }

// gridOf has about as many cells as marks are wanted, nearly square.
func gridOf(p *plane, want int) grid {
	side := max(math.Sqrt(float64(p.width*p.height)/float64(want)), 1)
	return grid{max(int(float64(p.width)/side+0.5), 1), max(int(float64(p.height)/side+0.5), 1)}
}

// bounds are those of a cell, without what is too near to the edge of the plane.
func (g grid) bounds(p *plane, cell int) (left, top, right, low int) {
	x, y := cell%g.nx, cell/g.nx
	left, right = (x*p.width+g.nx-1)/g.nx, ((x+1)*p.width+g.nx-1)/g.nx
	top, low = (y*p.height+g.ny-1)/g.ny, ((y+1)*p.height+g.ny-1)/g.ny
	return max(left, edge), max(top, edge), min(right, p.width-edge), min(low, p.height-edge)
}

func (g grid) cell(p *plane, c corner) int {
	return int(c.y)*g.ny/p.height*g.nx + int(c.x)*g.nx/p.width
}

// rings is the circle as places in a part of a plane that begins back before the middle.
type rings struct {
	back int
	at   [16]int
}

func (r *rings) lay(stride int) {
	r.back = 3*stride + 3
	for i, c := range circle {
		r.at[i] = r.back + c[1]*stride + c[0]
	}
}

const (
	highBits = 0x8080808080808080
	sixBits  = 0x3f3f3f3f3f3f3f3f
	ones     = 0x0101010101010101
)

// lanes are three rows of a plane: three above a pixel, its own from three to the left, and three below.
type lanes struct{ above, middle, below []uint8 }

// mayBe marks, by the high bit of its byte, each of 8 pixels from k on that may be a corner: a run of 9 holds one of any
// two pixels of the circle that lie across, so one of those above and below and one of those beside must be brighter, or
// darker. Levels are compared without their two lowest bits, so that no byte borrows from the next; some that are no
// corners pass.
func (l *lanes) mayBe(k, threshold int) uint64 {
	apart := uint64(max((threshold-2)/4, 0)) * ones // p > c + threshold makes p/4 at least c/4 + (threshold-2)/4
	middle := l.middle[k : k+14]
	above, below := word(l.above[k:])>>2&sixBits, word(l.below[k:])>>2&sixBits
	left, level, right := word(middle)>>2&sixBits, word(middle[3:])>>2&sixBits, word(middle[6:])>>2&sixBits
	over := func(a, b uint64) uint64 { return (a | highBits) - (b + apart) } // the high bit of each byte: a is at least that over b
	brighter := (over(above, level) | over(below, level)) & (over(left, level) | over(right, level))
	darker := (over(level, above) | over(level, below)) & (over(level, left) | over(level, right))
	return (brighter | darker) & highBits
}

// score is the sum of differences from the circle, on the side of the run, or 0 if there is no run of corners. The middle of
// pix is the pixel in question.
func score(pix []uint8, ring *rings, threshold int32) uint16 {
	var diffs [16]int32
	var brighter, darker uint32
	level := int32(pix[ring.back])
	up, right, down, left := int32(pix[ring.at[0]]), int32(pix[ring.at[4]]), int32(pix[ring.at[8]]), int32(pix[ring.at[12]])
	if min(max(up, down), max(left, right)) <= level+threshold && max(min(up, down), min(left, right)) >= level-threshold {
		return 0 // let through by mayBe
	}
	for k, at := range ring.at {
		d := int32(pix[at]) - level
		diffs[k] = d
		brighter = brighter<<1 | uint32(threshold-d)>>31
		darker = darker<<1 | uint32(threshold+d)>>31
	}
	sign := int32(1)
	if !hasRun(brighter) {
		if !hasRun(darker) {
			return 0
		}
		sign = -1
	}
	sum := int32(0)
	for _, d := range diffs {
		sum += max(sign*d, 0)
	}
	return uint16(sum)
}

// hasRun reports whether 9 of the 16 bits stand in a row, around the end too.
func hasRun(bits uint32) bool {
	bits |= bits << 16
	bits &= bits >> 1 // runs of 2
	bits &= bits >> 2 // of 4
	bits &= bits >> 4 // of 8
	return bits&(bits>>1) != 0
}

// thin keeps the strongest of each neighbourhood of 3 x 3; of equals, the first.
func (f *Finder) thin(p *plane) {
	kept := f.found[:0]
	s := f.scores
	for _, c := range f.found {
		i, own := p.at(int(c.x), int(c.y)), uint16(c.score)
		up, down := i-p.stride, i+p.stride
		if s[up-1] >= own || s[up] >= own || s[up+1] >= own || s[i-1] >= own ||
			s[i+1] > own || s[down-1] > own || s[down] > own || s[down+1] > own {
			continue
		}
		kept = append(kept, c)
	}
	f.found = kept
}

// pick chooses the strongest of each cell first, then the second of each, and so on, each round the strongest first.
func (f *Finder) pick(p *plane, g grid, want int) []corner {
	f.cells = sized(f.cells, g.nx*g.ny)
	clear(f.cells)
	for _, c := range f.found {
		insert(&f.cells[g.cell(p, c)], c)
	}
	f.found = f.found[:0]
	for rank := range perCell {
		from := len(f.found)
		for i := range f.cells {
			if c := f.cells[i][rank]; c.score > 0 {
				f.found = append(f.found, c)
			}
		}
		slices.SortFunc(f.found[from:], func(a, b corner) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x))
		})
		if len(f.found) >= want {
			return f.found[:want]
		}
	}
	return f.found
}

// insert keeps the strongest in order.
func insert(cell *[perCell]corner, c corner) {
	i := perCell - 1
	if c.score <= cell[i].score {
		return
	}
	for ; i > 0 && cell[i-1].score < c.score; i-- {
		cell[i] = cell[i-1]
	}
	cell[i] = c
}
