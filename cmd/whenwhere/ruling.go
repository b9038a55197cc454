package main

import (
	"context"
	"errors"
	"fmt"

	"whenwhere/internal/store"
	"whenwhere/pipeline/score"
)

// ruling is the rules that a command judges by, and the case that it judges. Incidents of other cases that what it brings
// touches keep the table that somebody chose for them; where nobody chose one, the table of this release judges.
type ruling struct {
	rules    score.Rules
	caseName string // empty when the command is about no case
}

// queued is work as the queue runs it, by the rules of each incident. It implements queue.Work.
type queued struct {
	*work
	caseName string
}

// AssessIncident judges one incident.
func (q *queued) AssessIncident(ctx context.Context, id string) (store.Judgement, error) {
	rules, err := q.rulesFor(ctx, id)
	if err != nil {
		return store.Judgement{}, fmt.Errorf("assess: %w", err)
	}
	one := *q.work
	one.rules = rules
	j, _, err := one.judge(ctx, id, nil)
	return j, err
}

func (q *queued) rulesFor(ctx context.Context, id string) (score.Rules, error) {
	row, err := q.data.store.Incident(ctx, id)
	if err != nil || row.Case == q.caseName {
		return q.rules, err
	}
	last, err := q.data.store.Verdict(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return score.Default(), nil
	}
	if err != nil {
		return score.Rules{}, err
	}
	if _, digest := score.SplitName(last.Verdict.Rules); digest == "" {
		return score.Default(), nil
	}
	return rulesNamed(ctx, q.data, last.Verdict.Rules)
}
