package store

import "context"

// Snapshot is one state of the database: what others write meanwhile is not in it.
type Snapshot struct{ q querier }

// Snapshot lets do read one state of the database.
func (s *Store) Snapshot(ctx context.Context, do func(*Snapshot) error) error {
	return s.view(ctx, func(q querier) error { return do(&Snapshot{q}) })
}
