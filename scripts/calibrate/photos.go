package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"time"

	"whenwhere/internal/decode"
	"whenwhere/internal/geo"
	"whenwhere/internal/trials"
	"whenwhere/internal/truth"
	"whenwhere/internal/worlds"
	"whenwhere/pipeline"
	assessfront "whenwhere/pipeline/assess/front"
)

// shoot is a photo as it was measured.
type shoot struct {
	truth.Photo
	exhibit pipeline.Exhibit
	event   int // photos of one day and neighbourhood are one event
	report  bool
}

// photosPopulation claims real photos at their true place and time, shifted, moved, and both, as they were found and
// without what messengers and editors take away.
func photosPopulation(ctx context.Context, court trials.Court, pool *decode.Pool, root string) (trials.Population, error) {
	p := trials.Population{Name: "photos", Doc: "real photos and clips of known place and time, claimed truly, shifted, moved, and without some of their tags"}
	shoots, err := readShoots(ctx, pool, root)
	if err != nil {
		return p, err
	}
	none := trials.NoMaps()
	p.Judged, err = court.JudgeAll(ctx, len(shoots), func(i int) ([]trials.Claim, error) { return photoClaims(shoots, i, none) })
	return p, err
}

func readShoots(ctx context.Context, pool *decode.Pool, root string) ([]shoot, error) {
	photos, err := truth.Photos(root)
	if err != nil {
		return nil, err
	}
	var out []shoot
	events := map[string]int{}
	for _, p := range photos {
		if p.Place == nil || p.When == nil {
			continue
		}
		e, err := extracted(ctx, pool, filepath.Join(root, filepath.FromSlash(p.Path)), false)
		if err != nil {
			return nil, err
		}
		key := fmt.Sprintf("%s %.1f %.1f", p.When.From.Add(truth.Slack).Format(time.DateOnly), p.Place.Lat, p.Place.Lon)
		if _, ok := events[key]; !ok {
			events[key] = len(events)
		}
		out = append(out, shoot{Photo: p, exhibit: e, event: events[key]})
	}
	order := rand.New(rand.NewPCG(6, 1)).Perm(len(events))
	for i := range out {
		out[i].report = order[out[i].event]%2 == 1
	}
	return out, nil
}

// channels are what a file comes through, with what they take away.
var channels = []struct {
	name  string
	strip []pipeline.KeyID
	all   bool // every tag, and the name
}{
	{name: ""},
	{name: ", position removed", strip: []pipeline.KeyID{pipeline.PlacesKey.ID, pipeline.DirectionKey.ID, pipeline.AttitudeKey.ID}},
	{name: ", times removed", strip: []pipeline.KeyID{pipeline.ClocksKey.ID}},
	{name: ", stripped", all: true},
}

// photoClaims are all claims about one photo.
func photoClaims(shoots []shoot, i int, none assessfront.Maps) ([]trials.Claim, error) {
	s := shoots[i]
	var out []trials.Claim
	for k, channel := range channels {
		e, err := through(s.exhibit, channel.strip, channel.all)
		if err != nil {
			return nil, err
		}
		for _, v := range versions(shoots, i) {
			c := caseOf(fmt.Sprintf("P-%d-%d", i, k), pipeline.Claim{Where: &v.place, When: &v.when, Kind: pipeline.KindOther}, e)
			out = append(out, trials.Claim{Case: c, Index: trials.NoArchive{}, Maps: none, PlaceTrue: v.placeTrue, TimeTrue: v.timeTrue,
				Kind: v.kind + channel.name, Event: s.event, Report: s.report})
		}
	}
	return out, nil
}

// through is the exhibit after a channel.
func through(e pipeline.Exhibit, strip []pipeline.KeyID, all bool) (pipeline.Exhibit, error) {
	e.Observed = without(e.Observed, strip...)
	if !all {
		return e, nil
	}
	var left pipeline.Observations
	for _, o := range e.Observed {
		if o.Key == pipeline.FileKey.ID {
			left = append(left, o)
		}
	}
	none, err := pipeline.BlocksKey.Observe([]string{})
	if err != nil {
		return e, err
	}
	e.Observed = append(left, none)
	return named(e, "media/a"+filepath.Ext(e.Ref.File))
}

// version is a claim about a photo.
type version struct {
	kind                string
	place               pipeline.Place
	when                pipeline.Span
	placeTrue, timeTrue bool
}

// versions are the truth, and the ways to miss it, those that are no miss of a wide truth left out.
func versions(shoots []shoot, i int) []version {
	s := shoots[i]
	out := []version{}
	for _, l := range worlds.Lies() {
		by, metres, ok := l.Shift()
		if !ok || by > 0 && by <= s.When.Duration() {
			continue
		}
		if i%2 == 1 {
			by = -by
		}
		place := geo.Destination(geo.LatLon{Lat: s.Place.Lat, Lon: s.Place.Lon}, math.Mod(float64(i)*137, 360), metres)
		out = append(out, version{string(l), pipeline.Place{Lat: place.Lat, Lon: place.Lon, RadiusM: truth.RadiusM},
			pipeline.Span{From: s.When.From.Add(by), To: s.When.To.Add(by)}, metres == 0, by == 0})
	}
	if far, ok := farFrom(shoots, i); ok {
		out = append(out, version{"at another photo's place", far, *s.When, false, true})
	}
	return out
}

// farFrom is the place of the next photo that was taken more than 200 km away.
func farFrom(shoots []shoot, i int) (pipeline.Place, bool) {
	at := func(s shoot) geo.LatLon { return geo.LatLon{Lat: s.Place.Lat, Lon: s.Place.Lon} }
	for n := 1; n < len(shoots); n++ {
		if o := shoots[(i+n)%len(shoots)]; geo.DistanceM(at(o), at(shoots[i])) > 200_000 {
			return *o.Place, true
		}
	}
	return pipeline.Place{}, false
}
