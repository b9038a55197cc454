package people_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/report"
	"whenwhere/internal/report/people"
	"whenwhere/pipeline"
	"whenwhere/pipeline/tally"
)

func statement() people.Statement {
	since := time.Date(2024, 9, 1, 0, 0, 0, 0, time.UTC)
	row := tally.Row{Key: "=Sumy", Incidents: 3, Records: 4, Persons: tally.Range{Min: 7, Max: 9}, Unnumbered: 1, Footage: 2, Verified: tally.Range{Min: 2, Max: 2},
		Machine: tally.Machine{Candidate: 1, Credible: 1, Unresolved: 1}, People: tally.People{Verified: 1, Approved: 1, Undecided: 2},
		Operations: tally.Operations{Underway: 2, Unknown: 1}, Incomplete: 1}
	total := row
	total.Key = "total"
	return people.Statement{
		Summary: tally.Summary{Since: &since, Total: total, By: tally.ByOblast, Rows: []tally.Row{row}, Merged: [][]string{{"A", "B"}}, Undated: 1,
			Parties: []tally.Party{{Party: "ua", Incidents: 2, Persons: tally.Range{Min: 7, Max: 9}}, {Party: tally.NotStated, Incidents: 1}},
			Why:     []tally.Reason{{Status: pipeline.StatusUnresolved, Reason: "not_datable", Incidents: 1}},
			Open:    tally.Open{Pairs: [][2]string{{"A", "C"}}, Incidents: 2, Persons: tally.Range{Min: 6, Max: 8}}},
		Compared: []tally.Compared{{Tally: tally.Tally{From: since, To: since.AddDate(0, 1, 0), Body: "@office", Persons: &tally.Range{Min: 5, Max: 6}, Line: 2},
			Ours: total, OurIncidents: tally.Range{Min: 2, Max: 3}, OurPersons: tally.Range{Min: 6, Max: 9}, PersonsMore: &tally.Range{Min: 0, Max: 4},
			Notes: []tally.Note{{Code: "no_number", Text: "the body gives no number of incidents"}}}},
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := people.Summary(&out, statement()); err != nil {
		t.Fatal(err)
	}
	want := `3 incidents, 7 to 9 alleged victims since 2024-09-01T00:00:00Z
  told in 4 records; joined by people: A + B
  victims of ua: 7 to 9 in 2 incidents
  1 states no number of victims
  open: 1 pair may be one incident (A and C); if so, 2 incidents with 6 to 8 victims
  1 more claims no time and is in no period
footage:    2 with footage of the event or its aftermath
people:     1 verified with 2 alleged victims (1 approved for publication), 0 contradicted, 0 unresolved, 0 disputed, 0 decided on an older verdict only, 2 undecided
machine:    1 verified-candidate, 1 credible, 0 contradicted, 1 unresolved, 0 not judged; 1 incomplete
  why unresolved: not_datable 1
operations: 2 where ground changed hands near the claimed place around that time, 0 where maps do not show it, 1 not known

OBLAST  INCIDENTS  VICTIMS  VERIFIED BY PEOPLE  VICTIMS  APPROVED  CANDIDATE  CREDIBLE  CONTRADICTED  UNRESOLVED  NOT JUDGED  OPERATIONS
=Sumy   3          7 to 9   1                   2        1         1          1         0             1           0           2
total   3          7 to 9   1                   2        1         1          1         0             1           0           2

PERIOD                    BODY     THEIR INCIDENTS  OURS    MORE  THEIR PERSONS  OURS    MORE      OURS VERIFIED  PERSONS
2024-09-01 to 2024-09-30  @office  .                2 to 3  .     5 to 6         6 to 9  +0 to +4  1              2
  not comparable, 2024-09-01 to 2024-09-30 @office: the body gives no number of incidents
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSummaryCSV(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		drop func(*people.Statement)
		want []string // first cells of each row
	}{
		"rows":     {func(s *people.Statement) { s.Compared = nil }, []string{"key", "'=Sumy", "total"}},
		"compared": {func(*people.Statement) {}, []string{"period_from", "2024-09-01"}},
	} {
		s := statement()
		c.drop(&s)
		var out bytes.Buffer
		if err := people.SummaryCSV(&out, s); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&out).ReadAll() // refuses rows of different lengths
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		for _, r := range rows {
			got = append(got, r[0])
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if name == "compared" {
			if diff := cmp.Diff("2024-09-01,2024-09-30,'@office,,,5,6,2,3,6,9,,,0,4,1,2,2,the body gives no number of incidents", strings.Join(rows[1], ",")); diff != "" {
				t.Error(diff)
			}
		} else if diff := cmp.Diff("'=Sumy,3,4,7,9,1,2,2,2,1,1,0,0,0,0,2,1,1,0,1,0,1,2,0,1", strings.Join(rows[1], ",")); diff != "" {
			t.Error(diff)
		}
	}
}

func TestSummaryJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.JSONLines(&out, statement()); err != nil {
		t.Fatal(err)
	}
	var got people.Statement
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(statement(), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
