package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/known"
	"whenwhere/internal/queue"
	"whenwhere/internal/report"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func newKnownList() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "What is in the archive",
		Long: `Print what is in the archive: its own footage, what lists of others say, and negative
lists.

` + exitHelp,
		Example: "  whenwhere known list\n  whenwhere known list --json | jq -r 'select(.negative) | .list'",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return knownList(cmd.Context(), cmd.OutOrStdout(), dir, asJSON)
		},
	}
	addData(cmd, &dir)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line: name, media, given_name, first_seen, event, url, list, negative")
	return cmd
}

// knownRow is what is printed of one row.
type knownRow struct {
	Name      string           `json:"name"`
	Media     pipeline.MediaID `json:"media"`
	GivenName string           `json:"given_name,omitempty"` // absent when the bytes are not here
	FirstSeen *time.Time       `json:"first_seen"`
	Event     string           `json:"event,omitempty"`
	URL       string           `json:"url,omitempty"`
	List      string           `json:"list,omitempty"`
	Negative  bool             `json:"negative,omitempty"`
}

func knownList(ctx context.Context, out io.Writer, dirFlag string, asJSON bool) (err error) {
	d, err := openData(ctx, dirFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	all, err := d.store.Known(ctx)
	if err != nil {
		return err
	}
	rows := make([]knownRow, len(all))
	for i, k := range all {
		if rows[i], err = newKnownRow(ctx, d, k); err != nil {
			return err
		}
	}
	if !asJSON {
		return printKnown(out, rows)
	}
	return report.JSONLines(out, rows...)
}

func newKnownRow(ctx context.Context, d *data, k store.Known) (knownRow, error) {
	r := knownRow{known.NameOf(k.Media), k.Media, "", k.FirstSeen, k.Event, k.URL, k.List, k.Negative}
	m, err := d.store.Media(ctx, k.Media)
	if errors.Is(err, store.ErrNotFound) {
		return r, nil
	}
	r.GivenName = m.GivenName
	return r, err
}

func printKnown(out io.Writer, rows []knownRow) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tFIRST SEEN\tLIST\tFILE\tEVENT\tURL")
	for _, r := range rows {
		seen, list, file := "unknown", r.List, r.GivenName
		if r.FirstSeen != nil {
			seen = r.FirstSeen.Format(time.RFC3339)
		}
		if r.Negative {
			list += " (negative)"
		}
		if file == "" {
			file = "not here"
		}
		cells := []string{r.Name, seen, list, file, r.Event, r.URL}
		for i, c := range cells {
			cells[i] = report.Plain(c)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return w.Flush()
}

func newKnownRemove() *cobra.Command {
	var o archiveOptions
	cmd := &cobra.Command{
		Use: "remove NAME...", Short: "Take footage out of the archive",
		Long: `Take footage out of the archive, and whatever lists say of it. NAME is as list prints
it (known/ and twelve digits), or the whole digest. The original stays in the data
folder, and so does what was measured on it; the incidents that it touches are judged
again without it.

` + exitHelp,
		Example: "  whenwhere known remove known/03cb6a82ac07",
		Args:    usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return knownRemove(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o, args)
		},
	}
	o.add(cmd)
	return cmd
}

func knownRemove(ctx context.Context, out, errs io.Writer, o archiveOptions, names []string) error {
	return changeArchive(ctx, errs, o, func(j *job) (said int, err error) {
		all, err := j.data.store.Known(ctx)
		if err != nil {
			return 0, err
		}
		removed := 0
		for _, name := range names {
			id, err := knownNamed(all, name)
			if err != nil {
				said += sayAll(errs, []error{err})
				continue
			}
			err = j.data.store.Update(ctx, func(tx *store.Tx) error {
				_, err := tx.RemoveKnown(ctx, id)
				return err
			})
			if err != nil {
				return said, err
			}
			removed++
		}
		_, changes, err := j.run(ctx, queue.Batch{})
		if err != nil {
			return said, err
		}
		fmt.Fprintf(out, "%s taken out of the archive\n", pipeline.Counted(removed, "file"))
		sayChanges(out, changes)
		return said, nil
	})
}

// knownNamed finds the one file of a name.
func knownNamed(all []store.Known, name string) (id pipeline.MediaID, err error) {
	for _, k := range all {
		if name != known.NameOf(k.Media) && name != k.Media.String() || k.Media == id {
			continue
		}
		if !id.IsZero() {
			return id, fmt.Errorf("%q names two files: give the whole digest", name)
		}
		id = k.Media
	}
	if id.IsZero() {
		return id, fmt.Errorf("%q is not in the archive: names are as known list prints them", name)
	}
	return id, nil
}
