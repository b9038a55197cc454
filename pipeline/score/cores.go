package score

import (
	"cmp"
	"slices"

	"whenwhere/pipeline"
)

// Contradiction cores: the smallest sets of statements that cannot all be true. Each line is read as a statement on two
// propositions, the place and the time. Support that means something says that its proposition holds; a contradiction,
// that it does not. A contradiction of neither alone, as of footage that another incident claims too, says that not both
// hold. The claim says that both do. Then the inconsistent sets of which no part is inconsistent are
//
//	claim and any contradiction
//	a contradiction of the place (time) and a support of the place (time)
//	a contradiction of both, a support of the place and a support of the time
//
// Who reports an incident does not say that this clip shows it, and what no archive has may still be old: support of
// neither alone says nothing here. Context contradicts nothing but the claim: maps of control lag.
//
// What a file says of its own time can contradict itself where no line contradicts the claim: then the smallest sets of such
// items are listed, by what they refer to.

// maxContradictions bounds the sets that a record with thousands of witnesses could make. No set with the claim is left
// out for it.
const maxContradictions = 1000

// statements are the ids of the lines by what they say; "" stands for place and time both.
type statements struct{ holds, fails map[pipeline.Axis][]string }

func (r Rules) statements(lines []pipeline.Line) statements {
	out := statements{map[pipeline.Axis][]string{}, map[pipeline.Axis][]string{}}
	for _, l := range lines {
		switch {
		case l.Axis == pipeline.AxisContext:
		case l.Outcome == pipeline.Contradicts && l.Alone != 0:
			p := r.denies(l)
			out.fails[p] = append(out.fails[p], l.ID)
		case l.Outcome == pipeline.Supports && l.Alone >= r.MeaningfulBans:
			p := r.asserts(l)
			out.holds[p] = append(out.holds[p], l.ID)
		}
	}
	return out
}

// asserts is the proposition that a line speaks to, "" when it is neither or both.
func (r Rules) asserts(l pipeline.Line) pipeline.Axis {
	where, when := r.speaksTo(l, pipeline.AxisWhere), r.speaksTo(l, pipeline.AxisWhen)
	switch {
	case where && !when:
		return pipeline.AxisWhere
	case when && !where:
		return pipeline.AxisWhen
	}
	return ""
}

func (r Rules) denies(l pipeline.Line) pipeline.Axis {
	if rule, _ := r.rule(l.Question); rule.Denies != "" {
		return rule.Denies
	}
	return r.asserts(l)
}

// cores lists the smallest sets, sorted.
func cores(rules Rules, v pipeline.Verdict) [][]string {
	out := againstClaim(v.Lines)
	s := rules.statements(v.Lines)
	for _, p := range []pipeline.Axis{pipeline.AxisWhere, pipeline.AxisWhen} {
		out = product(out, s.fails[p], s.holds[p])
	}
	out = product(out, s.fails[""], s.holds[pipeline.AxisWhere], s.holds[pipeline.AxisWhen])
	for _, e := range v.Times {
		contradicted := slices.ContainsFunc(v.Lines, func(l pipeline.Line) bool {
			return l.Subject == e.Media && l.Axis == pipeline.AxisWhen && rules.contradictsOpenly(l)
		})
		if !contradicted {
			out = append(out, ofItems(e)...)
		}
	}
	return sortedSets(out[:min(len(out), maxContradictions)])
}

// ofItems is the smallest sets of what a file says of its time.
func ofItems(e pipeline.Estimate) [][]string {
	refers := map[string]string{}
	for _, i := range e.Items {
		refers[i.ID] = i.Evidence
	}
	var out [][]string
	for _, set := range e.Core {
		var named []string
		for _, id := range set {
			named = append(named, cmp.Or(refers[id], id))
		}
		out = append(out, named)
	}
	return out
}

// product appends every choice of one of each list, while there is room.
func product(out [][]string, lists ...[]string) [][]string {
	var choose func(chosen []string, rest [][]string)
	choose = func(chosen []string, rest [][]string) {
		if len(rest) == 0 {
			out = append(out, slices.Clone(chosen))
			return
		}
		for _, id := range rest[0] {
			if len(out) >= maxContradictions {
				return
			}
			choose(append(chosen, id), rest[1:])
		}
	}
	if !slices.ContainsFunc(lists, func(l []string) bool { return len(l) == 0 }) {
		choose(nil, lists)
	}
	return out
}

// againstClaim pairs the claim with each contradiction.
func againstClaim(lines []pipeline.Line) [][]string {
	out := [][]string{}
	for _, l := range lines {
		if l.Outcome == pipeline.Contradicts && l.Alone != 0 {
			out = append(out, []string{"claim", l.ID})
		}
	}
	return out
}

func sortedSets(sets [][]string) [][]string {
	slices.SortFunc(sets, slices.Compare[[]string])
	return slices.CompactFunc(sets, slices.Equal[[]string])
}

// pairs is what FoldV1 and FoldV2 did: sets of two only, without regard to what a contradiction of footage denies.
func pairs(rules Rules, v pipeline.Verdict) [][]string {
	out := againstClaim(v.Lines)
	for _, no := range v.Lines {
		for _, yes := range v.Lines {
			if no.Outcome == pipeline.Contradicts && no.Alone != 0 && yes.Outcome == pipeline.Supports && yes.Alone >= rules.MeaningfulBans &&
				len(out) < maxContradictions && rules.clash(no, yes) {
				out = append(out, []string{no.ID, yes.ID})
			}
		}
	}
	return sortedSets(out)
}

// clash reports whether two lines of opposite outcome speak to the same proposition.
func (r Rules) clash(a, b pipeline.Line) bool {
	return r.speaksTo(a, pipeline.AxisWhere) && r.speaksTo(b, pipeline.AxisWhere) ||
		r.speaksTo(a, pipeline.AxisWhen) && r.speaksTo(b, pipeline.AxisWhen)
}
