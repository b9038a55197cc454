package camera

import "math"

// Sun is the sun's direction with the standard deviation of each angle, apparent elevation: pictures hold refraction.
type Sun struct{ Azimuth, Elevation Measure }

// Mark is a pixel that a person or a program took for the middle of the sun, with one standard deviation for both
// coordinates. SigmaPx must be above 0: nobody marks a glaring disc exactly.
type Mark struct {
	At      Pixel
	SigmaPx float64
}

func (m Mark) check() error {
	if err := checkPixel(m.At); err != nil {
		return err
	}
	return within("sigma of the mark", m.SigmaPx, 1e-3, maxSizePx)
}

// uniformSigmaDeg is the standard deviation of an azimuth about which nothing is known, 360/sqrt(12).
var uniformSigmaDeg = 360 / math.Sqrt(12)

// SunFromMark reads the sun's apparent direction off a marked pixel and a known pose: a measure of time. Near the
// zenith the azimuth's sigma grows to that of an unknown one (103.9 degrees).
func SunFromMark(p Pose, m Mark) (Sun, error) {
	if err := p.check(); err != nil {
		return Sun{}, err
	}
	if err := m.check(); err != nil {
		return Sun{}, err
	}
	look := func(k knobs, at Pixel) direction { return k.hold(p.Lens).ray(at).direction() }
	d := look(p.nominal(), m.At)
	var az, el float64
	add := func(lo, hi direction) {
		az = math.Hypot(az, wrap180(hi.azimuthDeg-lo.azimuthDeg)/2)
		el = math.Hypot(el, (hi.elevationDeg-lo.elevationDeg)/2)
	}
	for _, pair := range p.vary() {
		if pair[1].yaw != pair[0].yaw { // exact, and does not wrap
			az = math.Hypot(az, p.Attitude.Yaw.Sigma)
			continue
		}
		add(look(pair[0], m.At), look(pair[1], m.At))
	}
	for _, pair := range m.moves() {
		add(look(p.nominal(), pair[0]), look(p.nominal(), pair[1]))
	}
	return Sun{Measure{d.azimuthDeg, math.Min(az, uniformSigmaDeg)}, Measure{d.elevationDeg, el}}, nil
}

func (m Mark) moves() [][2]Pixel {
	x, y, s := m.At.X, m.At.Y, m.SigmaPx
	return [][2]Pixel{{{x - s, y}, {x + s, y}}, {{x, y - s}, {x, y + s}}}
}
