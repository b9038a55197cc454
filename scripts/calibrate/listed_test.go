package main

import (
	"strings"
	"testing"
	"time"

	"whenwhere/internal/events"
	"whenwhere/internal/geo"
	"whenwhere/internal/trials"
	"whenwhere/pipeline"
	"whenwhere/pipeline/measured"
)

func listedAt(row int, day string, lat float64, link string) incident {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return incident{Event: events.Event{Row: row, Day: &d, Where: &geo.LatLon{Lat: lat, Lon: 37}, Text: "never to be seen", Links: []string{link}},
		group: measured.Strike, cluster: row, unseen: row%2 == 0}
}

// A permuted claim takes its day or its place from another event, its post from its own, and no text, link or account from any.
func TestListedClaims(t *testing.T) {
	t.Parallel()
	const link = "https://x.com/someone/status/1829842820920411531" // 2024-08-31
	e, o := listedAt(1, "2024-08-31", 48, link), listedAt(2, "2024-10-05", 50, "")
	for kind, c := range map[string]struct {
		day, place      incident
		placeOK, timeOK bool
		from            string
	}{
		"as listed":      {e, e, true, true, "2024-08-30"},
		"day permuted":   {o, e, true, false, "2024-10-04"},
		"place permuted": {e, o, false, true, "2024-08-30"},
	} {
		got := listedClaim(e, c.day, c.place, kind)
		in := got.Incident
		if got.PlaceTrue != c.placeOK || got.TimeTrue != c.timeOK || in.Claim.Where.Lat != c.place.Where.Lat || in.Claim.When.From.Format(time.DateOnly) != c.from ||
			in.Claim.When.Duration() != 48*time.Hour || in.Claim.Kind != pipeline.KindStrike || got.Event != 1 || got.Report {
			t.Errorf("%s: %+v", kind, got)
		}
		if len(in.Sources) != 1 || strings.Contains(in.Sources[0].URL, "someone") || in.Sources[0].URL == link || in.Claim.What != "" {
			t.Errorf("%s: %+v", kind, in)
		}
	}
	if s := listedClaim(o, o, o, "as listed").Incident.Sources; len(s) != 0 {
		t.Errorf("a post of an event that cites none: %+v", s)
	}
}

// Posts are counted of the claims that the list makes, once each, and r follows from them.
func TestListedPosts(t *testing.T) {
	t.Parallel()
	said := func(kind string, question pipeline.QuestionID, o pipeline.Outcome) trials.Judged {
		return trials.Judged{Claim: trials.Claim{Kind: kind}, Verdict: pipeline.Verdict{Lines: []pipeline.Line{{Question: question, Outcome: o}}}}
	}
	const post = "when.earliest_post_id"
	var p trials.Population
	for range 199 {
		p.Judged = append(p.Judged, said(asListed, post, pipeline.Supports))
	}
	p.Judged = append(p.Judged, said(asListed, post, pipeline.Contradicts), said("day permuted", post, pipeline.Contradicts),
		said(asListed, post, pipeline.Unavailable), said(asListed, "front.line", pipeline.Supports))
	if got, want := postsOf(p).String(), "of 200 events listed with a post, 1 are listed later than it: genuine 1 - 2 x 0.0050 = 0.990"; !strings.HasSuffix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
}

// Everybody gets another one's day, or nobody's.
func TestShuffle(t *testing.T) {
	t.Parallel()
	var part []incident
	for i := range 40 {
		part = append(part, listedAt(i, []string{"2024-09-01", "2024-09-02", "2024-09-03"}[i%3], 48, ""))
	}
	got := map[int]incident{}
	shuffle(part, got, 1, func(a, b incident) bool { return !a.Day.Equal(*b.Day) })
	if len(got) < 15 || len(got) > 38 {
		t.Errorf("%d of 40 were given another day", len(got))
	}
	for row, o := range got {
		if part[row].Day.Equal(*o.Day) {
			t.Errorf("row %d keeps its day", row)
		}
	}
}
