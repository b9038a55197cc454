package light_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/light"
	"whenwhere/pipeline/assess/when"
	"whenwhere/pipeline/score"
)

// clocked is one marked file, its stamps and the offsets kept at the place.
type clocked struct {
	claim  pipeline.Claim
	marks  []pipeline.Mark
	stamps []pipeline.StatedClock
	clipMs int64 // 0 for a photo
	kept   offsets
}

func stamp(kind pipeline.ClockKind, dial time.Time) pipeline.StatedClock {
	end := dial.Add(time.Second)
	s := pipeline.StatedClock{Field: string(kind), Raw: dial.Format(time.DateTime), Clock: kind, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint,
		Wall: &pipeline.WallSpan{From: dial.Format(pipeline.WallLayout), To: end.Format(pipeline.WallLayout)}}
	if kind == pipeline.ClockContainer { // a movie's header is in UTC, or in local time after all
		s.UTC = []pipeline.Span{{From: dial, To: end}}
	}
	return s
}

func drawClocked(t *rapid.T, kinds ...pipeline.ClockKind) clocked {
	dial := at("2024-11-03T10:15:20Z")
	from := dial.Add(-time.Duration(rapid.SampledFrom([]int{120, 121, 180, 181, 0, 60, 240}).Draw(t, "window")) * time.Minute)
	c := clocked{claim: bakhmut("2024-11-03T07:00:00Z", "2024-11-03T08:00:00Z"), kept: rapid.SampledFrom([]offsets{{120, 180}, {120, 150, 180}, {180}, {60}}).Draw(t, "offsets")}
	c.claim.When = &pipeline.Span{From: from, To: from.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)}
	for range rapid.IntRange(1, 2).Draw(t, "marks") {
		m := shadow(rapid.Float64Range(300, 360).Draw(t, "azimuth"), rapid.SampledFrom([]float64{2, 5, 20}).Draw(t, "sigma"))
		m.By = rapid.SampledFrom([]string{"analyst-1", "analyst-2"}).Draw(t, "by")
		c.marks = append(c.marks, m)
	}
	for _, kind := range kinds {
		if rapid.IntRange(0, 3).Draw(t, string(kind)) == 3 {
			continue
		}
		c.stamps = append(c.stamps, stamp(kind, dial.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 60, -120, -180}).Draw(t, "apart"))*time.Minute)))
		if kind == pipeline.ClockContainer {
			c.clipMs = rapid.SampledFrom([]int64{0, 30_000, 300_000}).Draw(t, "length")
		}
	}
	return c
}

func (c clocked) without(kinds ...pipeline.ClockKind) clocked {
	c.stamps = slices.DeleteFunc(slices.Clone(c.stamps), func(s pipeline.StatedClock) bool { return slices.Contains(kinds, s.Clock) })
	return c
}

func observe[T any](t *rapid.T, k pipeline.Key[T], v T) pipeline.Observation {
	o, err := k.Observe(v)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (c clocked) assess(t *rapid.T) []pipeline.Finding {
	inside := c.without(pipeline.ClockFileName).stamps
	named := c.without(pipeline.ClockCamera, pipeline.ClockContainer).stamps
	e := pipeline.Exhibit{Ref: pipeline.MediaRef{File: "media/a.jpg"}, Media: &pipeline.Media{},
		Observed: pipeline.Observations{observe(t, pipeline.ClocksKey, inside), observe(t, pipeline.NameClocksKey, named)}}
	if c.clipMs > 0 {
		e.Observed = append(e.Observed, observe(t, pipeline.ClipKey, pipeline.Clip{DurationMs: c.clipMs}))
	}
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: c.claim, Media: []pipeline.MediaRef{e.Ref}, Marks: c.marks}, Media: []pipeline.Exhibit{e}}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{light.Assessor(c.kept), when.Assessor(c.kept)}, in)
	if err != nil || results[0].Status != pipeline.Done || results[1].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	return findings
}

func folded(f []pipeline.Finding) pipeline.Verdict {
	return score.Fold(score.Default(), score.Input{Incident: "X-1", Findings: f})
}

// clockLines are the lines on which a shadow may rest.
func clockLines() map[string][]pipeline.ClockKind {
	return map[string][]pipeline.ClockKind{
		"when.camera_clock@media/a.jpg": {pipeline.ClockCamera, pipeline.ClockContainer},
		"when.file_name@media/a.jpg":    {pipeline.ClockFileName},
	}
}

// What a shadow says that it would answer without a clock is its answer when that clock was never observed, for photos and
// movies alike.
func TestLawAShadowWithoutAClock(t *testing.T) {
	t.Parallel()
	rested := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		c := drawClocked(t, pipeline.ClockCamera, pipeline.ClockContainer, pipeline.ClockFileName)
		all := c.assess(t)
		for line, kinds := range clockLines() {
			anew := c.without(kinds...).assess(t)
			for i, f := range all {
				if f.Question != "light.shadow" {
					continue
				}
				got := pipeline.Lacking{Line: line, Outcome: f.Outcome, Likelihood: f.Likelihood}
				if k := slices.IndexFunc(f.Without, func(w pipeline.Lacking) bool { return w.Line == line }); k >= 0 {
					got = f.Without[k]
					rested[line]++
				}
				want := pipeline.Lacking{Line: line, Outcome: anew[i].Outcome, Likelihood: anew[i].Likelihood}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s: %s", f.Subject, diff)
				}
			}
		}
	})
	if rested["when.camera_clock@media/a.jpg"] == 0 {
		t.Error("no shadow rested on the device's clock")
	}
}

// A name may prove that a movie's header is in UTC: without the name's line the header may be on the dial, and the other
// readings stand against the claim. Without the header there is no clock, as there are no other readings with it.
func TestAShadowRestsOnTheNameOfAMovie(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := clocked{claim: bakhmut("2024-11-03T07:14:00Z", "2024-11-03T07:17:00Z"), clipMs: 30_000, kept: offsets{120, 180, -120},
			marks:  []pipeline.Mark{shadow(rapid.Float64Range(325, 335).Draw(t, "azimuth"), 3)},
			stamps: []pipeline.StatedClock{stamp(pipeline.ClockContainer, at("2024-11-03T07:15:21Z")), stamp(pipeline.ClockFileName, at("2024-11-03T10:15:20Z"))}}
		f := c.assess(t)[1]
		if f.Question != "light.shadow" || len(f.Without) != 1 || f.Without[0].Line != "when.file_name@media/a.jpg" || cmp.Equal(f.Without[0].Likelihood, f.Likelihood) {
			t.Fatalf("%+v", f)
		}
	})
}

// The score without the line of a photo's clock is the score when that clock was never observed.
func TestLawTheScoreWithoutAClock(t *testing.T) {
	t.Parallel()
	rested := 0
	rapid.Check(t, func(t *rapid.T) {
		c := drawClocked(t, pipeline.ClockCamera, pipeline.ClockFileName)
		v := folded(c.assess(t))
		for line, kinds := range clockLines() {
			got, counts := v.Without[line]
			if !counts {
				got = v.Score
			}
			if want := folded(c.without(kinds...).assess(t)).Score; got != want {
				t.Fatalf("without %s: %v (counts: %v), assessed anew %v", line, got, counts, want)
			}
		}
		if slices.ContainsFunc(v.Lines, func(l pipeline.Line) bool { return l.AloneWithout("when.camera_clock@media/a.jpg") != l.Alone }) {
			rested++
		}
	})
	if rested == 0 {
		t.Error("no shadow rested on the clock")
	}
}
