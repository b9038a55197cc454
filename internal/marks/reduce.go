package marks

import "encoding/binary"

// pad is how far beyond its edges a plane repeats its outermost levels, so that what is read about a mark near the edge
// needs no test: at least reach less edge.
const pad = 8

// plane is a small grey picture with its margin.
type plane struct {
	width, height, stride int
	pix                   []uint8
}

func (p *plane) reset(w, h int) {
	p.width, p.height, p.stride = w, h, w+2*pad
	if n := p.stride * (h + 2*pad); cap(p.pix) < n {
		p.pix = make([]uint8, n)
	} else {
		p.pix = p.pix[:n]
	}
}

// at is the place of a pixel in pix.
func (p *plane) at(x, y int) int { return (y+pad)*p.stride + x + pad }

// row is the row without its margin.
func (p *plane) row(y int) []uint8 {
	first := p.at(0, y)
	return p.pix[first : first+p.width : first+p.width]
}

// spread fills the margin.
func (p *plane) spread() {
	for y := range p.height {
		whole := p.pix[(y+pad)*p.stride : (y+pad+1)*p.stride]
		left, right := whole[pad], whole[pad+p.width-1]
		for i := range pad {
			whole[i], whole[pad+p.width+i] = left, right
		}
	}
	top, low := p.pix[pad*p.stride:(pad+1)*p.stride], p.pix[(pad+p.height-1)*p.stride:(pad+p.height)*p.stride]
	for y := range pad {
		copy(p.pix[y*p.stride:], top)
		copy(p.pix[(pad+p.height+y)*p.stride:], low)
	}
}

// scaler brings pictures to a smaller size by the mean over the area of each new pixel, in whole numbers.
type scaler struct {
	fromW, toW int
	columns    []span
	line, sums []uint64
	rows       []uint8
}

// span is the old pixels that one new pixel covers along a side: the first and the last in part, those between wholly.
// Weights are in parts of an old pixel, as many as there are new ones.
type span struct {
	first, last       int32 // the same when there is one only, whose weight is then head
	head, whole, tail uint32
}

// spanOf is that of pixel i of to, over from.
func spanOf(i, from, to int) span {
	start, end := i*from, (i+1)*from // in parts
	s := span{first: int32(start / to), last: int32((end - 1) / to), whole: uint32(to)}
	if s.first == s.last {
		s.head = uint32(end - start)
		return s
	}
	s.head = uint32(to - start%to)
	s.tail = uint32(end - int(s.last)*to)
	return s
}

func (s *scaler) lay(from, to int) {
	if s.fromW == from && s.toW == to {
		return
	}
	s.fromW, s.toW, s.columns = from, to, s.columns[:0]
	for i := range to {
		s.columns = append(s.columns, spanOf(i, from, to))
	}
}

// reduce brings levels to w x h pixels of dst, each side at least 1 and at most that of the source.
func (s *scaler) reduce(dst *plane, src []uint8, stride, fromW, fromH, w, h int) {
	dst.reset(w, h)
	if w == fromW && h == fromH {
		for y := range h {
			copy(dst.row(y), src[y*stride:])
		}
		dst.spread()
		return
	}
	s.lay(fromW, w)
	s.line, s.sums = sized(s.line, w), sized(s.sums, w)
	share := 1 / (float64(fromW) * float64(fromH)) // of a level in a sum over its parts
	held := int32(-1)                              // the row that line holds
	for y := range h {
		clear(s.sums)
		rows := spanOf(y, fromH, h)
		for r := rows.first; r <= rows.last; r++ {
			if r != held {
				s.along(src[int(r)*stride : int(r)*stride+fromW])
				held = r
			}
			weight := uint64(rows.whole)
			switch r {
			case rows.first:
				weight = uint64(rows.head)
			case rows.last:
				weight = uint64(rows.tail)
			}
			for i, v := range s.line {
				s.sums[i] += weight * v
			}
		}
		out := dst.row(y)
		for i, v := range s.sums {
			out[i] = uint8(float64(float64(v)*share) + 0.5) // rounded in between, or machines might differ
		}
	}
	dst.spread()
}

// along sums a row over the spans of the columns.
func (s *scaler) along(row []uint8) {
	line := s.line
	for i, c := range s.columns[:len(line)] {
		sum := c.head * uint32(row[c.first])
		if c.last > c.first {
			sum += c.tail * uint32(row[c.last])
			between := uint32(0)
			for _, v := range row[c.first+1 : c.last] {
				between += uint32(v)
			}
			sum += c.whole * between
		}
		line[i] = uint64(sum)
	}
}

// shrink brings p to three quarters of its sides in dst, less what does not fill four pixels: the mean over the area of
// each new pixel, which is 3 to 1, 1 to 1 and 1 to 3 of two old ones.
func (s *scaler) shrink(dst, p *plane) {
	dst.reset(p.width/4*3, p.height/4*3)
	wide := (p.width + 7) / 8 * 8 // what lies beyond is margin
	s.rows = sized(s.rows, 3*wide)
	one, two, three := s.rows[:wide], s.rows[wide:2*wide], s.rows[2*wide:]
	for y := 0; y+3 < p.height; y += 4 {
		a, b, c, d := p.pix[p.at(0, y):][:wide], p.pix[p.at(0, y+1):][:wide], p.pix[p.at(0, y+2):][:wide], p.pix[p.at(0, y+3):][:wide]
		for i := 0; i+8 <= wide; i += 8 {
			va, vb := binary.LittleEndian.Uint64(a[i:]), binary.LittleEndian.Uint64(b[i:])
			vc, vd := binary.LittleEndian.Uint64(c[i:]), binary.LittleEndian.Uint64(d[i:])
			binary.LittleEndian.PutUint64(one[i:], meanUp(meanDown(va, vb), va))
			binary.LittleEndian.PutUint64(two[i:], meanDown(vb, vc))
			binary.LittleEndian.PutUint64(three[i:], meanUp(meanDown(vc, vd), vd))
		}
		narrow(dst.row(y/4*3), one)
		narrow(dst.row(y/4*3+1), two)
		narrow(dst.row(y/4*3+2), three)
	}
	dst.spread()
}

// narrow brings a row to three quarters.
func narrow(dst, src []uint8) {
	for len(dst) >= 3 && len(src) >= 4 {
		a, b, c, d := uint(src[0]), uint(src[1]), uint(src[2]), uint(src[3])
		dst[0], dst[1], dst[2] = uint8((3*a+b+2)/4), uint8((b+c)/2), uint8((c+3*d+2)/4)
		dst, src = dst[3:], src[4:]
	}
}

// sized is a slice of n values, of the same memory if that is enough.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// smooth filters p in both directions with 1 2 1, of pixels step apart, in place and its margin included.
func (p *plane) smooth(scratch []uint8, step int) []uint8 {
	scratch = sized(scratch, len(p.pix))
	across(scratch, p.pix, step*p.stride)
	across(p.pix, scratch, step)
	p.spread()
	return scratch
}

// across writes to dst the filter over src and what lies step before and behind. The first and last step values, which
// are margin, become anything. Eight pixels go through at once: the mean of the bytes of two words needs no carry between
// them (H. Warren, Hacker's Delight, 2nd edition, 2-5).
func across(dst, src []uint8, step int) {
	n := len(src) - 2*step
	before, at, behind := src[:n], src[step:step+n], src[2*step:]
	dst = dst[step : step+n]
	for len(before) >= 16 && len(at) >= 16 && len(behind) >= 16 && len(dst) >= 16 { // twice: a loop costs as much as a word
		one := meanUp(meanDown(word(before), word(behind)), word(at))
		two := meanUp(meanDown(word(before[8:]), word(behind[8:])), word(at[8:]))
		binary.LittleEndian.PutUint64(dst, one)
		binary.LittleEndian.PutUint64(dst[8:], two)
		before, at, behind, dst = before[16:], at[16:], behind[16:], dst[16:]
	}
	for i := range dst {
		sides := (uint16(before[i]) + uint16(behind[i])) / 2
		dst[i] = uint8((sides + uint16(at[i]) + 1) / 2)
	}
}

func word(b []uint8) uint64 { return binary.LittleEndian.Uint64(b) }

const upperBits = 0xfefefefefefefefe

func meanDown(a, b uint64) uint64 { return a&b + (a^b)&upperBits>>1 }

func meanUp(a, b uint64) uint64 { return a | b - (a^b)&upperBits>>1 }
