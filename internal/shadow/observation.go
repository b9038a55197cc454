package shadow

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Measure is a value with its standard deviation, which must be positive and finite.
type Measure struct{ Value, Sigma float64 }

// Observation is what one picture shows of the Sun. At least one of the direction, the ratio and the elevation must be
// given; nil is "not measured". ShadowAzimuthDeg and SunAzimuthDeg exclude each other.
type Observation struct {
	// ID names the mark in errors; it may be empty.
	ID string
	// ShadowAzimuthDeg is the direction on the ground from the base of the object to the tip of its shadow.
	ShadowAzimuthDeg *Measure
	// SunAzimuthDeg is the direction to the Sun, from a camera's geometry.
	SunAzimuthDeg *Measure
	// SunElevationDeg is the apparent elevation of the Sun's centre, from a camera's geometry.
	SunElevationDeg *Measure
	// Ratio is the height of the object (its length, if it leans) over the horizontal length of its shadow.
	Ratio *Measure
	// SlopeDeg is how the ground rises in the direction of the shadow; nil is level beyond doubt.
	SlopeDeg *Measure
	// LeanDeg is how the object leans toward its shadow; nil is upright beyond doubt.
	LeanDeg *Measure
	// NorthUnknown says that the azimuth counts from an unknown direction, the same in all observations of one Frame.
	NorthUnknown bool
	Frame        string
	// After is when this was seen, counted from the instant that When looks for: two frames of one clip.
	After time.Duration
}

// Limits of what is taken for a mark, judged: beyond them the model of a straight pole on a plane is no model.
const (
	maxTiltDeg      = 40
	maxRatio        = 1000 // the Sun 0.06 degrees from the zenith
	maxAfter        = 10 * 366 * 24 * time.Hour
	maxObservations = 64
)

var (
	errSigma      = errors.New("the standard deviation must be positive and finite")
	errRange      = errors.New("the value is out of range")
	errEmpty      = errors.New("no direction, ratio or elevation is given")
	errBoth       = errors.New("the direction of the shadow and of the sun are both given")
	errNorth      = errors.New("an unknown north needs a direction")
	errNoTilt     = errors.New("slope and lean need a ratio or a shadow's direction")
	errImpossible = errors.New("no place sees such a sun")
)

// Check reports the first fault of the observation.
func (o Observation) Check() error {
	for _, f := range []struct {
		name   string
		m      *Measure
		lo, hi float64
	}{
		{"shadow azimuth", o.ShadowAzimuthDeg, -360, 360},
		{"sun azimuth", o.SunAzimuthDeg, -360, 360},
		{"sun elevation", o.SunElevationDeg, -1, 90},
		{"ratio", o.Ratio, math.SmallestNonzeroFloat64, maxRatio},
		{"slope", o.SlopeDeg, -maxTiltDeg, maxTiltDeg},
		{"lean", o.LeanDeg, -maxTiltDeg, maxTiltDeg},
	} {
		if err := f.m.check(f.lo, f.hi); err != nil {
			return fmt.Errorf("shadow: %s%s: %w", o.label(), f.name, err)
		}
	}
	if err := o.consistent(); err != nil {
		return fmt.Errorf("shadow: %s%w", o.label(), err)
	}
	return nil
}

func (o Observation) label() string {
	if o.ID == "" {
		return ""
	}
	return o.ID + ": "
}

func (o Observation) consistent() error {
	direction := o.ShadowAzimuthDeg != nil || o.SunAzimuthDeg != nil
	switch {
	case o.ShadowAzimuthDeg != nil && o.SunAzimuthDeg != nil:
		return errBoth
	case !direction && o.Ratio == nil && o.SunElevationDeg == nil:
		return errEmpty
	case o.NorthUnknown && !direction:
		return errNorth
	case (o.SlopeDeg != nil || o.LeanDeg != nil) && !o.isShadow():
		return errNoTilt
	case o.After < -maxAfter || o.After > maxAfter:
		return fmt.Errorf("after %v: %w", o.After, errRange)
	}
	return nil
}

func (o Observation) isShadow() bool { return o.ShadowAzimuthDeg != nil || o.Ratio != nil }

// The largest credible standard deviation only keeps its square from overflowing.
const maxSigma = 1e6

func (m *Measure) check(lo, hi float64) error {
	switch {
	case m == nil:
		return nil
	case !(m.Sigma >= 1e-6 && m.Sigma <= maxSigma):
		return fmt.Errorf("sigma %g: %w (1e-6 to 1e6)", m.Sigma, errSigma)
	case !(m.Value >= lo && m.Value <= hi):
		return fmt.Errorf("%g: %w (%g to %g)", m.Value, errRange, lo, hi)
	}
	return nil
}
