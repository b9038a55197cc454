package worlds

import (
	"time"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// Lie is a way in which a claim about well documented footage is false.
type Lie string

// Lies. Shifted and moved claims are about the file as it is; the others are about footage of another day and place.
const (
	None     Lie = "true"
	Hour     Lie = "1 h off"
	Quarter  Lie = "6 h off"
	Day      Lie = "1 d off"
	Week     Lie = "7 d off"
	Year     Lie = "1 y off"
	Near     Lie = "5 km off"
	Far      Lie = "50 km off"
	Farther  Lie = "500 km off"
	Both     Lie = "50 km and 1 d off"
	Edited   Lie = "tags edited to fit"
	Stripped Lie = "old and stripped"
)

// Lies lists all, the truth first.
func Lies() []Lie {
	return []Lie{None, Hour, Quarter, Day, Week, Year, Near, Far, Farther, Both, Edited, Stripped}
}

// Shift is how far the claimed time is off, and how far the claimed place, in metres; ok is false for lies of other kinds.
func (l Lie) Shift() (by time.Duration, metres float64, ok bool) {
	const day = 24 * time.Hour
	switch l {
	case None:
	case Hour:
		by = time.Hour
	case Quarter:
		by = 6 * time.Hour
	case Day:
		by = day
	case Week:
		by = 7 * day
	case Year:
		by = 365 * day
	case Near:
		metres = 5_000
	case Far:
		metres = 50_000
	case Farther:
		metres = 500_000
	case Both:
		by, metres = day, 50_000
	case Edited, Stripped:
		return 0, 0, false
	}
	return by, metres, true
}

// documented is a phone's original in a record that people worked on.
func documented() chances {
	c := usual()
	c.stripped, c.camera, c.gps, c.position, c.name, c.exposure, c.shadow = 0, 1, 0.5, 0.8, 0.5, 0.8, 0.3
	return c
}

// Lie is case number n of a way to be false: a claim of a quarter of an hour to either side and 500 m.
func (m Maker) Lie(l Lie, n int) (Case, error) {
	w, c := m.claim(n), documented()
	w.claimed.RadiusM, w.window.To = 500, w.window.From.Add(30*time.Minute)
	w.place, w.at = w.near(centre(w.claimed), w.claimed.RadiusM), w.within(w.window)
	w.grades = []pipeline.Grade{""}
	by, metres, shifted := l.Shift()
	switch {
	case shifted:
		w.place = geo.Destination(w.place, w.between(0, 360), metres)
		if w.chance(0.5) {
			by = -by
		}
		w.at = w.at.Add(by)
	default:
		w.place, w.at = w.elsewhere(), w.window.From.Add(-w.length(24*time.Hour, horizon))
	}
	w.PlaceTrue, w.TimeTrue = shifted && metres == 0, shifted && by == 0
	if l == Edited { // every tag that states a place or a time, and the name; what the camera met stays
		c.genuine.camera, c.genuine.gps, c.genuine.position, c.genuine.name = 0, 0, 0, 0
		w.edited = true
	}
	if l == Stripped {
		c.stripped = 1
	}
	err := w.leave(c)
	return w.Case, err
}
