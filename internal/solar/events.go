package solar

import (
	"fmt"
	"math"
	"time"
)

// Crossing is the instant at which a body passes an elevation.
type Crossing struct {
	At     time.Time
	Rising bool
}

// Crossings returns all instants in [from, to) at which the centre of the body passes a geometric
// elevation, in order. With [SunriseDeg] they are rise and set.
// None at all means that the body stays on one side. They are the table's model to 1 ms; a pair that
// only touches the elevation, within 0.000001 degrees, may be left out. The times must lie in the table;
// other errors name a site or an elevation that is none.
func (t *Table) Crossings(from, to time.Time, s Site, elevationDeg float64) ([]Crossing, error) {
	if err := t.checkRange(from, to); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if !(elevationDeg > -90 && elevationDeg < 90) {
		return nil, fmt.Errorf("solar: elevation: %g is not between -90 and 90 degrees", elevationDeg)
	}
	k := newTrack(t, s)
	return crossingsOf(k.roots(elevationEdge(elevationDeg), spanOf(from, to))), nil
}

func spanOf(from, to time.Time) span { return span{daysSinceJ2000(from), daysSinceJ2000(to)} }

func crossingsOf(roots []root) []Crossing {
	crossings := make([]Crossing, len(roots))
	for i, r := range roots {
		crossings[i] = Crossing{timeOf(r.days), r.rising}
	}
	return crossings
}

// Transits returns all instants in [from, to) at which the body passes the meridian of a longitude on
// the upper side, its true noon, in order.
func (t *Table) Transits(from, to time.Time, lonDeg float64) ([]time.Time, error) {
	if err := t.checkRange(from, to); err != nil {
		return nil, err
	}
	if err := SeaLevel(0, lonDeg).check(); err != nil {
		return nil, err
	}
	k := newTrack(t, SeaLevel(0, lonDeg))
	var transits []time.Time
	// East is positive after the lower transit: the value falls through zero at the upper one.
	for _, r := range k.roots(azimuthEdge(0), spanOf(from, to)) {
		if !r.rising {
			transits = append(transits, timeOf(r.days))
		}
	}
	return transits, nil
}

// Day is what an almanac prints for a place and a date. An event that the date does not have is nil;
// of two of a kind on one date, which the highest latitudes have, it is the first ([Table.Crossings]
// gives all). Dawns and dusks are the Sun's centre at -6, -12 and -18 degrees.
type Day struct {
	From, To                   time.Time // the date: 24 hours
	Transit, Rise, Set         *time.Time
	CivilDawn, CivilDusk       *time.Time
	NauticalDawn, NauticalDusk *time.Time
	AstronomicalDawn           *time.Time
	AstronomicalDusk           *time.Time
	TransitElevationDeg        float64 // geometric; NaN without a transit
	LowestDeg, HighestDeg      float64 // geometric elevation over the date
}

// AlwaysUp says that the Sun does not go below [SunriseDeg] on the date, AlwaysDown that it does not
// come above.
func (d Day) AlwaysUp() bool { return d.LowestDeg >= SunriseDeg }

// AlwaysDown: see [Day.AlwaysUp].
func (d Day) AlwaysDown() bool { return d.HighestDeg < SunriseDeg }

// Day returns the events of the Sun on the 24 hours from an instant, usually a midnight of the
// place's civil time: time.Date(y, m, d, 0, 0, 0, 0, time.FixedZone("", offset)). The table must be
// one of the Sun and hold the day.
func (t *Table) Day(start time.Time, s Site) (Day, error) {
	d := Day{From: start.UTC(), To: start.UTC().Add(24 * time.Hour), TransitElevationDeg: math.NaN()}
	transits, err := t.Transits(d.From, d.To, s.LonDeg)
	if err != nil {
		return Day{}, err
	}
	for _, level := range []struct {
		elevationDeg float64
		rise, set    **time.Time
	}{
		{SunriseDeg, &d.Rise, &d.Set},
		{CivilTwilightDeg, &d.CivilDawn, &d.CivilDusk},
		{NauticalTwilightDeg, &d.NauticalDawn, &d.NauticalDusk},
		{AstronomicalTwilightDeg, &d.AstronomicalDawn, &d.AstronomicalDusk},
	} {
		crossings, err := t.Crossings(d.From, d.To, s, level.elevationDeg)
		if err != nil {
			return Day{}, err
		}
		*level.rise, *level.set = firstOf(crossings)
	}
	k := newTrack(t, s)
	if len(transits) > 0 {
		d.Transit = &transits[0]
		d.TransitElevationDeg = k.elevation(daysSinceJ2000(transits[0]))
	}
	d.LowestDeg, d.HighestDeg = k.elevationRange(daysSinceJ2000(d.From), daysSinceJ2000(d.To))
	return d, nil
}

func firstOf(crossings []Crossing) (rise, set *time.Time) {
	for i := range crossings {
		switch c := &crossings[i]; {
		case c.Rising && rise == nil:
			rise = &c.At
		case !c.Rising && set == nil:
			set = &c.At
		}
	}
	return rise, set
}

func (k *track) elevation(days float64) float64 {
	var v look
	k.look(days, &v)
	return elevationOf(v.up, v.north, v.east)
}

// elevationRange is that of the ends and of the turning points between.
func (k *track) elevationRange(from, to float64) (minDeg, maxDeg float64) {
	first, last := k.elevation(from), k.elevation(to)
	minDeg, maxDeg = min(first, last), max(first, last)
	for _, days := range k.turnings(elevationEdge(0), from, to) {
		if days > from && days < to {
			e := k.elevation(days)
			minDeg, maxDeg = min(minDeg, e), max(maxDeg, e)
		}
	}
	return minDeg, maxDeg
}

func (t *Table) checkRange(from, to time.Time) error {
	switch {
	case t == nil || len(t.pieces) == 0:
		return fmt.Errorf("solar: table: %w: empty", ErrRange)
	case to.Before(from):
		return fmt.Errorf("solar: %w: ends before it begins", ErrRange)
	case !(daysSinceJ2000(from) >= t.fromDays && daysSinceJ2000(to) <= t.toDays):
		first, last := t.Range()
		return fmt.Errorf("solar: %w: %s to %s is not within the table's %s to %s", ErrRange,
			from.UTC().Format(time.RFC3339), to.UTC().Format(time.RFC3339),
			first.Format(time.RFC3339), last.Format(time.RFC3339))
	}
	return nil
}

// The heights of sites that the solvers answer for: from the deepest sea to the edge of space.
const minHeightM, maxHeightM = -12_000, 100_000

// check refuses what From answers with NaN.
func (s Site) check() error {
	switch {
	case !(math.Abs(s.LatDeg) <= 90):
		return fmt.Errorf("solar: site: latitude %g is not between -90 and 90", s.LatDeg)
	case math.IsNaN(s.LonDeg) || math.IsInf(s.LonDeg, 0):
		return fmt.Errorf("solar: site: longitude %g is not finite", s.LonDeg)
	case !(s.HeightM >= minHeightM && s.HeightM <= maxHeightM):
		return fmt.Errorf("solar: site: height %g m is not between %d and %d", s.HeightM, minHeightM, maxHeightM)
	}
	return nil
}
