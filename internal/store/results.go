package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"whenwhere/pipeline"
)

// Stage names one version of a stage. Results of other versions are kept, and not read.
type Stage struct{ Name, Version string }

// SaveStageResult adds the result of a stage with its observations and reports whether it did. A result that is there
// stays, except a failure that another try may mend, which gives way.
func (t *Tx) SaveStageResult(ctx context.Context, id pipeline.MediaID, r pipeline.StageResult) (saved bool, err error) {
	n, err := t.exec(ctx, `INSERT INTO stage_result (media, stage, version, status, cause, retry)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (media, stage, version) DO UPDATE
		SET status = excluded.status, cause = excluded.cause, retry = excluded.retry
		WHERE stage_result.retry = 1`,
		id[:], r.Stage, r.Version, string(r.Status), r.Cause, flag(r.Retry))
	if err != nil {
		return false, fmt.Errorf("store: stage %s of %s: %w", r.Stage, id, err)
	}
	if n == 0 {
		return false, nil
	}
	for _, o := range r.Observations {
		if err := t.saveObservation(ctx, id, r, o); err != nil {
			return false, fmt.Errorf("store: observation %s of %s: %w", o.Key, id, err)
		}
	}
	return true, t.logOne(stageEvent(id, r))
}

// saveObservation needs no conflict rule: what gave way had failed, and a failure has no observations.
func (t *Tx) saveObservation(ctx context.Context, id pipeline.MediaID, r pipeline.StageResult, o pipeline.Observation) error {
	if r.Status != pipeline.Done {
		return fmt.Errorf("stage %s is %s and has an observation", r.Stage, r.Status)
	}
	if !json.Valid(o.Body) {
		return fmt.Errorf("body is not JSON")
	}
	_, err := t.exec(ctx, `INSERT INTO observation (media, stage, version, key, body) VALUES ($1, $2, $3, $4, $5)`,
		id[:], r.Stage, r.Version, string(o.Key), string(o.Body))
	if err == nil && o.Key == pipeline.PrintsKey.ID {
		err = t.markChanged(ctx, id)
	}
	return err
}

// SaveStageResult is Tx.SaveStageResult in a transaction of its own.
func (s *Store) SaveStageResult(ctx context.Context, id pipeline.MediaID, r pipeline.StageResult) (saved bool, err error) {
	err = s.Update(ctx, func(tx *Tx) (err error) {
		saved, err = tx.SaveStageResult(ctx, id, r)
		return err
	})
	return saved, err
}

// StageResults finds the results of the given stages for one file, with their observations, in the order of stages.
// Stages that have no result yet are left out.
func (s *Store) StageResults(ctx context.Context, id pipeline.MediaID, stages []Stage) (out []pipeline.StageResult, err error) {
	err = s.view(ctx, func(q querier) (err error) {
		out, err = stageResults(ctx, q, id, stages)
		return err
	})
	return out, err
}

// StageResults is the same inside a transaction.
func (t *Tx) StageResults(ctx context.Context, id pipeline.MediaID, stages []Stage) ([]pipeline.StageResult, error) {
	return stageResults(ctx, t.tx, id, stages)
}

func stageResults(ctx context.Context, q querier, id pipeline.MediaID, stages []Stage) ([]pipeline.StageResult, error) {
	all, err := list(ctx, q, scanResult, `SELECT stage, version, status, cause, retry FROM stage_result WHERE media = $1`, id[:])
	if err != nil {
		return nil, fmt.Errorf("store: stages of %s: %w", id, err)
	}
	made, err := list(ctx, q, scanObservation,
		`SELECT key, stage, version, body FROM observation WHERE media = $1 ORDER BY key`, id[:])
	if err != nil {
		return nil, fmt.Errorf("store: observations of %s: %w", id, err)
	}
	return inOrder(stages, all, made), nil
}

// inOrder picks the results of the given stages and hands out the observations, which come sorted by key.
func inOrder(stages []Stage, all []pipeline.StageResult, made []pipeline.Observation) []pipeline.StageResult {
	results := map[Stage]pipeline.StageResult{}
	for _, r := range all {
		results[Stage{r.Stage, r.Version}] = r
	}
	for _, o := range made {
		at := Stage{o.Stage, o.Version}
		r := results[at]
		r.Observations = append(r.Observations, o)
		results[at] = r
	}
	var out []pipeline.StageResult
	for _, s := range stages {
		if r, ok := results[s]; ok {
			out = append(out, r)
		}
	}
	return out
}

func scanResult(rows *sql.Rows) (r pipeline.StageResult, err error) {
	return r, rows.Scan(&r.Stage, &r.Version, &r.Status, &r.Cause, &r.Retry)
}

func scanObservation(rows *sql.Rows) (o pipeline.Observation, err error) {
	return o, rows.Scan(&o.Key, &o.Stage, &o.Version, (*[]byte)(&o.Body))
}

// Observations finds all that the given stages measured on one file, sorted by key.
func (s *Store) Observations(ctx context.Context, id pipeline.MediaID, stages []Stage) (pipeline.Observations, error) {
	results, err := s.StageResults(ctx, id, stages)
	if err != nil {
		return nil, err
	}
	return observed(results), nil
}

func observed(results []pipeline.StageResult) pipeline.Observations {
	var out pipeline.Observations
	for _, r := range results {
		out = append(out, r.Observations...)
	}
	return out.Sorted()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
