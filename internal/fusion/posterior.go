package fusion

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Posterior is what the prior and the items say together. It is immutable;
// only Fuse makes one.
type Posterior struct {
	prior     Density
	items     []evidence
	witnesses []witness
	grid      []int64
	factors   [][]float64 // per witness and piece, in units of the bogus density
	density   Density     // integrates to 1
	unit      float64     // milliseconds of the prior's support
	evidence  big
}

// ErrPrior is in every error about the prior.
var ErrPrior = errors.New("prior")

// Fuse computes the posterior. The prior need not be normalised. The error is
// about a bad value (ErrPrior, ErrItem), or a *Contradiction when items whose
// reliability is 1 leave no instant possible.
func Fuse(prior Density, items []Item) (*Posterior, error) {
	prior, ok := prior.Normalised()
	if !ok {
		return nil, fmt.Errorf("fusion: %w %w", ErrPrior, ErrEmpty)
	}
	all, err := prepare(prior, items)
	if err != nil {
		return nil, err
	}
	ws, err := witnesses(all)
	if err != nil {
		return nil, err
	}
	return fuse(prior, all, ws)
}

func fuse(prior Density, all []evidence, ws []witness) (*Posterior, error) {
	p := &Posterior{prior: prior, items: all, witnesses: ws, grid: gridOf(prior, all)}
	p.unit = prior.extent()
	p.factors = make([][]float64, len(ws))
	for k, w := range ws {
		p.factors[k] = w.factors(p.grid, p.unit)
	}
	if p.density, p.evidence = p.without(-1, nil); p.evidence.m == 0 {
		return nil, &Contradiction{hardOf(prior, all, ws)}
	}
	return p, nil
}

// gridOf merges all break points inside the bounds of the prior, those of
// items in a quarrel too: without the stronger item they count.
func gridOf(prior Density, all []evidence) []int64 {
	lo, hi := prior.breaks[0], prior.breaks[len(prior.breaks)-1]
	grid := slices.Clone(prior.breaks)
	for _, e := range all {
		for _, r := range e.readings {
			for _, at := range r.d.breaks {
				if lo < at && at < hi {
					grid = append(grid, at)
				}
			}
		}
	}
	slices.Sort(grid)
	return slices.Compact(grid)
}

// factors is r L + (1-r) u per piece of the grid, divided by u = 1/unit.
func (w witness) factors(grid []int64, unit float64) []float64 {
	out := make([]float64, len(grid)-1)
	for i := range out {
		out[i] = w.bogus
	}
	for _, b := range w.branches {
		scale := float64(b.weight * unit)
		b.d.each(grid, func(i int, value float64) { out[i] += float64(scale * value) })
	}
	return out
}

// each calls f for the pieces of the grid on which the density is not 0. The
// grid holds all breaks of the density that lie inside its own bounds.
func (d Density) each(grid []int64, f func(i int, value float64)) {
	i := 0
	for j, value := range d.values {
		if d.breaks[j] >= grid[len(grid)-1] {
			return
		}
		if value == 0 || d.breaks[j+1] <= grid[0] {
			continue
		}
		if grid[i] < d.breaks[j] {
			i, _ = slices.BinarySearch(grid, d.breaks[j])
		}
		for ; i < len(grid)-1 && grid[i] < d.breaks[j+1]; i++ {
			f(i, value)
		}
	}
}

// without multiplies the prior and all witnesses, but takes instead (nil: 1
// everywhere) for the witness skip; -1 skips none. The evidence is the
// integral before normalisation, in units of "all is bogus".
func (p *Posterior) without(skip int, instead []float64) (Density, big) {
	product := make([]big, len(p.grid)-1)
	at, top := cursor{d: p.prior}, math.MinInt
	for i := range product {
		b := big{m: at.at(p.grid[i])}
		for k, f := range p.factors {
			if k != skip {
				b = b.times(f[i])
			}
		}
		if instead != nil {
			b = b.times(instead[i])
		}
		if product[i] = b; b.m > 0 {
			top = max(top, b.e)
		}
	}
	return p.normalise(product, top)
}

func (p *Posterior) normalise(product []big, top int) (Density, big) {
	d := Density{p.grid, make([]float64, len(product))}
	if top == math.MinInt {
		return d, big{}
	}
	for i, b := range product {
		d.values[i] = b.below(top)
	}
	total := d.Integral()
	for i := range d.values {
		d.values[i] /= total
	}
	return d, big{}.of(total, top)
}

// Density is p(t), which integrates to 1.
func (p *Posterior) Density() Density { return p.density }

// EvidenceLog10 is the logarithm of how much better the items fit together
// than if all of them were bogus, rounded to 1e-6: processors differ in the
// last bit of a logarithm.
func (p *Posterior) EvidenceLog10() float64 {
	log := math.Log10(p.evidence.m) + float64(float64(p.evidence.e)*math.Log10(2))
	return math.Round(log*1e6) / 1e6
}

// Summary is a distribution in a few words.
type Summary struct {
	HPD50, HPD95     Region
	MeanMs, MedianMs int64 // UTC milliseconds
}

// Summary describes the posterior.
func (p *Posterior) Summary() Summary { return p.density.Summary() }

// Summary describes a density that is not 0 everywhere.
func (d Density) Summary() Summary {
	r := d.rank()
	s := Summary{HPD50: r.region(0.50, GrainMs), HPD95: r.region(0.95, GrainMs)}
	s.MeanMs, _ = d.MeanMs()
	s.MedianMs, _ = d.QuantileMs(0.5)
	return s
}
