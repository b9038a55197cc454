// Package container is the stage that says what file a media file is: its type by content, its size, its sides.
//
// It is the first stage, and the one that ties all others to the evidence: the decoder hashes the very bytes that it
// reads, and a hash or a size that is not the stored one fails the file for good. The name of a file plays no part: text
// that is named .mp4 is text/plain, and the stages after it say that they do not read that; of text, only the stage metadata
// reads something, the telemetry in subtitles of drones.
package container

import (
	"context"
	"fmt"
	"os"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/fault"
)

// Decoder tells what a file is by its content. Its errors are *wire.Fault when they say something of the file.
type Decoder interface {
	Probe(ctx context.Context, f *os.File) (wire.Probe, error)
}

const name = "container"

// Stage makes container.file.
func Stage(d Decoder) pipeline.Extractor {
	return pipeline.Extractor{
		Name: name, Version: "1",
		Doc:   "what file it is by its content: type, size, SHA-256 of the bytes that were parsed, sides of a picture",
		Makes: []pipeline.KeyID{pipeline.FileKey.ID},
		Run: func(ctx context.Context, in pipeline.Opened) ([]pipeline.Observation, error) {
			p, err := d.Probe(ctx, in.File)
			if err != nil {
				return nil, fault.Outcome(name, err)
			}
			if err := compare(p, in.Media); err != nil {
				return nil, pipeline.Permanent(fmt.Errorf("%s: %w", name, err))
			}
			o, err := pipeline.FileKey.Observe(pipeline.File(p))
			return []pipeline.Observation{o}, err
		},
	}
}

func compare(p wire.Probe, m pipeline.Media) error {
	switch {
	case p.SizeBytes != m.SizeBytes:
		return fmt.Errorf("what was parsed is not what was stored: %d bytes, want %d", p.SizeBytes, m.SizeBytes)
	case p.SHA256 != m.ID.String():
		return fmt.Errorf("what was parsed is not what was stored: sha256 %s, want %s", p.SHA256, m.ID)
	case p.SizeBytes == 0:
		return fmt.Errorf("file is empty")
	}
	return nil
}
