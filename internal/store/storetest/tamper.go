package storetest

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// tampering is what somebody can do to rows behind the store's back, and all that the check says of it.
var tampering = []struct{ name, statement, want string }{
	{"verdict edited", `UPDATE verdict SET verdict = replace(verdict, '"score":60', '"score":99')`, "verdict of i: it is not what leaf 3 logged"},
	{"findings edited", `UPDATE verdict SET findings = '[]'`, "verdict of i: it is not what leaf 3 logged"},
	{"verdict of other input", `UPDATE verdict SET input_sha256 = (SELECT id FROM media LIMIT 1)`, "verdict of i: it is not what leaf 3 logged\n" +
		"verdict of i: no leaf speaks of it: it was put there past the log"},
	{"verdict deleted", `DELETE FROM verdict`, "verdict of i: it is not what leaf 3 logged"},
	{"verdict deleted with its turns", `DELETE FROM verdict; DELETE FROM judged`, "verdict of leaf 3: it is gone; its subject is "},
	{"day of a verdict edited", `UPDATE verdict SET at = at + 86400000000`, "verdict of i: it is not what leaf 3 logged"},
	{"day of a turn edited", `UPDATE judged SET at = at + 86400000000`, "verdict of i: it is not what leaf 3 logged"},
	{"record of a turn edited", `UPDATE judged SET record_sha256 = input_sha256`, "verdict of i: it is not what leaf 3 logged"},
	{"turn that gave way", `UPDATE judged SET gave_way = 1`, "verdict of i: it is not what leaf 3 logged"},
	{"turn of nothing", `INSERT INTO judged SELECT incident, 2, record_sha256, record_sha256, gave_way, at FROM judged`, "verdict of i: no leaf speaks of it: it was put there past the log"},
	{"turn put in", `INSERT INTO judged SELECT incident, 2, input_sha256, record_sha256, gave_way, at FROM judged`, "verdict of i: it is not what leaf 3 logged"},
	{"turn deleted", `DELETE FROM judged`, "verdict of i: it is not what leaf 3 logged"},
	{"day of a replay edited", `UPDATE replay SET known_by = known_by + 86400000000`, "replay of i: it is not what leaf 9 logged"},
	{"making of a replay edited", `UPDATE replay SET at = at + 1`, "replay of i: it is not what leaf 9 logged"},
	{"input of a replay edited", `UPDATE replay SET input_sha256 = (SELECT id FROM media LIMIT 1)`, "replay of i: it is not what leaf 9 logged"},
	{"digest of a record edited", `UPDATE incident SET record_sha256 = (SELECT id FROM media LIMIT 1)`, "record of i: it is not what leaf 2 logged"},
	{"record made no JSON", `UPDATE incident SET record = '{'`, "record of i: it is not what leaf 2 logged"},
	{"observation made no JSON", `UPDATE observation SET body = '{' WHERE key = 'a.first'`, "stage container 1 of " + id(1).String() + ": it is not what leaf 1 logged"},
	{"record edited", `UPDATE incident SET record = replace(record, 'market', 'barracks')`, "record of i: it is not what leaf 2 logged"},
	{"case edited", `UPDATE incident SET case_name = 'x'`, "record of i: it is not what leaf 2 logged"},
	{"cause of a missing file edited", `UPDATE incident_media SET missing = 'lost' WHERE missing <> ''`, "record of i: it is not what leaf 2 logged"},
	{"observation edited", `UPDATE observation SET body = '2' WHERE key = 'a.first'`, "stage container 1 of " + id(1).String() + ": it is not what leaf 1 logged"},
	{"observation deleted", `DELETE FROM observation WHERE key = 'a.first'`, "stage container 1 of " + id(1).String() + ": it is not what leaf 1 logged"},
	{"name of a file edited", `UPDATE media SET given_name = CAST('b.jpg' AS BLOB)`, "file of " + id(1).String() + ": it is not what leaf 0 logged"},
	{"time of receipt edited", `UPDATE media SET received_at = received_at + 1`, "file of " + id(1).String() + ": it is not what leaf 0 logged"},
	{"date of known footage edited", `UPDATE known SET first_seen = first_seen + 1000000`, "known footage " + id(2).String() + ": it is not what leaf 4 logged"},
	{"known footage deleted", `DELETE FROM known`, "known of leaf 4: it is gone; its subject is " + id(2).String()},
	{"listed print edited", `UPDATE listed_print SET quality = 51`, "listed prints of " + id(3).String() + ": it is not what leaf 5 logged"},
	{"map of a case renamed", `UPDATE case_control SET path = 'n.geojson'`, "control map " + id(4).String() + ": no leaf speaks of it: it was put there past the log\n" +
		"case_map of leaf 6: it is gone; its subject is " + id(4).String()},
	{"map accepted", `UPDATE control_map SET accepted = 1`, "control map " + id(5).String() + ": it is not what leaf 7 logged"},
	{"decision edited", `UPDATE decision SET ruling = 'contradicted'`, "decision of i: it is not what leaf 8 logged"},
	{"decision of another person", `UPDATE decision SET person = 'analyst-2'`, "decision of i: it is not what leaf 8 logged"},
	{"decision put in", `INSERT INTO decision (incident, seq, ruling, person, reason, digest, machine, at)
		SELECT incident, 2, ruling, 'analyst-2', reason, digest, machine, at FROM decision`, "decision of i: no leaf speaks of it: it was put there past the log"},
	{"salt erased", `DELETE FROM log_salt WHERE kind = 'incident'`, "record of i: its salt is gone: the log cannot say whether it is unchanged\n" +
		"verdict of i: its salt is gone: the log cannot say whether it is unchanged\nreplay of i: its salt is gone: the log cannot say whether it is unchanged\ndecision of i: its salt is gone: the log cannot say whether it is unchanged"},
}

// Each row that somebody changed is named, and no other.
func changedRowsAreNamed(t *testing.T, open Open) {
	t.Parallel()
	for _, c := range tampering {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir())
			defer closed(t, s)
			fillAll(t, s)
			result, err := s.Writer().ExecContext(t.Context(), c.statement)
			must(t, err)
			if n, err := result.RowsAffected(); n == 0 || err != nil {
				t.Fatalf("%d rows were changed, %v", n, err)
			}
			log, damage := checkLog(t, s, logKey(t).Public())
			if log.Size != 10 {
				t.Errorf("%d leaves", log.Size)
			}
			want := strings.Split(c.want, "\n")
			for i := range damage {
				if i < len(want) && strings.HasPrefix(damage[i], want[i]) { // an incident's digest is another each time
					damage[i] = want[i]
				}
			}
			if diff := cmp.Diff(want, damage); diff != "" {
				t.Errorf("damage (-want +got):\n%s", diff)
			}
		})
	}
}

// What an incident was exported with is what its leaves state.
func eventsOfAnIncident(t *testing.T, s *store.Store) {
	fillAll(t, s)
	saveMedia(t, s, id(9)) // of no incident
	saveIncident(t, s, incident("other", "x.jpg"), store.Attachment{ID: id(9)})
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.SaveLink(t.Context(), pipeline.Link{Kind: pipeline.LinkIncidents, A: "i", B: "other", Word: pipeline.LinkApart, By: "analyst-1", Reason: "two streets", At: noon})
		return err
	}))
	maps, err := s.ControlMaps(t.Context())
	must(t, err)
	events, err := s.EventsOf(t.Context(), "i", maps)
	must(t, err)
	var got []string
	for _, e := range events {
		subject, _, err := s.Subject(t.Context(), e)
		must(t, err)
		got = append(got, string(e.Kind)+" "+subject.Name)
	}
	want := []string{"record i", "verdict i", "decision i", "merge i", "file " + id(1).String(), "stage " + id(1).String(), "map " + id(5).String(), "case_map " + id(4).String()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if _, damage := checkLog(t, s, logKey(t).Public()); len(damage) > 0 {
		t.Errorf("damage %q", damage)
	}
	_, err = s.EventsOf(t.Context(), "none", nil)
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no incident: %v", err)
	}
	_, _, err = s.Subject(t.Context(), store.Event{Incident: "none"})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no subject: %v", err)
	}
}
