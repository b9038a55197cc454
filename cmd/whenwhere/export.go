package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/blob"
	"whenwhere/internal/bundle"
	"whenwhere/internal/report"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

type exportOptions struct {
	dataDir, file, by string
	asJSON            bool
}

func newExport() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use: "export INCIDENT -o BUNDLE", Short: "Hand over one incident with everything that proves it unaltered",
		Long: `Write one incident as a zip archive that anybody can check without this data folder: the
originals, the record, what was measured, the verdict, the rules and the digests of the
data sets that it rests on, people's decisions, and the log's leaves of all that, with
proofs that they are in the tree of a signed checkpoint. The export is logged itself.

THE BUNDLE IS INTERNAL: it holds the record as it came in, with exact coordinates,
accounts and pseudonyms, and footage that may be graphic. For others there is
"whenwhere report --audience".

Whoever gets it needs the public key of the log (log.pub in the data folder), by another
way than the bundle, and checks it with "whenwhere audit check-bundle", or with any other
program: the README.txt in the bundle says how.

` + exitHelp,
		Example: "  whenwhere export AUT-01 -o AUT-01.zip\n  whenwhere audit check-bundle AUT-01.zip --pub log.pub",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := filled(cmd, "by"); err != nil {
				return err
			}
			return export(cmd.Context(), cmd.OutOrStdout(), o, args[0])
		},
	}
	addData(cmd, &o.dataDir)
	cmd.Flags().StringVarP(&o.file, "output", "o", "", "`FILE` to write the bundle to (needed)")
	cmd.Flags().StringVar(&o.by, "by", "", "pseudonym of the person who exports, for the log")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "what was written as JSON")
	return cmd
}

func export(ctx context.Context, out io.Writer, o exportOptions, incident string) error {
	if o.file == "" {
		return &codedError{exitUsage, errors.New("export: name the file of the bundle with -o")}
	}
	if o.by != "" {
		if err := pipeline.CheckPerson(o.by); err != nil {
			return &codedError{exitUsage, fmt.Errorf("--by: %w", err)}
		}
	}
	if err := canBeWritten(o.file); err != nil { // before the log tells of an export
		return err
	}
	d, lock, err := openAlone(ctx, o.dataDir)
	if err != nil {
		return explain(err)
	}
	made, err := writeExport(ctx, d, o, incident)
	if err = errors.Join(err, d.Close(), lock.Release()); err != nil {
		return explain(exportFault(err, incident, d.dir))
	}
	if o.asJSON {
		return report.JSONLines(out, struct {
			Incident  string `json:"incident"`
			File      string `json:"file"`
			Originals int    `json:"originals"`
			Leaves    int    `json:"leaves"`
			Audience  string `json:"audience"`
		}{incident, o.file, made.Originals(), made.Leaves(), "internal"})
	}
	fmt.Fprintf(out, "%s: %s, %d leaves of the log. It is internal: exact coordinates, accounts, unredacted footage.\n", o.file,
		pipeline.Counted(made.Originals(), "original"), made.Leaves())
	return nil
}

func writeExport(ctx context.Context, d *data, o exportOptions, incident string) (*bundle.Bundle, error) {
	request, err := exportRequest(ctx, d, incident)
	if err != nil {
		return nil, err
	}
	request.By = o.by
	made, err := bundle.Make(ctx, bundle.Source{Store: d.store, Blobs: d.blobs, Sign: d.sign}, request)
	if err != nil {
		return nil, err
	}
	return made, writeNew(o.file, made.Write)
}

// exportFault says what is wrong with the data folder in place of the bundle.
func exportFault(err error, incident, dir string) error {
	var damaged *blob.DamagedError
	switch {
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("there is no incident %q in %s, or its salt was erased: %w", incident, dir, err)
	case errors.As(err, &damaged), errors.Is(err, fs.ErrNotExist):
		return &codedError{exitDamage, fmt.Errorf("nothing was exported: %w", err)}
	}
	return err
}

// dataSets is what a verdict rests on besides its incident.
type dataSets struct {
	Program  string            `json:"program"`
	Stages   []string          `json:"stages"`
	Versions map[string]string `json:"versions"`
	Maps     []dataMap         `json:"control_maps"`
}

type dataMap struct {
	Provider string `json:"provider"`
	AsOf     string `json:"as_of"`
	SHA256   string `json:"sha256"`
}

func exportRequest(ctx context.Context, d *data, incident string) (bundle.Request, error) {
	r := bundle.Request{Incident: incident, Version: programVersion()}
	record, _, err := d.store.Attached(ctx, incident)
	if err != nil {
		return r, err
	}
	row, err := d.store.Incident(ctx, incident)
	if err != nil {
		return r, err
	}
	sets := dataSets{Program: programVersion(), Stages: []string{}, Versions: map[string]string{}, Maps: []dataMap{}}
	for _, e := range extractors(nil) {
		sets.Stages = append(sets.Stages, e.Name+" "+e.Version)
	}
	refs, err := newCaseMaps(d).touching(ctx, row.Case, record.Claim)
	if err != nil {
		return r, err
	}
	for _, m := range refs {
		sets.Maps = append(sets.Maps, dataMap{m.provider, m.asOf.UTC().Format(time.RFC3339Nano), m.sha256})
		if m.own == nil {
			r.Maps = append(r.Maps, m.imported.ControlMap)
		}
	}
	j, err := d.store.Verdict(ctx, incident)
	if err == nil {
		sets.Versions = j.Verdict.Data
		r.Rules, err = rulesText(ctx, d, j.Verdict.Rules)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return r, err
	}
	var text bytes.Buffer
	err = writeJSON(&text, sets)
	r.Data = text.Bytes()
	return r, err
}

// rulesText is the table that a verdict names.
func rulesText(ctx context.Context, d *data, name string) ([]byte, error) {
	rules, err := rulesNamed(ctx, d, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("rules %s: neither kept with the verdicts nor in this program", name)
	}
	if err != nil {
		return nil, err
	}
	return rules.Canonical()
}
