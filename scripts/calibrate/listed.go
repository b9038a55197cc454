package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/internal/ground"
	"whenwhere/internal/trials"
	"whenwhere/internal/truth"
	"whenwhere/pipeline"
	"whenwhere/pipeline/measured"
)

// kindOfGroup is the kind of claim that the assessor weighs by the curve of a group.
var kindOfGroup = map[measured.Group]pipeline.Kind{
	measured.OnGround: pipeline.KindCapture, measured.InRange: pipeline.KindShelling, measured.Strike: pipeline.KindStrike, measured.Any: pipeline.KindOther,
}

// asListed is the kind of the claims that the list itself makes.
const asListed = "as listed"

// listedPopulation claims published events as they are listed, and with their days or their places permuted within their
// part, with the first post that the list cites. What control maps say alone is the axis of context.
func listedPopulation(ctx context.Context, court trials.Court, list, maps string) (trials.Population, error) {
	p := trials.Population{Name: "events", Doc: "published events with dated control maps and the first post of each: as listed, and with days or places permuted"}
	t, err := openTheatre(list, maps)
	if err != nil {
		return p, err
	}
	seen, unseen := t.part(func(e incident) bool { return !e.unseen }), t.part(func(e incident) bool { return e.unseen })
	days, places := map[int]incident{}, map[int]incident{}
	for k, part := range [][]incident{seen, unseen} {
		shuffle(part, days, uint64(2*k), func(a, b incident) bool { return !a.Day.Equal(*b.Day) })
		shuffle(part, places, uint64(2*k+1), func(a, b incident) bool { return geo.DistanceM(*a.Where, *b.Where) > 5_000 })
	}
	drawn := ground.Of(t.maps)
	p.Judged, err = court.JudgeAll(ctx, len(t.incidents), func(i int) ([]trials.Claim, error) {
		e := t.incidents[i]
		claims := []trials.Claim{listedClaim(e, e, e, asListed)}
		if o, ok := days[e.Row]; ok {
			claims = append(claims, listedClaim(e, o, e, "day permuted"))
		}
		if o, ok := places[e.Row]; ok {
			claims = append(claims, listedClaim(e, e, o, "place permuted"))
		}
		for j := range claims {
			claims[j].Maps = drawn
		}
		return claims, nil
	})
	return p, err
}

// shuffle gives each incident another one of its part, if that differs.
func shuffle(part []incident, out map[int]incident, seed uint64, differ func(a, b incident) bool) {
	for i, j := range rand.New(rand.NewPCG(6, 10+seed)).Perm(len(part)) {
		if differ(part[i], part[j]) {
			out[part[i].Row] = part[j]
		}
	}
}

// listedClaim is the claim that an event happened on the day of one and at the place of another. The list gives the day on which
// it was put on its map: the event is claimed for that day or the one before.
func listedClaim(e, day, place incident, kind string) trials.Claim {
	when := pipeline.Span{From: day.Day.Add(-24 * time.Hour), To: day.Day.Add(24 * time.Hour)}
	in := pipeline.Incident{ID: fmt.Sprintf("E-%d", e.Row), Claim: pipeline.Claim{
		Where: &pipeline.Place{Lat: place.Where.Lat, Lon: place.Where.Lon, RadiusM: truth.RadiusM}, When: &when, Kind: kindOfGroup[e.group]}}
	if p, ok := e.FirstPost(listed); ok {
		in.Sources = []pipeline.Source{{URL: fmt.Sprintf("https://x.com/i/status/%d", snowflake(p.From)), Platform: "x", Grade: "F6"}}
	}
	return trials.Claim{Case: pipeline.Case{Incident: in}, Index: trials.NoArchive{}, PlaceTrue: kind != "place permuted", TimeTrue: kind != "day permuted",
		Kind: kind, Event: e.cluster, Report: e.unseen}
}

// listedPosts counts events whose first post, dated by its id, is older than the day on which they are listed. r, the share of
// such contradictions that are genuine, follows: a bogus one speaks against a true claim half the time.
type listedPosts struct{ stated, older int }

func postsOf(p trials.Population) (n listedPosts) {
	for _, x := range p.Judged {
		if x.Kind != asListed {
			continue
		}
		for _, l := range x.Verdict.Lines {
			if l.Question != "when.earliest_post_id" {
				continue
			}
			switch l.Outcome {
			case pipeline.Contradicts:
				n.stated, n.older = n.stated+1, n.older+1
			case pipeline.Supports:
				n.stated++
			default:
			}
		}
	}
	return n
}

func (n listedPosts) String() string {
	return fmt.Sprintf("# when.earliest_post_id: of %d events listed with a post, %d are listed later than it: genuine 1 - 2 x %.4f = %.3f",
		n.stated, n.older, float64(n.older)/float64(n.stated), 1-2*float64(n.older)/float64(n.stated))
}

// snowflake is an id of the platform x made at the instant: no id of the list leaves this program, in memory or in files.
func snowflake(at time.Time) int64 { return (at.UnixMilli() - 1288834974657) << 22 }
