package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"whenwhere/pipeline"
)

// SaveStatement adds a statement, or replaces its record. The record that it makes of its media must be in table incident.
func (t *Tx) SaveStatement(ctx context.Context, s pipeline.Statement) error {
	text, err := json.Marshal(s)
	n := int64(0)
	if err == nil {
		n, err = t.exec(ctx, `INSERT INTO statement (id, record) VALUES ($1, $2)
			ON CONFLICT (id) DO UPDATE SET record = excluded.record WHERE statement.record <> excluded.record`, s.ID, string(text))
	}
	if err == nil && n > 0 {
		err = t.log(statementEvent(s.ID, text))
	}
	if err != nil {
		return fmt.Errorf("store: statement %s: %w", s.ID, err)
	}
	return nil
}

// Statements lists all statements by id.
func (s *Snapshot) Statements(ctx context.Context) ([]pipeline.Statement, error) {
	out, err := list(ctx, s.q, scanStatement, `SELECT record FROM statement ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("store: statements: %w", err)
	}
	return out, nil
}

func scanStatement(rows *sql.Rows) (s pipeline.Statement, err error) {
	var text []byte
	if err := rows.Scan(&text); err != nil {
		return s, err
	}
	return s, json.Unmarshal(text, &s)
}
