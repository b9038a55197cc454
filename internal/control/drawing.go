package control

import (
	"time"

	"github.com/paulmach/orb"

	"whenwhere/internal/geo"
)

// Drawing is one provider's map of a moment, to be drawn: the same edition that At answers from.
type Drawing struct {
	Provider string
	// Edition is the one in force at the moment, or, when every edition is later, the first one.
	Edition Edition
	Later   bool // every edition is later than the moment
	// Ground by side as the file draws it; nil where it draws none. Rest is who holds ground that nothing covers, within
	// Coverage, or everywhere when Coverage is nil.
	RU, UA, Contested orb.MultiPolygon
	Rest              Side
	Coverage          orb.MultiPolygon
	// Line is what distances are measured to, as edges of two positions; nil when the edition has none.
	Line      []orb.LineString
	WholeEdge bool    // coast and state border count as line too
	MarginM   float64 // how far the line may be off, by the age of the edition
	// Next is the edition that follows, and its line; nil when there is none within MaxReach of the moment.
	Next     *Edition
	NextLine []orb.LineString
}

// Drawn gives the drawing of each provider that has an edition within MaxReach of t, sorted by name. What it returns is
// shared and must not be changed.
func (m *Maps) Drawn(t time.Time) []Drawing {
	var out []Drawing
	for _, p := range m.providers {
		if d, ok := p.drawn(t); ok {
			out = append(out, d)
		}
	}
	return out
}

func (p provider) drawn(t time.Time) (Drawing, bool) {
	i := p.after(t) - 1
	later := i < 0
	i = max(i, 0)
	if len(p.editions) == 0 || t.Sub(p.editions[i].AsOf).Abs() > MaxReach {
		return Drawing{}, false
	}
	e := p.editions[i]
	d := Drawing{Provider: p.name, Edition: e.Edition, Later: later, RU: shapeOf(e.ru), UA: shapeOf(e.ua), Contested: shapeOf(e.contested),
		Rest: e.rest, Coverage: shapeOf(e.coverage), Line: lineOf(e), WholeEdge: e.wholeEdge, MarginM: marginM(t.Sub(e.AsOf).Abs())}
	if i+1 < len(p.editions) && p.editions[i+1].AsOf.Sub(t) <= MaxReach {
		next := p.editions[i+1]
		d.Next, d.NextLine = &next.Edition, lineOf(next)
	}
	return d, true
}

func shapeOf(r *geo.Region) orb.MultiPolygon {
	if r == nil {
		return nil
	}
	return r.Shape()
}

// lineOf is the line that lineDistanceM measures to.
func lineOf(e *edition) []orb.LineString {
	switch {
	case e.line != nil:
		return e.line.Line()
	case e.ru == nil && e.ua != nil:
		return e.ua.Line()
	}
	return nil
}
