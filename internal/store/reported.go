package store

import (
	"context"
	"fmt"

	"whenwhere/pipeline"
)

// Reported is an incident as it can be reported: what is claimed, its newest verdict, and what people decided of it.
type Reported struct {
	Case   pipeline.Case
	Newest Judgement
	Review pipeline.Review
}

// Reported reads an incident from one state of the database, so that no decision on one verdict passes for a decision on
// another that was made meanwhile. Of what was measured it holds the given stages. ErrNotFound when it was not judged yet.
func (s *Store) Reported(ctx context.Context, incident string, stages []Stage) (out Reported, err error) {
	err = s.view(ctx, func(q querier) error {
		newest, err := list(ctx, q, scanJudgement, selectVerdict+` WHERE incident = $1 ORDER BY seq DESC LIMIT 1`, incident)
		if err != nil {
			return err
		}
		people, err := reviews(ctx, q, incident)
		if err != nil {
			return err
		}
		if len(newest) == 0 || len(people) == 0 {
			return ErrNotFound
		}
		out.Newest, out.Review = newest[0], people[0]
		out.Case, err = assemble(ctx, q, incident, stages)
		return err
	})
	if err != nil {
		return Reported{}, fmt.Errorf("store: report: incident %s: %w", incident, err)
	}
	return out, nil
}
