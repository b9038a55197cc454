package main

import (
	"context"
	"errors"
	"fmt"

	"whenwhere/internal/store"
	"whenwhere/pipeline/score"
)

// rulesNamed finds the rules that a verdict names: a table of this program, or one that the data folder keeps. The error is
// store.ErrNotFound when neither has it.
func rulesNamed(ctx context.Context, d *data, name string) (score.Rules, error) {
	version, digest := score.SplitName(name)
	if r, ok := score.Version(version); ok && digest == "" {
		return r, nil
	}
	body, err := d.store.Rules(ctx, name)
	if err != nil {
		return score.Rules{}, err
	}
	r, err := score.Load(body)
	if err == nil && r.Name() != name {
		err = fmt.Errorf("what is kept under this name is %s", r.Name())
	}
	if err != nil {
		return score.Rules{}, &codedError{exitDamage, fmt.Errorf("rules %s: %w", name, err)}
	}
	return r, nil
}

// keepRules keeps a table of somebody's own, so that the verdicts by it can be made again.
func keepRules(ctx context.Context, tx *store.Tx, r score.Rules) error {
	if _, digest := score.SplitName(r.Name()); digest == "" {
		return nil // it is built in
	}
	body, err := r.Canonical()
	return errors.Join(err, tx.SaveRules(ctx, r.Name(), body))
}
