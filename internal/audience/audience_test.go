package audience_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/audience"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

func places() *rapid.Generator[pipeline.Place] {
	return rapid.Custom(func(t *rapid.T) pipeline.Place {
		return pipeline.Place{Lon: rapid.Float64Range(-180, 180).Draw(t, "lon"), Lat: rapid.Float64Range(-85, 85).Draw(t, "lat"),
			RadiusM: rapid.Float64Range(1, 30_000).Draw(t, "radius")}
	})
}

func at(p audience.Place) geo.LatLon { return geo.LatLon{Lat: p.Lat, Lon: p.Lon} }

func coarsened(t *rapid.T) audience.Audience {
	return rapid.SampledFrom([]audience.Audience{audience.Partner, audience.Public}).Draw(t, "audience")
}

// What is given holds all that was claimed, so that it is never false.
func TestTheGivenDiscHoldsTheClaimedOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, a := places().Draw(t, "place"), coarsened(t)
		got := a.Place(p, nil)
		apart := geo.DistanceM(at(got), geo.LatLon{Lat: p.Lat, Lon: p.Lon})
		if apart+p.RadiusM > got.RadiusM {
			t.Fatalf("%s: %v is %.0f m from %v", a, p, apart, got)
		}
	})
}

// All places of a cell are given as one: nothing of where in the cell they lie is left, and asking twice says no more.
func TestPlacesOfACellAreGivenAsOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, a := places().Draw(t, "place"), coarsened(t)
		first := a.Place(p, nil)
		c := first.Cell
		q := pipeline.Place{RadiusM: p.RadiusM,
			Lon: c.West + rapid.Float64Range(1e-6, 1-1e-6).Draw(t, "x")*(c.East-c.West), Lat: c.South + rapid.Float64Range(1e-6, 1-1e-6).Draw(t, "y")*(c.North-c.South)}
		second := a.Place(q, nil)
		if *first.Cell != *second.Cell || at(first) != at(second) || first.RadiusM != second.RadiusM {
			t.Fatalf("%s: %v and %v\n%v\n%v", a, p, q, first, second)
		}
	})
}

// Sizes by package geo's geodesics: no cell is narrower than promised, nor so wide that it says too little.
func TestCellsHaveTheirSize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, a := places().Draw(t, "place"), coarsened(t)
		least := map[audience.Audience]float64{audience.Partner: 1000, audience.Public: 10_000}[a]
		c := a.Place(p, nil).Cell
		high := geo.DistanceM(geo.LatLon{Lat: c.South, Lon: c.West}, geo.LatLon{Lat: c.North, Lon: c.West})
		for _, lat := range []float64{c.South, c.North} {
			wide := geo.DistanceM(geo.LatLon{Lat: lat, Lon: c.West}, geo.LatLon{Lat: lat, Lon: c.East})
			if wide < least*0.9995 || wide > least*1.15 || high < least || high > least*1.02 {
				t.Fatalf("%s: %v: %.0f m wide, %.0f m high", a, c, wide, high)
			}
		}
	})
}

// Who holds both editions holds no more than the finer.
func TestFineCellsDivideTheCoarse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := places().Draw(t, "place")
		in, out := audience.Partner.Place(p, nil).Cell, audience.Public.Place(p, nil).Cell
		const eps = 1e-9
		if in.West < out.West-eps || in.East > out.East+eps || in.South < out.South-eps || in.North > out.North+eps {
			t.Fatalf("%v: %v is not in %v", p, in, out)
		}
	})
}

func TestInternalIsExact(t *testing.T) {
	t.Parallel()
	p := pipeline.Place{Lon: 37.5, Lat: 48.25, RadiusM: 250}
	got := audience.Internal.Place(p, func(geo.LatLon) string { return "Bakhmut" })
	if got.Lon != 37.5 || got.Lat != 48.25 || got.RadiusM != 250 || got.Cell != nil || !slices.Equal(got.Areas, []string{"Bakhmut"}) {
		t.Error(got)
	}
}

func TestTheEdgesOfTheEarth(t *testing.T) {
	t.Parallel()
	for _, p := range []pipeline.Place{{Lon: 180, Lat: 48}, {Lon: -180, Lat: 48}, {Lon: 0, Lat: 90}, {Lon: 179.9, Lat: -90}, {Lon: 12, Lat: 89.97}} {
		p.RadiusM = 100
		for _, a := range []audience.Audience{audience.Partner, audience.Public} {
			got := a.Place(p, nil)
			apart := geo.DistanceM(at(got), geo.LatLon{Lat: p.Lat, Lon: p.Lon})
			if math.IsNaN(got.RadiusM) || apart+100 > got.RadiusM || math.Abs(got.Lon) > 180 || math.Abs(got.Lat) > 90 {
				t.Errorf("%s: %v: %v, %.0f m apart", a, p, got, apart)
			}
		}
	}
	east, west := audience.Public.Place(pipeline.Place{Lon: 180, Lat: 48, RadiusM: 1}, nil), audience.Public.Place(pipeline.Place{Lon: -180, Lat: 48, RadiusM: 1}, nil)
	if at(east) != at(west) {
		t.Errorf("one place, two cells: %v, %v", east, west)
	}
}

// The border of a raion does not tell on which side of it in the cell a place lies.
func TestAreasAreOfTheCellAndNotOfThePlace(t *testing.T) {
	t.Parallel()
	c := audience.Public.Place(pipeline.Place{Lon: 37.5, Lat: 48.25, RadiusM: 100}, nil).Cell
	border := c.West + 0.3*(c.East-c.West)
	areas := func(p geo.LatLon) string {
		if p.Lon < border {
			return "west"
		}
		return "east"
	}
	for _, lon := range []float64{c.West + 0.01, c.East - 0.01} {
		got := audience.Public.Place(pipeline.Place{Lon: lon, Lat: 48.25, RadiusM: 100}, areas)
		if !slices.Equal(got.Areas, []string{"east", "west"}) {
			t.Errorf("%v: %v", lon, got.Areas)
		}
	}
	if got := audience.Public.Place(pipeline.Place{Lon: 37.5, Lat: 48.25, RadiusM: 100}, func(geo.LatLon) string { return "" }); got.Areas != nil {
		t.Errorf("areas that nobody knows: %v", got.Areas)
	}
}

func TestWhatAnAudienceGets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a                       audience.Audience
		words, hashes, approved bool
		bans, score             float64
	}{
		{audience.Internal, true, true, false, 1.2345, 87.654},
		{audience.Partner, false, true, false, 1.2, 88},
		{audience.Public, false, false, true, 1.2, 88},
		{"", false, false, true, 1.2, 88}, // what nobody named is as public
	} {
		if c.a.Words() != c.words || c.a.Hashes() != c.hashes || c.a.ApprovedOnly() != c.approved || c.a.Bans(1.2345) != c.bans || c.a.Score(87.654) != c.score {
			t.Errorf("%q: words %v, hashes %v, approved only %v, %v bans, %v", c.a, c.a.Words(), c.a.Hashes(), c.a.ApprovedOnly(), c.a.Bans(1.2345), c.a.Score(87.654))
		}
	}
	for score, want := range map[float64]float64{99.99: 99, 99.4: 99, 0.01: 1, 1.4: 1, 50.5: 51, 0: 0, 100: 100} {
		if got := audience.Public.Score(score); got != want {
			t.Errorf("score %v: %v, want %v", score, got, want)
		}
	}
	if v := audience.Public.Bans(-0.01); v != 0 || math.Signbit(v) {
		t.Errorf("minus zero: %v", v)
	}
	for _, text := range []string{"", "Public", "everyone", "public "} {
		if a, err := audience.Parse(text); err == nil {
			t.Errorf("%q is %s", text, a)
		}
	}
	for _, a := range audience.All() {
		if got, err := audience.Parse(string(a)); got != a || err != nil {
			t.Errorf("%s: %s, %v", a, got, err)
		}
	}
}
