package fastjpeg

// selection is a scan header (T.81 B.2.3): which components, and in progressive files which bits of which coefficients.
type selection struct {
	n         int
	comp      [3]int // index in the frame
	dc, ac    [3]uint8
	from, to  uint8 // coefficients
	high, low uint8 // bits: above low, where those above high are known
}

// startOfScan decodes the scan that follows if it holds DC coefficients of luma, and else leaves it to be stepped over.
func (r *Reader) startOfScan(b []byte) error {
	if r.scans++; r.scans > r.lim.MaxScans {
		return refused("scans", int64(r.scans), int64(r.lim.MaxScans))
	}
	sel, err := r.frame.selected(b)
	if err != nil {
		return err
	}
	if !sel.hasLuma() || sel.from > 0 {
		return nil
	}
	if r.frame.isRGB() {
		return unsupported("red, green and blue")
	}
	return r.readLuma(&sel)
}

func (r *Reader) readLuma(sel *selection) error {
	switch first := sel.high == 0; {
	case first == r.begun || !first && (uint(sel.high) != r.low || sel.low != sel.high-1):
		return invalid("scans of luma out of order")
	case r.quant[r.frame.comps[0].quant][0] == 0:
		return invalid("quantisation table %d missing", r.frame.comps[0].quant)
	}
	s := r.layout(sel)
	r.low = uint(sel.low)
	if r.begun {
		return s.each((*scan).refine)
	}
	if err := r.useTables(sel, s.blocks); err != nil {
		return err
	}
	r.begun = true
	return s.each((*scan).decode)
}

func (f *frame) selected(b []byte) (selection, error) {
	var s selection
	if f.comps == nil {
		return s, invalid("scan before the frame")
	}
	if len(b) < 1 || len(b) != 4+2*int(b[0]) || b[0] < 1 || int(b[0]) > len(f.comps) {
		return s, invalid("scan header")
	}
	s.n = int(b[0])
	blocks := 0
	for i := range s.n {
		if !s.add(i, f, b[1+2*i], b[2+2*i]) {
			return s, invalid("component %d of a scan", i)
		}
		blocks += int(f.comps[s.comp[i]].h) * int(f.comps[s.comp[i]].v)
	}
	if s.n > 1 && blocks > maxUnitBlocks {
		return s, invalid("%d blocks in a unit", blocks)
	}
	if !f.progressive {
		return s, nil // the rest is fixed, whatever stands there
	}
	b = b[1+2*s.n:]
	s.from, s.to, s.high, s.low = b[0], b[1], b[2]>>4, b[2]&15
	if s.from == 0 && s.to != 0 || s.from > s.to || s.to > 63 || s.low > 13 || s.from > 0 && s.n > 1 {
		return s, invalid("spectral selection")
	}
	return s, nil
}

// add selects the component named id with its tables. Components stand in the order of the frame, each at most once.
func (s *selection) add(i int, f *frame, id, tables uint8) bool {
	for j, c := range f.comps {
		if c.id == id && (i == 0 || s.comp[i-1] < j) {
			s.comp[i], s.dc[i], s.ac[i] = j, tables>>4, tables&15
			return s.dc[i] < 4 && s.ac[i] < 4
		}
	}
	return false
}

func (s *selection) hasLuma() bool { return s.comp[0] == 0 }

// units returns how many units of an interleaved scan stand side by side and below each other.
func (r *Reader) units() (x, y int) {
	f := &r.frame
	h, v := 8*int(f.comps[0].h), 8*int(f.comps[0].v)
	return (f.widthPx + h - 1) / h, (f.heightPx + v - 1) / v
}

// layout says which blocks come in which order. A scan of one component has none beyond the picture's edge (A.2.3).
func (r *Reader) layout(sel *selection) *scan {
	f := &r.frame
	h, v := int(f.comps[0].h), int(f.comps[0].v)
	unitsX, unitsY := r.units()
	s := &r.scan
	*s = scan{win: &r.win, stride: unitsX * h, stepX: h, stepY: v, unitsX: unitsX, unitsY: unitsY, shift: uint(sel.low), every: f.every}
	r.coefs = grown(r.coefs, unitsX*unitsY*h*v)
	if r.blockPx == 4 {
		r.fine.reset(&r.quant[f.comps[0].quant], len(r.coefs))
		s.fine = &r.fine
	}
	s.coefs = r.coefs
	if sel.n == 1 {
		s.stepX, s.stepY = 1, 1
		s.unitsX, s.unitsY = (f.widthPx+7)/8, (f.heightPx+7)/8
		s.blocks = append(r.blocks[:0], block{isLuma: true})
		return s
	}
	s.blocks = r.blocks[:0]
	for i := range sel.n {
		c := f.comps[sel.comp[i]]
		for j := range int(c.h) * int(c.v) {
			s.blocks = append(s.blocks, block{isLuma: i == 0, off: j/h*s.stride + j%h, comp: i})
		}
	}
	return s
}

// useTables gives each block its tables.
func (r *Reader) useTables(sel *selection, blocks []block) error {
	for i := range sel.n {
		dc := &r.tables[0][sel.dc[i]]
		if !dc.defined || dc.maxSymbol > maxDCBits {
			return invalid("huffman table %d for dc", sel.dc[i])
		}
		var ac *table
		if !r.frame.progressive {
			if ac = &r.tables[1][sel.ac[i]]; !ac.defined {
				return invalid("huffman table %d for ac missing", sel.ac[i])
			}
		}
		from := &r.starts[i]
		if i > 0 && sel.dc[i] == sel.dc[i-1] && sel.ac[i] == sel.ac[i-1] {
			from = r.from[i-1]
		}
		r.from[i] = from
		from.build(dc, ac)
		for j := range blocks {
			if blocks[j].comp == i {
				blocks[j].use(from, dc, ac)
			}
		}
	}
	return nil
}

// maxDCBits is the most that a difference of 8-bit samples can take (T.81 table F.1).
const maxDCBits = 11

func (b *block) use(from *starts, dc, ac *table) {
	b.starts, b.dc, b.ac, b.skips = &from.entry, dc, ac, nil
	if ac != nil {
		b.skips = (*[peekSize]uint16)(ac.skips[peekSize:])
	}
}
