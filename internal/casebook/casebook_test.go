package casebook_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/casebook"
	"whenwhere/internal/gazetteer"
	"whenwhere/internal/store"
	"whenwhere/internal/store/sqlite"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
	"whenwhere/pipeline/tally"
)

var noon = time.Date(2024, 11, 3, 12, 0, 0, 0, time.UTC)

func media(n byte) pipeline.MediaID { return pipeline.MediaID{n, 31: 1} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened is a store with the incidents A to D and the statement S. A and B cite one post; B looks like what C shows; D shows a
// file of A for reference only.
func opened(t *testing.T) *store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	for n := byte(1); n <= 3; n++ {
		must(t, s.SaveMedia(t.Context(), pipeline.Media{ID: media(n), SizeBytes: 1, GivenName: "x", ReceivedAt: noon}))
	}
	original := "https://t.me/example_channel/1"
	where := &pipeline.Place{Lon: 36.5, Lat: 50.5, RadiusM: 500}
	for _, r := range []store.Record{
		{Incident: pipeline.Incident{ID: "A", Claim: pipeline.Claim{Where: where, Units: []string{"a unit"}}, Sources: []pipeline.Source{{URL: original}}, Media: []pipeline.MediaRef{{File: "a"}}}, Media: []store.Attachment{{ID: media(1)}}},
		{Incident: pipeline.Incident{ID: "B", Sources: []pipeline.Source{{URL: "https://t.me/example_other/2", RepostOf: &original}}, Media: []pipeline.MediaRef{{File: "b"}, {File: "gone"}}}, Media: []store.Attachment{{ID: media(2)}, {Missing: "gone"}}},
		{Incident: pipeline.Incident{ID: "C", Claim: pipeline.Claim{Named: &pipeline.NamedPlace{Name: "X", Oblast: "Kharkiv"}}, Media: []pipeline.MediaRef{{File: "c", Role: pipeline.RoleAftermath}}}, Media: []store.Attachment{{ID: media(3)}}},
		{Incident: pipeline.Incident{ID: "D", Media: []pipeline.MediaRef{{File: "d", Role: pipeline.RoleContext}}}, Media: []store.Attachment{{ID: media(1)}}},
		{Incident: pipeline.Incident{ID: "S", Claim: pipeline.Claim{Kind: pipeline.KindStatement, Where: where}}},
	} {
		r.Case, r.UpdatedAt = "case", noon
		must(t, s.SaveIncident(t.Context(), r))
	}
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SaveStatement(t.Context(), pipeline.Statement{ID: "S", Units: []string{"A Unit"}, Quote: "no", Published: []pipeline.Source{{URL: original}}, Incidents: []string{"C", "gone"}})
	}))
	must(t, s.SaveVerdict(t.Context(), store.Judgement{Incident: "B", InputSHA256: [32]byte{1}, At: noon, Sighted: []pipeline.MediaID{media(3)},
		Verdict: pipeline.Verdict{Incident: "B", Status: pipeline.StatusCredible}}))
	return s
}

func read(t *testing.T, s *store.Store) casebook.Book {
	t.Helper()
	b, err := casebook.Read(t.Context(), s)
	must(t, err)
	return b
}

func say(t *testing.T, s *store.Store, kind pipeline.LinkKind, a, b string, word pipeline.LinkWord) error {
	t.Helper()
	_, err := casebook.Say(t.Context(), s, pipeline.Link{Kind: kind, A: a, B: b, Word: word, By: "p", Reason: "why", At: noon})
	return err
}

func TestRecords(t *testing.T) {
	t.Parallel()
	b := read(t, opened(t))
	post := "https://t.me/example_channel/1"
	want := []duplicates.Record{
		{ID: "A", Posts: []string{post}, Footage: []pipeline.MediaID{media(1)}, Claim: b.Entries[0].Incident.Claim},
		{ID: "B", Posts: []string{"https://t.me/example_other/2", post}, Footage: []pipeline.MediaID{media(2)}, Alike: []pipeline.MediaID{media(3)}},
		{ID: "C", Footage: []pipeline.MediaID{media(3)}, Claim: b.Entries[2].Incident.Claim},
		{ID: "D"}, // a file kept for reference shows no event
	}
	if diff := cmp.Diff(want, b.Records()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if e := b.Entries[1]; e.Judged == nil || e.Judged.Status != pipeline.StatusCredible || b.Entries[0].Judged != nil || e.Review.Incident != "B" {
		t.Errorf("%+v", b.Entries)
	}
}

func TestProposedAndSpokenOf(t *testing.T) {
	t.Parallel()
	s := opened(t)
	pairs := func(all []duplicates.Proposal) string {
		var out []string
		for _, p := range all {
			out = append(out, p.A+p.B+string(p.Said))
		}
		return strings.Join(out, " ")
	}
	b := read(t, s)
	if got := pairs(b.Proposals(duplicates.DefaultLeastBans)); got != "BC AB" {
		t.Errorf("proposed: %s", got)
	}
	must(t, say(t, s, pipeline.LinkIncidents, "C", "B", pipeline.LinkApart))
	must(t, say(t, s, pipeline.LinkIncidents, "A", "B", pipeline.LinkJoined))
	must(t, say(t, s, pipeline.LinkIncidents, "A", "D", pipeline.LinkJoined))
	must(t, say(t, s, pipeline.LinkIncidents, "A", "D", pipeline.LinkOpen))
	b = read(t, s)
	if got, spoken := pairs(b.Proposals(duplicates.DefaultLeastBans)), pairs(b.Spoken()); got != "" || spoken != "ABjoined BCapart" {
		t.Errorf("proposed: %q, spoken: %q", got, spoken)
	}
	counted := b.Tally(nil).Summarize(nil, nil, tally.ByNothing)
	if counted.Total.Incidents != 3 || counted.Total.Records != 4 || counted.Total.Footage != 2 || counted.Total.Machine.Credible != 1 {
		t.Errorf("%+v", counted.Total)
	}
}

func TestSayRefuses(t *testing.T) {
	t.Parallel()
	s := opened(t)
	must(t, say(t, s, pipeline.LinkIncidents, "A", "B", pipeline.LinkJoined))
	must(t, say(t, s, pipeline.LinkStatement, "S", "A", pipeline.LinkJoined))
	var refused *casebook.RefusedError
	var unknown *casebook.UnknownError
	for name, err := range map[string]error{
		"the same again":                say(t, s, pipeline.LinkIncidents, "B", "A", pipeline.LinkJoined),
		"nothing to take back":          say(t, s, pipeline.LinkIncidents, "A", "C", pipeline.LinkOpen),
		"the same again of a statement": say(t, s, pipeline.LinkStatement, "S", "A", pipeline.LinkJoined),
		"nothing of a statement":        say(t, s, pipeline.LinkStatement, "S", "B", pipeline.LinkOpen),
	} {
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"unknown incident":           say(t, s, pipeline.LinkIncidents, "A", "Z", pipeline.LinkJoined),
		"a statement is no incident": say(t, s, pipeline.LinkIncidents, "A", "S", pipeline.LinkJoined),
		"an incident no statement":   say(t, s, pipeline.LinkStatement, "A", "B", pipeline.LinkJoined),
		"of another statement":       say(t, s, pipeline.LinkStatement, "S", "S", pipeline.LinkJoined),
	} {
		if !errors.As(err, &unknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if links, err := s.Links(t.Context(), pipeline.LinkIncidents); err != nil || len(links) != 1 {
		t.Errorf("kept %v, %v", links, err)
	}
}

func TestStatements(t *testing.T) {
	t.Parallel()
	s := opened(t)
	spoken := func() string {
		var out []string
		b := read(t, s)
		for _, c := range b.SpeakOf() {
			out = append(out, fmt.Sprint(c.Incident, " ", c.Stated, " ", c.By))
		}
		for _, p := range b.Calls() {
			out = append(out, p.Incident+"?")
		}
		n := b.CountCalls(nil, nil)
		return strings.Join(append(out, fmt.Sprint(n.Total, n.SpeakOf, n.MaySpeak)), ", ")
	}
	want := func(want string) {
		t.Helper()
		if got := spoken(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	want("C true , gone true , A?, 1 1 1")
	must(t, say(t, s, pipeline.LinkStatement, "S", "C", pipeline.LinkApart))
	must(t, say(t, s, pipeline.LinkStatement, "S", "A", pipeline.LinkJoined))
	want("A false p, gone true , 1 1 0")
	must(t, say(t, s, pipeline.LinkStatement, "S", "C", pipeline.LinkOpen))
	must(t, say(t, s, pipeline.LinkStatement, "S", "A", pipeline.LinkApart))
	want("C true , gone true , 1 1 0")
}

// Oblasts are as named, or as the borders say of the whole place.
func TestOblasts(t *testing.T) {
	t.Parallel()
	border := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"admin_level":"4","name":"Invented Oblast"},
		"geometry":{"type":"Polygon","coordinates":[[[36,50],[36.5004,50],[36.5004,51],[36,51],[36,50]]]}}]}`
	places, faults := gazetteer.Read([]gazetteer.Input{{Name: "oblasts.geojson", Data: []byte(border)}})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for radius, want := range map[float64]string{20: "Invented Oblast", 500: ""} {
		b := read(t, opened(t))
		b.Entries[0].Incident.Claim.Where.RadiusM = radius // the border is 28 m to the east
		var got []string
		for _, r := range b.Tally(places).Records {
			got = append(got, r.Oblast)
		}
		if diff := cmp.Diff([]string{want, "", "Kharkiv", ""}, got); diff != "" {
			t.Errorf("%v m: %s", radius, diff)
		}
	}
}
