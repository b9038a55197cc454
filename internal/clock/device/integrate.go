package device

import (
	"math"
	"slices"
	"sort"
)

// The nodes of the grid over the error around a residual, in seconds: dense
// where a fresh fix is, sparse towards old ones, which are only ever older
// than the shot.
var aroundFix = []float64{-300, -150, -80, -40, -20, -10, -7.5, -5, -3.75, -2.5, -1.9, -1.25, -0.6, 0, 0.6, 1.25, 1.9, 2.5, 3.75, 5, 7.5, 10, 40}

// The nodes that follow the prior of the error.
var aroundZero = []float64{0, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 360, 450, 600, 900, 1200, 1500, 1800, 2250, 2700, 3600}

// maxSeeds bounds the residuals that grow nodes: order statistics stand for
// the rest.
const maxSeeds = 8

// cell is a node of the grid with the width that it stands for.
type cell struct{ at, width float64 }

// cells turns nodes into cells by the trapezoid rule.
func cells(nodes []float64) []cell {
	slices.Sort(nodes)
	nodes = slices.Compact(nodes)
	out := make([]cell, len(nodes))
	for i, n := range nodes {
		width := 0.0
		if i > 0 {
			width += (n - nodes[i-1]) / 2
		}
		if i+1 < len(nodes) {
			width += (nodes[i+1] - n) / 2
		}
		out[i] = cell{n, width}
	}
	return out
}

// pairs returns, per file, the day and the residual nearest to zero (or to
// the middle of all, for a free clock).
func (m *model) pairs(f *fit) (x, y []float64) {
	for i := range m.files {
		r := m.residuals(*f, f.slip, i)
		if len(r) == 0 {
			continue
		}
		best := slices.MinFunc(r, func(a, b float64) int {
			switch {
			case math.Abs(a) < math.Abs(b):
				return -1
			case math.Abs(a) > math.Abs(b):
				return 1
			}
			return 0
		})
		if f.free || math.Abs(best) < reachS {
			x, y = append(x, m.x[i]), append(y, best)
		}
	}
	return x, y
}

// evaluate sums the posterior of a class over error and drift on a grid that
// follows the residuals.
func (m *model) evaluate(f *fit) {
	x, y := m.pairs(f)
	switch {
	case len(y) == 0 && f.free:
		f.evidence = math.Inf(-1)
		return
	case m.indifferent(y): // nothing depends on the error: the prior remains
		f.evidence = math.Log(f.weight)
		for i := range m.files {
			f.evidence += m.logFile(f, i, 0, 0)
		}
		f.errorS, f.drift = priorEstimates()
		return
	}
	slope, scale := slopeOf(x, y)
	m.sum(f, m.some, driftNodes(slope, scale, y), func(d float64) []float64 { return errorNodes(f, x, y, d) })
	for i, k := 0, 0; i < len(m.files); i++ { // the files that were left out, at the mode
		if k < len(m.some) && m.some[k] == i {
			k++
			continue
		}
		f.evidence += m.logFile(f, i, f.mode[0], f.mode[1])
	}
}

// refine sums a class again over all files, on a grid that is fine around the
// best node of the first pass. Where the first pass saw only some files, the
// best node is sought once more and the coarse nodes are left out: so many
// files leave nothing there.
func (m *model) refine(f *fit) {
	x, y := m.pairs(f)
	if m.indifferent(y) || len(y) == 0 && f.free {
		return
	}
	all := make([]int, len(m.files))
	for i := range all {
		all[i] = i
	}
	_, scale := slopeOf(x, y)
	if len(m.some) < len(all) {
		few := float64(len(all)) / float64(len(m.some))
		m.narrow(f, all, m.fine(f, x, y)*math.Sqrt(few), scale*math.Sqrt(few))
		m.narrow(f, all, m.fine(f, x, y), scale)
		return
	}
	best, fine := f.mode, m.fine(f, x, y)
	m.sum(f, all, driftNodes(best[1], scale/2, y), func(d float64) []float64 {
		return append(errorNodes(f, x, y, d), around(best[0], fine/3, 15)...)
	})
}

// fine is the scale to which the fresh fixes know the error.
func (m *model) fine(f *fit, x, y []float64) float64 {
	fresh := 1
	for i := range y {
		if math.Abs(y[i]-f.mode[1]*x[i]-f.mode[0]) < 3*fixFreshS {
			fresh++
		}
	}
	return fixFreshS / math.Sqrt(float64(fresh))
}

// narrow sums around the mode only, five scales to each side.
func (m *model) narrow(f *fit, files []int, fine, scale float64) {
	best := f.mode
	m.sum(f, files, cells(around(best[1], scale/2, 10)), func(float64) []float64 { return around(best[0], fine/2, 10) })
}

// around lists 2n+1 nodes at a step.
func around(at, step float64, n int) []float64 {
	var nodes []float64
	for k := -n; k <= n; k++ {
		nodes = append(nodes, at+step*float64(k))
	}
	return nodes
}

// indifferent reports whether no reading depends on error or drift.
func (m *model) indifferent(y []float64) bool {
	if len(y) > 0 {
		return false
	}
	for _, f := range m.files {
		if len(f.Limits) > 0 || len(f.Light) > 0 {
			return false
		}
	}
	return true
}

// priorEstimates is what remains when nothing was learnt; the quantiles are
// those of the mixture.
func priorEstimates() (errorS, drift Estimate) {
	variance := priorTightP*priorTightS*priorTightS + priorHandP*priorHandS*priorHandS + priorLooseP*priorLooseS*priorLooseS
	lo, hi := 0.0, 10*priorLooseS
	for range 60 { // bisection for the 97.5 % point
		mid := (lo + hi) / 2
		tail := 0.0
		for _, c := range [][2]float64{{priorTightP, priorTightS}, {priorHandP, priorHandS}, {priorLooseP, priorLooseS}} {
			tail += c[0] * math.Erfc(mid/(c[1]*math.Sqrt2)) / 2
		}
		if tail > 0.025 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return Estimate{0, math.Sqrt(variance), -hi, hi}, Estimate{0, priorDriftS, -1.96 * priorDriftS, 1.96 * priorDriftS}
}

// slopeOf is the median of the slopes between files (Theil and Sen), and the
// scale to which the data know it.
func slopeOf(x, y []float64) (slope, scale float64) {
	if len(x) < 2 {
		return 0, priorDriftS
	}
	step := max(1, len(x)/60)
	var slopes []float64
	for i := 0; i < len(x); i += step {
		for j := i + 1; j < len(x); j += step {
			if dx := x[j] - x[i]; math.Abs(dx) > 1e-3 {
				slopes = append(slopes, (y[j]-y[i])/dx)
			}
		}
	}
	mean, square := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		square += (v - mean) * (v - mean)
	}
	scale = priorDriftS
	if square > 0 {
		scale = min(priorDriftS, 1.2*fixFreshS/math.Sqrt(square))
	}
	if len(slopes) > 0 {
		sort.Float64s(slopes)
		slope = max(-4*priorDriftS, min(4*priorDriftS, slopes[len(slopes)/2]))
	}
	return slope, scale
}

// driftNodes are the prior's nodes and finer ones around a slope. Without two
// fixes the prior's alone remain.
func driftNodes(slope, scale float64, y []float64) []cell {
	var nodes []float64
	for k := -8; k <= 8; k++ {
		nodes = append(nodes, 0.5*float64(k)*priorDriftS)
	}
	if len(y) > 1 {
		nodes = append(nodes, around(slope, scale/2, 12)...)
	}
	return cells(nodes)
}

// errorNodes are the nodes over the error at a drift.
func errorNodes(f *fit, x, y []float64, drift float64) []float64 {
	var nodes []float64
	if !f.free {
		for _, z := range aroundZero {
			nodes = append(nodes, z, -z)
		}
	}
	rest := make([]float64, len(y))
	for i := range y {
		rest[i] = y[i] - drift*x[i]
	}
	sort.Float64s(rest)
	seeds := min(len(rest), maxSeeds)
	for k := range seeds {
		at := rest[(2*k+1)*len(rest)/(2*seeds)]
		for _, z := range aroundFix {
			nodes = append(nodes, at+z)
		}
	}
	return nodes
}

// node is a point of the posterior with its share of the mass.
type node struct{ at, mass float64 }

// sum integrates likelihood times prior over the grid and fills in the
// evidence, the mode and the marginals.
func (m *model) sum(f *fit, files []int, drifts []cell, errorsAt func(float64) []float64) {
	type point struct{ e, d, log float64 }
	var points []point
	top, best := math.Inf(-1), math.Inf(-1)
	for _, d := range drifts {
		for _, e := range cells(errorsAt(d.at)) {
			density := f.logPrior(e.at, d.at)
			for _, i := range files {
				density += m.logFile(f, i, e.at, d.at)
			}
			if density > best {
				best, f.mode = density, [2]float64{e.at, d.at}
			}
			log := density + math.Log(e.width*d.width)
			top = max(top, log)
			points = append(points, point{e.at, d.at, log})
		}
	}
	total := 0.0
	errs, drs := make([]node, len(points)), make([]node, len(points))
	for i, p := range points {
		mass := math.Exp(p.log - top)
		total += mass
		errs[i], drs[i] = node{p.e, mass}, node{p.d, mass}
	}
	f.evidence = math.Log(f.weight) + top + math.Log(total)
	f.errorS, f.drift = estimate(errs, total), estimate(drs, total)
}

// estimate reads mean, deviation and quantiles off weighted nodes. The mass
// of a node lies half on either side of it.
func estimate(nodes []node, total float64) Estimate {
	sort.Slice(nodes, func(i, j int) bool { return nodes[i].at < nodes[j].at })
	joined := nodes[:0]
	for _, n := range nodes {
		if k := len(joined); k > 0 && joined[k-1].at == n.at {
			joined[k-1].mass += n.mass
			continue
		}
		joined = append(joined, n)
	}
	var out Estimate
	for _, n := range joined {
		out.Mean += n.at * n.mass / total
	}
	for _, n := range joined {
		out.SD += (n.at - out.Mean) * (n.at - out.Mean) * n.mass / total
	}
	out.SD = math.Sqrt(out.SD)
	out.Lo95, out.Hi95 = quantile(joined, 0.025*total), quantile(joined, 0.975*total)
	return out
}

func quantile(nodes []node, mass float64) float64 {
	sum := 0.0
	for i, n := range nodes {
		half := sum + n.mass/2
		if half >= mass {
			if i == 0 {
				return n.at
			}
			before := sum - nodes[i-1].mass/2
			share := (mass - before) / (half - before)
			return nodes[i-1].at + share*(n.at-nodes[i-1].at)
		}
		sum += n.mass
	}
	return nodes[len(nodes)-1].at
}
