package moment

import (
	"fmt"
	"slices"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/clock/device"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// Offsets answers which UTC offsets a device at a place may have shown; *clock.Zones does.
type Offsets interface {
	Candidates(place *clock.LatLon, s clock.Stamp) ([]clock.Candidate, error)
}

// Zones knows, beside that, what the zones of the world keep; *clock.Zones does.
type Zones interface {
	Offsets
	device.Zones
}

// File is one exhibit under one claim, with its stamps.
type File struct {
	Offsets Offsets
	Claim   pipeline.Claim
	Exhibit pipeline.Exhibit
	Stamps  []pipeline.StatedClock
	known   map[pipeline.WallSpan][]clock.Candidate // of local times asked before: a name repeats the dial
	clip    *clip                                   // of a recording of known length
}

// NewFile reads the stamps of the exhibit. Those of a recording's header become the time of recording.
func NewFile(offsets Offsets, claim pipeline.Claim, e pipeline.Exhibit) (File, error) {
	stamps, err := e.Clocks()
	if err != nil {
		return File{}, err
	}
	return File{offsets, claim, e, stamps, map[pipeline.WallSpan][]clock.Candidate{}, nil}.clipped()
}

// AnyOffset is the reading of a local time whose place is unknown.
const AnyOffset = "any offset"

// AsStated is the reading of a stamp that states its zone.
const AsStated = "zone as stated"

// Reading is one set of instants that a stamp may mean, and under which offset.
type Reading struct {
	Set timeset.Set
	Why string
}

// SlackMs is how far a sound clock may stand from the moment of capture, either way. A device's clock drifts by a minute
// between settings; a satellite fix may be minutes old when the shutter opens; a movie's header is stamped at the start
// or the end of the recording, and clips of incidents last minutes: that is for files that state no length, and for
// claims, which name one moment of a clip.
func SlackMs(kind pipeline.ClockKind) int64 {
	switch kind {
	case pipeline.ClockGPS:
		return 5 * minuteMs
	case pipeline.ClockContainer:
		return 10 * minuteMs
	default:
		return minuteMs
	}
}

// Best is the stamp of the clocks that speaks for them: a capture before anything else, a point before a bound, the first
// in the file's order after that.
func (x File) Best(kinds ...pipeline.ClockKind) (pipeline.StatedClock, bool) {
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
	for _, s := range x.Stamps {
		if !slices.Contains(kinds, s.Clock) || len(s.UTC) == 0 && s.Wall == nil || rank(s) == 3 {
			continue
		}
		if !found || rank(s) < rank(best) {
			best, found = s, true
		}
	}
	return best, found
}

// Readings lists what the stamp may mean: its UTC spans, and its wall time under each offset that a device at the
// claimed place may have shown. nil candidates, for a claim without a place, make one reading over all offsets.
func (x File) Readings(s pipeline.StatedClock) ([]Reading, error) {
	var out []Reading
	proved, orUTC, afterMs := x.named(s)
	if set := spanSet(s.UTC); !set.IsEmpty() {
		out = append(out, Reading{afterwards(set, afterMs), AsStated})
	}
	if s.Wall == nil {
		return out, nil
	}
	local, err := wallSet(*s.Wall)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", s.Field, x.Exhibit.Subject(), err)
	}
	if orUTC { // as the header may be
		out = append(out, Reading{afterwards(local, afterMs), AsStated})
	}
	candidates, seen := x.known[*s.Wall]
	if proved != nil {
		candidates, seen = proved, true
	}
	if !seen {
		if candidates, err = x.Offsets.Candidates(x.place(), clock.Stamp{Local: local, Zone: clock.Unknown}); err != nil {
			return nil, fmt.Errorf("offsets at the claimed place: %w", err)
		}
		x.known[*s.Wall] = candidates
	}
	if candidates == nil {
		return append(out, Reading{afterwards(clock.Resolve(local, nil), afterMs), AnyOffset}), nil
	}
	for _, c := range candidates {
		out = append(out, Reading{afterwards(clock.Resolve(local, []clock.Candidate{c}), afterMs), OffsetText(c.OffsetMin)})
	}
	return out, nil
}

func spanSet(spans []pipeline.Span) timeset.Set {
	set := timeset.Of()
	for _, s := range spans {
		set = set.Union(timeset.FromTimes(s.From, s.To))
	}
	return set
}

func (x File) place() *clock.LatLon {
	if x.Claim.Where == nil {
		return nil
	}
	return &clock.LatLon{Lat: x.Claim.Where.Lat, Lon: x.Claim.Where.Lon}
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

// OffsetText writes an offset as "+03:00".
func OffsetText(min int) string {
	sign := '+'
	if min < 0 {
		sign, min = '-', -min
	}
	return fmt.Sprintf("%c%02d:%02d", sign, min/60, min%60)
}
