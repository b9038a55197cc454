package shadow

import (
	"cmp"
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

// ranking is the pieces of a density that hold anything, the densest first.
type ranking struct {
	d      Density
	pieces []ranked
}

type ranked struct {
	height float64 // probability per millisecond
	piece  int
}

func (d Density) ranked() ranking {
	r := ranking{d, make([]ranked, 0, len(d.Mass))}
	for i, m := range d.Mass {
		if m > 0 {
			r.pieces = append(r.pieces, ranked{m / float64(d.Breaks[i+1]-d.Breaks[i]), i})
		}
	}
	slices.SortFunc(r.pieces, func(a, b ranked) int {
		return cmp.Or(-cmp.Compare(a.height, b.height), cmp.Compare(a.piece, b.piece))
	})
	return r
}

func (r ranking) credible(level float64) timeset.Set {
	var chosen []timeset.Interval
	sum := 0.0
	for k, p := range r.pieces {
		if sum >= level && p.height < r.pieces[k-1].height {
			break
		}
		sum += r.d.Mass[p.piece]
		chosen = append(chosen, timeset.Interval{Lo: r.d.Breaks[p.piece], Hi: r.d.Breaks[p.piece+1]})
	}
	return timeset.Of(chosen...)
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
