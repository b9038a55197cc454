package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"whenwhere/internal/decode"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/container"
	"whenwhere/pipeline/extract/metadata"
	"whenwhere/pipeline/extract/prints"
)

// newPool starts the jailed decoder, with the host's ffmpeg for movies if there is one.
func newPool() (*decode.Pool, error) {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		ffmpeg = ""
	}
	return decode.New(decode.Config{Workers: 2, FFmpeg: ffmpeg})
}

// extracted is a file as the program's stages measure it, with its prints or without.
func extracted(ctx context.Context, pool *decode.Pool, file string, printed bool) (pipeline.Exhibit, error) {
	f, err := os.Open(file)
	if err != nil {
		return pipeline.Exhibit{}, err
	}
	defer f.Close()
	stages := []pipeline.Extractor{container.Stage(pool), metadata.Stage(pool)}
	if printed {
		stages = append(stages, prints.Stage(pool))
	}
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return pipeline.Exhibit{}, err
	}
	media := pipeline.Media{ID: pipeline.MediaID(h.Sum(nil)), SizeBytes: size}
	ref := pipeline.MediaRef{File: "media/" + filepath.Base(file)}
	keep := func(context.Context, pipeline.StageResult) error { return nil }
	results, err := pipeline.Extract(ctx, stages, pipeline.Opened{Media: media, File: f}, nil, keep)
	if err != nil {
		return pipeline.Exhibit{}, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	e := pipeline.Exhibit{Ref: ref, Media: &media, Stages: results}
	for _, r := range results {
		if r.Status == pipeline.Failed {
			return e, fmt.Errorf("%s: stage %s: %s", filepath.Base(file), r.Stage, r.Cause)
		}
		e.Observed = append(e.Observed, r.Observations...)
	}
	return named(e, ref.File)
}

// named gives the exhibit a name, and what that says of time.
func named(e pipeline.Exhibit, file string) (pipeline.Exhibit, error) {
	o, err := pipeline.NameClocksKey.Observe(metadata.NameClocks(file))
	e.Ref.File = file
	e.Observed = append(without(e.Observed, pipeline.NameClocksKey.ID), o).Sorted()
	return e, err
}

// without leaves observations out, as if they had never been made.
func without(all pipeline.Observations, keys ...pipeline.KeyID) pipeline.Observations {
	return slices.DeleteFunc(slices.Clone(all), func(o pipeline.Observation) bool { return slices.Contains(keys, o.Key) })
}

// caseOf is an incident of one file.
func caseOf(id string, claim pipeline.Claim, e pipeline.Exhibit) pipeline.Case {
	return pipeline.Case{Incident: pipeline.Incident{ID: id, Claim: claim, Media: []pipeline.MediaRef{e.Ref}}, Media: []pipeline.Exhibit{e}}
}
