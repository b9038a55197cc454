package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"whenwhere/pipeline"
)

// BatchID names a batch.
type BatchID int64

// NewBatch is work that is asked for at once: media to measure, and incidents to judge when all media are measured.
// Both lists are without duplicates.
type NewBatch struct {
	Key       [32]byte // hash of what is asked for
	Media     []BatchMedia
	Incidents []string
	CreatedAt time.Time
}

// BatchMedia is one file of a batch.
type BatchMedia struct {
	ID     pipeline.MediaID
	Ready  bool // all its stages have a final result: nothing to do
	Failed bool // of a ready one: a stage has failed
}

// BatchCount says how far a batch is.
type BatchCount struct {
	MediaTotal, MediaLeft       int
	IncidentTotal, IncidentLeft int
	Failed                      int // media with a failed stage, and incidents that could not be judged
}

// Open reports whether there is work left.
func (c BatchCount) Open() bool { return c.MediaLeft+c.IncidentLeft > 0 }

// Failure is one item of a batch that failed: either a file or an incident.
type Failure struct {
	Media    pipeline.MediaID // zero for an incident
	Incident string           // empty for a file
	Cause    string           // empty when the stage results of the file say it all
}

// OpenBatch finds the open batch of a key; ok is false when there is none.
func (t *Tx) OpenBatch(ctx context.Context, key [32]byte) (id BatchID, ok bool, err error) {
	err = t.tx.QueryRowContext(ctx, `SELECT id FROM batch WHERE key = $1 AND remaining + assess_remaining > 0`, key[:]).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("store: batch: %w", err)
	}
	return id, true, nil
}

// AddBatch writes a batch down. Ready media are counted at once.
func (t *Tx) AddBatch(ctx context.Context, b NewBatch) (id BatchID, err error) {
	remaining, failed := 0, 0
	for _, m := range b.Media {
		if !m.Ready {
			remaining++
		} else if m.Failed {
			failed++
		}
	}
	err = t.tx.QueryRowContext(ctx, `INSERT INTO batch
		(key, media_total, remaining, incident_total, assess_remaining, failed, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		b.Key[:], len(b.Media), remaining, len(b.Incidents), len(b.Incidents), failed, micros(b.CreatedAt)).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("store: batch: %w", err)
	}
	for _, m := range b.Media {
		if _, err := t.exec(ctx, `INSERT INTO batch_media (batch, media, state, cause, crashes) VALUES ($1, $2, $3, '', 0)`,
			id, m.ID[:], m.state()); err != nil {
			return 0, fmt.Errorf("store: batch: media %s: %w", m.ID, err)
		}
	}
	for _, in := range b.Incidents {
		if _, err := t.exec(ctx, `INSERT INTO batch_incident (batch, incident, state, cause, crashes)
			VALUES ($1, $2, 'pending', '', 0)`, id, in); err != nil {
			return 0, fmt.Errorf("store: batch: incident %s: %w", in, err)
		}
	}
	return id, nil
}

func (m BatchMedia) state() string {
	switch {
	case !m.Ready:
		return "pending"
	case m.Failed:
		return "failed"
	}
	return "done"
}

// FinishMedia counts one file of a batch as measured and reports whether it was the last of the batch. A file that was
// counted before is not counted again, and is never the last.
func (t *Tx) FinishMedia(ctx context.Context, batch BatchID, id pipeline.MediaID, failed bool, cause string) (last bool, err error) {
	n, err := t.exec(ctx, `UPDATE batch_media SET state = $1, cause = $2 WHERE batch = $3 AND media = $4 AND state = 'pending'`,
		ended(failed), cause, batch, id[:])
	if err != nil || n == 0 {
		return false, wrapBatch(batch, err)
	}
	var remaining int64
	err = t.tx.QueryRowContext(ctx, `UPDATE batch SET remaining = remaining - 1, failed = failed + $1 WHERE id = $2 RETURNING remaining`,
		flag(failed), batch).Scan(&remaining)
	return err == nil && remaining == 0, wrapBatch(batch, err)
}

// FinishIncident counts one incident of a batch as judged. One that was counted before is not counted again.
func (t *Tx) FinishIncident(ctx context.Context, batch BatchID, incident string, failed bool, cause string) error {
	n, err := t.exec(ctx, `UPDATE batch_incident SET state = $1, cause = $2 WHERE batch = $3 AND incident = $4 AND state = 'pending'`,
		ended(failed), cause, batch, incident)
	if err != nil || n == 0 {
		return wrapBatch(batch, err)
	}
	_, err = t.exec(ctx, `UPDATE batch SET assess_remaining = assess_remaining - 1, failed = failed + $1 WHERE id = $2`,
		flag(failed), batch)
	return wrapBatch(batch, err)
}

func ended(failed bool) string {
	if failed {
		return "failed"
	}
	return "done"
}

func wrapBatch(batch BatchID, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: batch %d: %w", batch, err)
}

// CountMediaCrash notes that the process died while it worked on the file, and returns how often it has.
func (t *Tx) CountMediaCrash(ctx context.Context, batch BatchID, id pipeline.MediaID) (crashes int, err error) {
	err = t.tx.QueryRowContext(ctx, `UPDATE batch_media SET crashes = crashes + 1 WHERE batch = $1 AND media = $2 RETURNING crashes`,
		batch, id[:]).Scan(&crashes)
	return crashes, wrapBatch(batch, err)
}

// CountIncidentCrash notes that the process died while it judged the incident, and returns how often it has.
func (t *Tx) CountIncidentCrash(ctx context.Context, batch BatchID, incident string) (crashes int, err error) {
	err = t.tx.QueryRowContext(ctx, `UPDATE batch_incident SET crashes = crashes + 1 WHERE batch = $1 AND incident = $2 RETURNING crashes`,
		batch, incident).Scan(&crashes)
	return crashes, wrapBatch(batch, err)
}

// OpenBatches lists the batches that have work left, the oldest first.
func (s *Store) OpenBatches(ctx context.Context) ([]BatchID, error) { return openBatches(ctx, s.read) }

// OpenBatches is the same inside a transaction.
func (t *Tx) OpenBatches(ctx context.Context) ([]BatchID, error) { return openBatches(ctx, t.tx) }

func openBatches(ctx context.Context, q querier) ([]BatchID, error) {
	ids, err := list(ctx, q, scanned[BatchID], `SELECT id FROM batch WHERE remaining + assess_remaining > 0 ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("store: batches: %w", err)
	}
	return ids, nil
}

// PendingMedia lists the files of a batch that are not measured yet, by id.
func (t *Tx) PendingMedia(ctx context.Context, batch BatchID) ([]pipeline.MediaID, error) {
	columns, err := list(ctx, t.tx, scanned[[]byte],
		`SELECT media FROM batch_media WHERE batch = $1 AND state = 'pending' ORDER BY media`, batch)
	var ids []pipeline.MediaID
	for i := 0; err == nil && i < len(columns); i++ {
		var id pipeline.MediaID
		id, err = mediaID(columns[i])
		ids = append(ids, id)
	}
	return ids, wrapBatch(batch, err)
}

// PendingIncidents lists the incidents of a batch that are not judged yet, by id.
func (t *Tx) PendingIncidents(ctx context.Context, batch BatchID) ([]string, error) {
	ids, err := list(ctx, t.tx, scanned[string],
		`SELECT incident FROM batch_incident WHERE batch = $1 AND state = 'pending' ORDER BY incident`, batch)
	return ids, wrapBatch(batch, err)
}

// Batch says how far a batch is; ErrNotFound when there is none of that id.
func (s *Store) Batch(ctx context.Context, batch BatchID) (c BatchCount, err error) {
	err = s.read.QueryRowContext(ctx,
		`SELECT media_total, remaining, incident_total, assess_remaining, failed FROM batch WHERE id = $1`, batch).
		Scan(&c.MediaTotal, &c.MediaLeft, &c.IncidentTotal, &c.IncidentLeft, &c.Failed)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return c, wrapBatch(batch, err)
}

// Failures lists what failed in a batch: files by id, then incidents by id.
func (s *Store) Failures(ctx context.Context, batch BatchID) (out []Failure, err error) {
	err = s.view(ctx, func(q querier) error {
		files, err := list(ctx, q, scanMediaFailure,
			`SELECT media, cause FROM batch_media WHERE batch = $1 AND state = 'failed' ORDER BY media`, batch)
		if err != nil {
			return err
		}
		incidents, err := list(ctx, q, scanIncidentFailure,
			`SELECT incident, cause FROM batch_incident WHERE batch = $1 AND state = 'failed' ORDER BY incident`, batch)
		out = append(files, incidents...)
		return err
	})
	return out, wrapBatch(batch, err)
}

func scanMediaFailure(rows *sql.Rows) (f Failure, err error) {
	var id []byte
	if err := rows.Scan(&id, &f.Cause); err != nil {
		return Failure{}, err
	}
	f.Media, err = mediaID(id)
	return f, err
}

func scanIncidentFailure(rows *sql.Rows) (f Failure, err error) {
	return f, rows.Scan(&f.Incident, &f.Cause)
}
