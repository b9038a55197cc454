package duplicates

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// Limits on what one part may weigh, in bans, as in the rules of the score.
const (
	maxBans   = 4
	maxJudged = 1
)

// toldTwice is how many other records there are about the incident of a record, on average: one for every ten records.
const toldTwice = 0.1

func (m model) prior(Record, Record) (Part, bool) {
	others := max(1, m.records-1)
	return Part{What: "prior", Bans: math.Log10(toldTwice / float64(others)), How: pipeline.Judged,
		Reason: fmt.Sprintf("one record in ten tells what another tells, and there are %d others", others)}, true
}

// Shares of accounts of one incident that put it elsewhere, and on another day.
const (
	elsewhere  = 9.0 / 396 // more than 2 km off
	anotherDay = 11.0 / 396
)

// Two accounts of one place differ by the radii of both and by pointSpreadM. A radius is taken to hold the place in 95 of
// 100 cases, which in two dimensions is 2.4477 standard deviations.
const (
	pointSpreadM   = 100
	sigmaPerRadius = 1 / 2.4477
)

// knot is how many pairs of two incidents lie less than a distance from each other.
type knot struct{ km, share float64 }

// farDays and oneDay are that of pairs of one independent list of geolocated events which cite no post in common: 6,067,826
// that are 30 to 90 days apart, and 435,966 that are a day apart or less. On one day two incidents lie close to each other far
// more often, because fighting goes on where it is.
func farDays() []knot {
	return []knot{{0.1, 0.00006}, {0.2, 0.00017}, {0.5, 0.00063}, {1, 0.00192}, {2, 0.00471}, {5, 0.01448}, {10, 0.03127}, {20, 0.06768},
		{50, 0.18193}, {100, 0.29074}, {200, 0.45544}, {500, 0.93524}}
}

func oneDay() []knot {
	return []knot{{0.1, 0.00120}, {0.2, 0.00226}, {0.5, 0.00529}, {1, 0.00979}, {2, 0.01755}, {5, 0.03500}, {10, 0.05409}, {20, 0.09160},
		{50, 0.20799}, {100, 0.32187}, {200, 0.48959}, {500, 0.93861}}
}

// densityPerKm2 is how densely two incidents lie at that distance from each other, between the knots by a power of it.
func densityPerKm2(apart []knot, km float64) float64 {
	km = min(max(km, apart[0].km), apart[len(apart)-1].km)
	i := 1
	for i < len(apart)-1 && km > apart[i].km {
		i++
	}
	a, b := apart[i-1], apart[i]
	k := math.Log(b.share/a.share) / math.Log(b.km/a.km)
	share := a.share * math.Pow(km/a.km, k)
	return share * k / (2 * math.Pi * km * km)
}

// sameDay reports whether the two may be of one day: no more than a day lies between their windows.
func sameDay(a, b Record) bool {
	p, q := a.Claim.When, b.Claim.When
	const day = 24 * time.Hour
	return p != nil && q != nil && !p.From.After(q.To.Add(day)) && !q.From.After(p.To.Add(day))
}

func place(a, b Record) (Part, bool) {
	p, q := a.Claim.Where, b.Claim.Where
	if p == nil || q == nil {
		return Part{}, false
	}
	km := geo.DistanceM(geo.LatLon{Lat: p.Lat, Lon: p.Lon}, geo.LatLon{Lat: q.Lat, Lon: q.Lon}) / 1000
	sp, sq, s0 := p.RadiusM*sigmaPerRadius/1000, q.RadiusM*sigmaPerRadius/1000, pointSpreadM/1000.0
	variance := sp*sp + sq*sq + s0*s0
	one := math.Exp(-km*km/(2*variance)) / (2 * math.Pi * variance)
	apart := farDays()
	if sameDay(a, b) {
		apart = oneDay()
	}
	lr := (1-elsewhere)*one/densityPerKm2(apart, km) + elsewhere
	return Part{What: "place", Bans: capped(math.Log10(lr), maxBans), How: pipeline.Measured,
		Reason: fmt.Sprintf("the places are %s apart, stated to %s and %s", distance(km*1000), distance(p.RadiusM), distance(q.RadiusM))}, true
}

func (m model) time(a, b Record) (Part, bool) {
	p, q := a.Claim.When, b.Claim.When
	if p == nil || q == nil {
		return Part{}, false
	}
	from, to := p.From, p.To
	if q.From.After(from) {
		from = q.From
	}
	if q.To.Before(to) {
		to = q.To
	}
	common := max(0, to.Sub(from).Seconds())
	lr := (1-anotherDay)*common*m.spanS/(p.Duration().Seconds()*q.Duration().Seconds()) + anotherDay
	reason := fmt.Sprintf("the windows share %s, of %s and %s", length(to.Sub(from)), length(p.Duration()), length(q.Duration()))
	if common == 0 {
		reason = fmt.Sprintf("the windows share nothing, %s lie between them", length(from.Sub(to)))
	}
	return Part{What: "time", Bans: capped(math.Log10(lr), maxBans), How: pipeline.Measured, Reason: reason}, true
}

// How often two records show the same footage: when they are of one incident, and when they are not.
const footageOne, footageTwo = 0.3, 0.001

func footage(a, b Record) (Part, bool) {
	if len(a.Footage) == 0 || len(b.Footage) == 0 {
		return Part{}, false
	}
	how := shared(a, b)
	if how == "" {
		return Part{What: "footage", Bans: math.Log10((1 - footageOne) / (1 - footageTwo)), How: pipeline.Judged, Reason: "no footage of the one is known in the other"}, true
	}
	return Part{What: "footage", Bans: capped(math.Log10(footageOne/footageTwo), maxJudged), How: pipeline.Judged,
		Reason: how + ": one incident, or footage that one of both took from the other"}, true
}

// shared says how the two show the same footage; empty when they do not.
func shared(a, b Record) string {
	for _, id := range a.Footage {
		if slices.Contains(b.Footage, id) {
			return "both show the same file"
		}
	}
	for _, pair := range [][2][]pipeline.MediaID{{a.Alike, b.Footage}, {b.Alike, a.Footage}} {
		if slices.ContainsFunc(pair[0], func(id pipeline.MediaID) bool { return slices.Contains(pair[1], id) }) {
			return "both show the same footage in files of their own"
		}
	}
	return ""
}

// How often two records cite one post: when they are of one incident (judged), and when they are not (904 of 143,175 pairs
// of one day, 5 km or more apart, of an independent list).
const sourceOne, sourceTwo = 0.4, 0.0063

func source(a, b Record) (Part, bool) {
	if len(a.Posts) == 0 || len(b.Posts) == 0 {
		return Part{}, false
	}
	n := len(commonPosts(a, b))
	if n == 0 {
		return Part{What: "source", Bans: math.Log10((1 - sourceOne) / (1 - sourceTwo)), How: pipeline.Judged, Reason: "no post is cited by both"}, true
	}
	return Part{What: "source", Bans: capped(math.Log10(sourceOne/sourceTwo), maxJudged), How: pipeline.Judged,
		Reason: fmt.Sprintf("both cite %s", pipeline.Counted(n, "post"))}, true
}

// commonPosts are the addresses that both cite, apart from scheme, case of the host, and a slash at the end.
func commonPosts(a, b Record) []string {
	of := map[string]bool{}
	for _, p := range a.Posts {
		of[address(p)] = true
	}
	var out []string
	for _, p := range b.Posts {
		if p := address(p); of[p] && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func address(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		rest = url
	}
	host, path, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(strings.ToLower(host), "www.") + "/" + strings.TrimRight(path, "/")
}

// meanVictims is the mean number of victims of an incident, whose numbers fall off as a geometric series; agreeOne is how
// often two accounts of one incident agree on the number.
const meanVictims, agreeOne = 3.0, 0.7

func victims(a, b Record) (Part, bool) {
	p, q := a.Claim.Casualties, b.Claim.Casualties
	if p == nil || q == nil {
		return Part{}, false
	}
	reason := fmt.Sprintf("%s and %s alleged victims", span(p.Min, p.Max), span(q.Min, q.Max))
	if p.Min > q.Max || q.Min > p.Max {
		return Part{What: "victims", Bans: math.Log10(1 - agreeOne), How: pipeline.Judged, Reason: reason}, true
	}
	two := min(1, max(massOf(p), massOf(q)))
	return Part{What: "victims", Bans: capped(math.Log10((agreeOne+(1-agreeOne)*two)/two), maxJudged), How: pipeline.Judged, Reason: reason}, true
}

// massOf is how often an incident has a number of victims in the range, by the geometric series from 1.
func massOf(c *pipeline.Casualties) float64 {
	above := func(k int) float64 { return math.Pow(1-1/meanVictims, float64(max(0, k))) } // P(victims > k)
	return max(above(c.Min-1)-above(c.Max), 1e-6)
}

// differ weighs something stated by both of which accounts of one incident differ once in ten times.
func differ(what, p, q string) (Part, bool) {
	if p == "" || q == "" || p == string(pipeline.SideUnknown) || q == string(pipeline.SideUnknown) || p == q {
		return Part{}, false // agreement is too common to weigh
	}
	return Part{What: what, Bans: -maxJudged, How: pipeline.Judged, Reason: p + " and " + q}, true
}

func party(a, b Record) (Part, bool) {
	p, q := a.Claim.Casualties, b.Claim.Casualties
	if p == nil || q == nil {
		return Part{}, false
	}
	return differ("party", string(p.Party), string(q.Party))
}

func perpetrator(a, b Record) (Part, bool) {
	return differ("perpetrator", string(a.Claim.Perpetrator), string(b.Claim.Perpetrator))
}

func kind(a, b Record) (Part, bool) {
	if a.Claim.Kind == pipeline.KindOther || b.Claim.Kind == pipeline.KindOther {
		return Part{}, false
	}
	p, ok := differ("kind", string(a.Claim.Kind), string(b.Claim.Kind))
	p.Bans = -maxJudged / 2.0 // the same killing is a strike to one and shelling to another
	return p, ok
}

func capped(v, limit float64) float64 { return min(max(v, -limit), limit) }

func distance(m float64) string {
	if m < 1000 {
		return fmt.Sprintf("%.0f m", m)
	}
	return fmt.Sprintf("%.1f km", m/1000)
}

func length(d time.Duration) string {
	if d >= 48*time.Hour {
		return fmt.Sprintf("%.1f days", d.Hours()/24)
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

func span(lo, hi int) string {
	if lo == hi {
		return fmt.Sprint(lo)
	}
	return fmt.Sprintf("%d to %d", lo, hi)
}
