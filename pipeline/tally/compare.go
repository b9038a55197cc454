package tally

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/pipeline"
)

// Note is one thing that keeps two tallies from being compared as they stand.
type Note struct {
	Code      string `json:"code"` // see Compare
	Incidents int    `json:"incidents,omitempty"`
	Text      string `json:"text"`
}

// Compared sets a tally beside ours of the same period.
type Compared struct {
	Tally
	Ours          Row    `json:"ours"`
	OurIncidents  Range  `json:"our_incidents"`  // the least: if all open pairs were one
	OurPersons    Range  `json:"our_persons"`    // the same
	IncidentsMore *Range `json:"incidents_more"` // ours less theirs; absent when they give no number
	PersonsMore   *Range `json:"persons_more"`   // the same
	Notes         []Note `json:"notes"`
}

// Compare sets each tally beside ours. What is not comparable is noted, by the codes:
//
//	undated     incidents without a claimed time are in no period
//	straddles   incidents counted here whose claimed window reaches beyond the period
//	near        incidents not counted here whose claimed window reaches into the period
//	unnumbered  incidents that state no number of victims
//	parties     the victims are not all of one party, and the tally does not say whose it counts
//	unverified  incidents that people have not verified: the body may count confirmed ones only
//	duplicates  pairs that may be one incident and are counted as two
//	beyond      the period begins before our first incident, or ends after our last
//	overlaps    another row of the same body counts part of the same period
//	no_number   the body gives no number of incidents, or of persons
func (b Book) Compare(tallies []Tally) []Compared {
	all := incidents(b.Records, b.Links)
	out := []Compared{}
	for _, t := range tallies {
		s := b.Summarize(&t.From, &t.To, ByNothing)
		c := Compared{Tally: t, Ours: s.Total, OurIncidents: Range{s.Open.Incidents, s.Total.Incidents}, OurPersons: s.Open.Persons.hull(s.Total.Persons), Notes: []Note{}}
		if t.Incidents != nil {
			more := c.OurIncidents.minus(*t.Incidents)
			c.IncidentsMore = &more
		}
		if t.Persons != nil {
			more := c.OurPersons.minus(*t.Persons)
			c.PersonsMore = &more
		}
		c.note(s, all, tallies)
		out = append(out, c)
	}
	return out
}

func (c *Compared) say(code string, n int, format string, args ...any) {
	c.Notes = append(c.Notes, Note{Code: code, Incidents: n, Text: fmt.Sprintf(format, args...)})
}

func (c *Compared) note(s Summary, all []incident, tallies []Tally) {
	if s.Undated > 0 {
		c.say("undated", s.Undated, "%d of our incidents claim no time and are in no period", s.Undated)
	}
	straddles, near := c.edges(all)
	if straddles > 0 {
		c.say("straddles", straddles, "%d of our incidents counted here may lie outside: their claimed window reaches beyond the period", straddles)
	}
	if near > 0 {
		c.say("near", near, "%d of our incidents not counted here may lie inside: their claimed window reaches into the period", near)
	}
	if n := s.Total.Unnumbered; n > 0 {
		c.say("unnumbered", n, "%d of our incidents state no number of victims", n)
	}
	if of, mixed := byParty(s.Parties); mixed {
		c.say("parties", 0, "our victims by party: %s; the tally does not say whose it counts", of)
	}
	if n := s.Total.Incidents - s.Total.People.Verified; n > 0 {
		c.say("unverified", n, "%d of our incidents are not verified by people; the body may count confirmed ones only, of which we have %d", n, s.Total.People.Verified)
	}
	if n := len(s.Open.Pairs); n > 0 {
		c.say("duplicates", n, "%d of our pairs may be one incident each", n)
	}
	c.noteForm(all, tallies)
}

func (c *Compared) noteForm(all []incident, tallies []Tally) {
	if first, last, ok := reach(all); ok && (c.From.Before(first.Truncate(24*time.Hour)) || c.To.After(last.Truncate(24*time.Hour).AddDate(0, 0, 1))) {
		c.say("beyond", 0, "our incidents are of %s to %s: nothing was gathered of the rest of the period", first.Format(time.DateOnly), last.Format(time.DateOnly))
	}
	var rows []string
	for _, o := range tallies {
		if o.Line != c.Line && o.Body == c.Body && o.From.Before(c.To) && c.From.Before(o.To) {
			rows = append(rows, fmt.Sprint(o.Line))
		}
	}
	if len(rows) > 0 {
		c.say("overlaps", 0, "line %s of the same body counts part of the same period", strings.Join(rows, ", "))
	}
	for _, n := range []struct {
		of   *Range
		what string
	}{{c.Incidents, "incidents"}, {c.Persons, "persons"}} {
		if n.of == nil {
			c.say("no_number", 0, "the body gives no number of %s", n.what)
		}
	}
}

// byParty lists the victims by party; mixed is false when all are of one that is known.
func byParty(parties []Party) (list string, mixed bool) {
	var of []string
	for _, p := range parties {
		if p.Party != NotStated {
			of = append(of, fmt.Sprintf("%s %s", p.Party, p.Persons))
			mixed = mixed || p.Party == string(pipeline.SideUnknown) || p.Party == disputed
		}
	}
	return strings.Join(of, ", "), mixed || len(of) > 1
}

// edges counts the incidents whose window crosses an edge of the period, by the side on which they are counted.
func (c *Compared) edges(all []incident) (straddles, near int) {
	for _, in := range all {
		at, ok := in.middle()
		if !ok {
			continue
		}
		w := in.head.Claim.When
		inside := !at.Before(c.From) && at.Before(c.To)
		switch {
		case inside && (w.From.Before(c.From) || w.To.After(c.To)):
			straddles++
		case !inside && w.From.Before(c.To) && c.From.Before(w.To):
			near++
		}
	}
	return straddles, near
}

// reach is from when to when our incidents are.
func reach(all []incident) (first, last time.Time, ok bool) {
	var at []time.Time
	for _, in := range all {
		if t, ok := in.middle(); ok {
			at = append(at, t)
		}
	}
	if len(at) == 0 {
		return first, last, false
	}
	return slices.MinFunc(at, time.Time.Compare), slices.MaxFunc(at, time.Time.Compare), true
}
