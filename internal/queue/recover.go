package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/riverqueue/river"

	"whenwhere/internal/store"
)

// suspectQueue holds what was under way when the process died. It is worked on alone.
const suspectQueue = "suspect"

// orphan is a job that was running when the process died.
type orphan struct {
	id   int64
	kind string
	args []byte
}

// recover brings the jobs in line with the open batches: orphans become suspects or end as failed, and jobs that are
// missing are made again. The caller holds the lock, so whatever runs by the table does not run.
func (q *Queue) recover(ctx context.Context) error {
	return q.cfg.Store.Update(ctx, func(tx *store.Tx) error {
		orphans, err := orphans(ctx, tx.SQL())
		if err != nil {
			return fmt.Errorf("orphans: %w", err)
		}
		for _, o := range orphans {
			if err := q.settle(ctx, tx, o, len(orphans) == 1); err != nil {
				return fmt.Errorf("job %d: %w", o.id, err)
			}
		}
		open, err := tx.OpenBatches(ctx)
		if err != nil {
			return err
		}
		for _, batch := range open {
			if err := q.insertPending(ctx, tx, batch); err != nil {
				return fmt.Errorf("batch %d: %w", batch, err)
			}
		}
		return nil
	})
}

func orphans(ctx context.Context, tx *sql.Tx) ([]orphan, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, kind, json(args) FROM river_job WHERE state = 'running' ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []orphan
	for rows.Next() {
		var o orphan
		if err := rows.Scan(&o.id, &o.kind, &o.args); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// settle decides on one orphan. Only the one that ran alone can be blamed; the others may have died of a neighbour.
func (q *Queue) settle(ctx context.Context, tx *store.Tx, o orphan, alone bool) error {
	crashes, giveUp, err := q.subject(ctx, tx, o)
	if err != nil {
		return err
	}
	if !alone || crashes < q.cfg.Crashes {
		// The attempt is given back: it is the deaths that count here.
		_, err = tx.SQL().ExecContext(ctx,
			`UPDATE river_job SET state = 'available', queue = $1, attempt = max(attempt - 1, 0) WHERE id = $2`, suspectQueue, o.id)
		return err
	}
	f := fate{err: fmt.Errorf("the process died %d times while it worked on this", crashes), retry: true}
	if err := giveUp(f); err != nil {
		return err
	}
	_, err = tx.SQL().ExecContext(ctx,
		`UPDATE river_job SET state = 'discarded', finalized_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = $1`, o.id)
	return err
}

// subject notes the crash with the item that the orphan worked on, and returns how many it has seen and how to end it.
func (q *Queue) subject(ctx context.Context, tx *store.Tx, o orphan) (crashes int, giveUp func(fate) error, err error) {
	switch o.kind {
	case extractArgs{}.Kind():
		var a extractArgs
		if err := json.Unmarshal(o.args, &a); err != nil {
			return 0, nil, err
		}
		crashes, err = tx.CountMediaCrash(ctx, a.Batch, a.Media)
		return crashes, func(f fate) error { return q.finishMedia(ctx, tx, a, f) }, err
	case assessArgs{}.Kind():
		var a assessArgs
		if err := json.Unmarshal(o.args, &a); err != nil {
			return 0, nil, err
		}
		crashes, err = tx.CountIncidentCrash(ctx, a.Batch, a.Incident)
		return crashes, func(f fate) error { return tx.FinishIncident(ctx, a.Batch, a.Incident, true, f.cause()) }, err
	}
	return 0, nil, &river.UnknownJobKindError{Kind: o.kind}
}
