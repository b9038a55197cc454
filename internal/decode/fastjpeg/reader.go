package fastjpeg

import "io"

// Reader reads one picture after the other and keeps its memory. The zero value is ready. It is not for concurrent use.
type Reader struct {
	lim     Limits
	src     source
	win     window
	frame   frame
	blockPx int              // 8 or 4
	quant   [4][lowCoefs]int // the low coefficients'; 0 is undefined
	tables  [2][4]table
	serial  int        // of the last table defined
	starts  [3]starts  // of the components in a scan
	from    [3]*starts // each component's, maybe another's
	blocks  [maxUnitBlocks]block
	scan    scan
	coefs   []int16
	fine    fine
	luma    []uint8
	scans   int
	begun   bool // the first bits of luma's DC were read
	low     uint // of its bits, so many are still missing
}

// Grey reads the JPEG in the first sizeBytes of src. Luma of the Picture is the Reader's own and holds until the next call.
func (r *Reader) Grey(src io.ReaderAt, sizeBytes int64, lim Limits) (Picture, error) {
	return r.read(src, sizeBytes, lim, 8)
}

func (r *Reader) read(src io.ReaderAt, sizeBytes int64, lim Limits, blockPx int) (Picture, error) {
	r.reset(src, sizeBytes, lim)
	r.blockPx = blockPx
	if b, err := r.src.take(2); err != nil {
		return Picture{}, err
	} else if b[0] != 0xFF || b[1] != 0xD8 {
		return Picture{}, invalid("it does not begin with FFD8")
	}
	for {
		marker, err := r.src.nextMarker()
		if err != nil {
			return Picture{}, err
		}
		if marker == 0xD9 {
			return r.picture()
		}
		if err := r.segment(marker); err != nil {
			return Picture{}, err
		}
	}
}

func (r *Reader) reset(src io.ReaderAt, sizeBytes int64, lim Limits) {
	r.src.reset(src, sizeBytes)
	r.win.src = &r.src
	r.lim = lim
	r.frame, r.quant = frame{}, [4][lowCoefs]int{}
	for class := range r.tables {
		for i := range r.tables[class] {
			r.tables[class][i].defined = false
		}
	}
	r.scans, r.begun, r.low = 0, false, 0
}

func (r *Reader) segment(marker byte) error {
	switch {
	case marker >= 0xE0 && marker <= 0xEF || marker == 0xFE:
		return r.app(marker)
	case marker == 0xCC || marker >= 0xC9 && marker <= 0xCB || marker >= 0xCD && marker <= 0xCF:
		return unsupported("arithmetic coding")
	case marker == 0xC3 || marker >= 0xC5 && marker <= 0xC7:
		return unsupported("lossless or hierarchical")
	}
	b, err := r.src.body()
	if err != nil {
		return err
	}
	switch marker {
	case 0xC0, 0xC1, 0xC2:
		return r.startOfFrame(marker, b)
	case 0xC4:
		return r.huffman(b)
	case 0xDA:
		return r.startOfScan(b)
	case 0xDB:
		return r.quantisation(b)
	case 0xDD:
		return r.restartInterval(b)
	}
	return unsupported("marker %02X", marker)
}

// picture turns the coefficients into levels.
func (r *Reader) picture() (Picture, error) {
	f := &r.frame
	if !r.begun {
		return Picture{}, invalid("no luma")
	}
	side := func(full int) int { return (full + r.blockPx - 1) / r.blockPx }
	p := Picture{WidthPx: side(f.widthPx), HeightPx: side(f.heightPx), BlockPx: r.blockPx,
		FullWidthPx: f.widthPx, FullHeightPx: f.heightPx, Scans: r.scans, Progressive: f.progressive}
	r.luma = grown(r.luma, p.WidthPx*p.HeightPx)
	p.Luma = r.luma
	if r.blockPx == 4 {
		r.fine.picture(p.Luma, p.WidthPx, p.HeightPx, r.scan.stride)
		return p, nil
	}
	q := r.quant[f.comps[0].quant][0]
	for y := range p.HeightPx {
		row := p.Luma[y*p.WidthPx:][:p.WidthPx]
		for x, c := range r.coefs[y*r.scan.stride:][:p.WidthPx] {
			row[x] = level(int(c) * q)
		}
	}
	return p, nil
}

// level is the mean of a block whose dequantised DC is dc.
func level(dc int) uint8 { return uint8(min(max((dc+4)>>3+128, 0), 255)) }

// grown returns a slice of n, the old one's memory if it is enough.
func grown[T any](old []T, n int) []T {
	if cap(old) < n {
		return make([]T, n)
	}
	return old[:n]
}
