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
