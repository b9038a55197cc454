package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"whenwhere/pipeline"
)

// Record is an incident as it was read, with what became of its files.
type Record struct {
	Incident  pipeline.Incident
	Case      string       // name of the case it belongs to
	Media     []Attachment // one for each entry of Incident.Media, in its order
	UpdatedAt time.Time
}

// Attachment is a received file, or the cause why there is none: exactly one of both is set.
type Attachment struct {
	ID      pipeline.MediaID
	Missing string
}

// IncidentRow is an incident in a list.
type IncidentRow struct {
	ID           string
	Case         string
	RecordSHA256 [32]byte // of the record's JSON as it is stored
	UpdatedAt    time.Time
}

// SaveIncident adds an incident, or replaces its record and its list of files. Its verdicts stay. The files must be in
// table media.
func (t *Tx) SaveIncident(ctx context.Context, r Record) error {
	if len(r.Media) != len(r.Incident.Media) {
		return fmt.Errorf("store: incident %s: %d attachments for %d media", r.Incident.ID, len(r.Media), len(r.Incident.Media))
	}
	record, err := json.Marshal(r.Incident)
	if err != nil {
		return fmt.Errorf("store: incident %s: %w", r.Incident.ID, err)
	}
	hash := sha256.Sum256(record)
	_, err = t.exec(ctx, `INSERT INTO incident (id, record, record_sha256, case_name, updated_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET record = excluded.record, record_sha256 = excluded.record_sha256,
		case_name = excluded.case_name, updated_at = excluded.updated_at`,
		r.Incident.ID, string(record), hash[:], r.Case, micros(r.UpdatedAt))
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM incident_media WHERE incident = $1`, r.Incident.ID)
	}
	for i := 0; err == nil && i < len(r.Media); i++ {
		err = t.attach(ctx, r.Incident, i, r.Media[i])
	}
	if err != nil {
		return fmt.Errorf("store: incident %s: %w", r.Incident.ID, err)
	}
	return nil
}

func (t *Tx) attach(ctx context.Context, in pipeline.Incident, ord int, a Attachment) error {
	file := in.Media[ord].File
	if a.ID.IsZero() == (a.Missing == "") {
		return fmt.Errorf("%s: want either an id or the cause why it is missing", file)
	}
	var id []byte // NULL
	if !a.ID.IsZero() {
		id = a.ID[:]
	}
	_, err := t.exec(ctx, `INSERT INTO incident_media (incident, ord, file, media, missing) VALUES ($1, $2, $3, $4, $5)`,
		in.ID, ord, file, id, a.Missing)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// SaveIncident is Tx.SaveIncident in a transaction of its own.
func (s *Store) SaveIncident(ctx context.Context, r Record) error {
	return s.Update(ctx, func(tx *Tx) error { return tx.SaveIncident(ctx, r) })
}

// Incidents lists all incidents by id.
func (s *Store) Incidents(ctx context.Context) ([]IncidentRow, error) {
	out, err := list(ctx, s.read, scanIncident,
		`SELECT id, case_name, record_sha256, updated_at FROM incident ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("store: incidents: %w", err)
	}
	return out, nil
}

func scanIncident(rows *sql.Rows) (r IncidentRow, err error) {
	var hash []byte
	var updated int64
	if err := rows.Scan(&r.ID, &r.Case, &hash, &updated); err != nil {
		return IncidentRow{}, err
	}
	id, err := mediaID(hash)
	r.RecordSHA256, r.UpdatedAt = id, fromMicros(updated)
	return r, err
}

// Case puts an incident together: its record, and for each of its files what the given stages measured. ErrNotFound
// when there is no such incident.
func (s *Store) Case(ctx context.Context, incident string, stages []Stage) (c pipeline.Case, err error) {
	err = s.view(ctx, func(q querier) (err error) {
		c, err = assemble(ctx, q, incident, stages)
		return err
	})
	if err != nil {
		return pipeline.Case{}, fmt.Errorf("store: incident %s: %w", incident, err)
	}
	return c, nil
}

func assemble(ctx context.Context, q querier, incident string, stages []Stage) (c pipeline.Case, err error) {
	var record string
	err = q.QueryRowContext(ctx, `SELECT record FROM incident WHERE id = $1`, incident).Scan(&record)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNotFound
	}
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(record), &c.Incident); err != nil {
		return c, fmt.Errorf("record: %w", err)
	}
	attached, err := list(ctx, q, scanAttachment,
		`SELECT media, missing FROM incident_media WHERE incident = $1 ORDER BY ord`, incident)
	if err != nil {
		return c, err
	}
	if len(attached) != len(c.Incident.Media) {
		return c, fmt.Errorf("%d attachments for %d media", len(attached), len(c.Incident.Media))
	}
	for i, ref := range c.Incident.Media {
		e, err := exhibit(ctx, q, ref, attached[i], stages)
		if err != nil {
			return c, fmt.Errorf("%s: %w", ref.File, err)
		}
		c.Media = append(c.Media, e)
	}
	return c, nil
}

func exhibit(ctx context.Context, q querier, ref pipeline.MediaRef, a Attachment, stages []Stage) (pipeline.Exhibit, error) {
	if a.ID.IsZero() {
		return pipeline.Exhibit{Ref: ref, Missing: a.Missing}, nil
	}
	m, err := media(ctx, q, a.ID)
	if err != nil {
		return pipeline.Exhibit{}, err
	}
	results, err := stageResults(ctx, q, a.ID, stages)
	return pipeline.Exhibit{Ref: ref, Media: &m, Observed: observed(results), Stages: results}, err
}

func scanAttachment(rows *sql.Rows) (a Attachment, err error) {
	var id []byte
	if err := rows.Scan(&id, &a.Missing); err != nil || id == nil {
		return a, err
	}
	a.ID, err = mediaID(id)
	return a, err
}
