package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/audit"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// logKey is a key of a log of its own.
func logKey(t testing.TB) *audit.Signer {
	t.Helper()
	private, public, err := audit.NewKey(rand.Reader, "log.test/1")
	must(t, err)
	signer, err := audit.NewSigner(private, public)
	must(t, err)
	return signer
}

// checkLog checks the log and what the store holds, and returns what is wrong with both.
func checkLog(t testing.TB, s *store.Store, key audit.PublicKey) (*audit.Log, []string) {
	t.Helper()
	log, err := audit.Check(t.Context(), s, key)
	must(t, err)
	held := log.Holdings()
	must(t, s.Held(t.Context(), func(h audit.Held) error { held.Add(h); return nil }))
	var out []string
	for _, d := range append(log.Damage, held.Damage()...) {
		out = append(out, d.String())
	}
	return log, out
}

// leaves lists what happened, in short.
func leaves(t testing.TB, s *store.Store) (out []string) {
	t.Helper()
	rows, err := s.LogLeaves(t.Context(), 0, 1000)
	must(t, err)
	for _, r := range rows {
		l, err := audit.ParseLeaf(r.Leaf)
		must(t, err)
		actor, _, _ := strings.Cut(l.Actor, ":")
		out = append(out, fmt.Sprintf("%s %s %s by %s", l.Action, l.Kind, l.Tool, actor))
	}
	return out
}

// fillAll saves one of everything that the log speaks of.
func fillAll(t testing.TB, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	saveMedia(t, s, id(1))
	saveResult(t, s, id(1), done(stages[0], observation("z.last", `{"b":"<2>"}`), observation("a.first", `1`)), true)
	saveIncident(t, s, incident("i", "a.jpg", "b.jpg"), store.Attachment{ID: id(1)}, store.Attachment{Missing: "no such file"})
	must(t, s.SaveVerdict(ctx, scored("i", 1, 60)))
	must(t, s.Update(ctx, func(tx *store.Tx) error {
		first := noon.Add(789)
		return errors.Join(
			tx.SaveKnown(ctx, store.Known{Media: id(2), URL: "u", FirstSeen: &first, Event: "e"}),
			tx.SaveListedPrints(ctx, id(3), "list", []store.ListedPrint{{View: "whole", Quality: 50}}),
			tx.SaveControl(ctx, "case 1", []store.ControlFile{{Path: "m.geojson", SHA256: id(4)}}),
			tx.AddControlMap(ctx, store.ControlMap{Provider: "own", AsOf: noon.Add(123), KnownAt: noon, Format: "f", File: "m", SHA256: id(5), Adapter: "1"}),
		)
	}))
	must(t, s.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.Decide(ctx, pipeline.Decision{Incident: "i", As: pipeline.RulingVerified, By: "analyst-1", Reason: "seen", At: noon})
		if err == nil {
			_, err = tx.SaveReplay(ctx, store.Replay{KnownBy: noon, Judgement: scored("i", 2, 50)})
		}
		return err
	}))
}

func scored(in string, input byte, score float64) store.Judgement {
	return store.Judgement{Incident: in, InputSHA256: [32]byte{input}, Verdict: pipeline.Verdict{Incident: in, Score: score, Rules: "2026.0"}, At: noon}
}

// Each result has its leaf, once; saving it again has none.
func everyResultHasItsLeaf(t *testing.T, s *store.Store) {
	fillAll(t, s)
	want := []string{
		"received file intake by program", "extracted stage container by program", "received record intake by program",
		"assessed verdict score by program", "catalogued known archive by program", "catalogued listed archive by program",
		"imported case_map intake by program", "imported map f by program", "decided decision people by person",
		"assessed replay score by program",
	}
	if diff := cmp.Diff(want, leaves(t, s)); diff != "" {
		t.Errorf("leaves (-want +got):\n%s", diff)
	}
	saveMedia(t, s, id(1))
	saveIncident(t, s, incident("i", "a.jpg", "b.jpg"), store.Attachment{ID: id(1)}, store.Attachment{Missing: "no such file"})
	must(t, s.SaveVerdict(t.Context(), scored("i", 1, 60)))
	if n := len(leaves(t, s)); n != len(want) {
		t.Errorf("%d leaves after saving the same again, want %d", n, len(want))
	}
	if log, damage := checkLog(t, s, logKey(t).Public()); len(damage) > 0 || log.Size != int64(len(want)) {
		t.Errorf("size %d, damage %q", log.Size, damage)
	}
}

// What is taken out or changes has a further leaf, and the check follows it.
func changesAreLogged(t *testing.T, s *store.Store) {
	fillAll(t, s)
	before := len(leaves(t, s))
	ctx := t.Context()
	saveIncident(t, s, incident("i", "a.jpg", "c.jpg"), store.Attachment{ID: id(1)}, store.Attachment{Missing: "too large"})
	must(t, s.SaveVerdict(ctx, scored("i", 2, 70)))
	must(t, s.SaveVerdict(ctx, scored("i", 1, 60))) // back to what it was
	must(t, s.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.RemoveKnown(ctx, id(2))
		_, err2 := tx.RemoveKnown(ctx, id(3))
		return errors.Join(err, err2, tx.AcceptControlMap(ctx, "own", noon), tx.SaveControl(ctx, "case 1", nil))
	}))
	must(t, s.Update(ctx, func(tx *store.Tx) error { return tx.RemoveControlMap(ctx, "own", noon) }))
	saveMedia(t, s, id(8))
	saveIncident(t, s, incident("i", "a.jpg", "c.jpg"), store.Attachment{ID: id(8)}, store.Attachment{Missing: "too large"})
	want := []string{
		"received record intake by program", "assessed verdict score by program", "assessed verdict score by program",
		"removed known archive by program", "removed listed archive by program", "accepted map f by program",
		"removed case_map intake by program", "removed map f by program",
		"received file intake by program", "received record intake by program",
	}
	if diff := cmp.Diff(want, leaves(t, s)[before:]); diff != "" {
		t.Errorf("leaves (-want +got):\n%s", diff)
	}
	if _, damage := checkLog(t, s, logKey(t).Public()); len(damage) > 0 {
		t.Errorf("damage %q", damage)
	}
}

// A transaction that fails leaves no leaf and no gap.
func failedUpdateLogsNothing(t *testing.T, s *store.Store) {
	oops := errors.New("oops")
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.SaveMedia(t.Context(), pipeline.Media{ID: id(1), ReceivedAt: noon}), oops)
	})
	if !errors.Is(err, oops) {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.Log(t.Context(), store.Event{Action: audit.Received, Kind: audit.KindFile, Incident: "i", Result: []byte{}})
	})
	if err == nil {
		t.Error("a file that is an incident was logged")
	}
	if got := leaves(t, s); len(got) != 0 {
		t.Errorf("leaves %q", got)
	}
	saveMedia(t, s, id(2))
	if log, damage := checkLog(t, s, logKey(t).Public()); len(damage) > 0 || log.Size != 1 {
		t.Errorf("size %d, damage %q", log.Size, damage)
	}
}

// Signing goes on from the last checkpoint, and gives the same one while nothing is added.
func checkpointsGrow(t *testing.T, s *store.Store) {
	key := logKey(t)
	sign := func() audit.Signed {
		t.Helper()
		c, err := audit.Sign(t.Context(), s, key)
		must(t, err)
		must(t, s.SaveCheckpoint(t.Context(), c))
		return c
	}
	var old []audit.Signed
	for n := range byte(20) {
		if n%7 != 3 {
			saveMedia(t, s, id(n+1))
		}
		old = append(old, sign())
	}
	if diff := cmp.Diff(old[19], sign()); diff != "" {
		t.Errorf("another checkpoint of the same log (-want +got):\n%s", diff)
	}
	log, err := audit.Check(t.Context(), s, key.Public(), old[0].Note, old[11].Note)
	must(t, err)
	if len(log.Damage) > 0 || log.Checkpoints != 17+2 {
		t.Errorf("%d checkpoints, damage %v", log.Checkpoints, log.Damage)
	}
	must(t, s.SaveToken(t.Context(), old[19].Size, []byte("token")))
	if err := s.SaveToken(t.Context(), 999, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("token of no checkpoint: %v", err)
	}
	all, err := s.Checkpoints(t.Context())
	must(t, err)
	if last := all[len(all)-1]; string(last.Token) != "token" || len(all) != 17 {
		t.Errorf("%d checkpoints, the last %+v", len(all), last)
	}
}

// Many writers leave no gap.
func writersLeaveNoGap(t *testing.T, s *store.Store) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const writers, each = 4, 25
	errs := make(chan error, writers)
	for w := range writers {
		go func() {
			var all []error
			for i := range each {
				all = append(all, s.Update(ctx, func(tx *store.Tx) error {
					err := tx.SaveMedia(ctx, pipeline.Media{ID: id(byte(w*each + i + 1)), ReceivedAt: noon})
					if i%5 == 4 {
						return errors.Join(err, context.Canceled)
					}
					return err
				}))
			}
			errs <- errors.Join(all...)
		}()
	}
	for range writers {
		if err := <-errs; !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	}
	if log, damage := checkLog(t, s, logKey(t).Public()); len(damage) > 0 || log.Size != writers*each*4/5 {
		t.Errorf("size %d, damage %q", log.Size, damage)
	}
}

// What is written while the log is checked is not half of what is checked.
func logIsReadFromOneState(t *testing.T, s *store.Store) {
	fillAll(t, s)
	must(t, s.Snapshot(t.Context(), func(now *store.Snapshot) error {
		before, err := now.LogSize(t.Context())
		must(t, err)
		saveMedia(t, s, id(7))
		log, err := audit.Check(t.Context(), now, logKey(t).Public())
		must(t, err)
		held := log.Holdings()
		must(t, now.Held(t.Context(), func(h audit.Held) error { held.Add(h); return nil }))
		if damage := append(log.Damage, held.Damage()...); len(damage) > 0 || log.Size != before {
			t.Errorf("%d leaves, were %d; damage %v", log.Size, before, damage)
		}
		return nil
	}))
	if after, err := s.LogSize(t.Context()); err != nil || after != 11 {
		t.Errorf("%d leaves afterwards, %v", after, err)
	}
}
