package tally

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

// Record is one record with what was made of it.
type Record struct {
	ID      string
	Claim   pipeline.Claim
	Oblast  string  // of the claimed place; empty when it is not known
	Footage bool    // whether it has a file that shows the event or its aftermath
	Judged  *Judged // by its newest verdict; nil when it was not judged
	Review  pipeline.Review
}

// Judged is what is counted of a verdict.
type Judged struct {
	Status     pipeline.VerdictStatus
	Reasons    []string
	Incomplete bool
	Operations pipeline.Outcome // whether ground changed hands near the claimed place around that time
}

// JudgedOf takes from a verdict what is counted.
func JudgedOf(v pipeline.Verdict) Judged {
	j := Judged{Status: v.Status, Reasons: v.Reasons, Incomplete: len(v.Incomplete) > 0, Operations: pipeline.Unavailable}
	for _, l := range v.Lines {
		if l.Question == "front.operations" {
			j.Operations = l.Outcome
		}
	}
	return j
}

// Range is a number of persons, or of incidents, as it is known.
type Range struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// String is 3, or 3 to 5.
func (r Range) String() string {
	if r.Min == r.Max {
		return fmt.Sprint(r.Min)
	}
	return fmt.Sprintf("%d to %d", r.Min, r.Max)
}

func (r Range) plus(o Range) Range { return Range{r.Min + o.Min, r.Max + o.Max} }

// hull is the smallest range that holds both.
func (r Range) hull(o Range) Range { return Range{min(r.Min, o.Min), max(r.Max, o.Max)} }

// minus is what the difference of two numbers in the ranges can be.
func (r Range) minus(o Range) Range { return Range{r.Min - o.Max, r.Max - o.Min} }

// incident is a group of records.
type incident struct {
	head    Record
	ids     []string
	persons *Range // nil when no record states a number
	party   string
	footage bool
}

// disputed is the party of victims whom records of one incident ascribe to different ones.
const disputed = "disputed"

// NotStated is the key of what no record states.
const NotStated = "not stated"

// incidents puts records together that people joined.
func incidents(records []Record, links []pipeline.Link) []incident {
	of := map[string]Record{}
	var ids []string
	for _, r := range records {
		of[r.ID] = r
		ids = append(ids, r.ID)
	}
	var out []incident
	for _, group := range duplicates.Groups(ids, links) {
		var told []Record
		for _, id := range group {
			told = append(told, of[id])
		}
		in := incident{head: slices.MinFunc(told, standing), ids: group, footage: slices.ContainsFunc(told, func(r Record) bool { return r.Footage })}
		in.persons, in.party = victims(told)
		out = append(out, in)
	}
	return out
}

// standing orders the records of a group by how well people, then the machine, hold them.
func standing(a, b Record) int {
	people := []pipeline.ReviewState{pipeline.ReviewApproved, pipeline.ReviewVerified, pipeline.ReviewDisputed, pipeline.ReviewOutdated,
		pipeline.ReviewNone, pipeline.ReviewUnresolved, pipeline.ReviewContradicted}
	machine := []pipeline.VerdictStatus{pipeline.StatusCandidate, pipeline.StatusCredible, pipeline.StatusUnresolved, "", pipeline.StatusContradicted}
	return cmp.Or(
		cmp.Compare(slices.Index(people, a.Review.State()), slices.Index(people, b.Review.State())),
		cmp.Compare(slices.Index(machine, a.status()), slices.Index(machine, b.status())),
		cmp.Compare(a.ID, b.ID))
}

// status is the machine's; empty when the record was not judged.
func (r Record) status() pipeline.VerdictStatus {
	if r.Judged == nil {
		return ""
	}
	return r.Judged.Status
}

func victims(told []Record) (persons *Range, party string) {
	for _, r := range told {
		c := r.Claim.Casualties
		if c == nil {
			continue
		}
		of := Range{c.Min, c.Max}
		if persons != nil {
			of = persons.hull(of)
		}
		persons = &of
		party = agreed(party, string(c.Party))
	}
	if persons == nil {
		return nil, NotStated
	}
	if party == "" {
		party = string(pipeline.SideUnknown)
	}
	return persons, party
}

// agreed is the party that both name; what one does not know the other may.
func agreed(a, b string) string {
	switch unknown := string(pipeline.SideUnknown); {
	case b == "" || b == unknown || a == b:
		return cmp.Or(a, b)
	case a == "" || a == unknown:
		return b
	}
	return disputed
}

// middle is when an incident counts; ok is false when its record states no time.
func (in incident) middle() (at time.Time, ok bool) {
	w := in.head.Claim.When
	if w == nil {
		return at, false
	}
	return w.From.Add(w.Duration() / 2).UTC(), true
}

// longest is the longest window that belongs to a month.
const longest = 31 * 24 * time.Hour

func (in incident) month() string {
	at, ok := in.middle()
	switch {
	case !ok:
		return NotStated
	case in.head.Claim.When.Duration() > longest:
		return "unclear"
	}
	return at.Format("2006-01")
}
