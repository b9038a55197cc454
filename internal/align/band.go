package align

import (
	"math"
	"slices"
)

// pair is a cell of the board on the path of a segment.
type pair struct{ i, j int }

// What makes a segment, and where one ends.
const (
	// A segment needs this many pairs, worth so many votes: a static shot is worth one.
	minPairs  = 3
	minWeight = 2.0
	// A segment ends where both clips have more comparable frames than this without a pair for more than minHoleMs (a
	// hand that shakes hides a second or two), or nothing for maxHoleMs.
	maxMissed = 3
	minHoleMs = 3_000
	maxHoleMs = 30_000
	// A line at speed 1 that explains this share of the best line's votes is taken: a slow picture fits many speeds. A
	// tenth faster for seven seconds leaves speed 1 about 0.7, for twelve a half.
	speedDoubt = 0.95
)

// segments takes one line after the other, until the best is not worth a segment; then what stands still.
func (b *board) segments() []Segment {
	var found []Segment
	for range MaxSegments {
		l, ok := b.winner()
		if !ok {
			break
		}
		l, path := b.refined(l)
		placed := 0
		for _, run := range b.split(path) {
			if len(run) >= minPairs && b.worth(run) >= minWeight {
				found = append(found, b.segment(run, b.fitOffset(run, l.speed)))
				b.take(run)
				placed++
			}
		}
		b.drop(path)
		if placed == 0 && b.worth(path) < minWeight {
			break
		}
	}
	return append(found, b.standing(found)...)
}

// refined walks the band round the line, fits the line to what was found and walks again, until the path stays: a first
// line with a speed half a percent off leaves a band of 600 ms after two minutes.
func (b *board) refined(l line) (line, []pair) {
	path := b.walk(l)
	for range 8 {
		next := b.fit(path, l)
		again := b.walk(next)
		if b.worth(again) < b.worth(path) || slices.Equal(again, path) {
			break
		}
		l, path = next, again
	}
	// Speed 1 unless the pairs say otherwise.
	if plain := b.walk(b.fitOffset(path, 1)); b.worth(plain) >= speedDoubt*b.worth(path) {
		return b.fitOffset(plain, 1), plain
	}
	return b.fit(path, l), path
}

// cell is a pair on a path, with the best path that ends in it.
type cell struct {
	pair
	score float64
	prev  int // the cell before, by index; -1 for the first
}

// walk is the path of pairs near the line, in order on both sides and each frame in one pair only, with the greatest
// likeness: dynamic programming over the few columns of each row that lie in the band.
func (b *board) walk(l line) []pair {
	var cells []cell
	ending := make([]int, len(b.b)) // per column, the best cell that ends in it, plus one; 0 for none
	below := -1                     // the best cell that ends left of the band, which only moves to the right
	best, left := -1, 0
	for i, a := range b.a {
		at := l.at(a.atMs)
		for ; left < len(b.b) && float64(b.b[left].atMs) < at-b.bandMs; left++ {
			below = better(cells, below, ending[left]-1)
		}
		row := len(cells)
		prev := below
		for j := left; j < len(b.b) && float64(b.b[j].atMs) <= at+b.bandMs; j++ {
			if k := b.at(i, j); b.bits[k] != none && !b.used[k] {
				cells = append(cells, b.cell(cells, pair{i, j}, prev, math.Abs(float64(b.b[j].atMs)-at)))
			}
			prev = better(cells, prev, ending[j]-1)
		}
		for k := row; k < len(cells); k++ { // after the row: a frame of a is in one pair
			j := cells[k].j
			ending[j] = better(cells, k, ending[j]-1) + 1
			best = better(cells, best, k)
		}
	}
	return pathTo(cells, best)
}

// cell scores a pair by its likeness; of two alike the one nearer to the line is a little better.
func (b *board) cell(cells []cell, p pair, prev int, offMs float64) cell {
	c := cell{p, float64(b.radius) + 1 - float64(b.bits[b.at(p.i, p.j)]) - offMs/b.bandMs, prev}
	if prev >= 0 {
		c.score += cells[prev].score
	}
	return c
}

// better is the cell with the higher score, x where they are equal; -1 is none.
func better(cells []cell, x, y int) int {
	if y < 0 || x >= 0 && cells[x].score >= cells[y].score {
		return x
	}
	return y
}

func pathTo(cells []cell, last int) []pair {
	var path []pair
	for k := last; k >= 0; k = cells[k].prev {
		path = append(path, cells[k].pair)
	}
	slices.Reverse(path)
	return path
}

// worth is the sum of the votes of a path.
func (b *board) worth(path []pair) float64 {
	sum := 0.0
	for _, p := range path {
		sum += float64(b.weight[b.at(p.i, p.j)])
	}
	return sum
}

// fit is the line through the pairs by least squares, weighted by their votes; the speed of l where they cannot tell one.
func (b *board) fit(path []pair, l line) line {
	a, c, weights := b.middle(path)
	var va, vab float64
	for _, p := range path {
		w, x := float64(b.weight[b.at(p.i, p.j)]), float64(b.a[p.i].atMs)-a
		va += w * x * x
		vab += w * x * (float64(b.b[p.j].atMs) - c)
	}
	if weights == 0 {
		return l
	}
	if va/weights > b.bandMs*b.bandMs {
		l.speed = max(1/maxSpeed, min(maxSpeed, vab/va))
	}
	return line{l.speed, c - l.speed*a}
}

// fitOffset is the line of the given speed through the middle of the pairs.
func (b *board) fitOffset(path []pair, speed float64) line {
	a, c, _ := b.middle(path)
	return line{speed, c - speed*a}
}

// middle is the weighted mean of the pairs' times.
func (b *board) middle(path []pair) (aMs, bMs, weights float64) {
	for _, p := range path {
		w := float64(b.weight[b.at(p.i, p.j)])
		aMs += w * float64(b.a[p.i].atMs)
		bMs += w * float64(b.b[p.j].atMs)
		weights += w
	}
	return aMs / weights, bMs / weights, weights
}

// split cuts a path where it has a hole that is no hole of sampling.
func (b *board) split(path []pair) [][]pair {
	var runs [][]pair
	start := 0
	for k := 1; k <= len(path); k++ {
		if k == len(path) || b.hole(path[k-1], path[k]) {
			runs = append(runs, path[start:k])
			start = k
		}
	}
	return runs
}

func (b *board) hole(p, q pair) bool {
	missed := min(q.i-p.i, q.j-p.j) - 1
	ms := max(b.a[q.i].atMs-b.a[p.i].atMs, b.b[q.j].atMs-b.b[p.j].atMs)
	return missed > maxMissed && ms > minHoleMs || ms > maxHoleMs
}

// take marks all that lies between the ends of a run as explained: within it, other diagonals are the clip's likeness to
// itself.
func (b *board) take(run []pair) {
	first, last := run[0], run[len(run)-1]
	for i := first.i; i <= last.i; i++ {
		for j := first.j; j <= last.j; j++ {
			b.used[b.at(i, j)] = true
		}
	}
}

func (b *board) drop(path []pair) {
	for _, p := range path {
		b.used[b.at(p.i, p.j)] = true
	}
}
