package moment

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// Estimator estimates when files were made. Make one with New and share it: it is safe for concurrent use.
type Estimator struct {
	zones Zones
	sky   func() (*sky, error) // made at the first question of the sun
}

// New returns an estimator that asks offsets of places, and what zones keep.
func New(zones Zones) *Estimator {
	return &Estimator{zones, sync.OnceValues(newSky)}
}

// everMs is the prior of a file with a clock: the window of dates that package clock believes, which ends at the horizon
// of the stage metadata.
func everMs() timeset.Interval {
	return timeset.Interval{Lo: time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), Hi: time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()}
}

// Estimates returns one estimate for each file of the incident that is there, in the order of the record. That of a file
// of whose time nothing speaks has no sets, and says what is missing.
func (e *Estimator) Estimates(ctx context.Context, in pipeline.Case) ([]pipeline.Estimate, error) {
	files, err := e.gatherAll(ctx, in)
	if err != nil {
		return nil, err
	}
	out := []pipeline.Estimate{}
	for _, g := range files {
		if len(g.items) == 0 {
			out = append(out, g.unknown())
			continue
		}
		est, err := g.estimate()
		if err != nil {
			return nil, fmt.Errorf("moment: %s: %w", g.file.Exhibit.Subject(), err)
		}
		out = append(out, est)
	}
	return out, nil
}

// Allowed is what one item of an estimate allows by itself, for a picture of how they meet. An item that binds from one
// side only reaches to the end of the prior on the other.
type Allowed struct {
	Media string // subject of the exhibit
	Item  string // id of the pipeline.TimeItem
	Spans []pipeline.Span
}

// Allowed lists what each item behind the estimates allows, by file in the order of the record, then by item.
func (e *Estimator) Allowed(ctx context.Context, in pipeline.Case) ([]Allowed, error) {
	files, err := e.gatherAll(ctx, in)
	if err != nil {
		return nil, err
	}
	var out []Allowed
	for _, g := range files {
		if len(g.items) == 0 {
			continue
		}
		p, err := g.fuse()
		if err != nil {
			return nil, fmt.Errorf("moment: %s: %w", g.file.Exhibit.Subject(), err)
		}
		for _, a := range p.Allows() {
			out = append(out, Allowed{g.file.Exhibit.Subject(), a.ID, spans(a.Set)})
		}
	}
	return out, nil
}

func (g *gathered) fuse() (*fusion.Posterior, error) {
	prior, err := fusion.Uniform(timeset.Of(g.prior))
	if err != nil {
		return nil, err
	}
	list := make([]fusion.Item, len(g.items))
	for i := range g.items {
		list[i] = g.items[i].Item
	}
	return fusion.Fuse(prior, list)
}

func (g *gathered) estimate() (pipeline.Estimate, error) {
	p, err := g.fuse()
	if err != nil {
		return pipeline.Estimate{}, err
	}
	sum, hard := p.Summary(), p.Hard()
	est := pipeline.Estimate{
		Media: g.file.Exhibit.Subject(), Place: g.place, Prior: span(g.prior),
		Within50: share(sum.HPD50), Within95: share(sum.HPD95), Likely: g.likely(p.Density()),
		Median: time.UnixMilli(sum.MedianMs).UTC().Format(time.RFC3339),
		Strict: spans(hard.Strict), Robust: spans(hard.Robust), False: orEmpty(hard.Falsetickers), Core: orEmpty(hard.Core),
		Flags: g.flags,
	}
	if len(hard.Core) > 0 {
		est.Flags = append(est.Flags, FlagContradicts)
	}
	slices.Sort(est.Flags)
	est.Flags = orEmpty(slices.Compact(est.Flags))
	if slices.EqualFunc(est.Robust, est.Strict, sameSpan) {
		est.Robust = nil
	}
	masses := p.Items()
	est.Readings = g.readings(masses)
	est.Items = g.told(masses, p.LeaveOneOut(), est.Within95.Spans)
	return est, nil
}

// unknown is the entry of a file of whose time nothing speaks.
func (g *gathered) unknown() pipeline.Estimate {
	slices.Sort(g.flags)
	none := pipeline.Share{Spans: []pipeline.Span{}}
	return pipeline.Estimate{
		Media: g.file.Exhibit.Subject(), Place: g.place, Prior: span(g.prior), Within50: none, Within95: none,
		Readings: []pipeline.ReadingMass{}, Strict: []pipeline.Span{}, False: []string{}, Core: [][]string{},
		Items: []pipeline.TimeItem{}, Flags: slices.Compact(g.flags), Missing: g.missing,
	}
}

// likely is the smallest set that holds 95 % of what is left when some clock of the file can be believed.
func (g *gathered) likely(d fusion.Density) *pipeline.Share {
	near := g.near.Intersect(timeset.Of(g.prior))
	if near.IsEmpty() {
		return nil
	}
	mask, err := fusion.Uniform(near)
	if err != nil {
		return nil
	}
	within := d.Over(near)
	region := d.Times(mask).HPD(0.95)
	out := share(region)
	out.Mass = thousandth(region.Mass * within)
	return &out
}

// readings are what the clocks may mean, likeliest first.
func (g *gathered) readings(masses []fusion.ItemMass) []pipeline.ReadingMass {
	out := make([]pipeline.ReadingMass, 0, 2*len(masses))
	for k := range g.items {
		i := &g.items[k]
		for _, m := range masses {
			if m.ID != i.ID || !i.clocked {
				continue
			}
			for _, h := range m.Hypotheses {
				if mass := thousandth(h.Genuine); mass > 0 {
					out = append(out, pipeline.ReadingMass{Item: i.ID, Reading: h.Name, Mass: mass})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b pipeline.ReadingMass) int { return cmp.Compare(b.Mass, a.Mass) })
	return out
}

func (g *gathered) told(masses []fusion.ItemMass, shifts []fusion.Shift, all []pipeline.Span) []pipeline.TimeItem {
	out := make([]pipeline.TimeItem, 0, len(masses))
	for k, m := range masses { // both lists are in the order of the ids
		i := &g.items[slices.IndexFunc(g.items, func(i item) bool { return i.ID == m.ID })]
		t := pipeline.TimeItem{ID: m.ID, Clock: i.Clock, Evidence: i.evidence, Genuine: i.Reliability, After: thousandth(1 - m.Bogus), Without: []pipeline.Span{}}
		if s := shifts[k]; s.Possible {
			t.Without, t.ShiftedS = spans(s.Without.HPD95.Set), math.Round(float64(s.MedianByMs)/1000)+0 // never -0
			if slices.EqualFunc(t.Without, all, sameSpan) {
				t.Without = nil
			}
		}
		out = append(out, t)
	}
	return out
}

func sameSpan(a, b pipeline.Span) bool { return a.From.Equal(b.From) && a.To.Equal(b.To) }

func span(iv timeset.Interval) pipeline.Span {
	return pipeline.Span{From: time.UnixMilli(iv.Lo).UTC(), To: time.UnixMilli(iv.Hi).UTC()}
}

func spans(s timeset.Set) []pipeline.Span {
	out := make([]pipeline.Span, 0, s.Len())
	for i := range s.Len() {
		out = append(out, span(s.At(i)))
	}
	return out
}

func share(r fusion.Region) pipeline.Share {
	return pipeline.Share{Spans: spans(r.Set), Mass: thousandth(r.Mass)}
}

// thousandth rounds: the model behind a probability is not surer of itself.
func thousandth(p float64) float64 { return math.Round(1000*p) / 1000 }

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
