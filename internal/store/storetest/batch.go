package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func addBatch(t testing.TB, s *store.Store, b store.NewBatch) (batch store.BatchID) {
	t.Helper()
	b.CreatedAt = noon
	must(t, s.Update(t.Context(), func(tx *store.Tx) (err error) {
		batch, err = tx.AddBatch(t.Context(), b)
		return err
	}))
	return batch
}

func pending(ids ...pipeline.MediaID) []store.BatchMedia {
	var out []store.BatchMedia
	for _, id := range ids {
		out = append(out, store.BatchMedia{ID: id})
	}
	return out
}

func finishMedia(t testing.TB, s *store.Store, batch store.BatchID, id pipeline.MediaID, failed bool, wantLast bool) {
	t.Helper()
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		last, err := tx.FinishMedia(t.Context(), batch, id, failed, "")
		if err == nil && last != wantLast {
			t.Errorf("media %s: last %v, want %v", id, last, wantLast)
		}
		return err
	}))
}

func finishIncident(t testing.TB, s *store.Store, batch store.BatchID, incident, cause string) {
	t.Helper()
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.FinishIncident(t.Context(), batch, incident, cause != "", cause)
	}))
}

func counts(t testing.TB, s *store.Store, batch store.BatchID, want store.BatchCount) {
	t.Helper()
	got, err := s.Batch(t.Context(), batch)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("batch (-want +got):\n%s", diff)
	}
}

func batchCountsEachItemOnce(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2))
	saveIncident(t, s, incident("i"))
	saveIncident(t, s, incident("j"))
	batch := addBatch(t, s, store.NewBatch{Key: [32]byte{1}, Media: pending(id(1), id(2)), Incidents: []string{"i", "j"}})
	finishMedia(t, s, batch, id(2), true, false)
	finishMedia(t, s, batch, id(2), false, false)
	counts(t, s, batch, store.BatchCount{MediaTotal: 2, MediaLeft: 1, IncidentTotal: 2, IncidentLeft: 2, Failed: 1})
	finishMedia(t, s, batch, id(1), false, true)
	finishMedia(t, s, batch, id(1), false, false)
	finishMedia(t, s, batch, id(3), false, false) // never part of it
	finishIncident(t, s, batch, "j", "no rules")
	finishIncident(t, s, batch, "j", "")
	finishIncident(t, s, batch, "i", "")
	counts(t, s, batch, store.BatchCount{MediaTotal: 2, IncidentTotal: 2, Failed: 2})
	failures, err := s.Failures(t.Context(), batch)
	must(t, err)
	if diff := cmp.Diff([]store.Failure{{Media: id(2)}, {Incident: "j", Cause: "no rules"}}, failures); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}

func batchIsFoundWhileOpen(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2))
	saveIncident(t, s, incident("i"))
	first := addBatch(t, s, store.NewBatch{Key: [32]byte{1}, Media: pending(id(1)), Incidents: []string{"i"}})
	other := addBatch(t, s, store.NewBatch{Key: [32]byte{2}, Media: pending(id(2), id(1))})
	look := func(want map[byte]store.BatchID, wantOpen []store.BatchID) {
		t.Helper()
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			for key := range byte(4) {
				got, ok, err := tx.OpenBatch(t.Context(), [32]byte{key})
				if err != nil || ok != (want[key] != 0) || got != want[key] {
					t.Errorf("key %d: %d, %v, %v; want %d", key, got, ok, err, want[key])
				}
			}
			return nil
		}))
		open, err := s.OpenBatches(t.Context())
		must(t, err)
		if diff := cmp.Diff(wantOpen, open); diff != "" {
			t.Errorf("open (-want +got):\n%s", diff)
		}
	}
	look(map[byte]store.BatchID{1: first, 2: other}, []store.BatchID{first, other})
	finishMedia(t, s, first, id(1), false, true)
	look(map[byte]store.BatchID{1: first, 2: other}, []store.BatchID{first, other})
	finishIncident(t, s, first, "i", "")
	look(map[byte]store.BatchID{2: other}, []store.BatchID{other})
	again := addBatch(t, s, store.NewBatch{Key: [32]byte{1}, Media: pending(id(1))})
	look(map[byte]store.BatchID{1: again, 2: other}, []store.BatchID{other, again})
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.AddBatch(t.Context(), store.NewBatch{Key: [32]byte{1}, Media: pending(id(1)), CreatedAt: noon})
		return err
	})
	if err == nil {
		t.Error("two open batches of one key: no error")
	}
}

func batchWithReadyMedia(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2), id(3))
	saveIncident(t, s, incident("i"))
	batch := addBatch(t, s, store.NewBatch{Key: [32]byte{1}, Incidents: []string{"i"},
		Media: []store.BatchMedia{{ID: id(1), Ready: true}, {ID: id(3)}, {ID: id(2), Ready: true, Failed: true}}})
	counts(t, s, batch, store.BatchCount{MediaTotal: 3, MediaLeft: 1, IncidentTotal: 1, IncidentLeft: 1, Failed: 1})
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		media, err := tx.PendingMedia(t.Context(), batch)
		must(t, err)
		incidents, err := tx.PendingIncidents(t.Context(), batch)
		if len(media) != 1 || media[0] != id(3) || len(incidents) != 1 || incidents[0] != "i" {
			t.Errorf("pending: %v, %v", media, incidents)
		}
		return err
	}))
	finishMedia(t, s, batch, id(1), false, false) // was ready from the start
	finishMedia(t, s, batch, id(3), false, true)
}

func crashesAreCounted(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2))
	saveIncident(t, s, incident("i"))
	batch := addBatch(t, s, store.NewBatch{Key: [32]byte{1}, Media: pending(id(1), id(2)), Incidents: []string{"i"}})
	must(t, s.Update(t.Context(), func(tx *store.Tx) error {
		for want := 1; want <= 3; want++ {
			media, err := tx.CountMediaCrash(t.Context(), batch, id(1))
			must(t, err)
			in, err := tx.CountIncidentCrash(t.Context(), batch, "i")
			must(t, err)
			if media != want || in != want {
				t.Errorf("crashes %d, %d; want %d", media, in, want)
			}
		}
		other, err := tx.CountMediaCrash(t.Context(), batch, id(2))
		if other != 1 {
			t.Errorf("crashes of the other file: %d", other)
		}
		return err
	}))
}

func sameMediaInTwoBatches(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1))
	first := addBatch(t, s, store.NewBatch{Key: [32]byte{1}, Media: pending(id(1))})
	second := addBatch(t, s, store.NewBatch{Key: [32]byte{2}, Media: pending(id(1))})
	finishMedia(t, s, second, id(1), false, true)
	counts(t, s, first, store.BatchCount{MediaTotal: 1, MediaLeft: 1})
	finishMedia(t, s, first, id(1), false, true)
	counts(t, s, first, store.BatchCount{MediaTotal: 1})
}
