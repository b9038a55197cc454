package locate

import (
	"math"
	"slices"
)

// matrix is symmetric, over the free unknowns.
type matrix [][]float64

func newMatrix(n int) matrix {
	rows := make(matrix, n)
	for i := range rows {
		rows[i] = make([]float64, n)
	}
	return rows
}

// information is the Fisher information over the free unknowns, and the gradient of half the deviance with the sigmas
// held, each landmark weighed by Huber when robust.
func (m *model) information(s state, robust bool) (matrix, []float64) {
	n := len(m.free)
	info, gradient := newMatrix(n), make([]float64, n)
	slope := make([]float64, n)
	here, near := m.view(s), m.beside(s)
	for i := range m.points {
		off, sigma, _ := here.sight(i)
		m.slopes(slope, i, s, near)
		w := 1 / (sigma * sigma)
		if z := math.Abs(off / sigma); robust && z > huberK {
			w *= huberK / z
		}
		for k := range slope {
			gradient[k] += w * slope[k] * off
			for j := range slope {
				info[k][j] += w * slope[k] * slope[j]
			}
		}
	}
	for k, at := range m.free {
		if p := m.priors[at]; p.sigma > 0 {
			info[k][k] += 1 / (p.sigma * p.sigma)
			gradient[k] += (s[at] - p.value) / (p.sigma * p.sigma)
		}
	}
	return info, gradient
}

// beside is a little less and a little more of the lens, the pitch and the roll, as far as they are free.
func (m *model) beside(s state) *[unknowns][2]view {
	const step = 1e-6 // radians, or of the focal length
	var near [unknowns][2]view
	for _, at := range m.free {
		if at > iYaw {
			lo, hi := s, s
			lo[at] -= step
			hi[at] += step
			near[at] = [2]view{m.view(lo), m.view(hi)}
		}
	}
	return &near
}

// slopes are the derivatives of a landmark's sight by the free unknowns: central differences but for the place and the
// yaw. True bearings turn with the meridians too.
func (m *model) slopes(out []float64, i int, s state, near *[unknowns][2]view) {
	line := m.points[i].minus(s.at())
	far2 := math.Max(line.e*line.e+line.n*line.n, 1e-12)
	var turned vec // of the meridians, per metre
	if m.trueNorth {
		here := m.plane.convergence(s.at())
		turned = vec{m.plane.convergence(vec{s[iEast] + 1, s[iNorth]}) - here, m.plane.convergence(vec{s[iEast], s[iNorth] + 1}) - here}
	}
	for k, at := range m.free {
		switch at {
		case iEast:
			out[k] = line.n/far2 - turned.e
		case iNorth:
			out[k] = -line.e/far2 - turned.n
		case iYaw:
			out[k] = 1
		default:
			lo, _, _ := near[at][0].sight(i)
			hi, _, _ := near[at][1].sight(i)
			out[k] = turn(hi-lo) / (near[at][1].state[at] - near[at][0].state[at])
		}
	}
}

// descend walks from a start to the maximum of the likelihood nearby (Levenberg and Marquardt; the sigmas are taken
// anew at each step and held within it, so that no place wins by making its sigmas large).
func (m *model) descend(s state) state { return m.walk(s, 60) }

func (m *model) walk(s state, most int) state {
	const fine = 1e-7 // of a sigma, squared: no more is to be had
	damp := 1e-3
	for range most {
		info, gradient := m.information(s, true)
		held := m.held(s)
		before := held(s)
		moved := false
		for range 12 {
			step, ok := solve(damped(info, damp), gradient)
			if !ok {
				damp *= 10
				continue
			}
			next, size := s, 0.0
			for k, at := range m.free {
				next[at] -= step[k]
				size += step[k] * step[k] * info[k][k]
			}
			if !m.inside(next) || !(held(next) <= before) {
				damp *= 4
				continue
			}
			s, damp, moved = next, math.Max(damp/8, 1e-12), true
			if size < fine {
				return m.tidy(s)
			}
			break
		}
		if !moved {
			break
		}
	}
	return m.tidy(s)
}

// held is the loss with the sigmas of one state.
func (m *model) held(at state) func(state) float64 {
	sigmas := make([]float64, len(m.points))
	v := m.view(at)
	for i := range sigmas {
		_, sigmas[i], _ = v.sight(i)
	}
	return func(s state) float64 {
		sum := m.priorCost(s)
		v := m.view(s)
		for i, sigma := range sigmas {
			off, _, _ := v.sight(i)
			sum += huber(off / sigma)
		}
		return sum
	}
}

// reach is how far from the landmarks a camera is looked for, in units of their extent.
const reach = 30.0

// inside keeps the walk where the model holds.
func (m *model) inside(s state) bool {
	if !s.at().finite() || s.at().length() > 2*reach*m.extent {
		return false
	}
	if f := m.scene.Frame; f != nil {
		fov := deg(hfovOf(f, s[iFocal]))
		return fov > minHFOVDeg/2 && fov < 170 && math.Abs(s[iPitch]) < 1.4 && math.Abs(s[iRoll]) < 1.4
	}
	return true
}

func (m *model) tidy(s state) state {
	s[iYaw] = turn(s[iYaw])
	return s
}

func damped(info matrix, by float64) matrix {
	out := newMatrix(len(info))
	for i := range info {
		copy(out[i], info[i])
		out[i][i] *= 1 + by
	}
	return out
}

// solve solves a x = b for a positive definite matrix by Cholesky; false when it is not.
func solve(a matrix, b []float64) ([]float64, bool) {
	l, ok := cholesky(a)
	if !ok {
		return nil, false
	}
	n := len(b)
	x := slices.Clone(b)
	for i := range n {
		for k := range i {
			x[i] -= l[i][k] * x[k]
		}
		x[i] /= l[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= l[k][i] * x[k]
		}
		x[i] /= l[i][i]
	}
	return x, true
}

// cholesky scales the diagonal to 1 first: metres and radians differ by orders of magnitude.
func cholesky(a matrix) (matrix, bool) {
	n := len(a)
	l := newMatrix(n)
	for i := range n {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= l[i][k] * l[j][k]
			}
			if i != j {
				l[i][j] = sum / l[j][j]
				continue
			}
			if !(sum > 1e-13*a[i][i]) {
				return nil, false
			}
			l[i][i] = math.Sqrt(sum)
		}
	}
	return l, true
}

// inverse of a positive definite matrix.
func inverse(a matrix) (matrix, bool) {
	out := newMatrix(len(a))
	for k := range a {
		unit := make([]float64, len(a))
		unit[k] = 1
		column, ok := solve(a, unit)
		if !ok {
			return nil, false
		}
		for i := range column {
			out[i][k] = column[i]
		}
	}
	return out, true
}
