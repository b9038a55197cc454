package tally_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
	"whenwhere/pipeline/tally"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// record is a claim of that many victims of ua, in an hour of that day, unless the day is empty.
func record(id, day string, lo, hi int, status pipeline.VerdictStatus) tally.Record {
	r := tally.Record{ID: id, Judged: &tally.Judged{Status: status, Operations: pipeline.Unavailable}}
	if lo >= 0 {
		r.Claim.Casualties = &pipeline.Casualties{Min: lo, Max: hi, Party: pipeline.SideUA}
	}
	if day != "" {
		r.Claim.When = &pipeline.Span{From: at(day + "T10:00:00Z"), To: at(day + "T11:00:00Z")}
	}
	if status == "" {
		r.Judged = nil
	}
	return r
}

// reviewed adds decisions on the newest verdict: "++" is verified by two.
func reviewed(r tally.Record, words string) tally.Record {
	as := map[rune]pipeline.Ruling{'+': pipeline.RulingVerified, '-': pipeline.RulingContradicted, '?': pipeline.RulingUnresolved}
	for i, w := range words {
		d := pipeline.Decision{By: fmt.Sprint("p", i), As: as[w]}
		if w == 'o' { // on an older verdict
			d.As, d.On = pipeline.RulingVerified, pipeline.VerdictDigest{9}
		}
		r.Review.History = append(r.Review.History, d)
	}
	return r
}

func joined(pairs ...string) (links []pipeline.Link) {
	for _, p := range pairs {
		links = append(links, pipeline.Link{Kind: pipeline.LinkIncidents, A: p[:1], B: p[1:], Seq: 1, Word: pipeline.LinkJoined})
	}
	return links
}

func TestSummaryCountsEachIncidentOnce(t *testing.T) {
	t.Parallel()
	a := reviewed(record("A", "2024-09-01", 3, 3, pipeline.StatusCandidate), "++")
	b := reviewed(record("B", "2024-09-30", 2, 5, pipeline.StatusContradicted), "-")
	b.Judged.Reasons = []string{"contradicted_by:footage.known"}
	c := reviewed(record("C", "2024-10-05", 6, 6, pipeline.StatusUnresolved), "+")
	c.Judged.Reasons = []string{"not_datable", "not_locatable"}
	c.Judged.Incomplete, c.Judged.Operations = true, pipeline.Supports
	d := record("D", "", -1, 0, pipeline.StatusUnresolved)
	d.Judged.Reasons = []string{"not_locatable"}
	d.Judged.Operations = pipeline.Inconclusive
	e := reviewed(record("E", "2024-10-06", 1, 1, pipeline.StatusCredible), "+-")
	f := reviewed(record("F", "2024-11-01", 4, 4, pipeline.StatusCredible), "o")
	g := record("G", "2024-11-02", 2, 2, "")
	h := reviewed(record("H", "2024-11-02", 2, 2, pipeline.StatusCredible), "?")
	h.Claim.Casualties.Party = pipeline.SideRU
	h.Judged.Reasons = []string{"open_contradiction:light.exposure"}
	b.Footage, c.Footage = true, true // a has none, and is one with b
	book := tally.Book{Records: []tally.Record{h, g, f, e, d, c, b, a}, Links: joined("AB"),
		Proposals: []duplicates.Proposal{{A: "C", B: "E"}}}
	got := book.Summarize(nil, nil, tally.ByMonth)
	want := tally.Row{Key: "total", Incidents: 7, Records: 8, Persons: tally.Range{Min: 2 + 6 + 1 + 4 + 2 + 2, Max: 5 + 6 + 1 + 4 + 2 + 2}, Unnumbered: 1, Footage: 2,
		Verified:   tally.Range{Min: 2 + 6, Max: 5 + 6},
		Machine:    tally.Machine{Candidate: 1, Credible: 3, Unresolved: 2, Unjudged: 1},
		People:     tally.People{Verified: 2, Approved: 1, Unresolved: 1, Disputed: 1, Outdated: 1, Undecided: 2},
		Operations: tally.Operations{Underway: 1, NotShown: 1, Unknown: 5}, Incomplete: 1}
	if diff := cmp.Diff(want, got.Total); diff != "" {
		t.Errorf("total (-want +got)\n%s", diff)
	}
	wantParties := []tally.Party{{Party: "ru", Incidents: 1, Persons: tally.Range{Min: 2, Max: 2}}, {Party: "ua", Incidents: 5, Persons: tally.Range{Min: 15, Max: 18}}, {Party: tally.NotStated, Incidents: 1}}
	if diff := cmp.Diff(wantParties, got.Parties); diff != "" {
		t.Errorf("parties (-want +got)\n%s", diff)
	}
	wantWhy := []tally.Reason{{pipeline.StatusUnresolved, "not_locatable", 2}, {pipeline.StatusUnresolved, "not_datable", 1}, {pipeline.StatusCredible, "open_contradiction:light.exposure", 1}} // B does not stand for its group
	if diff := cmp.Diff(wantWhy, got.Why); diff != "" {
		t.Errorf("why (-want +got)\n%s", diff)
	}
	wantOpen := tally.Open{Pairs: [][2]string{{"C", "E"}}, Incidents: 6, Persons: tally.Range{Min: 2 + 1 + 4 + 2 + 2, Max: 5 + 6 + 4 + 2 + 2}}
	if diff := cmp.Diff(wantOpen, got.Open); diff != "" {
		t.Errorf("open (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{"A", "B"}}, got.Merged); diff != "" {
		t.Error(diff)
	}
	var keys []string
	for _, r := range got.Rows {
		keys = append(keys, fmt.Sprint(r.Key, "=", r.Incidents))
	}
	if diff := cmp.Diff([]string{"2024-09=1", "2024-10=2", "2024-11=3", "not stated=1"}, keys); diff != "" {
		t.Error(diff)
	}
}

func TestJudgedOf(t *testing.T) {
	t.Parallel()
	v := pipeline.Verdict{Status: pipeline.StatusCredible, Reasons: []string{"r"}, Incomplete: []string{"container: x: broken"},
		Lines: []pipeline.Line{{Question: "front.operations", Outcome: pipeline.Supports}, {Question: "front.line", Outcome: pipeline.Inconclusive}}}
	want := tally.Judged{Status: pipeline.StatusCredible, Reasons: []string{"r"}, Incomplete: true, Operations: pipeline.Supports}
	if diff := cmp.Diff(want, tally.JudgedOf(v)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(tally.Judged{Operations: pipeline.Unavailable}, tally.JudgedOf(pipeline.Verdict{})); diff != "" {
		t.Error(diff)
	}
}

// A group is as good as its best account, first by people, then by the machine.
func TestWhichRecordStandsForAGroup(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b tally.Record
		want string // month of the record that stands
	}{
		"machine":        {record("A", "2024-01-01", 1, 1, pipeline.StatusContradicted), record("B", "2024-02-01", 1, 1, pipeline.StatusCandidate), "2024-02"},
		"people first":   {reviewed(record("A", "2024-01-01", 1, 1, pipeline.StatusCandidate), "-"), reviewed(record("B", "2024-02-01", 1, 1, pipeline.StatusUnresolved), "+"), "2024-02"},
		"approved":       {reviewed(record("A", "2024-01-01", 1, 1, pipeline.StatusCandidate), "+"), reviewed(record("B", "2024-02-01", 1, 1, pipeline.StatusCredible), "++"), "2024-02"},
		"refuted last":   {reviewed(record("A", "2024-01-01", 1, 1, pipeline.StatusCandidate), "-"), record("B", "2024-02-01", 1, 1, ""), "2024-02"},
		"first by id":    {record("A", "2024-01-01", 1, 1, pipeline.StatusCredible), record("B", "2024-02-01", 1, 1, pipeline.StatusCredible), "2024-01"},
		"judged or not":  {record("A", "2024-01-01", 1, 1, ""), record("B", "2024-02-01", 1, 1, pipeline.StatusUnresolved), "2024-02"},
		"refuted or not": {record("A", "2024-01-01", 1, 1, pipeline.StatusContradicted), record("B", "2024-02-01", 1, 1, ""), "2024-02"},
	} {
		s := tally.Book{Records: []tally.Record{c.a, c.b}, Links: joined("AB")}.Summarize(nil, nil, tally.ByMonth)
		if len(s.Rows) != 1 || s.Rows[0].Key != c.want || s.Rows[0].Incidents != 1 || s.Rows[0].Records != 2 {
			t.Errorf("%s: %+v, want %s", name, s.Rows, c.want)
		}
	}
}

func TestPartyOfAGroup(t *testing.T) {
	t.Parallel()
	for sides, want := range map[[2]pipeline.Side]string{
		{"ua", "ua"}: "ua", {"ua", "unknown"}: "ua", {"unknown", "ru"}: "ru", {"", "ua"}: "ua", {"", ""}: "unknown",
		{"unknown", ""}: "unknown", {"ua", "ru"}: "disputed", {"other", "other"}: "other",
	} {
		a, b := record("A", "", 1, 2, pipeline.StatusCredible), record("B", "", 4, 4, pipeline.StatusCredible)
		a.Claim.Casualties.Party, b.Claim.Casualties.Party = sides[0], sides[1]
		s := tally.Book{Records: []tally.Record{a, b}, Links: joined("AB")}.Summarize(nil, nil, tally.ByNothing)
		if diff := cmp.Diff([]tally.Party{{Party: want, Incidents: 1, Persons: tally.Range{Min: 1, Max: 4}}}, s.Parties); diff != "" {
			t.Errorf("%v: %s", sides, diff)
		}
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	a, b, c := record("A", "2024-09-30", 1, 1, pipeline.StatusCredible), record("B", "2024-10-01", 2, 2, pipeline.StatusCredible), record("C", "", 4, 4, pipeline.StatusCredible)
	b.Claim.When = &pipeline.Span{From: at("2024-09-30T23:00:00Z"), To: at("2024-10-01T01:00:00Z")} // its middle is the edge
	long := record("D", "", 8, 8, pipeline.StatusCredible)
	long.Claim.When = &pipeline.Span{From: at("2024-09-01T00:00:00Z"), To: at("2024-10-03T00:00:00Z")}
	book := tally.Book{Records: []tally.Record{a, b, c, long}}
	edge, end := at("2024-10-01T00:00:00Z"), at("2024-11-01T00:00:00Z")
	for name, p := range map[string]struct {
		since, until *time.Time
		persons      int
		undated, out int
	}{"all": {nil, nil, 15, 0, 0}, "before": {nil, &edge, 9, 1, 1}, "after": {&edge, nil, 2, 1, 2}, "month": {&edge, &end, 2, 1, 2}} {
		s := book.Summarize(p.since, p.until, tally.ByMonth)
		if s.Total.Persons.Max != p.persons || s.Undated != p.undated || s.Outside != p.out {
			t.Errorf("%s: %d persons, %d undated, %d outside, want %+v", name, s.Total.Persons.Max, s.Undated, s.Outside, p)
		}
	}
	var keys []string
	for _, r := range book.Summarize(nil, nil, tally.ByMonth).Rows {
		keys = append(keys, r.Key)
	}
	if diff := cmp.Diff([]string{"2024-09", "2024-10", "unclear", tally.NotStated}, keys); diff != "" {
		t.Error(diff)
	}
}

func TestByOblastStatusParty(t *testing.T) {
	t.Parallel()
	a, b := record("A", "", 1, 1, pipeline.StatusCredible), record("B", "", 1, 1, "")
	a.Oblast = "Sumy"
	book := tally.Book{Records: []tally.Record{a, b, record("C", "", 1, 1, pipeline.StatusCandidate)}}
	for by, want := range map[tally.By]string{tally.ByOblast: "Sumy 1, unknown 2", tally.ByStatus: "verified-candidate 1, credible 1, not judged 1", tally.ByParty: "ua 3", tally.ByNothing: ""} {
		var got []string
		for _, r := range book.Summarize(nil, nil, by).Rows {
			got = append(got, fmt.Sprint(r.Key, " ", r.Incidents))
		}
		if strings.Join(got, ", ") != want || by.Check() != nil {
			t.Errorf("%s: %q, want %q", by, got, want)
		}
	}
	if tally.By("year").Check() == nil {
		t.Error("a breakdown by year")
	}
}

// Rows add up to the total, joining never raises a count, and the order of records changes nothing.
func TestRowsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var book tally.Book
		statuses := []pipeline.VerdictStatus{"", pipeline.StatusCandidate, pipeline.StatusCredible, pipeline.StatusContradicted, pipeline.StatusUnresolved}
		for i := range rapid.IntRange(1, 8).Draw(t, "records") {
			day := rapid.SampledFrom([]string{"", "2024-09-01", "2024-10-01"}).Draw(t, "day")
			lo := rapid.IntRange(-1, 4).Draw(t, "least")
			r := record(string(rune('A'+i)), day, lo, lo+rapid.IntRange(0, 3).Draw(t, "more"), rapid.SampledFrom(statuses).Draw(t, "status"))
			book.Records = append(book.Records, reviewed(r, rapid.StringMatching(`[-+?o]{0,3}`).Draw(t, "review")))
		}
		alone := book.Summarize(nil, nil, tally.ByNothing).Total
		a, b := book.Records[0].ID, book.Records[len(book.Records)-1].ID
		if a != b {
			book.Links = joined(a + b)
		}
		for _, by := range []tally.By{tally.ByMonth, tally.ByStatus, tally.ByParty, tally.ByOblast} {
			s := book.Summarize(nil, nil, by)
			var sum tally.Row
			for _, r := range s.Rows {
				sum.Incidents += r.Incidents
				sum.Records += r.Records
				sum.Persons.Min += r.Persons.Min
				sum.Persons.Max += r.Persons.Max
				sum.People.Verified += r.People.Verified
				sum.Machine.Unjudged += r.Machine.Unjudged
			}
			if sum.Incidents != s.Total.Incidents || sum.Records != s.Total.Records || sum.Persons != s.Total.Persons || sum.People.Verified != s.Total.People.Verified || sum.Machine.Unjudged != s.Total.Machine.Unjudged {
				t.Fatalf("%s: %+v, total %+v", by, sum, s.Total)
			}
			if s.Total.Incidents > alone.Incidents || s.Total.Persons.Min > alone.Persons.Min || s.Total.Persons.Max > alone.Persons.Max || s.Total.Records != alone.Records {
				t.Fatalf("joined %+v, alone %+v", s.Total, alone)
			}
			p, m := s.Total.People, s.Total.Machine
			if p.Verified+p.Contradicted+p.Unresolved+p.Disputed+p.Outdated+p.Undecided != s.Total.Incidents || m.Candidate+m.Credible+m.Contradicted+m.Unresolved+m.Unjudged != s.Total.Incidents {
				t.Fatalf("%+v", s.Total)
			}
			mixed := tally.Book{Links: book.Links, Records: rapid.Permutation(book.Records).Draw(t, "order")}
			if diff := cmp.Diff(s, mixed.Summarize(nil, nil, by)); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}
