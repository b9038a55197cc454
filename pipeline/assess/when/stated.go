package when

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// horizonMs is how far from the claim footage of H0 may come: a year of the war.
const horizonMs = 365 * dayMs

// file is one exhibit under one claim.
type file struct {
	offsets Offsets
	claim   pipeline.Claim
	exhibit pipeline.Exhibit
	stamps  []pipeline.StatedClock
}

// anyOffset is the reading of a local time whose place is unknown.
const anyOffset = "any offset"

// reading is one set of instants that a stamp may mean, and under which offset.
type reading struct {
	set timeset.Set
	why string
}

func (x file) ask(q question) (pipeline.Finding, error) {
	f := pipeline.Finding{Question: q.id, Subject: x.exhibit.Subject()}
	if x.claim.When == nil {
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no time"
		return f, nil
	}
	stamp, ok := x.best(q.clocks...)
	if !ok || x.exhibit.Media == nil { // a name alone, without a file under it, shows nothing
		f.Outcome = pipeline.Unavailable
		f.Code, f.Reason = x.exhibit.Absence(q.stage, q.name)
		f.Reason += x.unused(q.clocks)
		return f, nil
	}
	f.Basis = x.basis(stamp)
	f.Evidence = []string{x.exhibit.Evidence(q.key, stamp.Field), "claim.when"}
	readings, err := x.readings(stamp)
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
func (x file) settle(q question, s pipeline.StatedClock, readings []reading) ([]reading, string, error) {
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
		return x.exhibit.Sensor(string(pipeline.ClockCamera))
	}
	return x.exhibit.Sensor(string(s.Clock))
}

// best is the stamp of the clocks that speaks for them: a capture before anything else, a point before a bound, the first
// in the file's order after that.
func (x file) best(kinds ...pipeline.ClockKind) (pipeline.StatedClock, bool) {
	rank := func(s pipeline.StatedClock) int {
		switch {
		case s.Kind == pipeline.StampCapture && s.Bound == pipeline.BoundPoint:
			return 0
		case s.Kind == pipeline.StampCapture:
			return 1
		case s.Bound == pipeline.BoundUpper:
			return 2
		}
		return 3
	}
	var best pipeline.StatedClock
	found := false
	for _, s := range x.stamps {
		if !slices.Contains(kinds, s.Clock) || len(s.UTC) == 0 && s.Wall == nil || rank(s) == 3 {
			continue
		}
		if !found || rank(s) < rank(best) {
			best, found = s, true
		}
	}
	return best, found
}

// unused names the stamps of the clock that are there and could not be used.
func (x file) unused(kinds []pipeline.ClockKind) string {
	var out []string
	for _, s := range x.stamps {
		if slices.Contains(kinds, s.Clock) && len(s.UTC) == 0 && s.Wall == nil && len(s.Flags) > 0 {
			out = append(out, fmt.Sprintf("%s reads %q, unused (%s)", s.Field, s.Raw, strings.Join(s.Flags, ", ")))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "; " + strings.Join(out, "; ")
}

// readings lists what the stamp may mean: its UTC spans, and its wall time under each offset that a device at the
// claimed place may have shown. nil candidates, for a claim without a place, make one reading over all offsets.
func (x file) readings(s pipeline.StatedClock) ([]reading, error) {
	var out []reading
	if len(s.UTC) > 0 {
		set := timeset.Of()
		for _, span := range s.UTC {
			set = set.Union(timeset.FromTimes(span.From, span.To))
		}
		if !set.IsEmpty() {
			out = append(out, reading{set, "zone as stated"})
		}
	}
	if s.Wall == nil {
		return out, nil
	}
	local, err := wallSet(*s.Wall)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", s.Field, x.exhibit.Subject(), err)
	}
	candidates, err := x.offsets.Candidates(x.place(), clock.Stamp{Local: local, Zone: clock.Unknown})
	if err != nil {
		return nil, fmt.Errorf("offsets at the claimed place: %w", err)
	}
	if candidates == nil {
		return append(out, reading{clock.Resolve(local, nil), anyOffset}), nil
	}
	for _, c := range candidates {
		out = append(out, reading{clock.Resolve(local, []clock.Candidate{c}), offsetText(c.OffsetMin)})
	}
	return out, nil
}

func (x file) place() *clock.LatLon {
	if x.claim.Where == nil {
		return nil
	}
	return &clock.LatLon{Lat: x.claim.Where.Lat, Lon: x.claim.Where.Lon}
}

func wallSet(w pipeline.WallSpan) (timeset.Set, error) {
	from, err := time.Parse(pipeline.WallLayout, w.From)
	if err != nil {
		return timeset.Set{}, err
	}
	to, err := time.Parse(pipeline.WallLayout, w.To)
	if err != nil {
		return timeset.Set{}, err
	}
	return timeset.FromTimes(from, to), nil
}

func offsetText(min int) string {
	sign := '+'
	if min < 0 {
		sign, min = '-', -min
	}
	return fmt.Sprintf("%c%02d:%02d", sign, min/60, min%60)
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
func (x file) judge(f *pipeline.Finding, q question, s pipeline.StatedClock, readings []reading) {
	if len(readings) == 0 {
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeClockDoubtful
		f.Reason = fmt.Sprintf("%s reads %s, a local time that did not exist under any clock kept at the claimed place", s.Field, s.Raw)
		return
	}
	if s.Bound == pipeline.BoundUpper {
		judgeUpper(f, s, readings, *x.claim.When)
		return
	}
	near, claimed := x.window(s.Clock), timeset.FromTimes(x.claim.When.From, x.claim.When.To)
	fits, vague := 0, 0
	for _, r := range readings {
		if r.set.Intersect(near).IsEmpty() {
			continue
		}
		fits++
		if r.why == anyOffset {
			vague++
		}
	}
	share := float64(fits) / float64(len(readings))
	byChance := min(1, float64(near.Measure()+readings[0].set.Measure())/float64(horizonMs))
	what := fmt.Sprintf("%s reads %s (%s)", s.Field, s.Raw, offsets(readings))
	switch {
	case fits > 0 && fits == vague:
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeNoZone
		f.Reason = what + ", which can be anywhere within a day without a place: it does not exclude the claimed window"
	case fits > 0:
		f.Outcome = pipeline.Supports
		f.Likelihood = &pipeline.Likelihood{H1: share / q.bogusFits, H0: byChance / q.bogusFits}
		f.Reason = fmt.Sprintf("%s: %d of %d readings in the claimed window, within %d min", what, fits, len(readings), slackMs(s.Clock)/60_000)
	case x.exhibit.Ref.EffectiveRole() == pipeline.RoleAftermath && reachesPast(readings, claimed):
		f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeWeak
		f.Reason = fmt.Sprintf("%s: %s after the claimed window, as footage of an aftermath may be", what, off(nearest(readings, claimed)))
	default:
		f.Outcome = pipeline.Contradicts
		f.Likelihood = &pipeline.Likelihood{H1: 0, H0: (1 - byChance) / (1 - q.bogusFits)}
		f.Reason = fmt.Sprintf("%s: no reading in the claimed window, the nearest is %s away", what, off(nearest(readings, claimed)))
	}
}

// judgeUpper reads a stamp of sending or saving: the footage is not younger.
func judgeUpper(f *pipeline.Finding, s pipeline.StatedClock, readings []reading, when pipeline.Span) {
	latest, _ := readings[0].set.Bounds()
	for _, r := range readings {
		if b, ok := r.set.Bounds(); ok && b.Hi > latest.Hi {
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
func reachesPast(readings []reading, window timeset.Set) bool {
	w, _ := window.Bounds()
	return slices.ContainsFunc(readings, func(r reading) bool {
		b, ok := r.set.Bounds()
		return ok && b.Hi > w.Hi
	})
}

func nearest(readings []reading, window timeset.Set) int64 {
	w, _ := window.Bounds()
	best := int64(-1)
	for _, r := range readings {
		for _, iv := range r.set.Intervals() {
			d := max(iv.Lo-w.Hi, w.Lo-iv.Hi, 0)
			if best < 0 || d < best {
				best = d
			}
		}
	}
	return best
}

func offsets(readings []reading) string {
	var out []string
	for _, r := range readings {
		out = append(out, r.why)
	}
	return strings.Join(out, " or ")
}

func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }
