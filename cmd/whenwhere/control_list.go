package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/control"
	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

func newControlList() *cobra.Command {
	var dir string
	var asJSON, editions bool
	cmd := &cobra.Command{
		Use: "list", Short: "Which control maps were imported",
		Long: `Print what was imported of each provider: formats, editions, the first and the last day,
the days that are missing between them by name, the maps that wait for a person and
why, what is known of the licence, and what is doubtful about the files.

A missing day stays one: the maps before and after it are never taken for it.

` + exitHelp,
		Example: "  whenwhere control list\n  whenwhere control list --editions --json | jq -r .id",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return controlList(cmd.Context(), cmd.OutOrStdout(), dir, asJSON, editions)
		},
	}
	addData(cmd, &dir)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line, of each provider or, with --editions, of each map")
	cmd.Flags().BoolVar(&editions, "editions", false, "each map on a line, with the id that accept and remove take")
	return cmd
}

func controlList(ctx context.Context, out io.Writer, dirFlag string, asJSON, editions bool) (err error) {
	d, err := openData(ctx, dirFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	maps, err := newLibrary(d).maps(ctx)
	if err != nil {
		return err
	}
	if editions {
		return printEditions(out, maps, asJSON)
	}
	return printProviders(out, providersOf(maps), asJSON)
}

// mapRow is what is printed of one map.
type mapRow struct {
	ID       string     `json:"id"`
	Provider string     `json:"provider"`
	Format   string     `json:"format"`
	AsOf     time.Time  `json:"as_of"`
	Until    *time.Time `json:"until,omitempty"`
	KnownAt  time.Time  `json:"known_at"`
	KnownHow string     `json:"known_how"`
	HeldKm2  float64    `json:"held_km2"` // drawn as held by ru
	File     string     `json:"file"`
	SHA256   string     `json:"sha256"`
	Licence  string     `json:"licence,omitempty"`
	Flags    []string   `json:"flags,omitempty"`
	Accepted bool       `json:"accepted,omitempty"`
	Waits    string     `json:"waits,omitempty"` // why it is not used
}

func newMapRow(m shelved) mapRow {
	return mapRow{m.name(), m.Provider, m.Format, m.AsOf, m.Until, m.KnownAt, m.KnownHow, tenths(m.HeldKm2), m.File,
		m.digest(), m.Licence, m.Flags, m.Accepted, m.Waits}
}

func printEditions(out io.Writer, maps []shelved, asJSON bool) error {
	if asJSON {
		return report.JSONLines(out, each(maps, newMapRow)...)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tKNOWN\tFORMAT\tHELD KM2\tFILE\tDOUBTS")
	for _, m := range maps {
		doubts := strings.Join(m.Flags, "; ")
		if m.Waits != "" {
			doubts = strings.TrimSuffix("WAITS, not used: "+m.Waits+"; "+doubts, "; ")
		}
		row(w, m.name(), m.KnownAt.Format(time.RFC3339), m.Format, fmt.Sprintf("%.0f", m.HeldKm2), m.File, doubts)
	}
	return w.Flush()
}

// providerRow is what is printed of one provider.
type providerRow struct {
	Provider string    `json:"provider"`
	Formats  []string  `json:"formats"`
	Editions int       `json:"editions"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
	Daily    bool      `json:"daily"`        // most editions come a day after the one before
	Missing  []string  `json:"missing_days"` // of a daily provider, between the first and the last
	Waiting  []waiting `json:"waiting"`      // maps that are not used until a person accepts them
	days     []time.Time
	Licences []string  `json:"licences"` // as known
	Flags    []flagged `json:"flags"`    // doubts, and how often each was met
}

type waiting struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

type flagged struct {
	Flag  string `json:"flag"`
	Times int    `json:"times"`
}

func providersOf(maps []shelved) []providerRow {
	var out []providerRow
	for len(maps) > 0 {
		n := slices.IndexFunc(maps, func(m shelved) bool { return m.Provider != maps[0].Provider })
		if n < 0 {
			n = len(maps)
		}
		out, maps = append(out, newProviderRow(maps[:n])), maps[n:]
	}
	return out
}

func newProviderRow(maps []shelved) providerRow {
	p := providerRow{Provider: maps[0].Provider, Editions: len(maps), First: maps[0].AsOf, Last: maps[len(maps)-1].AsOf,
		Missing: []string{}, Waiting: []waiting{}, Licences: []string{}, Flags: []flagged{}}
	var times []time.Time
	for _, m := range maps {
		times = append(times, m.AsOf)
		p.Formats = once(p.Formats, m.Format)
		if m.Licence != "" {
			p.Licences = once(p.Licences, m.Licence)
		}
		if m.Waits != "" {
			p.Waiting = append(p.Waiting, waiting{m.name(), m.Waits})
		}
		for _, f := range m.Flags {
			p.Flags = addFlag(p.Flags, f)
		}
	}
	days, daily := control.MissingDays(times)
	p.Daily, p.days = daily, days
	for _, d := range days {
		p.Missing = append(p.Missing, d.Format(time.DateOnly))
	}
	return p
}

func once(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// addFlag counts a doubt by what it is.
func addFlag(list []flagged, flag string) []flagged {
	kind := flagKind(flag)
	for i := range list {
		if list[i].Flag == kind {
			list[i].Times++
			return list
		}
	}
	return append(list, flagged{kind, 1})
}

// flagKind leaves out where in the file a doubt is, and what exactly is there.
func flagKind(flag string) string {
	first, rest, more := strings.Cut(flag, ": ")
	if more && strings.HasPrefix(first, "line ") {
		first, _, _ = strings.Cut(rest, ": ")
	}
	if before, _, quoted := strings.Cut(first, ` "`); quoted {
		return before + " ..."
	}
	return strings.TrimLeft(first, "0123456789 ")
}

// dayRanges names days in order, those that follow each other by the first and the last.
func dayRanges(days []time.Time) string {
	var parts []string
	for i := 0; i < len(days); {
		k := i
		for k+1 < len(days) && days[k+1].Sub(days[k]) == 24*time.Hour {
			k++
		}
		text := days[i].Format(time.DateOnly)
		if k > i+1 {
			text += " to " + days[k].Format(time.DateOnly)
		} else if k > i {
			text += ", " + days[k].Format(time.DateOnly)
		}
		parts, i = append(parts, text), k+1
	}
	return strings.Join(parts, ", ")
}

func printProviders(out io.Writer, rows []providerRow, asJSON bool) error {
	if asJSON {
		return report.JSONLines(out, rows...)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintln(out, "no control maps were imported")
		return err
	}
	for _, r := range rows {
		if err := r.print(out); err != nil {
			return err
		}
	}
	return nil
}

func (r providerRow) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(w, r.Provider, fmt.Sprintf("%s, %s to %s", pipeline.Counted(r.Editions, "edition"), r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339)))
	row(w, "  formats", strings.Join(r.Formats, ", "))
	switch {
	case !r.Daily:
		row(w, "  missing days", "not told: the editions do not come daily")
	case len(r.Missing) == 0:
		row(w, "  missing days", "none")
	default:
		row(w, "  missing days", fmt.Sprintf("%d: %s", len(r.days), dayRanges(r.days)))
	}
	for _, m := range r.Waiting {
		row(w, "  waits, not used", m.ID+": "+m.Why)
	}
	for _, l := range r.Licences {
		row(w, "  licence", l)
	}
	for _, f := range r.Flags {
		row(w, "  doubt", fmt.Sprintf("%s (%s)", f.Flag, pipeline.Counted(f.Times, "time")))
	}
	return w.Flush()
}

// row prints cells that may hold anything.
func row(w io.Writer, cells ...string) {
	for i, c := range cells {
		cells[i] = report.Plain(c)
	}
	fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
}

// each is what of makes of all, in their order.
func each[T, R any](all []T, of func(T) R) []R {
	out := []R{}
	for _, v := range all {
		out = append(out, of(v))
	}
	return out
}
