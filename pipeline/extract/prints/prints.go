// Package prints is the stage that keeps what pictures look like, as perceptual hashes: of a still upright, as it was
// stored, turned, without borders and in part; of a movie for each keyframe with its time.
//
// It compares nothing. A picture too flat to be told from any other flat picture is kept as Flat, without hashes. One with
// so few edges that it is near too many strangers is kept as Weak, with the reason: it may be compared with one other, but
// not be put into an index. What was kept by stage version 1 has fewer views and no PDQ, by
// version 2 no mosaic, by version 3 no marks, and still reads.
package prints

import (
	"context"
	"fmt"
	"os"
	"strings"

	"whenwhere/internal/decode/wire"
	"whenwhere/internal/marks"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/fault"
)

// Decoder reads pixels. mime is the type that the container stage found. Its errors are *wire.Fault when they say
// something of the file.
type Decoder interface {
	Still(ctx context.Context, f *os.File, mime string) (wire.Still, error)
	Clip(ctx context.Context, f *os.File, mime string) (wire.Clip, error)
}

const name = "prints"

// qualityToIndex is the quality below which PDQ's users put no hash into an index (see package pdq).
const qualityToIndex = 50

// Stage makes prints.looks for pictures and movies: upright first, then mirrored, then other views, as stored last;
// keyframes in the order of their time. Other types are skipped.
func Stage(d Decoder) pipeline.Extractor {
	return pipeline.Extractor{
		Name: name, Version: "4",
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
		if s.Look.Marks != nil {
			if _, err := marks.Parse(s.Look.Marks); err != nil {
				return nil, fault.Outcome(name, &wire.Fault{Op: wire.OpPrint, Class: wire.ClassBadAnswer, Rule: err.Error()})
			}
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
	w, h := s.WidthPx, s.HeightPx
	if s.Orientation >= 5 { // EXIF 5 to 8 lie on their side
		w, h = h, w
	}
	list := sized(w, h, views(s.Look))
	if s.AsStored != nil {
		stored := printOf(*s.AsStored, s.AsStored.Hashes, pipeline.ViewAsStored)
		stored.Mosaic = s.AsStored.Mosaic
		list = append(list, sized(s.WidthPx, s.HeightPx, []pipeline.Print{stored})...)
	}
	return list
}

func sized(w, h int, list []pipeline.Print) []pipeline.Print {
	for i := range list {
		list[i].WidthPx, list[i].HeightPx = w, h
	}
	return list
}

func clip(c wire.Clip) []pipeline.Print {
	list := make([]pipeline.Print, 0, 2*len(c.Frames))
	for _, f := range c.Frames {
		for _, p := range views(f.Look) {
			p.AtMs = &f.AtMs
			list = append(list, p)
		}
	}
	return list
}

// views are a look, its mirror image and its other views. A flat picture has no second view.
func views(l wire.Look) []pipeline.Print {
	list := []pipeline.Print{printOf(l, l.Hashes, pipeline.ViewUpright)}
	list[0].Mosaic, list[0].Marks = l.Mosaic, l.Marks
	if l.Flat {
		return list
	}
	list = append(list, printOf(l, l.Mirrored, pipeline.ViewMirrored))
	for _, v := range l.Views {
		p := printOf(l, v.Hashes, v.Name)
		p.Mosaic = v.Mosaic
		if v.Part != nil {
			part := pipeline.Part(*v.Part)
			p.Part, p.Quality, p.Weak = &part, v.Quality, weak(v.Quality)
		}
		list = append(list, p)
	}
	return list
}

func printOf(l wire.Look, hashes []wire.Hash, view pipeline.View) pipeline.Print {
	p := pipeline.Print{View: view, Quality: l.Quality, Flat: l.Flat}
	if !l.Flat {
		p.Weak = weak(l.Quality)
	}
	for _, h := range hashes {
		p.Hashes = append(p.Hashes, pipeline.Hash(h))
	}
	return p
}

// weak says why a print of this quality stays out of an index; it is empty for one that may enter.
func weak(quality int) string {
	if quality >= qualityToIndex {
		return ""
	}
	return fmt.Sprintf("quality %d is below %d: too few edges to be told from strangers", quality, qualityToIndex)
}
