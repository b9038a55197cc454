package clock

import "time"

// FitGPS holds the fix of a shot against the camera's dial and returns it
// with what came to light: the date a day off is put right, a fix that no
// zone in use brings to the dial is flagged as stale, and one that repeats
// the dial to two minutes, where candidates (Zones.Candidates; nil when the
// place is unknown) hold no UTC device, keeps both readings, as UTC and as
// local time. A fix that fits keeps its reading of several (week rollover).
// offsetMin is the camera's offset if the fix proves one.
//
// A fix may be older than the shot by as much as the quality says, so the
// spans remain those of the fix.
func FitGPS(camera, gps Stamp, candidates []Candidate, until time.Time) (fixed Stamp, offsetMin int, quality Quality, ok bool) {
	offsetMin, reading, quality, ok := InferFrom(camera, gps)
	if !ok {
		if camera.Usable() && gps.Usable() && !camera.Local.IsEmpty() {
			gps = gps.with(FlagGPSStale)
		}
		return gps, 0, Stale, false
	}
	fixed = gps
	fixed.Spans = span(reading.Lo, reading.Width())
	dial, _ := camera.Local.Bounds()
	switch {
	case quality == DaySlip:
		slip := dayMs
		if dial.Lo-minutesMs(offsetMin) < reading.Lo {
			slip = -dayMs
		}
		fixed.Spans = fixed.Spans.Shift(slip)
		fixed = fixed.with(FlagGPSDaySlip).checked(until)
	case offsetMin == 0 && candidates != nil && !admits(candidates, 0):
		fixed.Spans = fixed.Spans.Union(Resolve(span(reading.Lo, reading.Width()), candidates))
		return fixed.with(FlagGPSIsLocal), 0, quality, false
	}
	return fixed, offsetMin, quality, fixed.Usable()
}

func admits(candidates []Candidate, offsetMin int) bool {
	for _, c := range candidates {
		if c.OffsetMin == offsetMin {
			return true
		}
	}
	return false
}
