package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"whenwhere/pipeline/score"
)

func newKnown() *cobra.Command {
	cmd := &cobra.Command{
		Use: "known", Short: "Keep and search an archive of known footage",
		Long: `Keep an archive of known footage, and search it. Old footage with a new claim is the
commonest fake: whatever an incident shows is compared with the archive, however it
was re-encoded, resized, mirrored, turned, cropped a little, put into borders, or cut
from a longer movie, and footage that was seen before the claimed time contradicts
the claim.

The archive lies in the data folder beside the incidents. Each change of it has
exactly those incidents judged again that it touches, and says what became of them.

` + exitHelp,
		Example: `  whenwhere known add downloads/ --list known.csv
  whenwhere known find new-clip.mp4
  whenwhere known add --negative logos channel-logo.png
  whenwhere known export ours.csv           a list of hashes, without any footage
  whenwhere known import theirs.csv`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newKnownAdd(), newKnownFind(), newKnownList(), newKnownExport(), newKnownImport(), newKnownRemove())
	return cmd
}

// archiveOptions are those of every command that changes the archive.
type archiveOptions struct {
	dataDir string
	workers int
}

func (o *archiveOptions) add(cmd *cobra.Command) {
	addData(cmd, &o.dataDir)
	addWorkers(cmd, &o.workers)
}

// changeArchive opens the data folder alone, lets do work on it, and takes what was wrong with the input as exit code 3.
func changeArchive(ctx context.Context, errs io.Writer, o archiveOptions, do func(*job) (said int, err error)) error {
	if err := checkWorkers(o.workers); err != nil {
		return err
	}
	rules := score.Default()
	if err := checkStages(rules); err != nil {
		return err
	}
	d, err := makeData(ctx, o.dataDir)
	if err != nil {
		return err
	}
	j, err := newJob(d, errs, ruling{rules: rules}, o.workers)
	if err != nil {
		return explain(errors.Join(err, d.Close()))
	}
	said, err := do(j)
	if closeErr := j.close(); err == nil {
		err = closeErr
	}
	if err == nil && said > 0 {
		err = &codedError{exitPartial, errors.New("done, but something was refused or failed: see the messages above")}
	}
	return explain(err)
}
