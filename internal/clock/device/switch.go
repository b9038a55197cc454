package device

import (
	"math"
	"slices"
	"sort"
)

// maxParts bounds the classes that are paired, and the pairs that are summed
// in full.
const (
	maxParts = 8
	maxPairs = 3
)

// parting is a pair of classes with the log likelihood of each place at which
// the one may give way to the other.
type parting struct {
	a, b  *fit
	at    []float64 // at[k]: the first k+1 files follow a
	total float64   // log of their sum
	mode  [2]float64
}

// switches returns the hypotheses of a device that changed its rule once
// between two files. The pairs are ranked at the better one's best error and
// drift; the best pairs are then summed in full.
func (m *model) switches(fits []fit) []fit {
	n := len(m.files)
	parts := m.partners(fits)
	if n < 2 || len(parts) < 2 {
		return nil
	}
	var all []parting
	for _, a := range parts {
		for _, b := range parts {
			if a != b && a.slip == b.slip {
				all = append(all, m.part(a, b))
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].total > all[j].total })
	logPrior := math.Log(switchP / float64(len(parts)*(len(parts)-1)*(n-1)))
	single := math.Inf(-1)
	for _, f := range parts {
		single = max(single, math.Log(f.weight)+m.logAll(f, f.mode))
	}
	var out []fit
	for _, p := range all[:min(maxPairs, len(all))] {
		if logPrior+p.total > single-refineNats {
			out = append(out, m.joined(p, logPrior))
		}
	}
	return out
}

// logAll is the log likelihood of all files.
func (m *model) logAll(f *fit, mode [2]float64) float64 {
	sum := 0.0
	for i := range m.files {
		sum += m.logFile(f, i, mode[0], mode[1])
	}
	return sum
}

// partners are the classes that explain at least one file, the best first.
func (m *model) partners(fits []fit) []*fit {
	var out []*fit
	for i := range fits {
		f := &fits[i]
		if !f.free && m.explains(f) {
			out = append(out, f)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].evidence > out[j].evidence })
	return out[:min(maxParts, len(out))]
}

// explains reports whether some file fits the class better than a bogus one
// would: a fix within the reach of a clock's error, or light or a header.
func (m *model) explains(f *fit) bool {
	if m.reaches(*f, f.slip) {
		return true
	}
	for i := range m.files {
		if (len(m.files[i].Light) > 0 || !math.IsNaN(m.head[i])) && m.logFile(f, i, 0, 0) > math.Log(m.bogus(i))+1 {
			return true
		}
	}
	return false
}

func (m *model) part(a, b *fit) parting {
	p := parting{a: a, b: b, mode: a.mode, total: math.Inf(-1)}
	for _, mode := range [][2]float64{a.mode, b.mode} {
		at := m.alongside(a, b, mode)
		if total := logSum(at); total > p.total {
			p.at, p.mode, p.total = at, mode, total
		}
	}
	return p
}

// alongside is the log likelihood of each place of the switch, by prefix sums.
func (m *model) alongside(a, b *fit, mode [2]float64) []float64 {
	n := len(m.files)
	rest := 0.0
	first := make([]float64, n)
	second := make([]float64, n)
	for i := range n {
		first[i] = m.logFile(a, i, mode[0], mode[1])
		second[i] = m.logFile(b, i, mode[0], mode[1])
		rest += second[i]
	}
	at := make([]float64, n-1)
	for k := range at {
		rest += first[k] - second[k]
		at[k] = rest
	}
	return at
}

// joined sums a pair in full at its best place and spreads the result over
// the others by their likelihoods at the mode.
func (m *model) joined(p parting, logPrior float64) fit {
	best := 0
	for k := range p.at {
		if p.at[k] > p.at[best] {
			best = k
		}
	}
	f := fit{weight: math.Exp(logPrior + p.total - p.at[best]), slip: p.a.slip, parted: best + 1, parts: &Switch{From: p.a.names, To: p.b.names}}
	f.offsets = append(slices.Clone(p.a.offsets[:best+1]), p.b.offsets[best+1:]...)
	m.evaluate(&f)
	lo, hi := span95(p.at)
	f.parts.AfterMs, f.parts.BeforeMs = m.files[lo].Dial.Lo, m.files[hi+1].Dial.Lo
	return f
}

// span95 returns the first and last place of the switch within the middle 95 %.
func span95(at []float64) (lo, hi int) {
	total := logSum(at)
	sum := 0.0
	lo, hi = -1, len(at)-1
	for k, l := range at {
		sum += math.Exp(l - total)
		if lo < 0 && sum >= 0.025 {
			lo = k
		}
		if sum >= 0.975 {
			return lo, k
		}
	}
	return max(lo, 0), hi
}

func logSum(logs []float64) float64 {
	top := slices.Max(logs)
	if math.IsInf(top, -1) {
		return top
	}
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - top)
	}
	return top + math.Log(sum)
}
