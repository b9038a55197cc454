package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/report/people"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

type decideOptions struct {
	dataDir, as, by, reason, on string
	json                        bool
}

func newDecide() *cobra.Command {
	var o decideOptions
	cmd := &cobra.Command{
		Use: "decide INCIDENT", Short: "Say as a person what an incident is, beside the machine's status",
		Long: `Keep what a person decided of an incident, with its reason. It stands beside the
machine's status: neither replaces the other, and nothing is ever overwritten. Without
--as, --by and --reason, print what was decided so far.

A decision is on the newest verdict. When the record, the evidence, the rules or the
reference data change, there is a newer one, and the decision is shown as one on an
older verdict. Whoever decides again takes the earlier decision back.

An incident may be published when two different people have verified its newest
verdict, and nobody who decided on that verdict holds otherwise.

--by is a pseudonym such as analyst-2, the same each time: small letters, digits,
'.', '-' and '_'. Never a name, an address or a telephone number.

` + exitHelp,
		Example: `  whenwhere decide AUT-01
  whenwhere decide AUT-01 --as verified --by analyst-2 --reason "roof and trees match the satellite image of 30 August"
  whenwhere decide AUT-17 --as contradicted --by analyst-3 --reason "the clip was posted for AUT-18"`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := errors.Join(filled(cmd, "as", "by", "reason", "on"), together(cmd, "as", "by", "reason")); err != nil {
				return err
			}
			return decide(cmd.Context(), cmd.OutOrStdout(), o, args[0])
		},
	}
	addData(cmd, &o.dataDir)
	f := cmd.Flags()
	f.StringVar(&o.as, "as", "", "verified, contradicted or unresolved")
	f.StringVar(&o.by, "by", "", "pseudonym of the person who decides")
	f.StringVar(&o.reason, "reason", "", "why, in a sentence")
	f.StringVar(&o.on, "on", "", "digest of the verdict that was looked at; refused if there is a newer one (default: the newest)")
	f.BoolVar(&o.json, "json", false, "what was decided so far as one JSON object: incident, machine, people, approved, wanting, newest, current, history")
	return cmd
}

// decision reads the options; ok is false when they ask for what was decided only.
func (o decideOptions) decision(incident string) (d pipeline.Decision, ok bool, err error) {
	d = pipeline.Decision{Incident: incident, As: pipeline.Ruling(o.as), By: o.by, Reason: o.reason}
	if o.as == "" {
		if o.on != "" {
			return d, false, &codedError{exitUsage, errors.New("--on: given without --as")}
		}
		return d, false, nil
	}
	if err := d.As.Check(); err != nil {
		return d, false, &codedError{exitUsage, fmt.Errorf("--as: %w", err)}
	}
	if err := checkWord(o.by, o.reason); err != nil {
		return d, false, err
	}
	if o.on != "" {
		if err := d.On.UnmarshalText([]byte(o.on)); err != nil {
			return d, false, &codedError{exitUsage, fmt.Errorf("--on: %w", err)}
		}
		if d.On == (pipeline.VerdictDigest{}) { // to the store it would mean the newest
			return d, false, badOption("on", o.on, "the digest that whenwhere decide INCIDENT prints as the newest verdict")
		}
	}
	return d, true, nil
}

// checkWord checks who says something, and why.
func checkWord(by, reason string) error {
	if err := pipeline.CheckPerson(by); err != nil {
		return &codedError{exitUsage, fmt.Errorf("--by: %w", err)}
	}
	if err := pipeline.CheckReason(reason); err != nil {
		return &codedError{exitUsage, fmt.Errorf("--reason: %w", err)}
	}
	return nil
}

func decide(ctx context.Context, out io.Writer, o decideOptions, incident string) (err error) {
	decision, wanted, err := o.decision(incident)
	if err != nil {
		return err
	}
	d, err := openData(ctx, o.dataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if wanted {
		decision.At = time.Now().UTC()
		err = d.store.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.Decide(ctx, decision)
			return err
		})
	}
	var review pipeline.Review
	if err == nil {
		review, err = d.store.Review(ctx, incident)
	}
	if err != nil {
		return decideFault(d.noVerdict(err, incident))
	}
	if o.json {
		return people.ReviewJSON(out, review)
	}
	return people.Review(out, review)
}

// decideFault says what a person can do about a decision that was not kept.
func decideFault(err error) error {
	var stale *store.StaleError
	if errors.As(err, &stale) {
		return &codedError{exitPartial, fmt.Errorf("%w; look at it with whenwhere show and decide again", err)}
	}
	return err
}
