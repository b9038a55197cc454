package replay

import (
	"fmt"
	"slices"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// What is left out.
const (
	Source        = "source"
	ArchivedCopy  = "archived copy"
	Testimony     = "testimony"
	Bracket       = "bracket"
	ControlMap    = "control map"
	KnownFootage  = "known footage"
	OtherIncident = "other incident"
)

// LeftOut is an item that nobody could have known yet.
type LeftOut struct {
	What string    `json:"what"` // one of the above
	Name string    `json:"name"` // its name in findings
	At   time.Time `json:"at"`   // from when it could be known
}

// Past is a record as it could be known by a time.
type Past struct {
	Incident pipeline.Incident
	LeftOut  []LeftOut // in the order of the record
	Undated  []string  // names of items of dated kinds that have no date, and are taken as they are now
	numbers  numbers
}

// NotBegunError says that an incident had not happened by the time, as claimed.
type NotBegunError struct {
	Incident  string
	Opens, By time.Time
}

func (e *NotBegunError) Error() string {
	return fmt.Sprintf("incident %s: its claimed time opens at %s, after %s", e.Incident, e.Opens.UTC().Format(time.RFC3339), e.By.UTC().Format(time.RFC3339))
}

// KnownBy leaves out of a record what could not be known by the time. Items are dated by all that the whole record says of
// them today, as a channel's later posts bound its earlier ones. The error is a *NotBegunError when its claimed time
// had not opened.
func KnownBy(in pipeline.Incident, by time.Time) (Past, error) {
	if when := in.Claim.When; when != nil && when.From.After(by) {
		return Past{}, &NotBegunError{in.ID, when.From, by}
	}
	p := Past{Incident: in}
	p.sources(in, by)
	p.testimonies(in, by)
	p.brackets(in, by)
	return p, nil
}

func (p *Past) leave(what, name string, at time.Time) {
	p.LeftOut = append(p.LeftOut, LeftOut{what, name, at.UTC()})
}

func (p *Past) sources(in pipeline.Incident, by time.Time) {
	dates := datesOf(in)
	p.Incident.Sources = nil
	for i, s := range in.Sources {
		name := pipeline.SourceSubject(i)
		at, dated := dates[name]
		switch {
		case dated && at.After(by):
			p.leave(Source, name, at)
			continue
		case !dated:
			p.Undated = append(p.Undated, name)
		}
		kept, copies := p.copies(i, s, dates, by)
		p.Incident.Sources = append(p.Incident.Sources, kept)
		p.numbers.sources = append(p.numbers.sources, sourceNumber{i, copies})
	}
}

// copies leaves out the archived copies of a source that were taken later, and returns the numbers of those kept.
func (p *Past) copies(i int, s pipeline.Source, dates map[string]time.Time, by time.Time) (pipeline.Source, []int) {
	all := s.Archived
	s.Archived = nil
	var numbers []int
	for k, a := range all {
		name := pipeline.ArchivedSubject(i, k)
		if at, dated := dates[name]; dated && at.After(by) {
			p.leave(ArchivedCopy, name, at)
			continue
		}
		s.Archived = append(s.Archived, a)
		numbers = append(numbers, k)
	}
	return s, numbers
}

// datesOf is from when each source, and each archived copy, could be known. A copy dates its source, too.
func datesOf(in pipeline.Incident) map[string]time.Time {
	out := map[string]time.Time{}
	earliest := func(name string, at time.Time) {
		if before, ok := out[name]; !ok || at.Before(before) {
			out[name] = at
		}
	}
	published, _ := moment.Published(in)
	copies, _ := moment.Archived(in)
	for _, p := range slices.Concat(moment.PostedByID(in), published, copies) {
		earliest(p.Subject, p.At)
	}
	for i, s := range in.Sources {
		for k := range s.Archived {
			if at, ok := out[pipeline.ArchivedSubject(i, k)]; ok {
				earliest(pipeline.SourceSubject(i), at)
			}
		}
	}
	return out
}

func (p *Past) testimonies(in pipeline.Incident, by time.Time) {
	p.Incident.Testimonies = nil
	for _, t := range in.Testimonies {
		day, err := time.Parse(time.DateOnly, t.Interviewed)
		switch {
		case err == nil && !day.Before(by):
			p.leave(Testimony, pipeline.TestimonySubject(t), day)
			continue
		case err != nil:
			p.Undated = append(p.Undated, pipeline.TestimonySubject(t))
		}
		p.Incident.Testimonies = append(p.Incident.Testimonies, t)
	}
}

func (p *Past) brackets(in pipeline.Incident, by time.Time) {
	p.Incident.Brackets = nil
	for i, b := range in.Brackets {
		if b.After.After(by) {
			p.leave(Bracket, pipeline.BracketSubject(i), b.After)
			continue
		}
		p.Incident.Brackets = append(p.Incident.Brackets, b)
		p.numbers.brackets = append(p.numbers.brackets, i)
	}
}
