package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"whenwhere/internal/replay"
	"whenwhere/internal/report"
	"whenwhere/internal/report/revision"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/change"
)

func newHistory() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "history INCIDENT", Short: "All verdicts of an incident, and what changed from one to the next",
		Long: `Print every verdict that an incident has had, oldest first: when it was made, by which
rules, what changed since the one before and why, and how many people decided on it. A
verdict that came back is there again.

Each kept verdict is made again from its own lines by the rules that it names. It must be
the same; where it is not, the verdict or what it rests on was changed after it was made,
and the exit code is 4. So it is when the log tells of other verdicts, or of another order.

Verdicts as known on a date that whenwhere reassess --save kept are shown beside.

` + exitHelp,
		Example: "  whenwhere history AUT-05\n  whenwhere history AUT-05 --json | jq '{at, change: .change.lines}'",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return history(cmd.Context(), cmd.OutOrStdout(), dir, args[0], asJSON)
		},
	}
	addData(cmd, &dir)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a verdict: seq, at, digest, verdict, remade, change, decisions, replays")
	return cmd
}

func history(ctx context.Context, out io.Writer, dirFlag, id string, asJSON bool) error {
	d, err := openData(ctx, dirFlag)
	if err != nil {
		return err
	}
	turns, told, err := turnsOf(ctx, d, id)
	if err := errors.Join(err, d.Close()); err != nil {
		return d.noVerdict(err, id)
	}
	if asJSON {
		err = report.JSONLines(out, turns...)
	} else {
		err = revision.History(out, turns)
	}
	if err == nil && told == store.LogDiffers {
		err = &codedError{exitDamage, fmt.Errorf("incident %s: its verdicts are not those that the log tells of, in this order (see whenwhere audit check)", id)}
	}
	for _, t := range turns {
		if err == nil && t.Remade == replay.Differs {
			err = &codedError{exitDamage, fmt.Errorf("incident %s: verdict %d is not what its lines and its rules make", id, t.Seq)}
		}
	}
	return err
}

// turnsOf puts the history of an incident together, and says what the log tells of it.
func turnsOf(ctx context.Context, d *data, id string) ([]revision.Turn, store.Telling, error) {
	kept, err := d.store.History(ctx, id)
	if err != nil {
		return nil, "", err
	}
	told, err := d.store.LogOfTurns(ctx, id, kept)
	if err != nil {
		return nil, "", err
	}
	review, err := d.store.Review(ctx, id)
	if err != nil {
		return nil, "", err
	}
	var out []revision.Turn
	var before *store.Judgement
	for _, k := range kept {
		t, err := turnOf(ctx, d, k, before, review)
		if err != nil {
			return nil, "", err
		}
		t.Incident = id
		out, before = append(out, t), k.Kept
	}
	if len(out) > 0 {
		out[len(out)-1].Replays, err = replaysOf(ctx, d, id)
	}
	return out, told, err
}

// turnOf tells one turn, beside the judgement before it.
func turnOf(ctx context.Context, d *data, k store.Turn, before *store.Judgement, review pipeline.Review) (revision.Turn, error) {
	t := revision.Turn{Seq: k.Seq, At: k.At, Digest: k.Digest, Decisions: decided(review, k.Digest), Remade: replay.NotKept}
	if k.Kept == nil {
		return t, nil
	}
	t.Verdict = &k.Kept.Verdict
	var err error
	if t.Remade, t.Difference, err = remake(ctx, d, k); err != nil || before == nil {
		return t, err
	}
	c, err := change.Between(sideOf(*before), sideOf(*k.Kept))
	t.Change = &c
	return t, err
}

func remake(ctx context.Context, d *data, k store.Turn) (replay.How, *change.Change, error) {
	rules, err := rulesNamed(ctx, d, k.Kept.Verdict.Rules)
	if errors.Is(err, store.ErrNotFound) {
		return replay.NoRules, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	return replay.Remake(rules, k.Kept.Verdict, k.Text)
}

func replaysOf(ctx context.Context, d *data, id string) ([]revision.ReplayOfRecord, error) {
	kept, err := d.store.Replays(ctx, id)
	var out []revision.ReplayOfRecord
	for _, r := range kept {
		out = append(out, revision.ReplayOfRecord{Num: r.Num, KnownBy: r.KnownBy, At: r.At, Verdict: change.Of(r.Verdict)})
	}
	return out, err
}
