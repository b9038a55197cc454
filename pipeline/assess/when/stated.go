package when

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// horizonMs is how far from the claim footage of H0 may come: a year of the war.
const horizonMs = 365 * dayMs

// file is one exhibit under one claim.
type file struct{ moment.File }

func (x file) ask(q question) (pipeline.Finding, error) {
	f := pipeline.Finding{Question: q.id, Subject: x.Exhibit.Subject()}
	if x.Claim.When == nil {
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no time"
		return f, nil
	}
	stamp, ok := x.Best(q.clocks...)
	if !ok || x.Exhibit.Media == nil { // a name alone, without a file under it, shows nothing
		f.Outcome = pipeline.Unavailable
		f.Code, f.Reason = x.Exhibit.Absence(q.stage, q.name)
		f.Reason += x.unused(q.clocks)
		return f, nil
	}
	f.Basis = x.basis(stamp)
	f.Evidence = []string{x.Exhibit.Evidence(q.key, stamp.Field), "claim.when"}
	readings, err := x.Readings(stamp)
	if err != nil {
		return f, err
	}
	readings, doubt, err := x.settle(q, stamp, readings)
	if err != nil {
		return f, err
	}
	if doubt != "" {
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeClockDoubtful, doubt
		return f, nil
	}
	x.judge(&f, q, stamp, readings)
	return f, nil
}

// settle lets the two clocks of a file answer to each other before either answers the claim.
func (x file) settle(q question, s pipeline.StatedClock, readings []moment.Reading) ([]moment.Reading, string, error) {
	switch q.id {
	case askCamera:
		return x.settleCamera(s, readings)
	case askGPS:
		return x.settleGPS(s, readings)
	}
	return readings, "", nil
}

// basis is the clock behind a stamp. Tags, movie headers and names that one device wrote come from its one clock.
func (x file) basis(s pipeline.StatedClock) pipeline.Basis {
	if s.Kind == pipeline.StampCapture && s.Clock != pipeline.ClockGPS {
		return x.Exhibit.Sensor(string(pipeline.ClockCamera))
	}
	return x.Exhibit.Sensor(string(s.Clock))
}

// unused names the stamps of the clock that are there and could not be used.
func (x file) unused(kinds []pipeline.ClockKind) string {
	var out []string
	for _, s := range x.Stamps {
		if slices.Contains(kinds, s.Clock) && len(s.UTC) == 0 && s.Wall == nil && len(s.Flags) > 0 {
			out = append(out, fmt.Sprintf("%s reads %q, unused (%s)", s.Field, s.Raw, strings.Join(s.Flags, ", ")))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "; " + strings.Join(out, "; ")
}

func off(ms int64) string {
	if ms < 0 {
		ms = -ms
	}
	d := time.Duration(ms) * time.Millisecond
	if d < 2*time.Hour {
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	if d < 48*time.Hour {
		return fmt.Sprintf("%.1f hours", d.Hours())
	}
	return fmt.Sprintf("%.1f days", d.Hours()/24)
}

// judge compares the readings with the window. Each possible offset is as likely as another, so the share of them that
// falls into the window is the likelihood under H1; under H0 a genuine clock may show any time of the horizon; a bogus
// one fits the claim as often as it does not.
func (x file) judge(f *pipeline.Finding, q question, s pipeline.StatedClock, readings []moment.Reading) {
	if len(readings) == 0 {
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeClockDoubtful
		f.Reason = fmt.Sprintf("%s reads %s, a local time that did not exist under any clock kept at the claimed place", s.Field, s.Raw)
		return
	}
	if s.Bound == pipeline.BoundUpper {
		judgeUpper(f, s, readings, *x.Claim.When)
		return
	}
	near, claimed := x.window(s.Clock), timeset.FromTimes(x.Claim.When.From, x.Claim.When.To)
	fits, vague := 0, 0
	for _, r := range readings {
		if r.Set.Intersect(near).IsEmpty() {
			continue
		}
		fits++
		if r.Why == moment.AnyOffset {
			vague++
		}
	}
	share := float64(fits) / float64(len(readings))
	byChance := min(1, float64(near.Measure()+readings[0].Set.Measure())/float64(horizonMs))
	what := fmt.Sprintf("%s reads %s (%s)", s.Field, s.Raw, offsets(readings))
	switch {
	case fits > 0 && fits == vague:
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeNoZone
		f.Reason = what + ", which can be anywhere within a day without a place: it does not exclude the claimed window"
	case fits > 0:
		f.Outcome = pipeline.Supports
		f.Likelihood = &pipeline.Likelihood{H1: share / q.bogusFits, H0: byChance / q.bogusFits}
		f.Reason = fmt.Sprintf("%s: %d of %d readings in the claimed window, within %d min", what, fits, len(readings), moment.SlackMs(s.Clock)/60_000)
	case x.Exhibit.Ref.EffectiveRole() == pipeline.RoleAftermath && reachesPast(readings, claimed):
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
		f.Reason = fmt.Sprintf("%s: %s after the claimed window, as footage of an aftermath may be", what, off(nearest(readings, claimed)))
	default:
		f.Outcome = pipeline.Contradicts
		f.Likelihood = &pipeline.Likelihood{H1: 0, H0: (1 - byChance) / (1 - q.bogusFits)}
		f.Reason = fmt.Sprintf("%s: no reading in the claimed window, the nearest is %s away", what, off(nearest(readings, claimed)))
	}
}

// judgeUpper reads a stamp of sending or saving: the footage is not younger.
func judgeUpper(f *pipeline.Finding, s pipeline.StatedClock, readings []moment.Reading, when pipeline.Span) {
	latest, _ := readings[0].Set.Bounds()
	for _, r := range readings {
		if b, ok := r.Set.Bounds(); ok && b.Hi > latest.Hi {
			latest = b
		}
	}
	if latest.Hi <= when.From.UnixMilli() {
		f.Outcome = pipeline.Contradicts
		f.Likelihood = &pipeline.Likelihood{H1: 0, H0: 1}
		f.Reason = fmt.Sprintf("%s dates sending or saving to %s at the latest, %s before the claimed window opens", s.Field, instant(latest.Hi), off(when.From.UnixMilli()-latest.Hi))
		return
	}
	f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
	f.Reason = fmt.Sprintf("%s dates sending or saving to %s at the latest, which bounds the capture from above only", s.Field, instant(latest.Hi))
}

// reachesPast reports whether any reading reaches past the window.
func reachesPast(readings []moment.Reading, window timeset.Set) bool {
	w, _ := window.Bounds()
	return slices.ContainsFunc(readings, func(r moment.Reading) bool {
		b, ok := r.Set.Bounds()
		return ok && b.Hi > w.Hi
	})
}

func nearest(readings []moment.Reading, window timeset.Set) int64 {
	w, _ := window.Bounds()
	best := int64(-1)
	for _, r := range readings {
		for _, iv := range r.Set.Intervals() {
			d := max(iv.Lo-w.Hi, w.Lo-iv.Hi, 0)
			if best < 0 || d < best {
				best = d
			}
		}
	}
	return best
}

func offsets(readings []moment.Reading) string {
	var out []string
	for _, r := range readings {
		out = append(out, r.Why)
	}
	return strings.Join(out, " or ")
}

func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }
