package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/known"
	"whenwhere/internal/likeness"
	"whenwhere/internal/report"
	"whenwhere/internal/store"
	"whenwhere/internal/store/filelock"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

func newKnownFind() *cobra.Command {
	var dir string
	var asJSON bool
	var workers int
	cmd := &cobra.Command{
		Use: "find FILE...", Short: "What in the archive, or under an incident, is the same footage",
		Long: `Compare files with the archive and with the media of all incidents, and print for each
what is the same footage: its name, when it was first seen, what it shows, how near
the prints are, in which view (mirrored, turned, without borders, a part), and of
movies which seconds are which. Nothing is stored. A folder stands for all files below
it. While another whenwhere works on the data folder this one only reads.

` + exitHelp,
		Example: `  whenwhere known find new-clip.mp4
  whenwhere known find --json downloads/ | jq 'select(.hits != [])'`,
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return knownFind(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), dir, args, workers, asJSON)
		},
	}
	addData(cmd, &dir)
	addWorkers(cmd, &workers)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line: file, id, pictures, comparable, left_out, hits")
	return cmd
}

// found is what is printed of one file.
type found struct {
	File       string    `json:"file"`
	ID         string    `json:"id,omitempty"`
	Cause      string    `json:"cause,omitempty"` // why it could not be measured in full
	Pictures   int       `json:"pictures"`
	Comparable int       `json:"comparable"`
	LeftOut    []leftOut `json:"left_out"`
	Hits       []hit     `json:"hits"`
}

type leftOut struct {
	List     string `json:"list"`
	Event    string `json:"event,omitempty"`
	Pictures int    `json:"pictures"`
}

type hit struct {
	Name      string             `json:"name"`
	Media     pipeline.MediaID   `json:"media"`
	GivenName string             `json:"given_name,omitempty"` // that the file came with
	Incident  string             `json:"incident,omitempty"`
	List      string             `json:"list,omitempty"`
	FirstSeen *time.Time         `json:"first_seen"`
	Event     string             `json:"event,omitempty"`
	SameBytes bool               `json:"same_bytes"`
	Like      *likeness.Likeness `json:"like,omitempty"`
}

func knownFind(ctx context.Context, out, errs io.Writer, dirFlag string, args []string, workers int, asJSON bool) (err error) {
	if err := checkWorkers(workers); err != nil {
		return err
	}
	d, catalogue, err := readArchive(ctx, dirFlag, errs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, catalogue.Close(), d.Close()) }()
	pool, err := newPool(workers)
	if err != nil {
		return err
	}
	defer pool.Close()
	stages := extractors(pool)
	failed := false
	err = inOrder(ctx, workers, expand(args), func(ctx context.Context, in input) (found, error) {
		r, err := measure(ctx, stages, in)
		if err != nil {
			return found{}, err
		}
		return find(ctx, d, catalogue, r)
	}, func(f found) error {
		failed = failed || f.Cause != ""
		if asJSON {
			return report.JSONLines(out, f)
		}
		return printFound(out, f)
	})
	if err == nil && failed {
		err = &codedError{exitPartial, errors.New("done, but some files could not be measured in full")}
	}
	return explain(err)
}

// readArchive opens the data folder and its catalogue, for reading only when another process works on it.
func readArchive(ctx context.Context, dirFlag string, errs io.Writer) (*data, *known.Catalogue, error) {
	d, err := openData(ctx, dirFlag)
	if err != nil {
		return nil, nil, err
	}
	lock, err := d.lock()
	if err != nil && !errors.Is(err, filelock.ErrHeld) {
		return nil, nil, errors.Join(err, d.Close())
	}
	if err == nil {
		defer func() { _ = lock.Release() }() // the catalogue has locks of its own
	}
	catalogue, err := known.Open(ctx, d.catalogueConfig(func(text string) { fmt.Fprintln(errs, report.Plain(text)) }, lock == nil))
	if err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	return d, catalogue, nil
}

func find(ctx context.Context, d *data, catalogue *known.Catalogue, r mediaReport) (found, error) {
	f := found{File: r.File, ID: r.ID, Cause: r.Cause, LeftOut: []leftOut{}, Hits: []hit{}}
	if r.ID == "" {
		return f, nil
	}
	if f.Cause == "" {
		f.Cause = unreadable(r.Stages)
	}
	id, err := pipeline.ParseMediaID(r.ID)
	if err != nil {
		return f, err
	}
	prints, _, err := pipeline.PrintsKey.In(r.all)
	if err != nil {
		return f, err
	}
	seen, err := catalogue.Look(ctx, id, prints)
	if err != nil {
		return f, err
	}
	f.Pictures, f.Comparable = seen.Pictures, seen.Comparable
	for _, l := range seen.LeftOut {
		f.LeftOut = append(f.LeftOut, leftOut{l.List, l.Event, l.Pictures})
	}
	for _, s := range seen.Sightings {
		h, err := newHit(ctx, d, s)
		if err != nil {
			return f, err
		}
		f.Hits = append(f.Hits, h)
	}
	return f, nil
}

func newHit(ctx context.Context, d *data, s footage.Sighting) (hit, error) {
	h := hit{Name: s.Entry.Name, Media: s.Entry.Media, Incident: s.Entry.Incident, List: s.Entry.List, FirstSeen: s.Entry.SeenBy, Event: s.Entry.Event, SameBytes: s.SameBytes}
	if !s.SameBytes {
		h.Like = &s.Like
	}
	m, err := d.store.Media(ctx, s.Entry.Media)
	if err == nil {
		h.GivenName = m.GivenName
	} else if errors.Is(err, store.ErrNotFound) { // a digest, or of a list
		err = nil
	}
	return h, err
}

func printFound(out io.Writer, f found) error {
	fmt.Fprintln(out, report.Plain(f.File))
	if f.Cause != "" {
		fmt.Fprintln(out, "  not measured in full: "+report.Plain(f.Cause))
	}
	for _, l := range f.LeftOut {
		fmt.Fprintln(out, report.Plain(fmt.Sprintf("  %s left out: on negative list %s: %s", pipeline.Counted(l.Pictures, "picture"), l.List, cmp.Or(l.Event, "no description"))))
	}
	for _, h := range f.Hits {
		fmt.Fprintln(out, report.Plain("  "+h.String()))
	}
	_, err := fmt.Fprintln(out, "  "+summary(f))
	return err
}

func summary(f found) string {
	switch {
	case len(f.Hits) > 0:
		return fmt.Sprintf("the same footage in %s", pipeline.Counted(len(f.Hits), "place"))
	case f.Comparable > 0:
		return "nothing in the catalogue is the same footage; archives are never complete"
	case len(f.LeftOut) > 0:
		return "nothing is left to compare"
	case f.Pictures > 0:
		return "every picture is too flat to be told from other flat pictures"
	}
	return "no picture to compare"
}

func (h hit) String() string {
	name := h.Name
	if h.Incident != "" {
		name = "incident " + h.Incident + ", " + name
	} else if h.GivenName != "" {
		name += ", " + h.GivenName
	}
	seen := "nobody says when it was first seen"
	if h.FirstSeen != nil {
		seen = "seen by " + h.FirstSeen.Format(time.RFC3339)
	}
	text := fmt.Sprintf("%s: %s", name, seen)
	if h.Event != "" {
		text += ", " + h.Event
	}
	if h.List != "" {
		text += ", says list " + h.List
	}
	if h.SameBytes {
		return text + "; the same bytes"
	}
	return text + "; " + h.Like.From("it")
}
