package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/events"
	"whenwhere/internal/geo"
	"whenwhere/pipeline/measured"
)

// draw makes values whose likelihood ratio is known: H0 even over 0 to 10, H1 with a density of 10^curve times that.
func draw(n int, c measured.Curve, of shape) sample {
	r := rand.New(rand.NewPCG(1, 2))
	var s sample
	for i := 0; len(s.h1) < n; i++ {
		x := 10 * r.Float64()
		if s.h0 = append(s.h0, value{x, i}); r.Float64() < math.Pow(10, c.Bans*of(c.Scale, x)-0.5) {
			s.h1 = append(s.h1, value{x, i})
		}
	}
	return s
}

// A ratio whose mean over H0 is not 1 cannot be found as it is; one far below 1 beyond the reach makes up for it. So the
// test lets the fit find the shape, and the law holds whatever it finds.
func TestFitFindsTheCurve(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		curve  measured.Curve
		of     shape
		scales []float64
	}{
		"fading": {measured.Curve{Bans: 0.3, Scale: 1}, fading, grid(0.3, 10)},
		"rising": {measured.Curve{Bans: 0.4, Scale: 3}, rising, grid(0.5, 30)},
	} {
		s := draw(20_000, c.curve, c.of)
		got := fit(s, c.of, c.scales)
		told := s.weigh(got, c.of)
		if nats, sigma := told.gain(); got.Bans <= 0 || got.Bans > maxBans || nats < 3*sigma {
			t.Errorf("%s: %+v gains %v +- %v", name, got, nats, sigma)
		}
		// The slope of the loss is 0 at the bans that were found: a little more or less is no better.
		for _, d := range []float64{-0.02, 0.02} {
			other := measured.Curve{Bans: got.Bans + d, Scale: got.Scale}
			if s.weigh(other, c.of).logLoss() < told.logLoss()-1e-7 {
				t.Errorf("%s: %v bans are better than %v", name, other.Bans, got.Bans)
			}
		}
		var out strings.Builder
		if !told.lawful(&out) {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

// What tells nothing weighs nothing.
func TestNothingToTell(t *testing.T) {
	t.Parallel()
	s := draw(3000, measured.Curve{Scale: 1}, fading)
	if c := told(s, fit(s, fading, grid(0.5, 10)), fading); c.Bans > 0.02 {
		t.Errorf("%+v", c)
	}
}

// Two clusters of which one alone gains are no evidence of a curve; forty that all gain are.
func TestToldFromChance(t *testing.T) {
	t.Parallel()
	c := measured.Curve{Bans: 0.3, Scale: 1}
	chance := sample{values{{0, 1}, {9, 2}}, values{{9, 1}, {0, 2}}}
	if got := told(chance, c, fading); got.Bans != 0 {
		t.Errorf("%+v", got)
	}
	var sure sample
	for i := range 40 {
		sure = sure.with(sample{values{{0, i}}, values{{9, i}}})
	}
	if got := told(sure, c, fading); got != c {
		t.Errorf("%+v", got)
	}
}

// Events 0 and 1 have nothing in common but event 2, which cites the posts of both; 3 cites a post of 1.
func TestClustersAreTransitive(t *testing.T) {
	t.Parallel()
	th := &theatre{}
	day := time.Date(2024, 9, 1, 0, 0, 0, 0, time.UTC)
	for i, links := range [][]string{{"a"}, {"b", "c"}, {"a", "b"}, {"c"}, {"d"}} {
		th.incidents = append(th.incidents, incident{Event: events.Event{Day: &day, Where: &geo.LatLon{Lat: 48 + float64(i), Lon: 37}, Links: links}})
	}
	th.cluster()
	var got []int
	for _, e := range th.incidents {
		got = append(got, e.cluster)
	}
	if !slices.Equal(got, []int{0, 0, 0, 0, 1}) || th.clusters != 2 {
		t.Errorf("%v", got)
	}
}

// No permutation gives an event its own day back.
func TestNobodyKeepsHisDay(t *testing.T) {
	t.Parallel()
	var of []incident
	for i := range 90 {
		day := time.Date(2024, 9, 1+i%3, 0, 0, 0, 0, time.UTC)
		of = append(of, incident{Event: events.Event{Day: &day, Where: &geo.LatLon{Lat: 48 + float64(i), Lon: 37}}, cluster: i})
	}
	got := permuted(of, 10, 0)
	for _, p := range got {
		if p.day.Equal(*of[p.cluster].Day) {
			t.Fatalf("event %d keeps its day", p.cluster)
		}
	}
	if len(got) < 500 || len(got) > 700 { // two of three, on average
		t.Errorf("%d pairings", len(got))
	}
}

func TestScores(t *testing.T) {
	t.Parallel()
	s := sample{values{{1, 1}, {0, 2}}, values{{0, 3}, {0, 4}}} // one of two listed events is told from the permuted ones
	if got := s.auc(); got != 0.75 {
		t.Errorf("AUC %v", got)
	}
	p := 10.0 / 11
	if got, want := s.brier(), ((1-p)*(1-p)/2+0.25/2+0.25)/2; math.Abs(got-want) > 1e-12 {
		t.Errorf("Brier %v, want %v", got, want)
	}
	if got, want := s.logLoss(), (-math.Log(p)/2+math.Ln2/2+math.Ln2)/2; math.Abs(got-want) > 1e-12 {
		t.Errorf("log loss %v, want %v", got, want)
	}
	unlawful := sample{h1: values{{0.3, 1}}, h0: values{{0.3, 1}, {0.3, 2}}}
	if unlawful.lawful(new(strings.Builder)) {
		t.Error("a ratio of 2 for all of H0 passes for lawful")
	}
}

// Events that share a post or a kilometre never straddle the two parts, and a permutation leaves nobody his own day.
func TestSplitAndPermutation(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	th := &theatre{}
	for i := range 600 {
		day := time.Date(2024, 9, 1+r.IntN(30), 0, 0, 0, 0, time.UTC)
		at := geo.LatLon{Lat: 47 + float64(r.IntN(40))/20 + 0.001, Lon: 36 + float64(r.IntN(40))/20 + 0.001}
		th.incidents = append(th.incidents, incident{Event: events.Event{Row: i + 1, Day: &day, Where: &at, Links: []string{string(rune('a' + r.IntN(26)))}[:i%30/29]}})
	}
	th.cluster()
	byLink, byCell, unseen := map[string]bool{}, map[geo.LatLon]bool{}, 0
	for _, e := range th.incidents {
		if e.unseen {
			unseen++
		}
		if was, ok := byCell[*e.Where]; ok && was != e.unseen {
			t.Fatal("two events of one place are in both parts")
		}
		byCell[*e.Where] = e.unseen
		for _, link := range e.Links {
			if was, ok := byLink[link]; ok && was != e.unseen {
				t.Fatal("two events of one post are in both parts")
			}
			byLink[link] = e.unseen
		}
	}
	if unseen < 100 || unseen > 500 {
		t.Errorf("%d of 600 are unseen", unseen)
	}
	const times = 3
	own, other := own(th.incidents), permuted(th.incidents, times, 0)
	if len(other) < times*len(own)*9/10 || len(other) > times*len(own) {
		t.Errorf("%d pairings of %d events", len(other), len(own))
	}
	days := map[geo.LatLon]map[time.Time]bool{}
	for _, p := range own {
		if days[p.where] == nil {
			days[p.where] = map[time.Time]bool{}
		}
		days[p.where][p.day] = true
	}
	far := permuted(th.incidents, times, 20*24*time.Hour)
	if len(far) == 0 || len(far) >= len(other) {
		t.Errorf("%d pairings are 20 days off, of %d", len(far), len(other))
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]measured.Group{
		"Assault on a treeline": measured.OnGround, "FPV drone hits a tank": measured.InRange, "Shelling of positions": measured.InRange,
		"FAB strike": measured.Strike, "Drone footage of an airstrike": measured.Strike, "A bridge": measured.Any, "": measured.Any,
	} {
		if got := groupOf(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// The table that is written is the table that is read.
func TestSourceOfTheTable(t *testing.T) {
	t.Parallel()
	table := measured.TheFront()
	text, err := source(table)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"DO NOT EDIT", "FrontDays", table.Provenance.SHA256[0], table.Provenance.Date} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing", want)
		}
	}
}
