package when

import (
	"fmt"
	"slices"

	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

const (
	minuteMs = int64(60_000)
	dayMs    = 24 * 60 * minuteMs
)

// settleCamera holds the camera's clock against the satellite time of the same file. Readings that fit it remain. A
// difference that has a known cause adds the readings that the cause allows; otherwise the second result says by how
// much the clock is off, and it decides nothing.
func (x file) settleCamera(s pipeline.StatedClock, readings []moment.Reading) (settled []moment.Reading, doubt string, err error) {
	gps, ok := x.Best(pipeline.ClockGPS)
	if !ok || len(readings) == 0 || gps.Bound != pipeline.BoundPoint {
		return readings, "", nil
	}
	fixes, err := x.Readings(gps)
	if err != nil || len(fixes) == 0 {
		return readings, "", err
	}
	fix := fixes[0].Set
	kind, err := moment.Compare(s, readings, fix)
	if err != nil {
		return nil, "", err
	}
	near := fix.Widen(moment.DisagreeMs, moment.DisagreeMs)
	switch kind {
	case moment.Agreed:
		return slices.DeleteFunc(slices.Clone(readings), func(r moment.Reading) bool { return r.Set.Intersect(near).IsEmpty() }), "", nil
	case moment.Copied:
		return append(slices.Clone(readings), moment.Reading{Set: fix, Why: "UTC on the dial"}), "", nil
	case moment.DaySlip:
		return withSlips(readings, near), "", nil
	case moment.SetAmiss, moment.Kept, moment.FarApart: // nothing says which reading would be right
	}
	first, _ := readings[0].Set.Bounds()
	at, _ := fix.Bounds()
	return nil, fmt.Sprintf("%s reads %s, which is %s off the satellite time %s of the same file under every possible offset (%s); the camera's clock is not relied on",
		s.Field, s.Raw, off(first.Lo-at.Lo), instant(at.Lo), offsets(readings)), nil
}

// settleGPS holds the satellite time against the camera's clock of the same file.
func (x file) settleGPS(s pipeline.StatedClock, fixes []moment.Reading) (settled []moment.Reading, doubt string, err error) {
	camera, ok := x.Best(pipeline.ClockCamera, pipeline.ClockContainer)
	if !ok || len(fixes) == 0 || s.Bound != pipeline.BoundPoint || camera.Bound != pipeline.BoundPoint {
		return fixes, "", nil
	}
	readings, err := x.Readings(camera)
	if err != nil || len(readings) == 0 {
		return fixes, "", err
	}
	fix := fixes[0].Set
	kind, err := moment.Compare(camera, readings, fix)
	if err != nil {
		return nil, "", err
	}
	switch kind {
	case moment.Copied:
		return nil, fmt.Sprintf("%s reads %s, which is what the camera's dial shows: local time written as UTC, or a camera that keeps UTC; it is no second clock", s.Field, s.Raw), nil
	case moment.DaySlip:
		return withSlips(fixes, join(readings).Widen(moment.DisagreeMs, moment.DisagreeMs)), "", nil
	case moment.Kept:
		// Under H1 a fix kept from another day beside a sound camera is about as likely as, under H0, a camera set to the
		// claim beside a sound fix. So a fix that contradicts decides nothing when the camera's clock fits.
		if window := x.window(s.Clock); !moment.Meets(fixes, window) && moment.Meets(readings, x.window(camera.Clock)) {
			at, _ := fix.Bounds()
			return nil, fmt.Sprintf("%s reads %s, and %s fits the claimed window: either the fix is an old one or the camera is set ahead", s.Field, instant(at.Lo), camera.Field), nil
		}
	case moment.Agreed, moment.SetAmiss, moment.FarApart: // the satellites are believed
	}
	return fixes, "", nil
}

// withSlips adds to the readings those a day earlier and later that the other clock allows.
func withSlips(readings []moment.Reading, other timeset.Set) []moment.Reading {
	out := slices.Clone(readings)
	for _, r := range readings {
		if r.Set.Shift(-dayMs).Intersect(other).IsEmpty() {
			if r.Set.Shift(dayMs).Intersect(other).IsEmpty() {
				continue
			}
			out = append(out, moment.Reading{Set: r.Set.Shift(dayMs), Why: r.Why + " and a day later"})
			continue
		}
		out = append(out, moment.Reading{Set: r.Set.Shift(-dayMs), Why: r.Why + " and a day earlier"})
	}
	return out
}

func join(readings []moment.Reading) timeset.Set {
	set := timeset.Of()
	for _, r := range readings {
		set = set.Union(r.Set)
	}
	return set
}

// window is the claimed window with the slack of a clock.
func (x file) window(kind pipeline.ClockKind) timeset.Set {
	return timeset.FromTimes(x.Claim.When.From, x.Claim.When.To).Widen(moment.SlackMs(kind), moment.SlackMs(kind))
}
