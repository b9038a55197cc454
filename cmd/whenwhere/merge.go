package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/casebook"
	"whenwhere/internal/report"
	"whenwhere/internal/report/people"
	"whenwhere/pipeline"
)

type mergeOptions struct {
	dataDir, by, reason string
	apart, undo, json   bool
}

func newMerge() *cobra.Command {
	var o mergeOptions
	cmd := &cobra.Command{
		Use: "merge A B", Short: "Say as a person that two incidents are one, or two",
		Long: `Keep that two records tell of one incident, so that whenwhere summary counts it once.
Records, verdicts and decisions stay as they are; more than two are joined pair by pair.

With --apart, keep that they are two, so that the pair is not proposed again. --undo takes
back what was said last of the pair. What was said stays in the history, with who said it
and why.

` + exitHelp,
		Example: `  whenwhere merge AUT-03 AUT-07 --by analyst-2 --reason "same yard, same evening, told by two channels"
  whenwhere merge AUT-17 AUT-18 --apart --by analyst-2 --reason "the clip is of neither"
  whenwhere merge AUT-03 AUT-07 --undo --by analyst-1 --reason "two yards"`,
		Args: usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := errors.Join(needed(cmd, "by", "reason"), filled(cmd, "by", "reason"), checkMerge(o, args)); err != nil {
				return err
			}
			return sayOf(cmd.Context(), cmd.OutOrStdout(), o, o.word(pipeline.LinkIncidents, args))
		},
	}
	o.flags(cmd)
	return cmd
}

// flags are those of a person's word on a pair.
func (o *mergeOptions) flags(cmd *cobra.Command) {
	addData(cmd, &o.dataDir)
	f := cmd.Flags()
	f.StringVar(&o.by, "by", "", "pseudonym of the person who says so")
	f.StringVar(&o.reason, "reason", "", "why, in a sentence")
	f.BoolVar(&o.apart, "apart", false, "it is not so")
	f.BoolVar(&o.undo, "undo", false, "take back what was said last of the pair")
	f.BoolVar(&o.json, "json", false, "what was kept as one JSON object: kind, a, b, seq, word, by, reason, at")
}

func checkMerge(o mergeOptions, args []string) error {
	if o.by != "" && o.reason != "" {
		if err := checkWord(o.by, o.reason); err != nil {
			return err
		}
	}
	switch {
	case o.apart && o.undo:
		return &codedError{exitUsage, errors.New("--apart and --undo do not go together: --undo alone takes back whatever was said last")}
	case args[0] == args[1]:
		return &codedError{exitUsage, fmt.Errorf("%q is given twice, two are needed", args[0])}
	}
	return nil
}

// word is what the options say of a pair.
func (o mergeOptions) word(kind pipeline.LinkKind, args []string) pipeline.Link {
	l := pipeline.Link{Kind: kind, A: args[0], B: args[1], Word: pipeline.LinkJoined, By: o.by, Reason: o.reason, At: time.Now().UTC()}
	switch {
	case o.apart:
		l.Word = pipeline.LinkApart
	case o.undo:
		l.Word = pipeline.LinkOpen
	}
	return l
}

// sayOf keeps a person's word on a pair and prints it.
func sayOf(ctx context.Context, out io.Writer, o mergeOptions, word pipeline.Link) (err error) {
	d, err := openData(ctx, o.dataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	kept, err := casebook.Say(ctx, d.store, word)
	var refused *casebook.RefusedError
	switch {
	case errors.As(err, &refused):
		return &codedError{exitPartial, err}
	case err != nil:
		return err
	case o.json:
		return report.JSONLines(out, kept)
	case kept.Kind == pipeline.LinkStatement:
		return people.SpokenWord(out, kept)
	}
	return people.Link(out, kept)
}
