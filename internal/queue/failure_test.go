package queue_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/queue"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// failures lists what failed in a batch.
func (b *bench) failures(t testing.TB, batch store.BatchID) []store.Failure {
	t.Helper()
	out, err := b.store.Failures(t.Context(), batch)
	must(t, err)
	return out
}

func TestErrorsThatPassAreTriedAgain(t *testing.T) {
	t.Parallel()
	b := setUp(t, 8)
	b.fake.media = func(_ context.Context, id pipeline.MediaID) error {
		if n := b.fake.seen(id); n <= 2 && (id == mediaID(3) || id == mediaID(4)) {
			return errors.New("too many open files")
		}
		return nil
	}
	q := b.queue(t, nil)
	batch := enqueue(t, q, b.batch)
	run(t, q)
	if n := b.fake.seen(mediaID(3)); n != 3 {
		t.Errorf("worked on it %d times, want 3", n)
	}
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" || len(b.failures(t, batch)) != 0 {
		t.Errorf("failures %v, outcome (-want +got):\n%s", b.failures(t, batch), diff)
	}
}

func TestStagesThatMayRecoverAreTriedAgain(t *testing.T) {
	t.Parallel()
	b := setUp(t, 4)
	b.fake.stage = func(id pipeline.MediaID, s store.Stage) (pipeline.StageResult, bool) {
		return pipeline.StageResult{Status: pipeline.Failed, Cause: "no memory", Retry: true},
			id == mediaID(2) && s.Name == "metadata" && b.fake.seen(id) <= 2
	}
	q := b.queue(t, nil)
	enqueue(t, q, b.batch)
	run(t, q)
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
	if n := b.fake.committed[mediaID(2).String()+"container"]; n != 1 {
		t.Errorf("the stage that was done ran %d times", n)
	}
}

func TestErrorsThatStayEndVisibly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault     func() error
		wantCalls int
		wantCause string
		wantRetry bool
	}{
		"permanent": {func() error { return pipeline.Permanent(errors.New("blob: damaged")) }, 1, "blob: damaged", false},
		"stays":     {func() error { return errors.New("no route to disk") }, 3, "no route to disk", true},
		"panic":     {func() error { panic("index out of range") }, 3, "panic: index out of range", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setUp(t, 4)
			b.fake.media = func(_ context.Context, id pipeline.MediaID) error {
				if id == mediaID(1) {
					return c.fault()
				}
				return nil
			}
			q := b.queue(t, func(cfg *queue.Config) { cfg.Attempts = 3 })
			batch := enqueue(t, q, b.batch)
			last := run(t, q)
			if last.Failed != 1 || last.ExtractDone != 4 || last.AssessDone != 2 {
				t.Errorf("progress %+v; want all done, one failed", last)
			}
			if n := b.fake.seen(mediaID(1)); n != c.wantCalls {
				t.Errorf("worked on it %d times, want %d", n, c.wantCalls)
			}
			failures := b.failures(t, batch)
			if len(failures) != 1 || failures[0].Media != mediaID(1) || !strings.Contains(failures[0].Cause, c.wantCause) {
				t.Errorf("failures %+v", failures)
			}
			results := b.outcome(t).Results[mediaID(1)]
			if len(results) != len(stages) {
				t.Fatalf("%d results for %d stages", len(results), len(stages))
			}
			for _, r := range results {
				if r.Status != pipeline.Failed || r.Retry != c.wantRetry || !strings.Contains(r.Cause, c.wantCause) {
					t.Errorf("result %+v", r)
				}
			}
		})
	}
}

func TestWorkThatTakesTooLong(t *testing.T) {
	t.Parallel()
	b := setUp(t, 1)
	b.fake.media = func(ctx context.Context, _ pipeline.MediaID) error { <-ctx.Done(); return errors.New("child killed") }
	q := b.queue(t, func(c *queue.Config) { c.Attempts, c.Timeout = 2, 300*time.Millisecond })
	batch := enqueue(t, q, b.batch)
	run(t, q)
	const want = "took longer than a job may: "
	if f := b.failures(t, batch); len(f) != 1 || f[0].Media != mediaID(0) || !strings.HasPrefix(f[0].Cause, want) {
		t.Errorf("failures %+v", f)
	}
	for _, r := range b.outcome(t).Results[mediaID(0)] {
		if r.Status != pipeline.Failed || !r.Retry || !strings.HasPrefix(r.Cause, want) {
			t.Errorf("result %+v", r)
		}
	}
}

// What failed for a passing reason is tried again by the next batch; what failed for good is not.
func TestNextBatchTriesAgainWhatMayPass(t *testing.T) {
	t.Parallel()
	b := setUp(t, 2)
	b.fake.media = func(_ context.Context, id pipeline.MediaID) error {
		if id == mediaID(0) {
			return pipeline.Permanent(errors.New("not a picture"))
		}
		return errors.New("disk full")
	}
	q := b.queue(t, func(c *queue.Config) { c.Attempts = 1 })
	enqueue(t, q, b.batch)
	run(t, q)
	b.fake.media = nil
	batch := enqueue(t, q, b.batch)
	if last := run(t, q); last.Failed != 1 {
		t.Errorf("progress %+v; want the permanent failure counted", last)
	}
	if one, two := b.fake.seen(mediaID(0)), b.fake.seen(mediaID(1)); one != 1 || two != 2 {
		t.Errorf("worked %d and %d times, want 1 and 2", one, two)
	}
	if diff := cmp.Diff([]store.Failure{{Media: mediaID(0)}}, b.failures(t, batch)); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(b.expected(t).Results[mediaID(1)], b.outcome(t).Results[mediaID(1)]); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestFailedStageIsCountedAndStopsNothing(t *testing.T) {
	t.Parallel()
	b := setUp(t, 4)
	b.fake.stage = func(id pipeline.MediaID, s store.Stage) (pipeline.StageResult, bool) {
		return pipeline.StageResult{Status: pipeline.Failed, Cause: "truncated"}, id == mediaID(2) && s.Name == "metadata"
	}
	q := b.queue(t, nil)
	batch := enqueue(t, q, b.batch)
	if last := run(t, q); last.Failed != 1 || last.AssessDone != 2 {
		t.Errorf("progress %+v", last)
	}
	if diff := cmp.Diff([]store.Failure{{Media: mediaID(2)}}, b.failures(t, batch)); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}

func TestIncidentsThatCannotBeJudged(t *testing.T) {
	t.Parallel()
	b := setUp(t, 6)
	b.fake.assess = func(_ context.Context, incident string) error {
		switch incident {
		case "incident-000":
			return pipeline.Permanent(errors.New("rules do not fit"))
		case "incident-001":
			panic("nil map")
		}
		return nil
	}
	q := b.queue(t, func(c *queue.Config) { c.Attempts = 2 })
	batch := enqueue(t, q, b.batch)
	if last := run(t, q); last.Failed != 2 || last.AssessDone != 3 {
		t.Errorf("progress %+v", last)
	}
	want := []store.Failure{{Incident: "incident-000", Cause: "rules do not fit"}, {Incident: "incident-001", Cause: "panic: nil map"}}
	if diff := cmp.Diff(want, b.failures(t, batch)); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"incident-000": 1, "incident-001": 2, "incident-002": 1}, b.fake.incidents); diff != "" {
		t.Errorf("judged (-want +got):\n%s", diff)
	}
	if _, err := b.store.Verdict(t.Context(), "incident-000"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("verdict of a failed incident: %v", err)
	}
}

func TestVerdictThatDivergesIsAFailure(t *testing.T) {
	t.Parallel()
	b := setUp(t, 2)
	q := b.queue(t, nil)
	enqueue(t, q, b.batch)
	run(t, q)
	b.fake.score = 99
	batch := enqueue(t, q, b.batch)
	run(t, q)
	failures := b.failures(t, batch)
	if len(failures) != 1 || failures[0].Incident != "incident-000" || failures[0].Cause == "" {
		t.Errorf("failures %+v", failures)
	}
	if b.fake.incidents["incident-000"] != 2 {
		t.Errorf("judged %d times, want once for each batch", b.fake.incidents["incident-000"])
	}
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
		t.Errorf("the first verdict stays (-want +got):\n%s", diff)
	}
}
