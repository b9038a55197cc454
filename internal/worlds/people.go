package worlds

import (
	"fmt"
	"math"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/internal/likeness"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// graded are the grades that are drawn, with how often somebody of that grade is right.
var graded = []struct {
	grade pipeline.Grade
	right float64
}{{"A1", 0.95}, {"B2", 0.85}, {"C3", 0.7}, {"", 0.6}}

// claimant draws who made the claim, if anybody is known to have, and returns how often such a claim is true: of somebody
// whom nobody graded, as often as not.
func (w *world) claimant(c chances) (credit float64) {
	if !w.chance(c.claimant) {
		return 0.5
	}
	g := graded[w.IntN(len(graded))]
	w.grades = append(w.grades, g.grade)
	if g.grade == "" {
		return 0.5
	}
	return c.genuine.person*g.right + (1-c.genuine.person)/2
}

// people draws posters and witnesses. A claim is posted after what is claimed; an older post of the footage is found now and
// then. Others report a true claim the more often, the better they are, and a false one the less; hardly anybody does, so
// that nobody's silence tells anything.
func (w *world) people(c chances) {
	posted := w.window.From
	if w.at.After(posted) {
		posted = w.at
	}
	for _, grade := range w.grades {
		w.post(grade, posted)
	}
	g := graded[w.IntN(len(graded))]
	reports := g.right
	if !w.True() {
		reports = 1 - g.right
	}
	if !w.chance(c.genuine.person) {
		reports = 0.5
	}
	if w.chance(2 * c.second * reports) {
		w.post(g.grade, posted)
	}
	if w.at.Before(w.window.From) && w.chance(c.older) {
		w.post("F6", w.at)
	}
	for i := range 2 {
		if w.chance(c.testimony) {
			w.Incident.Testimonies = append(w.Incident.Testimonies, w.witness(i, w.chance(c.genuine.person)))
		}
	}
}

// post is made some time after the footage was there, and dated by its id or by what its platform shows.
func (w *world) post(grade pipeline.Grade, after time.Time) {
	i, at := len(w.Incident.Sources), after.Add(w.length(10*time.Minute, 30*24*time.Hour)).Truncate(time.Second)
	s := pipeline.Source{URL: fmt.Sprintf("https://t.me/invented%d/%d", i, 100+i), Platform: "telegram", Account: fmt.Sprintf("invented%d", i), Grade: grade}
	if w.chance(0.5) {
		s.Published = &at
	} else {
		s.Platform, s.URL = "x", fmt.Sprintf("https://x.com/invented%d/status/%d", i, (at.UnixMilli()-1288834974657)<<22)
	}
	w.Incident.Sources = append(w.Incident.Sources, s)
}

// witness is right as often as his grade says, half as far from a coin when he was told. A right one names the truth, a
// wrong one a place and a time by chance when the claim is true, and the claimed ones when it is false. A bogus testimony
// is a coin.
func (w *world) witness(i int, genuine bool) pipeline.Testimony {
	g, direct := graded[w.IntN(len(graded))], w.chance(0.5)
	right := g.right
	if !direct {
		right = 0.5 + (right-0.5)/2
	}
	if !genuine {
		right = 0.5
	}
	says := w.chance(right)
	t := pipeline.Testimony{ID: fmt.Sprintf("W-%d", i), Direct: &direct, Grade: g.grade}
	where, at := w.place, w.at
	if !says {
		where, at = centre(w.claimed), w.window.From
		if w.PlaceTrue {
			where = w.elsewhere()
		}
		if w.TimeTrue {
			at = w.anotherTime()
		}
	}
	radius, half := math.Round(w.log(500, 5000)), w.length(time.Hour, 12*time.Hour)
	where = geo.Destination(where, w.between(0, 360), radius/2*w.Float64())
	t.Place = &pipeline.Place{Lat: where.Lat, Lon: where.Lon, RadiusM: radius}
	t.Time = &pipeline.Span{From: at.Add(-half).Truncate(time.Second), To: at.Add(half).Truncate(time.Second)}
	return t
}

// archive draws what is known of old footage: some of it, dated some days after it was filmed; and strangers alike by
// chance, 1 in 10,000.
func (w *world) archive(c chances) {
	seen := w.at.Add(w.length(time.Hour, 10*24*time.Hour))
	bits := 8
	like := likeness.Likeness{BitsPDQ: 6, View: pipeline.ViewUpright, InView: pipeline.ViewUpright, Bits256: &bits}
	switch {
	case !w.TimeTrue && w.at.Before(w.window.From) && w.chance(c.known):
	case w.chance(1e-4):
		seen = w.window.From.Add(-w.length(24*time.Hour, horizon))
	default:
		return
	}
	w.Known = []footage.Sighting{{Entry: footage.Entry{Name: "known/1", SeenBy: &seen}, Like: like}}
}
