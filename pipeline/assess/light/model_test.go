package light_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/light"
)

// exposed is an exposure of the given EV at ISO 100: log2(N²/t) with t = 1/4 s.
func exposed(ev float64) *pipeline.Exposure { return triple(math.Sqrt(math.Exp2(ev)/4), 0.25, 100) }

func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if math.Abs(got-want) > share*math.Abs(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func skyEV(c pipeline.Claim) (brightest, dimmest float64) {
	lo, hi := solar.ElevationRange(c.When.From, c.When.To, c.Where.Lat, c.Where.Lon)
	return solar.MaxEV100(hi), solar.MaxEV100(lo)
}

// Too bright weighs 0.7 bans for each EV beyond lamps (EV 9) by night, beyond the sky and 3 EV by day.
func TestTooBright(t *testing.T) {
	t.Parallel()
	night, day := bakhmut("2024-11-03T00:00:00Z", "2024-11-03T01:00:00Z"), bakhmut("2024-11-03T09:00:00Z", "2024-11-03T10:00:00Z")
	sky, _ := skyEV(day)
	for name, c := range map[string]struct {
		claim pipeline.Claim
		limit float64
	}{"night": {night, 9}, "day": {day, sky + 3}} {
		for _, beyond := range []float64{0.01, 1, 2.5} {
			f := ask(t, c.claim, exposed(c.limit+beyond))[0]
			if f.Outcome != pipeline.Contradicts || f.Likelihood.H0 != 1 {
				t.Fatalf("%s, %v EV beyond: %s: %s", name, beyond, f.Outcome, f.Reason)
			}
			near(t, name, f.Likelihood.H1, math.Pow(10, -0.7*beyond), 1e-6)
		}
		if f := ask(t, c.claim, exposed(c.limit-0.01))[0]; f.Outcome == pipeline.Contradicts {
			t.Errorf("%s, within: %s", name, f.Reason)
		}
	}
	if f := ask(t, night, exposed(11))[0]; !strings.Contains(f.Reason, "EV 11.0 is 2.0 EV brighter than") || !strings.Contains(f.Reason, "(9.0 EV; sun night, elevation") {
		t.Error(f.Reason)
	}
	if f := ask(t, night, triple(16, 0.5, 100))[0]; f.Outcome != pipeline.Inconclusive { // EV 9 to the bit: lamps make it
		t.Errorf("at the limit: %s: %s", f.Outcome, f.Reason)
	}
}

func TestTooDark(t *testing.T) {
	t.Parallel()
	day := bakhmut("2024-11-03T08:00:00Z", "2024-11-03T12:00:00Z")
	_, dimmest := skyEV(day)
	f := ask(t, day, exposed(dimmest-10.01))[0]
	if f.Outcome != pipeline.Contradicts || *f.Likelihood != (pipeline.Likelihood{H1: 0.4, H0: 1}) || !strings.Contains(f.Reason, "is 10.0 EV darker than") {
		t.Errorf("%+v", f)
	}
	if f := ask(t, day, exposed(dimmest-9.99))[0]; f.Outcome != pipeline.Inconclusive {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

func TestTheCamerasOwnMeter(t *testing.T) {
	t.Parallel()
	night := bakhmut("2024-11-03T00:00:00Z", "2024-11-03T01:00:00Z")
	metered := func(brightness, bias float64) pipeline.Finding {
		x := exposed(14)
		x.BrightnessEV, x.BiasEV = &brightness, &bias
		return ask(t, night, x)[0]
	}
	for _, apart := range []float64{-1.49, 0, 1.49} { // EV at ISO 100 is the APEX brightness + 5
		if f := metered(9+apart, 0); f.Outcome != pipeline.Contradicts {
			t.Errorf("meter %v EV apart: %s", apart, f.Reason)
		}
	}
	for _, apart := range []float64{-1.51, 1.51} {
		if f := metered(9+apart, 0); f.Outcome != pipeline.Inconclusive {
			t.Errorf("meter %v EV apart: %s: %s", apart, f.Outcome, f.Reason)
		}
	}
	if f := metered(7, 0); !strings.Contains(f.Reason, "EV 14.0 disagrees with the camera's own light meter (12.0 EV)") {
		t.Error(f.Reason)
	}
	if f := metered(11, 2); f.Outcome != pipeline.Contradicts || !strings.Contains(f.Reason, "exposure EV 16.0") {
		t.Errorf("the compensation was not taken out: %s: %s", f.Outcome, f.Reason)
	}
	for _, x := range []pipeline.Exposure{{FNumber: new(2.0), TimeS: new(0.01)}, {FNumber: new(2.0), ISO: new(100.0)}, {TimeS: new(0.01), ISO: new(100.0)}} {
		if f := ask(t, night, &x)[0]; f.Outcome != pipeline.Unavailable {
			t.Errorf("two settings of three: %s", f.Reason)
		}
	}
}

// A daylight exposure weighs by the share of the window that allows it, against that of the day; counted here minute by
// minute.
func TestDaylightWeighsByItsShare(t *testing.T) {
	t.Parallel()
	const ev = 12.0
	share := func(from, to string) float64 {
		bright, all := 0, 0
		for at, end := at(from), at(to); at.Before(end); at = at.Add(time.Minute) {
			all++
			if solar.MaxEV100(solar.Sun(at, 48.5956, 37.9999).ElevationDeg)+3 >= ev {
				bright++
			}
		}
		return float64(bright) / float64(all)
	}
	for _, c := range []struct{ from, to, dayFrom, dayTo string }{
		{"2024-11-03T09:00:00Z", "2024-11-03T10:00:00Z", "2024-11-02T21:30:00Z", "2024-11-03T21:30:00Z"},
		{"2024-11-03T02:00:00Z", "2024-11-03T08:00:00Z", "2024-11-02T17:00:00Z", "2024-11-03T17:00:00Z"},
	} {
		f := ask(t, bakhmut(c.from, c.to), exposed(ev))[0]
		if f.Outcome != pipeline.Supports {
			t.Fatalf("%s: %s", f.Outcome, f.Reason)
		}
		if want := fmt.Sprintf(": %.0f %% of the claimed time has it", 100*f.Likelihood.H1); !strings.Contains(f.Reason, want) || !strings.HasSuffix(f.Reason, fmt.Sprintf("and %.0f %% of that day", 100*f.Likelihood.H0)) {
			t.Error(f.Reason)
		}
		near(t, "window from "+c.from, f.Likelihood.H1, share(c.from, c.to), 0.01)
		near(t, "its day", f.Likelihood.H0, share(c.dayFrom, c.dayTo), 0.02)
	}
	for _, c := range [][2]string{{"2024-11-03T00:00:00Z", "2024-11-04T00:00:00Z"}, {"2024-11-01T00:00:00Z", "2024-11-08T00:00:00Z"}, {"2024-11-03T12:00:00Z", "2024-11-03T23:00:00Z"}} {
		if f := ask(t, bakhmut(c[0], c[1]), exposed(ev))[0]; f.Outcome != pipeline.Inconclusive {
			t.Errorf("a window no brighter than its day: %s %v: %s", f.Outcome, f.Likelihood, f.Reason)
		}
	}
}

// The oracle integrates the error model second by tenth second, and gets what elevations make of ratios by differences.
func TestShadowDensities(t *testing.T) {
	t.Parallel()
	gauss := func(x, sigma float64) float64 { return math.Exp(-x*x/2/sigma/sigma) / sigma / math.Sqrt(2*math.Pi) }
	mean := func(m pipeline.Mark, from, to time.Time) float64 {
		sum, n := 0.0, 0
		for at := from; at.Before(to); at = at.Add(10 * time.Second) {
			sun := solar.Sun(at, 48.5956, 37.9999)
			if sun.ApparentElevationDeg <= 0 {
				continue
			}
			d := 1.0
			if m.AzimuthDeg != nil {
				apart := math.Abs(*m.AzimuthDeg - sun.AzimuthDeg - 180)
				for apart > 180 {
					apart = math.Abs(apart - 360)
				}
				d *= 360 * gauss(apart, *m.SigmaDeg)
			}
			if m.Ratio != nil {
				tan := func(deg float64) float64 { return math.Tan(deg * math.Pi / 180) }
				const step, blur = 1e-5, 0.533 / 2 / 1.7320508 // the disc blurs the tip evenly over its diameter
				e := sun.ApparentElevationDeg
				perDeg := (tan(e+step) - tan(e-step)) / (2 * step)
				marked := math.Atan(*m.Ratio) * 180 / math.Pi
				d *= 90 * (tan(marked+step) - tan(marked-step)) / (2 * step) * gauss(*m.Ratio-tan(e), math.Hypot(*m.SigmaRatio, perDeg*blur))
			}
			sum, n = sum+d, n+1
		}
		return sum / float64(n)
	}
	azimuth := shadow(340, 4)
	length := pipeline.Mark{Media: "media/a.jpg", Kind: pipeline.MarkShadow, Ratio: new(0.42), SigmaRatio: new(0.03), By: "analyst-1"}
	both := shadow(340, 4)
	both.Ratio, both.SigmaRatio = new(0.42), new(0.03)
	northern := shadow(2, 6) // the wrap at north
	for name, c := range map[string]struct {
		mark     pipeline.Mark
		from, to string
	}{
		"azimuth": {azimuth, "2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z"}, "length": {length, "2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z"},
		"both": {both, "2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z"}, "north": {northern, "2024-11-03T08:50:00Z", "2024-11-03T09:50:00Z"},
		"from before sunrise": {azimuth, "2024-11-03T02:00:00Z", "2024-11-03T08:00:00Z"},
	} {
		f := ask(t, bakhmut(c.from, c.to), nil, c.mark)[1]
		middle := at(c.from).Add(at(c.to).Sub(at(c.from)) / 2)
		near(t, name+" in the window", f.Likelihood.H1, mean(c.mark, at(c.from), at(c.to)), 0.005)
		near(t, name+" on the day", f.Likelihood.H0, mean(c.mark, middle.Add(-12*time.Hour), middle.Add(12*time.Hour)), 0.005)
	}
}

func TestShadowInWords(t *testing.T) {
	t.Parallel()
	mark := shadow(329.84, 3)
	mark.Ratio, mark.SigmaRatio = new(0.39), new(0.02)
	f := ask(t, bakhmut("2024-11-03T07:14:00Z", "2024-11-03T07:17:00Z"), nil, mark)[1]
	if !strings.Contains(f.Reason, "shadow marked at azimuth 329.8 +- 3.0 deg with height/length 0.39 +- 0.02 against 330.1") || !strings.Contains(f.Reason, "deg and 0.39 at the nearest moment") {
		t.Error(f.Reason)
	}
	length := pipeline.Mark{Media: "media/a.jpg", Kind: pipeline.MarkShadow, Ratio: new(0.39), SigmaRatio: new(0.02), By: "analyst-1"}
	if f := ask(t, bakhmut("2024-11-03T07:14:00Z", "2024-11-03T07:17:00Z"), nil, length)[1]; strings.Contains(f.Reason, "deg") || !strings.Contains(f.Reason, "against 0.39 at") {
		t.Error(f.Reason)
	}
	// An hour late the shadow points 15 degrees on: the nearest moment is the window's first.
	wrong := ask(t, bakhmut("2024-11-03T08:14:00Z", "2024-11-03T08:17:00Z"), nil, shadow(329.84, 6))[1]
	if want := wrong.Likelihood.H0 / wrong.Likelihood.H1; !strings.Contains(wrong.Reason, "344.8 deg at the nearest moment") || !strings.Contains(wrong.Reason, format(want)+" times likelier at another daylight") {
		t.Errorf("%s; ratio %v", wrong.Reason, want)
	}
}

func format(x float64) string {
	return strings.TrimSpace(strings.Split(time.Duration(math.Round(x*10)*1e8).String(), "s")[0])
}

// Footage that is not of the event has its light, but not the claimed time.
func TestLightOfOtherRoles(t *testing.T) {
	t.Parallel()
	night := bakhmut("2024-11-03T00:00:00Z", "2024-11-03T01:00:00Z")
	o, err := pipeline.ExposureKey.Observe(*exposed(15))
	if err != nil {
		t.Fatal(err)
	}
	ref := pipeline.MediaRef{File: "media/later.jpg", Role: pipeline.RoleAftermath}
	context_ := pipeline.MediaRef{File: "media/map.jpg", Role: pipeline.RoleContext}
	onLater, onContext, onEvent := shadow(330, 5), shadow(330, 5), shadow(330, 5)
	onLater.Media, onContext.Media = ref.File, context_.File
	in := pipeline.Case{
		Incident: pipeline.Incident{ID: "X-1", Claim: night, Media: []pipeline.MediaRef{context_, ref, {File: "media/a.jpg"}}, Marks: []pipeline.Mark{onLater, onContext, onEvent}},
		Media: []pipeline.Exhibit{{Ref: context_, Media: &pipeline.Media{}}, {Ref: ref, Media: &pipeline.Media{}, Observed: pipeline.Observations{o}},
			{Ref: pipeline.MediaRef{File: "media/a.jpg"}, Media: &pipeline.Media{}, Observed: pipeline.Observations{o}}},
	}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{light.Assessor(nil)}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	want := map[string]pipeline.Outcome{"media/later.jpg": pipeline.Inconclusive, "media/a.jpg": pipeline.Contradicts,
		"marks[0]": pipeline.Inconclusive, "marks[1]": pipeline.Inconclusive, "marks[2]": pipeline.Contradicts}
	for _, f := range findings {
		if f.Outcome != want[f.Subject] {
			t.Errorf("%s: %s: %s", f.Subject, f.Outcome, f.Reason)
		}
	}
	if len(findings) != len(want) {
		t.Errorf("%d answers", len(findings))
	}
}

// A mark decides when one proposition makes it at least twice as likely.
func TestTwiceAsLikelyDecides(t *testing.T) {
	t.Parallel()
	seen := map[pipeline.Outcome]int{}
	for sigma := 3.0; sigma <= 90; sigma += 3 {
		f := ask(t, bakhmut("2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z"), nil, shadow(340, sigma))[1]
		want := pipeline.Inconclusive
		if f.Likelihood.H1 >= 2*f.Likelihood.H0 {
			want = pipeline.Supports
		}
		if f.Outcome != want {
			t.Errorf("sigma %v: %s at %+v", sigma, f.Outcome, *f.Likelihood)
		}
		seen[want]++
	}
	if seen[pipeline.Supports] < 3 || seen[pipeline.Inconclusive] < 3 {
		t.Errorf("the edge was not crossed: %v", seen)
	}
}
