package tally

import (
	"cmp"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

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
		r.Operations.add(in.head.Judged)
		if j := in.head.Judged; j != nil && j.Incomplete {
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

func (o *Operations) add(j *Judged) {
	if j == nil {
		o.Unknown++
		return
	}
	switch j.Operations {
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
		if j := in.head.Judged; j != nil {
			for _, reason := range j.Reasons {
				n[Reason{Status: j.Status, Reason: reason}]++
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
