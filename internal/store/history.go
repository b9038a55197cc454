package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"whenwhere/internal/audit"
	"whenwhere/pipeline"
)

// Turn is one time that a verdict became the latest of its incident. A verdict that came back has several.
type Turn struct {
	Seq         int64
	InputSHA256 [32]byte
	At          time.Time
	// Digest is what decisions on this state name; absent for turns of before decisions could be made.
	Digest *pipeline.VerdictDigest
	// Kept is the judgement; nil for an incomplete one that gave way to the next of the same input.
	Kept *Judgement
	Text []byte // the verdict's JSON, every byte as it was saved; empty when Kept is nil
}

// took notes that the verdict of an input became the latest.
func (t *Tx) took(ctx context.Context, j Judgement, seq int64) error {
	_, err := t.exec(ctx, `INSERT INTO judged (incident, seq, input_sha256, record_sha256, gave_way, at)
		SELECT id, $1, $2, record_sha256, 0, $3 FROM incident WHERE id = $4`, seq, j.InputSHA256[:], micros(j.At), j.Incident)
	return err
}

// giveWay notes that the verdict of an input is not kept any more.
func (t *Tx) giveWay(ctx context.Context, j Judgement) error {
	if _, err := t.exec(ctx, `DELETE FROM verdict WHERE incident = $1 AND input_sha256 = $2`, j.Incident, j.InputSHA256[:]); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE judged SET gave_way = 1 WHERE incident = $1 AND input_sha256 = $2`, j.Incident, j.InputSHA256[:])
	return err
}

// History lists every time that a verdict became the latest of the incident, oldest first; ErrNotFound when it was not
// judged yet.
func (s *Store) History(ctx context.Context, incident string) (out []Turn, err error) {
	out, err = list(ctx, s.read, scanTurn, `SELECT t.incident, t.seq, t.input_sha256, t.record_sha256, t.at, v.verdict, v.findings, v.stages
		FROM judged AS t LEFT JOIN verdict AS v ON v.incident = t.incident AND v.input_sha256 = t.input_sha256
		AND t.gave_way = 0 WHERE t.incident = $1 ORDER BY t.seq`, incident)
	if err == nil && len(out) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("store: history: incident %s: %w", incident, err)
	}
	return out, nil
}

func scanTurn(rows *sql.Rows) (turn Turn, err error) {
	var incident string
	var input, record, verdict, findings, stages []byte
	var at int64
	if err := rows.Scan(&incident, &turn.Seq, &input, &record, &at, &verdict, &findings, &stages); err != nil {
		return turn, err
	}
	turn.InputSHA256, err = mediaID(input)
	turn.At = fromMicros(at)
	if err != nil || verdict == nil {
		return turn, err
	}
	if record != nil {
		d := verdictDigest(record, input, verdict)
		turn.Digest = &d
	}
	turn.Text = verdict
	turn.Kept = &Judgement{Incident: incident, InputSHA256: turn.InputSHA256, At: turn.At}
	return turn, turn.Kept.read(verdict, findings, stages)
}

// read fills in what is kept as JSON.
func (j *Judgement) read(verdict, findings, stages []byte) error {
	return errors.Join(json.Unmarshal(verdict, &j.Verdict), json.Unmarshal(findings, &j.Findings), json.Unmarshal(stages, &j.Stages))
}

// Telling is what the log says of a history.
type Telling string

const (
	LogAgrees  Telling = "agrees"  // the same inputs in the same order
	LogDiffers Telling = "differs" // turns were added, taken out or put in another order
	LogSilent  Telling = "silent"  // what the incident is called in the log was erased
)

// LogOfTurns compares the turns of an incident with the leaves of its verdicts, in their order.
func (s *Store) LogOfTurns(ctx context.Context, incident string, turns []Turn) (Telling, error) {
	who, err := s.SaltOfIncident(ctx, incident)
	if errors.Is(err, ErrNotFound) {
		return LogSilent, nil
	}
	if err != nil {
		return "", err
	}
	rows, err := s.LeavesOf(ctx, who.Subject)
	if err != nil {
		return "", err
	}
	var told, kept []audit.Digest
	for _, r := range rows {
		leaf, err := audit.ParseLeaf(r.Leaf)
		if err != nil {
			return LogDiffers, nil // the check of the log names it
		}
		if leaf.Kind == audit.KindVerdict && leaf.Params != nil {
			told = append(told, *leaf.Params)
		}
	}
	for _, t := range turns {
		kept = append(kept, who.Salt.Digest(inputName(t.InputSHA256)))
	}
	if !slices.Equal(told, kept) {
		return LogDiffers, nil
	}
	return LogAgrees, nil
}

// OtherRulesError says that other rules were kept under the name.
type OtherRulesError struct{ Name string }

func (e *OtherRulesError) Error() string {
	return fmt.Sprintf("rules %s: others are kept under this name", e.Name)
}

// SaveRules keeps a table of rules (JSON) under the name that verdicts give it. The error is an *OtherRulesError when
// another is kept under that name.
func (t *Tx) SaveRules(ctx context.Context, name string, body []byte) error {
	_, err := t.exec(ctx, `INSERT INTO rule_table (name, body) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, string(body))
	kept := ""
	if err == nil {
		err = t.tx.QueryRowContext(ctx, `SELECT body FROM rule_table WHERE name = $1`, name).Scan(&kept)
	}
	if err == nil && kept != string(body) {
		err = &OtherRulesError{name}
	}
	if err != nil {
		return fmt.Errorf("store: rules: %w", err)
	}
	return nil
}

// Rules finds the table of rules of that name; ErrNotFound when none was kept.
func (s *Store) Rules(ctx context.Context, name string) ([]byte, error) {
	all, err := list(ctx, s.read, scanned[[]byte], `SELECT body FROM rule_table WHERE name = $1`, name)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("store: rules %s: %w", name, err)
	}
	return all[0], nil
}

// Replay is a judgement by what could be known at a time, made to be compared with the incident's verdict. It never becomes
// the verdict.
type Replay struct {
	Num     int // counts the replays of the incident from 1
	KnownBy time.Time
	Judgement
}

// SaveReplay keeps a replay and returns its number. One that is there already, from the same input, is not kept twice.
func (t *Tx) SaveReplay(ctx context.Context, r Replay) (num int, err error) {
	text, err := r.text()
	if err == nil {
		num, err = t.saveReplay(ctx, r, text)
	}
	if err != nil {
		return 0, fmt.Errorf("store: replay: incident %s: %w", r.Incident, err)
	}
	return num, nil
}

func (t *Tx) saveReplay(ctx context.Context, r Replay, text stored) (num int, err error) {
	by := micros(r.KnownBy)
	err = t.tx.QueryRowContext(ctx, `SELECT num FROM replay WHERE incident = $1 AND input_sha256 = $2 AND known_by = $3
		AND verdict = $4 AND findings = $5 ORDER BY num LIMIT 1`, r.Incident, r.InputSHA256[:], by, text.verdict, text.findings).Scan(&num)
	if !errors.Is(err, sql.ErrNoRows) {
		return num, err
	}
	err = t.tx.QueryRowContext(ctx, `INSERT INTO replay (incident, num, input_sha256, known_by, verdict, findings, stages, at)
		VALUES ($1, (SELECT coalesce(max(num), 0) + 1 FROM replay WHERE incident = $1), $2, $3, $4, $5, $6, $7) RETURNING num`,
		r.Incident, r.InputSHA256[:], by, text.verdict, text.findings, text.stages, micros(r.At)).Scan(&num)
	return num, t.logOne(replayEvent(replayRow{r.Incident, int64(num), by, micros(r.At), r.InputSHA256[:], text}), err)
}

// Replays lists what was kept of an incident, oldest first.
func (s *Store) Replays(ctx context.Context, incident string) ([]Replay, error) {
	out, err := list(ctx, s.read, scanReplay, `SELECT incident, num, input_sha256, known_by, verdict, findings, stages, at
		FROM replay WHERE incident = $1 ORDER BY num`, incident)
	if err != nil {
		return nil, fmt.Errorf("store: replays: incident %s: %w", incident, err)
	}
	return out, nil
}

func scanReplay(rows *sql.Rows) (r Replay, err error) {
	var input, verdict, findings, stages []byte
	var by, at int64
	if err := rows.Scan(&r.Incident, &r.Num, &input, &by, &verdict, &findings, &stages, &at); err != nil {
		return r, err
	}
	r.InputSHA256, err = mediaID(input)
	r.KnownBy, r.At = fromMicros(by), fromMicros(at)
	return r, errors.Join(err, r.read(verdict, findings, stages))
}
