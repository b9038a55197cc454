package control

import (
	"math"
	"slices"
	"time"

	"whenwhere/internal/geo"
)

// The window and the margin. A map follows events by hours to days, and
// liberation is announced after it happens: footage from Makiivka geolocated on
// 12 November 2022 was true although the change was announced on the 13th. So
// a claim is compared with every edition from 3 days before it to 7 days after.
// Over gaps it reaches up to 30 days: a line of another season says nothing of
// this one. 2 km is the margin within which maps of one day disagree; it grows by 1 km
// for each day that the edition in force is older than the claim.
const (
	WindowBefore   = 3 * 24 * time.Hour
	WindowAfter    = 7 * 24 * time.Hour
	MaxReach       = 30 * 24 * time.Hour
	MarginM        = 2000.0
	MarginPerDayM  = 1000.0
	MaxMarginM     = 10_000.0
	hoursPerDay    = 24
	rowsAcrossDisc = 400
)

// Held is what one provider's editions around a claim allow.
type Held struct {
	Provider string
	From, To time.Time // the claim and the window around it
	Editions []Edition // all that were looked at, oldest first; none: no data
	Sides    []Side    // classes at the centre of the claim, sorted; unknown is left out
	// InBand: in at least one edition the claimed disc, widened by the margin,
	// touches the line or contested ground, so either side may have been there.
	InBand  bool
	MarginM float64
	// MinDistanceM is the least distance of the centre to the line or to
	// contested ground; nil when no edition draws any.
	MinDistanceM *float64
	// StaleDays is how much older than the claim the edition in force at its
	// start is; nil when every edition is later.
	StaleDays *float64
	Flags     []string // of all editions looked at
}

// Allows tells whether side held or contested the claimed ground in any
// edition of the window, or may have within the margin. known is false when
// no edition says anything of the place: then nothing follows.
func (h Held) Allows(side Side) (allowed, known bool) {
	allowed = h.InBand || slices.Contains(h.Sides, side) || slices.Contains(h.Sides, Contested)
	return allowed, len(h.Sides) > 0 || h.InBand
}

// Window compares a claimed disc and time [from, to] with every edition from
// WindowBefore to WindowAfter, per provider, sorted by name. Where a provider
// has a gap the window reaches back to the edition in force at from, and on to
// the first one after to, but never farther than MaxReach.
func (m *Maps) Window(lat, lon, radiusM float64, from, to time.Time) []Held {
	out := make([]Held, 0, len(m.providers))
	for _, p := range m.providers {
		out = append(out, p.window(geo.LatLon{Lat: lat, Lon: lon}, radiusM, from, to))
	}
	return out
}

func (p provider) window(where geo.LatLon, radiusM float64, from, to time.Time) Held {
	h := Held{Provider: p.name, From: from.Add(-WindowBefore), To: to.Add(WindowAfter), MarginM: MarginM}
	h.setStale(p, from)
	least := math.Inf(1)
	for _, e := range p.around(from, to) {
		h.Editions = append(h.Editions, e.Edition)
		h.Flags = append(h.Flags, e.Flags...)
		if side, _ := e.side(where); side != Unknown && !slices.Contains(h.Sides, side) {
			h.Sides = append(h.Sides, side)
		}
		least = min(least, e.lineDistanceM(where))
	}
	slices.Sort(h.Sides)
	if !math.IsInf(least, 1) {
		h.MinDistanceM = &least
		h.InBand = least <= radiusM+h.MarginM
	}
	return h
}

// setStale widens the margin by the age of the edition in force; before the
// first edition, by how much later that one is.
func (h *Held) setStale(p provider, from time.Time) {
	if i := p.after(from) - 1; i >= 0 {
		age := from.Sub(p.editions[i].AsOf)
		days := age.Hours() / hoursPerDay
		h.StaleDays, h.MarginM = &days, marginM(age)
	} else if len(p.editions) > 0 {
		h.MarginM = marginM(p.editions[0].AsOf.Sub(from))
	}
}

// marginM is the margin for a map that old.
func marginM(age time.Duration) float64 {
	return min(MaxMarginM, MarginM+MarginPerDayM*age.Hours()/hoursPerDay)
}

// around is the editions of the window, widened over gaps.
func (p provider) around(from, to time.Time) []*edition {
	first := min(p.notBefore(from.Add(-WindowBefore)), max(0, p.after(from)-1))
	last := max(p.after(to.Add(WindowAfter)), min(len(p.editions), p.notBefore(to)+1))
	first = max(first, p.notBefore(from.Add(-MaxReach)))
	last = min(last, p.after(to.Add(MaxReach)))
	return p.editions[first:max(first, last)]
}

// notBefore is the index of the first edition at or after t.
func (p provider) notBefore(t time.Time) int { return p.after(t.Add(-1)) }
