package report_test

import (
	"strings"
	"testing"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

// The end at which a header was written is told, and not as an anomaly.
func TestTheEndOfARecordingIsNoAnomaly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flags []string
		want  string
	}{
		"start":       {[]string{"clip_start"}, "its header was written at the start of the recording\n"},
		"either":      {[]string{"clip_end", "clip_start"}, "its header was written at the end or the start of the recording\n"},
		"and another": {[]string{"clip_end", "header_in_local"}, "its header was written at the end of the recording\n          anomalies: header_in_local\n"},
		"none":        {nil, "98 %\n           98 % camera_clock"},
	} {
		v := verdict()
		v.Times = []pipeline.Estimate{estimate()}
		v.Times[0].Flags = c.flags
		var out strings.Builder
		if err := report.Page(&out, v); err != nil {
			t.Fatal(err)
		}
		if page := out.String(); !strings.Contains(page, c.want) || len(c.flags) < 2 && strings.Contains(page, "anomalies") {
			t.Errorf("%s: %q is not in\n%s", name, c.want, page)
		}
	}
}
