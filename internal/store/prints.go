package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"whenwhere/pipeline"
)

// Printed is what one file looks like, and which incidents show it.
type Printed struct {
	Media     pipeline.MediaID
	Incidents []string // sorted; empty for footage that belongs to none
	Prints    []pipeline.Print
}

// AllPrints lists the prints that the given stages made of all files, in the order of their ids, from one state of the
// database. After an error there are no more. It holds a connection for reading until the loop ends.
func (s *Store) AllPrints(ctx context.Context, stages []Stage) iter.Seq2[Printed, error] {
	return func(yield func(Printed, error) bool) {
		stopped := false
		err := s.view(ctx, func(q querier) error {
			incidents, err := incidentsOfMedia(ctx, q)
			if err != nil {
				return err
			}
			return eachPrint(ctx, q, stages, func(p Printed) bool {
				p.Incidents = incidents[p.Media]
				stopped = !yield(p, nil)
				return !stopped
			})
		})
		if err != nil && !stopped {
			yield(Printed{}, fmt.Errorf("store: prints: %w", err))
		}
	}
}

func eachPrint(ctx context.Context, q querier, stages []Stage, next func(Printed) bool) error {
	wanted := map[Stage]bool{}
	for _, s := range stages {
		wanted[s] = true
	}
	rows, err := q.QueryContext(ctx, `SELECT media, stage, version, body FROM observation WHERE key = $1 ORDER BY media, stage, version`,
		string(pipeline.PrintsKey.ID))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		p, by, err := scanPrint(rows)
		if err != nil {
			return err
		}
		if wanted[by] && !next(p) {
			return nil
		}
	}
	return rows.Err()
}

func scanPrint(rows *sql.Rows) (p Printed, by Stage, err error) {
	var id, body []byte
	if err := rows.Scan(&id, &by.Name, &by.Version, &body); err != nil {
		return p, by, err
	}
	if p.Media, err = mediaID(id); err != nil {
		return p, by, err
	}
	if err := json.Unmarshal(body, &p.Prints); err != nil {
		return p, by, fmt.Errorf("media %s: %w", p.Media, err)
	}
	return p, by, nil
}

func incidentsOfMedia(ctx context.Context, q querier) (map[pipeline.MediaID][]string, error) {
	rows, err := q.QueryContext(ctx,
		`SELECT DISTINCT media, incident FROM incident_media WHERE media IS NOT NULL ORDER BY incident`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[pipeline.MediaID][]string{}
	for rows.Next() {
		var column []byte
		var incident string
		if err := rows.Scan(&column, &incident); err != nil {
			return nil, err
		}
		id, err := mediaID(column)
		if err != nil {
			return nil, err
		}
		out[id] = append(out[id], incident)
	}
	return out, rows.Err()
}
