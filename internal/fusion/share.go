package fusion

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Value is one value of an unknown that several files share, such as the UTC
// offset of a device, with its prior weight: finite, above 0.
type Value struct {
	Name   string
	Weight float64
}

// Case is one file, or one instant: what Fuse takes, with a name. The
// hypotheses of items with Item.Shared are named as the values of the shared
// unknown; a name that is no value, or a value that is no name, is impossible
// under it. The other items are read as Fuse reads them.
type Case struct {
	ID    string // unique, not empty
	Prior Density
	Items []Item
}

// ValueMass is the posterior probability of a value.
type ValueMass struct {
	Name string
	Mass float64
}

// Shared is what several files say about the unknown that they share, and
// about their own instants. It is immutable; only Share makes one.
type Shared struct {
	values []Value
	cases  []Case
	given  [][]*Posterior // per case and value; nil: impossible
	masses []float64
}

// ErrShared is in every error about values and cases.
var ErrShared = errors.New("shared")

// Share enumerates the values: under each, every file is fused on its own
// with its shared items read that way; the evidence of the files multiplies
// into the mass of the value, and each file's posterior is the mixture over
// the values. So a file that settles the offset settles it for all files of
// its device. It is an error if no value is possible: a *Contradiction if one
// file alone contradicts every value.
func Share(values []Value, cases []Case) (*Shared, error) {
	s := &Shared{values: slices.Clone(values), cases: slices.Clone(cases)}
	slices.SortStableFunc(s.values, func(a, b Value) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(s.cases, func(a, b Case) int { return cmp.Compare(a.ID, b.ID) })
	if err := s.check(); err != nil {
		return nil, err
	}
	for _, c := range s.cases {
		given, err := c.underEach(s.values)
		if err != nil {
			return nil, fmt.Errorf("fusion: %w: case %q: %w", ErrShared, c.ID, err)
		}
		s.given = append(s.given, given)
	}
	if s.masses = s.weigh(-1); s.masses == nil {
		return nil, fmt.Errorf("fusion: %w: no value is possible in all cases", ErrShared)
	}
	return s, nil
}

func (s *Shared) check() error {
	if len(s.values) == 0 || len(s.cases) == 0 {
		return fmt.Errorf("fusion: %w: %d values, %d cases", ErrShared, len(s.values), len(s.cases))
	}
	for i, v := range s.values {
		if !(v.Weight > 0) || math.IsInf(v.Weight, 0) {
			return fmt.Errorf("fusion: %w: value %q: weight %v %w", ErrShared, v.Name, v.Weight, ErrValue)
		}
		if i > 0 && s.values[i-1].Name == v.Name {
			return fmt.Errorf("fusion: %w: value %q: given twice", ErrShared, v.Name)
		}
	}
	for i, c := range s.cases {
		if c.ID == "" || i > 0 && s.cases[i-1].ID == c.ID {
			return fmt.Errorf("fusion: %w: case %q: no id, or given twice", ErrShared, c.ID)
		}
	}
	return nil
}

// underEach fuses the file under every value; all posteriors share one grid.
func (c Case) underEach(values []Value) ([]*Posterior, error) {
	prior, ok := c.Prior.Normalised()
	if !ok {
		return nil, fmt.Errorf("%w %w", ErrPrior, ErrEmpty)
	}
	all, err := prepare(prior, c.Items)
	if err != nil {
		return nil, err
	}
	grid := gridOf(prior, all)
	out, possible := make([]*Posterior, len(values)), false
	for k, v := range values {
		out[k], err = fuseUnder(v.Name, grid, prior, all)
		var none *Contradiction
		if err != nil && !errors.As(err, &none) {
			return nil, err
		}
		possible = possible || out[k] != nil
	}
	if !possible {
		return nil, err
	}
	return out, nil
}

func fuseUnder(value string, grid []int64, prior Density, all []evidence) (*Posterior, error) {
	held := slices.Clone(all)
	for i, e := range held {
		if e.Shared {
			held[i].readings = e.only(value)
		}
	}
	ws, err := witnesses(held)
	if err != nil {
		return nil, err
	}
	return fuseOn(grid, prior, held, ws)
}

// only keeps the reading of one name; a witness gives it all of the weight, as
// the belief in the value is counted once, by Share.
func (e evidence) only(name string) []reading {
	for _, r := range e.readings {
		if r.names[0] == name {
			return []reading{r}
		}
	}
	return nil
}

// weigh returns the masses of the values without the case skip (-1: none);
// nil if none is possible.
func (s *Shared) weigh(skip int) []float64 {
	product, top := make([]big, len(s.values)), math.MinInt
	for k, v := range s.values {
		b := big{}.of(v.Weight, 0)
		for i := range s.cases {
			switch p := s.given[i][k]; {
			case i == skip:
			case p == nil:
				b = big{}
			default:
				b = big{}.of(float64(b.m*p.evidence.m), b.e+p.evidence.e)
			}
		}
		if product[k] = b; b.m > 0 {
			top = max(top, b.e)
		}
	}
	if top == math.MinInt {
		return nil
	}
	var total sum
	masses := make([]float64, len(product))
	for k, b := range product {
		masses[k] = b.below(top)
		total.add(masses[k])
	}
	for k := range masses {
		masses[k] /= total.value()
	}
	return masses
}

// Values returns the masses of the values, in order of name.
func (s *Shared) Values() []ValueMass { return s.named(s.masses) }

// ValuesWithout returns the masses as they are if one file is left out, to
// show what rests on it; ok is false for an unknown file, and where the other
// files exclude every value.
func (s *Shared) ValuesWithout(id string) (masses []ValueMass, ok bool) {
	i := s.find(id)
	if i < 0 {
		return nil, false
	}
	m := s.weigh(i)
	return s.named(m), m != nil
}

func (s *Shared) named(masses []float64) []ValueMass {
	out := make([]ValueMass, len(masses))
	for k, m := range masses {
		out[k] = ValueMass{s.values[k].Name, m}
	}
	return out
}

func (s *Shared) find(id string) int {
	return slices.IndexFunc(s.cases, func(c Case) bool { return c.ID == id })
}

// Density is p(t) of one file, which integrates to 1; ok is false for an
// unknown file.
func (s *Shared) Density(id string) (d Density, ok bool) {
	i := s.find(id)
	if i < 0 {
		return Density{}, false
	}
	var grid []int64
	var sums []sum
	for k, p := range s.given[i] {
		if p == nil || s.masses[k] == 0 {
			continue
		}
		if grid == nil {
			grid, sums = p.grid, make([]sum, len(p.density.values))
		}
		for n, v := range p.density.values {
			sums[n].add(float64(s.masses[k] * v))
		}
	}
	d = Density{grid, make([]float64, len(sums))}
	for n := range sums {
		d.values[n] = sums[n].value()
	}
	return d.Normalised()
}

// Given is the posterior of one file if the value holds; ok is false for an
// unknown name, and for a value that the file excludes.
func (s *Shared) Given(id, value string) (p *Posterior, ok bool) {
	i := s.find(id)
	k := slices.IndexFunc(s.values, func(v Value) bool { return v.Name == value })
	if i < 0 || k < 0 || s.given[i][k] == nil {
		return nil, false
	}
	return s.given[i][k], true
}

// Items returns the masses of the items of one file over all values; ok is
// false for an unknown file.
func (s *Shared) Items(id string) (items []ItemMass, ok bool) {
	i := s.find(id)
	if i < 0 {
		return nil, false
	}
	d, _ := s.Density(id)
	var genuine [][]sum
	for k, p := range s.given[i] {
		if p == nil || s.masses[k] == 0 {
			continue
		}
		if items == nil {
			items, genuine = p.blank(d)
		}
		for n, m := range p.Items() {
			items[n].Used = items[n].Used || m.Used
			for h := range m.Hypotheses {
				genuine[n][h].add(float64(s.masses[k] * m.Hypotheses[h].Genuine))
			}
		}
	}
	for n := range items {
		for h := range genuine[n] {
			items[n].Hypotheses[h].Genuine = min(1, genuine[n][h].value())
		}
		items[n].Bogus = rest(items[n])
	}
	return items, true
}

// blank is the masses before any is genuine, and a sum for each hypothesis.
func (p *Posterior) blank(d Density) ([]ItemMass, [][]sum) {
	items, genuine := make([]ItemMass, len(p.items)), make([][]sum, len(p.items))
	for n, e := range p.items {
		items[n], genuine[n] = e.windows(d), make([]sum, len(e.Hypotheses))
	}
	return items, genuine
}
