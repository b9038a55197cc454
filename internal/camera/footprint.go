package camera

import (
	"math"

	"whenwhere/internal/halfplane"
)

// Offset is a place on flat ground, metres east and north of the point below the camera.
type Offset struct{ EastM, NorthM float64 }

func (o Offset) toward(q Offset, share float64) Offset {
	return Offset{o.EastM + share*(q.EastM-o.EastM), o.NorthM + share*(q.NorthM-o.NorthM)}
}

// GroundPoint is where a pixel's line of sight meets the ground.
type GroundPoint struct {
	Offset
	SigmaEastM, SigmaNorthM float64 // too small when a sigma of pitch reaches the horizon; Capped tells of the nominal ray only
	Capped                  bool    // at or above the horizon, or beyond the range: the point at the range in that direction
}

// Footprint is the ground in a frame.
type Footprint struct {
	Centre GroundPoint
	// Corners are those of the picture: top left, top right, bottom right, bottom left.
	Corners [4]GroundPoint
	// Outline is the visible ground up to the range, counter-clockwise, convex, not closed; empty when the frame is all
	// sky. Its round part deviates from the circle by under 0.01 % of the range.
	Outline []Offset
}

// Flight is a camera over flat ground.
type Flight struct {
	Pose    Pose
	HeightM Measure // above the ground below; drones write it above the take-off point
	RangeM  float64 // farthest ground that counts as seen; haze and relief make more than a few kilometres a guess
}

// GroundOf gives the footprint. Relief is not modelled: a slope of 3 degrees moves a point seen at 20 degrees below the
// horizon by 15 % of its distance.
func GroundOf(f Flight) (Footprint, error) {
	if err := f.Pose.check(); err != nil {
		return Footprint{}, err
	}
	if err := within("height", f.HeightM.Value, 0.1, 50e3); err != nil {
		return Footprint{}, err
	}
	if err := within("sigma of the height", f.HeightM.Sigma, 0, 50e3); err != nil {
		return Footprint{}, err
	}
	if err := within("range", f.RangeM, 1, 200e3); err != nil {
		return Footprint{}, err
	}
	w, h := f.Pose.Lens.WidthPx, f.Pose.Lens.HeightPx
	out := Footprint{Centre: f.point(Pixel{w / 2, h / 2}), Outline: f.outline()}
	for i, corner := range []Pixel{{0, 0}, {w, 0}, {w, h}, {0, h}} {
		out.Corners[i] = f.point(corner)
	}
	return out, nil
}

func (f Flight) point(at Pixel) GroundPoint {
	meet := func(k knobs, heightM float64) (Offset, bool) {
		return land(k.hold(f.Pose.Lens).ray(at), heightM, f.RangeM)
	}
	var out GroundPoint
	out.Offset, out.Capped = meet(f.Pose.nominal(), f.HeightM.Value)
	add := func(lo, hi Offset) {
		out.SigmaEastM = math.Hypot(out.SigmaEastM, (hi.EastM-lo.EastM)/2)
		out.SigmaNorthM = math.Hypot(out.SigmaNorthM, (hi.NorthM-lo.NorthM)/2)
	}
	for _, pair := range f.Pose.vary() {
		lo, _ := meet(pair[0], f.HeightM.Value)
		hi, _ := meet(pair[1], f.HeightM.Value)
		add(lo, hi)
	}
	if s := f.HeightM.Sigma; s > 0 {
		lo, _ := meet(f.Pose.nominal(), math.Max(0, f.HeightM.Value-s))
		hi, _ := meet(f.Pose.nominal(), f.HeightM.Value+s)
		add(lo, hi)
	}
	return out
}

// land follows a ray down to the ground: h/(-d_up) (d_E, d_N).
func land(d vec, heightM, rangeM float64) (Offset, bool) {
	flat := math.Hypot(d[0], d[1])
	if d[2] < 0 && heightM*flat <= rangeM*-d[2] {
		s := heightM / -d[2]
		return Offset{d[0] * s, d[1] * s}, false
	}
	if flat == 0 {
		return Offset{}, true // straight up
	}
	return Offset{d[0] / flat * rangeM, d[1] / flat * rangeM}, true
}

// outline cuts the disc of the range by the four planes through the lens and the edges of the frame.
func (f Flight) outline() []Offset {
	const corners = 360
	ring := make([]Offset, corners)
	for i := range ring {
		a := 360 * float64(i) / corners
		ring[i] = Offset{f.RangeM * cos(a), f.RangeM * sin(a)}
	}
	c := f.Pose.nominal().hold(f.Pose.Lens)
	for _, edge := range []struct {
		axis vec
		half float64
	}{{c.right, c.w / 2}, {c.right, -c.w / 2}, {c.up, c.h / 2}, {c.up, -c.h / 2}} {
		ring = halfplane.Cut(ring, func(o Offset) float64 {
			v := vec{o.EastM, o.NorthM, -f.HeightM.Value}
			z, x := v.dot(c.forward), v.dot(edge.axis)*c.focal
			if edge.half > 0 {
				return z*edge.half - x
			}
			return x - z*edge.half
		}, Offset.toward)
	}
	return ring
}
