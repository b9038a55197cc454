package fusion

import (
	"cmp"
	"fmt"
	"slices"
)

// maxBranches bounds the ways to read one clock together: 38 offsets exist on
// a day, and hostile evidence may not multiply them without end.
const maxBranches = 4096

// branch is one way in which a witness may be genuine. The weights of all
// branches of a witness sum to its reliability; the rest is "bogus".
type branch struct {
	weight float64
	d      Density
	parts  []part
}

// witness is a clock with all that its items say together.
type witness struct {
	clock    string
	items    []int // that are used, ascending
	left     []int // that quarrel with stronger ones, ascending
	bogus    float64
	branches []branch
}

// witnesses groups the evidence by clock, in the order of the clocks' names
// and then of the IDs, so that one more item of a clock moves no other.
func witnesses(all []evidence) ([]witness, error) {
	var order [][]int
	at := map[string]int{}
	for i, e := range all {
		k, seen := at[e.Clock]
		if e.Clock == "" || !seen {
			k, order = len(order), append(order, nil)
		}
		if e.Clock != "" {
			at[e.Clock] = k
		}
		order[k] = append(order[k], i)
	}
	out := make([]witness, len(order))
	for k, members := range order {
		w, err := witnessOf(all, members)
		if err != nil {
			return nil, err
		}
		out[k] = w
	}
	slices.SortStableFunc(out, func(a, b witness) int { return cmp.Compare(a.clock, b.clock) })
	return out, nil
}

// witnessOf nests the readings of one clock: the strongest counts with all of
// its reliability, and each weaker one narrows it with its own.
func witnessOf(all []evidence, members []int) (witness, error) {
	ranked := slices.Clone(members)
	slices.SortStableFunc(ranked, func(a, b int) int {
		return cmp.Or(cmp.Compare(all[b].Reliability, all[a].Reliability), cmp.Compare(all[a].width, all[b].width), cmp.Compare(a, b))
	})
	first := all[ranked[0]]
	w := witness{clock: first.Clock, items: []int{ranked[0]}, bogus: 1 - first.Reliability}
	readings, r := first.readings, first.Reliability
	for _, i := range ranked[1:] {
		both, err := join(readings, all[i].readings)
		if err != nil {
			return w, fmt.Errorf("fusion: clock %q: %w", w.clock, err)
		}
		if len(both) == 0 {
			w.left = append(w.left, i)
			continue
		}
		w.emit(readings, r-all[i].Reliability)
		w.items, readings, r = append(w.items, i), both, all[i].Reliability
	}
	w.emit(readings, r)
	slices.Sort(w.items)
	slices.Sort(w.left)
	return w, nil
}

// emit adds the readings as branches that share the weight.
func (w *witness) emit(readings []reading, weight float64) {
	if !(weight > 0) {
		return
	}
	var total sum
	for _, r := range readings {
		total.add(r.weight)
	}
	for _, r := range readings {
		// Normalised once more even where nothing was intersected, so that a
		// copy of a reading changes no bit.
		if d, ok := r.d.Normalised(); ok {
			w.branches = append(w.branches, branch{float64(weight * (r.weight / total.value())), d, r.parts})
		}
	}
}

// join intersects two lists of readings of one clock. The intersection of two
// densities is the smaller of both at each instant: for sets that is the
// uniform density of the common set, and a copy of a reading adds nothing.
func join(a, b []reading) ([]reading, error) {
	known := commonNames(a, b)
	var out []reading
	for _, x := range a {
		for _, y := range b {
			if x.excludes(y, known) {
				continue
			}
			d := x.d.lower(y.d)
			if !(d.Integral() > 0) && !(x.isImpossible() && y.isImpossible()) {
				continue // copies of a bound outside the prior do agree
			}
			if len(out) == maxBranches {
				return nil, fmt.Errorf("more than %d ways to read it", maxBranches)
			}
			out = append(out, reading{union(x.names, y.names, cmp.Compare), union(x.parts, y.parts, comparePart), x.jointWeight(y), d})
		}
	}
	return out, nil
}

// isImpossible reports whether the prior leaves nothing of a bound.
func (r reading) isImpossible() bool { return len(r.d.values) == 0 }

// excludes reports whether the two readings name different settings of the
// clock that both lists know.
func (r reading) excludes(s reading, known []string) bool {
	mine, theirs := within(r.names, known), within(s.names, known)
	return len(mine) > 0 && len(theirs) > 0 && len(within(mine, theirs)) == 0
}

// jointWeight: two readings of one setting share one belief in it; beliefs
// under different names multiply.
func (r reading) jointWeight(s reading) float64 {
	if len(within(r.names, s.names)) > 0 {
		return min(r.weight, s.weight)
	}
	return float64(r.weight * s.weight)
}

func commonNames(a, b []reading) []string {
	return within(namesOf(a), namesOf(b))
}

func namesOf(list []reading) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.names...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// within returns the elements of a that are in b; both are short.
func within(a, b []string) []string {
	var out []string
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

func union[T comparable](a, b []T, order func(a, b T) int) []T {
	out := slices.Concat(a, b)
	slices.SortFunc(out, order)
	return slices.Compact(out)
}

func comparePart(a, b part) int {
	return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.hypothesis, b.hypothesis))
}
