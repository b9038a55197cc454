package light_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/light"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// bakhmut is the vector of the design: at 07:15:20Z the sun stood at azimuth 149.84, apparent elevation 21.18, so a
// shadow points to 329.84 and measures 0.388; an hour later azimuth 165.03, elevation 24.97, ratio 0.466.
func bakhmut(from, to string) pipeline.Claim {
	return pipeline.Claim{
		Where: &pipeline.Place{Lon: 37.9999, Lat: 48.5956, RadiusM: 500},
		When:  &pipeline.Span{From: at(from), To: at(to)},
	}
}

func ask(t *testing.T, claim pipeline.Claim, x *pipeline.Exposure, marks ...pipeline.Mark) []pipeline.Finding {
	t.Helper()
	e := pipeline.Exhibit{Ref: pipeline.MediaRef{File: "media/a.jpg"}, Media: &pipeline.Media{}}
	if x != nil {
		o, err := pipeline.ExposureKey.Observe(*x)
		if err != nil {
			t.Fatal(err)
		}
		e.Observed = pipeline.Observations{o}
	}
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: claim, Media: []pipeline.MediaRef{e.Ref}, Marks: marks}, Media: []pipeline.Exhibit{e}}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{light.Assessor(nil)}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	return findings
}

func triple(n, s, iso float64) *pipeline.Exposure {
	return &pipeline.Exposure{FNumber: &n, TimeS: &s, ISO: &iso}
}

func TestExposure(t *testing.T) {
	t.Parallel()
	night := bakhmut("2024-11-03T00:00:00Z", "2024-11-03T01:00:00Z")
	day := bakhmut("2024-11-03T09:00:00Z", "2024-11-03T10:00:00Z")
	bright := triple(16, 1.0/125, 100) // EV 14.966
	flash := *bright
	flash.FlashFired = new(true)
	odd := *bright
	odd.BrightnessEV = new(2.0)
	noPlace := day
	noPlace.Where = nil
	for name, c := range map[string]struct {
		claim   pipeline.Claim
		x       *pipeline.Exposure
		outcome pipeline.Outcome
		code    pipeline.Code
		reason  string
	}{
		"bright at night":       {night, bright, pipeline.Contradicts, "", "brighter than anything lit"},
		"bright by day":         {day, bright, pipeline.Supports, "", "needs daylight"},
		"dim by day":            {day, triple(1.78, 1.0/60, 1000), pipeline.Inconclusive, pipeline.CodeWeak, "by night under lamps"},
		"dim at night":          {night, triple(1.78, 1.0/60, 1000), pipeline.Inconclusive, pipeline.CodeWeak, "by night under lamps"},
		"black by day":          {day, triple(1.5, 0.1, 3200), pipeline.Contradicts, "", "darker than daylight"},
		"flash":                 {night, &flash, pipeline.Inconclusive, pipeline.CodeWeak, "made with flash"},
		"disagreeing meter":     {night, &odd, pipeline.Inconclusive, pipeline.CodeWeak, "light meter"},
		"no exposure":           {day, nil, pipeline.Unavailable, pipeline.CodeNotStated, "states no exposure"},
		"half an exposure":      {day, &pipeline.Exposure{FNumber: new(2.0)}, pipeline.Unavailable, pipeline.CodeNotStated, "states no exposure"},
		"impossible":            {day, triple(2, 0.01, 0), pipeline.Unavailable, pipeline.CodeNotStated, "states no exposure"},
		"not a number":          {day, &pipeline.Exposure{FNumber: new(2.0), TimeS: new(0.0), ISO: new(100.0)}, pipeline.Unavailable, pipeline.CodeNotStated, ""},
		"a claim without place": {noPlace, bright, pipeline.NotApplicable, pipeline.CodeClaimTooVague, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ask(t, c.claim, c.x)[0]
			if f.Outcome != c.outcome || f.Code != c.code || !strings.Contains(f.Reason, c.reason) {
				t.Errorf("%s %s: %s", f.Outcome, f.Code, f.Reason)
			}
		})
	}
}

func shadow(azimuth, sigma float64) pipeline.Mark {
	return pipeline.Mark{Media: "media/a.jpg", Kind: pipeline.MarkShadow, AzimuthDeg: &azimuth, SigmaDeg: &sigma, By: "analyst-1"}
}

func TestShadowSettlesTheWinterHour(t *testing.T) {
	t.Parallel()
	right := ask(t, bakhmut("2024-11-03T07:14:00Z", "2024-11-03T07:17:00Z"), nil, shadow(329.84, 3))[1]
	wrong := ask(t, bakhmut("2024-11-03T08:14:00Z", "2024-11-03T08:17:00Z"), nil, shadow(329.84, 3))[1]
	if right.Outcome != pipeline.Supports || wrong.Outcome != pipeline.Contradicts {
		t.Fatalf("%s: %s\n%s: %s", right.Outcome, right.Reason, wrong.Outcome, wrong.Reason)
	}
	// The mark is sharp normal about 329.84 in a window of 3 minutes: density within a tenth of 1/(3 sqrt(2 pi)).
	if got, want := right.Likelihood.H1, 360/(3*math.Sqrt(2*math.Pi)); math.Abs(got/want-1) > 0.1 {
		t.Errorf("likelihood %v, want about %v", got, want)
	}
	both := shadow(329.84, 3)
	both.Ratio, both.SigmaRatio = new(0.388), new(0.02)
	sharper := ask(t, bakhmut("2024-11-03T07:14:00Z", "2024-11-03T07:17:00Z"), nil, both)[1]
	if lr, before := sharper.Likelihood.H1/sharper.Likelihood.H0, right.Likelihood.H1/right.Likelihood.H0; lr < before {
		t.Errorf("the length adds nothing: %v after %v", lr, before)
	}
	turned := ask(t, bakhmut("2024-11-03T07:14:00Z", "2024-11-03T07:17:00Z"), nil, shadow(149.84, 5))[1]
	if turned.Outcome != pipeline.Inconclusive || !strings.Contains(turned.Reason, "none all through those days") {
		t.Errorf("a shadow toward the sun fits no time, so it speaks against none: %s", turned.Reason)
	}
	night := ask(t, bakhmut("2024-11-03T00:00:00Z", "2024-11-03T01:00:00Z"), nil, shadow(330, 5))[1]
	if night.Outcome != pipeline.Contradicts || !strings.Contains(night.Reason, "below the horizon") {
		t.Errorf("%s: %s", night.Outcome, night.Reason)
	}
	vague := ask(t, bakhmut("2024-11-03T00:00:00Z", "2024-11-04T00:00:00Z"), nil, shadow(330, 5))[1]
	if vague.Outcome != pipeline.Inconclusive {
		t.Errorf("a whole day cannot be told from itself: %s", vague.Reason)
	}
}

func TestPolarNightHasNoShadow(t *testing.T) {
	t.Parallel()
	c := bakhmut("2024-12-20T10:00:00Z", "2024-12-20T11:00:00Z")
	c.Where = &pipeline.Place{Lon: 20, Lat: 80, RadiusM: 100}
	if f := ask(t, c, nil, shadow(330, 5))[1]; f.Outcome != pipeline.Inconclusive || !strings.Contains(f.Reason, "does not rise") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

func TestVectorOfTheDesign(t *testing.T) {
	t.Parallel()
	p := solar.Sun(at("2024-11-03T07:15:20Z"), 48.5956, 37.9999)
	if math.Abs(p.AzimuthDeg-149.84) > 0.01 || math.Abs(p.ApparentElevationDeg-21.18) > 0.01 {
		t.Errorf("%+v", p)
	}
}
