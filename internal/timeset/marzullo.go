package timeset

import (
	"cmp"
	"slices"
)

// Vote is one source's statement of where the true instant may lie. A weight
// below 1 has no say. Weights are whole numbers so that their sums do not
// depend on the order of the evidence.
type Vote struct {
	Set    Set
	Weight int64
}

// Agreement is the result of a Marzullo sweep.
type Agreement struct {
	// Best holds every instant covered by the greatest weight; it is empty
	// when no vote covers anything.
	Best Set
	// Weight is the weight that covers Best.
	Weight int64
	// Falsetickers are the indices, ascending, of the votes that admit no
	// instant of Best.
	Falsetickers []int
}

// Marzullo finds the instants on which most of the weight agrees, and the
// votes that disagree (Marzullo and Owicki 1983; RFC 5905 section 11.2.1). A
// vote may be a set of several intervals and still counts once at any
// instant. Intervals are half-open: votes that only touch do not agree.
func Marzullo(votes []Vote) Agreement {
	edges := edgesOf(votes)
	best, weight := sweep(edges)
	return Agreement{Best: best, Weight: weight, Falsetickers: outside(votes, best)}
}

// edge is a change of the covering weight at one instant.
type edge struct{ at, delta int64 }

func edgesOf(votes []Vote) []edge {
	n := 0
	for _, v := range votes {
		n += 2 * len(v.Set.iv)
	}
	edges := make([]edge, 0, n)
	for _, v := range votes {
		if v.Weight < 1 {
			continue
		}
		for _, iv := range v.Set.iv {
			edges = append(edges, edge{iv.Lo, v.Weight}, edge{iv.Hi, -v.Weight})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	return edges
}

// sweep walks the edges once; all changes at one instant are applied before
// the stretch up to the next one is judged.
func sweep(edges []edge) (Set, int64) {
	var best []Interval
	var weight, top int64
	for i, e := range edges {
		weight += e.delta
		if i+1 == len(edges) || edges[i+1].at == e.at || weight < 1 || weight < top {
			continue
		}
		if weight > top {
			best, top = nil, weight
		}
		best = append(best, Interval{e.at, edges[i+1].at})
	}
	return merge(best), top
}

func outside(votes []Vote, best Set) []int {
	var out []int
	for i, v := range votes {
		if v.Set.Intersect(best).IsEmpty() {
			out = append(out, i)
		}
	}
	return out
}
