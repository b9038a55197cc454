package main

import (
	"errors"
	"fmt"
	"os/exec"

	"whenwhere/internal/clock"
	"whenwhere/internal/decode"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
	"whenwhere/pipeline/assess/front"
	"whenwhere/pipeline/assess/light"
	"whenwhere/pipeline/assess/sources"
	"whenwhere/pipeline/assess/when"
	"whenwhere/pipeline/assess/where"
	"whenwhere/pipeline/extract/container"
	"whenwhere/pipeline/extract/metadata"
	"whenwhere/pipeline/extract/prints"
	"whenwhere/pipeline/score"
)

// extractors is the list of what is measured on one file, in order. pool may be nil when nothing will be run.
func extractors(pool *decode.Pool) []pipeline.Extractor {
	return []pipeline.Extractor{
		container.Stage(pool),
		metadata.Stage(pool),
		prints.Stage(pool),
	}
}

// assessors is the list of what is judged on one incident. The arguments may be nil when nothing will be run.
func assessors(zones *clock.Zones, index footage.Index, maps front.Maps) []pipeline.Assessor {
	return []pipeline.Assessor{
		when.Assessor(zones),
		where.Assessor(),
		light.Assessor(zones),
		front.Assessor(maps),
		footage.Assessor(index),
		sources.Assessor(),
	}
}

// checkStages is the whole program's self-check before anything runs.
func checkStages(rules score.Rules) error {
	judges := assessors(nil, nil, nil)
	return errors.Join(pipeline.Validate(extractors(nil), judges), rules.Check(), rules.Covers(pipeline.Questions(judges)))
}

// stageNames is the list of extractors as the store knows them.
func stageNames() []store.Stage {
	var out []store.Stage
	for _, e := range extractors(nil) {
		out = append(out, store.Stage{Name: e.Name, Version: e.Version})
	}
	return out
}

// newPool starts the decoder with the host's ffmpeg, if there is one. Without it movies fail visibly and can be tried
// again where it is installed.
func newPool(workers int) (*decode.Pool, error) {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		ffmpeg = ""
	}
	pool, err := decode.New(decode.Config{Workers: workers, FFmpeg: ffmpeg})
	if err != nil {
		return nil, fmt.Errorf("decoder: %w", err)
	}
	return pool, nil
}
