package fusion

import (
	"cmp"
	"slices"

	"whenwhere/internal/timeset"
)

// HypothesisMass is what the posterior says of one hypothesis.
type HypothesisMass struct {
	Name string
	// Genuine is the probability that the item is genuine and reads this way.
	Genuine float64
	// Window is the probability of the instants that the reading allows,
	// whatever the reason.
	Window float64
}

// ItemMass is what the posterior says of one item.
type ItemMass struct {
	ID string
	// Used is false for an item that quarrels with a stronger one of its
	// clock: it had no say, and Bogus is 1.
	Used       bool
	Hypotheses []HypothesisMass // in order of name
	// Bogus is the probability that the item is not genuine: 1 less all
	// Genuine.
	Bogus float64
	// Elsewhere is the probability of the instants that no hypothesis allows.
	Elsewhere float64
}

// Items returns the masses of all items, in order of ID.
func (p *Posterior) Items() []ItemMass {
	out := make([]ItemMass, len(p.items))
	for i, e := range p.items {
		out[i] = e.windows(p.density)
	}
	sums := make([][]sum, len(p.items))
	for i := range sums {
		sums[i] = make([]sum, len(out[i].Hypotheses))
	}
	for k, w := range p.witnesses {
		for _, i := range w.items {
			out[i].Used = true
		}
		for _, b := range w.branches {
			p.spread(b, p.factors[k], sums)
		}
	}
	for i := range out {
		for k := range sums[i] {
			out[i].Hypotheses[k].Genuine = min(1, sums[i][k].value())
		}
		out[i].Bogus = rest(out[i])
	}
	return out
}

func rest(m ItemMass) float64 {
	var genuine sum
	for _, h := range m.Hypotheses {
		genuine.add(h.Genuine)
	}
	return max(0, 1-genuine.value())
}

// windows returns the masses that depend on the posterior of time only.
func (e evidence) windows(d Density) ItemMass {
	m := ItemMass{ID: e.ID, Hypotheses: make([]HypothesisMass, len(e.Hypotheses))}
	all := make([]timeset.Interval, 0, 8)
	for i, r := range e.readings {
		set := e.hard(r)
		m.Hypotheses[i] = HypothesisMass{Name: e.Hypotheses[i].Name, Window: min(1, d.Over(set))}
		for k := range set.Len() {
			all = append(all, set.At(k))
		}
	}
	m.Elsewhere = max(0, 1-d.Over(timeset.Of(all...)))
	return m
}

// spread adds the branch's share of the posterior to each of its parts.
func (p *Posterior) spread(b branch, factor []float64, sums [][]sum) {
	mass := p.share(b, factor)
	for _, at := range b.parts {
		sums[at.item][at.hypothesis].add(mass)
	}
}

// share is the posterior probability of the branch: at each instant its part
// of the witness's factor. Where the factor is 0 there is no posterior.
func (p *Posterior) share(b branch, factor []float64) float64 {
	var s sum
	scale := float64(b.weight * p.unit)
	b.d.each(p.grid, func(i int, value float64) {
		if p.density.values[i] > 0 {
			s.add(float64(p.density.mass(i) * (float64(scale*value) / factor[i])))
		}
	})
	return s.value()
}

// Choice says how one item is read in a Joint.
type Choice struct {
	ID         string
	Hypothesis string
	Bogus      bool // then Hypothesis is empty
}

// Joint is the probability that all choices hold together.
type Joint struct {
	Choices []Choice // in order of ID
	Mass    float64
}

// MaxJoint bounds the combinations that Joint enumerates.
const MaxJoint = 4096

// Joint returns the joint masses over the items of all clocks that can be
// read in more than one way, the likeliest first and those below 1e-6 left
// out; ok is false where there are more than MaxJoint combinations. It is
// empty, and ok, where nothing is ambiguous.
func (p *Posterior) Joint() (joint []Joint, ok bool) {
	var ks []int
	combinations := 1
	for k, w := range p.witnesses {
		if p.ambiguous(w) {
			ks = append(ks, k)
			combinations *= len(w.branches) + 1
		}
		if combinations > MaxJoint {
			return nil, false
		}
	}
	if len(ks) == 0 {
		return nil, true
	}
	t := p.tally(ks, combinations)
	for c := range t.sums {
		if mass := t.sums[c].value(); mass >= 1e-6 {
			joint = append(joint, Joint{t.choices(c), mass})
		}
	}
	slices.SortStableFunc(joint, func(a, b Joint) int { return cmp.Compare(b.Mass, a.Mass) })
	return joint, true
}

func (p *Posterior) ambiguous(w witness) bool {
	for _, i := range w.items {
		if len(p.items[i].Hypotheses) > 1 {
			return len(w.branches) > 0
		}
	}
	return false
}

// tally adds up combinations: combination c takes branch c mod n1 of the first
// witness, c / n1 mod n2 of the second and so on; the last branch is "bogus".
type tally struct {
	p       *Posterior
	ks      []int
	cursors [][]cursor
	sums    []sum
}

func (p *Posterior) tally(ks []int, combinations int) *tally {
	t := &tally{p: p, ks: ks, cursors: make([][]cursor, len(ks)), sums: make([]sum, combinations)}
	for j, k := range ks {
		for _, b := range p.witnesses[k].branches {
			t.cursors[j] = append(t.cursors[j], cursor{d: b.d})
		}
	}
	shares := make([][]float64, len(ks))
	for i, value := range p.density.values {
		for j, k := range ks {
			shares[j] = t.sharesAt(shares[j][:0], i, j, k)
		}
		if value > 0 {
			t.descend(shares, p.density.mass(i), 0, 1)
		}
	}
	return t
}

// sharesAt is how the factor of one witness divides at piece i.
func (t *tally) sharesAt(out []float64, i, j, k int) []float64 {
	w, factor := t.p.witnesses[k], t.p.factors[k][i]
	for n := range t.cursors[j] {
		value := t.cursors[j][n].at(t.p.grid[i])
		out = append(out, float64(float64(w.branches[n].weight*t.p.unit)*value)/factor)
	}
	return append(out, w.bogus/factor)
}

func (t *tally) descend(shares [][]float64, mass float64, at, stride int) {
	if len(shares) == 0 {
		t.sums[at].add(mass)
		return
	}
	for n, s := range shares[0] {
		if s > 0 {
			t.descend(shares[1:], float64(mass*s), at+n*stride, stride*len(shares[0]))
		}
	}
}

func (t *tally) choices(c int) []Choice {
	var out []Choice
	for _, k := range t.ks {
		w := t.p.witnesses[k]
		n := c % (len(w.branches) + 1)
		c /= len(w.branches) + 1
		for _, i := range w.items {
			out = append(out, t.p.choice(w, n, i))
		}
	}
	slices.SortFunc(out, func(a, b Choice) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (p *Posterior) choice(w witness, n, item int) Choice {
	if n < len(w.branches) {
		for _, at := range w.branches[n].parts {
			if at.item == item {
				return Choice{ID: p.items[item].ID, Hypothesis: p.items[item].Hypotheses[at.hypothesis].Name}
			}
		}
	}
	return Choice{ID: p.items[item].ID, Bogus: true}
}

// Quarrel is a clock whose readings do not overlap.
type Quarrel struct {
	Clock      string
	Used, Left []string // IDs
}

// Quarrels returns the quarrels inside clocks, in order of clock.
func (p *Posterior) Quarrels() []Quarrel {
	var out []Quarrel
	for _, w := range p.witnesses {
		if len(w.left) > 0 {
			out = append(out, Quarrel{w.clock, idsOf(p.items, w.items), idsOf(p.items, w.left)})
		}
	}
	return out
}
