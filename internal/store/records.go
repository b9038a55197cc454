package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"whenwhere/pipeline"
)

// Records lists the records of all incidents by id, each with what became of its files.
func (s *Snapshot) Records(ctx context.Context) ([]Record, error) {
	out, err := list(ctx, s.q, scanRecord, `SELECT record, case_name, updated_at FROM incident ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("store: records: %w", err)
	}
	files, err := list(ctx, s.q, scanOwned, `SELECT media, missing, incident FROM incident_media ORDER BY incident, ord`)
	if err != nil {
		return nil, fmt.Errorf("store: records: files: %w", err)
	}
	of := map[string][]Attachment{}
	for _, f := range files {
		of[f.incident] = append(of[f.incident], f.Attachment)
	}
	for i := range out {
		out[i].Media = of[out[i].Incident.ID]
	}
	return out, nil
}

func scanRecord(rows *sql.Rows) (r Record, err error) {
	var text []byte
	var updated int64
	if err := rows.Scan(&text, &r.Case, &updated); err != nil {
		return r, err
	}
	r.UpdatedAt = fromMicros(updated)
	return r, json.Unmarshal(text, &r.Incident)
}

// owned is an attachment with the incident that has it.
type owned struct {
	Attachment
	incident string
}

func scanOwned(rows *sql.Rows) (o owned, err error) {
	var id []byte
	if err := rows.Scan(&id, &o.Missing, &o.incident); err != nil || id == nil {
		return o, err
	}
	o.ID, err = mediaID(id)
	return o, err
}

// Sighting says that the latest verdict of an incident met a file in the catalogue: its footage looks like that file.
type Sighting struct {
	Incident string
	Media    pipeline.MediaID
}

// Sightings lists what the latest verdicts met in the catalogue, by incident and file, without what is on a negative list.
func (s *Snapshot) Sightings(ctx context.Context) ([]Sighting, error) {
	out, err := list(ctx, s.q, scanSighting, `SELECT incident, media FROM sighting
		WHERE media NOT IN (SELECT media FROM known WHERE negative = 1) ORDER BY incident, media`)
	if err != nil {
		return nil, fmt.Errorf("store: sightings: %w", err)
	}
	return out, nil
}

func scanSighting(rows *sql.Rows) (g Sighting, err error) {
	var id []byte
	if err := rows.Scan(&g.Incident, &id); err != nil {
		return g, err
	}
	g.Media, err = mediaID(id)
	return g, err
}

// EachVerdict hands over the newest verdict of every incident that has one, by incident, one at a time: all of them at once
// would not fit into memory. An error of do ends it.
func (s *Snapshot) EachVerdict(ctx context.Context, do func(pipeline.Verdict) error) error {
	rows, err := s.q.QueryContext(ctx, `SELECT verdict FROM verdict AS v
		WHERE seq = (SELECT max(seq) FROM verdict AS w WHERE w.incident = v.incident) ORDER BY incident`)
	if err != nil {
		return fmt.Errorf("store: verdicts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var text []byte
		var v pipeline.Verdict
		err := rows.Scan(&text)
		if err == nil {
			err = json.Unmarshal(text, &v)
		}
		if err != nil {
			return fmt.Errorf("store: verdicts: %w", err)
		}
		if err := do(v); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("store: verdicts: %w", err)
	}
	return nil
}
