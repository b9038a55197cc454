package fastjpeg

import (
	"encoding/binary"
	"io"
	"math"
)

// Quarter is Grey at a quarter of the size, for pictures too small for an eighth, at twice its cost: a pixel is the mean
// of 4x4. It takes the coefficients that carry most of a mean, those of frequencies 1 and 3 but not 3 with 3. Of the levels
// of real photos 96 % are then within 1 of the true mean, and with more coefficients prints come no nearer to those of a
// full decode (measured with the first 10, 14 and 25). Progressive files are ErrUnsupported: their low coefficients are
// strewn over all scans.
func (r *Reader) Quarter(src io.ReaderAt, sizeBytes int64, lim Limits) (Picture, error) {
	return r.read(src, sizeBytes, lim, 4)
}

// lowCoefs is how many coefficients in zigzag order are looked at.
const lowCoefs = 14

// The means of a block's quarters are DC/8, plus or minus three sums: one of the coefficients with odd horizontal and
// no vertical frequency, one the other way, one with both odd. The others cancel out in every quarter.
const (
	cancels = iota
	leftRight
	aboveBelow
	crosswise
	sums
)

// lowKind and lowWeight say where each low coefficient goes, and how much of it.
var lowKind, lowWeight = lowTable()

// zigzag is the beginning of T.81 figure 5: vertical and horizontal frequency.
var zigzag = [lowCoefs][2]int{{0, 0}, {0, 1}, {1, 0}, {2, 0}, {1, 1}, {0, 2}, {0, 3}, {1, 2}, {2, 1}, {3, 0}, {4, 0}, {3, 1}, {2, 2}, {1, 3}}

// lowTable integrates the inverse transform (T.81 A.3.3) over the upper left quarter: 1/4 C(u) C(v) times the mean of
// cos((2x+1)u pi/16) over x from 0 to 3, and that of y.
func lowTable() (kinds [lowCoefs]uint8, weights [lowCoefs]float64) {
	mean := func(u int) float64 {
		if u == 0 {
			return math.Sqrt2 / 2 // C(0)
		}
		sum := 0.0
		for x := range 4 {
			sum += math.Cos(float64((2*x+1)*u) * math.Pi / 16)
		}
		return sum / 4
	}
	for k := 1; k < lowCoefs; k++ {
		v, u := zigzag[k][0], zigzag[k][1]
		switch {
		case v == 0 && u&1 == 1:
			kinds[k] = leftRight
		case u == 0 && v&1 == 1:
			kinds[k] = aboveBelow
		case u&1 == 1 && v&1 == 1:
			kinds[k] = crosswise
		}
		weights[k] = mean(u) * mean(v) / 4
	}
	return kinds, weights
}

// fineOne is one level, in the fixed point of fine.
const fineOne = 1 << 16

// fine turns the beginning of each block of luma into four levels.
type fine struct {
	dc      int // the prediction
	dcStep  int // of one unit of DC, in levels times fineOne
	weights [64]int
	kinds   [64]uint8
	quads   [][4]uint8 // one per block: upper left, upper right, lower left, lower right
}

func (f *fine) reset(quant *[lowCoefs]int, blocks int) {
	f.quads = grown(f.quads, blocks)
	f.dcStep = quant[0] * fineOne / 8
	for k := 1; k < lowCoefs; k++ {
		f.kinds[k] = lowKind[k]
		f.weights[k] = int(math.Round(lowWeight[k] * fineOne * float64(quant[k])))
	}
}

// begin decodes DC and the low coefficients of the block at, and returns the bits behind them and the number of the next
// coefficient, over 64 for an impossible one. Bits are kept as in scan.decode.
func (f *fine) begin(b *block, data []byte, acc, n uint64, p, at int) (uint64, uint64, int, uint32) {
	symbol, length := b.dc.next(acc)
	f.dc += difference(acc, length, symbol)
	acc <<= length + symbol
	n -= uint64(length + symbol)
	if length == 0 || f.dc != int(int16(f.dc)) {
		return acc, n, p, math.MaxUint32
	}
	var sum [sums]int
	k := uint32(1) // at most 28 within the loop: no run leaves the block
	for k < lowCoefs {
		acc |= binary.BigEndian.Uint64(data[p:]) >> (n & 63)
		p += int((63 - n) >> 3)
		n |= 56
		symbol, length := b.ac.next(acc)
		size := symbol & 15
		k += symbol >> 4
		if length == 0 || size == 0 && symbol != 0 && symbol != 0xF0 {
			return acc, n, p, math.MaxUint32
		}
		if symbol == 0 {
			k = 63
		}
		sum[f.kinds[k]&3] += difference(acc, length, size) * f.weights[k]
		k++
		acc <<= length + size
		n -= uint64(length + size)
	}
	f.quads[at] = f.levels(&sum)
	acc |= binary.BigEndian.Uint64(data[p:]) >> (n & 63)
	p += int((63 - n) >> 3)
	n |= 56
	return acc, n, p, k
}

func (f *fine) levels(sum *[sums]int) [4]uint8 {
	dc := f.dc*f.dcStep + 128*fineOne + fineOne/2
	h, v, d := sum[leftRight], sum[aboveBelow], sum[crosswise]
	return [4]uint8{fineLevel(dc + h + v + d), fineLevel(dc - h + v - d), fineLevel(dc + h - v - d), fineLevel(dc - h - v + d)}
}

func fineLevel(v int) uint8 { return uint8(min(max(v/fineOne, 0), 255)) }

// next finds the code at the top of bits; length is 0 when there is none.
func (t *table) next(bits uint64) (symbol, length uint32) {
	if e := t.one[bits>>(64-peekBits)]; e != 0 {
		return uint32(e & 0xFF), uint32(e >> 8)
	}
	return t.long(bits)
}

func (t *table) long(bits uint64) (symbol, length uint32) {
	s, n, _ := t.find(bits)
	return uint32(s), uint32(n)
}

// picture lays the quads out.
func (f *fine) picture(luma []uint8, width, height, stride int) {
	for y := range height {
		row := luma[y*width:][:width]
		quads := f.quads[y/2*stride:]
		for x := range row {
			row[x] = quads[x/2][y&1<<1|x&1]
		}
	}
}
