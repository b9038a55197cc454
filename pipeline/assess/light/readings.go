package light

import (
	"fmt"
	"slices"

	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// clockGenuine is r of the rules for the device's clock.
const clockGenuine = 0.9

// otherTimes is what the clock of a file allows outside the claimed window, and what share of its readings that is; none
// unless some reading allows the window.
type otherTimes struct {
	set   timeset.Set
	share float64
}

// weight is the share of H0 that a genuine clock gives to its other readings.
func (o otherTimes) weight() float64 {
	return clockGenuine * o.share / (clockGenuine*o.share + 1 - clockGenuine)
}

func (o otherTimes) equal(p otherTimes) bool {
	return o.share == p.share && slices.Equal(o.set.Intervals(), p.set.Intervals())
}

func otherReadings(offsets moment.Offsets, claim pipeline.Claim, e pipeline.Exhibit) (otherTimes, error) {
	if e.Media == nil || offsets == nil {
		return otherTimes{}, nil
	}
	x, err := moment.NewFile(offsets, claim, e)
	if err != nil {
		return otherTimes{}, err
	}
	s, ok := x.Best(pipeline.ClockCamera, pipeline.ClockContainer)
	if !ok || s.Kind != pipeline.StampCapture || s.Bound != pipeline.BoundPoint {
		return otherTimes{}, nil
	}
	readings, err := x.Readings(s)
	if err != nil {
		return otherTimes{}, err
	}
	var others timeset.Set
	slack, out := moment.SlackMs(s.Clock), 0
	window := timeset.FromTimes(claim.When.From, claim.When.To)
	for _, r := range readings {
		if set := r.Set.Widen(slack, slack); set.Intersect(window).IsEmpty() {
			others, out = others.Union(set), out+1
		}
	}
	if out == len(readings) {
		return otherTimes{}, nil
	}
	return otherTimes{others, float64(out) / float64(len(readings))}, nil
}

// lacking is what the clock of a file allows without the stamps of one of its lines.
type lacking struct {
	line   string
	others otherTimes
}

// otherReadingsWithout asks again without the stamps behind each line on whose clock the other times rest: the device's,
// and the name, which may prove in which zone a movie's header is. Lines that change nothing are left out.
func otherReadingsWithout(offsets moment.Offsets, claim pipeline.Claim, e pipeline.Exhibit, all otherTimes) ([]lacking, error) {
	var out []lacking
	for _, l := range []struct {
		question pipeline.QuestionID // of package when
		clocks   []pipeline.ClockKind
	}{
		{"when.camera_clock", []pipeline.ClockKind{pipeline.ClockCamera, pipeline.ClockContainer}},
		{"when.file_name", []pipeline.ClockKind{pipeline.ClockFileName}},
	} {
		without, err := unclocked(e, l.clocks)
		if err != nil {
			return nil, err
		}
		others, err := otherReadings(offsets, claim, without)
		if err != nil {
			return nil, err
		}
		if !others.equal(all) {
			out = append(out, lacking{fmt.Sprintf("%s@%s", l.question, e.Subject()), others})
		}
	}
	return out, nil
}

// unclocked is the exhibit as if nothing had ever stated the clocks.
func unclocked(e pipeline.Exhibit, clocks []pipeline.ClockKind) (pipeline.Exhibit, error) {
	e.Observed = slices.Clone(e.Observed)
	for i, o := range e.Observed {
		for _, key := range []pipeline.Key[[]pipeline.StatedClock]{pipeline.ClocksKey, pipeline.NameClocksKey} {
			if o.Key != key.ID {
				continue
			}
			stamps, _, err := key.In(pipeline.Observations{o})
			if err != nil {
				return e, err
			}
			stamps = slices.DeleteFunc(stamps, func(s pipeline.StatedClock) bool { return slices.Contains(clocks, s.Clock) })
			if e.Observed[i], err = key.Observe(stamps); err != nil {
				return e, err
			}
		}
	}
	return e, nil
}
