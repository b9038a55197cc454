package storetest

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// turn is what a history says, short.
type turn struct {
	Seq   int64
	Input byte
	Score float64 // 0 when nothing is kept
	At    time.Time
}

func turns(t *testing.T, s *store.Store, incident string) (out []turn, full []store.Turn) {
	t.Helper()
	full, err := s.History(t.Context(), incident)
	must(t, err)
	for _, x := range full {
		short := turn{Seq: x.Seq, Input: x.InputSHA256[0], At: x.At}
		if x.Kept != nil {
			short.Score = x.Kept.Verdict.Score
			if text, err := json.Marshal(x.Kept.Verdict); err != nil || string(text) != string(x.Text) {
				t.Errorf("turn %d: the text is %s", x.Seq, x.Text)
			}
			if !x.Kept.At.Equal(x.At) || x.Kept.InputSHA256 != x.InputSHA256 {
				t.Errorf("turn %d holds the verdict of %v, input %x", x.Seq, x.Kept.At, x.Kept.InputSHA256)
			}
		}
		out = append(out, short)
	}
	return out, full
}

// A verdict that comes back is there twice, with the time of each.
func historyKeepsTheOrder(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	a, b := judgement("i", 1, 10), judgement("i", 2, 20)
	for i, j := range []store.Judgement{a, a, b, a, b, b} {
		j.At = noon.Add(time.Duration(i) * time.Hour)
		must(t, s.SaveVerdict(t.Context(), j))
	}
	want := []turn{{1, 1, 10, noon}, {2, 2, 20, noon.Add(2 * time.Hour)}, {3, 1, 10, noon.Add(3 * time.Hour)}, {4, 2, 20, noon.Add(4 * time.Hour)}}
	got, full := turns(t, s, "i")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(full[1].Kept.Findings, b.Findings); d != "" {
		t.Error(d)
	}
	if _, err := s.History(t.Context(), "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an incident that is not there: %v", err)
	}
}

// The log tells the turns in their order, and tells when one was taken out, added or moved.
func logTellsTheTurns(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	saveIncident(t, s, incident("j"))
	for i, j := range []store.Judgement{judgement("i", 1, 10), judgement("j", 9, 90), judgement("i", 2, 20), judgement("i", 1, 10)} {
		j.At = noon.Add(time.Duration(i) * time.Hour)
		must(t, s.SaveVerdict(t.Context(), j))
	}
	tells := func(what string, incident string, turns []store.Turn, want store.Telling) {
		t.Helper()
		got, err := s.LogOfTurns(t.Context(), incident, turns)
		if got != want || err != nil {
			t.Errorf("%s: the log %s, want %s (%v)", what, got, want, err)
		}
	}
	_, all := turns(t, s, "i")
	tells("as they are", "i", all, store.LogAgrees)
	tells("one taken out", "i", all[:2], store.LogDiffers)
	tells("the first taken out", "i", all[1:], store.LogDiffers)
	tells("one added", "i", append(all[:3:3], all[0]), store.LogDiffers)
	tells("another order", "i", []store.Turn{all[1], all[0], all[2]}, store.LogDiffers)
	tells("those of another", "j", all, store.LogDiffers)
	tells("nobody", "nobody", all, store.LogSilent)
}

// The digest of a turn is what a decision on it names, also when the record has changed since.
func historyNamesWhatWasDecidedOn(t *testing.T, s *store.Store) {
	r := incident("i")
	saveIncident(t, s, r)
	must(t, s.SaveVerdict(t.Context(), judgement("i", 1, 10)))
	var d pipeline.Decision
	must(t, s.Update(t.Context(), func(tx *store.Tx) (err error) {
		d, err = tx.Decide(t.Context(), pipeline.Decision{Incident: "i", As: pipeline.RulingVerified, By: "a", Reason: "the chimney", At: noon})
		return err
	}))
	r.Claim.What = "another"
	saveIncident(t, s, r)
	must(t, s.SaveVerdict(t.Context(), judgement("i", 2, 20)))
	_, full := turns(t, s, "i")
	if len(full) != 2 || full[0].Digest == nil || *full[0].Digest != d.On || full[1].Digest == nil || *full[1].Digest == d.On {
		t.Errorf("%+v, decided on %s", full, d.On)
	}
	review, err := s.Review(t.Context(), "i")
	must(t, err)
	if review.Newest != *full[1].Digest {
		t.Errorf("newest %s, of the last turn %s", review.Newest, full[1].Digest)
	}
}

func historyOfAnIncompleteVerdict(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	torn, whole := judgement("i", 1, 10), judgement("i", 1, 20)
	torn.Verdict.Incomplete = []string{"prints: a.jpg: torn"}
	whole.At = noon.Add(time.Hour)
	must(t, s.SaveVerdict(t.Context(), torn))
	must(t, s.SaveVerdict(t.Context(), whole))
	got, full := turns(t, s, "i")
	if d := cmp.Diff([]turn{{1, 1, 0, noon}, {2, 1, 20, noon.Add(time.Hour)}}, got); d != "" || full[0].Digest != nil {
		t.Error(d, full[0].Digest)
	}
}

func rulesAreKept(t *testing.T, s *store.Store) {
	save := func(name, body string) error {
		return s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveRules(t.Context(), name, []byte(body)) })
	}
	must(t, save("2026.1", `{"prior":0.5}`))
	must(t, save("2026.1", `{"prior":0.5}`))
	must(t, save("2026.2", `{}`))
	var other *store.OtherRulesError
	if err := save("2026.1", `{"prior":0.4}`); !errors.As(err, &other) || other.Name != "2026.1" {
		t.Errorf("other rules of the same name: %v", err)
	}
	if body, err := s.Rules(t.Context(), "2026.1"); err != nil || string(body) != `{"prior":0.5}` {
		t.Errorf("%s, %v", body, err)
	}
	if _, err := s.Rules(t.Context(), "2026.3"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("rules that were not kept: %v", err)
	}
	if save("", "{}") == nil || save("x", "") == nil {
		t.Error("rules without a name, or without a word: no error")
	}
}

// What was seen later is no archive yet; what nobody dates is one always, and a logo never.
func archiveByThen(t *testing.T, s *store.Store) {
	before, after := noon.Add(-time.Second), noon.Add(time.Second)
	has := func(what string, early, late bool) {
		t.Helper()
		got1, err1 := s.HasArchiveBy(t.Context(), before)
		got2, err2 := s.HasArchiveBy(t.Context(), noon)
		if got1 != early || got2 != late || err1 != nil || err2 != nil {
			t.Errorf("%s: %v and %v, want %v and %v (%v, %v)", what, got1, got2, early, late, err1, err2)
		}
	}
	has("nothing", false, false)
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(1), List: "logos", Negative: true, FirstSeen: &before}))
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(2), FirstSeen: &after}))
	has("a logo, and what was seen later", false, false)
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(3), FirstSeen: &noon}))
	has("seen at noon", false, true)
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(4)}))
	has("of no date", true, true)
}

// Replays stay beside the verdict, each once.
func replaysAreKept(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	must(t, s.SaveVerdict(t.Context(), judgement("i", 1, 10)))
	keep := func(r store.Replay) (num int) {
		t.Helper()
		must(t, s.Update(t.Context(), func(tx *store.Tx) (err error) {
			num, err = tx.SaveReplay(t.Context(), r)
			return err
		}))
		return num
	}
	early, late := store.Replay{KnownBy: noon.Add(-time.Hour), Judgement: judgement("i", 2, 20)}, store.Replay{KnownBy: noon, Judgement: judgement("i", 2, 20)}
	if a, b, c, d := keep(early), keep(late), keep(early), keep(late); a != 1 || b != 2 || c != 1 || d != 2 {
		t.Errorf("numbers %d %d %d %d", a, b, c, d)
	}
	otherwise := late
	otherwise.Verdict.Score = 30
	if n := keep(otherwise); n != 3 {
		t.Errorf("another verdict of the same input is number %d", n)
	}
	early.Num, late.Num, otherwise.Num = 1, 2, 3
	got, err := s.Replays(t.Context(), "i")
	must(t, err)
	if d := cmp.Diff([]store.Replay{early, late, otherwise}, got); d != "" {
		t.Error(d)
	}
	if latest, err := s.Verdict(t.Context(), "i"); err != nil || latest.Verdict.Score != 10 {
		t.Errorf("the verdict became %+v, %v", latest.Verdict, err)
	}
	if got, _ := turns(t, s, "i"); len(got) != 1 {
		t.Errorf("%d turns", len(got))
	}
}
