package moment

import (
	"context"
	"fmt"
	"slices"

	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// gathered is one file with all that speaks of when it was made.
type gathered struct {
	file  File
	place string
	prior timeset.Interval
	items []item
	flags []string
	near  timeset.Set // where any clock of the file can be read, or a bracket that speaks alone
	// missing is what there would have to be, if there are no items.
	missing []string
}

// gatherAll is every file that is there, with what speaks of its time.
func (e *Estimator) gatherAll(ctx context.Context, in pipeline.Case) ([]gathered, error) {
	var files []gathered
	for _, exhibit := range in.Media {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if exhibit.Media == nil {
			continue
		}
		g, err := e.gather(in.Incident, exhibit)
		if err != nil {
			return nil, fmt.Errorf("moment: %s: %w", exhibit.Subject(), err)
		}
		files = append(files, g)
	}
	if err := e.shareOffsets(files); err != nil {
		return nil, fmt.Errorf("moment: %w", err)
	}
	return files, nil
}

func (e *Estimator) gather(in pipeline.Incident, exhibit pipeline.Exhibit) (gathered, error) {
	claim, place, err := located(in.Claim, exhibit)
	if err != nil {
		return gathered{}, err
	}
	x, err := NewFile(e.zones, claim, exhibit)
	if err != nil {
		return gathered{}, err
	}
	g := gathered{file: x, place: place, prior: everMs(), flags: x.stampFlags()}
	clocks, flags, err := x.clockItems()
	if err != nil {
		return g, err
	}
	g.items, g.flags = clocks, append(g.flags, flags...)
	g.near = within(clocks)
	near := g.near
	if len(clocks) == 0 {
		g.flags = append(g.flags, FlagNoClock)
		g.missing = []string{"a usable clock in the file or its name"}
		days, ok := claimedDays(in.Claim)
		switch {
		case !exhibit.Asked():
			return g, nil
		case !ok:
			g.missing = append(g.missing, "a claimed time, for its light to be held against")
			return g.bracketed(in)
		}
		g.prior, near = days, timeset.Of(days)
	}
	if claim.Where == nil {
		g.flags = append(g.flags, FlagNoPlace)
		g.missing = append(g.missing, "a place, for shadows and exposure")
	} else if err := g.addLight(e, in, near); err != nil {
		return g, err
	}
	if len(g.items) == 0 {
		g.prior = everMs()
		g.missing = append(g.missing, "a marked shadow, the sun in the frame, or an exposure")
		return g.bracketed(in)
	}
	return g.bounded(in)
}

// bracketed is a file of which neither clock nor light speaks. Bounds alone would only give the prior back; two satellite
// images with the making between them are as good as a slow clock, whatever days are claimed.
func (g gathered) bracketed(in pipeline.Incident) (gathered, error) {
	brackets, _ := g.file.bracketItems(in)
	brackets = slices.DeleteFunc(brackets, func(i item) bool { return i.Bound != fusion.Point })
	if len(brackets) == 0 {
		return g, nil
	}
	g.flags = append(slices.DeleteFunc(g.flags, func(f string) bool { return f == FlagNoClock }), FlagBracketOnly)
	g.near, g.missing = within(brackets), nil
	return g.bounded(in)
}

// bounded adds what the capture cannot be later or earlier than.
func (g gathered) bounded(in pipeline.Incident) (gathered, error) {
	bounds, doubts, err := g.file.boundItems(in)
	g.items, g.flags = append(g.items, bounds...), append(g.flags, doubts...)
	return g, err
}

// located is the claim with the place that offsets and sun are taken for: the claimed one, or the file's own where the
// claim names none.
func located(claim pipeline.Claim, e pipeline.Exhibit) (pipeline.Claim, string, error) {
	if claim.Where != nil {
		return claim, "claim", nil
	}
	places, _, err := pipeline.PlacesKey.In(e.Observed)
	if err != nil || len(places) == 0 {
		return claim, "", err
	}
	claim.Where = &pipeline.Place{Lon: places[0].Lon, Lat: places[0].Lat, RadiusM: 100}
	return claim, "file", nil
}

// claimedDays is the claimed time with what is left of a day around it, inside the years that the sun's table holds.
func claimedDays(c pipeline.Claim) (timeset.Interval, bool) {
	if c.When == nil {
		return timeset.Interval{}, false
	}
	lo, hi := c.When.From.UnixMilli(), c.When.To.UnixMilli()
	half := max(dayMs/2, (hi-lo)/2)
	middle := lo + (hi-lo)/2
	days := timeset.Interval{Lo: max(middle-half, everMs().Lo), Hi: min(middle+half, everMs().Hi)}
	return days, !days.IsEmpty()
}

// within is where any of the clocks can be read.
func within(clocks []item) timeset.Set {
	var all []timeset.Interval
	for _, i := range clocks {
		for _, h := range i.Hypotheses {
			all = append(all, h.Set.Intervals()...)
		}
	}
	return timeset.Of(all...)
}

func (g *gathered) addLight(e *Estimator, in pipeline.Incident, near timeset.Set) error {
	near = near.Intersect(timeset.Of(g.prior))
	if near.IsEmpty() {
		return nil
	}
	s, err := e.sky()
	if err != nil {
		return err
	}
	l := newLight(s, *g.file.Claim.Where, g.prior, near)
	if shown, ok, err := g.file.exposureItem(l); err != nil {
		return err
	} else if ok {
		g.items = append(g.items, shown)
	}
	marks, flags, err := g.file.markItems(in, l)
	g.items, g.flags = append(g.items, marks...), append(g.flags, flags...)
	return err
}
