package camera

import "math"

// Attitude is how a camera is held, degrees.
type Attitude struct{ Yaw, Pitch, Roll Measure }

func (a Attitude) check() error {
	for _, angle := range []struct {
		name   string
		m      Measure
		lo, hi float64
	}{{"yaw", a.Yaw, -360, 360}, {"pitch", a.Pitch, -90, 90}, {"roll", a.Roll, -360, 360}} {
		if err := within(angle.name, angle.m.Value, angle.lo, angle.hi); err != nil {
			return err
		}
		if err := within("sigma of the "+angle.name, angle.m.Sigma, 0, 180); err != nil {
			return err
		}
	}
	return nil
}

// vec is a direction in east, north, up.
type vec [3]float64

func (v vec) dot(w vec) float64 { return v[0]*w[0] + v[1]*w[1] + v[2]*w[2] }

// direction is a line of sight: azimuth 0 <= a < 360, elevation -90..90.
type direction struct{ azimuthDeg, elevationDeg float64 }

func (v vec) direction() direction {
	return direction{wrap360(deg(math.Atan2(v[0], v[1]))), deg(math.Atan2(v[2], math.Hypot(v[0], v[1])))}
}

// held is a camera with exact numbers: forward, right and up of its body, and its lens.
type held struct {
	forward, right, up vec
	w, h, focal        float64
}

// knobs are the numbers that a pose depends on.
type knobs struct{ yaw, pitch, roll, focal float64 }

func (k knobs) hold(l Lens) held {
	sy, cy, sp, cp := sin(k.yaw), cos(k.yaw), sin(k.pitch), cos(k.pitch)
	f, r, u := vec{sy * cp, cy * cp, sp}, vec{cy, -sy, 0}, vec{-sy * sp, -cy * sp, cp}
	sr, cr := sin(k.roll), cos(k.roll)
	var right, up vec
	for i := range f {
		right[i], up[i] = cr*r[i]-sr*u[i], sr*r[i]+cr*u[i]
	}
	return held{f, right, up, l.WidthPx, l.HeightPx, k.focal}
}

// ray is the line of sight through a pixel, not normalised.
func (c held) ray(p Pixel) vec {
	a, b := (p.X-c.w/2)/c.focal, (c.h/2-p.Y)/c.focal
	var v vec
	for i := range v {
		v[i] = c.forward[i] + a*c.right[i] + b*c.up[i]
	}
	return v
}

// Pose is a lens and how it is held.
type Pose struct {
	Lens     Lens
	Attitude Attitude
}

func (p Pose) check() error {
	if err := p.Lens.check(); err != nil {
		return err
	}
	return p.Attitude.check()
}

func (p Pose) nominal() knobs {
	a := p.Attitude
	return knobs{a.Yaw.Value, a.Pitch.Value, a.Roll.Value, p.Lens.FocalPx.Nominal}
}

func checkPixel(p Pixel) error {
	if err := finite("pixel x", p.X); err != nil {
		return err
	}
	if err := finite("pixel y", p.Y); err != nil {
		return err
	}
	if math.Abs(p.X) > 4*maxSizePx || math.Abs(p.Y) > 4*maxSizePx {
		return within("pixel", math.Max(math.Abs(p.X), math.Abs(p.Y)), 0, 4*maxSizePx)
	}
	return nil
}

// vary returns the pose's numbers moved by one sigma down and up, one at a time; numbers without a sigma are left out.
func (p Pose) vary() [][2]knobs {
	var out [][2]knobs
	add := func(sigma float64, move func(*knobs, float64)) {
		if sigma > 0 {
			lo, hi := p.nominal(), p.nominal()
			move(&lo, -sigma)
			move(&hi, sigma)
			out = append(out, [2]knobs{lo, hi})
		}
	}
	a := p.Attitude
	add(a.Yaw.Sigma, func(k *knobs, d float64) { k.yaw += d })
	add(a.Pitch.Sigma, func(k *knobs, d float64) { k.pitch += d })
	add(a.Roll.Sigma, func(k *knobs, d float64) { k.roll += d })
	f := p.Lens.FocalPx
	// The step goes by the root mean square error of the nominal length, which may lie at an end of its interval, and by
	// ratio, so that no long zoom makes it negative.
	off := math.Hypot(f.Sigma(), (f.Lo+f.Hi)/2-f.Nominal)
	add(off, func(k *knobs, d float64) { k.focal *= math.Exp(d / f.Nominal) })
	return out
}
