package fastjpeg

import "encoding/binary"

// block is one of the blocks in a minimum coded unit: what to decode it with and, for luma, where it goes.
type block struct {
	starts *[peekSize]uint32
	skips  *[peekSize]uint16 // nil in a scan of DC alone
	dc, ac *table
	comp   int // in the scan
	isLuma bool
	off    int // from the first luma block of the unit
}

// scan decodes the entropy-coded data of one scan into the DC coefficients of luma.
type scan struct {
	win    *window
	blocks []block
	coefs  []int16 // DC, quantised, shifted to full precision; one per block of luma
	stride int     // blocks of luma from row to row, over the edge of the picture too
	stepX  int     // blocks of luma from unit to unit
	stepY  int     // and from row to row of units
	unitsX int
	unitsY int
	shift  uint // of point transform, T.81 G.1.2.1
	every  int  // units between restarts, 0 for none
	fine   *fine
}

// each calls segment for each restart interval: the units to decode from the given one on.
func (s *scan) each(segment func(s *scan, first, n int) error) error {
	total := s.unitsX * s.unitsY
	every := s.every
	if every == 0 {
		every = total
	}
	if err := s.win.begin(); err != nil {
		return err
	}
	for first, restarts := 0, 0; ; restarts++ {
		n := min(every, total-first)
		if err := segment(s, first, n); err != nil {
			return err
		}
		if first += n; first == total {
			return nil
		}
		if err := s.win.restart(restarts); err != nil {
			return err
		}
	}
}

// at returns where unit i begins in coefs.
func (s *scan) at(i int) (base, x int) {
	return i/s.unitsX*s.stepY*s.stride + i%s.unitsX*s.stepX, i % s.unitsX
}

// decode reads n units. It is one long function because the bits live in registers: acc holds the next n bits, from the
// top; below them may stand more of the same stream, so that the next load may be or-ed over them. A load brings n to
// 56 or more, and one table entry takes at most 27: hence two entries per load.
func (s *scan) decode(first, units int) error {
	win := s.win
	data := win.data[:]
	safe := win.safe()
	base, x := s.at(first)
	isFine := s.fine != nil
	if isFine {
		s.fine.dc = 0
	}
	var (
		acc, n uint64
		p      int
		dc     int // of luma, the prediction
		wide   int // every dc, folded: whether one left 16 bits
	)
	for range units {
		if p > safe {
			if win.whole {
				return errShort
			}
			if err := win.more(p - 8); err != nil { // the bits in acc may have to be read again
				return err
			}
			p, safe = 8, win.safe()
		}
		for i := range s.blocks {
			b := &s.blocks[i]
			acc |= binary.BigEndian.Uint64(data[p:]) >> (n & 63)
			p += int((63 - n) >> 3)
			n |= 56

			e := b.starts[acc>>(64-peekBits)]
			diff := difference(acc, e>>16&15, e>>20&15)
			var k uint32
			if isFine && b.isLuma {
				if acc, n, p, k = s.fine.begin(b, data, acc, n, p, base+b.off); k > 64 {
					return errLow
				}
				e, diff = 0, 0
			} else {
				acc <<= e & 63
				n -= uint64(e & 63)
				k = e >> 6 & 0xFF
			}
			for k < 64 {
				e = uint32(b.skips[acc>>(64-peekBits)])
				acc <<= e & 63
				n -= uint64(e & 63)
				if k += e >> 6; k >= 64 {
					break
				}
				acc |= binary.BigEndian.Uint64(data[p:]) >> (n & 63)
				p += int((63 - n) >> 3)
				n |= 56
				e = uint32(b.skips[acc>>(64-peekBits)])
				acc <<= e & 63
				n -= uint64(e & 63)
				k += e >> 6
			}
			if k != 64 && k-endOfBlock >= 64 {
				t := tail{data: data, at: p*8 - int(n) - int(e&63), k: int(k) - int(e>>6&0xFF)}
				if err := t.finish(b, e&isStart != 0); err != nil {
					return err
				}
				if e&isStart != 0 {
					diff = t.diff
				}
				p, n = t.at>>3, 0
				acc = binary.BigEndian.Uint64(data[p:])
				p += 7
				n = 56 - uint64(t.at&7)
				acc <<= t.at & 7
			}
			if b.isLuma {
				dc += diff
				wide |= dc ^ dc>>63
				s.coefs[base+b.off] = int16(dc << s.shift)
			}
		}
		base += s.stepX
		if x++; x == s.unitsX {
			x = 0
			base += s.stepY*s.stride - s.unitsX*s.stepX
		}
	}
	switch {
	case p*8-int(n) > win.end*8:
		return errShort
	case wide<<s.shift >= 1<<15:
		return errWide
	}
	return nil
}

var (
	errShort = invalid("entropy-coded data ends early")
	errCode  = invalid("no such huffman code")
	errRun   = invalid("more than 64 coefficients in a block")
	errLow   = invalid("no such low coefficient")
	errWide  = invalid("dc coefficient beyond 16 bits")
)

// difference extends the size bits after length bits (T.81 F.2.2.1, EXTEND), without branches.
func difference(acc uint64, length, size uint32) int {
	acc <<= length
	v := int(acc >> 1 >> (63 - size))
	negative := ^(int64(acc) >> 63)
	return v + int(negative)&(1-1<<size)
}

// safe is the last position from which a unit may be decoded without a look at the window.
func (w *window) safe() int {
	if w.whole {
		return w.end + 7 // 8 bytes are loaded ahead; beyond, bits were used that are not there
	}
	return w.end - slackBytes
}

// tail decodes the rest of a block one symbol at a time: long codes, and blocks whose last coefficient is not 0, which
// no entry of a skip table may run across.
type tail struct {
	data []byte
	at   int // bits
	k    int // the next coefficient
	diff int
}

func (t *tail) bits() uint64 { return binary.BigEndian.Uint64(t.data[t.at>>3:]) << (t.at & 7) }

func (t *tail) finish(b *block, isStart bool) error {
	if isStart {
		size, length, ok := b.dc.find(t.bits())
		if !ok {
			return errCode
		}
		t.diff = difference(t.bits(), uint32(length), uint32(size))
		t.at += length + int(size)
		t.k = 1
	}
	if b.skips == nil {
		return nil
	}
	for t.k < 64 {
		symbol, length, ok := b.ac.find(t.bits())
		switch {
		case !ok:
			return errCode
		case symbol == 0:
			t.at += length
			return nil
		case symbol&15 == 0 && symbol != 0xF0:
			return errCode
		}
		t.at += length + int(symbol&15)
		t.k += int(symbol>>4) + 1
	}
	if t.k > 64 {
		return errRun
	}
	return nil
}

// refine adds one bit to each coefficient (T.81 G.1.2.1.2).
func (s *scan) refine(first, units int) error {
	win := s.win
	base, x := s.at(first)
	at := 0 // bits
	for range units {
		if at>>3 > win.safe() {
			if win.whole {
				return errShort
			}
			if err := win.more(at >> 3); err != nil {
				return err
			}
			at &= 7
		}
		for i := range s.blocks {
			b := &s.blocks[i]
			if bit := win.data[at>>3] >> (7 - at&7) & 1; b.isLuma {
				s.coefs[base+b.off] |= int16(bit) << s.shift
			}
			at++
		}
		base += s.stepX
		if x++; x == s.unitsX {
			x = 0
			base += s.stepY*s.stride - s.unitsX*s.stepX
		}
	}
	if at > win.end*8 {
		return errShort
	}
	return nil
}
