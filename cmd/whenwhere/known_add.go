package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/manifest"
	"whenwhere/internal/queue"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

type addOptions struct {
	archiveOptions
	list, event, url, firstSeen, negative string
	files                                 []string
}

func newKnownAdd() *cobra.Command {
	var o addOptions
	cmd := &cobra.Command{
		Use: "add [DIR|FILE]...", Short: "Add footage to the archive",
		Long: `Add footage to the archive: files, all files below folders, and the rows of a list.
Originals are kept and measured as those of incidents are; what was measured before
is not measured again, and a run that was killed goes on when it is given again.

--list names a CSV file with the columns file, sha256, first_seen, url, event, as
known.csv of a case. Its files are named relative to its folder. A row with a digest
and no file is kept too; then only equal bytes match it. Files that no row names get
--first-seen, --url and --event. Footage that nobody dates can be found, but says
nothing about time.

With --negative LIST the files are what means nothing when it is found: logos, title
cards, stock clips. A picture that looks like one of them matches nothing, and the
verdict says on which list it is.

` + exitHelp,
		Example: `  whenwhere known add old.mp4 --first-seen 2023-06-15 --event "a yard, posted in June 2023"
  whenwhere known add archive/ --list archive/known.csv
  whenwhere known add --negative logos channel-*.png`,
		Args: usageArgs(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			return knownAdd(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o)
		},
	}
	o.add(cmd)
	f := cmd.Flags()
	f.StringVar(&o.list, "list", "", "CSV file that says what is known of the files: file, sha256, first_seen, url, event")
	f.StringVar(&o.firstSeen, "first-seen", "", "when the files were seen at the latest: 2024-11-03 or 2024-11-03T09:02:11Z")
	f.StringVar(&o.event, "event", "", "what the files show")
	f.StringVar(&o.url, "url", "", "where the files were seen")
	f.StringVar(&o.negative, "negative", "", "name of the negative list that the files belong to")
	return cmd
}

func knownAdd(ctx context.Context, out, errs io.Writer, o addOptions) error {
	if len(o.files) == 0 && o.list == "" {
		return &codedError{exitUsage, errors.New("add: name files or folders, or a list with --list (see whenwhere known add --help)")}
	}
	seen, err := seenBy(o.firstSeen)
	if err != nil {
		return &codedError{exitUsage, err}
	}
	if len(o.event) > pipeline.MaxTextBytes || len(o.url) > pipeline.MaxTextBytes {
		return &codedError{exitUsage, fmt.Errorf("--event, --url: the limit is %d bytes", pipeline.MaxTextBytes)}
	}
	return changeArchive(ctx, errs, o.archiveOptions, func(j *job) (int, error) {
		a := &adder{job: j, options: o, firstSeen: seen, now: time.Now, received: map[pipeline.MediaID]string{}}
		said, err := a.receive(ctx)
		if err != nil {
			return said, err
		}
		return a.finish(ctx, out, said)
	})
}

// seenBy reads --first-seen as a list of known footage does: the end of what is stated.
func seenBy(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	span, err := manifest.FirstSeen(text)
	if err != nil {
		return nil, fmt.Errorf("--first-seen: %w", err)
	}
	return &span.To, nil
}

// adder brings files into the archive.
type adder struct {
	job       *job
	options   addOptions
	firstSeen *time.Time
	now       func() time.Time

	order    []pipeline.MediaID
	received map[pipeline.MediaID]string // where each file was first met
	digests  int                         // rows that are kept by their digest only
	undated  int
}

// receive stores the files of the arguments and those of the list, with what is known of them. It returns how many faults
// it has said.
func (a *adder) receive(ctx context.Context) (said int, err error) {
	rows, said, err := a.readList()
	if err != nil {
		return said, err
	}
	done := map[int]bool{} // rows of the list
	for _, in := range expand(a.options.files) {
		path, err := filepath.Abs(in.path)
		if err != nil {
			return said, err
		}
		if path == rows.path {
			continue
		}
		id, fault, err := a.file(ctx, in.path, in.err)
		if err != nil {
			return said, err
		}
		if fault != nil {
			said += sayAll(a.job.errs, []error{fault})
			continue
		}
		named := rows.of(path, id)
		for _, i := range named {
			done[i] = true
			if err := a.known(ctx, id, &rows.rows[i]); err != nil {
				return said, err
			}
		}
		if len(named) == 0 {
			if err := a.known(ctx, id, nil); err != nil {
				return said, err
			}
		}
	}
	for i := range rows.rows {
		if done[i] {
			continue
		}
		fault, err := a.row(ctx, rows, &rows.rows[i])
		if err != nil {
			return said, err
		}
		if fault != nil {
			said += sayAll(a.job.errs, []error{fault})
		}
	}
	return said, nil
}

// knownRows is a list with where it lies.
type knownRows struct {
	rows         []manifest.Known
	path, folder string // absolute
}

func (a *adder) readList() (rows knownRows, said int, err error) {
	if a.options.list == "" {
		return rows, 0, nil
	}
	if rows.path, err = filepath.Abs(a.options.list); err != nil {
		return rows, 0, err
	}
	rows.folder = filepath.Dir(rows.path)
	root, err := os.OpenRoot(rows.folder)
	if err != nil {
		return rows, 0, fmt.Errorf("list: %w", err)
	}
	defer root.Close()
	made, problems := manifest.ReadKnown(root, filepath.Base(rows.path))
	rows.rows = made
	return rows, sayAll(a.job.errs, problems), nil
}

// of lists the rows that name a file, by its path or by its digest.
func (r knownRows) of(path string, id pipeline.MediaID) []int {
	var out []int
	for i, k := range r.rows {
		if k.File != "" && filepath.Join(r.folder, filepath.FromSlash(k.File)) == path || k.File == "" && *k.SHA256 == id {
			out = append(out, i)
		}
	}
	return out
}

// row stores what a row says that belongs to none of the arguments.
func (a *adder) row(ctx context.Context, rows knownRows, k *manifest.Known) (fault, err error) {
	if k.File == "" {
		a.digests++
		return nil, a.known(ctx, *k.SHA256, k)
	}
	id, fault, err := a.file(ctx, filepath.Join(rows.folder, filepath.FromSlash(k.File)), nil)
	if err != nil || fault != nil {
		return fault, err
	}
	return nil, a.known(ctx, id, k)
}

// file stores one file, unless it was met before.
func (a *adder) file(ctx context.Context, path string, expanding error) (id pipeline.MediaID, fault, err error) {
	f, err := openRegular(path, expanding)
	if err != nil {
		return id, err, nil
	}
	defer f.Close() // it was only read
	id, err = a.job.data.receive(ctx, f, filepath.Base(path), a.now())
	var refused *refusedError
	if errors.As(err, &refused) {
		return id, fmt.Errorf("%s: %w", path, refused.err), nil
	}
	if err != nil {
		return id, nil, err
	}
	if _, met := a.received[id]; !met {
		a.received[id] = path
		a.order = append(a.order, id)
	}
	return id, nil, nil
}

// known keeps what a row says of a file, or what the options say. Options that say nothing replace nothing.
func (a *adder) known(ctx context.Context, id pipeline.MediaID, row *manifest.Known) error {
	k := store.Known{Media: id, URL: a.options.url, List: a.options.negative, Negative: a.options.negative != "", FirstSeen: a.firstSeen, Event: a.options.event}
	if row != nil {
		seen := row.ExistedBy()
		k.URL, k.FirstSeen, k.Event = row.URL, &seen, row.Event
	}
	if k.FirstSeen == nil && k.Event == "" && k.URL == "" {
		before, err := a.job.data.store.KnownOf(ctx, id)
		for _, b := range before {
			if b.List == k.List {
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
	if k.FirstSeen == nil && !k.Negative {
		a.undated++
	}
	return a.job.data.store.SaveKnown(ctx, k)
}

// finish has the files measured and the incidents judged again that they touch, and says so.
func (a *adder) finish(ctx context.Context, out io.Writer, said int) (int, error) {
	_, changes, err := a.job.run(ctx, queue.Batch{Media: a.order})
	if err != nil {
		return said, err
	}
	for _, id := range a.order {
		results, err := a.job.data.store.StageResults(ctx, id, stageNames())
		if err != nil {
			return said, err
		}
		if fault := fileFault(results); fault != "" {
			said += sayAll(a.job.errs, []error{fmt.Errorf("%s: %s", a.received[id], fault)})
		}
	}
	to := "the archive"
	if a.options.negative != "" {
		to = "negative list " + a.options.negative
	}
	fmt.Fprintf(out, "%s in %s", pipeline.Counted(len(a.order), "file"), to)
	if a.digests > 0 {
		fmt.Fprintf(out, ", %s without a file", pipeline.Counted(a.digests, "digest"))
	}
	if a.undated > 0 {
		fmt.Fprintf(out, ", %d of them undated", a.undated)
	}
	fmt.Fprintln(out)
	sayChanges(out, changes)
	return said, nil
}
