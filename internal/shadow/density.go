package shadow

import (
	"slices"
	"time"

	"whenwhere/internal/timeset"
)

// Density is a piecewise-constant probability over time. Piece i runs from Breaks[i] to Breaks[i+1] (milliseconds of UTC
// since 1970) and holds Mass[i] of the probability, spread evenly; masses sum to 1. Outside the breaks, and in pieces of
// mass 0, the likelihood is below the rounding of the rest. The zero value is empty.
type Density struct {
	Breaks []int64
	Mass   []float64
}

// Window is a time from From to To (exclusive) that holds a share of the probability.
type Window struct {
	From, To    time.Time
	Probability float64
}

// Credible returns the smallest set of instants that holds at least the level (0 to 1) of the probability: the pieces of
// highest density, with all pieces that tie with the last one.
func (d Density) Credible(level float64) timeset.Set {
	order := make([]int, 0, len(d.Mass))
	for i, m := range d.Mass {
		if m > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := d.height(a), d.height(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	var chosen []timeset.Interval
	sum := 0.0
	for k, i := range order {
		if sum >= level && d.height(i) < d.height(order[k-1]) {
			break
		}
		sum += d.Mass[i]
		chosen = append(chosen, timeset.Interval{Lo: d.Breaks[i], Hi: d.Breaks[i+1]})
	}
	return timeset.Of(chosen...)
}

// height is the probability per millisecond in a piece.
func (d Density) height(i int) float64 { return d.Mass[i] / float64(d.Breaks[i+1]-d.Breaks[i]) }

// Probability returns the mass inside a set of instants.
func (d Density) Probability(s timeset.Set) float64 {
	sum := 0.0
	for _, p := range d.shares(s.Intervals()) {
		sum += p
	}
	return sum
}

// Windows returns the intervals of a set with the mass of each.
func (d Density) Windows(s timeset.Set) []Window {
	intervals := s.Intervals()
	out := make([]Window, len(intervals))
	for i, p := range d.shares(intervals) {
		out[i] = Window{
			From: time.UnixMilli(intervals[i].Lo).UTC(), To: time.UnixMilli(intervals[i].Hi).UTC(),
			Probability: p,
		}
	}
	return out
}

// shares walks sorted intervals and pieces side by side.
func (d Density) shares(intervals []timeset.Interval) []float64 {
	out := make([]float64, len(intervals))
	for i, k := 0, 0; i < len(intervals) && k < len(d.Mass); {
		lo, hi := max(intervals[i].Lo, d.Breaks[k]), min(intervals[i].Hi, d.Breaks[k+1])
		if lo < hi {
			out[i] += d.Mass[k] * (float64(hi-lo) / float64(d.Breaks[k+1]-d.Breaks[k]))
		}
		if intervals[i].Hi <= d.Breaks[k+1] {
			i++
		} else {
			k++
		}
	}
	return out
}
