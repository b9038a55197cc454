// Package metadata is the stage that says what a file states about its own time, place, camera and light.
//
// It interprets raw tags, which the decoder hands out as they stand, and believes none of them. What it promises:
//
//   - A stamp without a zone stays a wall time, whoever wrote it; UTC comes only from a stamp that states its zone, from
//     satellite time, and as one of two alternatives from movie headers, whose standard wants UTC and whose cameras
//     often do not. A stamp that is never set, impossible or out of the window keeps its text and its flags, and no time.
//   - A position needs both coordinates and both hemispheres. A missing reference is a defect, never north or east; 0,0,
//     a void fix, a datum other than WGS 84 and impossible angles are defects too, never places.
//   - The dial of a drone's subtitles is the camera's clock, without a zone. The time of a camera's receiver is satellite
//     time only with a fix; without one it is the camera's clock, and flagged.
//   - Every clock, place and defect names the field it comes from. Sources that disagree are all kept, with a defect.
//   - A list that is there and empty means that the file states nothing of the kind: it was stripped, or never had it.
//
// It depends on the bytes alone. The name of a file is not in its bytes, and the same bytes may come under two names, so
// NameClocks reads names apart. Dates after the horizon are not believed, whenever the file was received. Names of people
// do not leave the decoder.
package metadata

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/fault"
)

// Decoder reads the raw tags of a file. mime is the type that the container stage found. Its errors are *wire.Fault when
// they say something of the file.
type Decoder interface {
	Tags(ctx context.Context, f *os.File, mime string) (wire.Tags, error)
}

const name = "metadata"

// Stage makes the metadata keys. The lists (clocks, places, software, blocks, defects) are always made, and may be empty;
// clip, direction, attitude, camera and exposure only when the file states any of them. A type without a reader of tags is skipped.
func Stage(d Decoder) pipeline.Extractor {
	return pipeline.Extractor{
		Name: name, Version: "10",
		Doc:   "what the file states of its own time, length, place, direction, attitude, camera, light and software, and what is wrong with it",
		Needs: []pipeline.KeyID{pipeline.FileKey.ID},
		Makes: []pipeline.KeyID{
			pipeline.ClocksKey.ID, pipeline.ClipKey.ID, pipeline.PlacesKey.ID, pipeline.DirectionKey.ID, pipeline.AttitudeKey.ID,
			pipeline.CameraKey.ID, pipeline.ExposureKey.ID, pipeline.SoftwareKey.ID, pipeline.BlocksKey.ID, pipeline.DefectsKey.ID,
		},
		Run: func(ctx context.Context, in pipeline.Opened) ([]pipeline.Observation, error) {
			tags, err := read(ctx, d, in)
			if err != nil {
				return nil, err
			}
			return Interpret(tags)
		},
	}
}

func read(ctx context.Context, d Decoder, in pipeline.Opened) (wire.Tags, error) {
	file, ok, err := pipeline.FileKey.In(in.Observed)
	if err != nil {
		return wire.Tags{}, fmt.Errorf("%s: %w", name, err)
	}
	if !ok {
		return wire.Tags{}, fmt.Errorf("%s: no %s: the type of the file is not known", name, pipeline.FileKey.ID)
	}
	tags, err := d.Tags(ctx, in.File, file.Type)
	if err == nil {
		return tags, nil
	}
	if out := fault.Outcome(name, err); !isSkip(out) {
		return wire.Tags{}, out
	}
	return wire.Tags{}, pipeline.Skip("no metadata reader for %s", file.Type)
}

// Interpret turns the raw tags of one file into observations.
func Interpret(tags wire.Tags) ([]pipeline.Observation, error) {
	s := &stated{tags: tags, until: horizon()}
	for _, n := range tags.Notes {
		s.defects = append(s.defects, pipeline.Defect(n))
	}
	var out observed
	add(&out, pipeline.ClocksKey, orEmpty(s.allClocks()))
	if v, ok := s.clip(); ok {
		add(&out, pipeline.ClipKey, v)
	}
	add(&out, pipeline.PlacesKey, orEmpty(s.allPlaces()))
	if v, ok := s.direction(); ok {
		add(&out, pipeline.DirectionKey, v)
	}
	if v := s.attitude(); v != (pipeline.Attitude{}) {
		add(&out, pipeline.AttitudeKey, v)
	}
	if v := s.camera(); v != (pipeline.Camera{}) {
		add(&out, pipeline.CameraKey, v)
	}
	if v := s.exposure(); v != (pipeline.Exposure{}) {
		add(&out, pipeline.ExposureKey, v)
	}
	add(&out, pipeline.SoftwareKey, orEmpty(s.software()))
	add(&out, pipeline.BlocksKey, orEmpty(s.blocks()))
	add(&out, pipeline.DefectsKey, orEmpty(s.sortedDefects()))
	return out.list, out.err
}

type observed struct {
	list []pipeline.Observation
	err  error
}

func add[T any](out *observed, key pipeline.Key[T], v T) {
	o, err := key.Observe(v)
	if err != nil && out.err == nil {
		out.err = fmt.Errorf("%s: %w", name, err)
	}
	out.list = append(out.list, o)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// horizon closes the window of dates that are believed. It is a constant of this version of the stage, because an
// observation is kept for ever and must not depend on the day it was made; raise both together before the year is near.
// Farther away it would offer a second reading, 1024 weeks on, of many satellite dates (package clock).
func horizon() time.Time { return time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC) }

// stated is one file's tags with what was found wrong with them so far.
type stated struct {
	tags    wire.Tags
	until   time.Time // dates after it are not believed
	defects []pipeline.Defect
}

func (s *stated) defect(where, format string, args ...any) {
	s.defects = append(s.defects, pipeline.Defect{Where: where, Rule: fmt.Sprintf(format, args...)})
}

func (s *stated) sortedDefects() []pipeline.Defect {
	slices.SortFunc(s.defects, func(a, b pipeline.Defect) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.Rule, b.Rule))
	})
	return slices.Compact(s.defects)
}
