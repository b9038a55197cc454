package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"whenwhere/internal/audit"
)

// ControlMap is an imported control map. Its bytes are kept with the originals.
type ControlMap struct {
	Provider string
	AsOf     time.Time // the moment it describes; one map per provider and moment
	Until    *time.Time
	KnownAt  time.Time // when it could be known
	KnownHow string
	Format   string // as which it was read
	File     string // the name under which it was read, which is part of what it says
	SHA256   [32]byte
	Asked    map[string]string // what the reader was told beside the name and the bytes
	Adapter  string            // version of the reader
	HeldKm2  float64
	Licence  string
	Flags    []string
	Accepted bool // a person looked at it
	Imported time.Time
}

// AddControlMap adds a map, or replaces what was read of the same bytes for the same moment. Other bytes for that moment
// are refused, and so are the same bytes as a map of another provider.
func (t *Tx) AddControlMap(ctx context.Context, m ControlMap) error {
	err := t.checkControlMap(ctx, m)
	if err == nil {
		err = t.saveControlMap(ctx, m)
	}
	if err == nil {
		err = t.markControl(ctx, m.Provider, m.AsOf)
	}
	if err == nil {
		err = t.logMap(ctx, audit.Imported, m.Provider, m.AsOf)
	}
	return wrapControlMap(m.Provider, m.AsOf, err)
}

// MapTakenError is a map that cannot stand beside one that is there.
type MapTakenError struct{ By ControlMap }

func (e *MapTakenError) Error() string {
	return fmt.Sprintf("%s as of %s is there already, from %s", e.By.Provider, e.By.AsOf.Format(time.RFC3339), e.By.File)
}

func (t *Tx) checkControlMap(ctx context.Context, m ControlMap) error {
	taken, err := list(ctx, t.tx, scanControlMap, selectControlMap+
		` WHERE (provider = $1 AND as_of = $2 AND sha256 <> $3) OR (sha256 = $3 AND provider <> $1) ORDER BY provider, as_of LIMIT 1`,
		m.Provider, micros(m.AsOf), m.SHA256[:])
	if err != nil || len(taken) == 0 {
		return err
	}
	return &MapTakenError{By: taken[0]}
}

func (t *Tx) saveControlMap(ctx context.Context, m ControlMap) error {
	flags, err1 := json.Marshal(m.Flags)
	asked, err2 := json.Marshal(m.Asked)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	var until *int64
	if m.Until != nil {
		us := micros(*m.Until)
		until = &us
	}
	_, err := t.exec(ctx, `INSERT INTO control_map (provider, as_of, until, known_at, known_how, format, file, sha256, asked, adapter,
		held_km2, licence, flags, accepted, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (provider, as_of) DO UPDATE SET until = excluded.until, known_at = excluded.known_at, known_how = excluded.known_how,
		format = excluded.format, file = excluded.file, asked = excluded.asked, adapter = excluded.adapter, held_km2 = excluded.held_km2,
		licence = excluded.licence, flags = excluded.flags, accepted = excluded.accepted`,
		m.Provider, micros(m.AsOf), until, micros(m.KnownAt), m.KnownHow, m.Format, m.File, m.SHA256[:], string(asked), m.Adapter,
		m.HeldKm2, m.Licence, string(flags), flag(m.Accepted), micros(m.Imported))
	return err
}

// AcceptControlMap notes that a person looked at a map; ErrNotFound when it is not there.
func (t *Tx) AcceptControlMap(ctx context.Context, provider string, asOf time.Time) error {
	return t.changeControlMap(ctx, audit.Accepted, provider, asOf, `UPDATE control_map SET accepted = 1 WHERE provider = $1 AND as_of = $2`)
}

// RemoveControlMap forgets a map; ErrNotFound when it is not there. Its bytes stay.
func (t *Tx) RemoveControlMap(ctx context.Context, provider string, asOf time.Time) error {
	return t.changeControlMap(ctx, audit.Removed, provider, asOf, `DELETE FROM control_map WHERE provider = $1 AND as_of = $2`)
}

func (t *Tx) changeControlMap(ctx context.Context, action audit.Action, provider string, asOf time.Time, text string) error {
	var err error
	if action == audit.Removed { // while the row is there
		err = t.logMap(ctx, action, provider, asOf)
	}
	if err == nil {
		_, err = t.exec(ctx, text, provider, micros(asOf))
	}
	if err == nil && action != audit.Removed {
		err = t.logMap(ctx, action, provider, asOf)
	}
	if err == nil {
		err = t.markControl(ctx, provider, asOf)
	}
	return wrapControlMap(provider, asOf, err)
}

// logMap logs what the row of a map says now; ErrNotFound when there is none.
func (t *Tx) logMap(ctx context.Context, action audit.Action, provider string, asOf time.Time) error {
	rows, err := list(ctx, t.tx, scanControlMap, selectControlMap+` WHERE provider = $1 AND as_of = $2`, provider, micros(asOf))
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return err
	}
	e, err := mapEvent(rows[0])
	e.Action = action
	if action == audit.Removed {
		e.Result = nil
	}
	return t.logOne(e, err)
}

func (t *Tx) markControl(ctx context.Context, provider string, asOf time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO control_changed (provider, as_of) VALUES ($1, $2) ON CONFLICT (provider, as_of) DO NOTHING`,
		provider, micros(asOf))
	return err
}

// ControlChanged reports whether maps were added, accepted or removed since SettleControl.
func (s *Store) ControlChanged(ctx context.Context) (changed bool, err error) {
	if err = s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM control_changed)`).Scan(&changed); err != nil {
		return false, fmt.Errorf("store: control maps: %w", err)
	}
	return changed, nil
}

// SettleControl notes that all incidents were judged by the maps as they are.
func (t *Tx) SettleControl(ctx context.Context) error {
	if _, err := t.exec(ctx, `DELETE FROM control_changed`); err != nil {
		return fmt.Errorf("store: control maps: %w", err)
	}
	return nil
}

const selectControlMap = `SELECT provider, as_of, until, known_at, known_how, format, file, sha256, asked, adapter, held_km2, licence,
	flags, accepted, imported_at FROM control_map`

// ControlMaps lists the imported maps by provider, then moment.
func (s *Store) ControlMaps(ctx context.Context) ([]ControlMap, error) {
	out, err := list(ctx, s.read, scanControlMap, selectControlMap+` ORDER BY provider, as_of`)
	if err != nil {
		return nil, fmt.Errorf("store: control maps: %w", err)
	}
	return out, nil
}

func scanControlMap(rows *sql.Rows) (m ControlMap, err error) {
	var asOf, knownAt, imported int64
	var until *int64
	var hash []byte
	var flags, asked string
	if err := rows.Scan(&m.Provider, &asOf, &until, &knownAt, &m.KnownHow, &m.Format, &m.File, &hash, &asked, &m.Adapter,
		&m.HeldKm2, &m.Licence, &flags, &m.Accepted, &imported); err != nil {
		return ControlMap{}, err
	}
	m.AsOf, m.KnownAt, m.Imported = fromMicros(asOf), fromMicros(knownAt), fromMicros(imported)
	if until != nil {
		t := fromMicros(*until)
		m.Until = &t
	}
	m.SHA256, err = mediaID(hash)
	return m, errors.Join(err, json.Unmarshal([]byte(flags), &m.Flags), json.Unmarshal([]byte(asked), &m.Asked))
}

func wrapControlMap(provider string, asOf time.Time, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: control map %s as of %s: %w", provider, asOf.UTC().Format(time.RFC3339), err)
}
