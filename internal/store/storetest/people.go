package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// decide saves what a person decided and returns it as it was kept.
func decide(t *testing.T, s *store.Store, d pipeline.Decision) (pipeline.Decision, error) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) (err error) {
		d, err = tx.Decide(t.Context(), d)
		return err
	})
	return d, err
}

func verified(incident, by string) pipeline.Decision {
	return pipeline.Decision{Incident: incident, As: pipeline.RulingVerified, By: by, Reason: "the <chimney>", At: noon}
}

func decisionsAreKept(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	saveIncident(t, s, incident("other"))
	saveIncident(t, s, incident("unjudged"))
	j := judgement("i", 1, 60)
	j.Verdict.Status = pipeline.StatusCredible
	must(t, s.SaveVerdict(t.Context(), j))
	must(t, s.SaveVerdict(t.Context(), judgement("other", 1, 60)))

	first, err := decide(t, s, verified("i", "a"))
	must(t, err)
	meant := verified("i", "b")
	meant.On = first.On
	second, err := decide(t, s, meant)
	must(t, err)
	r, err := s.Review(t.Context(), "i")
	must(t, err)
	want := pipeline.Review{Incident: "i", Machine: pipeline.StatusCredible, Newest: first.On, History: []pipeline.Decision{
		{Incident: "i", Seq: 1, As: pipeline.RulingVerified, By: "a", Reason: "the <chimney>", On: first.On, Machine: pipeline.StatusCredible, At: noon},
		{Incident: "i", Seq: 2, As: pipeline.RulingVerified, By: "b", Reason: "the <chimney>", On: first.On, Machine: pipeline.StatusCredible, At: noon}}}
	if diff := cmp.Diff(want, r); diff != "" || second.Seq != 2 || !r.Approved() {
		t.Errorf("review, approved %v (-want +got):\n%s", r.Approved(), diff)
	}
	all, err := s.Reviews(t.Context())
	must(t, err)
	if len(all) != 2 || all[0].Incident != "i" || len(all[0].History) != 2 || all[1].Incident != "other" || all[1].History != nil {
		t.Errorf("reviews: %+v", all)
	}
	if all[1].Newest == all[0].Newest {
		t.Error("two incidents have one digest")
	}
}

// decisionsLapse: whatever changes of record, input or verdict, nobody has decided on it yet; when it comes back, they have.
func decisionsLapse(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	must(t, s.SaveVerdict(t.Context(), judgement("i", 1, 60)))
	for _, by := range []string{"a", "b"} {
		_, err := decide(t, s, verified("i", by))
		must(t, err)
	}
	approved := func(want bool, after string) {
		t.Helper()
		if r, err := s.Review(t.Context(), "i"); err != nil || r.Approved() != want || len(r.History) != 2 {
			t.Errorf("after %s: approved %v, want %v; %d decisions, %v", after, r.Approved(), want, len(r.History), err)
		}
	}
	approved(true, "two decisions")
	must(t, s.SaveVerdict(t.Context(), judgement("i", 2, 60)))
	approved(false, "another input")
	must(t, s.SaveVerdict(t.Context(), judgement("i", 1, 60)))
	approved(true, "the same input again")
	saveIncident(t, s, incident("i"))
	approved(true, "the same record again")
	changed := incident("i")
	changed.Claim.What = "another claim"
	saveIncident(t, s, changed)
	approved(false, "another record")
	saveIncident(t, s, incident("i"))
	approved(true, "the first record again")

	old, err := s.Review(t.Context(), "i")
	must(t, err)
	must(t, s.SaveVerdict(t.Context(), judgement("i", 3, 70)))
	meant := verified("i", "c")
	meant.On = old.Newest
	_, err = decide(t, s, meant)
	var stale *store.StaleError
	if !errors.As(err, &stale) || stale.Meant != old.Newest || stale.Newest == old.Newest {
		t.Errorf("a decision meant for an older verdict: %v", err)
	}
	approved(false, "a decision that was refused")
}

func decisionsRefuseNonsense(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	if _, err := decide(t, s, verified("i", "a")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("on an incident that was not judged: %v", err)
	}
	if _, err := s.Review(t.Context(), "i"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("review of an incident that was not judged: %v", err)
	}
	must(t, s.SaveVerdict(t.Context(), judgement("i", 1, 60)))
	for name, change := range map[string]func(*pipeline.Decision){
		"no ruling":      func(d *pipeline.Decision) { d.As = "" },
		"machine status": func(d *pipeline.Decision) { d.As = "verified-candidate" },
		"nobody":         func(d *pipeline.Decision) { d.By = "" },
		"an e-mail":      func(d *pipeline.Decision) { d.By = "a@example.org" },
		"no reason":      func(d *pipeline.Decision) { d.Reason = " " },
	} {
		d := verified("i", "a")
		change(&d)
		if _, err := decide(t, s, d); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if r, err := s.Review(t.Context(), "i"); err != nil || len(r.History) != 0 {
		t.Errorf("kept %+v, %v", r, err)
	}
}

func linksAreKept(t *testing.T, s *store.Store) {
	for _, name := range []string{"a", "b", "c"} {
		saveIncident(t, s, incident(name))
	}
	save := func(l pipeline.Link) error {
		return s.Update(t.Context(), func(tx *store.Tx) error {
			kept, err := tx.SaveLink(t.Context(), l)
			if err == nil && kept.Seq == 0 {
				t.Error("a link without its number")
			}
			return err
		})
	}
	said := func(kind pipeline.LinkKind, a, b string, word pipeline.LinkWord) pipeline.Link {
		return pipeline.Link{Kind: kind, A: a, B: b, Word: word, By: "x", Reason: "seen", At: noon.Add(time.Minute)}
	}
	must(t, save(said(pipeline.LinkIncidents, "b", "a", pipeline.LinkJoined)))
	must(t, save(said(pipeline.LinkIncidents, "a", "b", pipeline.LinkOpen)))
	must(t, save(said(pipeline.LinkStatement, "c", "a", pipeline.LinkJoined)))
	for name, l := range map[string]pipeline.Link{
		"one incident":     said(pipeline.LinkIncidents, "a", "a", pipeline.LinkJoined),
		"unknown incident": said(pipeline.LinkIncidents, "a", "z", pipeline.LinkJoined),
		"unknown word":     said(pipeline.LinkIncidents, "a", "b", "perhaps"),
		"unknown kind":     said("person", "a", "b", pipeline.LinkJoined),
	} {
		if err := save(l); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	got, err := s.Links(t.Context(), pipeline.LinkIncidents)
	must(t, err)
	want := []pipeline.Link{said(pipeline.LinkIncidents, "a", "b", pipeline.LinkJoined), said(pipeline.LinkIncidents, "a", "b", pipeline.LinkOpen)}
	want[0].Seq, want[1].Seq = 1, 2
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if got, err := s.Links(t.Context(), pipeline.LinkStatement); err != nil || len(got) != 1 || got[0].A != "c" {
		t.Errorf("links of statements: %+v, %v", got, err)
	}
}

func recordsAreListed(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2))
	two := incident("b", "x.jpg", "gone.jpg")
	saveIncident(t, s, two, store.Attachment{ID: id(1)}, store.Attachment{Missing: "no such file"})
	saveIncident(t, s, incident("a"))
	got := now(t, s, (*store.Snapshot).Records)
	want := []store.Record{{Incident: incident("a"), Case: "case 1", UpdatedAt: noon},
		{Incident: two, Case: "case 1", UpdatedAt: noon, Media: []store.Attachment{{ID: id(1)}, {Missing: "no such file"}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	met := judgement("b", 1, 60)
	met.Sighted = []pipeline.MediaID{id(2), id(1)}
	must(t, s.SaveVerdict(t.Context(), met))
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(1), List: "logos", Negative: true}))
	seen := now(t, s, (*store.Snapshot).Sightings)
	if diff := cmp.Diff([]store.Sighting{{Incident: "b", Media: id(2)}}, seen); diff != "" {
		t.Errorf("sightings (-want +got):\n%s", diff)
	}
}

func statementsAreKept(t *testing.T, s *store.Store) {
	save := func(of pipeline.Statement) error {
		return s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveStatement(t.Context(), of) })
	}
	first := pipeline.Statement{ID: "s", Who: "an <office>", Side: pipeline.SideRU, Units: []string{"a unit"}, Quote: "no", Incidents: []string{"i"},
		Said: &pipeline.Span{From: noon, To: noon.Add(time.Hour)}, Published: []pipeline.Source{{URL: "https://example.org/1", Published: &noon}}}
	if err := save(first); err == nil {
		t.Error("a statement whose record is not there: no error")
	}
	for _, id := range []string{"s", "r"} {
		saveIncident(t, s, incident(id))
	}
	second := pipeline.Statement{ID: "r", Quote: "yes", Published: []pipeline.Source{{URL: "https://example.org/2"}}}
	must(t, save(first))
	must(t, save(second))
	first.Quote = "never"
	must(t, save(first))
	got := now(t, s, (*store.Snapshot).Statements)
	if diff := cmp.Diff([]pipeline.Statement{second, first}, got); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}

func eachNewestVerdict(t *testing.T, s *store.Store) {
	for _, name := range []string{"c", "a", "b"} {
		saveIncident(t, s, incident(name))
	}
	for _, j := range []store.Judgement{judgement("c", 1, 1), judgement("c", 2, 2), judgement("a", 3, 3)} {
		must(t, s.SaveVerdict(t.Context(), j))
	}
	var got []pipeline.Verdict
	each := func(do func(pipeline.Verdict) error) error {
		return s.Snapshot(t.Context(), func(now *store.Snapshot) error { return now.EachVerdict(t.Context(), do) })
	}
	must(t, each(func(v pipeline.Verdict) error { got = append(got, v); return nil }))
	if diff := cmp.Diff([]pipeline.Verdict{judgement("a", 3, 3).Verdict, judgement("c", 2, 2).Verdict}, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	stop := errors.New("enough")
	if err := each(func(pipeline.Verdict) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

// now reads one list of one state of the database.
func now[T any](t *testing.T, s *store.Store, read func(*store.Snapshot, context.Context) ([]T, error)) (out []T) {
	must(t, s.Snapshot(t.Context(), func(now *store.Snapshot) (err error) {
		out, err = read(now, t.Context())
		return err
	}))
	return out
}

// What is written while a snapshot is read is in none of its tables, whichever was read first.
func aSnapshotIsOneState(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("a"))
	must(t, s.SaveVerdict(t.Context(), judgement("a", 1, 1)))
	must(t, s.Snapshot(t.Context(), func(now *store.Snapshot) error {
		before, err := now.Records(t.Context())
		must(t, err)
		saveIncident(t, s, incident("b"))
		must(t, s.SaveVerdict(t.Context(), judgement("b", 2, 2)))
		after, err := now.Records(t.Context())
		must(t, err)
		reviews, err := now.Reviews(t.Context())
		must(t, err)
		verdicts := 0
		must(t, now.EachVerdict(t.Context(), func(pipeline.Verdict) error { verdicts++; return nil }))
		if len(before) != 1 || len(after) != 1 || len(reviews) != 1 || verdicts != 1 {
			t.Errorf("%d, then %d records, %d reviews, %d verdicts of one incident", len(before), len(after), len(reviews), verdicts)
		}
		return nil
	}))
	if got := now(t, s, (*store.Snapshot).Records); len(got) != 2 {
		t.Errorf("%d records afterwards", len(got))
	}
}
