package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"whenwhere/internal/known"
	"whenwhere/internal/replay"
	"whenwhere/internal/report/revision"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/change"
	"whenwhere/pipeline/score"
)

// replayer judges incidents again, by the same path as verify.
type replayer struct {
	data      *data
	catalogue *known.Catalogue
	now, then *work        // then sees the control maps of the date
	rules     *score.Rules // asked for; nil: those that each verdict names
	by        *time.Time   // nil: by all that is known
	save      bool
}

func newReplayer(ctx context.Context, d *data, say func(string), o reassessOptions, by *time.Time) (*replayer, error) {
	r := &replayer{data: d, by: by, save: o.save}
	if o.rules != "" {
		rules, err := rulesOf(o.rules)
		if err != nil {
			return nil, err
		}
		r.rules = &rules
	}
	catalogue, err := known.Open(ctx, d.catalogueConfig(say, true)) // what no index holds yet is compared one by one
	if err != nil {
		return nil, err
	}
	r.catalogue = catalogue
	r.now, r.then = r.work(say, nil), r.work(say, by)
	return r, nil
}

func (r *replayer) work(say func(string), by *time.Time) *work {
	maps := newCaseMapsBy(r.data, by)
	maps.say = say
	w := newWork(r.data, nil, score.Rules{}, maps, say)
	w.catalogue = func(context.Context) (*known.Catalogue, error) { return r.catalogue, nil }
	return w
}

func (r *replayer) close() error { return r.catalogue.Close() }

// faulty is how many control maps could not be used.
func (r *replayer) faulty() int { return max(r.now.maps.faulty(), r.then.maps.faulty()) }

// trail is the verdicts of one incident, from the kept one, step by step.
type trail struct {
	row  revision.Reassessed
	last store.Judgement
}

// incident judges one again.
func (r *replayer) incident(ctx context.Context, kept store.Judgement) (revision.Reassessed, error) {
	t := trail{last: kept}
	err := r.describe(ctx, &t, kept)
	if err == nil {
		err = r.steps(ctx, &t, kept)
	}
	var notYet *replay.NotBegunError
	if errors.As(err, &notYet) {
		t.row.NotYet = fmt.Sprintf("its claimed time opens at %s", notYet.Opens.UTC().Format(time.RFC3339))
		return t.row, nil
	}
	if err != nil {
		return t.row, err
	}
	if t.row.Change, err = change.Between(sideOf(kept), sideOf(t.last)); err != nil {
		return t.row, err
	}
	t.row.Verdict = t.last.Verdict
	if r.save {
		t.row.Saved, err = r.keep(ctx, kept, t.last)
	}
	return t.row, err
}

// describe fills in what is said of the incident before anything is judged.
func (r *replayer) describe(ctx context.Context, t *trail, kept store.Judgement) error {
	row, err := r.data.store.Incident(ctx, kept.Incident)
	if err != nil {
		return err
	}
	review, err := r.data.store.Review(ctx, kept.Incident)
	t.row = revision.Reassessed{Incident: kept.Incident, Case: row.Case, KnownBy: r.by, Review: review.State(),
		Steps: []revision.Step{}, LeftOut: []replay.LeftOut{}, Undated: []string{}}
	return err
}

// steps judges by the data of now, then by the rules, then by the date; each beside what it was before.
func (r *replayer) steps(ctx context.Context, t *trail, kept store.Judgement) error {
	rules, err := rulesNamed(ctx, r.data, kept.Verdict.Rules)
	switch {
	case errors.Is(err, store.ErrNotFound) && r.rules != nil:
		rules = *r.rules
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("the rules %s of its verdict are not kept: name others with --rules", kept.Verdict.Rules)
	case err != nil:
		return err
	}
	if _, err := r.step(ctx, t, r.now, rules, revision.Again); err != nil {
		return err
	}
	t.row.Diverged = t.last.InputSHA256 == kept.InputSHA256 && len(t.row.Steps) > 0 && len(kept.Verdict.Incomplete) == 0
	if r.rules != nil && r.rules.Name() != rules.Name() {
		rules = *r.rules
		if _, err := r.step(ctx, t, r.now, rules, revision.Rules); err != nil {
			return err
		}
	}
	t.row.Rules = rules.Name()
	if r.by == nil {
		return nil
	}
	past, err := r.step(ctx, t, r.then, rules, revision.Knowledge)
	t.row.LeftOut = append(t.row.LeftOut, past.left...)
	t.row.Undated = append(t.row.Undated, past.undated...)
	return err
}

// step judges once and notes what changed.
func (r *replayer) step(ctx context.Context, t *trail, with *work, rules score.Rules, because revision.Because) (hindsight, error) {
	w := *with
	w.rules = rules
	by := r.by
	if because != revision.Knowledge {
		by = nil
	}
	j, past, err := w.judge(ctx, t.row.Incident, by)
	if err != nil {
		return past, err
	}
	c, err := change.Between(sideOf(t.last), sideOf(j))
	if err == nil && !c.Same {
		t.row.Steps = append(t.row.Steps, revision.Step{Because: because, Change: c})
	}
	t.last = j
	return past, err
}

func sideOf(j store.Judgement) change.Side {
	return change.Side{Verdict: j.Verdict, Findings: j.Findings}
}

// keep stores what was made, and says what became of it.
func (r *replayer) keep(ctx context.Context, kept, made store.Judgement) (said string, err error) {
	made.At = time.Now()
	err = r.data.store.Update(ctx, func(tx *store.Tx) error {
		if r.rules != nil {
			if err := keepRules(ctx, tx, *r.rules); err != nil {
				return err
			}
		}
		if r.by != nil {
			num, err := tx.SaveReplay(ctx, store.Replay{KnownBy: *r.by, Judgement: made})
			said = fmt.Sprintf("kept beside the verdict as replay %d", num)
			return err
		}
		said = "kept: it is the verdict now"
		if made.InputSHA256 == kept.InputSHA256 {
			said = "it is the verdict already"
		}
		return tx.SaveVerdict(ctx, made)
	})
	return said, err
}

// decided are the decisions of people on a state of an incident, without who made them.
func decided(review pipeline.Review, on *pipeline.VerdictDigest) []revision.DecisionOn {
	out := []revision.DecisionOn{}
	for _, d := range review.History {
		if on != nil && d.On == *on {
			out = append(out, revision.DecisionOn{As: d.As, At: d.At})
		}
	}
	return out
}
