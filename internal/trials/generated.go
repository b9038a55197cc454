package trials

import (
	"context"

	"whenwhere/internal/control"
	"whenwhere/internal/ground"
	"whenwhere/internal/worlds"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
	"whenwhere/pipeline/assess/front"
)

// Sightings is an archive that has something of the one file that it is asked about, or nothing.
type Sightings []footage.Sighting

// Look implements footage.Index.
func (s Sightings) Look(context.Context, pipeline.MediaID, []pipeline.Print) (footage.Seen, error) {
	return footage.Seen{Sightings: s, Pictures: 1, Comparable: 1}, nil
}

// Archive implements footage.Index.
func (s Sightings) Archive(context.Context) (bool, error) { return true, nil }

// NoArchive is none, and the prints of no file are compared.
type NoArchive struct{}

// Look implements footage.Index.
func (NoArchive) Look(context.Context, pipeline.MediaID, []pipeline.Print) (footage.Seen, error) {
	return footage.Seen{}, nil
}

// Archive implements footage.Index.
func (NoArchive) Archive(context.Context) (bool, error) { return false, nil }

// NoMaps say nothing of any place.
func NoMaps() front.Maps {
	none, _ := control.Assemble()
	return ground.Of(none)
}

// Seed of the generated cases.
const Seed = 6

// Generated judges the first n cases that are drawn as the rules suppose.
func (c Court) Generated(ctx context.Context, n int) ([]Judged, error) {
	maker, none := worlds.New(c.Zones, Seed), NoMaps()
	return c.JudgeAll(ctx, n, func(i int) ([]Claim, error) {
		x, err := maker.Draw(i)
		return []Claim{claimOf(x, none, "as the rules suppose", i)}, err
	})
}

// Lies judges n cases of each way to be false, and of the truth. Cases of one number share their claim.
func (c Court) Lies(ctx context.Context, n int) ([]Judged, error) {
	maker, none := worlds.New(c.Zones, Seed+1), NoMaps()
	return c.JudgeAll(ctx, n, func(i int) (out []Claim, err error) {
		for _, l := range worlds.Lies() {
			x, err := maker.Lie(l, i)
			if err != nil {
				return nil, err
			}
			out = append(out, claimOf(x, none, string(l), i))
		}
		return out, nil
	})
}

// Edited parts lies told with files as they are from those told with edited files. True claims are in both.
func Edited(lies []Judged) (asFound, edited []Judged) {
	for _, x := range lies {
		if x.Kind != string(worlds.Edited) {
			asFound = append(asFound, x)
		}
		if x.Kind == string(worlds.Edited) || x.True() {
			edited = append(edited, x)
		}
	}
	return asFound, edited
}

func claimOf(x worlds.Case, maps front.Maps, kind string, i int) Claim {
	return Claim{Case: x.Case, Index: Sightings(x.Known), Maps: maps, PlaceTrue: x.PlaceTrue, TimeTrue: x.TimeTrue, Kind: kind, Event: i, Report: i%2 == 1}
}
