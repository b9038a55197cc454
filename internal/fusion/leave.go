package fusion

import "slices"

// Shift is how the answer moves if one item is taken away.
type Shift struct {
	ID string
	// Possible is false where the others, once this one no longer overrules
	// one of its clock, contradict each other or can be read together in too
	// many ways; then the rest is zero.
	Possible bool
	Without  Summary
	// MeanByMs and MedianByMs are the values without the item less those with
	// it.
	MeanByMs, MedianByMs int64
	// Kept is the probability, without the item, of the 95 % set with it.
	Kept float64
}

// LeaveOneOut returns the shift of every item, in order of ID.
func (p *Posterior) LeaveOneOut() []Shift {
	full := p.Summary()
	out := make([]Shift, len(p.items))
	for k, w := range p.witnesses {
		for _, i := range append(slices.Clone(w.items), w.left...) {
			out[i] = p.shift(full, k, i)
		}
	}
	return out
}

func (p *Posterior) shift(full Summary, k, i int) Shift {
	s := Shift{ID: p.items[i].ID}
	factors, err := p.factorsWithout(k, i)
	if err != nil {
		return s
	}
	d, mass := p.without(k, factors)
	s.Possible = mass.m > 0
	if s.Possible {
		s.Without = d.Summary()
		s.MeanByMs, s.MedianByMs = s.Without.MeanMs-full.MeanMs, s.Without.MedianMs-full.MedianMs
		s.Kept = min(1, d.Over(full.HPD95.Set))
	}
	return s
}

// factorsWithout is what witness k says without item i; nil if nothing.
func (p *Posterior) factorsWithout(k, i int) ([]float64, error) {
	w := p.witnesses[k]
	var others []int
	for _, j := range append(slices.Clone(w.items), w.left...) {
		if j != i {
			others = append(others, j)
		}
	}
	if len(others) == 0 {
		return nil, nil
	}
	slices.Sort(others)
	fewer, err := witnessOf(p.items, others)
	if err != nil {
		return nil, err
	}
	return fewer.factors(p.grid, p.unit), nil
}
