package moment

import (
	"slices"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// clip is what the length of a recording adds to the stamps of its file.
type clip struct {
	durationMs int64
	named      string // raw text of the name that was held against the header; empty when there is nothing to compare
	offsetsMin []int  // of the name's dial, where the header proves them
	local      bool   // the header repeats the name's dial
}

// deviceUTC is how likely a device keeps UTC whose header repeats the dial of its name: otherwise the header is in local
// time. As package device judges it.
const deviceUTC = 0.05

// clipped takes the length of the recording into the stamps: a header, which is written at either end, becomes the time
// of recording, and header and name prove each other's zone and end where their difference can (package clock). The
// recording also runs on from what its name says. Without a known length the stamps stay as they are.
func (x File) clipped() (File, error) {
	c, ok, err := pipeline.ClipKey.In(x.Exhibit.Observed)
	if err != nil || !ok {
		return x, err
	}
	x.clip, x.Stamps = &clip{durationMs: c.DurationMs}, slices.Clone(x.Stamps)
	name := x.indexOf(pipeline.ClockFileName, func(pipeline.StatedClock) bool { return true })
	header := x.indexOf(pipeline.ClockContainer, func(s pipeline.StatedClock) bool { return s.Wall != nil && len(s.UTC) > 0 })
	var readings []clock.ClipReading
	if name >= 0 && header >= 0 {
		if readings, err = x.fit(name, header); err != nil {
			return x, err
		}
	}
	for i, s := range x.Stamps {
		if s.Clock != pipeline.ClockContainer || !isCapture(s) || len(s.UTC) == 0 && s.Wall == nil {
			continue
		}
		var proved []clock.ClipReading
		if i == header {
			proved = readings
		}
		if x.Stamps[i], err = recording(s, proved, c.DurationMs); err != nil {
			return x, err
		}
	}
	return x, nil
}

func isCapture(s pipeline.StatedClock) bool {
	return s.Kind == pipeline.StampCapture && s.Bound == pipeline.BoundPoint
}

func (x File) indexOf(kind pipeline.ClockKind, is func(pipeline.StatedClock) bool) int {
	return slices.IndexFunc(x.Stamps, func(s pipeline.StatedClock) bool {
		return s.Clock == kind && isCapture(s) && (len(s.UTC) > 0 || s.Wall != nil) && is(s)
	})
}

// fit holds the name against the header, and keeps in clip what that says of the name.
func (x File) fit(name, header int) ([]clock.ClipReading, error) {
	n, err := stampOf(x.Stamps[name])
	if err != nil {
		return nil, err
	}
	h, err := stampOf(x.Stamps[header])
	if err != nil {
		return nil, err
	}
	readings, ok := clock.FitClip(n, h, x.clip.durationMs)
	if !ok {
		return nil, nil
	}
	n = n.UnderClip(readings)
	x.Stamps[name].Flags = n.Flags
	x.clip.named, x.clip.offsetsMin = n.Raw, n.OffsetsMin
	x.clip.local = n.Has(clock.FlagClipLocal)
	return readings, nil
}

// recording is a stamp of the container as the time of recording.
func recording(s pipeline.StatedClock, readings []clock.ClipReading, durationMs int64) (pipeline.StatedClock, error) {
	st, err := stampOf(s)
	if err != nil {
		return s, err
	}
	if st.Zone != clock.UTCOrLocal { // the standard leaves no choice, or the stamp states its zone; its end stays open
		st.Spans, st.Local = st.Spans.Widen(durationMs, durationMs), st.Local.Widen(durationMs, durationMs)
	} else {
		st = st.Recording(readings, durationMs, time.UnixMilli(everMs().Hi))
	}
	s.Flags, s.UTC, s.Wall = st.Flags, nil, nil
	if st.Zone == clock.UTC {
		s.UTC = spans(st.Spans)
	}
	if b, ok := st.Local.Bounds(); ok {
		s.Wall = &pipeline.WallSpan{From: wallText(b.Lo), To: wallText(b.Hi)}
		if st.Zone == clock.UTCOrLocal {
			s.UTC = spans(st.Local)
		}
	}
	return s, nil
}

func wallText(ms int64) string { return time.UnixMilli(ms).UTC().Format(pipeline.WallLayout) }

// stampOf is what an observation keeps of a stamp, as a stamp.
func stampOf(s pipeline.StatedClock) (clock.Stamp, error) {
	out := clock.Stamp{Field: s.Field, Raw: s.Raw, Kind: clock.Kind(s.Kind), Bound: clock.Bound(s.Bound), Flags: s.Flags, Basis: string(s.Clock), Zone: clock.UTC, Spans: spanSet(s.UTC)}
	if s.Wall == nil {
		return out, nil
	}
	local, err := wallSet(*s.Wall)
	out.Local, out.Zone = local, clock.Unknown
	if len(s.UTC) > 0 {
		out.Zone = clock.UTCOrLocal
	}
	out.Spans = clock.Resolve(local, nil)
	return out, err
}

// headerUTC is the share of movie headers in UTC, as the standard wants; the others share the offsets of the place.
// Judged: phones write UTC, many cameras and recorders local time. A header that repeats the dial of the name is in UTC
// only on a device that keeps UTC.
func (x File) headerUTC() float64 {
	if x.clip != nil && x.clip.local {
		return deviceUTC
	}
	return 0.5
}

// slackMs is SlackMs for a stamp of this file: where the length of the recording is known, it is in the readings already.
func (x File) slackMs(kind pipeline.ClockKind) int64 {
	if kind == pipeline.ClockContainer && x.clip != nil {
		return minuteMs
	}
	return SlackMs(kind)
}

// named tells what the header says of the readings of a file's name: the offsets that it proves, and that the dial may be
// in UTC. afterMs is how long the recording runs on.
func (x File) named(s pipeline.StatedClock) (proved []clock.Candidate, orUTC bool, afterMs int64) {
	if x.clip == nil || s.Clock != pipeline.ClockFileName || !isCapture(s) {
		return nil, false, 0
	}
	if s.Raw == x.clip.named {
		for _, o := range x.clip.offsetsMin {
			proved = append(proved, clock.Candidate{OffsetMin: o, Why: "name against header"})
		}
		orUTC = x.clip.local && s.Wall != nil
	}
	return proved, orUTC, x.clip.durationMs
}

// heldTogether are what the comparisons of the file's stamps left on them: of name and header, and, with the field, of what one
// clock wrote in one act.
func (x File) heldTogether() []string {
	var out []string
	for _, s := range x.Stamps {
		for _, f := range []string{clock.FlagClipStart, clock.FlagClipEnd, clock.FlagClipLocal, clock.FlagClipUnfit} {
			if slices.Contains(s.Flags, f) {
				out = append(out, f)
			}
		}
		for _, f := range []string{clock.FlagModifiedLater, clock.FlagFieldsDiffer, clock.FlagTracksDiffer} {
			if slices.Contains(s.Flags, f) {
				out = append(out, s.Field+": "+f)
			}
		}
	}
	return out
}

func afterwards(set timeset.Set, ms int64) timeset.Set {
	if ms == 0 {
		return set
	}
	return set.Widen(0, ms)
}
