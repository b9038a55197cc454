package moment_test

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

func processorS(b *testing.B) float64 {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}

// BenchmarkPublishedMoments estimates when 10,000 files were made: each has a dial without a zone, satellite time, a name
// with a date, an exposure, a post and a claimed place of its own, under the sun there. One core.
func BenchmarkPublishedMoments(b *testing.B) {
	const files = 10_000
	cases := make([]pipeline.Case, files)
	start := at("2024-01-01T00:00:00Z")
	for i := range cases {
		taken := start.Add(time.Duration(i) * 47 * time.Minute)
		posted := taken.Add(5 * time.Hour)
		wall := taken.Add(2 * time.Hour)
		if m := taken.Month(); m > time.March && m < time.October { // summer time there; the months of change have some clocks wrong
			wall = taken.Add(3 * time.Hour)
		}
		n, s, iso := 1.8, 1.0/1000, 50.0
		named := dial(wall.Format("2006-01-02T15:04:05"))
		named.Field, named.Clock = "FileName:android", pipeline.ClockFileName
		e := exhibit(b, fmt.Sprintf("IMG_%d.jpg", i), &pipeline.Camera{Make: "m", Model: "m"}, &pipeline.Exposure{FNumber: &n, TimeS: &s, ISO: &iso},
			dial(wall.Format("2006-01-02T15:04:05")), fix(taken.Format(time.RFC3339)))
		observe(b, &e, pipeline.NameClocksKey, []pipeline.StatedClock{named})
		cases[i] = pipeline.Case{Media: []pipeline.Exhibit{e}, Incident: pipeline.Incident{ID: "B", Media: []pipeline.MediaRef{e.Ref},
			Claim:   pipeline.Claim{Where: &pipeline.Place{Lat: 46 + float64(i%500)/100, Lon: 30 + float64(i%900)/100, RadiusM: 500}},
			Sources: []pipeline.Source{{URL: "https://example.org/1", Published: &posted}}}}
	}
	estimator := moment.New(zones)
	if _, err := estimator.Estimates(context.Background(), cases[0]); err != nil { // loads the zones and the sun
		b.Fatal(err)
	}
	before := processorS(b)
	for b.Loop() {
		for _, c := range cases {
			if got, err := estimator.Estimates(context.Background(), c); err != nil || len(got) != 1 {
				b.Fatal(got, err)
			}
		}
	}
	b.ReportMetric(files*float64(b.N)/b.Elapsed().Seconds(), "media/s")
	b.ReportMetric((processorS(b)-before)/float64(b.N), "cpu-s/10k") // what other programs do meanwhile is not in it
}
