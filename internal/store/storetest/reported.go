package storetest

import (
	"errors"
	"sync"
	"testing"

	"whenwhere/internal/store"
)

// reportedIsOneState: while incidents are judged anew and decided upon, no decision on one verdict is read beside another, and
// no record beside the verdict of an earlier one.
func reportedIsOneState(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	if _, err := s.Reported(t.Context(), "i", nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("not judged: %v", err)
	}
	if _, err := s.Reported(t.Context(), "nobody", nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown: %v", err)
	}
	const turns = 30
	judge := func(n byte) {
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			j := judgement("i", n, float64(n))
			if err := tx.SaveVerdict(t.Context(), j); err != nil {
				return err
			}
			for _, by := range []string{"a", "b"} {
				d := verified("i", by)
				d.Reason = string(rune('A' + n))
				if _, err := tx.Decide(t.Context(), d); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	judge(0)
	var wait sync.WaitGroup
	wait.Go(func() {
		for n := byte(1); n < turns; n++ {
			judge(n)
		}
	})
	for range turns {
		r, err := s.Reported(t.Context(), "i", nil)
		must(t, err)
		last := r.Review.History[len(r.Review.History)-1]
		if !r.Review.Approved() || last.Reason != string(rune('A'+byte(r.Newest.Verdict.Score))) || r.Case.Incident.ID != "i" {
			t.Errorf("verdict %v, approved %v, decided %s", r.Newest.Verdict.Score, r.Review.Approved(), last.Reason)
		}
	}
	wait.Wait()
}
