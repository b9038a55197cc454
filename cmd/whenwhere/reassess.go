package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/report"
	"whenwhere/internal/report/revision"
	"whenwhere/internal/store"
)

type reassessOptions struct {
	dataDir, knownOn, rules string
	asJSON, save            bool
}

func newReassess() *cobra.Command {
	var o reassessOptions
	cmd := &cobra.Command{
		Use: "reassess [INCIDENT...]", Short: "Make verdicts again: by other rules, or by what could be known on a date",
		Long: `Judge incidents again from what is stored, and print what is another than in their
verdicts, line by line, and why. Nothing is measured again, and nothing is stored unless
--save is given. Without INCIDENT, all are judged that have a verdict.

Without options each is judged by the rules that its verdict names: where the data are
those of then, every byte is the same.

--rules judges by another table: one of this program (whenwhere rules) or a file.

--as-known-on judges by what anybody could have known by the end of a day (UTC), or by a
time. Left out are control maps that could be known later, footage first seen later, posts,
archived copies and satellite images of later, testimonies taken later, and incidents
posted later. What carries no date is taken as it is now, and the output says so. What this
data folder itself held on a day is another question: see whenwhere history.

A kept verdict that the same input does not make again was changed after it was made, or
this program was: exit code 4.

Each cause is a step of its own, in this order: judged again by the data of now, by the
rules, by the date; so that the lines of all steps add up.

--save makes the result the incident's verdict, as verify would; decisions of people on the
verdict before lapse. A verdict as known on a date never becomes the incident's: it is kept
beside it, and whenwhere history shows it.

` + exitHelp,
		Example: `  whenwhere reassess
  whenwhere reassess AUT-05 --rules 2026.3
  whenwhere reassess --rules desk.json --json | jq 'select(.change.same | not)'
  whenwhere reassess AUT-11 --as-known-on 2024-11-05`,
		Args: usageArgs(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := filled(cmd, "as-known-on", "rules"); err != nil {
				return err
			}
			return reassess(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o, args)
		},
	}
	addData(cmd, &o.dataDir)
	addRules(cmd, &o.rules)
	cmd.Flags().StringVar(&o.knownOn, "as-known-on", "", "by what could be known by the end of this day, or by this time")
	cmd.Flags().BoolVar(&o.save, "save", false, "keep the result (default: nothing is stored)")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "one JSON object an incident: change, steps, left_out, undated, verdict")
	return cmd
}

// knownBy reads --as-known-on; nil is now. A day is meant whole: to its last instant that the store can tell.
func (o reassessOptions) knownBy() (*time.Time, error) {
	if o.knownOn == "" {
		return nil, nil
	}
	by, err := boundOption("as-known-on", o.knownOn, true)
	if err != nil {
		return nil, err
	}
	if _, err := time.Parse(time.DateOnly, o.knownOn); err == nil {
		by = by.Add(-time.Microsecond)
	}
	by = by.UTC()
	return &by, nil
}

func reassess(ctx context.Context, out, errs io.Writer, o reassessOptions, incidents []string) error {
	by, err := o.knownBy()
	if err != nil {
		return err
	}
	d, err := openData(ctx, o.dataDir)
	if err != nil {
		return err
	}
	rows, faults, err := reassessIn(ctx, d, errs, o, by, incidents)
	if err := errors.Join(err, d.Close()); err != nil {
		return explain(err)
	}
	if o.asJSON {
		err = report.JSONLines(out, rows...)
	} else {
		err = revision.Text(out, rows)
	}
	if err != nil {
		return err
	}
	return faults.error(rows)
}

// replayFaults is what went wrong with single incidents.
type replayFaults struct{ failed, damaged bool }

// error is the worst of what went wrong; nil when nothing did.
func (f replayFaults) error(rows []revision.Reassessed) error {
	for _, r := range rows {
		if r.Diverged {
			return &codedError{exitDamage, fmt.Errorf("incident %s: the same input made another verdict than the kept one", r.Incident)}
		}
	}
	switch {
	case f.damaged:
		return &codedError{exitDamage, errors.New("what some verdicts rest on is damaged: see the messages above")}
	case f.failed:
		return &codedError{exitPartial, errors.New("done, but some incidents could not be judged again: see the messages above")}
	}
	return nil
}

// add notes what went wrong with one incident.
func (f *replayFaults) add(err error) {
	var coded *codedError
	f.failed = true
	f.damaged = f.damaged || errors.As(err, &coded) && coded.code == exitDamage
}

// reassessIn judges the incidents again.
func reassessIn(ctx context.Context, d *data, errs io.Writer, o reassessOptions, by *time.Time, incidents []string) (rows []revision.Reassessed, faults replayFaults, err error) {
	if o.save {
		lock, err := d.lock()
		if err != nil {
			return nil, faults, err
		}
		defer func() { err = errors.Join(err, lock.Release()) }()
	}
	kept, err := verdictsOf(ctx, d, incidents)
	if err != nil {
		return nil, faults, err
	}
	say := func(text string) { fmt.Fprintln(errs, report.Plain(text)) }
	r, err := newReplayer(ctx, d, say, o, by)
	if err != nil {
		return nil, faults, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	for _, j := range kept {
		row, err := r.incident(ctx, j)
		switch {
		case ctx.Err() != nil:
			return nil, faults, ctx.Err()
		case err != nil:
			say(fmt.Sprintf("incident %s: %v", j.Incident, err))
			faults.add(err)
		default:
			rows = append(rows, row)
		}
	}
	faults.failed = faults.failed || r.faulty() > 0
	return rows, faults, nil
}

// verdictsOf finds the latest verdicts of the incidents, in the order in which they are named; without names, of all by id.
func verdictsOf(ctx context.Context, d *data, incidents []string) ([]store.Judgement, error) {
	if len(incidents) == 0 {
		all, err := d.store.LatestVerdicts(ctx)
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("there is no verdict in %s yet: run whenwhere verify first", d.dir)
		}
		return all, err
	}
	var out []store.Judgement
	for _, id := range incidents {
		j, err := d.store.Verdict(ctx, id)
		if err != nil {
			return nil, d.noVerdict(err, id)
		}
		out = append(out, j)
	}
	return out, nil
}
