package solar

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// Band is a range of angles, both ends included. As azimuths it runs clockwise from Min to Max, so
// {350, 10} holds north, and a band of 360 degrees or more holds all.
type Band struct{ MinDeg, MaxDeg float64 }

// Window is a half-open interval of time in Unix milliseconds, [Lo, Hi).
type Window struct{ Lo, Hi int64 }

// Sight is where a body was seen; nil says that it is not known. Elevation is geometric.
type Sight struct {
	Elevation, Azimuth *Band
}

// Whens returns all windows within [from, to) in which the centre of the body stands in both bands
// over a site, in order, to 1 ms. A year takes some 0.5 ms. It is exact in the tropics, where the
// azimuth turns back, and at the poles; only a stay shorter than the 0.1 s around a turning point may
// be missed. The times must lie in the table; other errors name a bad site or band.
func (t *Table) Whens(from, to time.Time, s Site, seen Sight) ([]Window, error) {
	if err := t.checkRange(from, to); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	zone, err := newZone(seen)
	if err != nil {
		return nil, err
	}
	k := newTrack(t, s)
	return k.windows(zone, spanOf(from, to)), nil
}

// zone is a Sight as edges.
type zone struct {
	floor, ceiling *edge // of elevation; nil where no elevation is beyond
	left, right    *edge // of azimuth, or both nil
	wide           bool  // the azimuths are more than half a turn: outside both edges is outside
}

func newZone(s Sight) (zone, error) {
	var z zone
	if b := s.Elevation; b != nil {
		if !(b.MinDeg >= -90 && b.MaxDeg <= 90 && b.MinDeg < b.MaxDeg) {
			return zone{}, fmt.Errorf("solar: elevation band: %g to %g does not rise within -90 and 90",
				b.MinDeg, b.MaxDeg)
		}
		z.floor, z.ceiling = edgeUnless(b.MinDeg, -90), edgeUnless(b.MaxDeg, 90)
	}
	if b := s.Azimuth; b != nil {
		const turns = 720 // an azimuth may be given as -180..180 and with a sigma beyond
		if !(math.Abs(b.MinDeg) <= turns && math.Abs(b.MaxDeg) <= turns && b.MinDeg != b.MaxDeg) {
			return zone{}, fmt.Errorf("solar: azimuth band: %g to %g is none", b.MinDeg, b.MaxDeg)
		}
		if width := b.MaxDeg - b.MinDeg; width < 360 {
			left, right := azimuthEdge(b.MinDeg), azimuthEdge(b.MaxDeg)
			z.left, z.right, z.wide = &left, &right, wrap360(width) > 180
		}
	}
	return z, nil
}

func edgeUnless(elevationDeg, limitDeg float64) *edge {
	if elevationDeg == limitDeg {
		return nil
	}
	e := elevationEdge(elevationDeg)
	return &e
}

// holds says whether a body in view stands in the zone.
func (z *zone) holds(v *look) bool {
	if z.floor != nil && z.floor.value(v) < 0 || z.ceiling != nil && z.ceiling.value(v) > 0 {
		return false
	}
	if z.left == nil {
		return true
	}
	afterLeft, beforeRight := z.left.value(v) >= 0, z.right.value(v) <= 0
	if z.wide {
		return afterLeft || beforeRight
	}
	return afterLeft && beforeRight
}

// windows looks for azimuths only where the elevation fits.
func (k *track) windows(z zone, all span) []Window {
	spans := []span{all}
	if z.floor != nil || z.ceiling != nil {
		var found []root
		turns := k.turnings(elevationEdge(0), all.from, all.to) // one set for both: only the cone differs
		for _, e := range []*edge{z.floor, z.ceiling} {
			if e != nil {
				found = k.rootsIn(found, *e, turns, spans)
			}
		}
		spans = k.keep(zone{floor: z.floor, ceiling: z.ceiling}, spans, found)
	}
	if z.left != nil {
		var found []root
		for _, e := range []*edge{z.left, z.right} {
			found = k.rootsIn(found, *e, k.turnings(*e, all.from, all.to), spans)
		}
		spans = k.keep(zone{left: z.left, right: z.right, wide: z.wide}, spans, found)
	}
	return windowsOf(spans)
}

// keep cuts the spans at every crossing of an edge, the far sides of azimuths included, and keeps the
// pieces whose middle lies in the zone. Nothing depends on knowing which crossing means what.
func (k *track) keep(z zone, spans []span, found []root) []span {
	slices.SortFunc(found, func(a, b root) int { return cmp.Compare(a.days, b.days) })
	kept := make([]span, 0, len(found)/2+1)
	var v look
	for _, in := range spans {
		for in.from < in.to {
			piece := in
			if len(found) > 0 && found[0].days < in.to {
				piece.to, found = max(found[0].days, in.from), found[1:]
			}
			in.from = piece.to
			k.look((piece.from+piece.to)/2, &v)
			if piece.from < piece.to && z.holds(&v) {
				kept = appendJoined(kept, piece)
			}
		}
	}
	return kept
}

func appendJoined(spans []span, s span) []span {
	if n := len(spans); n > 0 && spans[n-1].to == s.from {
		spans[n-1].to = s.to
		return spans
	}
	return append(spans, s)
}

func windowsOf(spans []span) []Window {
	windows := make([]Window, 0, len(spans))
	for _, s := range spans {
		w := Window{milliOf(s.from), milliOf(s.to)}
		switch n := len(windows); {
		case w.Lo >= w.Hi:
		case n > 0 && windows[n-1].Hi >= w.Lo: // less than 1 ms between
			windows[n-1].Hi = w.Hi
		default:
			windows = append(windows, w)
		}
	}
	return windows
}
