package duplicates

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"whenwhere/pipeline"
)

// Record is what is compared of an incident's record.
type Record struct {
	ID      string
	Claim   pipeline.Claim
	Posts   []string           // addresses of the posts it cites
	Footage []pipeline.MediaID // files that show the event or its aftermath
	Alike   []pipeline.MediaID // files of other incidents that show the same footage as one of these
}

// Part is what one thing in common, or not in common, weighs.
type Part struct {
	What   string       `json:"what"` // place, time, footage, source, victims, party, perpetrator, kind, prior
	Bans   float64      `json:"bans"`
	How    pipeline.How `json:"how"`
	Reason string       `json:"reason"`
}

// Proposal is a pair of records that may be of one incident.
type Proposal struct {
	A             string  `json:"a"`
	B             string  `json:"b"`
	Bans          float64 `json:"bans"`   // sum of the parts, the prior among them
	Chance        float64 `json:"chance"` // that it is one incident, under the model
	SharedFootage bool    `json:"shared_footage"`
	Parts         []Part  `json:"parts"`
	// Said is joined or apart, when a person said so; empty in what Propose returns.
	Said pipeline.LinkWord `json:"said,omitempty"`
}

// ChanceText is the chance as people read it; the ends are not rounded to certainty.
func (p Proposal) ChanceText() string {
	switch {
	case p.Chance < 0.001:
		return "less than 0.1 %"
	case p.Chance > 0.999:
		return "more than 99.9 %"
	}
	return fmt.Sprintf("%.1f %%", 100*p.Chance)
}

// DefaultLeastBans is the least weight of a pair that is proposed without shared footage: one in eleven such pairs is one
// incident, which is worth a person's look.
const DefaultLeastBans = -1

// Propose lists the pairs of records that weigh leastBans or more, and all that share footage, without those of which
// people have spoken; the heaviest first.
func Propose(records []Record, links []pipeline.Link, leastBans float64) []Proposal {
	records = slices.Clone(records)
	slices.SortFunc(records, func(a, b Record) int { return cmp.Compare(a.ID, b.ID) })
	records = slices.CompactFunc(records, func(a, b Record) bool { return a.ID == b.ID })
	said, groups := pipeline.Said(pipeline.LinkIncidents, links), newSets(links)
	m := modelOf(records)
	var out []Proposal
	for i := range records {
		for j := i + 1; j < len(records); j++ {
			a, b := records[i], records[j]
			if said[pipeline.Pair{A: a.ID, B: b.ID}] != "" || groups.of(a.ID) == groups.of(b.ID) || !worthwhile(a, b) {
				continue
			}
			if p := m.weigh(a, b); p.Bans >= leastBans || p.SharedFootage {
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(b.Bans, a.Bans), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out
}

// Weigh is what the model makes of one pair among all records, whatever people said of it; ok is false when there are no
// such records.
func Weigh(records []Record, idA, idB string) (p Proposal, ok bool) {
	var pair []Record
	for _, r := range records {
		if r.ID == idA || r.ID == idB {
			pair = append(pair, r)
		}
	}
	if len(pair) != 2 {
		return p, false
	}
	slices.SortFunc(pair, func(a, b Record) int { return cmp.Compare(a.ID, b.ID) })
	return modelOf(records).weigh(pair[0], pair[1]), true
}

// nearM is a distance, beside three times what both state as radii, beyond which no pair can weigh enough when neither time nor
// footage nor a post brings them together.
const nearM = 5_000

// worthwhile leaves out, cheaply, nearly all pairs.
func worthwhile(a, b Record) bool {
	p, q := a.Claim, b.Claim
	switch {
	case p.When != nil && q.When != nil && p.When.Overlaps(*q.When):
		return true
	case p.Where != nil && q.Where != nil && near(*p.Where, *q.Where):
		return true
	}
	return len(commonPosts(a, b)) > 0 || shared(a, b) != ""
}

// near is true of all places that are within nearM and three radii of each other, and of a few others: on a plane, where a
// degree of longitude is as wide as at the one nearer to a pole.
func near(p, q pipeline.Place) bool {
	const perDegM = 111_000
	limit := nearM + 3*(p.RadiusM+q.RadiusM)
	if math.Abs(p.Lat-q.Lat)*perDegM > limit {
		return false
	}
	apart := math.Abs(p.Lon - q.Lon)
	widest := math.Cos(math.Max(math.Abs(p.Lat), math.Abs(q.Lat)) * math.Pi / 180)
	return math.Min(apart, 360-apart)*perDegM*widest <= limit
}

// model is what the weights need to know of all records together.
type model struct {
	records int
	spanS   float64 // seconds that the windows of all records span
}

// leastSpanS is the least span that times are drawn from: a month, so that two records alone do not make every hour common.
const leastSpanS = 30 * 86_400

func modelOf(records []Record) model {
	m := model{spanS: leastSpanS}
	ids := map[string]bool{}
	var from, to float64
	first := true
	for _, r := range records {
		ids[r.ID] = true
		if w := r.Claim.When; w != nil {
			a, b := float64(w.From.Unix()), float64(w.To.Unix())
			if first {
				from, to, first = a, b, false
			}
			from, to = min(from, a), max(to, b)
		}
	}
	m.records, m.spanS = len(ids), max(m.spanS, to-from)
	return m
}

func (m model) weigh(a, b Record) Proposal {
	p := Proposal{A: a.ID, B: b.ID, SharedFootage: shared(a, b) != ""}
	for _, part := range []func(a, b Record) (Part, bool){m.prior, place, m.time, footage, source, victims, party, perpetrator, kind} {
		if q, ok := part(a, b); ok {
			q.Bans = math.Round(q.Bans*1000) / 1000
			p.Parts = append(p.Parts, q)
			p.Bans += q.Bans
		}
	}
	p.Bans = math.Round(p.Bans*1000) / 1000
	p.Chance = math.Round(1e4/(1+math.Pow(10, -p.Bans))) / 1e4
	return p
}
