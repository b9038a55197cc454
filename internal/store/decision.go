package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"whenwhere/pipeline"
)

// StaleError says that a decision was meant for another state of the incident than the newest.
type StaleError struct {
	Incident      string
	Meant, Newest pipeline.VerdictDigest
}

func (e *StaleError) Error() string {
	return fmt.Sprintf("incident %s: the decision is on %s, and its newest verdict is %s", e.Incident, e.Meant, e.Newest)
}

// Decide keeps what a person decided on the newest verdict of an incident, and returns it with its number, its digest and
// the machine's status. When d.On is set, it must be the digest of the newest verdict, else the error is a *StaleError.
// ErrNotFound when the incident was not judged yet.
func (t *Tx) Decide(ctx context.Context, d pipeline.Decision) (pipeline.Decision, error) {
	d, err := t.decide(ctx, d)
	if err != nil {
		return d, fmt.Errorf("store: decision: incident %s: %w", d.Incident, err)
	}
	return d, nil
}

func (t *Tx) decide(ctx context.Context, d pipeline.Decision) (pipeline.Decision, error) {
	if err := errors.Join(d.As.Check(), pipeline.CheckPerson(d.By), pipeline.CheckReason(d.Reason)); err != nil {
		return d, err
	}
	all, err := reviewed(ctx, t.tx, d.Incident)
	if err == nil && (len(all) == 0 || d.Incident == "") {
		err = ErrNotFound
	}
	if err != nil {
		return d, err
	}
	newest := all[0]
	if d.On != (pipeline.VerdictDigest{}) && d.On != newest.digest {
		return d, &StaleError{Incident: d.Incident, Meant: d.On, Newest: newest.digest}
	}
	d.On, d.Machine, d.At = newest.digest, newest.status, fromMicros(micros(d.At))
	err = t.tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) + 1 FROM decision WHERE incident = $1`, d.Incident).Scan(&d.Seq)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO decision (incident, seq, ruling, person, reason, digest, machine, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			d.Incident, d.Seq, string(d.As), d.By, d.Reason, d.On[:], string(d.Machine), micros(d.At))
	}
	if err == nil {
		err = t.logOne(decisionEvent(d))
	}
	return d, err
}

// Review finds what people decided of an incident; ErrNotFound when it was not judged yet.
func (s *Store) Review(ctx context.Context, incident string) (pipeline.Review, error) {
	all, err := s.reviews(ctx, incident)
	if err == nil && (len(all) == 0 || incident == "") { // without an id it is those of all
		err = ErrNotFound
	}
	if err != nil {
		return pipeline.Review{}, fmt.Errorf("store: decisions: incident %s: %w", incident, err)
	}
	return all[0], nil
}

// Reviews lists what people decided of every incident that was judged, by incident; of most it is nothing.
func (s *Store) Reviews(ctx context.Context) (out []pipeline.Review, err error) {
	err = s.Snapshot(ctx, func(now *Snapshot) (err error) {
		out, err = now.Reviews(ctx)
		return err
	})
	return out, err
}

// Reviews is Store.Reviews.
func (s *Snapshot) Reviews(ctx context.Context) ([]pipeline.Review, error) {
	all, err := reviews(ctx, s.q, "")
	if err != nil {
		return nil, fmt.Errorf("store: decisions: %w", err)
	}
	return all, nil
}

// reviews reads one incident, or all when its id is empty.
func (s *Store) reviews(ctx context.Context, incident string) (out []pipeline.Review, err error) {
	err = s.view(ctx, func(q querier) (err error) {
		out, err = reviews(ctx, q, incident)
		return err
	})
	return out, err
}

func reviews(ctx context.Context, q querier, incident string) (out []pipeline.Review, err error) {
	judged, err := reviewed(ctx, q, incident)
	if err != nil {
		return nil, err
	}
	where, args := ofIncident("WHERE incident", incident)
	decisions, err := list(ctx, q, scanDecision, `SELECT incident, seq, ruling, person, reason, digest, machine, at FROM decision
		`+where+` ORDER BY incident, seq`, args...)
	history := map[string][]pipeline.Decision{}
	for _, d := range decisions {
		history[d.Incident] = append(history[d.Incident], d)
	}
	for _, j := range judged {
		out = append(out, pipeline.Review{Incident: j.incident, Machine: j.status, Newest: j.digest, History: history[j.incident]})
	}
	return out, err
}

// newestVerdict is the newest verdict of an incident as a decision sees it.
type newestVerdict struct {
	incident string
	status   pipeline.VerdictStatus
	digest   pipeline.VerdictDigest
}

// reviewed reads the newest verdict of one incident, or of all when its id is empty.
func reviewed(ctx context.Context, q querier, incident string) ([]newestVerdict, error) {
	where, args := ofIncident("AND v.incident", incident)
	return list(ctx, q, scanNewest, `SELECT v.incident, i.record_sha256, v.input_sha256, v.verdict
		FROM verdict AS v JOIN incident AS i ON i.id = v.incident
		WHERE seq = (SELECT max(seq) FROM verdict AS w WHERE w.incident = v.incident) `+where+`
		ORDER BY v.incident`, args...)
}

// ofIncident is a condition on a column, or none when all incidents are meant. One text for both, which allows an empty id
// beside the column, would read all rows for one incident, too.
func ofIncident(column, incident string) (where string, args []any) {
	if incident == "" {
		return "", nil
	}
	return column + " = $1", []any{incident}
}

// verdictDigest is the SHA-256 of the SHA-256 of the record, of that of the input, and of the verdict's JSON, each as
// stored. The first two have 32 bytes, so that no other three give the same text.
func verdictDigest(record, input, verdict []byte) (d pipeline.VerdictDigest) {
	h := sha256.New()
	for _, part := range [][]byte{record, input, verdict} {
		h.Write(part) // a hash takes all bytes
	}
	h.Sum(d[:0])
	return d
}

func scanNewest(rows *sql.Rows) (n newestVerdict, err error) {
	var record, input, verdict []byte
	if err := rows.Scan(&n.incident, &record, &input, &verdict); err != nil {
		return n, err
	}
	n.digest = verdictDigest(record, input, verdict)
	var v struct{ Status pipeline.VerdictStatus }
	err = json.Unmarshal(verdict, &v)
	n.status = v.Status
	return n, err
}

func scanDecision(rows *sql.Rows) (d pipeline.Decision, err error) {
	var digest []byte
	var at int64
	if err := rows.Scan(&d.Incident, &d.Seq, &d.As, &d.By, &d.Reason, &digest, &d.Machine, &at); err != nil {
		return d, err
	}
	on, err := mediaID(digest)
	d.On, d.At = pipeline.VerdictDigest(on), fromMicros(at)
	return d, err
}
