package when_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/when"
	"whenwhere/pipeline/moment"
)

// offsets answers with a fixed list, so that the tests need no zone tables.
type offsets []int

func (o offsets) Candidates(place *clock.LatLon, _ clock.Stamp) ([]clock.Candidate, error) {
	if place == nil {
		return nil, nil
	}
	out := []clock.Candidate{}
	for _, min := range o {
		out = append(out, clock.Candidate{OffsetMin: min, Why: "test"})
	}
	return out, nil
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func claim() pipeline.Claim {
	return pipeline.Claim{
		Where: &pipeline.Place{Lon: 37.9999, Lat: 48.5956, RadiusM: 500},
		When:  &pipeline.Span{From: at("2024-11-03T07:00:00Z"), To: at("2024-11-03T07:30:00Z")},
	}
}

func wall(field, from, to string) pipeline.StatedClock {
	return pipeline.StatedClock{Field: field, Raw: from, Clock: pipeline.ClockCamera, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint,
		Wall: &pipeline.WallSpan{From: from, To: to}}
}

func utc(clk pipeline.ClockKind, text string) pipeline.StatedClock {
	return pipeline.StatedClock{Field: string(clk), Raw: text, Clock: clk, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint,
		UTC: []pipeline.Span{{From: at(text), To: at(text).Add(time.Second)}}}
}

func ask(t *testing.T, c pipeline.Claim, o offsets, sources []pipeline.Source, stamps ...pipeline.StatedClock) map[pipeline.QuestionID]pipeline.Finding {
	t.Helper()
	obs, err := pipeline.ClocksKey.Observe(stamps)
	if err != nil {
		t.Fatal(err)
	}
	in := pipeline.Case{
		Incident: pipeline.Incident{ID: "X-1", Claim: c, Media: []pipeline.MediaRef{{File: "media/a.jpg"}}, Sources: sources},
		Media:    []pipeline.Exhibit{{Ref: pipeline.MediaRef{File: "media/a.jpg"}, Media: &pipeline.Media{}, Observed: pipeline.Observations{obs}}},
	}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{when.Assessor(o)}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatalf("%v %v", err, results)
	}
	out := map[pipeline.QuestionID]pipeline.Finding{}
	for _, f := range findings {
		out[f.Question] = f
	}
	return out
}

const bakhmutFrom, bakhmutTo = "2024-11-03T10:15:20.000", "2024-11-03T10:15:21.000"

func TestCameraClock(t *testing.T) {
	t.Parallel()
	zoneless := wall("EXIF:DateTimeOriginal", bakhmutFrom, bakhmutTo)
	noPlace := claim()
	noPlace.Where = nil
	noTime := claim()
	noTime.When = nil
	for name, c := range map[string]struct {
		claim   pipeline.Claim
		offsets offsets
		stamps  []pipeline.StatedClock
		outcome pipeline.Outcome
		code    pipeline.Code
		reason  string
		h1      float64
	}{
		"both offsets of winter": {claim(), offsets{120, 180}, []pipeline.StatedClock{zoneless}, pipeline.Supports, "", "1 of 2 readings", 1},
		"one offset in summer":   {claim(), offsets{180}, []pipeline.StatedClock{zoneless}, pipeline.Supports, "", "1 of 1 readings", 2},
		"the other offset":       {claim(), offsets{120}, []pipeline.StatedClock{zoneless}, pipeline.Contradicts, "", "nearest is 45 min away", 0},
		"no place, no offset":    {noPlace, nil, []pipeline.StatedClock{zoneless}, pipeline.Inconclusive, pipeline.CodeNoZone, "any offset", 0},
		"no such local time":     {claim(), offsets{}, []pipeline.StatedClock{zoneless}, pipeline.Inconclusive, pipeline.CodeClockDoubtful, "did not exist", 0},
		"no clock":               {claim(), offsets{120}, nil, pipeline.Unavailable, pipeline.CodeNotStated, "states no recording time", 0},
		"no claimed time":        {noTime, offsets{120}, []pipeline.StatedClock{zoneless}, pipeline.NotApplicable, pipeline.CodeClaimTooVague, "names no time", 0},
		"satellites settle the offset": {claim(), offsets{120, 180},
			[]pipeline.StatedClock{zoneless, utc(pipeline.ClockGPS, "2024-11-03T07:15:18Z")}, pipeline.Supports, "", "1 of 1 readings", 2},
		"an hour off": {claim(), offsets{180},
			[]pipeline.StatedClock{zoneless, utc(pipeline.ClockGPS, "2024-11-03T08:15:18Z")}, pipeline.Inconclusive, pipeline.CodeClockDoubtful, "60 min off", 0},
		"flagged": {claim(), offsets{180},
			[]pipeline.StatedClock{{Field: "EXIF:DateTimeOriginal", Raw: "0000:00:00 00:00:00", Clock: pipeline.ClockCamera, Kind: pipeline.StampCapture,
				Bound: pipeline.BoundPoint, Flags: []string{"clock_never_set"}}}, pipeline.Unavailable, pipeline.CodeNotStated, "clock_never_set", 0},
		"capture beats edit": {claim(), offsets{180}, []pipeline.StatedClock{
			{Field: "EXIF:DateTime", Clock: pipeline.ClockCamera, Kind: pipeline.StampEdit, Bound: pipeline.BoundPoint, Wall: &pipeline.WallSpan{From: "2024-12-01T00:00:00.000", To: "2024-12-01T00:00:01.000"}},
			zoneless}, pipeline.Supports, "", "DateTimeOriginal", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ask(t, c.claim, c.offsets, nil, c.stamps...)["when.camera_clock"]
			if f.Outcome != c.outcome || f.Code != c.code || !strings.Contains(f.Reason, c.reason) {
				t.Errorf("%s %s: %s", f.Outcome, f.Code, f.Reason)
			}
			if f.Likelihood != nil && f.Likelihood.H1 != c.h1 {
				t.Errorf("likelihood under H1 %v, want %v", f.Likelihood.H1, c.h1)
			}
			if f.Likelihood != nil && c.outcome == pipeline.Supports && f.Likelihood.H0 > 0.001 {
				t.Errorf("likelihood under H0 %v", f.Likelihood.H0)
			}
		})
	}
}

// TestTwoClocksOfAFile: the ways in which a satellite time and a camera's clock of real files disagree, and what is left of
// either when the claim is true to one of them.
func TestTwoClocksOfAFile(t *testing.T) {
	t.Parallel()
	dial := wall("EXIF:DateTimeOriginal", bakhmutFrom, bakhmutTo) // 07:15:20 UTC at +03:00
	for name, c := range map[string]struct {
		fix         string
		days        int // the claim is later by
		camera, gps pipeline.Outcome
		cameraSays  string
		gpsSays     string
	}{
		"fix dated a day late, claim by the camera": {"2024-11-04T07:13:50Z", 0, pipeline.Supports, pipeline.Supports, "1 of 2", "1 of 2"},
		"fix dated a day late, claim by the fix":    {"2024-11-04T07:13:50Z", 1, pipeline.Supports, pipeline.Supports, "a day later", "a day earlier"},
		"fix dated a day early":                     {"2024-11-02T07:13:50Z", 0, pipeline.Supports, pipeline.Supports, "a day earlier", "a day later"},
		"a day off, claim of neither":               {"2024-11-04T07:13:50Z", 3, pipeline.Contradicts, pipeline.Contradicts, "47.7 hours away", "47.8 hours away"},
		"local time written as UTC":                 {"2024-11-03T10:15:20Z", 0, pipeline.Supports, pipeline.Inconclusive, "UTC on the dial", "no second clock"},
		"a fix kept from the day before":            {"2024-11-02T04:11:00Z", 0, pipeline.Inconclusive, pipeline.Inconclusive, "27.1 hours off", "an old one"},
		"a kept fix, claim of neither":              {"2024-11-02T04:11:00Z", 3, pipeline.Inconclusive, pipeline.Contradicts, "not relied on", "away"},
		"a camera an hour and a half off":           {"2024-11-03T08:45:00Z", 0, pipeline.Inconclusive, pipeline.Contradicts, "90 min off", "away"},
		"dates edited, the fix from a year before":  {"2023-11-03T07:15:00Z", 0, pipeline.Inconclusive, pipeline.Contradicts, "366.0 days off", "away"},
		"a fix later by days":                       {"2024-11-05T20:00:00Z", 0, pipeline.Inconclusive, pipeline.Contradicts, "not relied on", "away"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := claim()
			in.When = &pipeline.Span{From: in.When.From.AddDate(0, 0, c.days), To: in.When.To.AddDate(0, 0, c.days)}
			found := ask(t, in, offsets{180}, nil, dial, utc(pipeline.ClockGPS, c.fix))
			if f := found["when.camera_clock"]; f.Outcome != c.camera || !strings.Contains(f.Reason, c.cameraSays) {
				t.Errorf("camera %s %s: %s", f.Outcome, f.Code, f.Reason)
			}
			if f := found["when.gps_clock"]; f.Outcome != c.gps || !strings.Contains(f.Reason, c.gpsSays) {
				t.Errorf("gps %s %s: %s", f.Outcome, f.Code, f.Reason)
			}
		})
	}
}

func TestUpperBoundOfAFileName(t *testing.T) {
	t.Parallel()
	received := func(from, to string) pipeline.StatedClock {
		return pipeline.StatedClock{Field: "file_name:whatsapp", Clock: pipeline.ClockFileName, Kind: pipeline.StampReceive, Bound: pipeline.BoundUpper, Wall: &pipeline.WallSpan{From: from, To: to}}
	}
	before := ask(t, claim(), offsets{120}, nil, received("2024-11-01T00:00:00.000", "2024-11-02T00:00:00.000"))["when.file_name"]
	if before.Outcome != pipeline.Contradicts || !strings.Contains(before.Reason, "33.") && !strings.Contains(before.Reason, "min before") {
		t.Errorf("%s: %s", before.Outcome, before.Reason)
	}
	after := ask(t, claim(), offsets{120}, nil, received("2024-11-03T00:00:00.000", "2024-11-04T00:00:00.000"))["when.file_name"]
	if after.Outcome != pipeline.Inconclusive || after.Code != pipeline.CodeWeak {
		t.Errorf("%s: %s", after.Outcome, after.Reason)
	}
}

func TestPosts(t *testing.T) {
	t.Parallel()
	published := at("2024-11-03T06:59:00Z")
	later := at("2024-11-03T09:02:11Z")
	repost := "https://t.me/a/1"
	old := ask(t, claim(), nil, []pipeline.Source{{URL: repost, Published: &later}, {URL: "https://t.me/b/2", Published: &published, RepostOf: &repost}})
	if f := old["when.earliest_published"]; f.Outcome != pipeline.Contradicts || f.Evidence[0] != "sources[1].published" {
		t.Errorf("a repost before the window: %+v", f)
	}
	if f := old["when.earliest_post_id"]; f.Outcome != pipeline.Unavailable {
		t.Errorf("t.me holds no time: %+v", f)
	}
	// Published vector: 1212092628029698048 is 2019-12-31T19:26:16.771Z.
	id := ask(t, claim(), nil, []pipeline.Source{{URL: "https://x.com/someone/status/1212092628029698048"}})["when.earliest_post_id"]
	if id.Outcome != pipeline.Contradicts || !strings.Contains(id.Reason, "2019-12-31T19:26:16Z") || strings.Contains(id.Reason, "someone") {
		t.Errorf("%s: %s", id.Outcome, id.Reason)
	}
	fine := ask(t, claim(), nil, []pipeline.Source{{URL: repost, Published: &later}})["when.earliest_published"]
	if fine.Outcome != pipeline.Supports || fine.Likelihood != nil {
		t.Errorf("%+v", fine)
	}
	if p, ok := moment.EarliestPost(pipeline.Incident{Sources: []pipeline.Source{{URL: "https://x.com/s/status/1212092628029698048", Published: &later}}}); !ok || p.At.Year() != 2019 {
		t.Errorf("%v %v", p, ok)
	}
	if _, ok := moment.EarliestPost(pipeline.Incident{}); ok {
		t.Error("no post is no date")
	}
}
