package people

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"whenwhere/internal/report/cell"
	"whenwhere/pipeline/tally"
)

// SummaryCSV writes the rows of the statement and its total as a table, or, when it was set beside other tallies, those with
// ours. Text that a spreadsheet would take for a formula begins with '.
func SummaryCSV(w io.Writer, s Statement) error {
	c := csv.NewWriter(w)
	rows := [][]string{countColumns()}
	for _, r := range append(append([]tally.Row{}, s.Rows...), s.Total) {
		rows = append(rows, countCells(r))
	}
	if s.Compared != nil {
		rows = comparedRows(s.Compared)
	}
	return c.WriteAll(rows)
}

func countColumns() []string {
	return []string{"key", "incidents", "records", "persons_min", "persons_max", "unnumbered", "footage", "verified_persons_min", "verified_persons_max", "people_verified", "people_approved", "people_contradicted",
		"people_unresolved", "people_disputed", "people_outdated", "people_undecided", "machine_verified_candidate", "machine_credible",
		"machine_contradicted", "machine_unresolved", "not_judged", "incomplete", "operations_underway", "operations_not_shown", "operations_unknown"}
}

func countCells(r tally.Row) []string {
	out := []string{cell.Text(r.Key)}
	for _, n := range []int{r.Incidents, r.Records, r.Persons.Min, r.Persons.Max, r.Unnumbered, r.Footage, r.Verified.Min, r.Verified.Max, r.People.Verified, r.People.Approved, r.People.Contradicted,
		r.People.Unresolved, r.People.Disputed, r.People.Outdated, r.People.Undecided, r.Machine.Candidate, r.Machine.Credible,
		r.Machine.Contradicted, r.Machine.Unresolved, r.Machine.Unjudged, r.Incomplete, r.Operations.Underway, r.Operations.NotShown, r.Operations.Unknown} {
		out = append(out, strconv.Itoa(n))
	}
	return out
}

func comparedRows(all []tally.Compared) [][]string {
	rows := [][]string{{"period_from", "period_to", "body", "incidents_min", "incidents_max", "persons_min", "persons_max", "our_incidents_min",
		"our_incidents_max", "our_persons_min", "our_persons_max", "incidents_more_min", "incidents_more_max", "persons_more_min", "persons_more_max",
		"our_verified", "our_verified_persons_min", "our_verified_persons_max", "not_comparable"}}
	for _, c := range all {
		row := []string{c.From.Format(time.DateOnly), c.To.AddDate(0, 0, -1).Format(time.DateOnly), cell.Text(c.Body)}
		for _, r := range []*tally.Range{c.Incidents, c.Persons, &c.OurIncidents, &c.OurPersons, c.IncidentsMore, c.PersonsMore} {
			row = append(row, bounds(r)...)
		}
		var notes []string
		for _, n := range c.Notes {
			notes = append(notes, n.Text)
		}
		rows = append(rows, append(row, strconv.Itoa(c.Ours.People.Verified), strconv.Itoa(c.Ours.Verified.Min), strconv.Itoa(c.Ours.Verified.Max), cell.Text(strings.Join(notes, "; "))))
	}
	return rows
}

func bounds(r *tally.Range) []string {
	if r == nil {
		return []string{"", ""}
	}
	return []string{strconv.Itoa(r.Min), strconv.Itoa(r.Max)}
}
