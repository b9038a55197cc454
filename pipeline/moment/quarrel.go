package moment

import (
	"slices"

	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// DisagreeMs is how far two clocks of one file may stand apart before neither is believed alone: ten minutes, the
// age at which a satellite fix counts as stale.
const DisagreeMs = 10 * minuteMs

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

// Quarrel is how the camera's clock and the satellite time of one file differ.
type Quarrel int

// The quarrels.
const (
	Agreed   Quarrel = iota
	Copied           // the satellite time is the camera's dial: local time written as UTC, or a camera that keeps UTC
	DaySlip          // the times of day agree and the dates do not: receivers and cameras turn their dates at different times
	SetAmiss         // apart by no more than a zone: the camera's clock is set amiss
	Kept             // the satellite time is older, by no more than days: a fix kept from before, or a camera set ahead
	FarApart         // by more, or the other way round: a clock never set, or a date edited
)

// Compare classes the difference between the readings of the camera's clock and a satellite time. Whatever a possible
// offset explains is no difference.
func Compare(camera pipeline.StatedClock, readings []Reading, fix timeset.Set) (Quarrel, error) {
	near := fix.Widen(DisagreeMs, DisagreeMs)
	if Meets(readings, near) {
		return Agreed, nil
	}
	if camera.Wall != nil {
		dial, err := wallSet(*camera.Wall)
		if err != nil {
			return 0, err
		}
		if !dial.Intersect(fix.Widen(dialMs, dialMs)).IsEmpty() {
			return Copied, nil
		}
	}
	if Meets(readings, near.Shift(dayMs)) || Meets(readings, near.Shift(-dayMs)) {
		return DaySlip, nil
	}
	if Meets(readings, fix.Widen(zoneMs, zoneMs)) {
		return SetAmiss, nil
	}
	if Meets(readings, fix.Widen(0, keptMs)) {
		return Kept, nil
	}
	return FarApart, nil
}

// Meets reports whether any reading meets the set.
func Meets(readings []Reading, set timeset.Set) bool {
	return slices.ContainsFunc(readings, func(r Reading) bool { return !r.Set.Intersect(set).IsEmpty() })
}
