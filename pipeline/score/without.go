package score

import (
	"slices"

	"whenwhere/pipeline"
)

// without gives the score without each line that counts. It is more than dropping the weight: another line of the same
// witness may step in, capped axes are scaled anew, so are place and time, and a line that was judged beside the one left
// out weighs what it would have weighed had that never been observed. A line that scaling left with less than a thousandth
// counts too when the score without it is another.
func without(rules Rules, v pipeline.Verdict) map[string]float64 {
	weighty := slices.DeleteFunc(slices.Clone(v.Lines), func(l pipeline.Line) bool { return l.Alone == 0 && len(l.Without) == 0 })
	scaledAway := map[string]bool{}
	if rules.method().scaledAway {
		scaledAway = rules.witnesses(v.Lines)
	}
	restedOn, left := restedOn(weighty), rules.leaveOut(weighty)
	out := map[string]float64{}
	for _, l := range v.Lines {
		counts := l.Weight != 0 || restedOn[l.ID]
		if !counts && !scaledAway[l.ID] {
			continue
		}
		rest, ok := left[l.ID]
		if !ok || restedOn[l.ID] {
			rest = total(leftWithout(rules, weighty, l.ID))
		}
		if score := rules.score(rest); counts || score != v.Score {
			out[l.ID] = score
		}
	}
	return out
}

// restedOn tells the lines beside which another line was judged, and would weigh otherwise without them.
func restedOn(lines []pipeline.Line) map[string]bool {
	out := map[string]bool{}
	for _, l := range lines {
		for _, w := range l.Without {
			if w.Line != l.ID && l.AloneWithout(w.Line) != l.Alone {
				out[w.Line] = true
			}
		}
	}
	return out
}

// witnesses tells the lines that no other line of the same witness outweighs.
func (r Rules) witnesses(lines []pipeline.Line) map[string]bool {
	alone := unreduced(lines)
	oneWitness(alone, r.groups(alone))
	out := map[string]bool{}
	for _, l := range alone {
		out[l.ID] = out[l.ID] || l.Weight != 0
	}
	return out
}

// unreduced is the lines as each weighs alone.
func unreduced(lines []pipeline.Line) []pipeline.Line {
	out := slices.Clone(lines)
	for i := range out {
		out[i].Weight = out[i].Alone
	}
	return out
}

// leftWithout is the lines without that of the id, reduced anew.
func leftWithout(rules Rules, lines []pipeline.Line, id string) []pipeline.Line {
	rest := slices.DeleteFunc(slices.Clone(lines), func(l pipeline.Line) bool { return l.ID == id })
	for i, l := range rest {
		rest[i].Alone = l.AloneWithout(id)
		rest[i].Weight = rest[i].Alone
	}
	reduce(rules, rest)
	return rest
}
