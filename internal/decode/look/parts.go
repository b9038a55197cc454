package look

import (
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/grey"
	"whenwhere/internal/pdq"
)

// windowShare is the side of a window in percent of the picture's; windows lie in the four corners and in the middle.
// TestWindows of package still has the measurement.
const windowShare = 90

// minPartPx is the least side of a part in pixels of the original: smaller ones say nothing.
const minPartPx = 32

// parts looks at what lies within borders, and at windows of it.
func (l *Looker) parts(p grey.Picture, t grey.Turn, extent Extent) ([]wire.View, error) {
	out, inner, err := l.trimmed(p, t, extent)
	if err != nil || extent != Entire {
		return out, err
	}
	for _, w := range windows(inner) {
		view, s, err := l.view(wire.ViewWindow, p, w, t)
		if err != nil {
			return nil, err
		}
		if view != nil {
			view.Hashes = []wire.Hash{pdqOf(&s)}
			out = append(out, *view)
		}
	}
	return out, nil
}

// trimmed looks at what lies within borders, if there are any, and returns where that is, or else the whole.
func (l *Looker) trimmed(p grey.Picture, t grey.Turn, extent Extent) ([]wire.View, grey.Rect, error) {
	inner, ok := p.Content()
	if !ok {
		return nil, p.All(), nil
	}
	view, s, err := l.view(wire.ViewTrimmed, p, inner, t)
	if view == nil || err != nil { // flat once the contrast to the border is gone
		return nil, p.All(), err
	}
	view.Hashes = hashes(&s)
	if extent == Entire {
		if view.Mosaic, err = mosaicOf(p.Part(inner), t); err != nil {
			return nil, p.All(), err
		}
	}
	out := []wire.View{*view}
	if extent == Entire {
		view.Name, view.Hashes, view.Mosaic = wire.ViewTrimmedMirrored, hashes(turned(&s, grey.FlipY)), nil
		out = append(out, *view)
	}
	return out, inner, nil
}

// view looks at one part; it is nil, and no error, when the part is too small or too flat.
func (l *Looker) view(name string, p grey.Picture, r grey.Rect, t grey.Turn) (*wire.View, grey.Spectrum, error) {
	if px := p.Pixels(r); px.Width() < minPartPx || px.Height() < minPartPx {
		return nil, grey.Spectrum{}, nil
	}
	s, err := l.spectrum(p.Part(r), t)
	if err != nil {
		return nil, s, err
	}
	quality := pdq.Quality(&l.grid)
	if isFlat(quality, l.grid.StdDev()) {
		return nil, s, nil
	}
	return &wire.View{Name: name, Part: part(p, r, t), Quality: quality}, s, nil
}

// windows are five parts of r: the corners and the middle.
func windows(r grey.Rect) []grey.Rect {
	w, h := max(r.Width()*windowShare/100, 1), max(r.Height()*windowShare/100, 1)
	right, low := r.Right-w, r.Bottom-h
	var out []grey.Rect
	for _, at := range [][2]int{{r.Left, r.Top}, {right, r.Top}, {r.Left, low}, {right, low},
		{(r.Left + right) / 2, (r.Top + low) / 2}} {
		out = append(out, grey.Rect{Left: at[0], Top: at[1], Right: at[0] + w, Bottom: at[1] + h})
	}
	return out
}

// part says where r lies in the picture when it is turned by t.
func part(p grey.Picture, r grey.Rect, t grey.Turn) *wire.Part {
	px, w, h := p.Pixels(r), p.FullWidthPx, p.FullHeightPx
	if t == grey.Rotate90 || t == grey.Rotate270 || t == grey.FlipPlus1 || t == grey.FlipMinus1 {
		px = grey.Rect{Left: px.Top, Top: px.Left, Right: px.Bottom, Bottom: px.Right} // now along the diagonal
		w, h = h, w
	}
	if t == grey.FlipY || t == grey.Rotate180 || t == grey.Rotate270 || t == grey.FlipMinus1 {
		px.Left, px.Right = w-px.Right, w-px.Left
	}
	if t == grey.FlipX || t == grey.Rotate180 || t == grey.Rotate90 || t == grey.FlipMinus1 {
		px.Top, px.Bottom = h-px.Bottom, h-px.Top
	}
	return &wire.Part{LeftPx: px.Left, TopPx: px.Top, WidthPx: px.Width(), HeightPx: px.Height()}
}
