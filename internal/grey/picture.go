package grey

import "fmt"

// MaxSidePx bounds a side of the original, so that no index overflows.
const MaxSidePx = 1 << 24

// Picture is a grey picture, 0 black to 255 white, row by row. The zero value is invalid.
type Picture struct {
	Luma          []uint8
	Stride        int // from one row of samples to the next
	Width, Height int // in samples

	// BlockPx is how many pixels of the original one sample is the mean of, on each side; 1 for every pixel.
	BlockPx int
	// Sides of the original. The last column and row of samples may stand for less than a whole block.
	FullWidthPx, FullHeightPx int
}

// Whole is a picture with every pixel, without gaps between rows.
func Whole(luma []uint8, widthPx, heightPx int) Picture {
	return Picture{Luma: luma, Stride: widthPx, Width: widthPx, Height: heightPx,
		BlockPx: 1, FullWidthPx: widthPx, FullHeightPx: heightPx}
}

// Check returns an error that names the first value of p that cannot be.
func (p Picture) Check() error {
	if err := checkSides(p.FullWidthPx, p.FullHeightPx); err != nil {
		return err
	}
	if p.BlockPx < 1 || p.BlockPx > 64 {
		return fmt.Errorf("grey: blocks of %d pixels, want 1 to 64", p.BlockPx)
	}
	if w, h := blocks(p.FullWidthPx, p.BlockPx), blocks(p.FullHeightPx, p.BlockPx); p.Width != w || p.Height != h {
		return fmt.Errorf("grey: %d x %d samples, want %d x %d", p.Width, p.Height, w, h)
	}
	if need := (p.Height-1)*p.Stride + p.Width; p.Stride < p.Width || len(p.Luma) < need {
		return fmt.Errorf("grey: %d samples with stride %d, want at least %d", len(p.Luma), p.Stride, need)
	}
	return nil
}

func checkSides(widthPx, heightPx int) error {
	if widthPx < 1 || heightPx < 1 || widthPx > MaxSidePx || heightPx > MaxSidePx {
		return fmt.Errorf("grey: sides %d x %d, want each 1 to %d", widthPx, heightPx, MaxSidePx)
	}
	return nil
}

func blocks(px, blockPx int) int { return (px + blockPx - 1) / blockPx }

// Rect is a part of a picture in samples: columns Left to before Right, rows Top to before Bottom.
type Rect struct{ Left, Top, Right, Bottom int }

// Width in samples.
func (r Rect) Width() int { return r.Right - r.Left }

// Height in samples.
func (r Rect) Height() int { return r.Bottom - r.Top }

// All is the Rect of the whole picture.
func (p Picture) All() Rect { return Rect{Right: p.Width, Bottom: p.Height} }

// Part is the picture within r, which must lie in p and not be empty. It shares samples with p.
func (p Picture) Part(r Rect) Picture {
	first := r.Top*p.Stride + r.Left
	last := (r.Bottom-1)*p.Stride + r.Right
	q := p
	q.Luma, q.Width, q.Height = p.Luma[first:last:last], r.Width(), r.Height()
	px := p.Pixels(r)
	q.FullWidthPx, q.FullHeightPx = px.Width(), px.Height()
	return q
}

// Pixels is r in pixels of the original.
func (p Picture) Pixels(r Rect) Rect {
	return Rect{Left: r.Left * p.BlockPx, Top: r.Top * p.BlockPx,
		Right: min(r.Right*p.BlockPx, p.FullWidthPx), Bottom: min(r.Bottom*p.BlockPx, p.FullHeightPx)}
}

// Turned is a copy of a picture with every pixel, turned by t. Of means of blocks it would not be one of the same kind: the
// short blocks of an edge would come first.
func (p Picture) Turned(t Turn) (Picture, error) {
	if err := p.Check(); err != nil {
		return Picture{}, err
	}
	if p.BlockPx != 1 {
		return Picture{}, fmt.Errorf("grey: turn a picture of blocks of %d pixels", p.BlockPx)
	}
	w, h := p.Width, p.Height
	if t.swaps() {
		w, h = h, w
	}
	out := Whole(make([]uint8, w*h), w, h)
	for y := range h {
		first, step := p.walk(t, y)
		row := out.Luma[y*w : (y+1)*w]
		for x := range row {
			row[x] = p.Luma[first+x*step]
		}
	}
	return out, nil
}

// walk says where row y of the turned picture lies in p: at which sample it begins, and how far it is to the next.
func (p Picture) walk(t Turn, y int) (first, step int) {
	fromRight, fromBottom := t.reverses()
	along, across := 1, p.Stride // in p, when x and y of the turned picture rise
	if t.swaps() {
		along, across = across, along
		fromRight, fromBottom = fromBottom, fromRight // of p's own axes, which y and x run along
	}
	wide, high := p.Width, p.Height
	if t.swaps() {
		wide, high = high, wide
	}
	first = y * across
	if fromBottom {
		first = (high - 1 - y) * across
	}
	if fromRight {
		return first + (wide-1)*along, -along
	}
	return first, along
}
