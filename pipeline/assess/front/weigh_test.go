package front_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
	"whenwhere/pipeline/measured"
)

func near(provider string, ageDays float64, km ...float64) front.Near {
	n := front.Near{Provider: provider, Editions: []string{provider + "@1"}}
	for _, d := range km {
		n.Samples = append(n.Samples, front.Sample{DistanceM: d * 1000, AgeDays: ageDays})
	}
	return n
}

func bansOf(f pipeline.Finding) float64 {
	if f.Likelihood == nil {
		return 0
	}
	return math.Log10(f.Likelihood.H1 / f.Likelihood.H0)
}

// The measured curve, written anew from its two numbers: a exp(-km/b), and e-fold less for each FadeDays beyond the first day.
func TestLineWeighsAsMeasured(t *testing.T) {
	t.Parallel()
	table := measured.TheFront()
	a, b := table.Line[measured.OnGround].Bans, table.Line[measured.OnGround].Scale
	for name, c := range map[string]struct {
		near front.Near
		want float64
	}{
		"at the line":     {near("a", 0.5, 0), a},
		"a day old":       {near("a", 1, 0), a},
		"half a km":       {near("a", 0, 0.5), a * math.Exp(-0.5/b)},
		"old":             {near("a", 1+table.FadeDays, 0), a / math.E},
		"uncertain place": {near("a", 0, 0, 1000), math.Log10((math.Pow(10, a) + 1) / 2)},
	} {
		f := ask(t, ofKind(pipeline.KindCapture), maps{near: []front.Near{c.near}})["front.line"]
		if f.Outcome != pipeline.Supports || math.Abs(bansOf(f)-c.want) > 1e-9 {
			t.Errorf("%s: %s %v, want %v", name, f.Outcome, bansOf(f), c.want)
		}
	}
}

// A far place, and an old map, are no evidence either way.
func TestLineSaturates(t *testing.T) {
	t.Parallel()
	for _, n := range []front.Near{near("a", 0, 11), near("a", 0, 170), near("a", 300, 0)} {
		f := ask(t, claim(), maps{near: []front.Near{n}})["front.line"]
		if f.Outcome != pipeline.Inconclusive || f.Code != pipeline.CodeWeak || f.Likelihood != nil || !strings.Contains(f.Reason, "are real") {
			t.Errorf("%+v: %s: %s", n, f.Outcome, f.Reason)
		}
	}
}

// The kind matters: what needs somebody on the ground is told by the line, a strike is not.
func TestKindMatters(t *testing.T) {
	t.Parallel()
	at := maps{near: []front.Near{near("a", 0, 0)}}
	ground, strike := ask(t, ofKind(pipeline.KindExecution), at)["front.line"], ask(t, ofKind(pipeline.KindStrike), at)["front.line"]
	if bansOf(ground) <= bansOf(ask(t, claim(), at)["front.line"]) {
		t.Errorf("an execution at the line weighs %v", bansOf(ground))
	}
	if strike.Outcome != pipeline.Inconclusive || !strings.Contains(strike.Reason, "a strike reaches far") {
		t.Errorf("%s: %s", strike.Outcome, strike.Reason)
	}
	if shelling := bansOf(ask(t, ofKind(pipeline.KindShelling), at)["front.line"]); shelling <= 0 || shelling >= bansOf(ground) {
		t.Errorf("shelling at the line weighs %v", shelling)
	}
}

// Providers are named one by one; what supports least counts, in whatever order they come, and a disagreement is said.
func TestProvidersDisagree(t *testing.T) {
	t.Parallel()
	one, other := near("a", 0, 0.1), near("b", 0, 0.6)
	alone := bansOf(ask(t, claim(), maps{near: []front.Near{other}})["front.line"])
	f := ask(t, claim(), maps{near: []front.Near{one, other}})["front.line"]
	if bansOf(f) != alone || f.Basis.String() != "control_map:a+b" || !strings.Contains(f.Reason, "0.1 km away by a, 0.6 km away by b; weighed by b") || strings.Contains(f.Reason, "disagree") {
		t.Errorf("%v against %v: %s", bansOf(f), alone, f.Reason)
	}
	f = ask(t, claim(), maps{near: []front.Near{one, near("b", 0, 30)}})["front.line"]
	if f.Outcome != pipeline.Inconclusive || !strings.Contains(f.Reason, "the providers disagree by 29.9 km") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

// A map that came after may have been drawn from this very footage: it is named and weighs nothing.
func TestLaterMapsWeighNothing(t *testing.T) {
	t.Parallel()
	f := ask(t, claim(), maps{ground: []front.Ground{ground("a", true, 0.1)}})["front.line"]
	if f.Outcome != pipeline.Inconclusive || f.Code != pipeline.CodeWeak || !strings.Contains(f.Reason, "0.1 km away by a, whose maps are all later") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	if f := ask(t, claim(), maps{})["front.line"]; f.Outcome != pipeline.Unavailable {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

func gained(provider string, ru, ua, contested float64) front.Change {
	return front.Change{Provider: provider, Complete: true, ContestedKm2: contested, GainedKm2: map[pipeline.Side]float64{pipeline.SideRU: ru, pipeline.SideUA: ua}}
}

// Ground taken by either side weighs alike; newly contested ground is named only; the provider that saw least counts.
func TestGroundWeighsAsMeasured(t *testing.T) {
	t.Parallel()
	curve := measured.TheFront().Operations[measured.Any]
	weight := func(km2 float64) float64 { return curve.Bans * (1 - math.Exp(-km2/curve.Scale)) }
	for name, c := range map[string]struct {
		changes []front.Change
		want    float64
	}{
		"by ru":           {[]front.Change{gained("a", 12, 0, 0)}, weight(12)},
		"by ua":           {[]front.Change{gained("a", 0, 12, 0)}, weight(12)},
		"by both":         {[]front.Change{gained("a", 8, 4, 0)}, weight(12)},
		"contested":       {[]front.Change{gained("a", 0, 0, 40)}, 0},
		"still":           {[]front.Change{gained("a", 0, 0, 0)}, 0},
		"least of two":    {[]front.Change{gained("a", 30, 0, 0), gained("b", 12, 0, 0)}, weight(12)},
		"one saw nothing": {[]front.Change{gained("a", 30, 0, 0), gained("b", 0, 0, 0)}, 0},
	} {
		f := ask(t, claim(), maps{changes: c.changes})["front.operations"]
		if math.Abs(bansOf(f)-c.want) > 1e-9 || (f.Outcome == pipeline.Supports) != (c.want > 0) || !strings.HasPrefix(f.Reason, "within 5 km, from ") {
			t.Errorf("%s: %s %v, want %v: %s", name, f.Outcome, bansOf(f), c.want, f.Reason)
		}
	}
}

// A place known to 10 km holds four times the ground of the measure: a quarter of it is expected within.
func TestWidePlace(t *testing.T) {
	t.Parallel()
	c := claim()
	c.Where.RadiusM = 2 * front.OperationsRadiusM
	wide := ask(t, c, maps{changes: []front.Change{gained("a", 48, 0, 0)}})["front.operations"]
	narrow := ask(t, claim(), maps{changes: []front.Change{gained("a", 12, 0, 0)}})["front.operations"]
	if math.Abs(bansOf(wide)-bansOf(narrow)) > 1e-9 || !strings.HasPrefix(wide.Reason, "within 10 km") {
		t.Errorf("%v %v: %s", bansOf(wide), bansOf(narrow), wide.Reason)
	}
}

// All that maps say of a claim is one witness, also when a provider answers one question only.
func TestOneWitness(t *testing.T) {
	t.Parallel()
	found := ask(t, claim(), maps{ground: []front.Ground{ground("a", true, 1)}, near: []front.Near{near("b", 0, 0)}, changes: []front.Change{gained("c", 9, 0, 0)}})
	for q, f := range found {
		if f.Basis.String() != "control_map:a+b+c" {
			t.Errorf("%s rests on %s", q, f.Basis)
		}
	}
}

// Whatever the maps draw, line and ground are never against a claim, and never beyond half a ban.
func TestNeverAPenalty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		kinds := []pipeline.Kind{"", pipeline.KindOther, pipeline.KindStrike, pipeline.KindShelling, pipeline.KindCapture, pipeline.KindExecution}
		km := rapid.SliceOfN(rapid.Float64Range(0, 3000), 1, 8).Draw(rt, "km")
		m := maps{near: []front.Near{near("a", rapid.Float64Range(0, 40).Draw(rt, "age"), km...)},
			changes: []front.Change{gained("a", rapid.Float64Range(0, 80).Draw(rt, "ru"), rapid.Float64Range(0, 80).Draw(rt, "ua"), 0)}}
		found := ask(t, ofKind(rapid.SampledFrom(kinds).Draw(rt, "kind")), m)
		for _, q := range []pipeline.QuestionID{"front.line", "front.operations"} {
			f := found[q]
			if f.Outcome == pipeline.Contradicts || bansOf(f) < 0 || bansOf(f) > 0.5 {
				rt.Fatalf("%s: %s %v", q, f.Outcome, bansOf(f))
			}
		}
	})
}

// The reason says where the nearest gain lies and which way the line moved, to an eighth of the compass.
func TestAdvanceIsNamed(t *testing.T) {
	t.Parallel()
	for deg, want := range map[float64]string{0: "N", 22: "N", 23: "NE", 90: "E", 180: "S", 270: "W", 315: "NW", 337: "NW", 338: "N", 359.9: "N"} {
		m := 1200.0
		c := gained("a", 12, 3, 0)
		c.NearestM, c.NearestDeg, c.TowardsDeg = &m, &deg, map[pipeline.Side]float64{pipeline.SideRU: deg}
		f := ask(t, claim(), maps{changes: []front.Change{c}})["front.operations"]
		if text := "a: ru gained 12.0 km2 towards " + want + ", ua 3.0 km2, newly contested 0.0 km2, the nearest 1.2 km " + want + " away"; !strings.Contains(f.Reason, text) {
			t.Errorf("%v: %s", deg, f.Reason)
		}
	}
}
