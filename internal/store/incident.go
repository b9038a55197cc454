package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	before, err := t.shown(ctx, r.Incident.ID)
	if err != nil {
		return fmt.Errorf("store: incident %s: %w", r.Incident.ID, err)
	}
	logged, err := recordNow(ctx, t.tx, r.Incident.ID)
	if err != nil {
		return fmt.Errorf("store: incident %s: %w", r.Incident.ID, err)
	}
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
	if err == nil {
		err = t.markShown(ctx, before, shown{hash, attachedIDs(r.Media)})
	}
	if err == nil {
		err = t.logRecord(r, record, logged)
	}
	if err != nil {
		return fmt.Errorf("store: incident %s: %w", r.Incident.ID, err)
	}
	return nil
}

// logRecord logs what came in, unless it is what was there.
func (t *Tx) logRecord(r Record, record, before []byte) error {
	now, err := recordText(r.Case, record, r.Media)
	if err != nil || bytes.Equal(now, before) {
		return err
	}
	return t.log(recordEvent(r.Incident.ID, now))
}

// recordNow is what the log keeps of an incident as it is; nil when there is none.
func recordNow(ctx context.Context, q querier, incident string) ([]byte, error) {
	var caseName string
	var record, hash []byte
	err := q.QueryRowContext(ctx, `SELECT case_name, record, record_sha256 FROM incident WHERE id = $1`, incident).Scan(&caseName, &record, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	files, err := list(ctx, q, scanAttachment, `SELECT media, missing FROM incident_media WHERE incident = $1 ORDER BY ord`, incident)
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(record); !bytes.Equal(got[:], hash) { // decisions rest on it, and nothing but an edit makes it another
		record = fmt.Appendf(nil, "%x of %s", hash, record)
	}
	return recordText(caseName, record, files)
}

// shown is what other incidents can meet of one in the catalogue: its files, with its claim.
type shown struct {
	record [32]byte
	media  []pipeline.MediaID
}

// shown is what the incident shows now; empty when there is no such incident yet.
func (t *Tx) shown(ctx context.Context, incident string) (s shown, err error) {
	hashes, err := list(ctx, t.tx, scanned[[]byte], `SELECT record_sha256 FROM incident WHERE id = $1`, incident)
	if err != nil || len(hashes) == 0 {
		return s, err
	}
	copy(s.record[:], hashes[0])
	attached, err := list(ctx, t.tx, scanAttachment, `SELECT media, missing FROM incident_media WHERE incident = $1 ORDER BY ord`, incident)
	s.media = attachedIDs(attached)
	return s, err
}

func attachedIDs(all []Attachment) (ids []pipeline.MediaID) {
	for _, a := range all {
		if !a.ID.IsZero() {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// markShown marks the files of before and now as changed, unless both are the same.
func (t *Tx) markShown(ctx context.Context, before, now shown) error {
	if before.record == now.record && slices.Equal(before.media, now.media) {
		return nil
	}
	for _, id := range slices.Concat(before.media, now.media) {
		if err := t.markChanged(ctx, id); err != nil {
			return err
		}
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

// Attached finds the record of an incident and what became of its files, without what was measured on them; ErrNotFound
// when there is no such incident.
func (s *Store) Attached(ctx context.Context, incident string) (in pipeline.Incident, files []Attachment, err error) {
	err = s.view(ctx, func(q querier) (err error) {
		in, files, err = attached(ctx, q, incident)
		return err
	})
	if err != nil {
		return in, nil, fmt.Errorf("store: incident %s: %w", incident, err)
	}
	return in, files, nil
}

// Incident finds the row of one incident; ErrNotFound when there is none.
func (s *Store) Incident(ctx context.Context, id string) (IncidentRow, error) {
	out, err := list(ctx, s.read, scanIncident, `SELECT id, case_name, record_sha256, updated_at FROM incident WHERE id = $1`, id)
	if err == nil && len(out) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return IncidentRow{}, fmt.Errorf("store: incident %s: %w", id, err)
	}
	return out[0], nil
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

func attached(ctx context.Context, q querier, incident string) (in pipeline.Incident, files []Attachment, err error) {
	var record string
	err = q.QueryRowContext(ctx, `SELECT record FROM incident WHERE id = $1`, incident).Scan(&record)
	if errors.Is(err, sql.ErrNoRows) {
		return in, nil, ErrNotFound
	}
	if err != nil {
		return in, nil, err
	}
	if err := json.Unmarshal([]byte(record), &in); err != nil {
		return in, nil, fmt.Errorf("record: %w", err)
	}
	files, err = list(ctx, q, scanAttachment, `SELECT media, missing FROM incident_media WHERE incident = $1 ORDER BY ord`, incident)
	if err == nil && len(files) != len(in.Media) {
		err = fmt.Errorf("%d attachments for %d media", len(files), len(in.Media))
	}
	return in, files, err
}

func assemble(ctx context.Context, q querier, incident string, stages []Stage) (c pipeline.Case, err error) {
	in, files, err := attached(ctx, q, incident)
	if err != nil {
		return c, err
	}
	c.Incident = in
	for i, ref := range c.Incident.Media {
		e, err := exhibit(ctx, q, ref, files[i], stages)
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
