package marks

import "math"

// Transform maps a place of the reduced picture asked about to that of the seen one: x' = A x + B y + X, y' = C x + D y + Y.
type Transform struct{ A, B, C, D, X, Y float64 }

func (t *Transform) at(x, y float64) (float64, float64) {
	return t.A*x + t.B*y + t.X, t.C*x + t.D*y + t.Y
}

// turn is by how much it turns, in 64ths.
func (t *Transform) turn() float64 { return math.Atan2(t.C-t.B, t.A+t.D) * turns / (2 * math.Pi) }

// scale is by how much it enlarges.
func (t *Transform) scale() float64 { return math.Sqrt(math.Abs(float64(t.A*t.D) - float64(t.B*t.C))) }

// share is the part of a's area that falls into b, of 64 x 64 samples.
func (t *Transform) share(a, b *Set) float64 {
	const side = 64
	in := 0
	for i := range side * side {
		x := (float64(i%side) + 0.5) / side * float64(a.Width)
		y := (float64(i/side) + 0.5) / side * float64(a.Height)
		if u, v := t.at(x, y); u >= 0 && v >= 0 && u <= float64(b.Width) && v <= float64(b.Height) {
			in++
		}
	}
	return float64(in) / (side * side)
}

// inverse maps back; ok is false when it cannot or when it would by too much.
func (t *Transform) inverse() (back Transform, ok bool) {
	det := t.A*t.D - t.B*t.C
	if det < 1/(2*maxScale*maxScale) || det > 2*maxScale*maxScale {
		return back, false
	}
	back = Transform{A: t.D / det, B: -t.B / det, C: -t.C / det, D: t.A / det}
	back.X, back.Y = -(back.A*t.X + back.B*t.Y), -(back.C*t.X + back.D*t.Y)
	return back, true
}

// uneven is how far each entry may differ from a similarity, as a share of its scale: people stretch pictures a little.
const uneven = 0.08

// minAffine is how many pairs are needed for a map that is more than a similarity.
const minAffine = 12

// fitted is the map nearest to the pairs by least squares.
func fitted(list []pair) (t Transform, ok bool) {
	if len(list) < 3 {
		return t, false
	}
	var ax, ay, bx, by float64
	for _, p := range list {
		ax, ay, bx, by = ax+p.ax, ay+p.ay, bx+p.bx, by+p.by
	}
	n := float64(len(list))
	ax, ay, bx, by = ax/n, ay/n, bx/n, by/n
	var xx, xy, yy, xu, yu, xv, yv float64
	for _, p := range list {
		x, y, u, v := p.ax-ax, p.ay-ay, p.bx-bx, p.by-by
		xx, xy, yy = xx+x*x, xy+x*y, yy+y*y
		xu, yu, xv, yv = xu+x*u, yu+y*u, xv+x*v, yv+y*v
	}
	if xx+yy < 100 {
		return t, false
	}
	c, s := (xu+yv)/(xx+yy), (xv-yu)/(xx+yy)
	t = Transform{A: c, B: -s, C: s, D: c}
	if det := xx*yy - xy*xy; len(list) >= minAffine && det > 0.02*(xx+yy)*(xx+yy) {
		f := Transform{A: (xu*yy - yu*xy) / det, B: (yu*xx - xu*xy) / det, C: (xv*yy - yv*xy) / det, D: (yv*xx - xv*xy) / det}
		if f.near(&t) {
			t = f
		}
	}
	t.X, t.Y = bx-t.A*ax-t.B*ay, by-t.C*ax-t.D*ay
	return t, true
}

func (t *Transform) near(s *Transform) bool {
	far := uneven * math.Hypot(s.A, s.C)
	return math.Abs(t.A-s.A) < far && math.Abs(t.B-s.B) < far && math.Abs(t.C-s.C) < far && math.Abs(t.D-s.D) < far
}
