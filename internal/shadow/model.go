package shadow

import (
	"fmt"
	"math"
)

const (
	// penumbraSigmaDeg is a uniform error over the Sun's diameter of 0.533 degrees.
	penumbraSigmaDeg = 0.533 / 3.4641016151377544
	// upperLimbDeg is the apparent elevation of the centre when the upper limb rises.
	upperLimbDeg = -0.26667
	logTwoPi     = 1.8378770664093453
	degree       = math.Pi / 180
	// turnDegH is how fast the Earth turns against the Sun's place among the stars, in degrees per hour.
	turnDegH = 15.041
)

// term is one observation made ready for comparison.
type term struct {
	hasAzimuth, hasRatio, hasElevation bool
	azimuthDeg, azimuthVar             float64 // of the Sun
	ratio, ratioVar                    float64
	elevationDeg, elevationVar         float64
	tanSlope, tanSlopeVar              float64
	sinLean, cosLean, leanVar          float64 // variance in square radians
	frame                              int     // index of the unknown rotation, -1 when north is known
	lowestDeg                          float64
}

// model is a list of observations with their shared unknowns.
type model struct {
	terms  []term
	frames int
}

func newModel(observations []Observation) (model, error) {
	if len(observations) == 0 || len(observations) > maxObservations {
		return model{}, fmt.Errorf("shadow: %d observations: %w (1 to %d)", len(observations), errRange, maxObservations)
	}
	m := model{}
	frames := map[string]int{}
	for _, o := range observations {
		if err := o.Check(); err != nil {
			return model{}, err
		}
		t := newTerm(o)
		if o.NorthUnknown {
			if _, ok := frames[o.Frame]; !ok {
				frames[o.Frame] = len(frames)
			}
			t.frame = frames[o.Frame]
		}
		m.terms = append(m.terms, t)
	}
	m.frames = len(frames)
	return m, nil
}

func newTerm(o Observation) term {
	t := term{frame: -1, cosLean: 1, lowestDeg: upperLimbDeg}
	if o.isShadow() {
		t.lowestDeg = 0
	}
	if a := o.SunAzimuthDeg; a != nil {
		t.hasAzimuth, t.azimuthDeg, t.azimuthVar = true, a.Value, a.Sigma*a.Sigma
	}
	if a := o.ShadowAzimuthDeg; a != nil {
		t.hasAzimuth, t.azimuthDeg, t.azimuthVar = true, a.Value+180, a.Sigma*a.Sigma
	}
	if r := o.Ratio; r != nil {
		t.hasRatio, t.ratio, t.ratioVar = true, r.Value, r.Sigma*r.Sigma
	}
	if e := o.SunElevationDeg; e != nil {
		t.hasElevation, t.elevationDeg, t.elevationVar = true, e.Value, e.Sigma*e.Sigma
	}
	if s := o.SlopeDeg; s != nil {
		cos := math.Cos(s.Value * degree)
		t.tanSlope = math.Tan(s.Value * degree)
		t.tanSlopeVar = square(s.Sigma * degree / (cos * cos))
	}
	if l := o.LeanDeg; l != nil {
		t.sinLean, t.cosLean = math.Sincos(l.Value * degree)
		t.leanVar = square(l.Sigma * degree)
	}
	return t
}

func square(x float64) float64 { return x * x }

// predicted is the ratio that an apparent elevation makes, with its slope per degree of elevation and the variance of a
// mark of it. ok is false when the object throws no such shadow: the ground falls faster than the light, or the object
// leans over its own shadow.
func (t *term) predicted(elevationDeg float64) (ratio, perDeg, variance float64, ok bool) {
	tan := math.Tan(elevationDeg * degree)
	over, under := tan+t.tanSlope, t.cosLean+t.sinLean*tan
	if !(over > 0 && under > 0) || elevationDeg >= 90 {
		return 0, 0, 0, false
	}
	ratio = over / under
	perDeg = (t.cosLean - t.tanSlope*t.sinLean) / (under * under) * (1 + tan*tan) * degree
	lean := ratio * (t.cosLean*tan - t.sinLean) / under
	variance = t.ratioVar + square(perDeg*penumbraSigmaDeg) + t.tanSlopeVar/(under*under) + t.leanVar*lean*lean
	return ratio, perDeg, variance, true
}

// azimuthVarAt adds what an unknown sideways lean turns the shadow by.
func (t *term) azimuthVarAt(elevationDeg float64) float64 {
	if t.leanVar == 0 {
		return t.azimuthVar
	}
	return t.azimuthVar + t.leanVar*square(math.Tan(min(elevationDeg, 89.9)*degree)/degree)
}

// wrap180 brings a difference of angles to [-180, 180).
func wrap180(deg float64) float64 { return deg - 360*math.Floor(deg/360+0.5) }
