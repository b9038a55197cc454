package clock_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
)

// header is a creation time as a movie stores it.
func header(t testing.TB, at string) clock.Stamp {
	t.Helper()
	return clock.QuickTime("mvhd.creation_time", uint64(ms(t, at)/1000+2082844800), until)
}

func name(t testing.TB, text string) clock.Stamp {
	t.Helper()
	got := clock.FromFileName(text, until)
	if len(got) != 1 {
		t.Fatalf("%s: %v", text, got)
	}
	return got[0]
}

func TestStartOrEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, file, header string
		durationMs         int64
		want               []clock.ClipReading
	}{
		// pigallery2 #682: the name is the start in UTC, the header the end.
		{"Pixel", "PXL_20230801_154426209.mp4", "2023-08-01T15:44:38Z", 10_000, []clock.ClipReading{{OffsetMin: 0, Edge: clock.AtEnd}}},
		// photoprism #1388: VID_20210528_154038 in a zone of +2, header 5 s later.
		{"Samsung", "VID_20210528_154038.mp4", "2021-05-28T13:40:43Z", 4_500, []clock.ClipReading{{OffsetMin: 120, Edge: clock.AtEnd}}},
		{"start", "VID_20240710_100000.mp4", "2024-07-10T07:00:01Z", 60_000, []clock.ClipReading{{OffsetMin: 180, Edge: clock.AtStart}}},
		{"short", "VID_20240710_100000.mp4", "2024-07-10T07:00:02Z", 2_000, []clock.ClipReading{{OffsetMin: 180, Edge: clock.AtEither}}},
		{"local header", "VID_20240710_100000.mp4", "2024-07-10T10:00:00Z", 60_000, []clock.ClipReading{{OffsetMin: 0, Edge: clock.AtStart, Local: true}}},
		// An hour of recording: the end in one zone is the start in the next.
		{"hour", "VID_20240710_100000.mp4", "2024-07-10T07:00:00Z", 3_600_000,
			[]clock.ClipReading{{OffsetMin: 180, Edge: clock.AtStart}, {OffsetMin: 240, Edge: clock.AtEnd}}},
		{"renamed", "VID_20240710_100000.mp4", "2024-07-10T07:07:00Z", 60_000, nil},
	} {
		got, ok := clock.FitClip(name(t, c.file), header(t, c.header), c.durationMs)
		if !ok {
			t.Errorf("%s: nothing to compare", c.what)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
	whatsapp := name(t, "VID-20240710-WA0001.mp4")
	for _, duration := range []int64{-1, 2 * 86400000, 1000} {
		if got, ok := clock.FitClip(whatsapp, header(t, "2024-07-10T07:00:00Z"), duration); ok {
			t.Errorf("%v", got)
		}
	}
}

func TestRecording(t *testing.T) {
	t.Parallel()
	file, head := name(t, "VID_20240110_100000.mp4"), header(t, "2024-01-10T08:01:00Z")
	readings, _ := clock.FitClip(file, head, 60_000)
	s := head.Recording(readings, 60_000, until)
	want(t, "end", s.Spans, timeset.Of(timeset.Interval{Lo: ms(t, "2024-01-10T08:00:00Z"), Hi: ms(t, "2024-01-10T08:01:01Z")}))
	if s.Zone != clock.UTC || !s.Has(clock.FlagClipEnd) || s.Has(clock.FlagClipStart) {
		t.Errorf("%+v", s)
	}
	checkStamp(t, s, s)
	want(t, "name", file.UnderClip(readings).Spans, spans(t, time.Second, "2024-01-10T08:00:00Z"))
	open := head.Recording(nil, 60_000, until)
	want(t, "unknown edge", open.Local, timeset.Of(timeset.Interval{Lo: ms(t, "2024-01-10T08:00:00Z"), Hi: ms(t, "2024-01-10T08:02:01Z")}))
	if open.Zone != clock.UTCOrLocal || !file.UnderClip(nil).Has(clock.FlagClipUnfit) {
		t.Errorf("%+v", open)
	}
	local := header(t, "2024-01-10T10:00:00Z")
	readings, _ = clock.FitClip(file, local, 60_000)
	if s := local.Recording(readings, 60_000, until); s.Zone != clock.UTCOrLocal || !s.Has(clock.FlagClipLocal) || !s.Has(clock.FlagClipStart) {
		t.Errorf("%+v", s)
	}
	if s := file.UnderClip(readings); s.OffsetsMin != nil || !s.Has(clock.FlagClipLocal) {
		t.Errorf("%+v", s)
	}
}

func FuzzFitClip(f *testing.F) {
	f.Add(int64(0), int64(60_000), uint64(3808026000))
	f.Add(int64(1), int64(-1), uint64(1725184800))
	f.Add(int64(2), int64(1)<<62, ^uint64(0))
	names := []string{"VID_20240710_100000.mp4", "PXL_20230801_154426209.mp4", "VID-20240710-WA0001.mp4"}
	f.Fuzz(func(t *testing.T, which, duration int64, raw uint64) {
		file := clock.FromFileName(names[uint64(which)%uint64(len(names))], until)[0]
		head := clock.QuickTime("mvhd.creation_time", raw, until)
		readings, _ := clock.FitClip(file, head, duration)
		checkStamp(t, head.Recording(readings, duration, until), head.Recording(readings, duration, until))
		checkStamp(t, file.UnderClip(readings), file.UnderClip(readings))
	})
}

// The edges of the test, to the second.
func TestStartOrEndTolerance(t *testing.T) {
	t.Parallel()
	file := name(t, "PXL_20240710_100000000.mp4")
	at := ms(t, "2024-07-10T10:00:00Z")
	for lateS, want := range map[int64]clock.Edge{
		-3: "", -2: clock.AtStart, 0: clock.AtStart, 3: clock.AtStart, 4: "", 56: "", 57: clock.AtEnd, 60: clock.AtEnd, 65: clock.AtEnd, 66: "",
	} {
		head := clock.QuickTime("mvhd.creation_time", uint64(at/1000+lateS+2082844800), until)
		got, ok := clock.FitClip(file, head, 60_000)
		if !ok || (want == "") != (len(got) == 0) || want != "" && got[0].Edge != want {
			t.Errorf("%d s late: %v, want %q", lateS, got, want)
		}
	}
}
