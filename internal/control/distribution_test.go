package control_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/control"
	"whenwhere/internal/geo"
)

// A disc whose centre lies on a straight meridian: half and half; the share
// changes at the editions; the rest is contested between two that differ.
func TestDistribution(t *testing.T) {
	t.Parallel()
	m := together(t,
		mapOf("a", 2, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}),
		mapOf("a", 4, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}),
		mapOf("a", 8, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38.5, 48)}),
		mapOf("a", 10, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38.5, 48)}),
	)
	for name, tc := range map[string]struct {
		lon, radiusM                   float64
		from, to                       string
		ru, ua, contested, beforeFirst float64
		editions                       int
	}{
		"half and half":         {38, 5000, "2024-10-02T00:00:00Z", "2024-10-03T00:00:00Z", 0.5, 0.5, 0, 0, 2},
		"an instant":            {38, 5000, "2024-10-03T00:00:00Z", "2024-10-03T00:00:00Z", 0.5, 0.5, 0, 0, 2},
		"before the first":      {38, 5000, "2024-10-01T00:00:00Z", "2024-10-03T00:00:00Z", 0.25, 0.25, 0, 0.5, 2},
		"half changes hands":    {38, 5000, "2024-10-05T00:00:00Z", "2024-10-06T00:00:00Z", 0.5, 0, 0.5, 0, 2},
		"across the change":     {38, 5000, "2024-10-03T00:00:00Z", "2024-10-07T00:00:00Z", 0.5, 0.125, 0.375, 0, 3},
		"afterwards":            {38, 5000, "2024-10-09T00:00:00Z", "2024-10-19T00:00:00Z", 1, 0, 0, 0, 2},
		"no radius, contested":  {38.2, 0, "2024-10-05T00:00:00Z", "2024-10-06T00:00:00Z", 0, 0, 1, 0, 2},
		"no radius, ends there": {38.2, 0, "2024-10-03T00:00:00Z", "2024-10-04T00:00:00Z", 0, 1, 0, 0, 2},
		"far inside":            {37.5, 1000, "2024-10-02T00:00:00Z", "2024-10-12T00:00:00Z", 1, 0, 0, 0, 4},
	} {
		d := m.Distribution(47.5, tc.lon, tc.radiusM, at(tc.from), at(tc.to))[0]
		got := []float64{d.RU, d.UA, d.Contested, d.BeforeFirst}
		for i, want := range []float64{tc.ru, tc.ua, tc.contested, tc.beforeFirst} {
			if math.Abs(got[i]-want) > 0.002 {
				t.Errorf("%s: %v, want %v", name, got, []float64{tc.ru, tc.ua, tc.contested, tc.beforeFirst})
				break
			}
		}
		if !d.Found || len(d.Editions) != tc.editions || math.Abs(d.RU+d.UA+d.Contested+d.Unknown-1) > 1e-9 {
			t.Errorf("%s: %d editions, %+v", name, len(d.Editions), d)
		}
	}
	if d := m.Distribution(47.5, 38, 5000, at("2024-09-01T00:00:00Z"), at("2024-10-01T00:00:00Z"))[0]; d.Found {
		t.Errorf("before every edition: %+v", d)
	}
	gray := together(t,
		mapOf("a", 2, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}),
		mapOf("a", 4, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 37.5, 48), control.Contested: drawnBox(37.5, 47, 38, 48)}),
	)
	if d := gray.Distribution(47.5, 37.5, 5000, at("2024-10-02T00:00:00Z"), at("2024-10-03T00:00:00Z"))[0]; math.Abs(d.RU-0.5) > 0.002 || math.Abs(d.Contested-0.5) > 0.002 {
		t.Errorf("half becomes contested: %+v", d)
	}
	// The theatre ends at 43 E, and so does what a map says of the rest.
	if d := gray.Distribution(47.5, 43, 5000, at("2024-10-05T00:00:00Z"), at("2024-10-05T00:00:00Z"))[0]; math.Abs(d.UA-0.5) > 0.002 || math.Abs(d.Unknown-0.5) > 0.002 {
		t.Errorf("half outside the theatre: %+v", d)
	}
	// Quantiles of a coordinate over a disc: x of the quantile q solves
	// x·sqrt(1-x²)+asin(x) = pi·(q-1/2): 0.404 for 3/4, 0.805 for 95 %.
	half := m.Distribution(47.5, 38, 5000, at("2024-10-02T00:00:00Z"), at("2024-10-03T00:00:00Z"))[0].DistanceM
	for _, q := range []struct{ got, want float64 }{
		{half.Least, -5000}, {half.P05, -4020}, {half.P25, -2020}, {half.Median, 0}, {half.P75, 2020}, {half.P95, 4020}, {half.Most, 5000},
	} {
		if math.Abs(q.got-q.want) > half.ErrM {
			t.Errorf("quantiles %+v: %v, want %v", half, q.got, q.want)
		}
	}
	uncovered := together(t, mapOf("a", 1, 0, control.Unknown, drawn{control.UA: drawnBox(37, 47, 38, 48)}))
	d := uncovered.Distribution(47.5, 38, 5000, at("2024-10-02T00:00:00Z"), at("2024-10-02T00:00:00Z"))[0]
	if math.Abs(d.UA-0.5) > 0.002 || math.Abs(d.Unknown-0.5) > 0.002 || d.DistanceM != nil {
		t.Errorf("half unknown: %+v", d)
	}
}

// Random places and moments of the disc and span, each asked by SideAt and
// DistanceAt, are the witness.
func TestDistributionAgainstTrials(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := together(t, someMaps(t)...)
		centre := geo.LatLon{Lat: rapid.Float64Range(46.9, 48.1).Draw(t, "lat"), Lon: rapid.Float64Range(36.9, 39.1).Draw(t, "lon")}
		radiusM := rapid.Float64Range(100, 30_000).Draw(t, "radius")
		from := at("2024-10-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour)
		span := time.Duration(rapid.IntRange(0, 100).Draw(t, "span")) * time.Hour
		d := m.Distribution(centre.Lat, centre.Lon, radiusM, from, from.Add(span))[0]
		p, _ := m.Provider("a")
		random := rand.New(rand.NewPCG(7, uint64(radiusM)))
		const trials = 1500
		var got [4]float64
		var distances []float64
		for range trials {
			where := geo.Destination(centre, 360*random.Float64(), radiusM*math.Sqrt(random.Float64()))
			when := from.Add(time.Duration(random.Float64() * float64(span)))
			side, _ := p.SideAt(where, when)
			got[slices.Index([]control.Side{control.RU, control.UA, control.Contested, control.Unknown}, side)]++
			if _, m, ok := p.DistanceAt(where, when); ok {
				distances = append(distances, m)
			}
		}
		if !d.Found {
			if got[3] != trials {
				t.Fatalf("not found, trials %v", got)
			}
			return
		}
		for i, want := range [4]float64{d.RU, d.UA, d.Contested, d.Unknown} {
			if sigma := math.Sqrt(want*(1-want)/trials) + 0.001; math.Abs(got[i]/trials-want) > 5*sigma {
				t.Fatalf("%+v: share %d is %v in trials, %v computed", d, i, got[i]/trials, want)
			}
		}
		if math.Abs(d.DistanceM.OfShare-float64(len(distances))/trials) > 0.07 {
			t.Fatalf("distances of %v, in trials %v", d.DistanceM.OfShare, float64(len(distances))/trials)
		}
		slices.Sort(distances)
		// Between the trials' quantiles a little below and above, widened by ErrM.
		for q, want := range map[float64]float64{0.05: d.DistanceM.P05, 0.25: d.DistanceM.P25, 0.5: d.DistanceM.Median, 0.75: d.DistanceM.P75, 0.95: d.DistanceM.P95} {
			slack := 5 * math.Sqrt(q*(1-q)/float64(len(distances)))
			at := func(q float64) float64 {
				return distances[max(0, min(len(distances)-1, int(q*float64(len(distances)))))]
			}
			if want < at(q-slack)-d.DistanceM.ErrM-1 || want > at(q+slack)+d.DistanceM.ErrM+1 {
				t.Fatalf("quantile %v: %v computed, trials %v", q, want, at(q))
			}
		}
	})
}
