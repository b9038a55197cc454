package grey

// What counts as a border: a row or column of which at least borderShare percent lie within borderNoise levels of the
// outermost one's median. Noise of strong JPEG compression stays within 10 levels of a uniform area (measured: the bars of
// letterboxed photos at quality 30), and the share lets a small time stamp or logo lie in a bar.
const (
	borderNoise = 12
	borderShare = 95
	// maxBorder is the most that a border may take of a side, in percent; a picture with more is left alone.
	maxBorder = 45
	// minBorder is the least that is worth a view of its own, in percent of the side, both ends together.
	minBorder = 3
)

// Content finds the part of p within uniform borders: letterbox bars, frames, margins. ok is false when there is no
// border to speak of, or when one would take more than 45 percent of a side from one end.
func (p Picture) Content() (r Rect, ok bool) {
	r = p.All()
	top, ok1 := inset(p.Height, func(i int) line { return p.row(i, r) })
	bottom, ok2 := inset(p.Height, func(i int) line { return p.row(p.Height-1-i, r) })
	if !ok1 || !ok2 || top+bottom >= p.Height {
		return Rect{}, false
	}
	r.Top, r.Bottom = top, p.Height-bottom
	left, ok1 := inset(p.Width, func(i int) line { return p.column(i, r) })
	right, ok2 := inset(p.Width, func(i int) line { return p.column(p.Width-1-i, r) })
	if !ok1 || !ok2 || left+right >= p.Width {
		return Rect{}, false
	}
	r.Left, r.Right = left, p.Width-right
	worth := (top+bottom)*100 >= minBorder*p.Height || (left+right)*100 >= minBorder*p.Width
	return r, worth
}

// line is n samples, step apart.
type line struct {
	samples []uint8
	step, n int
}

func (p Picture) row(y int, r Rect) line {
	return line{p.Luma[y*p.Stride+r.Left:], 1, r.Width()}
}

func (p Picture) column(x int, r Rect) line {
	return line{p.Luma[r.Top*p.Stride+x:], p.Stride, r.Height()}
}

// inset counts uniform lines of one level from an end; ok is false when they go too far.
func inset(side int, at func(i int) line) (n int, ok bool) {
	level := at(0).median()
	for n < side && at(n).near(level) {
		n++
		if n*100 > maxBorder*side {
			return 0, false
		}
	}
	return n, true
}

func (l line) median() uint8 {
	var count [256]int
	for i := range l.n {
		count[l.samples[i*l.step]]++
	}
	left := (l.n + 1) / 2
	for v, c := range count {
		if left -= c; left <= 0 {
			return uint8(v)
		}
	}
	return 255
}

func (l line) near(level uint8) bool {
	far := 0
	for i := range l.n {
		if d := int(l.samples[i*l.step]) - int(level); d < -borderNoise || d > borderNoise {
			far++
		}
	}
	return far*100 <= (100-borderShare)*l.n
}
