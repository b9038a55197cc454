package fusion

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"whenwhere/internal/timeset"
)

// Bound says how the sets of an item bind the instant. The values are those
// of clock.Stamp.
type Bound string

// The bounds. Point: the instant lies in the set. Upper: it is not later than
// the set's end. Lower: it is not earlier than the set's start.
const (
	Point Bound = "point"
	Upper Bound = "upper"
	Lower Bound = "lower"
)

// Hypothesis is one way to read an item: as a set of instants, all alike, or
// as a shape over time. Exactly one of Set and Shape is given.
type Hypothesis struct {
	Name string // unique within the item: "+3", "+2"
	// Weight is the prior belief among the item's hypotheses, finite and
	// above 0; the weights of an item are normalised to 1.
	Weight float64
	Set    timeset.Set
	Shape  Density
}

// Item is one piece of evidence about the instant.
type Item struct {
	ID string // unique, not empty
	// Clock names what wrote the reading: one camera's clock, one phone, one
	// archivist, one analyst's mark. Items of one clock are one witness. Their
	// faults are taken as nested: when a less reliable reading is genuine, so
	// are the more reliable ones. So the readings are ordered by reliability
	// and intersected as far as they overlap, and a copy of a reading changes
	// nothing. A reading that does not overlap what stronger ones leave is in
	// a quarrel: it is left out and reported. Ties go to the narrower reading,
	// then to the smaller ID. Hypotheses of equal name are the same setting of
	// the clock (its offset); a name that only one reading knows goes with all
	// of the other's. Empty: a clock of its own.
	Clock string
	// Reliability is the probability, 0 to 1, that the item is genuine. 1
	// leaves no doubt at all, which no clock deserves.
	Reliability float64
	Bound       Bound // empty: Point
	Hypotheses  []Hypothesis
}

// HardShare is the share of a shape that counts as "what it allows" where a
// yes or no is needed (strict intersection, Marzullo, the core). Judged: 0.999
// is 3.3 sigma of a normal error, beyond which an analyst calls it refuted.
const HardShare = 0.999

// ErrItem is in every error about an item's own values.
var ErrItem = errors.New("item")

// reading is a hypothesis ready for use: normalised over its own extent.
type reading struct {
	names  []string // sorted; several after an intersection
	parts  []part
	weight float64
	d      Density
}

// part tells from which hypothesis of which item a reading comes.
type part struct{ item, hypothesis int }

// evidence is an item ready for use.
type evidence struct {
	Item
	readings []reading // one per hypothesis, in order of name
	width    float64   // of the support in milliseconds, to break ties
}

// prepare validates the items and puts them, and the hypotheses of each, into
// one order.
func prepare(prior Density, items []Item) ([]evidence, error) {
	out := make([]evidence, 0, len(items))
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	var faults []error
	for i, item := range sorted {
		if i > 0 && sorted[i-1].ID == item.ID {
			faults = append(faults, fmt.Errorf("fusion: %w %q: given twice", ErrItem, item.ID))
			continue
		}
		e, err := item.prepare(i, prior)
		if err != nil {
			faults = append(faults, fmt.Errorf("fusion: %w %q: %w", ErrItem, item.ID, err))
		}
		out = append(out, e)
	}
	return out, errors.Join(faults...)
}

func (item Item) prepare(index int, prior Density) (evidence, error) {
	switch {
	case item.ID == "":
		return evidence{}, errors.New("no id")
	case !(item.Reliability >= 0 && item.Reliability <= 1):
		return evidence{}, fmt.Errorf("reliability %v %w", item.Reliability, ErrValue)
	case len(item.Hypotheses) == 0:
		return evidence{}, errors.New("no hypothesis")
	}
	e := evidence{Item: item}
	e.Hypotheses = slices.Clone(item.Hypotheses)
	slices.SortStableFunc(e.Hypotheses, func(a, b Hypothesis) int { return cmp.Compare(a.Name, b.Name) })
	var total sum
	n := len(e.Hypotheses)
	e.readings = make([]reading, 0, n)
	names, parts := make([]string, n), make([]part, n)
	for i, h := range e.Hypotheses {
		if i > 0 && e.Hypotheses[i-1].Name == h.Name {
			return e, fmt.Errorf("hypothesis %q: given twice", h.Name)
		}
		if !(h.Weight > 0) || math.IsInf(h.Weight, 0) {
			return e, fmt.Errorf("hypothesis %q: weight %v %w", h.Name, h.Weight, ErrValue)
		}
		d, err := h.density(item.Bound, prior)
		if err != nil {
			return e, fmt.Errorf("hypothesis %q: %w", h.Name, err)
		}
		total.add(h.Weight)
		e.width += d.extent()
		names[i], parts[i] = h.Name, part{index, i}
		e.readings = append(e.readings, reading{names[i : i+1 : i+1], parts[i : i+1 : i+1], h.Weight, d})
	}
	if !(total.value() <= math.MaxFloat64) {
		return e, fmt.Errorf("sum of weights %w", ErrValue)
	}
	for i := range e.readings {
		e.readings[i].weight /= total.value()
	}
	return e, nil
}

// density is the hypothesis as a function that integrates to 1, or to 0 where
// a bound leaves nothing of the prior.
func (h Hypothesis) density(bound Bound, prior Density) (Density, error) {
	if len(h.Shape.values) > 0 {
		if !h.Set.IsEmpty() || bound != "" && bound != Point {
			return Density{}, errors.New("a shape can be neither a set nor a bound")
		}
		d, _ := h.Shape.Normalised() // a shape is never 0 everywhere: see Bins
		return d, nil
	}
	if h.Set.IsEmpty() {
		return Density{}, ErrEmpty
	}
	set, err := h.admitted(bound)
	if err != nil {
		return Density{}, err
	}
	if bounds, _ := set.Bounds(); bounds.Lo < -MaxMs || bounds.Hi > MaxMs {
		set = set.Intersect(prior.Support())
	}
	d, err := Uniform(set)
	if errors.Is(err, ErrEmpty) {
		return Density{}, nil
	}
	return d, err
}

func (h Hypothesis) admitted(bound Bound) (timeset.Set, error) {
	switch bound {
	case "", Point:
		return h.Set, nil
	case Upper:
		return h.Set.UpTo(), nil
	case Lower:
		return h.Set.From(), nil
	}
	return timeset.Set{}, fmt.Errorf("bound %q is not known", bound)
}

// hard is what one of the item's readings allows when it is asked yes or no.
func (e evidence) hard(r reading) timeset.Set {
	if len(e.Hypotheses[r.parts[0].hypothesis].Shape.values) > 0 {
		return r.d.HPD(HardShare).Set
	}
	return r.d.Support()
}
