package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"whenwhere/internal/audience"
	"whenwhere/internal/report/record"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

type reportOptions struct {
	dataDir, format, file, audience string
	gazetteers                      []string
	all, json, fields, showFrames   bool
}

func newReport() *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use: "report {INCIDENT... | --all}", Short: "Write incidents and their verdicts for people and programs elsewhere",
		Long: `Write incidents with their newest verdicts in one of these formats:

` + formatHelp() + `
--audience says for whom. It decides what is in the file:

  internal    everything, coordinates exact (the default; not to be given away)
  partner     places as cells of 1 km, with their raions if a gazetteer is there;
              weights to a tenth of a ban; times of filming in whole minutes; no words
              of claims, no reasons, no names
  public      only incidents that two people have verified (whenwhere decide);
              places as cells of 10 km; times of filming in steps of ten minutes; no
              hashes of media; else as for partners

A place becomes the middle of the cell of a fixed grid that it lies in, with a radius
that holds all of the claimed place. The same place gives the same cell each time and
in every format. When nothing may be given, the file is an empty valid document, and
standard error says how many were withheld and why.

All formats hold the same fields, which --fields lists. Each incident that is written
is an event of the log.

` + exitHelp,
		Example: `  whenwhere report AUT-01 --format json -o AUT-01.json
  whenwhere report --all --format csv --audience partner -o partner.csv
  whenwhere report --all --format geojson --audience public -o map.geojson
  whenwhere report --all --format ndjson -o - | jq .score`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.fields {
				return printFields(cmd, o.json)
			}
			job, err := o.job(cmd, args)
			if err != nil {
				return err
			}
			if err = job.run(cmd); errors.Is(err, context.Canceled) {
				return errors.New("report: interrupted; no file was written")
			}
			return err
		},
	}
	addData(cmd, &o.dataDir)
	addGazetteer(cmd, &o.gazetteers)
	f := cmd.Flags()
	f.BoolVar(&o.all, "all", false, "every incident that was judged; statements are none")
	f.StringVar(&o.format, "format", "", "one of "+strings.Join(formatNames(), ", "))
	f.StringVarP(&o.file, "output", "o", "", "`FILE` to write, - for standard output")
	f.StringVar(&o.audience, "audience", string(audience.Internal), "internal, partner or public")
	f.BoolVar(&o.json, "json", false, "what was written and withheld as one JSON object; with --fields, the fields as JSON")
	f.BoolVar(&o.showFrames, "show-frames", false, "html for internal use: beside outlines the frames themselves, behind lids; they may be graphic")
	f.BoolVar(&o.fields, "fields", false, "list the fields that every format holds, and stop")
	return cmd
}

// job checks what was asked for, before anything is opened.
func (o reportOptions) job(cmd *cobra.Command, args []string) (*reportJob, error) {
	if err := errors.Join(filled(cmd, "format", "output", "audience", "data"), needed(cmd, "format", "output")); err != nil {
		return nil, err
	}
	usage := func(format string, args ...any) error { return &codedError{exitUsage, fmt.Errorf(format, args...)} }
	to, err := audience.Parse(o.audience)
	if err != nil {
		return nil, badOption("audience", o.audience, "internal, partner or public")
	}
	format := slices.IndexFunc(reportFormats(), func(f reportFormat) bool { return f.name == o.format })
	ids := slices.Sorted(slices.Values(args))
	switch {
	case format < 0:
		return nil, badOption("format", o.format, "one of "+strings.Join(formatNames(), ", "))
	case o.all == (len(args) > 0):
		return nil, usage("report: name incidents or say --all, and not both (see %s --help)", cmd.CommandPath())
	case len(slices.Compact(ids)) < len(args):
		return nil, usage("report: an incident is named twice")
	case o.showFrames && (o.format != "html" || !to.Words()):
		return nil, usage("--show-frames: frames are in html for internal use only")
	case o.json && o.file == "-":
		return nil, usage("--json and -o -: standard output takes one of them")
	}
	return &reportJob{options: o, format: reportFormats()[format], audience: to, ids: args}, nil
}

func formatHelp() string {
	var b strings.Builder
	for _, f := range reportFormats() {
		fmt.Fprintf(&b, "  %-11s %s\n", f.name, f.doc)
	}
	return b.String()
}

func formatNames() (out []string) {
	for _, f := range reportFormats() {
		out = append(out, f.name)
	}
	return out
}

// printFields is the documentation of the fields, from where they are defined.
func printFields(cmd *cobra.Command, asJSON bool) error {
	if asJSON {
		return writeJSON(cmd.OutOrStdout(), record.Fields())
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, f := range record.Fields() {
		kind := string(f.Kind)
		if f.Optional {
			kind += ", may be absent"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Name, kind, f.Doc)
	}
	return w.Flush()
}

// reportIDs are the incidents to write: those named, or all that there are.
func (j *reportJob) reportIDs(ctx context.Context) ([]string, error) {
	if len(j.ids) > 0 {
		return j.ids, nil
	}
	rows, err := j.data.store.Incidents(ctx)
	var out []string
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out, err
}

// entry reads one incident. ok is false when it was not judged yet, which is an error for one that was named.
func (j *reportJob) entry(ctx context.Context, id string) (e record.Entry, ok bool, err error) {
	stages := stageNames()
	if !j.format.whole {
		stages = stages[:1] // the one that tells types
	}
	read, err := j.data.store.Reported(ctx, id, stages)
	if errors.Is(err, store.ErrNotFound) && j.options.all {
		return e, false, nil
	}
	return record.Entry{Case: read.Case, Verdict: read.Newest.Verdict, JudgedAt: read.Newest.At, Review: read.Review, Group: j.leads[id]}, err == nil, j.data.noVerdict(err, id)
}

// groups reads which incidents people said are one.
func (j *reportJob) groups(ctx context.Context) (map[string]string, error) {
	links, err := j.data.store.Links(ctx, pipeline.LinkIncidents)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	people, err := j.data.store.Reviews(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	approved := map[string]bool{}
	for _, r := range people {
		ids, approved[r.Incident] = append(ids, r.Incident), r.Approved()
	}
	return record.Leads(duplicates.Groups(ids, links), func(id string) bool { return !j.audience.ApprovedOnly() || approved[id] }), nil
}

// withheld counts what was not given, by what people decided.
type withheld map[pipeline.ReviewState]int

func (w withheld) total() (n int) {
	for _, k := range w {
		n += k
	}
	return n
}

func (w withheld) String() string {
	words := map[pipeline.ReviewState]string{pipeline.ReviewVerified: "verified by one person only", pipeline.ReviewOutdated: "decided on an older verdict"}
	var parts []string
	for _, state := range pipeline.ReviewStates() {
		if w[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", w[state], cmp.Or(words[state], string(state))))
		}
	}
	return strings.Join(parts, ", ")
}
