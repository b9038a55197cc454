package shadow

import (
	"fmt"

	"github.com/paulmach/orb"

	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
)

// The parts of When and Where by themselves, for tests.

// NewBand returns the places inside a box that see the Sun at an apparent elevation from loDeg to hiDeg: a ring-shaped
// region around the subsolar point, cut at the antimeridian and at the sides of the box. Use [World] for all.
func NewBand(sky solar.Ephemeris, loDeg, hiDeg float64, box orb.Bound) (orb.MultiPolygon, error) {
	if !(loDeg < hiDeg) {
		return nil, fmt.Errorf("shadow: band: elevations %g to %g: %w", loDeg, hiDeg, errRange)
	}
	if err := checkBox(box); err != nil {
		return nil, err
	}
	f, err := newFrame(sky)
	if err != nil {
		return nil, err
	}
	outer, err := f.radius(loDeg)
	if err != nil {
		return nil, err
	}
	inner, err := f.radius(hiDeg)
	if err != nil {
		return nil, err
	}
	constant := func(r float64) func(float64) float64 { return func(float64) float64 { return r } }
	return f.annulus(constant(outer), constant(inner), box), nil
}

// RingLines is frame.lines of an instant.
func RingLines(sky solar.Ephemeris, apparentDeg float64, box orb.Bound) (orb.MultiLineString, error) {
	if err := checkBox(box); err != nil {
		return nil, err
	}
	f, err := newFrame(sky)
	if err != nil {
		return nil, err
	}
	return f.lines(apparentDeg, box)
}

// LogLikelihood returns the natural logarithm of the probability density of one observation when the Sun stands at
// sun: a sum over its marks, each in its own unit (degrees, ratio). It is -Inf when the Sun is down or such a shadow is
// impossible. An azimuth with unknown north adds the constant of a flat circle.
func LogLikelihood(o Observation, sun solar.Position) (float64, error) {
	m, err := newModel([]Observation{o})
	if err != nil {
		return 0, err
	}
	return newEvaluator(&m, 0).logLikelihood([]solar.Position{sun}, nil), nil
}

// Credible returns the smallest set of instants that holds at least the level (0 to 1) of the probability: the pieces of
// highest density, with all pieces that tie with the last one.
func (d Density) Credible(level float64) timeset.Set { return d.ranked().credible(level) }
