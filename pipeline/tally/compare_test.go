package tally_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
	"whenwhere/pipeline/tally"
)

const header = "period_from,period_to,body,incidents,persons\n"

func TestReadTallies(t *testing.T) {
	t.Parallel()
	got, faults := tally.ReadTallies(strings.NewReader("\ufeffbody,persons,incidents,period_to,period_from\r\n\"An office, invented\", 30-35 ,,2024-09-30,2024-09-01\r\n\r\nb,0,12,2024-02-29,2024-02-29\r\n"))
	want := []tally.Tally{
		{From: at("2024-09-01T00:00:00Z"), To: at("2024-10-01T00:00:00Z"), Body: "An office, invented", Persons: &tally.Range{Min: 30, Max: 35}, Line: 2},
		{From: at("2024-02-29T00:00:00Z"), To: at("2024-03-01T00:00:00Z"), Body: "b", Incidents: &tally.Range{Min: 12, Max: 12}, Persons: &tally.Range{}, Line: 4},
	}
	if diff := cmp.Diff(want, got); diff != "" || len(faults) > 0 {
		t.Errorf("%v (-want +got)\n%s", faults, diff)
	}
}

func TestBadTallies(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":      "line 1: no header",
		"a\n":   `line 1: "a": unknown column; the columns are period_from, period_to, body, incidents, persons|line 1: period_from: missing|line 1: period_to: missing|line 1: body: missing|line 1: incidents: missing|line 1: persons: missing`,
		"body,": `line 1: "": unknown column`,
		strings.Replace(header, "persons", "body", 1):                           "line 1: body: given twice|line 1: persons: missing",
		header + "2024-09-01,2024-09-31,b,1,1\n":                                `line 2: period_to: "2024-09-31" is not a day that exists, YYYY-MM-DD`,
		header + "01.09.2024,2024-09-30,,1,1\n":                                 `line 2: period_from: "01.09.2024" is not a day|line 2: body: missing`,
		header + "2024-09-02,2024-09-01,b,1,1\n":                                "line 2: period_to: 2024-09-01 is before period_from 2024-09-02",
		header + "2024-09-01,2024-09-01,b,x,-1\n":                               `line 2: incidents: "x" is neither a whole number|line 2: persons: "-1" is neither`,
		header + "2024-09-01,2024-09-01,b,35-30,1.5\n":                          `line 2: incidents: "35-30" is neither|line 2: persons: "1.5" is neither`,
		header + "2024-09-01,2024-09-01,b,,\n":                                  "line 2: incidents: missing, and so is persons",
		header + "2024-09-01,2024-09-01,b,99999999,\n":                          "is neither a whole number up to 10000000",
		header + "2024-09-01,2024-09-01,b\n":                                    "line 2: column 1: wrong number of fields",
		header + "2024-09-01,2024-09-01,b,1,1\n2024,\"x,y\n":                    "line 3: column ",
		header + "2024-09-01,2024-09-01,\xff,1,1\n":                             "not UTF-8",
		header + "2024-09-01,2024-09-01," + strings.Repeat("b", 201) + ",1,1\n": "line 2: body: 201 bytes exceed the limit of 200",
	} {
		_, faults := tally.ReadTallies(strings.NewReader(text))
		var got []string
		for _, f := range faults {
			got = append(got, f.Error())
		}
		for i, w := range strings.Split(want, "|") {
			if i >= len(got) || !strings.Contains(got[i], w) {
				t.Errorf("%q: %q, want %q", text, got, w)
				break
			}
		}
	}
	good, faults := tally.ReadTallies(strings.NewReader(header + "x,2024-09-01,b,1,1\n2024-09-01,2024-09-01,b,1,1\n"))
	var fault *tally.TallyError
	if len(good) != 1 || good[0].Line != 3 || len(faults) != 1 || !errors.As(faults[0], &fault) || fault.Line != 2 || fault.Column != "period_from" {
		t.Errorf("%+v, %v", good, faults)
	}
	if _, faults := tally.ReadTallies(strings.NewReader(header + strings.Repeat("2024-09-01,2024-09-01,b,1,1\n", tally.MaxTallies+1))); len(faults) != 1 || !strings.Contains(faults[0].Error(), "line 10002: more than 10000 rows") {
		t.Errorf("too many rows: %v", faults)
	}
	if _, faults := tally.ReadTallies(strings.NewReader(strings.Repeat("x", tally.MaxTallyBytes+1))); len(faults) != 1 || !strings.Contains(faults[0].Error(), "limit") {
		t.Errorf("too many bytes: %v", faults)
	}
}

func FuzzReadTallies(f *testing.F) {
	for _, seed := range []string{header, header + "2024-09-01,2024-09-30,b,1,2-3\n", header + "a,\"b\nc", "\ufeff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		good, _ := tally.ReadTallies(strings.NewReader(text))
		for _, g := range good {
			if !g.From.Before(g.To) || g.Body == "" || g.Incidents == nil && g.Persons == nil || g.Line < 2 {
				t.Errorf("%+v", g)
			}
		}
	})
}

func TestCompare(t *testing.T) {
	t.Parallel()
	a, b := record("A", "2024-09-01", 3, 3, pipeline.StatusCandidate), record("B", "2024-09-20", 2, 4, pipeline.StatusCredible)
	a = reviewed(a, "+")
	c := record("C", "2024-09-30", -1, 0, pipeline.StatusCredible)
	c.Claim.When.To = at("2024-10-01T08:00:00Z") // its middle is in September
	d := record("D", "2024-10-01", 5, 5, pipeline.StatusCredible)
	d.Claim.When.From = at("2024-09-30T20:00:00Z") // its middle is in October
	book := tally.Book{Records: []tally.Record{a, b, c, d, record("E", "", 1, 1, "")}, Proposals: []duplicates.Proposal{{A: "A", B: "B"}}}
	tallies, faults := tally.ReadTallies(strings.NewReader(header + "2024-08-01,2024-09-30,x,2,9-10\n2024-09-15,2024-10-01,x,,7\n2024-09-15,2024-10-01,y,1,\n2024-09-21,2024-09-22,z,0,0\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	got := book.Compare(tallies)
	first := got[0]
	if diff := cmp.Diff([]tally.Range{{Min: 2, Max: 3}, {Min: 2, Max: 7}, {Min: 0, Max: 1}, {Min: -8, Max: -2}},
		[]tally.Range{first.OurIncidents, first.OurPersons, *first.IncidentsMore, *first.PersonsMore}); diff != "" || first.Ours.People.Verified != 1 {
		t.Errorf("first (-want +got), %d verified\n%s", first.Ours.People.Verified, diff)
	}
	for i, want := range []string{
		"undated 1, straddles 1, near 1, unnumbered 1, unverified 2, duplicates 1, beyond 0, overlaps 0",
		"undated 1, unnumbered 1, unverified 3, overlaps 0, no_number 0",
		"undated 1, unnumbered 1, unverified 3, no_number 0",
		"undated 1",
	} {
		var codes []string
		for _, n := range got[i].Notes {
			codes = append(codes, fmt.Sprint(n.Code, " ", n.Incidents))
		}
		if diff := cmp.Diff(want, strings.Join(codes, ", ")); diff != "" {
			t.Errorf("row %d: %s", i+1, diff)
		}
	}
	before := record("G", "2024-10-02", 1, 1, pipeline.StatusCredible)
	before.Claim.When.From = at("2024-10-01T22:00:00Z") // it may have been the day before
	for _, n := range (tally.Book{Records: []tally.Record{before}}).Compare([]tally.Tally{{From: at("2024-10-02T00:00:00Z"), To: at("2024-10-03T00:00:00Z"), Incidents: &tally.Range{}}})[0].Notes[:1] {
		if n.Code != "straddles" || n.Incidents != 1 {
			t.Errorf("%+v", n)
		}
	}
	d.Claim.Casualties.Party = pipeline.SideRU
	e := record("F", "2024-10-01", 1, 1, pipeline.StatusCredible)
	two := tally.Book{Records: []tally.Record{d, e}}.Compare([]tally.Tally{{From: at("2024-10-01T00:00:00Z"), To: at("2024-10-02T00:00:00Z"), Incidents: &tally.Range{}}})
	if want := "our victims by party: ru 5, ua 1; the tally does not say whose it counts"; two[0].Notes[1].Text != want && two[0].Notes[0].Text != want {
		t.Errorf("%+v", two[0].Notes)
	}
	if got[1].IncidentsMore != nil || *got[1].PersonsMore != (tally.Range{Min: 0, Max: 2}) {
		t.Errorf("second: %+v, %+v", got[1].IncidentsMore, *got[1].PersonsMore)
	}
}
