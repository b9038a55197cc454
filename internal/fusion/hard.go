package fusion

import (
	"fmt"
	"slices"
	"strings"

	"whenwhere/internal/timeset"
)

// Hard is what the items say when each is asked yes or no.
type Hard struct {
	// Strict holds the instants that every item of reliability above 0 allows.
	Strict timeset.Set
	// Robust holds the instants on which most clocks agree (Marzullo), a
	// clock weighing its reliability in thousandths.
	Robust timeset.Set
	// RobustWeight is that weight out of TotalWeight.
	RobustWeight, TotalWeight int64
	// Falsetickers are the IDs of the items that allow no instant of Robust.
	Falsetickers []string
	// Core lists the smallest sets of items that cannot all be true, by ID;
	// nil where Strict is not empty. At most MaxCores of them are listed.
	Core [][]string
	// CoreSmallest is false where no set of up to CoreSize (CoreSizeFew)
	// items contradicts itself: then Core holds one set of which no item can
	// be spared.
	CoreSmallest bool
}

// The limits of the search for the core: all triples of 100 items are 161,700
// intersections, all quadruples of 24 are 10,626. Intervals on a line need
// pairs only (Helly 1923); sets of several intervals may need more.
const (
	CoreSize     = 3
	CoreSizeFew  = 4
	coreFewItems = 24
	coreMaxItems = 100
	MaxCores     = 64
)

// Contradiction is the error of evidence that leaves no instant possible.
type Contradiction struct{ Hard Hard }

func (c *Contradiction) Error() string {
	if len(c.Hard.Core) == 0 {
		return "fusion: no instant is possible under any one setting of the clocks"
	}
	sets := make([]string, len(c.Hard.Core))
	for i, ids := range c.Hard.Core {
		sets[i] = strings.Join(ids, " + ")
	}
	return fmt.Sprintf("fusion: no instant is possible: cannot all be true: %s", strings.Join(sets, "; "))
}

// Hard returns the strict and the robust answer, and the contradiction core.
func (p *Posterior) Hard() Hard { return hardOf(p.prior, p.items, p.witnesses) }

// ItemSet is the set of instants that one item allows.
type ItemSet struct {
	ID  string
	Set timeset.Set
}

// Allows lists what each item allows by itself, in the order of the ids: HardShare of its shape, within the prior.
func (p *Posterior) Allows() []ItemSet {
	base := p.prior.Support()
	out := make([]ItemSet, len(p.items))
	for i, e := range p.items {
		out[i] = ItemSet{e.ID, e.allows(base)}
	}
	slices.SortFunc(out, func(a, b ItemSet) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func hardOf(prior Density, all []evidence, ws []witness) Hard {
	base := prior.Support()
	allows := make([]timeset.Set, len(all))
	h := Hard{Strict: base}
	var trusted []int
	for i, e := range all {
		allows[i] = e.allows(base)
		if e.Reliability > 0 {
			trusted = append(trusted, i)
			h.Strict = h.Strict.Intersect(allows[i])
		}
	}
	h.vote(all, ws, allows)
	if h.Strict.IsEmpty() {
		h.Core, h.CoreSmallest = coreOf(all, trusted, allows)
	}
	return h
}

func (e evidence) allows(base timeset.Set) timeset.Set {
	list := make([]timeset.Interval, 0, 8)
	for _, r := range e.readings {
		set := e.hard(r)
		for i := range set.Len() {
			list = append(list, set.At(i))
		}
	}
	return timeset.Of(list...).Intersect(base)
}

// vote holds the Marzullo sweep, one vote per clock.
func (h *Hard) vote(all []evidence, ws []witness, allows []timeset.Set) {
	votes := make([]timeset.Vote, len(ws))
	for k, w := range ws {
		set, strongest := allows[w.items[0]], 0.0
		for _, i := range w.items {
			if both := set.Intersect(allows[i]); !both.IsEmpty() {
				set = both
			}
			strongest = max(strongest, all[i].Reliability)
		}
		votes[k] = timeset.Vote{Set: set, Weight: int64(float64(strongest*1000) + 0.5)}
		h.TotalWeight += votes[k].Weight
	}
	agreed := timeset.Marzullo(votes)
	h.Robust, h.RobustWeight = agreed.Best, agreed.Weight
	for i, e := range all {
		if allows[i].Intersect(agreed.Best).IsEmpty() {
			h.Falsetickers = append(h.Falsetickers, e.ID)
		}
	}
}

// coreOf finds the smallest subsets with an empty intersection: all of size 1,
// else all of size 2, and so on.
func coreOf(all []evidence, among []int, allows []timeset.Set) (core [][]string, smallest bool) {
	limit := CoreSize
	if len(among) <= coreFewItems {
		limit = CoreSizeFew
	}
	if len(among) > coreMaxItems {
		limit = 2
	}
	for size := 1; size <= limit; size++ {
		s := search{all: all, allows: allows, size: size}
		s.extend(timeset.Set{}, nil, among)
		if len(s.found) > 0 {
			return s.found, true
		}
	}
	return [][]string{spare(all, among, allows)}, false
}

// search lists the subsets of one size whose sets share no instant. No
// smaller subset is empty, or the search would have ended before.
type search struct {
	all    []evidence
	allows []timeset.Set
	size   int
	found  [][]string
}

func (s *search) extend(common timeset.Set, chosen, rest []int) {
	for k, i := range rest {
		if len(s.found) == MaxCores {
			return
		}
		both := s.allows[i]
		if len(chosen) > 0 {
			both = common.Intersect(both)
		}
		now := append(slices.Clone(chosen), i)
		switch {
		case len(now) < s.size:
			s.extend(both, now, rest[k+1:])
		case both.IsEmpty():
			s.found = append(s.found, idsOf(s.all, now))
		}
	}
}

// spare drops items, in order, as long as the rest still contradicts itself.
func spare(all []evidence, among []int, allows []timeset.Set) []string {
	kept := slices.Clone(among)
	for k := 0; k < len(kept); {
		fewer := slices.Delete(slices.Clone(kept), k, k+1)
		if len(fewer) > 0 && commonOf(fewer, allows).IsEmpty() {
			kept = fewer
		} else {
			k++
		}
	}
	return idsOf(all, kept)
}

func commonOf(items []int, allows []timeset.Set) timeset.Set {
	common := allows[items[0]]
	for _, i := range items[1:] {
		common = common.Intersect(allows[i])
	}
	return common
}

func idsOf(all []evidence, items []int) []string {
	out := make([]string, len(items))
	for k, i := range items {
		out[k] = all[i].ID
	}
	return out
}
