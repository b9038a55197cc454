package camera

import (
	"fmt"
	"math"
)

// Sun is the sun's direction with the standard deviation of each angle, apparent elevation: pictures hold refraction.
type Sun struct{ Azimuth, Elevation Measure }

func (s Sun) check() error {
	if err := (Direction{s.Azimuth.Value, s.Elevation.Value}).check(); err != nil {
		return err
	}
	if err := within("sigma of the azimuth", s.Azimuth.Sigma, 0, 180); err != nil {
		return err
	}
	return within("sigma of the elevation", s.Elevation.Sigma, 0, 90)
}

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

// Sighting is where the sun falls in a frame.
type Sighting struct {
	At             Pixel
	SigmaX, SigmaY float64 // pixels
	Ahead          bool    // false: behind the lens, then At and the sigmas are 0
	InFrame        bool    // by the nominal numbers
	// Chance is the probability that the middle of the disc is inside the frame, over the pose's yaw and pitch: near 1
	// a sky without a sun contradicts, near 0 a sun in the picture does.
	Chance float64
}

// SunInFrame predicts the sun's pixel.
func SunInFrame(p Pose, s Sun) (Sighting, error) {
	if err := p.check(); err != nil {
		return Sighting{}, err
	}
	if err := s.check(); err != nil {
		return Sighting{}, err
	}
	at := func(k knobs, d Direction) (Pixel, bool) { return k.hold(p.Lens).pixel(d.vec()) }
	d := Direction{s.Azimuth.Value, s.Elevation.Value}
	out := Sighting{Chance: chance(p, s)}
	out.At, out.Ahead = at(p.nominal(), d)
	if !out.Ahead {
		return out, nil
	}
	out.InFrame = p.nominal().hold(p.Lens).holds(out.At)
	add := func(lo, hi Pixel, okLo, okHi bool) {
		if okLo && okHi {
			out.SigmaX = math.Hypot(out.SigmaX, (hi.X-lo.X)/2)
			out.SigmaY = math.Hypot(out.SigmaY, (hi.Y-lo.Y)/2)
		}
	}
	for _, pair := range p.vary() {
		lo, okLo := at(pair[0], d)
		hi, okHi := at(pair[1], d)
		add(lo, hi, okLo, okHi)
	}
	for _, move := range s.moves() {
		lo, okLo := at(p.nominal(), move[0])
		hi, okHi := at(p.nominal(), move[1])
		add(lo, hi, okLo, okHi)
	}
	return out, nil
}

func (s Sun) moves() [][2]Direction {
	a, e := s.Azimuth, s.Elevation
	return [][2]Direction{
		{{a.Value - a.Sigma, e.Value}, {a.Value + a.Sigma, e.Value}},
		{{a.Value, e.Value - e.Sigma}, {a.Value, e.Value + e.Sigma}},
	}
}

// chance steps through equally likely yaws and pitches; the sun's own sigmas are joined to them, which is exact for
// azimuth and good for elevation while the camera is not near the nadir.
func chance(p Pose, s Sun) float64 {
	const yaws, pitches = 101, 31
	a := p.Attitude
	sy, sp := math.Hypot(a.Yaw.Sigma, s.Azimuth.Sigma), math.Hypot(a.Pitch.Sigma, s.Elevation.Sigma)
	v := Direction{s.Azimuth.Value, s.Elevation.Value}.vec()
	hits := 0
	for i := range yaws {
		for j := range pitches {
			k := p.nominal()
			k.yaw += sy * quantile(i, yaws)
			k.pitch += sp * quantile(j, pitches)
			c := k.hold(p.Lens)
			if at, ok := c.pixel(v); ok && c.holds(at) {
				hits++
			}
		}
	}
	return float64(hits) / (yaws * pitches)
}

// quantile is the middle of the i-th of n equally likely pieces of a standard normal.
func quantile(i, n int) float64 {
	return math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/float64(n)-1)
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
	look := func(k knobs, at Pixel) Direction { return k.hold(p.Lens).ray(at).direction() }
	d := look(p.nominal(), m.At)
	var az, el float64
	add := func(lo, hi Direction) {
		az = math.Hypot(az, wrap180(hi.AzimuthDeg-lo.AzimuthDeg)/2)
		el = math.Hypot(el, (hi.ElevationDeg-lo.ElevationDeg)/2)
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
	return Sun{Measure{d.AzimuthDeg, math.Min(az, uniformSigmaDeg)}, Measure{d.ElevationDeg, el}}, nil
}

func (m Mark) moves() [][2]Pixel {
	x, y, s := m.At.X, m.At.Y, m.SigmaPx
	return [][2]Pixel{{{x - s, y}, {x + s, y}}, {{x, y - s}, {x, y + s}}}
}

// Orientation is how a camera must have been held.
type Orientation struct{ Yaw, Pitch Measure }

// PoseFromSun gives the yaw and pitch that put the sun on the marked pixel, without a compass; the roll must be known
// (0 for a level horizon) with its sigma. Most marks have one answer. A mark above the middle under a high sun can have
// a second, a camera that looks up past the zenith's side; the flatter pitch comes first. A measured pitch (a drone's
// gimbal) tells them apart and is a check on the first.
func PoseFromSun(l Lens, m Mark, roll Measure, s Sun) ([]Orientation, error) {
	p := Pose{Lens: l, Attitude: Attitude{Roll: roll}}
	if err := p.check(); err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	d := Direction{s.Azimuth.Value, s.Elevation.Value}
	var out []Orientation
	for branch := range 2 {
		if yaw, pitch, ok := solve(p.nominal().hold(l), m.At, d, branch); ok {
			out = append(out, spread(p, m, s, branch, yaw, pitch))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("camera: pixel %.0f,%.0f: elevation %.1f: %w", m.At.X, m.At.Y, d.ElevationDeg, ErrNoPose)
	}
	if len(out) == 2 && math.Abs(out[1].Pitch.Value) < math.Abs(out[0].Pitch.Value) {
		out[0], out[1] = out[1], out[0]
	}
	return out, nil
}

// solve works in a level frame of yaw 0: the ray is (a right, c forward, b up) for pitch 0, and its height is
// b cos p + c sin p = m cos(p - q) = sin E, with m and q the length and slope of (c, b). Two branches, +-acos.
func solve(level held, at Pixel, d Direction, branch int) (yaw, pitch float64, ok bool) {
	ray := level.ray(at)
	n := math.Sqrt(ray.dot(ray))
	a, c, b := ray[0]/n, ray[1]/n, ray[2]/n
	m := math.Hypot(b, c)
	r := sin(d.ElevationDeg) / m
	if !(math.Abs(r) <= 1) {
		return 0, 0, false
	}
	turn := math.Acos(r)
	if branch == 0 {
		turn = -turn
	}
	pitch = wrap180(deg(math.Atan2(c, b) + turn))
	if pitch < -90 || pitch > 90 {
		return 0, 0, false
	}
	g := c*cos(pitch) - b*sin(pitch)
	return wrap360(d.AzimuthDeg - deg(math.Atan2(a, g))), pitch, true
}

func spread(p Pose, m Mark, s Sun, branch int, yaw, pitch float64) Orientation {
	out := Orientation{Measure{Value: yaw}, Measure{Value: pitch}}
	d := Direction{s.Azimuth.Value, s.Elevation.Value}
	// A neighbour without a solution stands in for itself: then one side alone carries the slope.
	add := func(lo, hi func() (float64, float64, bool)) {
		yLo, pLo, okLo := lo()
		yHi, pHi, okHi := hi()
		half := 0.5
		if !okLo {
			yLo, pLo, half = yaw, pitch, 1
		}
		if !okHi {
			yHi, pHi, half = yaw, pitch, 1
		}
		out.Yaw.Sigma = math.Min(uniformSigmaDeg, math.Hypot(out.Yaw.Sigma, wrap180(yHi-yLo)*half))
		out.Pitch.Sigma = math.Hypot(out.Pitch.Sigma, (pHi-pLo)*half)
	}
	at := func(k knobs, px Pixel, d Direction) func() (float64, float64, bool) {
		return func() (float64, float64, bool) { return solve(k.hold(p.Lens), px, d, branch) }
	}
	for _, pair := range p.vary() {
		add(at(pair[0], m.At, d), at(pair[1], m.At, d))
	}
	for _, pair := range m.moves() {
		add(at(p.nominal(), pair[0], d), at(p.nominal(), pair[1], d))
	}
	for _, pair := range s.moves() {
		add(at(p.nominal(), m.At, pair[0]), at(p.nominal(), m.At, pair[1]))
	}
	return out
}
