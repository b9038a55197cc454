package clock_test

import (
	"os"
	"testing"

	"whenwhere/internal/clock"
	"whenwhere/internal/clock/gpmf"
	"whenwhere/internal/clock/srt"
	"whenwhere/internal/shareddata"
	"whenwhere/internal/timeset"
)

// The Karma's movie has its header in UTC: its telemetry says so. Other
// models write local time there.
func TestTelemetrySettlesTheHeader(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(shareddata.Path(t, "media", "gpmf", "karma.raw"))
	if err != nil {
		t.Fatal(err)
	}
	telemetry, err := gpmf.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	b := telemetry.Blocks[0]
	if !b.HasUTC || b.HasFix && b.Fix == 0 {
		t.Fatalf("no time: %+v", b)
	}
	fix := clock.AtUTC(clock.Source{Field: "gpmf", Kind: clock.Capture, Basis: clock.BasisGPS}, timeset.Of(timeset.Interval{Lo: b.UTCMs, Hi: b.UTCMs + 1000}), until)
	offset, _, quality, ok := inferred(header(t, "2017-04-17T19:27:57Z"), fix)
	if !ok || offset != 0 || quality != clock.Good {
		t.Errorf("%d %s %v", offset, quality, ok)
	}
}

// The dial of a drone's subtitles has no zone: it is a set of candidates, and
// a time outside of the file settles it.
func TestSubtitlesAreLocal(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(shareddata.Path(t, "media", "dji-srt", "air2s.srt"))
	if err != nil {
		t.Fatal(err)
	}
	track, err := srt.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	first, last := track.Frames[0], track.Frames[len(track.Frames)-1]
	if !first.HasDial || !last.HasDial {
		t.Fatalf("no dial: %+v, %+v", first, last)
	}
	lo, hi := first.DialMs, last.DialMs+last.DialWidthMs
	s := clock.OnDial(clock.Source{Field: "dji_srt", Kind: clock.Capture, Basis: clock.BasisTelemetry}, timeset.Of(timeset.Interval{Lo: lo, Hi: hi}), until)
	if s.Zone != clock.Unknown || s.Bound != clock.Point {
		t.Fatalf("%+v", s)
	}
	place := &clock.LatLon{Lat: track.Frames[0].Lat, Lon: track.Frames[0].Lon}
	candidates, err := shared.Candidates(place, s)
	if err != nil {
		t.Fatal(err)
	}
	// Barcelona in August.
	want(t, "air2s", s.Under(candidates).Spans, timeset.Of(timeset.Interval{Lo: ms(t, "2022-08-07T11:40:40.774Z"), Hi: ms(t, "2022-08-07T11:40:41.309Z")}))
}
