package tally

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

// By is what a summary is broken down by.
type By string

const (
	ByNothing By = ""
	ByMonth   By = "month"
	ByOblast  By = "oblast"
	ByParty   By = "party"  // of the victims
	ByStatus  By = "status" // the machine's
)

// Check says what is wrong with it, if anything.
func (b By) Check() error {
	if !slices.Contains([]By{ByNothing, ByMonth, ByOblast, ByParty, ByStatus}, b) {
		return fmt.Errorf("%q is none of month, oblast, party, status", b)
	}
	return nil
}

// Unjudged is the key of incidents without a verdict.
const Unjudged = "not judged"

// Machine counts incidents by the machine's status.
type Machine struct {
	Candidate    int `json:"verified-candidate"`
	Credible     int `json:"credible"`
	Contradicted int `json:"contradicted"`
	Unresolved   int `json:"unresolved"`
	Unjudged     int `json:"not_judged"`
}

// People counts incidents by what people decided of them.
type People struct {
	Verified     int `json:"verified"` // approved ones among them
	Approved     int `json:"approved"`
	Contradicted int `json:"contradicted"`
	Unresolved   int `json:"unresolved"`
	Disputed     int `json:"disputed"`
	Outdated     int `json:"outdated"` // all decisions are on older verdicts
	Undecided    int `json:"undecided"`
}

// Operations counts incidents by whether ground changed hands around then and there.
type Operations struct {
	Underway int `json:"underway"`
	NotShown int `json:"not_shown"` // maps were looked at
	Unknown  int `json:"unknown"`   // no maps, no place, no time, or no verdict
}

// Row counts incidents.
type Row struct {
	Key        string     `json:"key"`
	Incidents  int        `json:"incidents"`
	Records    int        `json:"records"`
	Persons    Range      `json:"persons"`    // alleged victims of all
	Unnumbered int        `json:"unnumbered"` // incidents whose records state no number of victims
	Footage    int        `json:"footage"`    // incidents with footage of the event or its aftermath
	Verified   Range      `json:"verified"`   // alleged victims of the incidents that people verified
	Machine    Machine    `json:"machine"`
	People     People     `json:"people"`
	Operations Operations `json:"operations"`
	Incomplete int        `json:"incomplete"` // incidents of which a stage failed or a file is missing
}

// Party is the alleged victims of one party.
type Party struct {
	Party     string `json:"party"`
	Incidents int    `json:"incidents"`
	Persons   Range  `json:"persons"`
}

// Reason is how many incidents of a machine's status have a typed reason; one may have several, most have none.
type Reason struct {
	Status    pipeline.VerdictStatus `json:"status"`
	Reason    string                 `json:"reason"`
	Incidents int                    `json:"incidents"`
}

// Open is what is not settled of duplicates.
type Open struct {
	Pairs     [][2]string `json:"pairs"`
	Incidents int         `json:"incidents"` // if all pairs were one
	Persons   Range       `json:"persons"`   // the same
}

// Summary is the statement of a set of records.
type Summary struct {
	Since   *time.Time `json:"since"` // absent: from the first
	Until   *time.Time `json:"until"` // the end, which is not in it
	Total   Row        `json:"total"`
	Parties []Party    `json:"parties"`
	Why     []Reason   `json:"why"`
	By      By         `json:"by,omitempty"`
	Rows    []Row      `json:"rows"`
	Merged  [][]string `json:"merged"`  // groups of more than one record
	Open    Open       `json:"open"`    // pairs that may be one
	Undated int        `json:"undated"` // incidents left out of a period because no time is claimed
	Outside int        `json:"outside"` // incidents left out because they lie outside of it
}

// Book is what is counted.
type Book struct {
	Records   []Record
	Links     []pipeline.Link       // what people said of pairs
	Proposals []duplicates.Proposal // pairs of which nobody has spoken
}

// Summarize counts the incidents of a period; since and until may be absent.
func (b Book) Summarize(since, until *time.Time, by By) Summary {
	s := Summary{Since: since, Until: until, By: by, Parties: []Party{}, Why: []Reason{}, Rows: []Row{}, Merged: [][]string{}}
	all := incidents(b.Records, b.Links)
	kept := s.within(all)
	s.Total = count("total", kept)
	s.Parties, s.Why = parties(kept), why(kept)
	for _, in := range kept {
		if len(in.ids) > 1 {
			s.Merged = append(s.Merged, in.ids)
		}
	}
	if by != ByNothing {
		s.Rows = rows(kept, by)
	}
	s.Open = b.open(kept)
	return s
}

// within leaves out what lies outside of the period and says how much.
func (s *Summary) within(all []incident) (kept []incident) {
	for _, in := range all {
		at, dated := in.middle()
		switch {
		case s.Since == nil && s.Until == nil:
			kept = append(kept, in)
		case !dated:
			s.Undated++
		case s.Since != nil && at.Before(*s.Since) || s.Until != nil && !at.Before(*s.Until):
			s.Outside++
		default:
			kept = append(kept, in)
		}
	}
	return kept
}

// open counts the kept incidents as if every pair that is proposed among them were one.
func (b Book) open(kept []incident) Open {
	of := map[string]Record{}
	for _, in := range kept {
		for _, id := range in.ids {
			of[id] = Record{}
		}
	}
	var records []Record
	for _, r := range b.Records {
		if _, ok := of[r.ID]; ok {
			records = append(records, r)
		}
	}
	open := Open{Pairs: [][2]string{}}
	links := slices.Clone(b.Links)
	for _, p := range b.Proposals {
		_, okA := of[p.A]
		_, okB := of[p.B]
		if okA && okB {
			open.Pairs = append(open.Pairs, [2]string{p.A, p.B})
			links = append(links, pipeline.Link{Kind: pipeline.LinkIncidents, A: p.A, B: p.B, Seq: lastSeq, Word: pipeline.LinkJoined})
		}
	}
	slices.SortFunc(open.Pairs, func(p, q [2]string) int { return cmp.Or(strings.Compare(p[0], q[0]), strings.Compare(p[1], q[1])) })
	row := count("", incidents(records, links))
	open.Incidents, open.Persons = row.Incidents, row.Persons
	return open
}

// lastSeq stands after whatever was said of a pair.
const lastSeq = 1 << 30

func count(key string, all []incident) Row {
	r := Row{Key: key}
	for _, in := range all {
		r.Incidents++
		r.Records += len(in.ids)
		state := in.head.Review.State()
		r.People.add(state)
		r.persons(in.persons, state == pipeline.ReviewApproved || state == pipeline.ReviewVerified)
		if in.footage {
			r.Footage++
		}
		r.Machine.add(in.head.status())
		r.Operations.add(in.operations())
		if v := in.head.Verdict; v != nil && len(v.Incomplete) > 0 {
			r.Incomplete++
		}
	}
	return r
}

func (r *Row) persons(alleged *Range, verified bool) {
	if alleged == nil {
		r.Unnumbered++
		return
	}
	r.Persons = r.Persons.plus(*alleged)
	if verified {
		r.Verified = r.Verified.plus(*alleged)
	}
}

func (m *Machine) add(status pipeline.VerdictStatus) {
	switch status {
	case pipeline.StatusCandidate:
		m.Candidate++
	case pipeline.StatusCredible:
		m.Credible++
	case pipeline.StatusContradicted:
		m.Contradicted++
	case pipeline.StatusUnresolved:
		m.Unresolved++
	default:
		m.Unjudged++
	}
}

func (p *People) add(state pipeline.ReviewState) {
	switch state {
	case pipeline.ReviewApproved:
		p.Approved++
		p.Verified++
	case pipeline.ReviewVerified:
		p.Verified++
	case pipeline.ReviewContradicted:
		p.Contradicted++
	case pipeline.ReviewUnresolved:
		p.Unresolved++
	case pipeline.ReviewDisputed:
		p.Disputed++
	case pipeline.ReviewOutdated:
		p.Outdated++
	case pipeline.ReviewNone:
		p.Undecided++
	}
}

func (o *Operations) add(outcome pipeline.Outcome) {
	switch outcome {
	case pipeline.Supports:
		o.Underway++
	case pipeline.Contradicts, pipeline.Inconclusive:
		o.NotShown++
	case pipeline.NotApplicable, pipeline.Unavailable:
		o.Unknown++
	}
}

func parties(all []incident) []Party {
	out := []Party{}
	for _, key := range keys(all, ByParty) {
		p := Party{Party: key}
		for _, in := range all {
			if in.party == key {
				p.Incidents++
				if in.persons != nil {
					p.Persons = p.Persons.plus(*in.persons)
				}
			}
		}
		out = append(out, p)
	}
	return out
}

// why counts the typed reasons of verdicts, the most frequent first: why one is unresolved or contradicted, and what stands
// open against one that is not.
func why(all []incident) []Reason {
	n := map[Reason]int{}
	for _, in := range all {
		if v := in.head.Verdict; v != nil {
			for _, reason := range v.Reasons {
				n[Reason{Status: v.Status, Reason: reason}]++
			}
		}
	}
	out := []Reason{}
	for r, k := range n {
		r.Incidents = k
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Status, a.Status), cmp.Compare(b.Incidents, a.Incidents), strings.Compare(a.Reason, b.Reason))
	})
	return out
}

func rows(all []incident, by By) []Row {
	out := []Row{}
	for _, key := range keys(all, by) {
		out = append(out, count(key, slices.DeleteFunc(slices.Clone(all), func(in incident) bool { return in.key(by) != key })))
	}
	return out
}

func (in incident) key(by By) string {
	switch by {
	case ByMonth:
		return in.month()
	case ByOblast:
		return cmp.Or(in.head.Oblast, string(pipeline.SideUnknown))
	case ByParty:
		return in.party
	case ByStatus:
		return cmp.Or(string(in.head.status()), Unjudged)
	case ByNothing:
	}
	return ""
}

// keys lists the keys that occur: statuses from best to worst, all else in the order of the alphabet, with what is no value
// at the end.
func keys(all []incident, by By) []string {
	var out []string
	for _, in := range all {
		if k := in.key(by); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	rank := []string{string(pipeline.StatusCandidate), string(pipeline.StatusCredible), string(pipeline.StatusContradicted), string(pipeline.StatusUnresolved), "", "disputed", "unclear", "unknown", NotStated, Unjudged}
	at := func(k string) int {
		if i := slices.Index(rank, k); i >= 0 {
			return i
		}
		return slices.Index(rank, "")
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(at(a), at(b)), strings.Compare(a, b)) })
	return out
}
