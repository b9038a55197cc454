package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"whenwhere/internal/report"
	"whenwhere/internal/report/people"
)

func newShow() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "show INCIDENT", Short: "Take one verdict apart, line by line",
		Long: `Print the latest verdict of an incident in full: every line with its weight in bans,
its reason, its basis and evidence, what the score would be without it, what is
unknown, what cannot all be true, and what to look for next. At the end stands what people
decided, which is another thing (whenwhere decide).

` + exitHelp,
		Example: "  whenwhere show AUT-01\n  whenwhere show AUT-01 --json | jq .axes",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return show(cmd.Context(), cmd.OutOrStdout(), dir, args[0], asJSON)
		},
	}
	addData(cmd, &dir)
	cmd.Flags().BoolVar(&asJSON, "json", false, "the verdict as JSON")
	return cmd
}

func show(ctx context.Context, out io.Writer, dirFlag, id string, asJSON bool) error {
	d, err := openData(ctx, dirFlag)
	if err != nil {
		return err
	}
	defer d.Close()
	j, err := d.store.Verdict(ctx, id)
	if err != nil {
		return d.noVerdict(err, id)
	}
	if asJSON {
		return report.JSONLines(out, j.Verdict)
	}
	review, err := d.store.Review(ctx, id)
	if err != nil {
		return err
	}
	if err := report.Page(out, j.Verdict); err != nil {
		return err
	}
	return people.Standing(out, review)
}
