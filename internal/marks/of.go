package marks

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"whenwhere/internal/grey"
)

const (
	// reducedPx is how many pixels a picture is brought to, if it has more: 320 x 240. At 256 x 192, five of six screen
	// recordings are still found; at half of that, few are.
	reducedPx = 320 * 240
	// levels of the pyramid, and the ratio of the sides of one to those of the next: marks are found again in pictures
	// 2.4 times as large or as small in the least, 3.2 times if they have enough of them.
	levels = 5
	ratio  = 4. / 3
	// leastSide of a level, in pixels: below, what is described would be most of the picture.
	leastSide = 40
	// edge is how near a mark may come to the edge of its level. What lies beyond is taken to go on as it ends.
	edge = 6
	// quotaFall is the share of the marks of one level in those of the level before.
	quotaFall = 0.8
)

// sizes of a pixel of each level in those of the finest.
var sizes = [levels]float64{1, 4. / 3, 16. / 9, 64. / 27, 256. / 81}

// Finder finds marks in one picture after the other and keeps its memory. The zero value is ready, for one goroutine at a
// time.
type Finder struct {
	scale   scaler
	levels  [levels]plane
	scratch []uint8
	scores  []uint16 // of the corners of one level, 0 elsewhere
	ring    rings
	found   []corner
	cells   [][perCell]corner
	ranked  []ranked
}

// ranked is a mark with its place in the order of its level, from 0 for the first to 1.
type ranked struct {
	Mark
	order float64
}

// Of finds the marks of p as it is when turned by t.
func (f *Finder) Of(p grey.Picture, t grey.Turn) (Set, error) {
	if err := p.Check(); err != nil {
		return Set{}, fmt.Errorf("marks: %w", err)
	}
	out := Set{WidthPx: p.FullWidthPx, HeightPx: p.FullHeightPx}
	out.Width, out.Height = reduced(p.Width, p.Height)
	f.scale.reduce(&f.levels[0], p.Luma, p.Stride, p.Width, p.Height, out.Width, out.Height)
	if t != grey.Original {
		if err := f.turn(t, &out); err != nil {
			return Set{}, err
		}
	}
	if min(out.Width, out.Height) < leastSide {
		return out, nil
	}
	n := 1
	for ; n < levels && min(f.levels[n-1].width, f.levels[n-1].height)*3/4 >= leastSide; n++ {
		f.scale.shrink(&f.levels[n], &f.levels[n-1])
	}
	f.ranked = f.ranked[:0]
	for l := range n {
		f.level(l)
	}
	slices.SortStableFunc(f.ranked, func(a, b ranked) int { return cmp.Compare(a.order, b.order) })
	out.Marks = make([]Mark, len(f.ranked))
	for i, m := range f.ranked {
		out.Marks[i] = m.Mark
	}
	return out, nil
}

// reduced are the sides of the finest level.
func reduced(w, h int) (int, int) {
	k := min(math.Sqrt(reducedPx/(float64(w)*float64(h))), maxSide/float64(max(w, h)), 1)
	side := func(n int) int { return max(int(float64(n)*k), 1) }
	return side(w), side(h)
}

// turn turns the finest level, and the sides of the picture with it.
func (f *Finder) turn(t grey.Turn, out *Set) error {
	p := &f.levels[0]
	upright := grey.Whole(p.pix[p.at(0, 0):], p.width, p.height)
	upright.Stride = p.stride
	turned, err := upright.Turned(t)
	if err != nil {
		return fmt.Errorf("marks: %w", err)
	}
	if t == grey.Rotate90 || t == grey.Rotate270 || t == grey.FlipPlus1 || t == grey.FlipMinus1 {
		out.Width, out.Height, out.WidthPx, out.HeightPx = out.Height, out.Width, out.HeightPx, out.WidthPx
	}
	f.scale.reduce(p, turned.Luma, turned.Stride, turned.Width, turned.Height, turned.Width, turned.Height)
	return nil
}

// level finds the marks of one level. Corners are looked for in the levels smoothed a little, and described in what is
// smoothed more, so that noise decides few bits.
func (f *Finder) level(l int) {
	p := &f.levels[l]
	f.scratch = p.smooth(f.scratch, 1)
	want := quota(l)
	g := gridOf(p, want)
	f.corners(p, g)
	f.scratch = p.smooth(f.scratch, 2)
	picked := f.pick(p, g, want)
	for i, c := range picked {
		x, y := int(c.x), int(c.y)
		turn := direction(p, x, y)
		f.ranked = append(f.ranked, ranked{order: float64(i) / float64(len(picked)), Mark: Mark{
			X: eighths(x, l), Y: eighths(y, l), Level: uint8(l), Turn: turn, Code: describe(p, x, y, turn)}})
	}
}

// eighths is the middle of a pixel of a level in eighths of one of the finest.
func eighths(n, level int) uint16 {
	return uint16(math.Round((float64(n) + 0.5) * 8 * sizes[level]))
}

// quota is how many marks a level may have.
func quota(level int) int {
	total := 0.0
	for l := range levels {
		total += math.Pow(quotaFall, float64(l))
	}
	return int(MaxMarks * math.Pow(quotaFall, float64(level)) / total)
}
