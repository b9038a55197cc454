// Package prints is the stage that keeps what pictures look like, as perceptual hashes: of a still upright and as it was
// stored, of a movie for each keyframe with its time.
//
// It compares nothing. A picture too flat to be told from any other flat picture is kept as Flat, without hashes.
package prints

import (
	"context"
	"fmt"
	"os"
	"strings"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/fault"
)

// Decoder reads pixels. mime is the type that the container stage found. Its errors are *wire.Fault when they say
// something of the file.
type Decoder interface {
	Still(ctx context.Context, f *os.File, mime string) (wire.Still, error)
	Clip(ctx context.Context, f *os.File, mime string) (wire.Clip, error)
}

const (
	name     = "prints"
	upright  = "upright"
	asStored = "as_stored"
)

// Stage makes prints.looks for pictures and movies: upright first, then as stored; keyframes in the order of their time.
// Other types are skipped.
func Stage(d Decoder) pipeline.Extractor {
	return pipeline.Extractor{
		Name: name, Version: "1",
		Doc:   "what pictures and keyframes look like: perceptual hashes with their quality",
		Needs: []pipeline.KeyID{pipeline.FileKey.ID},
		Makes: []pipeline.KeyID{pipeline.PrintsKey.ID},
		Run: func(ctx context.Context, in pipeline.Opened) ([]pipeline.Observation, error) {
			list, err := looks(ctx, d, in)
			if err != nil {
				return nil, err
			}
			o, err := pipeline.PrintsKey.Observe(list)
			return []pipeline.Observation{o}, err
		},
	}
}

func looks(ctx context.Context, d Decoder, in pipeline.Opened) ([]pipeline.Print, error) {
	file, ok, err := pipeline.FileKey.In(in.Observed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if !ok {
		return nil, fmt.Errorf("%s: no %s: the type of the file is not known", name, pipeline.FileKey.ID)
	}
	family, _, _ := strings.Cut(file.Type, "/")
	switch family {
	case "image":
		s, err := d.Still(ctx, in.File, file.Type)
		if err != nil {
			return nil, fault.Outcome(name, err)
		}
		return still(s), nil
	case "video":
		c, err := d.Clip(ctx, in.File, file.Type)
		if err != nil {
			return nil, fault.Outcome(name, err)
		}
		return clip(c), nil
	}
	return nil, pipeline.Skip("no pictures in %s", file.Type)
}

func still(s wire.Still) []pipeline.Print {
	first := printOf(s.Look, upright)
	first.WidthPx, first.HeightPx = s.WidthPx, s.HeightPx
	if s.AsStored == nil {
		return []pipeline.Print{first}
	}
	second := printOf(*s.AsStored, asStored)
	second.WidthPx, second.HeightPx = s.WidthPx, s.HeightPx
	if s.Orientation >= 5 { // EXIF 5 to 8 lie on their side
		first.WidthPx, first.HeightPx = s.HeightPx, s.WidthPx
	}
	return []pipeline.Print{first, second}
}

func clip(c wire.Clip) []pipeline.Print {
	list := make([]pipeline.Print, 0, len(c.Frames))
	for _, f := range c.Frames {
		p := printOf(f.Look, upright)
		p.AtMs = &f.AtMs
		list = append(list, p)
	}
	return list
}

func printOf(l wire.Look, view string) pipeline.Print {
	p := pipeline.Print{View: view, Quality: l.Quality, Flat: l.Flat}
	if l.Flat {
		return p
	}
	for _, h := range l.Hashes {
		p.Hashes = append(p.Hashes, pipeline.Hash(h))
	}
	return p
}
