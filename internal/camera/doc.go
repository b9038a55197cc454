// Package camera is the geometry of a picture: how wide a lens sees, where the sun stood that is marked on a pixel, what
// ground a frame shows, and how far a phone's compass is believed.
//
// Angles are degrees. Azimuth and yaw run from true north clockwise; pitch is 0 at the horizon and -90 at the nadir, as
// drones write it; positive roll turns the camera clockwise as its holder sees it, so that the right edge of the frame
// sinks. Pixels are continuous from the top left corner of the upright picture: the middle of the first pixel is
// (0.5, 0.5). The lens is a pinhole with square pixels; distortion of wide lenses, video stabilisation and rolling
// shutters are not modelled, so give marks near the corners of a wide lens a generous sigma.
//
// Every input that is not finite or out of its range is an error. A sigma is one standard deviation; those of results are
// linear (central differences), good while they stay under about 20 degrees. The package reads no file and holds no
// model of the Earth's magnetic field: a yaw is from true north, and turning a magnetic bearing is its caller's.
package camera

import (
	"errors"
	"fmt"
	"math"
)

// ErrCopy: the picture has not the size that the camera wrote, so it may be a crop and its field of view is unknown.
var ErrCopy = errors.New("a resized or cropped copy has no known field of view")

// Measure is a value with its standard deviation, both in the unit that the field's name or the docstring says.
type Measure struct{ Value, Sigma float64 }

// Range is an interval with the value taken when one is needed; Lo <= Nominal <= Hi.
type Range struct{ Lo, Nominal, Hi float64 }

// Sigma is the standard deviation of a uniform distribution over the interval.
func (r Range) Sigma() float64 { return (r.Hi - r.Lo) / math.Sqrt(12) }

// Pixel is a place in the frame; X to the right, Y down.
type Pixel struct{ X, Y float64 }

func finite(name string, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("camera: %s: not a finite number", name)
	}
	return nil
}

func within(name string, v, lo, hi float64) error {
	if !(v >= lo && v <= hi) {
		return fmt.Errorf("camera: %s: %v is not within %v..%v", name, v, lo, hi)
	}
	return nil
}

func sin(deg float64) float64 { return math.Sin(deg * math.Pi / 180) }
func cos(deg float64) float64 { return math.Cos(deg * math.Pi / 180) }
func deg(rad float64) float64 { return rad * 180 / math.Pi }

func wrap360(a float64) float64 {
	a = math.Mod(a, 360)
	if a < 0 {
		a += 360
	}
	if a >= 360 { // -1e-17 + 360
		a = 0
	}
	return a
}

// wrap180 is the turn a in -180 <= a < 180.
func wrap180(a float64) float64 { return wrap360(a+180) - 180 }
