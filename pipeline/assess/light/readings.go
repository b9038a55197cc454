package light

import (
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// clockGenuine is r of the rules for the device's clock.
const clockGenuine = 0.9

// otherReadings is what the clock of the file allows outside the claimed window, and what share of its readings that is;
// none unless some reading allows the window.
func otherReadings(offsets moment.Offsets, in pipeline.Case, media string) (others timeset.Set, share float64, err error) {
	for _, e := range in.Media {
		if e.Ref.File != media || e.Media == nil || offsets == nil {
			continue
		}
		x, err := moment.NewFile(offsets, in.Incident.Claim, e)
		if err != nil {
			return others, 0, err
		}
		s, ok := x.Best(pipeline.ClockCamera, pipeline.ClockContainer)
		if !ok || s.Kind != pipeline.StampCapture || s.Bound != pipeline.BoundPoint {
			return others, 0, nil
		}
		readings, err := x.Readings(s)
		if err != nil {
			return others, 0, err
		}
		slack, out := moment.SlackMs(s.Clock), 0
		window := timeset.FromTimes(in.Incident.Claim.When.From, in.Incident.Claim.When.To)
		for _, r := range readings {
			if set := r.Set.Widen(slack, slack); set.Intersect(window).IsEmpty() {
				others, out = others.Union(set), out+1
			}
		}
		if out == len(readings) {
			return timeset.Set{}, 0, nil
		}
		return others, float64(out) / float64(len(readings)), nil
	}
	return others, 0, nil
}
