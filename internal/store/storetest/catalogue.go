package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func update(t *testing.T, s *store.Store, do func(*store.Tx) error) {
	t.Helper()
	must(t, s.Update(t.Context(), do))
}

func settleAll(t *testing.T, s *store.Store) {
	t.Helper()
	all, err := s.Changed(t.Context())
	must(t, err)
	update(t, s, func(tx *store.Tx) error { return tx.Settle(t.Context(), all) })
}

func changedIs(t *testing.T, s *store.Store, what string, want ...pipeline.MediaID) {
	t.Helper()
	got, err := s.Changed(t.Context())
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changed by %s (-want +got):\n%s", what, diff)
	}
	settleAll(t, s)
}

func listsStandBesideOnesOwn(t *testing.T, s *store.Store) {
	own := store.Known{Media: id(1), URL: "u", FirstSeen: &noon, Event: "ours"}
	theirs := store.Known{Media: id(1), URL: "u", List: "theirs", Event: "theirs"}
	logo := store.Known{Media: id(2), List: "logos", Negative: true}
	for _, k := range []store.Known{theirs, own, logo} {
		must(t, s.SaveKnown(t.Context(), k))
	}
	all, err := s.Known(t.Context())
	must(t, err)
	if diff := cmp.Diff([]store.Known{own, theirs, logo}, all); diff != "" {
		t.Error(diff)
	}
	of, err := s.KnownOf(t.Context(), id(2))
	must(t, err)
	if diff := cmp.Diff([]store.Known{logo}, of); diff != "" {
		t.Error(diff)
	}
	if err := s.SaveKnown(t.Context(), store.Known{Media: id(3), Negative: true}); err == nil {
		t.Error("a negative entry of no list was saved")
	}
}

func whatIsKnownCanBeForgotten(t *testing.T, s *store.Store) {
	prints := []store.ListedPrint{{View: "upright", Quality: 80, PDQ: [32]byte{1}}}
	update(t, s, func(tx *store.Tx) error { return tx.SaveListedPrints(t.Context(), id(1), "theirs", prints) })
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(1), List: "theirs"}))
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(1)}))
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(2)}))
	settleAll(t, s)
	update(t, s, func(tx *store.Tx) error {
		if n, err := tx.RemoveKnown(t.Context(), id(1)); n != 2 || err != nil {
			t.Errorf("%d rows removed, %v", n, err)
		}
		n, err := tx.RemoveKnown(t.Context(), id(9))
		if n != 0 {
			t.Errorf("%d rows of nothing removed", n)
		}
		return err
	})
	changedIs(t, s, "removing", id(1))
	all, err := s.Known(t.Context())
	must(t, err)
	listed, err := s.ListedPrints(t.Context(), id(1))
	must(t, err)
	if len(all) != 1 || len(listed) != 0 {
		t.Errorf("%v and %v are left", all, listed)
	}
}

func archiveBeforeAndNow(t *testing.T, s *store.Store) {
	check := func(what string, has, had bool) {
		t.Helper()
		gotHas, err1 := s.HasArchive(t.Context())
		gotHad, err2 := s.HadArchive(t.Context())
		if gotHas != has || gotHad != had || err1 != nil || err2 != nil {
			t.Errorf("%s: has %v, had %v; want %v, %v", what, gotHas, gotHad, has, had)
		}
	}
	check("nothing", false, false)
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(2), List: "logos", Negative: true}))
	check("a logo", false, false)
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(1)}))
	check("the first", true, false)
	settleAll(t, s)
	check("settled", true, true)
	must(t, s.SaveKnown(t.Context(), store.Known{Media: id(3)}))
	check("one more", true, true)
}

func changesAreMarked(t *testing.T, s *store.Store) {
	k := store.Known{Media: id(1), FirstSeen: &noon}
	for i, want := range [][]pipeline.MediaID{{id(1)}, nil} {
		must(t, s.SaveKnown(t.Context(), k))
		changedIs(t, s, []string{"a new row", "the same row"}[i], want...)
	}
	later := noon.Add(time.Hour)
	for what, other := range map[string]store.Known{"another time": {Media: id(1), FirstSeen: &later}, "no time": {Media: id(1)}, "another event": {Media: id(1), Event: "e"}} {
		must(t, s.SaveKnown(t.Context(), other))
		changedIs(t, s, what, id(1))
	}
	saveMedia(t, s, id(4), id(5))
	saveResult(t, s, id(4), done(stages[0], observation("container.file", `{}`)), true)
	changedIs(t, s, "what is no print")
	saveResult(t, s, id(4), done(stages[1], observation(pipeline.PrintsKey.ID, `[]`)), true)
	changedIs(t, s, "prints", id(4))
	saveIncident(t, s, incident("a", "x"), store.Attachment{ID: id(4)})
	changedIs(t, s, "an incident", id(4))
	saveIncident(t, s, incident("a", "x"), store.Attachment{ID: id(4)})
	changedIs(t, s, "the same incident")
	saveIncident(t, s, incident("a", "x"), store.Attachment{ID: id(5)})
	changedIs(t, s, "another file of the same name", id(4), id(5))
	vague := incident("a", "x")
	vague.Claim.What = "something else"
	saveIncident(t, s, vague, store.Attachment{ID: id(5)})
	changedIs(t, s, "another claim", id(5))
}

func listedPrintsAreReplaced(t *testing.T, s *store.Store) {
	ms := int64(40)
	first := []store.ListedPrint{{View: "upright", Quality: 80, PDQ: [32]byte{1}}, {AtMs: &ms, View: "trimmed", Quality: 60, PDQ: [32]byte{2, 31: 9}}}
	save := func(list string, prints []store.ListedPrint) {
		update(t, s, func(tx *store.Tx) error { return tx.SaveListedPrints(t.Context(), id(1), list, prints) })
	}
	save("b", first)
	changedIs(t, s, "a list", id(1))
	save("b", first)
	changedIs(t, s, "the same list")
	save("a", first[1:])
	changedIs(t, s, "another list", id(1))
	got, err := s.ListedPrints(t.Context(), id(1))
	must(t, err)
	if diff := cmp.Diff([]store.ListedPrint{first[1], first[0], first[1]}, got); diff != "" {
		t.Error(diff)
	}
	other := int64(41)
	save("b", []store.ListedPrint{first[0], {AtMs: &other, View: "trimmed", Quality: 60, PDQ: first[1].PDQ}})
	changedIs(t, s, "another time", id(1))
}

func numbersOnlyGrow(t *testing.T, s *store.Store) {
	numbers := func(part store.Part, stage store.Stage, after uint64) []store.Numbered {
		t.Helper()
		update(t, s, func(tx *store.Tx) error { return tx.NumberPrints(t.Context(), part, stage) })
		out, err := s.Numbers(t.Context(), part, stage, after, 100)
		must(t, err)
		return out
	}
	savePrints(t, s) // of 1 by both versions, of 2 and 3; 1 and 2 are in incidents
	first := numbers(store.PartSeen, stages[1], 0)
	if len(first) != 3 || first[0].Media != id(1) || first[2].Media != id(3) {
		t.Fatal(first)
	}
	if diff := cmp.Diff(first, numbers(store.PartSeen, stages[1], 0)); diff != "" {
		t.Errorf("numbered again: %s", diff)
	}
	asked := numbers(store.PartAsked, stages[1], 0)
	if len(asked) != 2 || asked[0].Media != id(1) || asked[0].Num <= first[2].Num {
		t.Error(asked)
	}
	if old := numbers(store.PartSeen, store.Stage{Name: "prints", Version: "1"}, 0); len(old) != 1 || old[0].Media != id(1) {
		t.Error(old)
	}
	last := first[2].Num
	update(t, s, func(tx *store.Tx) error {
		return tx.SaveListedPrints(t.Context(), id(7), "l", []store.ListedPrint{{View: "upright", PDQ: [32]byte{1}}})
	})
	listed := numbers(store.PartSeen, stages[1], last)
	if len(listed) != 1 || listed[0].Media != id(7) {
		t.Fatal(listed)
	}
	update(t, s, func(tx *store.Tx) error {
		return tx.SaveListedPrints(t.Context(), id(7), "l", []store.ListedPrint{{View: "upright", PDQ: [32]byte{2}}})
	})
	if again := numbers(store.PartSeen, stages[1], last); len(again) != 1 || again[0].Media != id(7) || again[0].Num <= listed[0].Num {
		t.Errorf("%v after %v", again, listed)
	}
	got, ok, err := s.MediaOfNumber(t.Context(), store.PartSeen, listed[0].Num)
	if got != id(7) || !ok || err != nil {
		t.Errorf("a number that was given up: %v %v %v", got, ok, err)
	}
	if _, ok, err := s.MediaOfNumber(t.Context(), store.PartAsked, listed[0].Num); ok || err != nil {
		t.Errorf("a number of the other part: %v %v", ok, err)
	}
}

func whatAVerdictMet(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1))
	for _, name := range []string{"a", "b"} {
		saveIncident(t, s, incident(name, "x", "y"), store.Attachment{ID: id(1)}, store.Attachment{Missing: "gone"})
	}
	sighted := func(want ...string) {
		t.Helper()
		got, err := s.Sighted(t.Context(), id(9))
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	judge := func(name string, input byte, met ...pipeline.MediaID) {
		must(t, s.SaveVerdict(t.Context(), store.Judgement{Incident: name, InputSHA256: [32]byte{input}, Sighted: met, At: noon}))
	}
	judge("b", 1, id(9), id(8))
	judge("a", 1, id(9), id(9))
	sighted("a", "b")
	judge("a", 2)
	sighted("b")
	judge("a", 1, id(9))
	sighted("a", "b")
	shown, err := s.IncidentsOf(t.Context(), id(1))
	must(t, err)
	if diff := cmp.Diff([]string{"a", "b"}, shown); diff != "" {
		t.Error(diff)
	}
	in, files, err := s.Attached(t.Context(), "a")
	must(t, err)
	if diff := cmp.Diff([]store.Attachment{{ID: id(1)}, {Missing: "gone"}}, files); diff != "" || in.ID != "a" {
		t.Error(in.ID, diff)
	}
	row, err := s.Incident(t.Context(), "a")
	if row.Case != "case 1" || row.ID != "a" || err != nil {
		t.Errorf("%+v %v", row, err)
	}
}

func controlMapsOfACase(t *testing.T, s *store.Store) {
	files := []store.ControlFile{{Path: "a/b.geojson", SHA256: [32]byte{1}}, {Path: "c.geojson", SHA256: [32]byte{2}}}
	update(t, s, func(tx *store.Tx) error {
		return tx.SaveControl(t.Context(), "x", []store.ControlFile{files[1], files[0]})
	})
	update(t, s, func(tx *store.Tx) error { return tx.SaveControl(t.Context(), "y", files[1:]) })
	for name, want := range map[string][]store.ControlFile{"x": files, "y": files[1:], "z": nil} {
		got, err := s.Control(t.Context(), name)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	update(t, s, func(tx *store.Tx) error { return tx.SaveControl(t.Context(), "x", nil) })
	if got, err := s.Control(t.Context(), "x"); len(got) != 0 || err != nil {
		t.Error(got, err)
	}
}

func whatIsNotMeasured(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2), id(3))
	saveResult(t, s, id(1), done(stages[1]), true)
	saveResult(t, s, id(2), failed(stages[1], "broken", false), true)
	saveResult(t, s, id(3), done(store.Stage{Name: "prints", Version: "1"}), true)
	got, err := s.Unmeasured(t.Context(), stages[1])
	must(t, err)
	if diff := cmp.Diff([]pipeline.MediaID{id(3)}, got); diff != "" {
		t.Error(diff)
	}
}
