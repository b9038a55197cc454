package people

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
	"whenwhere/pipeline/tally"
)

// Statement is a summary, and what it was set beside.
type Statement struct {
	tally.Summary
	Calls    *tally.Calls     `json:"statements,omitempty"` // public calls; absent when there are none
	Compared []tally.Compared `json:"compared,omitempty"`
}

// Summary writes the statement for people.
func Summary(w io.Writer, s Statement) error {
	var b bytes.Buffer
	head(&b, s.Summary)
	if c := s.Calls; c != nil {
		fmt.Fprintf(&b, "statements: %d, of which %d %s of an incident, and for %d that may is an open question\n", c.Total, c.SpeakOf, verb(c.SpeakOf, "speaks", "speak"), c.MaySpeak)
	}
	if s.By != tally.ByNothing {
		b.WriteByte('\n')
		if err := table(&b, append(slices.Clone(s.Rows), s.Total), string(s.By)); err != nil {
			return err
		}
	}
	if s.Compared != nil {
		b.WriteByte('\n')
		if err := compared(&b, s.Compared); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func head(b *bytes.Buffer, s tally.Summary) {
	t := s.Total
	fmt.Fprintf(b, "%s, %s alleged victims%s\n", pipeline.Counted(t.Incidents, "incident"), t.Persons, period(s))
	if t.Records != t.Incidents {
		fmt.Fprintf(b, "  told in %d records; joined by people: %s\n", t.Records, groups(s.Merged))
	}
	for _, p := range s.Parties {
		if p.Party != tally.NotStated {
			fmt.Fprintf(b, "  victims of %s: %s in %s\n", p.Party, p.Persons, pipeline.Counted(p.Incidents, "incident"))
		}
	}
	if t.Unnumbered > 0 {
		fmt.Fprintf(b, "  %d %s no number of victims\n", t.Unnumbered, verb(t.Unnumbered, "states", "state"))
	}
	if n := len(s.Open.Pairs); n > 0 {
		fmt.Fprintf(b, "  open: %s may be one incident (%s); if so, %s with %s victims\n", pipeline.Counted(n, "pair"), pairs(s.Open.Pairs),
			pipeline.Counted(s.Open.Incidents, "incident"), s.Open.Persons)
	}
	if s.Undated > 0 {
		fmt.Fprintf(b, "  %d more %s no period\n", s.Undated, verb(s.Undated, "claims no time and is in", "claim no time and are in"))
	}
	fmt.Fprintf(b, "footage:    %d with footage of the event or its aftermath\n", t.Footage)
	p, m, o := t.People, t.Machine, t.Operations
	fmt.Fprintf(b, "people:     %d verified with %s alleged victims (%d approved for publication), %d contradicted, %d unresolved, %d disputed, %d decided on an older verdict only, %d undecided\n",
		p.Verified, t.Verified, p.Approved, p.Contradicted, p.Unresolved, p.Disputed, p.Outdated, p.Undecided)
	fmt.Fprintf(b, "machine:    %d verified-candidate, %d credible, %d contradicted, %d unresolved, %d not judged; %d incomplete\n",
		m.Candidate, m.Credible, m.Contradicted, m.Unresolved, m.Unjudged, t.Incomplete)
	for _, status := range []pipeline.VerdictStatus{pipeline.StatusUnresolved, pipeline.StatusContradicted, pipeline.StatusCredible, pipeline.StatusCandidate} {
		if reasons := because(s.Why, status); reasons != "" {
			fmt.Fprintf(b, "  %s %s: %s\n", verdictWord(status), status, reasons)
		}
	}
	fmt.Fprintf(b, "operations: %d where ground changed hands near the claimed place around that time, %d where maps do not show it, %d not known\n",
		o.Underway, o.NotShown, o.Unknown)
}

// verdictWord says what reasons are to a status: they explain one that is not for the claim, and stand against the others.
func verdictWord(status pipeline.VerdictStatus) string {
	if status == pipeline.StatusCredible || status == pipeline.StatusCandidate {
		return "but of"
	}
	return "why"
}

func period(s tally.Summary) string {
	var out string
	if s.Since != nil {
		out += " since " + s.Since.Format(time.RFC3339)
	}
	if s.Until != nil {
		out += " until " + s.Until.Format(time.RFC3339)
	}
	return out
}

func groups(all [][]string) string {
	var out []string
	for _, g := range all {
		out = append(out, strings.Join(g, " + "))
	}
	return report.Plain(strings.Join(out, ", "))
}

func pairs(all [][2]string) string {
	const most = 10
	var out []string
	for i, p := range all {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more", len(all)-most))
			break
		}
		out = append(out, p[0]+" and "+p[1])
	}
	return report.Plain(strings.Join(out, "; "))
}

func because(why []tally.Reason, status pipeline.VerdictStatus) string {
	var out []string
	for _, r := range why {
		if r.Status == status {
			out = append(out, fmt.Sprintf("%s %d", r.Reason, r.Incidents))
		}
	}
	return report.Plain(strings.Join(out, ", "))
}

func table(b *bytes.Buffer, rows []tally.Row, by string) error {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\tINCIDENTS\tVICTIMS\tVERIFIED BY PEOPLE\tVICTIMS\tAPPROVED\tCANDIDATE\tCREDIBLE\tCONTRADICTED\tUNRESOLVED\tNOT JUDGED\tOPERATIONS\n", strings.ToUpper(by))
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%s\t%d\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", report.Plain(r.Key), r.Incidents, r.Persons, r.People.Verified, r.Verified, r.People.Approved,
			r.Machine.Candidate, r.Machine.Credible, r.Machine.Contradicted, r.Machine.Unresolved, r.Machine.Unjudged, r.Operations.Underway)
	}
	return w.Flush()
}

func compared(b *bytes.Buffer, all []tally.Compared) error {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PERIOD\tBODY\tTHEIR INCIDENTS\tOURS\tMORE\tTHEIR PERSONS\tOURS\tMORE\tOURS VERIFIED\tPERSONS")
	for _, c := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", days(c.Tally), report.Plain(c.Body), given(c.Incidents), c.OurIncidents, more(c.IncidentsMore),
			given(c.Persons), c.OurPersons, more(c.PersonsMore), c.Ours.People.Verified, c.Ours.Verified)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, c := range all {
		for _, n := range c.Notes {
			fmt.Fprintf(b, "  not comparable, %s %s: %s\n", days(c.Tally), report.Plain(c.Body), report.Plain(n.Text))
		}
	}
	return nil
}

// days is a period as its first and last day.
func days(t tally.Tally) string {
	return t.From.Format(time.DateOnly) + " to " + t.To.AddDate(0, 0, -1).Format(time.DateOnly)
}

func given(r *tally.Range) string {
	if r == nil {
		return "."
	}
	return r.String()
}

// more is a difference with its sign.
func more(r *tally.Range) string {
	switch {
	case r == nil:
		return "."
	case r.Min == r.Max:
		return fmt.Sprintf("%+d", r.Min)
	}
	return fmt.Sprintf("%+d to %+d", r.Min, r.Max)
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
