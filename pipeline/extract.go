package pipeline

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// Commit stores the result of one stage before the next one runs. It must be safe to call twice with the same result.
type Commit func(ctx context.Context, r StageResult) error

// Extract runs the stages over one media file in their order. Stages found in done are not run again; their
// observations are used. Each result is handed to commit before the next stage starts. A failing stage does not stop
// the others, unless they need what it makes; then they are Failed with that cause. The error is that of commit or of
// the context, never of a stage.
func Extract(ctx context.Context, stages []Extractor, in Opened, done []StageResult, commit Commit) ([]StageResult, error) {
	results := make([]StageResult, 0, len(stages))
	for _, s := range stages {
		r, ok := finished(done, s)
		if !ok {
			var err error
			if r, err = runStage(ctx, s, in, results, stages); err != nil {
				return results, err
			}
			if err := commit(ctx, r); err != nil {
				return results, fmt.Errorf("%s: commit: %w", s.Name, err)
			}
		}
		results = append(results, r)
		in.Observed = append(slices.Clone(in.Observed), r.Observations...).Sorted()
	}
	return results, nil
}

func finished(done []StageResult, s Extractor) (StageResult, bool) {
	for _, r := range done {
		if r.Stage == s.Name && r.Version == s.Version && !r.Retry {
			return r, true
		}
	}
	return StageResult{}, false
}

func runStage(ctx context.Context, s Extractor, in Opened, before []StageResult, stages []Extractor) (StageResult, error) {
	if cause, retry := missingNeed(s, before, stages); cause != "" {
		return StageResult{Stage: s.Name, Version: s.Version, Status: Failed, Cause: cause, Retry: retry}, nil
	}
	if _, err := in.File.Seek(0, io.SeekStart); err != nil {
		return resultOf(s.Name, s.Version, fmt.Errorf("rewind: %w", err)), nil
	}
	made, err := s.Run(ctx, in)
	if ctx.Err() != nil { // the work was stopped, which says nothing of the file
		return StageResult{}, ctx.Err()
	}
	if err == nil {
		err = declared(s, made)
	}
	r := resultOf(s.Name, s.Version, err)
	if r.Status == Done {
		for i := range made {
			made[i].Stage, made[i].Version = s.Name, s.Version
		}
		r.Observations = Observations(made).Sorted()
	}
	return r, nil
}

// missingNeed says which failed stage took away a key that s needs. A key that a stage which is done did not make is
// merely absent, and s copes.
func missingNeed(s Extractor, before []StageResult, stages []Extractor) (cause string, retry bool) {
	for _, r := range before {
		if r.Status != Failed {
			continue
		}
		i := slices.IndexFunc(stages, func(x Extractor) bool { return x.Name == r.Stage })
		for _, k := range s.Needs {
			if slices.Contains(stages[i].Makes, k) {
				return fmt.Sprintf("needs %s of stage %s, which failed", k, r.Stage), r.Retry
			}
		}
	}
	return "", false
}

func declared(s Extractor, made []Observation) error {
	seen := map[KeyID]bool{}
	for _, o := range made {
		if !slices.Contains(s.Makes, o.Key) {
			return Permanent(fmt.Errorf("stage %s made %s, which it does not declare", s.Name, o.Key))
		}
		if seen[o.Key] {
			return Permanent(fmt.Errorf("stage %s made %s twice", s.Name, o.Key))
		}
		seen[o.Key] = true
	}
	return nil
}
