package clock

import (
	"slices"
	"time"

	"whenwhere/internal/timeset"
)

// Edge is the end of a recording at which its header was written.
type Edge string

// The edges. Phones stamp the movie header when recording stops, many cameras
// when it starts; clips of a few seconds leave it open.
const (
	AtStart  Edge = "start"
	AtEnd    Edge = "end"
	AtEither Edge = "either"
)

// The tolerances of the test in milliseconds: the header is written up to 3 s
// after and, by rounding, 2 s before the start that the name holds; or 3 s
// before to 5 s after the end (Pixel: 2 s late; Samsung VID_20210528_154038
// against 15:40:43; chronolocation design, 3.4).
const (
	startEarlyMs, startLateMs = -2000, 3000
	endEarlyMs, endLateMs     = -3000, 5000
)

// maxClipMs bounds the length of one recording: cameras split files after
// minutes, dashcams after an hour; a day is a damaged header.
const maxClipMs = dayMs

// ClipReading is one way in which the name and the header of a movie agree.
type ClipReading struct {
	// OffsetMin is the offset of the name's dial if the header is in UTC; 0
	// for a name in UTC.
	OffsetMin int
	Edge      Edge
	// Local: the header repeats the dial of the name, so either the header is
	// in local time or the device runs on UTC.
	Local bool
}

// FitClip compares the start of recording in a file's name with the header's
// creation time (both stamps of FromFileName and QuickTime) and the clip's
// length. Their difference tells start from end and, modulo the offsets in
// civil use, the zone of the name. Every reading that fits is returned,
// westmost first; none fits when either was changed. ok is false when there
// is nothing to compare.
func FitClip(name, created Stamp, durationMs int64) (readings []ClipReading, ok bool) {
	header, usable := created.Local.Bounds()
	if !usable || created.Zone != UTCOrLocal || durationMs < 0 || durationMs > maxClipMs || name.Kind != Capture {
		return nil, false
	}
	if start, ok := name.Spans.Bounds(); ok && name.Zone == UTC && narrow(start) {
		return clipReadings(header.Lo-start.Lo, durationMs, []int{0}), true
	}
	dial, ok := name.Local.Bounds()
	if !ok || !narrow(dial) {
		return nil, false
	}
	readings = clipReadings(header.Lo-dial.Lo, durationMs, offsetsInUse)
	for i := range readings {
		readings[i].Local = readings[i].OffsetMin == 0
	}
	return readings, true
}

func clipReadings(diffMs, durationMs int64, offsets []int) []ClipReading {
	var found []ClipReading
	for _, o := range offsets {
		late := diffMs + minutesMs(o)
		starts := late >= startEarlyMs && late <= startLateMs
		ends := late >= durationMs+endEarlyMs && late <= durationMs+endLateMs
		switch {
		case starts && ends:
			found = append(found, ClipReading{OffsetMin: o, Edge: AtEither})
		case starts:
			found = append(found, ClipReading{OffsetMin: o, Edge: AtStart})
		case ends:
			found = append(found, ClipReading{OffsetMin: o, Edge: AtEnd})
		}
	}
	return found
}

// Recording turns the header's stamp into the time of recording. With
// readings (of FitClip) it is the clip's length before or after the header;
// without, one length on both sides. Readings that prove a zone other than
// the header's own dial put the stamp into UTC; those that only show that
// header and name agree leave its zone open.
func (s Stamp) Recording(readings []ClipReading, durationMs int64, until time.Time) Stamp {
	b, ok := s.Local.Bounds()
	if !ok || s.Zone != UTCOrLocal || durationMs < 0 || durationMs > maxClipMs {
		return s
	}
	if len(readings) == 0 {
		return s.onDial(s.Local.Widen(durationMs, durationMs), until)
	}
	var spans timeset.Set
	local := false
	for _, r := range readings {
		before, after := int64(0), int64(0)
		if r.Edge != AtStart {
			before = durationMs
			s = s.with(FlagClipEnd)
		}
		if r.Edge != AtEnd {
			after = durationMs
			s = s.with(FlagClipStart)
		}
		local = local || r.Local
		spans = spans.Union(span(b.Lo, b.Width()).Widen(before, after))
	}
	if local {
		return s.with(FlagClipLocal).onDial(spans, until)
	}
	s.Local, s.OffsetsMin = timeset.Set{}, nil
	return s.inUTC(spans, until)
}

// UnderClip narrows the stamp of a file's name to the offsets that the clip's
// readings leave; a reading that may be the header's own dial proves none.
func (s Stamp) UnderClip(readings []ClipReading) Stamp {
	if len(readings) == 0 {
		return s.with(FlagClipUnfit)
	}
	if slices.ContainsFunc(readings, func(r ClipReading) bool { return r.Local }) {
		return s.with(FlagClipLocal)
	}
	var candidates []Candidate
	for _, r := range readings {
		candidates = append(candidates, Candidate{r.OffsetMin, "name against header"})
	}
	return s.Under(candidates)
}
