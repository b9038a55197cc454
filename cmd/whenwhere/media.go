package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/metadata"
)

func newMedia() *cobra.Command {
	var asJSON bool
	var workers int
	cmd := &cobra.Command{
		Use: "media FILE...", Short: "Print what can be measured in media files, without any claim",
		Long: `Print what the extractors measure in each file: its type by content, the clocks,
positions, camera and exposure that it states, and the prints of its pictures.
Nothing is stored and nothing is judged. A folder stands for all files below it.
Files are read in child processes with limits; a file that breaks its reader is
reported, and the others go on. Links inside a folder are reported, not followed.

` + exitHelp,
		Example: `  whenwhere media IMG_0042.jpg
  whenwhere media --json downloads/ | jq 'select(.status == "failed")'`,
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runMedia(cmd.Context(), cmd.OutOrStdout(), args, workers, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line: file, id, type, observations, status, stages")
	addWorkers(cmd, &workers)
	return cmd
}

func addWorkers(cmd *cobra.Command, workers *int) {
	cmd.Flags().IntVar(workers, "workers", runtime.NumCPU(), "how many files to work on at once")
}

func checkWorkers(n int) error {
	if n < 1 || n > 256 {
		return &codedError{exitUsage, fmt.Errorf("--workers %d: want 1 to 256", n)}
	}
	return nil
}

// mediaReport is what is printed of one file.
type mediaReport struct {
	File         string                             `json:"file"`
	ID           string                             `json:"id,omitempty"`
	Type         string                             `json:"type,omitempty"`
	Observations map[pipeline.KeyID]json.RawMessage `json:"observations"`
	Status       pipeline.Status                    `json:"status"` // failed when any stage failed
	Cause        string                             `json:"cause,omitempty"`
	Stages       []pipeline.StageResult             `json:"stages"`
	all          pipeline.Observations              // the same as Observations, in order
}

func runMedia(ctx context.Context, out io.Writer, args []string, workers int, asJSON bool) error {
	if err := checkWorkers(workers); err != nil {
		return err
	}
	pool, err := newPool(workers)
	if err != nil {
		return err
	}
	defer pool.Close()
	stages := extractors(pool)
	if err := pipeline.Validate(stages, nil); err != nil {
		return err
	}
	failed := false
	err = inOrder(ctx, workers, expand(args), func(ctx context.Context, f input) (mediaReport, error) {
		return measure(ctx, stages, f)
	}, func(r mediaReport) error {
		failed = failed || r.Status == pipeline.Failed
		return printMedia(out, r, asJSON)
	})
	if err == nil && failed {
		err = &codedError{exitPartial, errors.New("done, but some files could not be measured in full: see the ones that say failed")}
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted; the files after the last one printed were not measured")
	}
	return err
}

// input is one file to measure, or why there is none.
type input struct {
	path string
	err  error
}

// expand replaces folders by the regular files below them, in the order of their names.
func expand(args []string) []input {
	var out []input
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				out = append(out, input{path, err})
				return nil
			}
			switch {
			case d.IsDir():
			case d.Type()&fs.ModeSymlink != 0 && path != arg:
				out = append(out, input{path, fmt.Errorf("%s: a link inside a folder is not followed; name it itself", path)})
			default:
				out = append(out, input{path: path})
			}
			return nil
		})
		if err != nil {
			out = append(out, input{arg, err})
		}
	}
	return out
}

// inOrder works on the items side by side and hands on the results in their order.
func inOrder[T, R any](ctx context.Context, workers int, items []T, work func(context.Context, T) (R, error), emit func(R) error) error {
	ctx, cancel := context.WithCancel(ctx)
	results := make([]chan R, len(items))
	for i := range results {
		results[i] = make(chan R, 1) // written once by its worker, read once below
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers + 1)
	group.Go(func() error {
		for i := range results {
			select {
			case r := <-results[i]:
				if err := emit(r); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for i, item := range items {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			r, err := work(ctx, item)
			if err == nil {
				results[i] <- r
			}
			return err
		})
	}
	err := group.Wait()
	cancel()
	return err
}

func measure(ctx context.Context, stages []pipeline.Extractor, in input) (mediaReport, error) {
	r := mediaReport{File: in.path, Observations: map[pipeline.KeyID]json.RawMessage{}, Stages: []pipeline.StageResult{}}
	f, media, err := open(in)
	if err != nil {
		r.Status, r.Cause = pipeline.Failed, err.Error()
		return r, nil
	}
	defer f.Close()
	r.ID, r.Status = media.ID.String(), pipeline.Done
	keep := func(context.Context, pipeline.StageResult) error { return nil }
	r.Stages, err = pipeline.Extract(ctx, stages, pipeline.Opened{Media: media, File: f}, nil, keep)
	if err != nil {
		return r, err
	}
	var all pipeline.Observations
	for _, s := range r.Stages {
		all = append(all, s.Observations...)
		if s.Status == pipeline.Failed && r.Status != pipeline.Failed { // the first is the cause of the others
			r.Status, r.Cause = pipeline.Failed, stageCause(s)
		}
	}
	if clocks := metadata.NameClocks(in.path); len(clocks) > 0 {
		named, err := pipeline.NameClocksKey.Observe(clocks)
		if err != nil {
			return r, err
		}
		all = append(all, named)
	}
	for _, o := range all {
		r.Observations[o.Key] = o.Body
	}
	r.all = all.Sorted()
	if file, ok, err := pipeline.FileKey.In(all); err == nil && ok {
		r.Type = file.Type
	}
	return r, nil
}

// open hashes the file and returns it at its start.
func open(in input) (*os.File, pipeline.Media, error) {
	if in.err != nil {
		return nil, pipeline.Media{}, in.err
	}
	info, err := os.Stat(in.path) // before opening: opening a pipe would wait for its writer
	if err != nil {
		return nil, pipeline.Media{}, err
	}
	if !info.Mode().IsRegular() {
		return nil, pipeline.Media{}, fmt.Errorf("%s: not a regular file", in.path)
	}
	f, err := os.Open(in.path)
	if err != nil {
		return nil, pipeline.Media{}, err
	}
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, pipeline.Media{}, errors.Join(fmt.Errorf("%s: %w", in.path, err), f.Close())
	}
	return f, pipeline.Media{ID: pipeline.MediaID(h.Sum(nil)), SizeBytes: size, GivenName: filepath.Base(in.path)}, nil
}

func printMedia(out io.Writer, r mediaReport, asJSON bool) error {
	if asJSON {
		return report.JSONLines(out, r)
	}
	return report.Media(out, report.MediaPage{File: r.File, ID: r.ID, Type: r.Type, Status: r.Status, Cause: r.Cause, Stages: r.Stages, Observed: r.all})
}
