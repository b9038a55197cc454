package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/casebook"
	"whenwhere/internal/report"
	"whenwhere/internal/report/people"
	"whenwhere/pipeline/tally"
)

type summaryOptions struct {
	dataDir, since, until, by, compare string
	gazetteers                         []string
	json, csv                          bool
}

func newSummary() *cobra.Command {
	var o summaryOptions
	cmd := &cobra.Command{
		Use: "summary", Short: "Count incidents without double counting, and set them beside other tallies",
		Long: `Count incidents: alleged victims by party at the least and at the most, what people
decided, what the machine says and why, and where operations were underway.

Records that a person joined (whenwhere merge) are one incident; the record that people,
then the machine, hold best stands for it, and its victims are from the least that any
record alleges to the most. Pairs that may be one and of which nobody has spoken count as
two, and the count is given as if they were one beside it. An incident is in the period,
and in the month, in which the middle of its claimed window lies.

The machine's status and people's decisions are in columns of their own. Oblasts are those
that records name, else those of the borders in the gazetteer (whenwhere place import).

--compare FILE sets each row of a CSV list beside ours of the same days, with what keeps
both from being compared. Columns: period_from, period_to (days, both included), body,
incidents, persons; numbers are whole or a range (30-35), an empty cell is not known.

` + exitHelp,
		Example: `  whenwhere summary
  whenwhere summary --since 2024-09-01 --until 2024-11-30 --by month
  whenwhere summary --compare tallies.csv --csv > beside.csv`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := filled(cmd, "since", "until", "by", "compare"); err != nil {
				return err
			}
			return summarize(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o)
		},
	}
	addData(cmd, &o.dataDir)
	addGazetteer(cmd, &o.gazetteers)
	f := cmd.Flags()
	f.StringVar(&o.since, "since", "", "only incidents from this day or time on")
	f.StringVar(&o.until, "until", "", "only incidents until this day, which is included, or before this time")
	f.StringVar(&o.by, "by", "", "break down by month, oblast, party (of the victims) or status (the machine's)")
	f.StringVar(&o.compare, "compare", "", "CSV `FILE` of other bodies' tallies to set beside ours")
	f.BoolVar(&o.json, "json", false, "one JSON object: since, until, total, parties, why, by, rows, merged, open, undated, outside, statements, compared")
	f.BoolVar(&o.csv, "csv", false, "a table: the rows of --by and the total, or with --compare the tallies beside ours")
	return cmd
}

// asked is what the options ask for.
type asked struct {
	since, until *time.Time
	by           tally.By
	tallies      []tally.Tally
}

func (o summaryOptions) read() (a asked, err error) {
	if o.json && o.csv {
		return a, &codedError{exitUsage, errors.New("--json and --csv do not go together")}
	}
	a.by = tally.By(o.by)
	if err := a.by.Check(); err != nil {
		return a, &codedError{exitUsage, fmt.Errorf("--by: %w", err)}
	}
	for _, b := range []struct {
		option, text string
		whole        bool
		to           **time.Time
	}{{"since", o.since, false, &a.since}, {"until", o.until, true, &a.until}} {
		if b.text == "" {
			continue
		}
		t, err := boundOption(b.option, b.text, b.whole)
		if err != nil {
			return a, err
		}
		t = t.UTC()
		*b.to = &t
	}
	if a.since != nil && a.until != nil && !a.since.Before(*a.until) {
		return a, &codedError{exitUsage, fmt.Errorf("--since %s is not before --until %s", o.since, o.until)}
	}
	if o.compare != "" {
		a.tallies, err = readTallies(o.compare)
	}
	return a, err
}

// readTallies reads a list of tallies whole or not at all: a comparison with a row missing would mislead.
func readTallies(path string) ([]tally.Tally, error) {
	text, err := readRegular(path, tally.MaxTallyBytes+1)
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	tallies, faults := tally.ReadTallies(bytes.NewReader(text))
	for i, fault := range faults {
		faults[i] = fmt.Errorf("compare: %s: %w", filepath.Base(path), fault)
	}
	if len(faults) > 0 {
		return nil, &codedError{exitPartial, errors.Join(faults...)}
	}
	return tallies, nil
}

func summarize(ctx context.Context, out, errs io.Writer, o summaryOptions) (err error) {
	a, err := o.read()
	if err != nil {
		return err
	}
	d, err := openData(ctx, o.dataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	places, _, err := loadGazetteer(errs, d.dir, o.gazetteers)
	if err != nil {
		return err
	}
	book, err := casebook.Read(ctx, d.store)
	if err != nil {
		return err
	}
	counted := book.Tally(places)
	s := people.Statement{Summary: counted.Summarize(a.since, a.until, a.by)}
	if calls := book.CountCalls(a.since, a.until); len(book.Statements) > 0 {
		s.Calls = &calls
	}
	if o.compare != "" {
		s.Compared = counted.Compare(a.tallies)
	}
	switch {
	case o.json:
		return report.JSONLines(out, s)
	case o.csv:
		return people.SummaryCSV(out, s)
	}
	return people.Summary(out, s)
}
