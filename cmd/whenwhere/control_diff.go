package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/control"
	"whenwhere/internal/feature"
	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

type controlDiffOptions struct {
	maps               mapQuestion
	from, to, provider string
	geoJSON            string
	asJSON             bool
}

func newControlDiff() *cobra.Command {
	var o controlDiffOptions
	cmd := &cobra.Command{
		Use: "diff", Short: "Which ground changed hands between two times",
		Long: `Print how much ground changed hands between two times, by each provider: the map in
force at the one is compared with the map in force at the other. The differences are
exact where the shapes allow it; where a shape crosses itself they are measured by rows,
and that is said. Ground that either map leaves unknown is not counted. Two maps of one
provider in two formats are named so: the one may draw contested ground that the other
leaves out, so that only ground held by ru is compared.

--geojson writes the patches (RFC 7946, 7 decimals): each with the side that had it, the
side that got it, its area in km2, and the two maps. - writes to standard output, and the
table to standard error.

` + exitHelp,
		Example: `  whenwhere control diff --from 2024-10-01 --to 2024-10-31
  whenwhere control diff --from 2024-10-01 --to 2024-10-31 --provider deepstate --geojson october.geojson`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return runControlDiff(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.from, "from", "", "the earlier time: a day, from its start, or a time with its offset (needed)")
	f.StringVar(&o.to, "to", "", "the later time: a day, to its end, or a time with its offset (needed)")
	f.StringVar(&o.provider, "provider", "", "ask this provider only")
	f.StringVar(&o.geoJSON, "geojson", "", "write the patches of ground to this file, - for standard output")
	o.maps.add(cmd)
	f.BoolVar(&o.asJSON, "json", false, "one JSON object a line, of each provider")
	return cmd
}

func runControlDiff(cmd *cobra.Command, o controlDiffOptions) error {
	if err := needed(cmd, "from", "to"); err != nil {
		return err
	}
	if err := filled(cmd, "maps", "known-by", "provider", "geojson"); err != nil {
		return err
	}
	if o.asJSON && o.geoJSON == "-" {
		return &codedError{exitUsage, errors.New("--json and --geojson -: standard output takes one of them")}
	}
	from, err := boundOption("from", o.from, false)
	if err != nil {
		return err
	}
	to, err := boundOption("to", o.to, true)
	if err != nil {
		return err
	}
	if !to.After(from) {
		return badOption("to", o.to, "a time after --from")
	}
	maps, err := o.maps.open(cmd.Context(), cmd.ErrOrStderr(), ends(from, to))
	if err != nil {
		return err
	}
	diffs, err := maps.diffs(from, to, o.provider)
	if err != nil {
		return err
	}
	if err := o.write(cmd, diffs); err != nil {
		return err
	}
	return maps.partial()
}

func (a askedMaps) diffs(from, to time.Time, provider string) ([]control.Diff, error) {
	var names []string
	for _, e := range a.Editions() {
		if provider == "" || e.Provider == provider {
			names = once(names, e.Provider)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no maps of %q around that time", provider)
	}
	var out []control.Diff
	for _, name := range names {
		d, err := a.Diff(from, to, name)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func (o controlDiffOptions) write(cmd *cobra.Command, diffs []control.Diff) error {
	out := cmd.OutOrStdout()
	switch o.geoJSON {
	case "":
	case "-":
		if err := writePatches(out, diffs); err != nil {
			return err
		}
		out = cmd.ErrOrStderr()
	default:
		if err := writeNew(o.geoJSON, func(w io.Writer) error { return writePatches(w, diffs) }); err != nil {
			return fmt.Errorf("--geojson %s: %w", o.geoJSON, err)
		}
	}
	if !o.asJSON {
		return printDiffs(out, diffs)
	}
	return report.JSONLines(out, each(diffs, newDiffRow)...)
}

// diffRow is what is printed of one provider; before and after are null when there are no two maps to compare.
type diffRow struct {
	Provider     string   `json:"provider"`
	Before       *string  `json:"before"`
	After        *string  `json:"after"`
	Complete     bool     `json:"complete"` // a map was in force at the earlier time
	GainedRUKm2  float64  `json:"gained_ru_km2"`
	GainedUAKm2  float64  `json:"gained_ua_km2"`
	ContestedKm2 float64  `json:"contested_km2"`
	Patches      int      `json:"patches"`
	Exact        bool     `json:"exact"`
	Formats      []string `json:"formats,omitempty"` // of the two maps, if they differ: the one may not draw what the other does
	Flags        []string `json:"flags,omitempty"`
}

func newDiffRow(d control.Diff) diffRow {
	out := diffRow{Provider: d.Provider}
	if !d.Found {
		return out
	}
	before, after := mapName(d.Provider, d.Before.AsOf), mapName(d.Provider, d.After.AsOf)
	return diffRow{d.Provider, &before, &after, d.Complete, thousandths(d.GainedRUKm2), thousandths(d.GainedUAKm2),
		thousandths(d.ContestedKm2), len(d.Patches), d.RowM == 0, twoFormats(d), d.Flags}
}

func twoFormats(d control.Diff) []string {
	if d.Before.Format == d.After.Format {
		return nil
	}
	return []string{d.Before.Format, d.After.Format}
}

func thousandths(v float64) float64 { return math.Round(v*1000) / 1000 }

func printDiffs(out io.Writer, diffs []control.Diff) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PROVIDER\tBEFORE\tAFTER\tRU GAINED\tUA GAINED\tNEWLY CONTESTED\tPATCHES\tNOTES")
	for _, d := range diffs {
		if !d.Found {
			row(w, d.Provider, "no two maps to compare")
			continue
		}
		row(w, d.Provider, d.Before.AsOf.UTC().Format(time.RFC3339), d.After.AsOf.UTC().Format(time.RFC3339), km2(d.GainedRUKm2),
			km2(d.GainedUAKm2), km2(d.ContestedKm2), fmt.Sprint(len(d.Patches)), diffNotes(d))
	}
	return w.Flush()
}

func km2(v float64) string { return fmt.Sprintf("%.2f km2", v) }

func diffNotes(d control.Diff) string {
	var notes []string
	if !d.Complete {
		notes = append(notes, "no map at the earlier time: the first there is")
	}
	if formats := twoFormats(d); formats != nil {
		notes = append(notes, "maps of two formats: "+strings.Join(formats, ", "))
	}
	var doubts []flagged
	for _, f := range d.Flags {
		doubts = addFlag(doubts, f)
	}
	for _, x := range doubts {
		notes = append(notes, fmt.Sprintf("%s (%s)", x.Flag, pipeline.Counted(x.Times, "time")))
	}
	return strings.Join(notes, "; ")
}

// patchProperties say whose ground changed hands.
type patchProperties struct {
	Provider string  `json:"provider"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Km2      float64 `json:"km2"`
	Before   string  `json:"before"`
	After    string  `json:"after"`
	Exact    bool    `json:"exact"`
}

func writePatches(w io.Writer, diffs []control.Diff) error {
	out := feature.NewWriter(w, nil)
	for _, d := range diffs {
		for _, p := range d.Patches {
			about := patchProperties{d.Provider, string(p.From), string(p.To), math.Round(p.Km2*1e6) / 1e6,
				mapName(d.Provider, d.Before.AsOf), mapName(d.Provider, d.After.AsOf), d.RowM == 0}
			if err := out.Add(feature.Feature{Geometry: p.Shape, Properties: about}); err != nil {
				return err
			}
		}
	}
	return out.Close()
}
