package when_test

import (
	"testing"

	"whenwhere/pipeline"
)

// The camera's dial reads 07:10:00 of +02:00, so 05:10:00 UTC, beside satellite times at the edges of what has a known
// cause: ten minutes are agreement, a zone is a clock set amiss, days before are a fix kept from an earlier use.
func TestQuarrelsAtTheirEdges(t *testing.T) {
	t.Parallel()
	c := claim()
	c.When = &pipeline.Span{From: at("2024-11-03T05:00:00Z"), To: at("2024-11-03T05:20:00Z")}
	camera := wall("EXIF:DateTimeOriginal", "2024-11-03T07:10:00.000", "2024-11-03T07:10:01.000")
	for gps, want := range map[string]struct{ camera, gps pipeline.Outcome }{
		"2024-11-03T05:10:00Z": {pipeline.Supports, pipeline.Supports},
		"2024-11-03T05:20:00Z": {pipeline.Supports, pipeline.Supports},
		"2024-11-03T05:20:01Z": {pipeline.Inconclusive, pipeline.Supports},     // 10 min and 1 s: beyond agreement, a clock set amiss
		"2024-11-03T04:49:59Z": {pipeline.Inconclusive, pipeline.Contradicts},  // within a zone, the satellites are believed
		"2024-11-02T15:10:02Z": {pipeline.Inconclusive, pipeline.Contradicts},  // just within 14 hours
		"2024-11-02T15:09:58Z": {pipeline.Inconclusive, pipeline.Inconclusive}, // just beyond: a fix kept from before
		"2024-10-31T05:10:00Z": {pipeline.Inconclusive, pipeline.Inconclusive}, // three days: still kept
		"2024-10-31T05:09:58Z": {pipeline.Inconclusive, pipeline.Contradicts},  // beyond: far apart
		"2024-11-03T19:10:02Z": {pipeline.Inconclusive, pipeline.Contradicts},  // a fix of later was never kept
	} {
		got := askOf(t, c, event(), camera, utc(pipeline.ClockGPS, gps))
		if f := got["when.camera_clock"]; f.Outcome != want.camera {
			t.Errorf("fix %s: camera %s: %s", gps, f.Outcome, f.Reason)
		}
		if f := got["when.gps_clock"]; f.Outcome != want.gps {
			t.Errorf("fix %s: satellites %s: %s", gps, f.Outcome, f.Reason)
		}
	}
}
