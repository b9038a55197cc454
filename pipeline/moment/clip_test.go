package moment_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/clock"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/metadata"
	"whenwhere/pipeline/moment"
)

// header is the creation time of a movie as the stage metadata states it: in UTC or on a dial.
func header(text string) pipeline.StatedClock {
	from := at(text)
	s := dial(from.UTC().Format("2006-01-02T15:04:05"))
	s.Field, s.Clock = "QuickTime:mvhd", pipeline.ClockContainer
	s.UTC = []pipeline.Span{{From: from, To: from.Add(time.Second)}}
	return s
}

func movie(t testing.TB, name string, durationMs int64, stamps ...pipeline.StatedClock) pipeline.Exhibit {
	t.Helper()
	e := exhibit(t, name, nil, nil, stamps...)
	observe(t, &e, pipeline.NameClocksKey, metadata.NameClocks(name))
	if durationMs > 0 {
		observe(t, &e, pipeline.ClipKey, pipeline.Clip{DurationMs: durationMs})
	}
	return e
}

func likely(e pipeline.Estimate) []pipeline.Span {
	if e.Likely == nil {
		return nil
	}
	return e.Likely.Spans
}

// What name, header and length of a recording say together. The names are those of real phones (package clock names the
// reports); the zone of the Samsung is none that devices keep at the claimed place.
func TestRecordings(t *testing.T) {
	t.Parallel()
	const minute = 60_000
	for name, c := range map[string]struct {
		file, header string
		durationMs   int64
		flags        []string
		reading      string // of the header, with more than
		mass         float64
		from, to     string // of all that is likely, with a minute on either side
		pieces       int
	}{
		"the end, by a name in UTC": {"PXL_20230801_154426209.mp4", "2023-08-01T15:44:38Z", 10_000, []string{clock.FlagClipEnd},
			moment.AsStated, 0.89, "2023-08-01T15:43:26Z", "2023-08-01T15:45:39Z", 1},
		"the end, in a zone of far away": {"VID_20210528_154038.mp4", "2021-05-28T13:40:43Z", 4_500, []string{clock.FlagClipEnd},
			moment.AsStated, 0.89, "2021-05-28T13:39:38Z", "2021-05-28T13:41:44Z", 1},
		"the start": {"VID_20241103_101520.mp4", "2024-11-03T07:15:21Z", 10 * minute, []string{clock.FlagClipStart},
			moment.AsStated, 0.89, "2024-11-03T07:14:20Z", "2024-11-03T07:26:22Z", 1},
		"a header on the dial": {"VID_20241103_101520.mp4", "2024-11-03T10:15:21Z", minute, []string{clock.FlagClipStart, clock.FlagClipLocal},
			"+03:00", 0.42, "2024-11-03T07:14:20Z", "2024-11-03T10:17:22Z", 3},
		"a name that contradicts": {"VID_20241103_101520.mp4", "2024-11-03T07:25:00Z", minute, []string{moment.FlagContradicts, clock.FlagClipUnfit},
			moment.AsStated, 0.4, "2024-11-03T04:22:59Z", "2024-11-03T08:27:02Z", 3},
		"a length that is the offset": {"VID_20241103_051520.mp4", "2024-11-03T07:15:20Z", 120 * minute, []string{clock.FlagClipEnd, clock.FlagClipStart, clock.FlagClipLocal},
			"+03:00", 0.4, "2024-11-03T02:14:20Z", "2024-11-03T09:16:22Z", 1},
		"no name": {"movie.mp4", "2024-11-03T07:25:00Z", minute, []string{},
			moment.AsStated, 0.44, "2024-11-03T04:22:59Z", "2024-11-03T07:27:02Z", 3},
		"no length": {"movie.mp4", "2024-11-03T07:25:00Z", 0, []string{},
			moment.AsStated, 0.44, "2024-11-03T04:15:00Z", "2024-11-03T07:35:01Z", 3},
	} {
		e := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, movie(t, c.file, c.durationMs, header(c.header)))[0]
		if !slices.Equal(e.Flags, c.flags) {
			t.Errorf("%s: flags %v, want %v", name, e.Flags, c.flags)
		}
		for _, r := range e.Readings {
			if r.Item == "container_clock QuickTime:mvhd" && r.Reading == c.reading && r.Mass < c.mass {
				t.Errorf("%s: %v, want more than %v", name, r, c.mass)
			}
		}
		l := likely(e)
		if len(l) != c.pieces || l[0].From.Before(at(c.from)) || l[len(l)-1].To.After(at(c.to)) {
			t.Errorf("%s: likely %v, want %d pieces within %s to %s", name, l, c.pieces, c.from, c.to)
		}
	}
}

// onTheDial tells of a header in UTC, so long after the start, whether it is also where a header in local time could be.
func onTheDial(sinceStart time.Duration, offsetMin int, lengthMs int64) bool {
	late := sinceStart.Milliseconds() - int64(offsetMin)*60_000
	return late >= -2000 && late <= 3000 || late >= lengthMs-3000 && late <= lengthMs+5000
}

// Whatever the offset, the length and the end at which a header is written: the whole recording is in the readings of the
// header and in those of the name, and no wider than its length and a few seconds on either side. Only where the header may
// as well repeat the dial, because the recording is as long as the zone is off UTC, the name proves no zone, and is read
// under those of the place.
func TestReadingsHoldTheRecording(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		start := at("2024-11-03T07:15:20Z").Add(time.Duration(rapid.Int64Range(0, 86400).Draw(rt, "after")) * time.Second)
		lengthMs := rapid.Int64Range(1, 7200_000).Draw(rt, "length")
		offset := rapid.SampledFrom(clock.OffsetsInUse()).Draw(rt, "offset")
		stop := start.Add(time.Duration(lengthMs) * time.Millisecond)
		written := rapid.SampledFrom([]time.Time{start, stop}).Draw(rt, "written")
		name := "VID_" + start.Add(time.Duration(offset)*time.Minute).Format("20060102_150405") + ".mp4"
		x, err := moment.NewFile(zones, bakhmut(), movie(t, name, lengthMs, header(written.UTC().Format(time.RFC3339))))
		if err != nil {
			rt.Fatal(err)
		}
		for _, s := range x.Stamps {
			readings, err := x.Readings(s)
			if err != nil {
				rt.Fatal(err)
			}
			held := false
			for _, r := range readings {
				b, _ := r.Set.Bounds()
				held = held || b.Lo-5000 <= start.UnixMilli() && b.Hi+5000 >= stop.UnixMilli()
				if width := float64(b.Width()); math.Abs(width) > 2*float64(lengthMs)+2000 {
					rt.Errorf("%s %s: %v is longer than the recording", s.Field, r.Why, b)
				}
			}
			if s.Clock == pipeline.ClockFileName && offset != 0 && onTheDial(written.Truncate(time.Second).Sub(start), offset, lengthMs) {
				if !slices.Contains(s.Flags, clock.FlagClipLocal) {
					rt.Errorf("%s: flags %v of a header that may repeat the dial", s.Field, s.Flags)
				}
				held = held || offset != 120 && offset != 180
			}
			if !held {
				rt.Errorf("%s: %v do not hold %v to %v", s.Field, readings, start, stop)
			}
		}
	})
}
