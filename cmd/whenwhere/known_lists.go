package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"whenwhere/internal/hashlist"
	"whenwhere/internal/known"
	"whenwhere/internal/pdq"
	"whenwhere/internal/queue"
	"whenwhere/internal/report"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func newKnownExport() *cobra.Command {
	var dir, list string
	cmd := &cobra.Command{
		Use: "export FILE|-", Short: "Write a list of the hashes of the archive",
		Long: `Write a list of PDQ hashes, so that other groups can find what is in this archive without
getting any of it: the hash, its quality, the time in the movie, the view, the digest
of the file, when it was first seen, and what it shows. Leave out what may not be
told: the list holds the events as they were given. The format is described in the
README; - writes to standard output.

Without --list, one's own archive is written, without what lists of others say.

` + exitHelp,
		Example: "  whenwhere known export ours.csv\n  whenwhere known export --list logos logos.csv",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return knownExport(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), dir, list, args[0])
		},
	}
	addData(cmd, &dir)
	cmd.Flags().StringVar(&list, "list", "", "write what this list says, negative or not, instead of one's own archive")
	return cmd
}

func knownExport(ctx context.Context, out, errs io.Writer, dirFlag, list, to string) (err error) {
	d, catalogue, err := readArchive(ctx, dirFlag, errs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, catalogue.Close(), d.Close()) }()
	files := 0
	all := func(yield func(hashlist.Footage, error) bool) {
		for f, err := range listed(ctx, d, catalogue, list) {
			files++
			if !yield(f, err) {
				return
			}
		}
	}
	if to == "-" {
		err = hashlist.Write(out, all)
	} else {
		err = writeNew(to, func(w io.Writer) error { return hashlist.Write(w, all) })
	}
	if err == nil {
		fmt.Fprintf(errs, "%s with prints written\n", pipeline.Counted(files, "file"))
	}
	return err
}

// listed is the footage of a list that has prints, each file once.
func listed(ctx context.Context, d *data, catalogue *known.Catalogue, list string) iter.Seq2[hashlist.Footage, error] {
	return func(yield func(hashlist.Footage, error) bool) {
		rows, err := d.store.Known(ctx)
		if err != nil {
			yield(hashlist.Footage{}, err)
			return
		}
		for _, k := range firstOfEach(rows, list) {
			f, err := footageOf(ctx, catalogue, k)
			if (err != nil || len(f.Prints) > 0) && !yield(f, err) {
				return
			}
		}
	}
}

// firstOfEach keeps of each file the row of the list that was seen first.
func firstOfEach(rows []store.Known, list string) []store.Known {
	var out []store.Known
	for _, k := range rows { // sorted by file
		if k.List != list {
			continue
		}
		last := len(out) - 1
		switch {
		case last < 0 || out[last].Media != k.Media:
			out = append(out, k)
		case out[last].FirstSeen == nil || k.FirstSeen != nil && k.FirstSeen.Before(*out[last].FirstSeen):
			out[last] = k
		}
	}
	return out
}

func footageOf(ctx context.Context, catalogue *known.Catalogue, k store.Known) (hashlist.Footage, error) {
	f := hashlist.Footage{SHA256: k.Media, FirstSeen: k.FirstSeen, Event: k.Event}
	prints, err := catalogue.Prints(ctx, k.Media)
	if err != nil {
		return f, err
	}
	own, err := known.Listed(prints)
	for _, p := range own {
		f.Prints = append(f.Prints, hashlist.Print{PDQ: pdq.Hash(p.PDQ), Quality: p.Quality, AtMs: p.AtMs, View: p.View})
	}
	return f, err
}

type importOptions struct {
	archiveOptions
	file, name, event, negative string
}

func newKnownImport() *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use: "import FILE|-", Short: "Take in a list of hashes from others",
		Long: `Take in a list of PDQ hashes that another group wrote with export. What it says stands
beside one's own archive under the name of the list, and never replaces it. Such
hashes have no second print, so that stills match them at a smaller distance.
Lines with a fault are named and left out, the others are taken in.

` + exitHelp,
		Example: "  whenwhere known import theirs.csv\n  whenwhere known import --negative logos logos.csv",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			return knownImport(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o)
		},
	}
	o.add(cmd)
	f := cmd.Flags()
	f.StringVar(&o.name, "name", "", "name of the list (default the name of the file)")
	f.StringVar(&o.event, "event", "", "what footage shows of which the list does not say it")
	f.StringVar(&o.negative, "negative", "", "take it in as the negative list of this name")
	return cmd
}

func knownImport(ctx context.Context, out, errs io.Writer, o importOptions) error {
	name := o.name
	switch {
	case o.name != "" && o.negative != "":
		return &codedError{exitUsage, errors.New("import: give --name or --negative, not both")}
	case o.negative != "":
		name = o.negative
	case name == "" && o.file == "-":
		return &codedError{exitUsage, errors.New("import: a list from standard input needs a --name")}
	case name == "":
		name = filepath.Base(o.file)
	}
	made, said, err := readList(errs, o.file)
	if err != nil {
		return err
	}
	if len(made) == 0 {
		return fmt.Errorf("%s: no line of it can be used", o.file)
	}
	return changeArchive(ctx, errs, o.archiveOptions, func(j *job) (int, error) {
		prints, err := takeIn(ctx, j.data.store, made, store.Known{List: name, Negative: o.negative != "", Event: o.event})
		if err != nil {
			return said, err
		}
		_, changes, err := j.run(ctx, queue.Batch{})
		if err != nil {
			return said, err
		}
		fmt.Fprintf(out, "%s of %s in list %s\n", pipeline.Counted(prints, "print"), pipeline.Counted(len(made), "file"), report.Plain(name))
		sayChanges(out, changes)
		return said, nil
	})
}

func readList(errs io.Writer, path string) (made []hashlist.Footage, said int, err error) {
	in := io.Reader(os.Stdin)
	if path != "-" {
		f, err := openRegular(path, nil)
		if err != nil {
			return nil, 0, fmt.Errorf("list: %w", err)
		}
		defer f.Close() // it was only read
		in = f
	}
	made, problems, err := hashlist.Read(in)
	for _, p := range problems {
		said++
		fmt.Fprintln(errs, report.Plain(fmt.Sprintf("%s:%s", path, strings.TrimPrefix(p.Error(), "line "))))
	}
	return made, said, err
}

// takeIn keeps a list, by the thousand files. Given again it changes nothing.
func takeIn(ctx context.Context, rows *store.Store, made []hashlist.Footage, like store.Known) (prints int, err error) {
	for len(made) > 0 {
		some := made[:min(1000, len(made))]
		made = made[len(some):]
		err := rows.Update(ctx, func(tx *store.Tx) error {
			for _, f := range some {
				prints += len(f.Prints)
				if err := takeInOne(ctx, tx, f, like); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return prints, nil
}

func takeInOne(ctx context.Context, tx *store.Tx, f hashlist.Footage, like store.Known) error {
	k := like
	k.Media, k.FirstSeen = pipeline.MediaID(f.SHA256), f.FirstSeen
	if f.Event != "" {
		k.Event = f.Event
	}
	if err := tx.SaveKnown(ctx, k); err != nil {
		return err
	}
	prints := make([]store.ListedPrint, len(f.Prints))
	for i, p := range f.Prints {
		prints[i] = store.ListedPrint{AtMs: p.AtMs, View: p.View, Quality: p.Quality, PDQ: p.PDQ}
	}
	return tx.SaveListedPrints(ctx, k.Media, k.List, prints)
}
