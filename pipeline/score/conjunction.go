package score

import (
	"math"

	"whenwhere/pipeline"
)

// H1 is a conjunction: the footage was filmed at the claimed place AND within the claimed time. Adding the weights of
// both would let a strong clock buy off a wrong place: of 46 claims about real photos that were moved to another photo's
// place, 15 scored 90 and more that way. So evidence for the place weighs the place, evidence for the time weighs the
// time, and the two posteriors are multiplied, each proposition having the square root of the prior:
//
//	P(H1) = P(place) · P(time),   P(x) = 1 / (1 + 10^-(w_x + log10(q/(1-q)))),   q = sqrt(prior)
//
// Evidence for both at once (footage, context, posters) is added afterwards. The lines of each proposition are scaled to
// its share of the result, its Shapley value, so that the lines add up to the total.

// conjunction is the weight of place and time together, in bans, from the weight of each.
func conjunction(prior, where, when float64) float64 {
	q := math.Sqrt(prior)
	return logOdds(certainty(q, where)*certainty(q, when)) - logOdds(prior)
}

func certainty(q, bans float64) float64 { return 1 / (1 + math.Pow(10, -bans-logOdds(q))) }

func logOdds(p float64) float64 { return math.Log10(p / (1 - p)) }

// shares splits the conjunction between place and time: what each adds on average over the two orders of adding them.
// The parts add up to the rounded whole, so that the whole never falls when evidence grows, and no part is farther from 0
// than what it is a part of.
func shares(prior float64, where, when milliBans) (ofWhere, ofWhen milliBans) {
	w, t := where.bans(), when.bans()
	both := conjunction(prior, w, t)
	ofWhere = within(toMilli((conjunction(prior, w, 0)+both-conjunction(prior, 0, t))/2), where)
	ofWhen = within(toMilli(both)-ofWhere, when)
	return toMilli(both) - ofWhen, ofWhen
}

// within brings part between 0 and whole.
func within(part, whole milliBans) milliBans { return min(max(part, min(whole, 0)), max(whole, 0)) }

// conjoin scales the lines of each proposition to its share.
func conjoin(prior float64, lines []pipeline.Line, groups []group) {
	sums := map[pipeline.Axis]milliBans{}
	for i, l := range lines {
		sums[groups[i].proposition] += toMilli(l.Weight)
	}
	const note = "place and time must both hold; this is what it adds to both"
	share := func(p pipeline.Axis, target milliBans) {
		if sum := sums[p]; sum != target && sum != 0 {
			scale(lines, func(i int) bool { return groups[i].proposition == p }, sum, target, note)
		}
	}
	ofWhere, ofWhen := shares(prior, sums[pipeline.AxisWhere], sums[pipeline.AxisWhen])
	share(pipeline.AxisWhere, ofWhere)
	share(pipeline.AxisWhen, ofWhen)
}
