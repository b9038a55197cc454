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
// held, each landmark weighed by Huber when robust. Derivatives are central differences.
func (m *model) information(s state, robust bool) (matrix, []float64) {
	n := len(m.free)
	info, gradient := newMatrix(n), make([]float64, n)
	slope := make([]float64, n)
	steps := m.steps(s)
	for i := range m.points {
		off, sigma := m.sight(i, s)
		for k, at := range m.free {
			lo, hi := s, s
			lo[at] -= steps[k]
			hi[at] += steps[k]
			l, _ := m.sight(i, lo)
			h, _ := m.sight(i, hi)
			slope[k] = turn(h-l) / (2 * steps[k])
		}
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

// steps are those of the differences: a millionth of the distance that matters.
func (m *model) steps(s state) []float64 {
	nearest := m.extent
	for _, p := range m.points {
		nearest = math.Min(nearest, p.far(s.at()))
	}
	out := make([]float64, len(m.free))
	for k, at := range m.free {
		out[k] = 1e-6
		if at == iEast || at == iNorth {
			out[k] = math.Max(1e-6*nearest, 1e-7*m.extent+1e-6)
		}
	}
	return out
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
	for i := range sigmas {
		_, sigmas[i] = m.sight(i, at)
	}
	return func(s state) float64 {
		sum := m.priorCost(s)
		for i, sigma := range sigmas {
			off, _ := m.sight(i, s)
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
