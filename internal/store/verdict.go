package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"whenwhere/pipeline"
)

// Judgement is a verdict with what it was made from.
type Judgement struct {
	Incident    string
	InputSHA256 [32]byte // of everything the verdict depends on: record, observations, rules, versions of data and stages
	Verdict     pipeline.Verdict
	Findings    []pipeline.Finding
	Stages      []pipeline.StageResult // of the assessors
	Sighted     []pipeline.MediaID     // files of the catalogue that the incident's media match; written, not read back
	At          time.Time              // when it was made; stays with the first save
}

// DivergedError says that the same input gave another verdict than before: a rule, a stage or a data set changed
// without its version, or something is not deterministic.
type DivergedError struct {
	Incident    string
	InputSHA256 [32]byte
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("incident %s: input %x gave another verdict before", e.Incident, e.InputSHA256)
}

// stored is the text of a judgement.
type stored struct{ verdict, findings, stages string }

// SaveVerdict makes j the verdict of its incident and keeps the earlier ones. An input that was judged before must come
// with the same bytes, else the error is a *DivergedError; only an incomplete verdict gives way. When a verdict of an
// earlier input comes back, it becomes the latest again. Saving the latest again changes nothing.
func (t *Tx) SaveVerdict(ctx context.Context, j Judgement) error {
	text, err := j.text()
	if err == nil {
		err = t.saveVerdict(ctx, j, text)
	}
	if err == nil {
		err = t.saveSightings(ctx, j.Incident, j.Sighted)
	}
	if err != nil {
		return fmt.Errorf("store: verdict: incident %s: %w", j.Incident, err)
	}
	return nil
}

func (t *Tx) saveVerdict(ctx context.Context, j Judgement, text stored) error {
	var last int64
	err := t.tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM verdict WHERE incident = $1`, j.Incident).Scan(&last)
	if err != nil {
		return err
	}
	old, seq, incomplete, err := t.judged(ctx, j)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return t.addVerdict(ctx, j, text, last+1)
	case err != nil:
		return err
	case old == text && seq == last:
		return nil
	case old == text:
		_, err = t.exec(ctx, `UPDATE verdict SET seq = $1 WHERE incident = $2 AND input_sha256 = $3`,
			last+1, j.Incident, j.InputSHA256[:])
		if err == nil {
			err = t.took(ctx, j, last+1)
		}
		return t.logVerdict(ctx, j, text, err)
	case !incomplete:
		return &DivergedError{Incident: j.Incident, InputSHA256: j.InputSHA256}
	}
	if err := t.giveWay(ctx, j); err != nil {
		return err
	}
	return t.addVerdict(ctx, j, text, last+1)
}

// judged finds what was made of the same input before.
func (t *Tx) judged(ctx context.Context, j Judgement) (s stored, seq int64, incomplete bool, err error) {
	err = t.tx.QueryRowContext(ctx,
		`SELECT seq, incomplete, verdict, findings, stages FROM verdict WHERE incident = $1 AND input_sha256 = $2`,
		j.Incident, j.InputSHA256[:]).Scan(&seq, &incomplete, &s.verdict, &s.findings, &s.stages)
	return s, seq, incomplete, err
}

func (t *Tx) addVerdict(ctx context.Context, j Judgement, text stored, seq int64) error {
	_, err := t.exec(ctx, `INSERT INTO verdict (incident, input_sha256, seq, incomplete, verdict, findings, stages, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		j.Incident, j.InputSHA256[:], seq, flag(len(j.Verdict.Incomplete) > 0), text.verdict, text.findings, text.stages, micros(j.At))
	if err == nil {
		err = t.took(ctx, j, seq)
	}
	return t.logVerdict(ctx, j, text, err)
}

// logVerdict logs a verdict as it is kept now, unless keeping it failed.
func (t *Tx) logVerdict(ctx context.Context, j Judgement, text stored, err error) error {
	if err != nil {
		return err
	}
	var at int64
	err = t.tx.QueryRowContext(ctx, `SELECT at FROM verdict WHERE incident = $1 AND input_sha256 = $2`, j.Incident, j.InputSHA256[:]).Scan(&at)
	if err != nil {
		return err
	}
	turns, err := turnsOf(ctx, t.tx, j.Incident)
	return t.logOne(verdictEvent(j.Incident, j.InputSHA256, text, at, turns[j.InputSHA256]), err)
}

func (j Judgement) text() (stored, error) {
	verdict, err1 := json.Marshal(j.Verdict)
	findings, err2 := json.Marshal(j.Findings)
	stages, err3 := json.Marshal(j.Stages)
	return stored{string(verdict), string(findings), string(stages)}, errors.Join(err1, err2, err3)
}

// SaveVerdict is Tx.SaveVerdict in a transaction of its own.
func (s *Store) SaveVerdict(ctx context.Context, j Judgement) error {
	return s.Update(ctx, func(tx *Tx) error { return tx.SaveVerdict(ctx, j) })
}

const selectVerdict = `SELECT incident, input_sha256, verdict, findings, stages, at FROM verdict`

// Verdict finds the latest verdict of an incident; ErrNotFound when it was not judged yet.
func (s *Store) Verdict(ctx context.Context, incident string) (Judgement, error) {
	all, err := list(ctx, s.read, scanJudgement, selectVerdict+` WHERE incident = $1 ORDER BY seq DESC LIMIT 1`, incident)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Judgement{}, fmt.Errorf("store: verdict: incident %s: %w", incident, err)
	}
	return all[0], nil
}

// Verdicts lists all verdicts of an incident, the latest first.
func (s *Store) Verdicts(ctx context.Context, incident string) ([]Judgement, error) {
	all, err := list(ctx, s.read, scanJudgement, selectVerdict+` WHERE incident = $1 ORDER BY seq DESC`, incident)
	if err != nil {
		return nil, fmt.Errorf("store: verdicts: incident %s: %w", incident, err)
	}
	return all, nil
}

// LatestVerdicts lists the latest verdict of every incident that has one, by incident.
func (s *Store) LatestVerdicts(ctx context.Context) ([]Judgement, error) {
	all, err := list(ctx, s.read, scanJudgement, selectVerdict+` AS v
		WHERE seq = (SELECT max(seq) FROM verdict AS w WHERE w.incident = v.incident) ORDER BY incident`)
	if err != nil {
		return nil, fmt.Errorf("store: verdicts: %w", err)
	}
	return all, nil
}

func scanJudgement(rows *sql.Rows) (j Judgement, err error) {
	var input, verdict, findings, stages []byte
	var at int64
	if err := rows.Scan(&j.Incident, &input, &verdict, &findings, &stages, &at); err != nil {
		return Judgement{}, err
	}
	hash, err := mediaID(input)
	j.InputSHA256, j.At = hash, fromMicros(at)
	return j, errors.Join(err, j.read(verdict, findings, stages))
}

// RulesInUse lists the names of the rules by which any kept verdict was made, sorted.
func (s *Store) RulesInUse(ctx context.Context) ([]string, error) {
	names, err := list(ctx, s.read, func(rows *sql.Rows) (string, error) {
		var text string
		err := rows.Scan(&text)
		return rulesOf(text), err
	}, `SELECT verdict FROM verdict UNION ALL SELECT verdict FROM replay`)
	if err != nil {
		return nil, fmt.Errorf("store: rules in use: %w", err)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
