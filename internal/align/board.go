package align

import (
	"math"
	"math/bits"
)

// board holds the distance of every instant of a (rows) to every instant of b (columns), and the weight of each near pair
// as evidence of order.
type board struct {
	a, b   []instant
	radius int
	bandMs float64
	bits   []uint8   // distance; none where it exceeds the radius
	like   []float32 // see weigh
	weight []float32 // see weigh
	used   []bool    // explained by a segment
}

const none = math.MaxUint8 // radii end at 128

// Half of the finer step is how far the nearest frame of the other clip can be. The rest is slack for jittered clocks.
const (
	bandSlackMs = 150
	minBandMs   = 250
	maxBandMs   = 1500
)

func newBoard(q, r []instant, opt Options) *board {
	b := &board{a: q, b: r, radius: opt.RadiusBits}
	b.bandMs = min(stepMs(q), stepMs(r))/2 + bandSlackMs
	b.bandMs = max(minBandMs, min(maxBandMs, b.bandMs))
	b.measure()
	b.weigh()
	b.used = make([]bool, len(b.bits))
	return b
}

func (b *board) at(i, j int) int { return i*len(b.b) + j }

func (b *board) measure() {
	b.bits = make([]uint8, len(b.a)*len(b.b))
	for i := range b.a {
		row := b.bits[b.at(i, 0):b.at(i+1, 0)]
		for j := range row {
			row[j] = none
			if d := nearest(b.a[i].codes, b.b[j].codes); d <= b.radius {
				row[j] = uint8(d)
			}
		}
	}
}

func nearest(a, b []Code) int {
	best := 256
	for i := range a {
		for j := range b {
			x, y := &a[i], &b[j]
			best = min(best, bits.OnesCount64(x[0]^y[0])+bits.OnesCount64(x[1]^y[1])+
				bits.OnesCount64(x[2]^y[2])+bits.OnesCount64(x[3]^y[3]))
		}
	}
	return best
}

// fadeBits halves the weight of a pair: a pair so much farther than the best of its row or column counts half.
// Re-encoding moves a print by up to about 20 bits, so a second copy of a shot keeps its vote; another second of the
// same shot, usually 40 bits and more away, loses it.
const fadeBits = 16

// weigh gives each near pair its likeness, a number up to 1 that falls with its distance from the best pair of its row or
// of its column, divided by what its neighbours in the row (or the column, where that is less) have together
// if that is more than one. Frames of a
// picture that stands still thereby share one vote, while two copies of a shot, far apart in time, keep one each.
func (b *board) weigh() {
	n := len(b.b)
	b.like = b.likeness()
	like := b.like
	b.weight = make([]float32, len(like))
	for i := range b.a {
		shareRun(like, b.weight, b.at(i, 0), 1, n)
	}
	sums := make([]float32, len(like))
	for j := range b.b {
		shareRun(like, sums, j, n, len(b.a))
	}
	for k, l := range like {
		if l > 0 {
			b.weight[k] = l / max(1, min(b.weight[k], sums[k]))
		}
	}
}

func (b *board) likeness() []float32 {
	bestRow, bestColumn := filled(len(b.a)), filled(len(b.b))
	for i := range b.a {
		for j := range b.b {
			d := b.bits[b.at(i, j)]
			bestRow[i], bestColumn[j] = min(bestRow[i], d), min(bestColumn[j], d)
		}
	}
	fade := fades()
	like := make([]float32, len(b.bits))
	for i := range b.a {
		for j := range b.b {
			if d := b.bits[b.at(i, j)]; d != none {
				like[b.at(i, j)] = fade[d-min(bestRow[i], bestColumn[j])]
			}
		}
	}
	return like
}

func filled(n int) []uint8 {
	list := make([]uint8, n)
	for i := range list {
		list[i] = none
	}
	return list
}

func fades() *[256]float32 {
	var f [256]float32
	for d := range f {
		f[d] = float32(math.Exp2(-float64(d) / fadeBits))
	}
	return &f
}

// shareRun writes to sums, for each run of near pairs along a line of n cells, the sum of their likenesses.
func shareRun(like, sums []float32, start, step, n int) {
	for i := 0; i < n; {
		end, sum := i, float32(0)
		for ; end < n && like[start+end*step] > 0; end++ {
			sum += like[start+end*step]
		}
		for k := i; k < end; k++ {
			sums[start+k*step] = sum
		}
		i = max(end, i+1)
	}
}
