package queue_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/queue"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func TestOutcomeIsTheSameWithOneWorkerAndEight(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 8} {
		b := setUp(t, 40)
		q := b.queue(t, func(c *queue.Config) { c.Workers = workers })
		enqueue(t, q, b.batch)
		last := run(t, q)
		if diff := cmp.Diff(queue.Progress{ExtractDone: 40, ExtractTotal: 40, AssessDone: 20, AssessTotal: 20}, last); diff != "" {
			t.Errorf("%d workers: progress (-want +got):\n%s", workers, diff)
		}
		if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
			t.Errorf("%d workers (-want +got):\n%s", workers, diff)
		}
	}
}

func TestEnqueueIsIdempotent(t *testing.T) {
	t.Parallel()
	b := setUp(t, 4)
	q := b.queue(t, nil)
	shuffled := queue.Batch{Media: append(slices.Clone(b.batch.Media), b.batch.Media[0]), Incidents: slices.Clone(b.batch.Incidents)}
	slices.Reverse(shuffled.Media)
	slices.Reverse(shuffled.Incidents)
	first := enqueue(t, q, b.batch)
	if again := enqueue(t, q, shuffled); again != first {
		t.Errorf("the open batch %d was enqueued again as %d", first, again)
	}
	run(t, q)
	second := enqueue(t, q, b.batch)
	if second == first {
		t.Errorf("the closed batch %d was returned", first)
	}
	last := run(t, q)
	if want := (queue.Progress{ExtractDone: 4, ExtractTotal: 4, AssessDone: 2, AssessTotal: 2}); last != want {
		t.Errorf("progress of the second batch: %+v, want %+v", last, want)
	}
	for _, id := range b.batch.Media {
		if n := b.fake.seen(id); n != 1 {
			t.Errorf("media %s was worked on %d times", id, n)
		}
	}
	if diff := cmp.Diff(map[string]int{"incident-000": 2, "incident-001": 2}, b.fake.incidents); diff != "" {
		t.Errorf("judged (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
}

func TestOneFileInTwoBatches(t *testing.T) {
	t.Parallel()
	b := setUp(t, 10)
	q := b.queue(t, nil)
	first := enqueue(t, q, b.batch)
	second := enqueue(t, q, queue.Batch{Media: b.batch.Media[:6], Incidents: b.batch.Incidents[:2]})
	third := enqueue(t, q, queue.Batch{Media: b.batch.Media[2:4]})
	if first == second || second == third {
		t.Fatalf("batches %d, %d, %d", first, second, third)
	}
	run(t, q)
	for batch, want := range map[store.BatchID]store.BatchCount{
		first: {MediaTotal: 10, IncidentTotal: 5}, second: {MediaTotal: 6, IncidentTotal: 2}, third: {MediaTotal: 2},
	} {
		if got, err := b.store.Batch(t.Context(), batch); err != nil || got != want {
			t.Errorf("batch %d: %+v, %v; want %+v", batch, got, err, want)
		}
	}
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
}

func TestNothingToDo(t *testing.T) {
	t.Parallel()
	b := setUp(t, 2)
	q := b.queue(t, nil)
	run(t, q)
	enqueue(t, q, queue.Batch{})
	run(t, q)
	if len(b.fake.files) != 0 {
		t.Errorf("worked on %v", b.fake.files)
	}
}

func TestIncidentWithoutMedia(t *testing.T) {
	t.Parallel()
	b := setUp(t, 0)
	must(t, b.store.SaveIncident(t.Context(), store.Record{Incident: pipeline.Incident{ID: "bare"}, UpdatedAt: epoch}))
	q := b.queue(t, nil)
	enqueue(t, q, queue.Batch{Incidents: []string{"bare"}})
	run(t, q)
	if _, err := b.store.Verdict(t.Context(), "bare"); err != nil {
		t.Error(err)
	}
}

func TestEnqueueRefusesWhatIsNotStored(t *testing.T) {
	t.Parallel()
	b := setUp(t, 2)
	q := b.queue(t, nil)
	for _, bad := range []queue.Batch{{Media: []pipeline.MediaID{{1}}}, {Incidents: []string{"nobody"}}} {
		if id, err := q.Enqueue(t.Context(), bad); err == nil {
			t.Errorf("%v: batch %d", bad, id)
		}
	}
	if open, err := b.store.OpenBatches(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("open: %v, %v", open, err)
	}
}

func TestStopAndGoOn(t *testing.T) {
	t.Parallel()
	b := setUp(t, 40)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var begun atomic.Int64
	b.fake.media = func(context.Context, pipeline.MediaID) error {
		if begun.Add(1) == 12 {
			cancel()
		}
		return nil
	}
	q := b.queue(t, nil)
	batch := enqueue(t, q, b.batch)
	if err := q.Run(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	half, err := b.store.Batch(t.Context(), batch)
	must(t, err)
	if half.MediaLeft == 0 || half.MediaLeft == half.MediaTotal || half.Failed != 0 {
		t.Fatalf("stopped at %+v; want some done, some left, none failed", half)
	}
	if again := enqueue(t, q, b.batch); again != batch {
		t.Errorf("the interrupted batch %d was not found, but made anew as %d", batch, again)
	}
	run(t, q)
	for key, n := range b.fake.committed {
		if n != 1 {
			t.Errorf("%s was measured %d times", key, n)
		}
	}
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
}

// Work that does not end by itself is cancelled, and that is no attempt: there is only one here.
func TestStoppedWorkLosesNoAttempt(t *testing.T) {
	t.Parallel()
	b := setUp(t, 4)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b.fake.media = func(work context.Context, _ pipeline.MediaID) error {
		cancel()
		<-work.Done()
		return work.Err()
	}
	q := b.queue(t, func(c *queue.Config) { c.Attempts, c.SoftStop = 1, time.Millisecond })
	enqueue(t, q, b.batch)
	if err := q.Run(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	b.fake.media = nil
	run(t, q)
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
}

func TestOneRunAtATime(t *testing.T) {
	t.Parallel()
	b := setUp(t, 2)
	inside, other := make(chan struct{}, 2), b.queue(t, nil)
	release := make(chan struct{})
	b.fake.media = func(context.Context, pipeline.MediaID) error { inside <- struct{}{}; <-release; return nil }
	q := b.queue(t, nil)
	enqueue(t, q, b.batch)
	done := make(chan error)
	go func() { done <- q.Run(t.Context(), nil) }()
	<-inside
	if err := other.Run(t.Context(), nil); !errors.Is(err, queue.ErrBusy) {
		t.Errorf("second run: %v, want ErrBusy", err)
	}
	close(release)
	must(t, <-done)
	run(t, other)
}

// River's table may lose jobs; what is open is decided by ours.
func TestJobsAreMadeAnew(t *testing.T) {
	t.Parallel()
	b := setUp(t, 6)
	q := b.queue(t, nil)
	enqueue(t, q, b.batch)
	if _, err := b.store.Writer().ExecContext(t.Context(), `DELETE FROM river_job`); err != nil {
		t.Fatal(err)
	}
	run(t, q)
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
}

func TestLostJobsEndTheRun(t *testing.T) {
	t.Parallel()
	b := setUp(t, 2)
	b.fake.media = func(ctx context.Context, _ pipeline.MediaID) error {
		_, err := b.store.Writer().ExecContext(ctx, `DELETE FROM river_job`)
		return errors.Join(err, errors.New("try again"))
	}
	q := b.queue(t, func(c *queue.Config) { c.Workers = 1 })
	enqueue(t, q, b.batch)
	if err := q.Run(t.Context(), nil); err == nil || errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want an error about the jobs that are gone", err)
	}
	b.fake.media = nil
	run(t, q)
}

func TestConfigFaultsComeTogether(t *testing.T) {
	t.Parallel()
	_, err := queue.New(queue.Config{Workers: -1, Timeout: time.Hour})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"store:", "lock path:", "work:", "stages:", "workers:", "timeout:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among the faults: %v", want, err)
		}
	}
}
