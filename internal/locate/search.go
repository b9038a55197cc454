package locate

import (
	"cmp"
	"math"
	"slices"
)

// found is a local maximum of the likelihood.
type found struct {
	state    state
	deviance float64
}

// search starts from the best places of a grid that is fine near the landmarks and coarse far from them, and gives the
// maxima that it comes to, the best first.
func (m *model) search() []found {
	const starts = 12
	var out []found
	for _, s := range m.screen(starts) {
		end := m.descend(s)
		f := found{end, m.deviance(end)}
		if math.IsNaN(f.deviance) {
			continue
		}
		if k := slices.IndexFunc(out, func(o found) bool { return m.same(o.state, end) }); k < 0 {
			out = append(out, f)
		} else if f.deviance < out[k].deviance {
			out[k] = f
		}
	}
	slices.SortStableFunc(out, func(a, b found) int { return cmp.Compare(a.deviance, b.deviance) })
	return out
}

// same: nearer than a thousandth of the extent, or than a tenth of what the error is.
func (m *model) same(a, b state) bool {
	d := a.at().far(b.at())
	if d < 1e-3*m.extent {
		return true
	}
	info, _ := m.information(a, false)
	cov, ok := inverse(info)
	return ok && d*d < 0.1*(cov[0][0]+cov[1][1])
}

// screen gives the best places of the grid that have no better neighbour on it.
func (m *model) screen(most int) []state {
	const rings, rays = 30, 48
	var scored [rings][rays]found
	focals := m.focals()
	for r := range rings {
		radius := m.extent * 0.03 * math.Pow(reach/0.03, float64(r)/(rings-1))
		for a := range rays {
			best := found{deviance: math.Inf(1)}
			for _, focal := range focals {
				if f := m.start(polar(radius, 2*math.Pi*(float64(a)+float64(r%2)/2)/rays), focal); f.deviance < best.deviance {
					best = f
				}
			}
			scored[r][a] = best
		}
	}
	var peaks []found
	for r := range rings {
		for a := range rays {
			if d := scored[r][a].deviance; d <= scored[r][(a+1)%rays].deviance && d <= scored[r][(a+rays-1)%rays].deviance &&
				(r == 0 || d <= scored[r-1][a].deviance) && (r == rings-1 || d <= scored[r+1][a].deviance) {
				peaks = append(peaks, scored[r][a])
			}
		}
	}
	slices.SortStableFunc(peaks, func(a, b found) int { return cmp.Compare(a.deviance, b.deviance) })
	var out []state
	for _, p := range peaks[:min(most, len(peaks))] {
		out = append(out, p.state)
	}
	return out
}

// focals are those to start from: the known one, or some over the range of lenses.
func (m *model) focals() []float64 {
	f := m.scene.Frame
	switch {
	case f == nil:
		return []float64{0}
	case f.HFOV != nil:
		return []float64{m.priors[iFocal].value}
	}
	var out []float64
	for _, fov := range []float64{5, 12, 25, 45, 65, 90} {
		out = append(out, logFocal(f, fov))
	}
	return out
}
