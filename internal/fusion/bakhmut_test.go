package fusion_test

import (
	"math"
	"testing"
	"time"

	"whenwhere/internal/fusion"
	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
)

func at(t testing.TB, text string) int64 {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when.UnixMilli()
}

func span(lo, hi int64) timeset.Set { return timeset.Of(timeset.Interval{Lo: lo, Hi: hi}) }

// failer is a testing.TB or a *rapid.T.
type failer interface {
	Helper()
	Fatal(args ...any)
}

func must[T any](t failer) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func fuse(t failer, prior fusion.Density, items []fusion.Item) *fusion.Posterior {
	t.Helper()
	return must[*fusion.Posterior](t)(fusion.Fuse(prior, items))
}

// bakhmut is the published vector: a camera clock that is at +3 or +2, the
// sun's azimuth off a shadow, a post.
func bakhmut(t testing.TB) (prior fusion.Density, exif, sun, post fusion.Item) {
	lo, hi := at(t, "2024-11-01T00:00:00Z"), at(t, "2024-11-04T00:00:00Z")
	prior = must[fusion.Density](t)(fusion.Uniform(span(lo, hi)))
	window := func(text string) timeset.Set { return span(at(t, text)-60_000, at(t, text)+60_000) }
	exif = fusion.Item{ID: "E1 exif", Clock: "camera", Reliability: .90, Hypotheses: []fusion.Hypothesis{
		{Name: "+3", Weight: .5, Set: window("2024-11-03T07:15:20Z")}, {Name: "+2", Weight: .5, Set: window("2024-11-03T08:15:20Z")},
	}}
	sun = fusion.Item{ID: "E2 sun", Reliability: .95, Hypotheses: []fusion.Hypothesis{{Weight: 1, Shape: azimuth(t, lo, hi, 150, 5)}}}
	post = fusion.Item{ID: "E3 post", Reliability: .999, Bound: fusion.Upper, Hypotheses: []fusion.Hypothesis{
		{Weight: 1, Set: span(at(t, "2024-11-03T09:02:11Z")-1000, at(t, "2024-11-03T09:02:11Z"))},
	}}
	return prior, exif, sun, post
}

// azimuth is the likelihood of a measured sun azimuth in bins of 10 s.
func azimuth(t testing.TB, lo, hi int64, azimuthDeg, sigmaDeg float64) fusion.Density {
	var breaks []int64
	var values []float64
	for ms := lo; ms < hi; ms += 10_000 {
		p := solar.Sun(time.UnixMilli(ms+5000), 48.5956, 37.9999)
		v := 0.0
		if p.ApparentElevationDeg > 0 {
			z := math.Remainder(p.AzimuthDeg-azimuthDeg, 360) / sigmaDeg
			v = math.Exp(-z * z / 2)
		}
		breaks, values = append(breaks, ms), append(values, v)
	}
	return must[fusion.Density](t)(fusion.Bins(append(breaks, hi), values))
}

func TestBakhmut(t *testing.T) {
	t.Parallel()
	prior, exif, sun, post := bakhmut(t)
	for _, c := range []struct {
		name                 string
		items                []fusion.Item
		plus3, plus2, elsewh float64
	}{
		{"E1", []fusion.Item{exif}, .4500, .4500, .0999},
		{"E1+E2", []fusion.Item{exif, sun}, .9793, .0126, .0081},
		{"E1+E2+E3", []fusion.Item{exif, sun, post}, .9794, .0126, .0080},
	} {
		p, err := fusion.Fuse(prior, c.items)
		if err != nil {
			t.Fatal(err)
		}
		m := p.Items()[0]
		for _, v := range []struct {
			what      string
			got, want float64
		}{
			{"+2", m.Hypotheses[0].Window, c.plus2}, {"+3", m.Hypotheses[1].Window, c.plus3}, {"elsewhere", m.Elsewhere, c.elsewh},
		} {
			if math.Abs(v.got-v.want) > .0006 { // the vector allows .005
				t.Errorf("%s: %s: %.4f, want %.4f", c.name, v.what, v.got, v.want)
			}
		}
	}
	p := fuse(t, prior, []fusion.Item{exif, sun})
	// The vector's 2.0 minutes are whole bins of 10 s; cut to the second, 95 %
	// of the mass need .95/.9793 of the 120 s.
	set := p.Summary().HPD95.Set
	if centre := at(t, "2024-11-03T07:15:20Z"); set.Len() != 1 || !set.Contains(centre) || set.Measure() < 115_000 || set.Measure() > 120_000 {
		t.Errorf("95 %%: %v", set)
	}
	alone := fuse(t, prior, []fusion.Item{sun})
	if set := alone.Summary().HPD95.Set; set.Len() != 3 || math.Abs(float64(set.Measure())/60_000-354) > 1 {
		t.Errorf("E2 alone: %.1f min in %v, want 354 in 3 segments", float64(set.Measure())/60_000, set)
	}
}
