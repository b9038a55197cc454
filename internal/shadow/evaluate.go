package shadow

import (
	"math"

	"whenwhere/internal/solar"
)

// drift is how a nuisance (a minute of time, a kilometre of place) moves the Sun as seen in one observation, per
// standard deviation of the nuisance.
type drift struct {
	unknown                  int // index among the Gaussian unknowns
	azimuthDeg, elevationDeg float64
}

// evaluator computes likelihoods of a model. Its unknowns are first the Gaussian ones, of unit variance by scaling, then
// one rotation per frame with a flat prior over the circle. It reuses its memory, so it serves one goroutine.
type evaluator struct {
	m        *model
	gaussian int
	matrix   []float64 // information of the unknowns, row-major
	vector   []float64
	row      []float64
	anchor   []float64 // the first residual of each frame, from which the others are counted
	anchored []bool
	chi, log float64
}

func newEvaluator(m *model, gaussian int) *evaluator {
	n := gaussian + m.frames
	return &evaluator{
		m: m, gaussian: gaussian,
		matrix: make([]float64, n*n), vector: make([]float64, n), row: make([]float64, n),
		anchor: make([]float64, m.frames), anchored: make([]bool, m.frames),
	}
}

// logLikelihood takes the Sun at each observation and, if there are Gaussian unknowns, what they move there.
func (v *evaluator) logLikelihood(sun []solar.Position, drifts func(i int) []drift) float64 {
	clear(v.matrix)
	clear(v.vector)
	clear(v.anchored)
	v.chi, v.log = 0, 0
	for i := range v.m.terms {
		var d []drift
		if drifts != nil {
			d = drifts(i)
		}
		if !v.add(&v.m.terms[i], sun[i], d) {
			return math.Inf(-1)
		}
	}
	if len(v.vector) > 0 {
		v.marginalise()
	}
	return -0.5 * (v.chi + v.log)
}

// add enters the marks of one observation; false when they are impossible.
func (v *evaluator) add(t *term, sun solar.Position, drifts []drift) bool {
	e := sun.ApparentElevationDeg
	if !(e > t.lowestDeg) {
		return false
	}
	if t.hasRatio {
		ratio, perDeg, variance, ok := t.predicted(e)
		if !ok {
			return false
		}
		v.residual(t.ratio-ratio, variance, drifts, 0, perDeg, -1)
	}
	if t.hasElevation {
		v.residual(t.elevationDeg-e, t.elevationVar, drifts, 0, 1, -1)
	}
	if t.hasAzimuth {
		v.residual(v.anchoredAzimuth(t, sun.AzimuthDeg), t.azimuthVarAt(e), drifts, 1, 0, t.frame)
	}
	return true
}

// anchoredAzimuth is the residual of an azimuth, in a frame of unknown north counted from the frame's first residual:
// the flat prior does not see the difference, and wrapping stays right.
func (v *evaluator) anchoredAzimuth(t *term, azimuthDeg float64) float64 {
	residual := wrap180(t.azimuthDeg - azimuthDeg)
	if t.frame < 0 {
		return residual
	}
	if !v.anchored[t.frame] {
		v.anchored[t.frame], v.anchor[t.frame] = true, residual
	}
	return wrap180(residual - v.anchor[t.frame])
}

// residual enters one mark: its error, variance and how the unknowns move it.
func (v *evaluator) residual(d, variance float64, drifts []drift, perAzimuth, perElevation float64, frame int) {
	v.chi += d * d / variance
	v.log += logTwoPi + math.Log(variance)
	n := len(v.vector)
	if n == 0 || len(drifts) == 0 && frame < 0 {
		return
	}
	clear(v.row)
	for _, x := range drifts {
		v.row[x.unknown] += perAzimuth*x.azimuthDeg + perElevation*x.elevationDeg
	}
	if frame >= 0 {
		v.row[v.gaussian+frame] = 1
	}
	for a, ja := range v.row {
		if ja == 0 {
			continue
		}
		v.vector[a] += ja * d / variance
		for b, jb := range v.row[:a+1] {
			v.matrix[a*n+b] += ja * jb / variance
		}
	}
}

// marginalise integrates over the unknowns: with information matrix M and vector b, chi loses b M^-1 b and the
// logarithm gains log det M (a Cholesky decomposition in place). A Gaussian unknown brings its prior, the unit matrix; a
// rotation brings the density 1/360 and the 2 pi of an integral that no prior cancels.
func (v *evaluator) marginalise() {
	n := len(v.vector)
	for a := range n {
		if a < v.gaussian {
			v.matrix[a*n+a]++
		} else {
			v.log += 2*math.Log(360) - logTwoPi
		}
		for b := range a + 1 {
			sum := v.matrix[a*n+b]
			for c := range b {
				sum -= v.matrix[a*n+c] * v.matrix[b*n+c]
			}
			if b < a {
				v.matrix[a*n+b] = sum / v.matrix[b*n+b]
			} else {
				v.matrix[a*n+a] = math.Sqrt(max(sum, 1e-300))
			}
		}
		x := v.vector[a]
		for c := range a {
			x -= v.matrix[a*n+c] * v.vector[c]
		}
		x /= v.matrix[a*n+a]
		v.vector[a] = x
		v.chi -= x * x
		v.log += 2 * math.Log(v.matrix[a*n+a])
	}
}

// reach is how far the Sun may stand from a computed position.
type reach struct{ azimuthDeg, elevationDeg float64 }

// bound returns a number that logLikelihood does not exceed while each Sun stays within its reach. Unknowns of scale
// give every mark more variance and tie marks together, so with them the worst single mark bounds the sum.
func (m *model) bound(sun []solar.Position, within func(i int) reach, inflate func(i int) reach) float64 {
	chiSum, chiMax, log := 0.0, 0.0, 0.0
	if inflate != nil || m.frames > 0 {
		log = float64(m.frames) * (2*math.Log(360) - logTwoPi + m.leastRotationLog())
	}
	for i := range m.terms {
		t := &m.terms[i]
		r := within(i)
		lo, hi := max(sun[i].ApparentElevationDeg-r.elevationDeg, t.lowestDeg), min(sun[i].ApparentElevationDeg+r.elevationDeg, 89.99)
		if !(hi >= lo) {
			return math.Inf(-1)
		}
		var extra reach
		if inflate != nil {
			extra = inflate(i)
		}
		for _, c := range t.least(sun[i].AzimuthDeg, lo, hi, r.azimuthDeg, extra) {
			chiSum += c.chi
			chiMax = max(chiMax, c.chi)
			log += c.log
		}
	}
	if inflate != nil {
		return -0.5 * (chiMax + log)
	}
	return -0.5 * (chiSum + log)
}

// leastRotationLog bounds the log determinant that a rotation adds: at least the information of one mark, the least
// precise one.
func (m *model) leastRotationLog() float64 {
	if m.frames == 0 {
		return 0
	}
	largest := 0.0
	for i := range m.terms {
		if t := &m.terms[i]; t.hasAzimuth && t.frame >= 0 {
			largest = max(largest, t.azimuthVarAt(89.9))
		}
	}
	return -math.Log(largest)
}

type leastMark struct{ chi, log float64 }

// least returns for each mark the least chi and logarithm over elevations lo to hi and azimuths within reachDeg.
func (t *term) least(azimuthDeg, lo, hi, reachDeg float64, extra reach) (out [3]leastMark) {
	if t.hasRatio {
		ratioLo, slopeLo, varLo, okLo := t.predicted(lo)
		ratioHi, slopeHi, varHi, okHi := t.predicted(hi)
		if okLo && okHi {
			spread := max(slopeLo, slopeHi) * extra.elevationDeg
			out[0] = leastOf(gap(t.ratio, ratioLo, ratioHi), t.ratioVar, max(varLo, varHi)+spread*spread)
		} else {
			out[0].log = logTwoPi + math.Log(t.ratioVar)
		}
	}
	if t.hasElevation {
		out[1] = leastOf(gap(t.elevationDeg, lo, hi), t.elevationVar, t.elevationVar+square(extra.elevationDeg))
	}
	if t.hasAzimuth {
		varLo, varHi := t.azimuthVarAt(lo), t.azimuthVarAt(hi)
		off := max(0, math.Abs(wrap180(t.azimuthDeg-azimuthDeg))-reachDeg)
		if t.frame >= 0 {
			off = 0
		}
		out[2] = leastOf(off, t.azimuthVar, max(varLo, varHi)+square(extra.azimuthDeg))
	}
	return out
}

func leastOf(off, least, largest float64) leastMark {
	return leastMark{chi: off * off / largest, log: logTwoPi + math.Log(least)}
}

// gap is the distance of x from the interval.
func gap(x, lo, hi float64) float64 { return max(0, lo-x, x-hi) }
