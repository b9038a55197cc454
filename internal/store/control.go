package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"whenwhere/internal/audit"
)

// ControlFile is one file of the control maps of a case. Its bytes are kept with the originals.
type ControlFile struct {
	Path   string // in the folder of control maps, with slashes
	SHA256 [32]byte
}

// SaveControl makes files the control maps of a case.
func (t *Tx) SaveControl(ctx context.Context, caseName string, files []ControlFile) error {
	before, err := list(ctx, t.tx, scanControl, selectControl+` WHERE case_name = $1 ORDER BY path`, caseName)
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM case_control WHERE case_name = $1`, caseName)
	}
	for i := 0; err == nil && i < len(files); i++ {
		_, err = t.exec(ctx, `INSERT INTO case_control (case_name, path, sha256) VALUES ($1, $2, $3)`,
			caseName, files[i].Path, files[i].SHA256[:])
	}
	if err == nil {
		err = t.logCaseMaps(caseName, before, files)
	}
	if err != nil {
		return fmt.Errorf("store: control maps of %s: %w", caseName, err)
	}
	return nil
}

// logCaseMaps logs the files that came and those that went.
func (t *Tx) logCaseMaps(caseName string, before, now []ControlFile) error {
	for _, f := range before {
		if !slices.Contains(now, f) {
			e := caseMapEvent(caseName, f)
			e.Action, e.Result = audit.Removed, nil
			if err := t.log(e); err != nil {
				return err
			}
		}
	}
	for _, f := range now {
		if !slices.Contains(before, f) {
			if err := t.log(caseMapEvent(caseName, f)); err != nil {
				return err
			}
		}
	}
	return nil
}

const selectControl = `SELECT path, sha256 FROM case_control`

// Control lists the control maps of a case by path; none when it has none.
func (s *Store) Control(ctx context.Context, caseName string) ([]ControlFile, error) {
	out, err := list(ctx, s.read, scanControl, selectControl+` WHERE case_name = $1 ORDER BY path`, caseName)
	if err != nil {
		return nil, fmt.Errorf("store: control maps of %s: %w", caseName, err)
	}
	return out, nil
}

func scanControl(rows *sql.Rows) (f ControlFile, err error) {
	var hash []byte
	if err := rows.Scan(&f.Path, &hash); err != nil {
		return ControlFile{}, err
	}
	f.SHA256, err = mediaID(hash)
	return f, err
}
