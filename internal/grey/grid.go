package grey

import (
	"fmt"
	"math"
)

// SidePx is the side of a Grid.
const SidePx = 64

// Grid is a picture squeezed to a square whatever its shape, rows first, 0 to 255.
type Grid [SidePx * SidePx]float64

// StdDev is the standard deviation of its levels; 127.5 is half black, half white.
func (g *Grid) StdDev() float64 {
	sum, squares := 0.0, 0.0
	for _, v := range g {
		sum += v
	}
	mean := sum / float64(len(g))
	for _, v := range g {
		squares += (v - mean) * (v - mean)
	}
	return math.Min(math.Sqrt(squares/float64(len(g))), 127.5)
}

// bank is the filter along one side: 64 runs of weights over its samples, each summing to 1.
type bank struct {
	fullPx, blockPx int
	first           [SidePx]int // sample of the run's first weight; never falls
	offset          [SidePx + 1]int
	weights         []float64
	change          []float64 // scratch
}

func (b *bank) run(o int) []float64 { return b.weights[b.offset[o]:b.offset[o+1]] }

// end is the sample behind the run's last; it never falls.
func (b *bank) end(o int) int { return b.first[o] + b.offset[o+1] - b.offset[o] }

// set lays the filter out for a side, unless it is the one that it holds.
func (b *bank) set(fullPx, blockPx int) {
	if b.fullPx == fullPx && b.blockPx == blockPx {
		return
	}
	b.fullPx, b.blockPx = fullPx, blockPx
	b.weights = b.weights[:0]
	for o := range SidePx {
		b.add(o)
	}
}

// add lays out the run of one sample of the grid: the box filter applied twice, as weights over pixels, then summed over
// blocks. The box is ceil(side/128) wide, so that two passes reach over one cell; at an edge it is cut, and its sum
// divided by what is left. Where only means of blocks are known, levels within a block are taken to rise as evenly as
// between the two blocks beside it; to take them for uniform strays from the true grid about half as far again.
func (b *bank) add(o int) {
	centre := int((float64(o) + 0.5) * float64(b.fullPx) / SidePx)
	lo, hi := b.box(centre)
	from, _ := b.box(lo)
	_, to := b.box(hi - 1)
	b.change = append(b.change[:0], make([]float64, to-from+1)...)
	for j := lo; j < hi; j++ {
		jLo, jHi := b.box(j)
		w := 1 / (float64(hi-lo) * float64(jHi-jLo))
		b.change[jLo-from] += w
		b.change[jHi-from] -= w
	}
	first, last := from/b.blockPx, (to-1)/b.blockPx
	b.offset[o] = len(b.weights)
	if b.blockPx > 1 { // slopes reach one block further
		first, last = max(first-1, 0), min(last+1, blocks(b.fullPx, b.blockPx)-1)
	}
	b.first[o] = first
	b.weights = append(b.weights, make([]float64, last-first+1)...)
	b.offset[o+1] = len(b.weights)
	run, w := b.run(o), 0.0
	for i := from; i < to; i++ {
		w += b.change[i-from]
		b.spread(run, first, i, w)
	}
}

// spread adds the weight of pixel i to the blocks that tell its level: its own, and by the slope between the two beside it.
func (b *bank) spread(run []float64, first, i int, w float64) {
	own := i/b.blockPx - first
	run[own] += w
	if b.blockPx == 1 || own == 0 || own == len(run)-1 {
		return
	}
	off := (float64(i%b.blockPx) - float64(b.blockPx-1)/2) / float64(b.blockPx) // from the middle of the block, in blocks
	run[own-1] -= w * off / 2
	run[own+1] += w * off / 2
}

// box is the pixels that one pass averages for pixel i: half a window to the left, rounded down, and half to the right,
// rounded up.
func (b *bank) box(i int) (lo, hi int) {
	const passes = 2
	window := blocks(b.fullPx, passes*SidePx)
	right := window / 2
	return max(i-(window-1-right), 0), min(i+right+1, b.fullPx)
}

// Reader computes grids and spectra. The zero value is ready; it keeps tables and buffers from one picture to the next, so
// one goroutine at a time may use it.
type Reader struct {
	columns, rows bank
	table         cosines
}

// Grid squeezes p into g.
func (r *Reader) Grid(p Picture, g *Grid) error {
	if err := p.Check(); err != nil {
		return err
	}
	r.columns.set(p.FullWidthPx, p.BlockPx)
	r.rows.set(p.FullHeightPx, p.BlockPx)
	squeeze(r, p.Luma, p.Stride, p.Width, p.Height, g)
	return nil
}

// FloatGrid squeezes grey levels without gaps between rows into g.
func (r *Reader) FloatGrid(luma []float32, widthPx, heightPx int, g *Grid) error {
	if err := checkSides(widthPx, heightPx); err != nil {
		return err
	}
	if len(luma) != widthPx*heightPx {
		return fmt.Errorf("grey: %d grey levels for %d x %d pixels", len(luma), widthPx, heightPx)
	}
	r.columns.set(widthPx, 1)
	r.rows.set(heightPx, 1)
	squeeze(r, luma, widthPx, widthPx, heightPx, g)
	return nil
}

// squeeze reads each row once: along the row first, then into the one or two rows of the grid that it belongs to.
func squeeze[T uint8 | float32](r *Reader, luma []T, stride, width, height int, g *Grid) {
	*g = Grid{}
	var line [SidePx]float64
	top := 0 // the first row of the grid that is not complete
	for y := range height {
		for top < SidePx && r.rows.end(top) <= y {
			top++
		}
		if top == SidePx || r.rows.first[top] > y {
			continue
		}
		along(&r.columns, luma[y*stride:y*stride+width], &line)
		for o := top; o < SidePx && r.rows.first[o] <= y; o++ {
			w := r.rows.run(o)
			if y >= r.rows.first[o]+len(w) {
				continue
			}
			weigh(g[o*SidePx:(o+1)*SidePx], &line, w[y-r.rows.first[o]])
		}
	}
}

func along[T uint8 | float32](b *bank, row []T, line *[SidePx]float64) {
	for o := range SidePx {
		weights := b.weights[b.offset[o]:b.offset[o+1]]
		samples := row[b.first[o]:][:len(weights)]
		sum := 0.0
		for i, w := range weights {
			sum += w * float64(samples[i])
		}
		line[o] = sum
	}
}

func weigh(into []float64, line *[SidePx]float64, w float64) {
	into = into[:SidePx]
	for i, v := range line {
		into[i] += w * v
	}
}
