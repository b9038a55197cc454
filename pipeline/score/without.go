package score

import (
	"slices"

	"whenwhere/pipeline"
)

// without gives the score without each line that counts. It is more than dropping the weight: another line of the same
// witness may step in, capped axes are scaled anew, so are place and time, and a line that was judged beside the one left
// out weighs what it would have weighed had that never been observed.
func without(rules Rules, lines []pipeline.Line) map[string]float64 {
	weighty := slices.DeleteFunc(slices.Clone(lines), func(l pipeline.Line) bool { return l.Alone == 0 && len(l.Without) == 0 })
	out := map[string]float64{}
	for _, l := range lines {
		rests := func(o pipeline.Line) bool { return o.ID != l.ID && o.AloneWithout(l.ID) != o.Alone }
		if l.Weight != 0 || slices.ContainsFunc(weighty, rests) {
			out[l.ID] = rules.score(total(leftWithout(rules, weighty, l.ID)))
		}
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
