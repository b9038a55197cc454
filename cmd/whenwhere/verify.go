package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"whenwhere/internal/manifest"
	"whenwhere/internal/queue"
	"whenwhere/internal/report"
	"whenwhere/internal/store/filelock"
	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

func newVerify() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use: "verify CASE", Short: "Verify all incidents of a case folder",
		Long: `Verify all incidents of a case folder and print one verification score for each.

CASE holds
  incidents.jsonl   one incident record a line (whenwhere schema describes it);
                    also incidents.csv and incidents.geojson
  statements.jsonl  public calls, optional (whenwhere statements --help)
  media/            the photos and movies that the records name
  control/          dated control maps as GeoJSON, optional: YYYYMMDD in the name,
                    features with property side ru, ua or contested; beside
                    them count those of whenwhere control import
  known/            archived footage, optional, with known.csv: file or sha256,
                    first_seen, url, event

A claim may name its place (claim.where with name, oblast, raion) in place of coordinates.
The name is looked for in the gazetteer files that you supply; it counts only if exactly
one place has it. Else the claim stays vague, and the verdict says what would tell the
places of that name apart.

Originals and results are kept in the data folder. Whatever was measured before is
not measured again; a run that was killed goes on where it was. What is wrong with
the case is named by file, line and field, and the rest is verified. One data folder
may hold several cases, told apart by the names of their folders; an incident id
belongs to one of them. One verify at a time works on a data folder.

The score is 100 times the probability that the footage was filmed at the claimed
place within the claimed time, given the findings, the rules and a prior of one
half. It says nothing of crimes or guilt. Weights are bans: +1 makes the claim ten
times as likely, -1 ten times less.

` + exitHelp,
		Example: `  whenwhere verify fixtures/autumn
  whenwhere verify case --data /mnt/evidence --workers 8
  whenwhere verify case --json > verdicts.jsonl
  whenwhere verify case --rules desk.json`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := filled(cmd, "rules"); err != nil {
				return err
			}
			o.caseDir = args[0]
			return verify(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o)
		},
	}
	addData(cmd, &o.dataDir)
	addGazetteer(cmd, &o.gazetteers)
	addWorkers(cmd, &o.workers)
	addRules(cmd, &o.rules)
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "one verdict a line instead of a table")
	return cmd
}

type verifyOptions struct {
	caseDir, dataDir string
	gazetteers       []string
	rules            string
	workers          int
	asJSON           bool
}

func verify(ctx context.Context, out, errs io.Writer, o verifyOptions) error {
	if err := checkWorkers(o.workers); err != nil {
		return err
	}
	rules, err := rulesOf(o.rules)
	if err != nil {
		return err
	}
	if err := checkStages(score.Default()); err != nil {
		return err
	}
	sayRules(errs, rules)
	root, err := os.OpenRoot(o.caseDir)
	if err != nil {
		return fmt.Errorf("case folder: %w", err)
	}
	defer root.Close()
	d, err := makeData(ctx, o.dataDir)
	if err != nil {
		return err
	}
	j, err := newJob(d, errs, ruling{rules, caseName(o.caseDir)}, o.workers)
	if err != nil {
		return explain(errors.Join(err, d.Close()))
	}
	verdicts, clean, err := verifyCase(ctx, j, root, o)
	closeErr := j.close()
	if err != nil {
		return explain(err)
	}
	if err = present(out, errs, verdicts, clean, d.dir, o.asJSON); closeErr != nil {
		return explain(closeErr) // the verdicts stand; that they could not be signed matters more than what else is said
	}
	return err
}

// explain adds what to do to errors that a person meets often.
func explain(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return errors.New("interrupted; what was finished is kept, and the same command goes on from there")
	case errors.Is(err, queue.ErrBusy), errors.Is(err, filelock.ErrHeld):
		return &hintedError{err, "another whenwhere works on this data folder: wait for its end, or use another folder with --data"}
	}
	return err
}

// verifyCase does the work. clean is false when anything of the case was refused or failed.
func verifyCase(ctx context.Context, job *job, root *os.Root, o verifyOptions) (verdicts []pipeline.Verdict, clean bool, err error) {
	d, errs := job.data, job.errs
	in, err := newIntake(ctx, d, root, caseName(o.caseDir))
	if err != nil {
		return nil, false, err
	}
	records, problems := manifest.Read(root)
	said := sayAll(errs, problems)
	placed, err := namedPlaces(errs, d.dir, o.gazetteers, records)
	if err != nil {
		return nil, false, err
	}
	maps, mapFaults, err := in.loadMaps(ctx, records)
	if err != nil {
		return nil, false, err
	}
	said += sayAll(errs, mapFaults)
	if len(records.Records) == 0 {
		return nil, false, fmt.Errorf("%s: no incident could be read", o.caseDir)
	}
	batch, faults, err := in.receive(ctx, records)
	if err != nil {
		return nil, false, err
	}
	said += sayAll(errs, faults)
	job.maps.set(in.name, maps)
	clashes, err := job.maps.clashes(ctx, in.name)
	if err != nil {
		return nil, false, err
	}
	for _, text := range clashes {
		said++
		job.say(text)
	}
	failures, changes, err := job.run(ctx, batch)
	if err != nil {
		return nil, false, err
	}
	sayChanges(errs, changes)
	unjudged, faults := incidentFaults(failures)
	said += sayAll(errs, faults)
	if faults, err = in.mediaFaults(ctx, records); err != nil {
		return nil, false, err
	}
	said += sayAll(errs, faults)
	verdicts, complete, err := d.latest(ctx, batch.Incidents, unjudged)
	return verdicts, placed && complete && said+job.maps.faulty() == 0 && len(failures) == 0, err
}

// latest finds the verdicts of the incidents that were judged. Of the others, one of before is not of this input.
func (d *data) latest(ctx context.Context, incidents []string, unjudged map[string]bool) (verdicts []pipeline.Verdict, complete bool, err error) {
	complete = true
	for _, id := range incidents {
		if unjudged[id] {
			continue
		}
		j, err := d.store.Verdict(ctx, id)
		if err != nil {
			return nil, false, fmt.Errorf("incident %s: %w", id, err)
		}
		verdicts = append(verdicts, j.Verdict)
		complete = complete && len(j.Verdict.Incomplete) == 0
	}
	return verdicts, complete, nil
}

func caseName(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return filepath.Base(abs)
	}
	return filepath.Base(dir)
}

func sayAll[E error](w io.Writer, faults []E) int {
	for _, f := range faults {
		fmt.Fprintln(w, report.Plain(f.Error()))
	}
	return len(faults)
}

func present(out, errs io.Writer, verdicts []pipeline.Verdict, clean bool, dir string, asJSON bool) error {
	var err error
	if asJSON {
		err = report.JSONLines(out, verdicts...)
	} else {
		err = report.Table(out, verdicts)
		fmt.Fprintf(errs, "\nData lies in %s. Take a verdict apart: whenwhere show INCIDENT --data %s\n", dir, dir)
	}
	if err == nil && !clean {
		err = &codedError{exitPartial, errors.New("done, but something was refused or failed: see the messages above and the verdicts marked incomplete")}
	}
	return err
}
