package where_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/where"
)

// The claimed disc has a radius of 500 m, the fix a stated accuracy of 15.1 m: sigma is 10 m, so the answer turns at 520
// and at 550 m. The likelihoods are worked out by hand: a genuine fix lies within two sigmas with 1 - e^-2, a bogus one
// agrees half the time, and chance is the share of a theatre of 300 km.
func TestEdgesAndLikelihoods(t *testing.T) {
	t.Parallel()
	claim := pipeline.Claim{Where: &pipeline.Place{Lon: centre.Lon, Lat: centre.Lat, RadiusM: 500}}
	accuracy := 15.1
	at := func(metres float64) pipeline.Finding {
		e := pipeline.Exhibit{Media: &pipeline.Media{}, Observed: observed(t, []pipeline.StatedPlace{gps(metres, &accuracy)}, nil)}
		return ask(t, claim, e)["where.position"]
	}
	chance := 520.0 * 520 / (300_000.0 * 300_000)
	for metres, want := range map[float64]struct {
		outcome pipeline.Outcome
		h1, h0  float64
	}{
		519.9: {pipeline.Supports, (1 - math.Exp(-2)) * 2, chance * 2},
		0.1:   {pipeline.Supports, (1 - math.Exp(-2)) * 2, chance * 2},
		520.1: {pipeline.Inconclusive, 0, 0}, 549.9: {pipeline.Inconclusive, 0, 0},
		550.1: {pipeline.Contradicts, 0.001 * 2, (1 - chance) * 2},
		9e5:   {pipeline.Contradicts, 0.001 * 2, (1 - chance) * 2},
	} {
		f := at(metres)
		if f.Outcome != want.outcome {
			t.Errorf("%v m: %s: %s", metres, f.Outcome, f.Reason)
			continue
		}
		if l := f.Likelihood; l != nil && (math.Abs(l.H1/want.h1-1) > 1e-9 || math.Abs(l.H0/want.h0-1) > 1e-9) {
			t.Errorf("%v m: likelihood %+v, want %+v", metres, *l, want)
		}
		if (f.Likelihood == nil) != (want.outcome == pipeline.Inconclusive) {
			t.Errorf("%v m: likelihood %v", metres, f.Likelihood)
		}
	}
}

func TestVagueClaimsWeighLess(t *testing.T) {
	t.Parallel()
	var last float64
	for _, radiusM := range []float64{500, 20_000, 200_000} {
		claim := pipeline.Claim{Where: &pipeline.Place{Lon: centre.Lon, Lat: centre.Lat, RadiusM: radiusM}}
		accuracy := 1.51
		f := ask(t, claim, pipeline.Exhibit{Media: &pipeline.Media{}, Observed: observed(t, []pipeline.StatedPlace{gps(100, &accuracy)}, nil)})["where.position"]
		if want := 2 * (radiusM + 2) * (radiusM + 2) / (300_000.0 * 300_000); math.Abs(f.Likelihood.H0/want-1) > 1e-9 || f.Likelihood.H0 <= last {
			t.Errorf("radius %v: %+v, want %v", radiusM, *f.Likelihood, want)
		}
		last = f.Likelihood.H0
	}
	// A fix of no use: its accuracy covers the theatre, and agrees with every claim.
	claim := pipeline.Claim{Where: &pipeline.Place{Lon: centre.Lon, Lat: centre.Lat, RadiusM: 500}}
	useless := 400_000.0
	f := ask(t, claim, pipeline.Exhibit{Media: &pipeline.Media{}, Observed: observed(t, []pipeline.StatedPlace{gps(100, &useless)}, nil)})["where.position"]
	if f.Likelihood.H0 != 2 {
		t.Errorf("%+v", *f.Likelihood)
	}
}

// 68 of 100 distances from a Rayleigh distribution of that sigma lie within the stated accuracy.
func TestSigmaOfTheStatedAccuracy(t *testing.T) {
	t.Parallel()
	if share := 1 - math.Exp(-1.51*1.51/2); math.Abs(share-0.68) > 0.001 {
		t.Errorf("%v of the fixes within the stated accuracy", share)
	}
}

func TestTheFarthestPositionSpeaks(t *testing.T) {
	t.Parallel()
	claim := pipeline.Claim{Where: &pipeline.Place{Lon: centre.Lon, Lat: centre.Lat, RadiusM: 500}}
	named := func(field string, metres float64) pipeline.StatedPlace {
		p := gps(metres, nil)
		p.Field = field
		return p
	}
	for _, c := range []struct {
		places []pipeline.StatedPlace
		want   string
	}{
		{[]pipeline.StatedPlace{named("near", 10), named("far", 12_345), named("between", 900)}, "far lies 12.3 km from"},
		{[]pipeline.StatedPlace{named("first", 9_000), named("second", 9_000)}, "first lies 9000 m from"},
		{[]pipeline.StatedPlace{{Field: "on the spot", Lon: centre.Lon, Lat: centre.Lat}}, "on the spot lies 0 m from"},
		{[]pipeline.StatedPlace{named("just", 10_001)}, "just lies 10.0 km from"},
	} {
		f := ask(t, claim, pipeline.Exhibit{Media: &pipeline.Media{}, Observed: observed(t, c.places, nil)})["where.position"]
		field, _, _ := strings.Cut(c.want, " lies")
		if !strings.HasPrefix(f.Reason, c.want) || f.Evidence[0] != "media/a.jpg#metadata.places["+field+"]" {
			t.Errorf("%s (%v), want %s", f.Reason, f.Evidence, c.want)
		}
	}
	if d := geo.DistanceM(centre, geo.Destination(centre, 45, 12_345)); math.Abs(d-12_345) > 1 {
		t.Errorf("the oracle's own distance: %v", d)
	}
}

func TestContextIsNotAsked(t *testing.T) {
	t.Parallel()
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1"}}
	for _, r := range []pipeline.MediaRef{{File: "a", Role: pipeline.RoleContext}, {File: "b"}} {
		in.Incident.Media = append(in.Incident.Media, r)
		in.Media = append(in.Media, pipeline.Exhibit{Ref: r, Media: &pipeline.Media{}})
	}
	if _, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{where.Assessor()}, in); err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
}
