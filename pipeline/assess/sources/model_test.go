package sources_test

import (
	"math"
	"strings"
	"testing"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/sources"
)

// One account is one witness however it is noted; two accounts never are one, save where no account can be told.
func TestPosters(t *testing.T) {
	t.Parallel()
	for name, same := range map[string][]pipeline.Source{
		"telegram": {{URL: "https://t.me/first/1"}, {URL: "https://t.me/first/22"}, {URL: "https://t.me/s/first/3"}, {URL: "https://t.me/s/first"}, {URL: "https://www.t.me/First/9", Platform: "Telegram"},
			{URL: "https://telegram.me/first", Account: " @First "}, {URL: "https://example.org/archive/7", Platform: "telegram", Account: "first"}},
		"x":         {{URL: "https://x.com/first/status/1"}, {URL: "https://twitter.com/First/status/2"}, {URL: "https://mobile.twitter.com/first/status/3"}, {URL: "https://x.com/i/status/4", Account: "@first", Platform: "Twitter"}},
		"x, nobody": {{URL: "https://x.com/i/status/4"}, {URL: "https://twitter.com/i/status/5"}},
		"vk":        {{URL: "https://vk.com/wall-123_4"}, {URL: "https://m.vk.com/wall-123_5?reply=6"}, {URL: "https://vk.com/x", Account: "-123", Platform: "VK"}},
		"tiktok":    {{URL: "https://www.tiktok.com/@first/video/1"}, {URL: "https://tiktok.com/@First/video/2"}, {URL: "https://vm.tiktok.com/Zx", Platform: "tiktok", Account: "@first"}},
		"youtube":   {{URL: "https://www.youtube.com/watch?v=a"}, {URL: "https://youtu.be/b"}},
		"a site":    {{URL: "https://news.example/world/1"}, {URL: "https://www.news.example/2024/2", Platform: "web"}},
	} {
		for _, s := range same[1:] {
			if sources.Poster(s) != sources.Poster(same[0]) {
				t.Errorf("%s: %s is not the poster of %s", name, s.URL, same[0].URL)
			}
		}
	}
	seen := map[pipeline.Basis]string{}
	for _, s := range []pipeline.Source{
		{URL: "https://t.me/first/1"}, {URL: "https://t.me/second/1"}, {URL: "https://t.me/c/123/1"}, {URL: "https://t.me/c/124/1"}, {URL: "https://x.com/first/status/1"},
		{URL: "https://vk.com/wall-123_4"}, {URL: "https://vk.com/wall-124_4"}, {URL: "https://vk.com/first"}, {URL: "https://tiktok.com/@first/video/1"}, {URL: "https://youtube.com/@first"},
		{URL: "https://youtube.com/watch?v=a"}, {URL: "https://youtube.com/watch?v=b", Account: "someone"}, {URL: "https://news.example/1"}, {URL: "https://other.example/1"},
		{URL: "https://facebook.com/first/posts/1"},
	} {
		b := sources.Poster(s)
		if other, ok := seen[b]; ok {
			t.Errorf("%s and %s are one witness", s.URL, other)
		}
		seen[b] = s.URL
		if b.Kind != "source" || len(b.Of) != 8 {
			t.Errorf("%s: basis %v", s.URL, b)
		}
	}
}

func TestPostsThatCannotReport(t *testing.T) {
	t.Parallel()
	posted := func(when string, c pipeline.Claim) pipeline.Finding {
		in := incident()
		in.Claim = c
		published := at(when)
		in.Sources = []pipeline.Source{{URL: "https://t.me/a/1", Published: &published, Grade: "B2"}}
		return ask(t, in)[0]
	}
	claim, anyTime := incident().Claim, incident().Claim
	anyTime.When = nil
	for _, c := range []struct {
		when  string
		claim pipeline.Claim
		want  pipeline.Outcome
	}{
		{"2024-11-03T06:59:59Z", claim, pipeline.Inconclusive}, {"2024-11-03T07:00:00Z", claim, pipeline.Supports}, {"2024-12-03T07:00:00Z", claim, pipeline.Supports},
		{"2024-11-03T06:59:59Z", anyTime, pipeline.Supports},
	} {
		if f := posted(c.when, c.claim); f.Outcome != c.want {
			t.Errorf("%s: %s: %s", c.when, f.Outcome, f.Reason)
		}
	}
	in := incident()
	first, gone := "https://t.me/first/1", "https://t.me/gone/1"
	in.Sources = []pipeline.Source{{URL: "https://t.me/other/1", Side: pipeline.SideUnknown}, {URL: first, Side: pipeline.SideRU}, {URL: "https://t.me/b/1", RepostOf: &first}, {URL: "https://t.me/c/1", RepostOf: &gone}}
	f := ask(t, in)
	for i, want := range []string{"source of unknown side", "source of side ru", "its original: sources[1]", "its original: a post that is not in the record"} {
		if !strings.Contains(f[i].Reason, want) {
			t.Errorf("sources[%d]: %s, want %q", i, f[i].Reason, want)
		}
	}
	if f[2].Outcome != pipeline.Inconclusive || f[2].Code != pipeline.CodeDependent {
		t.Errorf("a repost: %s %s", f[2].Outcome, f[2].Code)
	}
	in.Sources = []pipeline.Source{{URL: first}}
	if f := ask(t, in); !strings.Contains(f[0].Reason, "unknown side") {
		t.Error(f[0].Reason)
	}
}

// How often somebody of a grade is right, and the likelihoods that follow: twice p and twice 1 - p, for a poster.
func TestGrades(t *testing.T) {
	t.Parallel()
	for grade, p := range map[pipeline.Grade]float64{"": 0.6, "F6": 0.6, "A1": 0.95, "A2": 0.85, "B1": 0.85, "B2": 0.85, "A3": 0.7, "C1": 0.7, "C3": 0.7, "A6": 0.95, "F2": 0.85, "F3": 0.7} {
		in := incident()
		in.Sources = []pipeline.Source{{URL: "https://t.me/a/1", Grade: grade}, {URL: "https://t.me/b/1", Grade: "A1"}}
		l := ask(t, in)[0].Likelihood
		near(t, "grade "+string(grade), *l, 2*p, 2*(1-p))
	}
}

func near(t *testing.T, what string, l pipeline.Likelihood, h1, h0 float64) {
	t.Helper()
	if math.Abs(l.H1-h1) > 1e-9 || math.Abs(l.H0-h0) > 1e-9 {
		t.Errorf("%s: %+v, want %v and %v", what, l, h1, h0)
	}
}

// By hand: with p right and c by chance a witness meets the claim with p + (1-p)c under H1 and 1-p + pc under H0.
func TestTestimonyByHand(t *testing.T) {
	t.Parallel()
	claim := incident().Claim // 500 m, two hours
	tell := func(place *pipeline.Place, span *pipeline.Span, direct *bool) []pipeline.Finding {
		in := incident()
		in.Testimonies = []pipeline.Testimony{{ID: "W-1", Place: place, Time: span, Direct: direct, Grade: "B2"}}
		return ask(t, in)
	}
	meets := func(p, c float64) (h1, h0 float64) { return 2 * (p + (1-p)*c), 2 * (1 - p + p*c) }
	misses := func(p, c float64) (h1, h0 float64) { return 2 * (1 - p) * (1 - c), 2 * p * (1 - c) }
	place := func(lat, radiusM float64) *pipeline.Place {
		return &pipeline.Place{Lon: claim.Where.Lon, Lat: lat, RadiusM: radiusM}
	}
	span := func(from, to string) *pipeline.Span { return &pipeline.Span{From: at(from), To: at(to)} }

	f := tell(place(48.05, 59_500), span("2024-11-03T05:00:00Z", "2024-11-10T03:00:00Z"), new(true))
	h1, h0 := meets(0.85, 0.04) // 60 of 300 km
	near(t, "place", *f[0].Likelihood, h1, h0)
	h1, h0 = meets(0.85, 168.0/(365*24)) // 166 h and 2 h
	near(t, "time", *f[1].Likelihood, h1, h0)

	f = tell(place(49.05, 59_500), span("2024-11-03T09:00:00Z", "2024-11-10T07:00:00Z"), nil) // 111 km off; opens as the claim ends
	if f[0].Outcome != pipeline.Contradicts || f[1].Outcome != pipeline.Contradicts || !strings.Contains(f[1].Reason, "misses") {
		t.Fatalf("%s: %s\n%s: %s", f[0].Outcome, f[0].Reason, f[1].Outcome, f[1].Reason)
	}
	h1, h0 = misses(0.675, 0.04) // hearsay: half way from 0.85 to a coin
	near(t, "place, hearsay", *f[0].Likelihood, h1, h0)
	h1, h0 = misses(0.675, 168.0/(365*24))
	near(t, "time, hearsay", *f[1].Likelihood, h1, h0)
	if !strings.Contains(f[0].Reason, "111.2 km from the claimed place, beyond 60.0 km") || !strings.Contains(f[0].Reason, "(graded B2, not first-hand)") {
		t.Error(f[0].Reason)
	}
	// A degree of latitude is 111.2 km there: discs of 110.8 and 0.5 km just meet, of 110.6 and 0.5 just do not.
	if f := tell(place(49.05, 110_800), nil, nil)[0]; f.Outcome != pipeline.Supports || !strings.Contains(f.Reason, "within 111.3 km") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	if f := tell(place(49.05, 110_600), nil, nil)[0]; f.Outcome != pipeline.Contradicts {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	vague := span("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")
	if f := tell(nil, vague, new(true))[1]; f.Outcome != pipeline.Inconclusive || f.Likelihood != nil || !strings.Contains(f.Reason, "too vague") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

func TestClaimsWithoutPlaceOrTime(t *testing.T) {
	t.Parallel()
	in := incident()
	in.Testimonies = []pipeline.Testimony{{ID: "W-1", Place: in.Claim.Where, Time: in.Claim.When}}
	in.Claim.Where, in.Claim.When = nil, nil
	for _, f := range ask(t, in) {
		if f.Outcome != pipeline.NotApplicable || f.Code != pipeline.CodeClaimTooVague {
			t.Errorf("%s: %s %s", f.Question, f.Outcome, f.Code)
		}
	}
}
