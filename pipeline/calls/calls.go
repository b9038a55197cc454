// Package calls proposes which incidents a public statement may speak of, with reasons and a weight in bans. It links
// nothing: whoever writes the record of a statement, or a person afterwards, does.
//
// A statement and an incident are compared when they name a unit in common, or show the same footage. All weights are judged,
// and none exceeds 1 ban:
//
//   - unit: one that both name, apart from case, spaces, punctuation and the ending of a number, +1. Names that differ
//     otherwise are taken for different units.
//   - footage: the statement shows footage of the incident, or the incident that of the statement, +1.
//   - time: an incident within a week after the statement was made +0.7, within a month +0.4, within 90 days +0.1, later -0.5.
//     One that was over before: it cannot have been called for, but it may be praised or denied: -0.3.
//   - side: the statement speaks for another side than the alleged perpetrator, -1.
//
// What is not stated weighs nothing. That a statement may speak of an incident says nothing of guilt.
package calls

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"whenwhere/pipeline"
)

// Statement is what is compared of a statement.
type Statement struct {
	pipeline.Statement
	Footage []pipeline.MediaID
}

// Incident is what is compared of an incident.
type Incident struct {
	ID      string
	Claim   pipeline.Claim
	Footage []pipeline.MediaID // files that show the event, or footage that looks like them
}

// Part is what one thing in common weighs.
type Part struct {
	What   string  `json:"what"` // unit, footage, time, side
	Bans   float64 `json:"bans"`
	Reason string  `json:"reason"`
}

// Proposal is an incident that a statement may speak of.
type Proposal struct {
	Statement string  `json:"statement"`
	Incident  string  `json:"incident"`
	Bans      float64 `json:"bans"`
	Parts     []Part  `json:"parts"`
}

// LeastBans is the least weight that is proposed: a unit in common with a time that does not speak against it.
const LeastBans = 1

// Propose lists what each statement may speak of, the heaviest first, without pairs of which people have spoken and those
// that the statement's record names.
func Propose(statements []Statement, incidents []Incident, links []pipeline.Link) []Proposal {
	said := pipeline.Said(pipeline.LinkStatement, links)
	out := []Proposal{}
	for _, s := range statements {
		for _, in := range incidents {
			if said[pipeline.Pair{A: s.ID, B: in.ID}] != "" || slices.Contains(s.Incidents, in.ID) {
				continue
			}
			if p, ok := weigh(s, in); ok && p.Bans >= LeastBans {
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, func(a, b Proposal) int {
		return cmp.Or(strings.Compare(a.Statement, b.Statement), cmp.Compare(b.Bans, a.Bans), strings.Compare(a.Incident, b.Incident))
	})
	return out
}

func weigh(s Statement, in Incident) (p Proposal, ok bool) {
	p = Proposal{Statement: s.ID, Incident: in.ID}
	if unit := common(s.Units, in.Claim.Units); unit != "" {
		p.add("unit", 1, "both name "+unit)
	}
	if slices.ContainsFunc(s.Footage, func(id pipeline.MediaID) bool { return slices.Contains(in.Footage, id) }) {
		p.add("footage", 1, "both show the same footage")
	}
	if len(p.Parts) == 0 {
		return p, false
	}
	p.time(s, in)
	if a, b := s.Side, in.Claim.Perpetrator; stated(a) && stated(b) && a != b {
		p.add("side", -1, fmt.Sprintf("it speaks for %s, the alleged perpetrator is of %s", a, b))
	}
	return p, true
}

func stated(s pipeline.Side) bool { return s != "" && s != pipeline.SideUnknown }

func (p *Proposal) add(what string, bans float64, reason string) {
	p.Parts = append(p.Parts, Part{what, bans, reason})
	p.Bans = math.Round((p.Bans+bans)*1000) / 1000
}

const day = 24 * time.Hour

func (p *Proposal) time(s Statement, in Incident) {
	made, ok := s.Existed()
	if w := in.Claim.When; !ok || w == nil {
		return
	}
	if in.Claim.When.To.Before(made) {
		p.add("time", -0.3, fmt.Sprintf("the incident was over %.1f days before the statement: it may praise or deny it, and has not called for it", made.Sub(in.Claim.When.To).Hours()/24))
		return
	}
	after := max(0, in.Claim.When.From.Sub(made))
	bans := -0.5
	for _, step := range []struct {
		within time.Duration
		bans   float64
	}{{7 * day, 0.7}, {30 * day, 0.4}, {90 * day, 0.1}} {
		if after <= step.within {
			bans = step.bans
			break
		}
	}
	p.add("time", bans, fmt.Sprintf("the incident is %.1f days after the statement", after.Hours()/24))
}

// common is the first unit that both lists name; empty when there is none.
func common(a, b []string) string {
	for _, u := range a {
		if slices.ContainsFunc(b, func(v string) bool { return fold(u) == fold(v) }) {
			return u
		}
	}
	return ""
}

// fold takes from a name what spellings differ in: case, spaces, punctuation, and the English ending of a number.
func fold(unit string) string {
	words := strings.FieldsFunc(strings.ToLower(unit), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		digits := strings.TrimRightFunc(w, unicode.IsLetter)
		if ending := w[len(digits):]; digits != "" && slices.Contains([]string{"st", "nd", "rd", "th"}, ending) {
			words[i] = digits
		}
	}
	return strings.Join(words, " ")
}
