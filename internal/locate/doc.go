// Package locate solves a resection: from landmarks that somebody marked on a frame, or took bearings of, and found on a
// map, it says where the camera stood and where it looked, how far that may be off, and which mark does not fit.
//
// The model. A landmark's pixel is a direction through a pinhole lens with square pixels, whose yaw is unknown, whose
// field of view is known with its error or unknown, and whose pitch and roll are known with their errors; what is
// compared is the azimuth of that direction with the azimuth on the map. Heights are not used: a row of pixels serves
// only to turn its column into an azimuth under the pitch. Errors are normal: that of the mark and that of the point on
// the map, the second seen under the angle that its distance gives. An unknown field of view is between 2 and 120 degrees
// beforehand, each doubling as likely as another. The best place is the maximum of that likelihood,
// found by Levenberg-Marquardt steps from many starts with Huber's weights; the ellipse is the inverse of the Fisher
// information and holds 95 % where the problem is near linear. Share tells how near: it is the part of the likelihood, on
// a grid, that lies inside the ellipse.
//
// What cannot be solved is said: landmarks on one circle with the camera (the danger circle of surveyors), on one line
// with it, too close together. A second place that fits nearly as well is listed beside the first.
//
// Places are WGS 84; the plane is the azimuthal equidistant one about the landmarks, whose azimuths err by less than
// 0.005 degrees within MaxExtentM. Angles are degrees, azimuths from true north clockwise. Relief and buildings are not
// known here: nothing is said of what hides a landmark. The same scene gives the same answer; nothing is read or kept.
package locate

import (
	"errors"
	"fmt"
	"math"

	"whenwhere/internal/geo"
)

// Limits of a scene.
const (
	MinLandmarks = 3
	MaxLandmarks = 50      // far above what anybody marks; 50 that do not agree take under a second
	MaxExtentM   = 100_000 // farthest two landmarks; nobody sees farther, and the plane would bend
	MaxSigmaM    = 10_000
	maxFramePx   = 100_000
)

// Judged standard deviations of a frame's pitch and roll that nobody stated: pictures of a view are held to about
// 10 degrees of the horizon, and level within 2.
const (
	AssumedSigmaPitchDeg = 10.0
	AssumedSigmaRollDeg  = 2.0
)

// ErrTooFew: there are fewer landmarks than unknowns.
var ErrTooFew = errors.New("too few landmarks")

// Measure is a value with its standard deviation.
type Measure struct{ Value, Sigma float64 }

// Point is a place on the map; SigmaM is the standard deviation of each of its two coordinates.
type Point struct {
	Name     string
	Lat, Lon float64
	SigmaM   float64
}

// Pixel is a place in the frame, continuous from its top left corner, with one standard deviation for both coordinates.
type Pixel struct{ X, Y, SigmaPx float64 }

// Landmark is a point of the map with its place in the frame, or its bearing: one of both.
type Landmark struct {
	Point
	At      *Pixel
	Bearing *Measure // degrees clockwise, from true north or from an unknown direction (Scene.TrueNorth)
}

// Frame is the picture and how it was held, degrees.
type Frame struct {
	WidthPx, HeightPx float64
	HFOV              *Measure // horizontal field of view; nil when unknown, which costs a landmark
	Pitch, Roll       Measure  // 0 at the horizon, up positive; clockwise positive
}

// Scene is what was marked. Frame is nil for bearings.
type Scene struct {
	Frame     *Frame
	TrueNorth bool // bearings count from true north; else from an unknown direction, the same for all
	Landmarks []Landmark
}

// Check says what is wrong with the scene, if anything, by the names that the file of marks uses.
func (s Scene) Check() error {
	if err := s.Frame.check(); err != nil {
		return err
	}
	if n := len(s.Landmarks); n < s.needed() || n > MaxLandmarks {
		if n > MaxLandmarks {
			return fmt.Errorf("locate: landmarks: %d exceed the limit of %d", n, MaxLandmarks)
		}
		return fmt.Errorf("locate: landmarks: %d of at least %d%s: %w", n, s.needed(), s.why(), ErrTooFew)
	}
	for i, l := range s.Landmarks {
		at := fmt.Sprintf("landmarks[%d]", i)
		if err := s.landmark(at, l); err != nil {
			return err
		}
		for k, o := range s.Landmarks[:i] {
			if err := s.pair(at, k, l, o); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s Scene) needed() int {
	if s.freeLens() {
		return MinLandmarks + 1
	}
	return MinLandmarks
}

func (s Scene) why() string {
	if s.freeLens() {
		return " (one more, because the field of view is unknown)"
	}
	return ""
}

func (s Scene) freeLens() bool { return s.Frame != nil && s.Frame.HFOV == nil }

func (f *Frame) check() error {
	if f == nil {
		return nil
	}
	for _, c := range []struct {
		name      string
		v, lo, hi float64
	}{{"width_px", f.WidthPx, 1, maxFramePx}, {"height_px", f.HeightPx, 1, maxFramePx},
		{"pitch_deg", f.Pitch.Value, -60, 60}, {"sigma_pitch_deg", f.Pitch.Sigma, minSigma, 45},
		{"roll_deg", f.Roll.Value, -45, 45}, {"sigma_roll_deg", f.Roll.Sigma, minSigma, 45}} {
		if err := within("frame."+c.name, c.v, c.lo, c.hi); err != nil {
			return err
		}
	}
	if f.HFOV == nil {
		return nil
	}
	if err := within("frame.hfov_deg", f.HFOV.Value, minHFOVDeg, maxHFOVDeg); err != nil {
		return err
	}
	return within("frame.sigma_hfov_deg", f.HFOV.Sigma, minSigma, 30)
}

// minSigma is the least standard deviation: far below what anyone measures, far above what arithmetic loses.
const (
	minSigma               = 1e-4
	minHFOVDeg, maxHFOVDeg = 1.0, 150.0
)

func (s Scene) landmark(at string, l Landmark) error {
	if err := l.Point.check(at); err != nil {
		return err
	}
	if s.Frame == nil {
		if l.At != nil || l.Bearing == nil {
			return fmt.Errorf("locate: %s: want bearing_deg and no pixel: the scene has no frame", at)
		}
		if err := within(at+".bearing_deg", l.Bearing.Value, -360, 360); err != nil {
			return err
		}
		return within(at+".sigma_deg", l.Bearing.Sigma, minSigma, 90)
	}
	if l.At == nil || l.Bearing != nil {
		return fmt.Errorf("locate: %s: want x_px, y_px and sigma_px, and no bearing: the scene has a frame", at)
	}
	if err := within(at+".x_px", l.At.X, 0, s.Frame.WidthPx); err != nil {
		return err
	}
	if err := within(at+".y_px", l.At.Y, 0, s.Frame.HeightPx); err != nil {
		return err
	}
	return within(at+".sigma_px", l.At.SigmaPx, minSigma, maxFramePx)
}

func (p Point) check(at string) error {
	if err := within(at+".lat", p.Lat, -85, 85); err != nil {
		return err
	}
	if err := within(at+".lon", p.Lon, -180, 180); err != nil {
		return err
	}
	if p.Lat == 0 && p.Lon == 0 {
		return fmt.Errorf("locate: %s.lat: 0,0 is what an absent position looks like", at)
	}
	return within(at+".sigma_m", p.SigmaM, minSigma, MaxSigmaM)
}

func (s Scene) pair(at string, k int, l, o Landmark) error {
	d := geo.DistanceM(l.latLon(), o.latLon())
	switch {
	case d > MaxExtentM:
		return fmt.Errorf("locate: %s: lies %.0f km from landmarks[%d], more than %d: nobody sees both; is one mistyped?", at, d/1000, k, MaxExtentM/1000)
	case d < 0.01:
		return fmt.Errorf("locate: %s: the point of landmarks[%d] again", at, k)
	case l.At != nil && l.At.X == o.At.X && l.At.Y == o.At.Y:
		return fmt.Errorf("locate: %s: the pixel of landmarks[%d] again", at, k)
	}
	return nil
}

func (p Point) latLon() geo.LatLon { return geo.LatLon{Lat: p.Lat, Lon: p.Lon} }

func within(name string, v, lo, hi float64) error {
	if !(v >= lo && v <= hi) {
		return fmt.Errorf("locate: %s: %v is not within %v to %v", name, v, lo, hi)
	}
	return nil
}

func rad(d float64) float64 { return d * math.Pi / 180 }
func deg(r float64) float64 { return r * 180 / math.Pi }

// turn is the angle in -pi..pi.
func turn(r float64) float64 {
	if math.Abs(r) <= math.Pi {
		return r
	}
	return math.Remainder(r, 2*math.Pi)
}

func compass(r float64) float64 {
	d := math.Mod(deg(r), 360)
	if d < 0 {
		d += 360
	}
	if d >= 360 {
		d = 0
	}
	return d
}
