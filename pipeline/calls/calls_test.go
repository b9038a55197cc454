package calls_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
	"whenwhere/pipeline/calls"
)

var noon = time.Date(2024, 11, 1, 12, 0, 0, 0, time.UTC)

func days(n float64) time.Time { return noon.Add(time.Duration(n * 24 * float64(time.Hour))) }

func statement(units ...string) calls.Statement {
	return calls.Statement{Statement: pipeline.Statement{ID: "S-1", Side: pipeline.SideRU, Units: units, Published: []pipeline.Source{{URL: "https://t.me/example/1", Published: &noon}}}}
}

func incident(id string, fromDays, toDays float64, units ...string) calls.Incident {
	return calls.Incident{ID: id, Claim: pipeline.Claim{When: &pipeline.Span{From: days(fromDays), To: days(toDays)}, Perpetrator: pipeline.SideRU, Units: units}}
}

func TestPropose(t *testing.T) {
	t.Parallel()
	unit := "12th Invented Brigade"
	other := incident("OTHER", 1, 2, "12 invented   BRIGADE.")
	other.Claim.Perpetrator = pipeline.SideUA
	shown := incident("SHOWN", -9, -8)
	shown.Footage = []pipeline.MediaID{{7}}
	undated := incident("UNDATED", 0, 1, unit)
	undated.Claim.When = nil
	s := statement("unknown unit", unit)
	s.Footage = []pipeline.MediaID{{1}, {7}}
	all := []calls.Incident{incident("WEEK", 3, 4, "12 invented brigade"), incident("DURING", -1, 1, unit), incident("MONTH", 8, 9, unit), incident("QUARTER", 31, 32, unit),
		incident("LATE", 91, 92, unit), incident("BEFORE", -2, -1, unit), incident("NONE", 1, 2, "13th Invented Brigade"), incident("NAMELESS", 1, 2), other, shown, undated}
	got := calls.Propose([]calls.Statement{s}, all, nil)
	var text []string
	for _, p := range got {
		text = append(text, fmt.Sprint(p.Incident, " ", p.Bans))
	}
	if diff := cmp.Diff("DURING 1.7, WEEK 1.7, MONTH 1.4, QUARTER 1.1, UNDATED 1", strings.Join(text, ", ")); diff != "" {
		t.Error(diff)
	}
	want := []calls.Part{{"unit", 1, "both name 12th Invented Brigade"}, {"time", 0.7, "the incident is 3.0 days after the statement"}}
	if diff := cmp.Diff(want, got[1].Parts); diff != "" {
		t.Error(diff)
	}
	both := shown
	both.Claim.Units = []string{unit}
	if got := calls.Propose([]calls.Statement{s}, []calls.Incident{both}, nil); len(got) != 1 || got[0].Bans != 1.7 || got[0].Parts[2].Bans != -0.3 {
		t.Errorf("a film of what is praised: %+v", got)
	}
}

// Whoever spoke of a pair settled it, until that is taken back; and so does the record of the statement.
func TestSaid(t *testing.T) {
	t.Parallel()
	s, in := statement("a"), incident("I", 1, 2, "A")
	link := func(seq int, word pipeline.LinkWord) pipeline.Link {
		return pipeline.Link{Kind: pipeline.LinkStatement, A: "S-1", B: "I", Seq: seq, Word: word}
	}
	for name, c := range map[string]struct {
		links []pipeline.Link
		n     int
	}{
		"nobody": {nil, 1}, "joined": {[]pipeline.Link{link(1, pipeline.LinkJoined)}, 0}, "apart": {[]pipeline.Link{link(1, pipeline.LinkApart)}, 0},
		"taken back": {[]pipeline.Link{link(2, pipeline.LinkOpen), link(1, pipeline.LinkApart)}, 1},
		"of others":  {[]pipeline.Link{{Kind: pipeline.LinkIncidents, A: "S-1", B: "I", Seq: 1, Word: pipeline.LinkJoined}}, 1},
	} {
		if got := calls.Propose([]calls.Statement{s}, []calls.Incident{in}, c.links); len(got) != c.n {
			t.Errorf("%s: %d proposals, want %d", name, len(got), c.n)
		}
	}
	s.Incidents = []string{"I"}
	if got := calls.Propose([]calls.Statement{s}, []calls.Incident{in}, nil); len(got) != 0 {
		t.Errorf("named by its record: %+v", got)
	}
}
