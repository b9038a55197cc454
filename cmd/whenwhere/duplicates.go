package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"whenwhere/internal/casebook"
	"whenwhere/internal/report"
	"whenwhere/internal/report/people"
	"whenwhere/pipeline/duplicates"
)

type duplicatesOptions struct {
	dataDir string
	least   string
	all     bool
	json    bool
}

func newDuplicates() *cobra.Command {
	var o duplicatesOptions
	cmd := &cobra.Command{
		Use: "duplicates", Short: "Which incidents may be one, with reasons",
		Long: `List pairs of incidents that may be one, each with what speaks for and against it: the
footage they share, how far their places lie apart against what both state, how much of
their times is common, posts that both cite, victims, party, kind. Weights are in bans
under a stated model; where it rests on real events it says measured, where on judgement
it says judged.

Pairs that share footage are always listed, however little else they have in common: it
is one incident, or one claim took the footage of the other.

Nothing is joined. A person does so with whenwhere merge, or says that they are two.

` + exitHelp,
		Example: "  whenwhere duplicates\n  whenwhere duplicates --least 1 --json | jq -r '[.a,.b,.chance]|@tsv'",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := filled(cmd, "least"); err != nil {
				return err
			}
			return listDuplicates(cmd.Context(), cmd.OutOrStdout(), o)
		},
	}
	addData(cmd, &o.dataDir)
	f := cmd.Flags()
	f.StringVar(&o.least, "least", plain(duplicates.DefaultLeastBans), "least weight of a pair without shared footage, in bans")
	f.BoolVar(&o.all, "all", false, "also pairs of which people have spoken")
	f.BoolVar(&o.json, "json", false, "one JSON object a line: a, b, bans, chance, shared_footage, parts, said")
	return cmd
}

func listDuplicates(ctx context.Context, out io.Writer, o duplicatesOptions) (err error) {
	least, err := numberOption("least", o.least, -20, 20)
	if err != nil {
		return err
	}
	d, err := openData(ctx, o.dataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	book, err := casebook.Read(ctx, d.store)
	if err != nil {
		return err
	}
	pairs := book.Proposals(least)
	if o.all {
		pairs = append(pairs, book.Spoken()...)
	}
	if o.json {
		return report.JSONLines(out, pairs...)
	}
	return people.Duplicates(out, pairs, len(book.Entries))
}
