package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/sources"
)

func newWitnesses() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "witnesses", Short: "Name, by pseudonym, who testifies on several incidents of a case",
		Long: `Name, by pseudonym, who testifies on several incidents of a case, and which of these one
person cannot have seen both: at first hand, farther apart than 200 km for each hour that
can lie between. Places are not printed, only how far apart they are.

A testimony counts as one witness in each of its incidents. That incidents share a witness
stands in no score: it is for people to weigh. Pseudonyms of different cases are not
compared.

` + exitHelp,
		Example: "  whenwhere witnesses\n  whenwhere witnesses --json | jq '.persons[].conflicts[]'",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return witnesses(cmd.Context(), cmd.OutOrStdout(), dir, asJSON)
		},
	}
	addData(cmd, &dir)
	cmd.Flags().BoolVar(&asJSON, "json", false, "the persons of each case as JSON, one case a line")
	return cmd
}

func witnesses(ctx context.Context, out io.Writer, dirFlag string, asJSON bool) error {
	d, err := openData(ctx, dirFlag)
	if err != nil {
		return err
	}
	defer d.Close()
	cases, err := d.persons(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return report.JSONLines(out, cases...)
	}
	for _, c := range cases {
		if err := c.write(out); err != nil {
			return err
		}
	}
	return nil
}

// casePersons is who testifies on several incidents of a case.
type casePersons struct {
	Case    string           `json:"case"`
	Persons []sources.Person `json:"persons"`
}

// persons reads the testimonies of every case, in the order of their names.
func (d *data) persons(ctx context.Context) ([]casePersons, error) {
	rows, err := d.store.Incidents(ctx)
	if err != nil {
		return nil, err
	}
	told := map[string][]sources.Told{}
	for _, row := range rows {
		record, _, err := d.store.Attached(ctx, row.ID)
		if err != nil {
			return nil, err
		}
		for _, t := range record.Testimonies {
			told[row.Case] = append(told[row.Case], sources.Told{Incident: row.ID, Testimony: t})
		}
	}
	var out []casePersons
	for _, name := range slices.Sorted(maps.Keys(told)) {
		out = append(out, casePersons{name, sources.Persons(told[name])})
	}
	return out, nil
}

func (c casePersons) write(out io.Writer) error {
	var b strings.Builder
	if len(c.Persons) == 0 {
		fmt.Fprintf(&b, "case %s: nobody testifies on several incidents\n", report.Plain(c.Case))
	} else {
		fmt.Fprintf(&b, "case %s: %s on several incidents\n", report.Plain(c.Case), pipeline.Counted(len(c.Persons), "person"))
	}
	for _, p := range c.Persons {
		saw := "none of them at first hand"
		if len(p.FirstHand) > 0 {
			saw = "saw " + strings.Join(p.FirstHand, ", ")
		}
		fmt.Fprintf(&b, "  %s: %s; %s\n", report.Plain(p.ID), report.Plain(strings.Join(p.Incidents, ", ")), report.Plain(saw))
		for _, x := range p.Conflicts {
			fmt.Fprintf(&b, "    cannot have seen both %s and %s: %.1f km apart within %.1f hours\n", report.Plain(x.Incidents[0]), report.Plain(x.Incidents[1]), x.ApartKm, x.WithinH)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}
