package when

import (
	"fmt"
	"slices"

	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// disagreeMs is how far two clocks of one file may stand apart before neither is believed alone: ten minutes, the
// age at which a satellite fix counts as stale.
const disagreeMs = 10 * minuteMs

// dialMs is how near a satellite time must stand to what the camera's dial shows to be taken for a copy of it: programs
// that write positions copy it to the second, a phone that keeps local time in place of UTC reads it a little earlier.
const dialMs = minuteMs

// zoneMs is the farthest that a dial set to some zone can stand from UTC.
const zoneMs = 14 * 60 * minuteMs

// keptMs is how old a fix kept from an earlier use may be; in the real files the oldest is 27 hours.
const keptMs = 3 * dayMs

const (
	minuteMs = int64(60_000)
	dayMs    = 24 * 60 * minuteMs
)

// quarrel is how the camera's clock and the satellite time of one file differ.
type quarrel int

const (
	agreed   quarrel = iota
	copied           // the satellite time is the camera's dial: local time written as UTC, or a camera that keeps UTC
	daySlip          // the times of day agree and the dates do not: receivers and cameras turn their dates at different times
	setAmiss         // apart by no more than a zone: the camera's clock is set amiss
	kept             // the satellite time is older, by no more than days: a fix kept from before, or a camera set ahead
	farApart         // by more, or the other way round: a clock never set, or a date edited
)

// compare classes the difference between the readings of the camera's clock and a satellite time. Whatever a possible
// offset explains is no difference.
func compare(camera pipeline.StatedClock, readings []reading, fix timeset.Set) (quarrel, error) {
	near := fix.Widen(disagreeMs, disagreeMs)
	if meets(readings, near) {
		return agreed, nil
	}
	if camera.Wall != nil {
		dial, err := wallSet(*camera.Wall)
		if err != nil {
			return 0, err
		}
		if !dial.Intersect(fix.Widen(dialMs, dialMs)).IsEmpty() {
			return copied, nil
		}
	}
	if meets(readings, near.Shift(dayMs)) || meets(readings, near.Shift(-dayMs)) {
		return daySlip, nil
	}
	if meets(readings, fix.Widen(zoneMs, zoneMs)) {
		return setAmiss, nil
	}
	if meets(readings, fix.Widen(0, keptMs)) {
		return kept, nil
	}
	return farApart, nil
}

func meets(readings []reading, set timeset.Set) bool {
	return slices.ContainsFunc(readings, func(r reading) bool { return !r.set.Intersect(set).IsEmpty() })
}

// settleCamera holds the camera's clock against the satellite time of the same file. Readings that fit it remain. A
// difference that has a known cause adds the readings that the cause allows; otherwise the second result says by how
// much the clock is off, and it decides nothing.
func (x file) settleCamera(s pipeline.StatedClock, readings []reading) (settled []reading, doubt string, err error) {
	gps, ok := x.best(pipeline.ClockGPS)
	if !ok || len(readings) == 0 || gps.Bound != pipeline.BoundPoint {
		return readings, "", nil
	}
	fixes, err := x.readings(gps)
	if err != nil || len(fixes) == 0 {
		return readings, "", err
	}
	fix := fixes[0].set
	kind, err := compare(s, readings, fix)
	if err != nil {
		return nil, "", err
	}
	near := fix.Widen(disagreeMs, disagreeMs)
	switch kind {
	case agreed:
		return slices.DeleteFunc(slices.Clone(readings), func(r reading) bool { return r.set.Intersect(near).IsEmpty() }), "", nil
	case copied:
		return append(slices.Clone(readings), reading{fix, "UTC on the dial"}), "", nil
	case daySlip:
		return withSlips(readings, near), "", nil
	case setAmiss, kept, farApart: // nothing says which reading would be right
	}
	first, _ := readings[0].set.Bounds()
	at, _ := fix.Bounds()
	return nil, fmt.Sprintf("%s reads %s, which is %s off the satellite time %s of the same file under every possible offset (%s); the camera's clock is not relied on",
		s.Field, s.Raw, off(first.Lo-at.Lo), instant(at.Lo), offsets(readings)), nil
}

// settleGPS holds the satellite time against the camera's clock of the same file.
func (x file) settleGPS(s pipeline.StatedClock, fixes []reading) (settled []reading, doubt string, err error) {
	camera, ok := x.best(pipeline.ClockCamera, pipeline.ClockContainer)
	if !ok || len(fixes) == 0 || s.Bound != pipeline.BoundPoint || camera.Bound != pipeline.BoundPoint {
		return fixes, "", nil
	}
	readings, err := x.readings(camera)
	if err != nil || len(readings) == 0 {
		return fixes, "", err
	}
	fix := fixes[0].set
	kind, err := compare(camera, readings, fix)
	if err != nil {
		return nil, "", err
	}
	switch kind {
	case copied:
		return nil, fmt.Sprintf("%s reads %s, which is what the camera's dial shows: local time written as UTC, or a camera that keeps UTC; it is no second clock", s.Field, s.Raw), nil
	case daySlip:
		return withSlips(fixes, join(readings).Widen(disagreeMs, disagreeMs)), "", nil
	case kept:
		// Under H1 a fix kept from another day beside a sound camera is about as likely as, under H0, a camera set to the
		// claim beside a sound fix. So a fix that contradicts decides nothing when the camera's clock fits.
		if window := x.window(s.Clock); !meets(fixes, window) && meets(readings, x.window(camera.Clock)) {
			at, _ := fix.Bounds()
			return nil, fmt.Sprintf("%s reads %s, and %s fits the claimed window: either the fix is an old one or the camera is set ahead", s.Field, instant(at.Lo), camera.Field), nil
		}
	case agreed, setAmiss, farApart: // the satellites are believed
	}
	return fixes, "", nil
}

// withSlips adds to the readings those a day earlier and later that the other clock allows.
func withSlips(readings []reading, other timeset.Set) []reading {
	out := slices.Clone(readings)
	for _, r := range readings {
		if r.set.Shift(-dayMs).Intersect(other).IsEmpty() {
			if r.set.Shift(dayMs).Intersect(other).IsEmpty() {
				continue
			}
			out = append(out, reading{r.set.Shift(dayMs), r.why + " and a day later"})
			continue
		}
		out = append(out, reading{r.set.Shift(-dayMs), r.why + " and a day earlier"})
	}
	return out
}

func join(readings []reading) timeset.Set {
	set := timeset.Of()
	for _, r := range readings {
		set = set.Union(r.set)
	}
	return set
}

// window is the claimed window with the slack of a clock.
func (x file) window(kind pipeline.ClockKind) timeset.Set {
	return timeset.FromTimes(x.claim.When.From, x.claim.When.To).Widen(slackMs(kind), slackMs(kind))
}
