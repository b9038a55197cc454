package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// finishTimeout bounds the last transaction of a job, which may begin when the job's own time is over.
const finishTimeout = 30 * time.Second

// errAgain says that a stage failed in a way that another try may mend.
var errAgain = errors.New("a stage failed and may be tried again")

// fate is how a piece of work ended.
type fate struct {
	err   error // nil when it was done
	retry bool  // another batch may try again
}

// extractor works on extract jobs.
type extractor struct {
	river.WorkerDefaults[extractArgs]
	queue *Queue
}

func (e *extractor) Work(ctx context.Context, job *river.Job[extractArgs]) error {
	err := e.queue.extract(ctx, job.Args.Media)
	f, again := judge(ctx, err, job.Attempt < job.MaxAttempts)
	if again != nil {
		return again
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	return e.queue.cfg.Store.Update(ctx, func(tx *store.Tx) error {
		if err := e.queue.finishMedia(ctx, tx, job.Args, f); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx.SQL(), job)
		return err
	})
}

// extract measures one file, unless that is done. errAgain when a result asks for another try.
func (q *Queue) extract(ctx context.Context, id pipeline.MediaID) error {
	done, err := q.cfg.Store.StageResults(ctx, id, q.cfg.Stages)
	if err != nil || q.ready(done) {
		return err
	}
	again := false
	commit := func(ctx context.Context, r pipeline.StageResult) error {
		again = again || r.Retry
		_, err := q.cfg.Store.SaveStageResult(ctx, id, r)
		return err
	}
	err = guarded(func() error { return q.cfg.Work.ExtractMedia(ctx, id, done, commit) })
	if err == nil && again {
		return errAgain
	}
	return err
}

// finishMedia writes down that one file of a batch is measured, or that it could not be. After the last one follow the
// incidents.
func (q *Queue) finishMedia(ctx context.Context, tx *store.Tx, job extractArgs, f fate) error {
	if err := q.failMissing(ctx, tx, job.Media, f); err != nil {
		return err
	}
	results, err := tx.StageResults(ctx, job.Media, q.cfg.Stages)
	if err != nil {
		return err
	}
	last, err := tx.FinishMedia(ctx, job.Batch, job.Media, anyFailed(results), f.cause())
	if err != nil || !last {
		return err
	}
	return q.insertAssess(ctx, tx, job.Batch)
}

// failMissing gives each stage that has no result a failure, so that nothing vanishes.
func (q *Queue) failMissing(ctx context.Context, tx *store.Tx, id pipeline.MediaID, f fate) error {
	results, err := tx.StageResults(ctx, id, q.cfg.Stages)
	if err != nil {
		return err
	}
	has := map[store.Stage]bool{}
	for _, r := range results {
		has[store.Stage{Name: r.Stage, Version: r.Version}] = true
	}
	cause := f.cause()
	if cause == "" {
		cause = "the work ended without a result of this stage"
	}
	for _, s := range q.cfg.Stages {
		if has[s] {
			continue
		}
		r := pipeline.StageResult{Stage: s.Name, Version: s.Version, Status: pipeline.Failed, Cause: cause, Retry: f.retry}
		if _, err := tx.SaveStageResult(ctx, id, r); err != nil {
			return err
		}
	}
	return nil
}

// assessor works on assess jobs.
type assessor struct {
	river.WorkerDefaults[assessArgs]
	queue *Queue
}

func (a *assessor) Work(ctx context.Context, job *river.Job[assessArgs]) error {
	var j store.Judgement
	err := guarded(func() (err error) {
		j, err = a.queue.cfg.Work.AssessIncident(ctx, job.Args.Incident)
		return err
	})
	if err == nil {
		err = a.finish(ctx, job, fate{}, &j)
	}
	var diverged *store.DivergedError
	if errors.As(err, &diverged) {
		err = pipeline.Permanent(err)
	}
	f, again := judge(ctx, err, job.Attempt < job.MaxAttempts)
	if again != nil || f.err == nil {
		return again
	}
	return a.finish(ctx, job, f, nil)
}

// finish keeps the verdict, if there is one, counts the incident and ends the job.
func (a *assessor) finish(ctx context.Context, job *river.Job[assessArgs], f fate, j *store.Judgement) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	return a.queue.cfg.Store.Update(ctx, func(tx *store.Tx) error {
		if j != nil {
			j.Incident, j.At = job.Args.Incident, a.queue.cfg.Now()
			if err := tx.SaveVerdict(ctx, *j); err != nil {
				return err
			}
		}
		if err := tx.FinishIncident(ctx, job.Args.Batch, job.Args.Incident, f.err != nil, f.cause()); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx.SQL(), job)
		return err
	})
}

// judge decides what becomes of work that ended with err. again is what to return to River for another try; when it is
// nil the fate is final. Work that was stopped says nothing of its subject and is tried again whatever its count.
func judge(ctx context.Context, err error, moreTries bool) (f fate, again error) {
	var permanent *pipeline.PermanentError
	switch {
	case err == nil:
		return fate{}, nil
	case errors.Is(ctx.Err(), context.Canceled):
		return fate{}, ctx.Err()
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("took longer than a job may: %w", err)
	}
	switch {
	case errors.As(err, &permanent):
		return fate{err: err}, nil
	case moreTries:
		return fate{}, err
	case errors.Is(err, errAgain): // its results say it
		return fate{retry: true}, nil
	}
	return fate{err: err, retry: true}, nil
}

func (f fate) cause() string {
	if f.err == nil {
		return ""
	}
	return f.err.Error()
}

// guarded turns a panic into an error: River would count it, but not write it down.
func guarded(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do()
}
