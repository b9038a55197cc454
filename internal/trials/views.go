package trials

import (
	"math"
	"slices"

	"whenwhere/internal/calibration"
	"whenwhere/pipeline"
)

// Population is judged claims that are told of together.
type Population struct {
	Name   string // short, for tables
	Doc    string // a sentence
	Judged []Judged
	AsIs   bool // drawn with half of them true: the claims are counted as they are; else true and false ones count the same
}

// Part is which events of a population are looked at.
type Part string

// Parts.
const (
	Fit    Part = "fit"
	Report Part = "report"
	All    Part = "all"
)

// Of selects the claims of a part.
func (p Population) Of(part Part) Population {
	if part != All {
		p.Judged = slices.DeleteFunc(slices.Clone(p.Judged), func(x Judged) bool { return x.Report != (part == Report) })
	}
	return p
}

// Whole is the view of the score itself.
const Whole pipeline.Axis = "score"

// Views are the score and each of its axes.
func Views() []pipeline.Axis { return append([]pipeline.Axis{Whole}, pipeline.Axes()...) }

// Claims is a population seen from one of the views; ok is false when there are not both true and false claims that have
// an answer. Axes are balanced in any population, because place and time are each true more often than both.
func (c Court) Claims(p Population, view pipeline.Axis) (calibration.Claims, bool) {
	var out calibration.Claims
	for _, x := range p.Judged {
		bans, answered := x.Verdict.Weight, true
		if view != Whole {
			bans, answered = c.witnesses(x.Verdict.Lines, view)
		}
		if answered {
			out = append(out, calibration.Claim{Bans: bans, True: x.about(view), Count: 1, Event: x.Event})
		}
	}
	balanced, ok := out.Balanced()
	if p.AsIs && view == Whole {
		return out, ok
	}
	return balanced, ok
}

// about is whether what an axis is about is true.
func (c Claim) about(axis pipeline.Axis) bool {
	if axis == pipeline.AxisWhere {
		return c.PlaceTrue
	}
	if axis == pipeline.AxisWhen {
		return c.TimeTrue
	}
	return c.True()
}

// witnesses adds the strongest support and the strongest contradiction of each basis, within the cap of the axis: what the
// fold does before it joins place and time.
func (c Court) witnesses(lines []pipeline.Line, axis pipeline.Axis) (bans float64, answered bool) {
	type side struct {
		basis pipeline.Basis
		yes   bool
	}
	strongest := map[side]float64{}
	for _, l := range lines {
		if l.Axis != axis || !decides(l) {
			continue
		}
		answered = true
		s := side{l.Basis, l.Outcome == pipeline.Supports}
		if math.Abs(l.Alone) > math.Abs(strongest[s]) {
			strongest[s] = l.Alone
		}
	}
	milli := 0
	for _, b := range strongest {
		milli += int(math.Round(b * 1000)) // whole thousandths: the order of the map does not matter
	}
	bans = float64(milli) / 1000
	if limit, capped := c.rules.AxisCaps[axis]; capped {
		bans = min(max(bans, -limit), limit)
	}
	return bans, answered
}

func decides(l pipeline.Line) bool {
	return l.Outcome == pipeline.Supports || l.Outcome == pipeline.Contradicts
}
