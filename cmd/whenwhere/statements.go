package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"whenwhere/internal/casebook"
	"whenwhere/internal/report"
	"whenwhere/internal/report/people"
	"whenwhere/pipeline"
	"whenwhere/pipeline/calls"
)

func newStatements() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "statements", Short: "Public calls, and which incidents they speak of",
		Long: `List the public statements of the cases (statements.jsonl): calls to kill or to take no
prisoners, and the like. Their media are verified as those of incidents are, by where and
when the record says that they were made; whenwhere show and decide take their ids.

A line holds id, published (as the sources of an incident), and quote, quote_sha256 or
media; and if known who, role, side, units, said (from, to), where (lon, lat, radius_m),
incidents (ids that it speaks of), marks, brackets and landmarks as of incidents.

Each is listed with the incidents that it speaks of, as its record or a person says, and
with those that it may speak of: a unit in common, the same footage, how long before the
incident it was made. Nothing is linked by the machine. Who said it is not printed.

` + exitHelp,
		Example: "  whenwhere statements\n  whenwhere statements link S-01 AUT-03 --by analyst-2 --reason \"names the unit and the village\"",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return listStatements(cmd.Context(), cmd.OutOrStdout(), dir, asJSON)
		},
	}
	addData(cmd, &dir)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line: id, role, side, units, said, published, media, machine, people, speaks_of, may_be")
	cmd.AddCommand(newStatementsLink())
	return cmd
}

func listStatements(ctx context.Context, out io.Writer, dirFlag string, asJSON bool) (err error) {
	d, err := openData(ctx, dirFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	book, err := casebook.Read(ctx, d.store)
	if err != nil {
		return err
	}
	if asJSON {
		return report.JSONLines(out, callsOf(book)...)
	}
	return people.Calls(out, callsOf(book))
}

// callsOf puts each statement together with what it speaks of.
func callsOf(book casebook.Book) []people.Call {
	of := map[string]*people.Call{}
	out := make([]people.Call, 0, len(book.Statements))
	for _, s := range book.Statements {
		c := people.Call{ID: s.Statement.ID, Role: s.Statement.Role, Side: s.Statement.Side, Units: s.Statement.Units, Said: s.Statement.Said,
			Published: len(s.Statement.Published), Media: len(s.Media), People: s.Review.State(),
			SpeaksOf: []people.SpokenOf{}, MayBe: []calls.Proposal{}}
		if s.Judged != nil {
			c.Machine = s.Judged.Status
		}
		out = append(out, c)
		of[c.ID] = &out[len(out)-1]
	}
	for _, s := range book.SpeakOf() {
		if c := of[s.Statement]; c != nil {
			c.SpeaksOf = append(c.SpeaksOf, people.SpokenOf{Incident: s.Incident, By: s.By, Reason: s.Reason})
		}
	}
	for _, p := range book.Calls() {
		of[p.Statement].MayBe = append(of[p.Statement].MayBe, p)
	}
	return out
}

func newStatementsLink() *cobra.Command {
	var o mergeOptions
	cmd := &cobra.Command{
		Use: "link STATEMENT INCIDENT", Short: "Say as a person that a statement speaks of an incident, or does not",
		Long: `Keep that a statement speaks of an incident, in the name of a person. With --apart, keep that
it does not; --undo takes back what was said last. What was said stays in the history.

` + exitHelp,
		Example: `  whenwhere statements link S-01 AUT-03 --by analyst-2 --reason "names the unit and the village"
  whenwhere statements link S-01 AUT-07 --apart --by analyst-2 --reason "another brigade of the same number"`,
		Args: usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := errors.Join(needed(cmd, "by", "reason"), filled(cmd, "by", "reason"), checkMerge(o, args)); err != nil {
				return err
			}
			return sayOf(cmd.Context(), cmd.OutOrStdout(), o, o.word(pipeline.LinkStatement, args))
		},
	}
	o.flags(cmd)
	return cmd
}
