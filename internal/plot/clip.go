package plot

import "whenwhere/internal/halfplane"

func (p pt) toward(q pt, share float64) pt { return pt{p.x + share*(q.x-p.x), p.y + share*(q.y-p.y)} }

// clipRing is the part of a ring inside a box.
func clipRing(ring []pt, b box) []pt {
	for _, side := range []func(pt) float64{
		func(p pt) float64 { return p.x - b.x0 },
		func(p pt) float64 { return b.x1 - p.x },
		func(p pt) float64 { return p.y - b.y0 },
		func(p pt) float64 { return b.y1 - p.y },
	} {
		ring = halfplane.Cut(ring, side, pt.toward)
	}
	return ring
}

// clipLine is the part of a line inside a box (Liang and Barsky 1984).
func clipLine(a, c pt, b box) (pt, pt, bool) {
	dx, dy := c.x-a.x, c.y-a.y
	t0, t1 := 0.0, 1.0
	for _, e := range [][2]float64{{-dx, a.x - b.x0}, {dx, b.x1 - a.x}, {-dy, a.y - b.y0}, {dy, b.y1 - a.y}} {
		p, q := e[0], e[1]
		switch {
		case p == 0 && q < 0:
			return a, c, false
		case p < 0:
			t0 = max(t0, q/p)
		case p > 0:
			t1 = min(t1, q/p)
		}
	}
	if t0 > t1 {
		return a, c, false
	}
	p, q := a, c
	if t0 > 0 {
		p = pt{a.x + t0*dx, a.y + t0*dy}
	}
	if t1 < 1 {
		q = pt{a.x + t1*dx, a.y + t1*dy}
	}
	return p, q, true
}
