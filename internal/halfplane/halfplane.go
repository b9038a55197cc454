// Package halfplane cuts polygons by straight lines, for any type of point: the frame of a camera out of the ground, the
// shown part of the world out of a ring of places. It only computes, and it only knows the plane.
package halfplane

// Cut returns the part of a ring where side is not negative: one side of the clipping of Sutherland and Hodgman (1974).
// A ring is not closed: from its last point it runs on to its first. side must be linear; toward returns the point at a
// share, 0 to 1, of the way from p to q. What falls apart stays joined along the line, which fills right. The order of
// the points survives; nil when nothing is left.
func Cut[P any](ring []P, side func(P) float64, toward func(p, q P, share float64) P) []P {
	var out []P
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sp, sq := side(p), side(q)
		if sp >= 0 {
			out = append(out, p)
		}
		if (sp < 0) != (sq < 0) {
			out = append(out, toward(p, q, sp/(sp-sq)))
		}
	}
	return out
}
