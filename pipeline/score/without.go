package score

import (
	"slices"

	"whenwhere/pipeline"
)

// without gives the score without each line that counts. It is more than dropping the weight: another line of the same
// witness may step in, capped axes are scaled anew, and so are place and time.
// A line keeps what it weighs alone: where that was judged beside the line that is left out, as a shadow's beside the other
// readings of its file's clock, the score is not what it would be had that clock never been read.
func without(rules Rules, lines []pipeline.Line) map[string]float64 {
	weighty := slices.DeleteFunc(slices.Clone(lines), func(l pipeline.Line) bool { return l.Alone == 0 })
	out := map[string]float64{}
	for _, l := range lines {
		if l.Weight == 0 {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(weighty), func(o pipeline.Line) bool { return o.ID == l.ID })
		for i := range rest {
			rest[i].Weight = rest[i].Alone
		}
		reduce(rules, rest)
		out[l.ID] = rules.score(total(rest))
	}
	return out
}
