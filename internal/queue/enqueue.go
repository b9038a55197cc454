package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/riverqueue/river"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// Batch is work to ask for: media to measure, and incidents to judge once all of them are measured. Order and repetition
// mean nothing. All must be in the store.
type Batch struct {
	Media     []pipeline.MediaID
	Incidents []string
}

// Enqueue writes a batch down, in one transaction, and returns its id. The same batch, if it is open, is not written
// again. Media that have final results of all stages are not measured again; incidents are always judged.
func (q *Queue) Enqueue(ctx context.Context, b Batch) (id store.BatchID, err error) {
	b = b.normal()
	key, err := q.key(b)
	if err != nil {
		return 0, fmt.Errorf("queue: enqueue: %w", err)
	}
	err = q.cfg.Store.Update(ctx, func(tx *store.Tx) error {
		open, ok, err := tx.OpenBatch(ctx, key)
		if err != nil || ok {
			id = open
			return err
		}
		id, err = q.add(ctx, tx, key, b)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("queue: enqueue: %w", err)
	}
	return id, nil
}

func (q *Queue) add(ctx context.Context, tx *store.Tx, key [32]byte, b Batch) (store.BatchID, error) {
	added := store.NewBatch{Key: key, Incidents: b.Incidents, CreatedAt: q.cfg.Now()}
	for _, id := range b.Media {
		results, err := tx.StageResults(ctx, id, q.cfg.Stages)
		if err != nil {
			return 0, err
		}
		added.Media = append(added.Media, store.BatchMedia{ID: id, Ready: q.ready(results), Failed: anyFailed(results)})
	}
	id, err := tx.AddBatch(ctx, added)
	if err != nil {
		return 0, err
	}
	return id, q.insertPending(ctx, tx, id)
}

// insertPending makes the jobs that a batch needs now: for its media, or when all are measured, for its incidents. Jobs
// that are there already are not made again.
func (q *Queue) insertPending(ctx context.Context, tx *store.Tx, batch store.BatchID) error {
	media, err := tx.PendingMedia(ctx, batch)
	if err != nil {
		return err
	}
	if len(media) == 0 {
		return q.insertAssess(ctx, tx, batch)
	}
	jobs := make([]river.JobArgs, len(media))
	for i, id := range media {
		jobs[i] = extractArgs{Batch: batch, Media: id}
	}
	return q.insertJobs(ctx, tx, jobs)
}

func (q *Queue) insertAssess(ctx context.Context, tx *store.Tx, batch store.BatchID) error {
	incidents, err := tx.PendingIncidents(ctx, batch)
	if err != nil {
		return err
	}
	jobs := make([]river.JobArgs, len(incidents))
	for i, in := range incidents {
		jobs[i] = assessArgs{Batch: batch, Incident: in}
	}
	return q.insertJobs(ctx, tx, jobs)
}

// insertJobs inserts by the thousand, which is what one statement of River carries well.
func (q *Queue) insertJobs(ctx context.Context, tx *store.Tx, jobs []river.JobArgs) error {
	for chunk := range slices.Chunk(jobs, 1000) {
		params := make([]river.InsertManyParams, len(chunk))
		for i, args := range chunk {
			params[i] = river.InsertManyParams{Args: args, InsertOpts: &river.InsertOpts{
				MaxAttempts: q.cfg.Attempts,
				UniqueOpts:  river.UniqueOpts{ByArgs: true},
			}}
		}
		if _, err := q.insert.InsertManyTx(ctx, tx.SQL(), params); err != nil {
			return fmt.Errorf("insert jobs: %w", err)
		}
	}
	return nil
}

// normal is the batch sorted and without repetition.
func (b Batch) normal() Batch {
	media := slices.SortedFunc(slices.Values(b.Media), func(x, y pipeline.MediaID) int { return bytes.Compare(x[:], y[:]) })
	incidents := slices.Sorted(slices.Values(b.Incidents))
	return Batch{Media: slices.Compact(media), Incidents: slices.Compact(incidents)}
}

// key is the hash of what is asked for: another version of a stage makes another batch.
func (q *Queue) key(b Batch) ([32]byte, error) {
	text, err := json.Marshal(struct {
		Stages []store.Stage
		Batch
	}{q.cfg.Stages, b})
	return sha256.Sum256(text), err
}

// ready reports whether results are final ones of all stages.
func (q *Queue) ready(results []pipeline.StageResult) bool {
	return len(results) == len(q.cfg.Stages) && !slices.ContainsFunc(results, func(r pipeline.StageResult) bool { return r.Retry })
}

func anyFailed(results []pipeline.StageResult) bool {
	return slices.ContainsFunc(results, func(r pipeline.StageResult) bool { return r.Status == pipeline.Failed })
}
