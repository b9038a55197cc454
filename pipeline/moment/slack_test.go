package moment_test

import (
	"testing"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// How far each clock is believed to stand from the capture, either way: all that the item of a clock allows.
func TestSlackOfEachClock(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	for name, c := range map[string]struct {
		exhibit pipeline.Exhibit
		slack   time.Duration
	}{
		"camera":             {exhibit(t, "a.jpg", nil, nil, dial("2024-11-03T10:15:20")), minute},
		"satellites":         {exhibit(t, "a.jpg", nil, nil, fix("2024-11-03T07:15:20Z")), 5 * minute},
		"header":             {movie(t, "movie.mp4", 0, header("2024-11-03T07:15:20Z")), 10 * minute},
		"header of a moment": {movie(t, "movie.mp4", 1, header("2024-11-03T07:15:20Z")), minute},
		"name":               {movie(t, "IMG_20241103_101520.jpg", 0), minute},
	} {
		got := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, c.exhibit)[0]
		from, to := at("2024-11-03T07:15:20Z").Add(-c.slack), at("2024-11-03T07:15:21Z").Add(c.slack)
		held := false
		for _, s := range got.Strict {
			held = held || s.From.Sub(from).Abs() <= time.Millisecond && s.To.Sub(to).Abs() <= time.Millisecond
		}
		if !held {
			t.Errorf("%s: %v has no piece from %v to %v", name, got.Strict, from, to)
		}
	}
}

// A claim names one moment of a clip, so a header is held against it with more slack than against the clip.
func TestSlackAgainstAClaim(t *testing.T) {
	t.Parallel()
	for kind, want := range map[pipeline.ClockKind]time.Duration{
		pipeline.ClockCamera: time.Minute, pipeline.ClockFileName: time.Minute, pipeline.ClockGPS: 5 * time.Minute, pipeline.ClockContainer: 10 * time.Minute,
	} {
		if got := moment.SlackMs(kind); got != want.Milliseconds() {
			t.Errorf("%s: %d ms, want %v", kind, got, want)
		}
	}
}
