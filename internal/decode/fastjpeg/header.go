package fastjpeg

// component is one of a frame (T.81 B.2.2).
type component struct {
	id, h, v, quant uint8
}

// frame is what a file's header says of the whole picture.
type frame struct {
	widthPx, heightPx int
	progressive       bool
	comps             []component // nil before SOF
	jfif              bool
	adobe             bool // the Adobe marker says that the components are as they are: red, green, blue
	every             int  // restart interval in units
	room              [3]component
}

func (r *Reader) startOfFrame(marker byte, b []byte) error {
	f := &r.frame
	if f.comps != nil {
		return invalid("second frame")
	}
	if len(b) < 6 || len(b) != 6+3*int(b[5]) {
		return invalid("frame header of %d bytes", len(b))
	}
	f.heightPx, f.widthPx = int(b[1])<<8|int(b[2]), int(b[3])<<8|int(b[4])
	f.progressive = marker == 0xC2
	switch {
	case b[0] != 8:
		return unsupported("%d bits", b[0])
	case f.widthPx == 0:
		return invalid("no width")
	case f.heightPx == 0:
		return unsupported("height after the picture")
	case f.progressive && r.blockPx != 8:
		return unsupported("progressive at a quarter")
	case b[5] != 1 && b[5] != 3:
		return unsupported("%d components", b[5])
	}
	if err := r.checkSides(); err != nil {
		return err
	}
	f.comps = f.room[:b[5]]
	for i := range f.comps {
		c := b[6+3*i:]
		f.comps[i] = component{id: c[0], h: c[1] >> 4, v: c[1] & 15, quant: c[2]}
	}
	return f.checkComponents()
}

func (r *Reader) checkSides() error {
	w, h := r.frame.widthPx, r.frame.heightPx
	if side := max(w, h); side > r.lim.MaxSidePx {
		return refused("side", int64(side), int64(r.lim.MaxSidePx))
	}
	if pixels := int64(w) * int64(h); pixels > r.lim.MaxPixels {
		return refused("pixels", pixels, r.lim.MaxPixels)
	}
	return nil
}

func (f *frame) checkComponents() error {
	for i, c := range f.comps {
		switch {
		case c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4:
			return invalid("sampling %d x %d", c.h, c.v)
		case c.h > f.comps[0].h || c.v > f.comps[0].v:
			return unsupported("luma coarser than chroma")
		case c.quant > 3:
			return invalid("quantisation table %d", c.quant)
		}
		for _, before := range f.comps[:i] {
			if before.id == c.id {
				return invalid("component %d twice", c.id)
			}
		}
	}
	if len(f.comps) == 1 { // one component is never interleaved: T.81 A.2.2
		f.comps[0].h, f.comps[0].v = 1, 1
	}
	return nil
}

// isRGB tells as image/jpeg and libjpeg do: JFIF is always YCbCr, then Adobe's marker decides, then the names.
func (f *frame) isRGB() bool {
	if f.jfif || len(f.comps) != 3 {
		return false
	}
	return f.adobe || f.comps[0].id == 'R' && f.comps[1].id == 'G' && f.comps[2].id == 'B'
}

// app reads the two application segments that say what the components are. Only their beginnings are looked at.
func (r *Reader) app(marker byte) error {
	n, err := r.src.bodyLen()
	if err != nil {
		return err
	}
	if (marker == 0xE0 || marker == 0xEE) && n >= 5 {
		b, err := r.src.left(min(n, 12))
		if err != nil {
			return err
		}
		switch {
		case marker == 0xE0:
			r.frame.jfif = string(b[:5]) == "JFIF\x00"
		case n >= 12 && string(b[:5]) == "Adobe":
			r.frame.adobe = b[11] == 0
		}
	}
	r.src.skip(n)
	return nil
}

func (r *Reader) quantisation(b []byte) error {
	for len(b) > 0 {
		size := 64 << (b[0] >> 4)
		to := b[0] & 15
		if b[0]>>4 > 1 || to > 3 || len(b) < 1+size {
			return invalid("quantisation table")
		}
		q := [lowCoefs]int{}
		for k := range q {
			if q[k] = int(b[1+k]); size == 128 {
				q[k] = int(b[1+2*k])<<8 | int(b[2+2*k])
			}
		}
		if r.begun && r.frame.progressive && to == r.frame.comps[0].quant && q[0] != r.quant[to][0] {
			return unsupported("quantisation changed between scans")
		}
		r.quant[to] = q
		b = b[1+size:]
	}
	return nil
}

func (r *Reader) huffman(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 {
			return invalid("huffman table")
		}
		n := 0
		for _, c := range b[1:17] {
			n += int(c)
		}
		if b[0]>>4 > 1 || b[0]&15 > 3 || n == 0 || n > 256 || len(b) < 17+n {
			return invalid("huffman table")
		}
		r.serial++
		if err := r.tables[b[0]>>4][b[0]&15].define(b[1:17], b[17:17+n], r.serial); err != nil {
			return err
		}
		b = b[17+n:]
	}
	return nil
}

func (r *Reader) restartInterval(b []byte) error {
	if len(b) != 2 {
		return invalid("restart interval")
	}
	r.frame.every = int(b[0])<<8 | int(b[1])
	return nil
}
