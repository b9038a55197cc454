package grey

import "math"

// Frequencies is how many frequencies a side a Spectrum holds, the constant one included: PDQ uses 1 to 16, others 0 to 15.
const Frequencies = 17

// Spectrum is the lowest coefficients of the unscaled two-dimensional DCT-II of a Grid, rows (vertical frequency) first:
// the coefficient of vertical frequency v and horizontal frequency u is at v*Frequencies+u.
type Spectrum [Frequencies * Frequencies]float64

// cosines holds cos(pi k (i + 1/2) / 64) for the left half of the grid; the right half is the same, or its negative for
// odd k.
type cosines struct {
	half  [Frequencies][SidePx / 2]float64
	ready bool
}

func (c *cosines) fill() {
	for k := range c.half {
		for i := range c.half[k] {
			c.half[k][i] = math.Cos(math.Pi * float64(k) * (float64(i) + 0.5) / SidePx)
		}
	}
	c.ready = true
}

// Spectrum transforms g into s.
func (r *Reader) Spectrum(g *Grid, s *Spectrum) {
	if !r.table.ready {
		r.table.fill()
	}
	var rows [SidePx][Frequencies]float64
	for y := range rows {
		r.table.transform((*[SidePx]float64)(g[y*SidePx:]), &rows[y])
	}
	var column [SidePx]float64
	var out [Frequencies]float64
	for u := range Frequencies {
		for y := range rows {
			column[y] = rows[y][u]
		}
		r.table.transform(&column, &out)
		for v, x := range out {
			s[v*Frequencies+u] = x
		}
	}
}

// transform folds the line in the middle: even frequencies see the sum of its halves, odd ones the difference.
func (c *cosines) transform(line *[SidePx]float64, out *[Frequencies]float64) {
	var even, odd [SidePx / 2]float64
	for i := range even {
		a, b := line[i], line[SidePx-1-i]
		even[i], odd[i] = a+b, a-b
	}
	for k := range out {
		folded := &even
		if k%2 == 1 {
			folded = &odd
		}
		out[k] = dot(folded, &c.half[k])
	}
}

// dot has four sums, so that one addition need not wait for the last.
func dot(a, b *[SidePx / 2]float64) float64 {
	var s0, s1, s2, s3 float64
	for i := 0; i < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return (s0 + s1) + (s2 + s3)
}

// Turn is one of the eight ways to hold a picture. The order is that of the published PDQ programs, as are the first
// seven names; what a person sees is said beside each.
type Turn uint8

// The eight turns.
const (
	Original   Turn = iota
	Rotate90        // a quarter turn counterclockwise
	Rotate180       // upside down
	Rotate270       // a quarter turn clockwise
	FlipX           // mirrored top to bottom
	FlipY           // mirrored left to right
	FlipPlus1       // mirrored along the diagonal from the top left corner
	FlipMinus1      // mirrored along the other diagonal
)

// Turns is how many there are.
const Turns = 8

// Turned is the spectrum of the picture turned by t.
func (s *Spectrum) Turned(t Turn) Spectrum {
	var out Spectrum
	for v := range Frequencies {
		for u := range Frequencies {
			x, to := s[v*Frequencies+u], v*Frequencies+u
			if t.swaps() {
				to = u*Frequencies + v
			}
			if t.negates(v, u) {
				x = -x
			}
			out[to] = x
		}
	}
	return out
}

// swaps tells whether rows become columns.
func (t Turn) swaps() bool {
	return t == Rotate90 || t == Rotate270 || t == FlipPlus1 || t == FlipMinus1
}

// reverses tells which axes of the picture as it was are reversed, before rows become columns.
func (t Turn) reverses() (sideways, downwards bool) {
	return t == FlipY || t == Rotate180 || t == Rotate90 || t == FlipMinus1,
		t == FlipX || t == Rotate180 || t == Rotate270 || t == FlipMinus1
}

// negates tells whether the coefficient changes its sign: a cosine of odd frequency does when its axis is reversed.
func (t Turn) negates(v, u int) bool {
	sideways, downwards := t.reverses()
	return (downwards && v%2 == 1) != (sideways && u%2 == 1)
}
