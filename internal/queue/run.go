package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"whenwhere/internal/store"
	"whenwhere/internal/store/filelock"
)

// ErrBusy says that another process runs on this database.
var ErrBusy = errors.New("another process works on this database")

const (
	// fetchCooldown is the pause between two looks for jobs. River's own of 100 ms keeps 8 workers at 80 jobs a second.
	fetchCooldown = 5 * time.Millisecond
	// pollInterval is how soon work is seen that was enqueued while there was none.
	pollInterval = 50 * time.Millisecond
	// lookInterval is how often progress is told and the end looked for.
	lookInterval = 50 * time.Millisecond
	// stuckLooks is how many looks in a row must see open batches without a job before Run gives up: one may fall
	// between the two questions.
	stuckLooks = 5
)

// Progress is how far the batches are that Run has met.
type Progress struct {
	ExtractDone, ExtractTotal int
	AssessDone, AssessTotal   int
	Failed                    int // media with a failed stage, and incidents that could not be judged
}

// Run works until no batch is open. tell, if not nil, is told of progress, always by the same goroutine, also of the end.
// What fails is no error of Run: see Progress and store.Failures. When ctx ends before the work does, the error is that
// of ctx, and the next Run goes on. ErrBusy when another Run is under way.
func (q *Queue) Run(ctx context.Context, tell func(Progress)) (err error) {
	lock, err := filelock.Try(q.cfg.LockPath)
	if errors.Is(err, filelock.ErrHeld) {
		return fmt.Errorf("queue: %w: %s", ErrBusy, q.cfg.LockPath)
	}
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if err := q.recover(ctx); err != nil {
		return fmt.Errorf("queue: recover: %w", err)
	}
	w := &watch{queue: q, tell: tell, met: map[store.BatchID]bool{}}
	if err := q.phase(ctx, suspectQueue, 1, w.noSuspects); err != nil {
		return fmt.Errorf("queue: suspects: %w", err)
	}
	if err := q.phase(ctx, river.QueueDefault, q.cfg.Workers, w.drained); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}

// phase works on one of River's queues until over reports true.
func (q *Queue) phase(ctx context.Context, name string, workers int, over func(context.Context) (bool, error)) error {
	if done, err := over(ctx); done || err != nil {
		return err
	}
	client, err := q.client(name, workers)
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	err = wait(ctx, over)
	return errors.Join(err, client.Stop(context.WithoutCancel(ctx)))
}

// wait looks again and again until it is over, fails, or ctx ends.
func wait(ctx context.Context, over func(context.Context) (bool, error)) error {
	look := time.NewTicker(lookInterval)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
		if done, err := over(ctx); done || err != nil {
			return err
		}
	}
}

func (q *Queue) client(name string, workers int) (*river.Client[*sql.Tx], error) {
	all := river.NewWorkers() // every kind, or River's rescuer throws away what it does not know
	river.AddWorker(all, &extractor{queue: q})
	river.AddWorker(all, &assessor{queue: q})
	return river.NewClient(riversqlite.New(q.cfg.Store.Writer()), &river.Config{
		FetchCooldown:     fetchCooldown,
		FetchPollInterval: pollInterval,
		JobTimeout:        q.cfg.Timeout,
		Logger:            q.cfg.Logger,
		MaxAttempts:       q.cfg.Attempts,
		PollOnly:          true, // one process: nobody else would notify
		Queues:            map[string]river.QueueConfig{name: {MaxWorkers: workers}},
		RetryPolicy:       retries{q.cfg.Backoff},
		SoftStopTimeout:   q.cfg.SoftStop,
		Workers:           all,
	})
}

// retries is the pause between attempts, by River's clock.
type retries struct{ backoff func(int) time.Duration }

func (r retries) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(r.backoff(job.Attempt))
}

// watch looks at the tables while a Run is under way. Only the goroutine of Run uses it.
type watch struct {
	queue *Queue
	tell  func(Progress)
	met   map[store.BatchID]bool // batches that were open at some look
	stuck int                    // looks in a row that saw open batches and no job
}

func (w *watch) noSuspects(ctx context.Context) (bool, error) {
	if _, err := w.look(ctx); err != nil {
		return false, err
	}
	left, err := w.jobs(ctx, suspectQueue)
	return !left, err
}

// drained reports whether no batch is open. Open batches without any job are an error: something outside took the jobs.
func (w *watch) drained(ctx context.Context) (bool, error) {
	left, err := w.jobs(ctx, river.QueueDefault)
	if err != nil {
		return false, err
	}
	open, err := w.look(ctx)
	if err != nil || len(open) == 0 {
		return err == nil, err
	}
	w.stuck++
	if left {
		w.stuck = 0
	}
	if w.stuck >= stuckLooks {
		return false, fmt.Errorf("batches %v are open, but their jobs are gone; run again to make them anew", open)
	}
	return false, nil
}

// jobs reports whether a queue has jobs that are not at their end.
func (w *watch) jobs(ctx context.Context, name string) (left bool, err error) {
	err = w.queue.cfg.Store.Reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM river_job
		WHERE queue = $1 AND state IN ('available', 'pending', 'retryable', 'running', 'scheduled'))`, name).Scan(&left)
	return left, err
}

// look returns the open batches and tells how far those are that were met.
func (w *watch) look(ctx context.Context) ([]store.BatchID, error) {
	open, err := w.queue.cfg.Store.OpenBatches(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range open {
		w.met[id] = true
	}
	if w.tell == nil {
		return open, nil
	}
	var p Progress
	for id := range w.met {
		c, err := w.queue.cfg.Store.Batch(ctx, id)
		if err != nil {
			return nil, err
		}
		p.ExtractDone += c.MediaTotal - c.MediaLeft
		p.ExtractTotal += c.MediaTotal
		p.AssessDone += c.IncidentTotal - c.IncidentLeft
		p.AssessTotal += c.IncidentTotal
		p.Failed += c.Failed
	}
	w.tell(p)
	return open, nil
}
