package light_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/solar"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/light"
)

// offsets answers with a fixed list, so that the tests need no zone tables.
type offsets []int

func (o offsets) Candidates(*clock.LatLon, clock.Stamp) ([]clock.Candidate, error) {
	var out []clock.Candidate
	for _, min := range o {
		out = append(out, clock.Candidate{OffsetMin: min, Why: "test"})
	}
	return out, nil
}

// askClocked asks of marks on a photo whose dial reads 10:15:20 without a zone.
func askClocked(t *testing.T, claim pipeline.Claim, o offsets, marks ...pipeline.Mark) []pipeline.Finding {
	t.Helper()
	stamp, err := pipeline.ClocksKey.Observe([]pipeline.StatedClock{{Field: "EXIF:DateTimeOriginal", Raw: "2024:11:03 10:15:20", Clock: pipeline.ClockCamera,
		Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint, Wall: &pipeline.WallSpan{From: "2024-11-03T10:15:20.000", To: "2024-11-03T10:15:21.000"}}})
	if err != nil {
		t.Fatal(err)
	}
	e := pipeline.Exhibit{Ref: pipeline.MediaRef{File: "media/a.jpg"}, Media: &pipeline.Media{}, Observed: pipeline.Observations{stamp}}
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: claim, Media: []pipeline.MediaRef{e.Ref}, Marks: marks}, Media: []pipeline.Exhibit{e}}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{light.Assessor(o)}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	return findings[1:]
}

// The dial means 07:15:20 or 08:15:20 UTC. With the clock genuine 9 times of 10 and half its readings outside the window,
// the hour that the claim is not about holds .45 of .55 of H0, any daylight the rest.
func TestTheOtherReadingStandsAgainstTheClaim(t *testing.T) {
	t.Parallel()
	right, wrong := bakhmut("2024-11-03T07:14:00Z", "2024-11-03T07:17:00Z"), bakhmut("2024-11-03T08:14:00Z", "2024-11-03T08:17:00Z")
	m := shadow(329.84, 5)
	density := func(text string) float64 { // about the middle of two minutes
		apart := 329.84 - 180 - solar.Sun(at(text), 48.5956, 37.9999).AzimuthDeg
		return 360 * math.Exp(-apart*apart/50) / 5 / math.Sqrt(2*math.Pi)
	}
	any := ask(t, right, nil, m)[1].Likelihood.H0
	for _, c := range []struct {
		claim       pipeline.Claim
		here, there string
		want        pipeline.Outcome
	}{{right, "2024-11-03T07:15:20Z", "2024-11-03T08:15:20Z", pipeline.Supports}, {wrong, "2024-11-03T08:15:20Z", "2024-11-03T07:15:20Z", pipeline.Contradicts}} {
		f := askClocked(t, c.claim, offsets{120, 180}, m)[0]
		if f.Outcome != c.want || !strings.Contains(f.Reason, "the other times that the file's clock allows") {
			t.Errorf("%s: %s", f.Outcome, f.Reason)
		}
		near(t, "H1", f.Likelihood.H1, density(c.here), 0.03) // the window is three minutes
		near(t, "H0", f.Likelihood.H0, 0.45/0.55*density(c.there)+0.1/0.55*any, 0.03)
	}
	// A clock whose every reading fits, or none, names no other time.
	for _, o := range []offsets{{180}, {60}} {
		if f := askClocked(t, right, o, m)[0]; !strings.Contains(f.Reason, "any daylight of those days") {
			t.Errorf("offsets %v: %s", o, f.Reason)
		}
	}
}

// Two shadows of one clip that nobody can orient tell the time by how far the sun turned between them: 15 degrees an hour
// and more near noon, 10 in the early morning.
func TestTwoShadowsOfAnUnknownNorth(t *testing.T) {
	t.Parallel()
	const rotation, later = 77.0, 2 * time.Hour
	marked := func(text string, after time.Duration) pipeline.Mark {
		m := shadow(math.Mod(solar.Sun(at(text).Add(after), 48.5956, 37.9999).AzimuthDeg+180+rotation, 360), 1)
		m.NorthUnknown, m.AfterS = true, new(after.Seconds())
		return m
	}
	pair := []pipeline.Mark{marked("2024-06-20T08:00:00Z", 0), marked("2024-06-20T08:00:00Z", later)}
	for _, c := range []struct {
		from, to string
		want     pipeline.Outcome
	}{{"2024-06-20T07:45:00Z", "2024-06-20T08:15:00Z", pipeline.Supports}, {"2024-06-20T04:00:00Z", "2024-06-20T05:00:00Z", pipeline.Contradicts}} {
		got := ask(t, bakhmut(c.from, c.to), nil, pair...)[1:]
		if got[0].Outcome != c.want || !strings.Contains(got[0].Reason, "from an unknown north with 1 more of the same north") {
			t.Errorf("%s: %s: %s", c.from, got[0].Outcome, got[0].Reason)
		}
		if got[1].Code != pipeline.CodeDependent || !strings.Contains(got[1].Reason, "judged together with marks[0]") {
			t.Errorf("%+v", got[1])
		}
	}
	alone := ask(t, bakhmut("2024-06-20T07:45:00Z", "2024-06-20T08:15:00Z"), nil, pair[0])[1]
	if alone.Outcome != pipeline.Inconclusive {
		t.Errorf("one direction from nowhere decides: %s", alone.Reason)
	}
}

// The sun itself in the frame, and a shadow down a slope, are compared as what they are.
func TestSunAndSlope(t *testing.T) {
	t.Parallel()
	claim := bakhmut("2024-11-03T07:14:00Z", "2024-11-03T07:17:00Z") // the sun at 149.84, 21.18
	seen := pipeline.Mark{Media: "media/a.jpg", Kind: pipeline.MarkSun, AzimuthDeg: new(149.84), SigmaDeg: new(3.0), ElevationDeg: new(21.2), SigmaElevationDeg: new(1.0), By: "analyst-1"}
	f := ask(t, claim, nil, seen)[1]
	if f.Outcome != pipeline.Supports || !strings.Contains(f.Reason, "sun marked at azimuth 149.8 +- 3.0 deg at elevation 21.2 +- 1.0 deg against") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	slope := pipeline.Mark{Media: "media/a.jpg", Kind: pipeline.MarkShadow, Ratio: new(0.388 + math.Tan(10*math.Pi/180)), SigmaRatio: new(0.02), By: "analyst-1"}
	if f := ask(t, claim, nil, slope)[1]; f.Outcome == pipeline.Supports {
		t.Errorf("a shadow on a slope read as on level ground: %s", f.Reason)
	}
	slope.SlopeDeg, slope.SigmaSlopeDeg = new(10.0), new(0.5)
	if f := ask(t, claim, nil, slope)[1]; f.Outcome != pipeline.Supports {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	if f := ask(t, bakhmut("1900-01-01T00:00:00Z", "1990-01-01T00:00:00Z"), nil, seen)[1]; f.Outcome != pipeline.Inconclusive {
		t.Errorf("a claim of ninety years: %s", f.Reason)
	}
}

// The vector of the design: a sun at azimuth 250, elevation 12 falls on pixel (2542.1, 1130.5) of a camera of 26 mm held to
// 240, 5. The sun of that direction stood over Bakhmut on a summer evening.
func TestSunOnAPixel(t *testing.T) {
	t.Parallel()
	m := pipeline.Mark{Media: "media/a.jpg", Kind: pipeline.MarkSun, By: "analyst-1", Pixel: &pipeline.SunPixel{
		XPx: 2542.1, YPx: 1130.5, SigmaPx: 20, WidthPx: 4032, HeightPx: 3024, YawDeg: 240, SigmaYawDeg: 3, PitchDeg: 5, SigmaPitchDeg: 1}}
	claim := bakhmut("2024-10-01T13:00:00Z", "2024-10-01T15:00:00Z")
	if f := ask(t, claim, nil, m)[1]; f.Outcome != pipeline.Unavailable || !strings.Contains(f.Reason, "35-mm focal length") {
		t.Errorf("a lens that nobody states: %s: %s", f.Outcome, f.Reason)
	}
	m.Pixel.HFOVDeg, m.Pixel.SigmaHFOVDeg = new(67.30), new(0.5)
	if f := ask(t, claim, nil, m)[1]; f.Likelihood == nil || !strings.Contains(f.Reason, "sun marked at azimuth 250.0") || !strings.Contains(f.Reason, "at elevation 12.0") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

// A mark on a pixel takes the lens of its own file, not that of another in the incident.
func TestAPixelIsSeenByItsOwnLens(t *testing.T) {
	t.Parallel()
	exhibit := func(file string, focalMM float64) pipeline.Exhibit {
		o, err := pipeline.CameraKey.Observe(pipeline.Camera{FocalLength35mmMM: &focalMM})
		if err != nil {
			t.Fatal(err)
		}
		return pipeline.Exhibit{Ref: pipeline.MediaRef{File: file}, Media: &pipeline.Media{}, Observed: pipeline.Observations{o}}
	}
	tele, wide := exhibit("media/tele.jpg", 200), exhibit("media/wide.jpg", 26)
	m := pipeline.Mark{Media: "media/wide.jpg", Kind: pipeline.MarkSun, By: "analyst-1", Pixel: &pipeline.SunPixel{
		XPx: 2542.1, YPx: 1130.5, SigmaPx: 20, WidthPx: 4032, HeightPx: 3024, YawDeg: 240, SigmaYawDeg: 3, PitchDeg: 5, SigmaPitchDeg: 1}}
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut("2024-10-01T13:00:00Z", "2024-10-01T15:00:00Z"), Media: []pipeline.MediaRef{tele.Ref, wide.Ref}, Marks: []pipeline.Mark{m}}
	findings, _, err := pipeline.Assess(context.Background(), []pipeline.Assessor{light.Assessor(nil)}, pipeline.Case{Incident: in, Media: []pipeline.Exhibit{tele, wide}})
	if err != nil {
		t.Fatal(err)
	}
	if f := findings[len(findings)-1]; !strings.Contains(f.Reason, "sun marked at azimuth 250.0") || !strings.Contains(f.Reason, "at elevation 12.0") {
		t.Errorf("%s %s: %s", f.Subject, f.Outcome, f.Reason)
	}
}
