package solar

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// MaxTableYears bounds the work and the memory that a hostile pair of dates can ask of a [Table]: 100
// years take 5 MB and 0.2 s.
const MaxTableYears = 100

const (
	maxTableDays = MaxTableYears * 366
	// marginDays lets the solvers look at the turning points of the daily arc before the first and
	// after the last instant.
	marginDays = 2
)

// ErrRange is wrapped by errors about times that a table cannot hold or does not hold.
var ErrRange = errors.New("time range")

// Table holds the Sun over a range of time, so that an ephemeris costs some 35 ns in place of 2.5
// microseconds: one full evaluation a day, as the fastest terms (nutation and the Earth's own circle
// about the barycentre) take 13 days and more, and cubics between. Sidereal time is not interpolated
// but computed. It differs from [At] by less than 0.000001 degrees, and its nodes are fixed in time, so
// the same instant gives the same bits from every table. It does not depend on the place and never
// changes, so one table serves all places and all goroutines.
type Table struct {
	firstDay           float64 // start of the first piece, in days since J2000.0
	fromDays, toDays   float64 // what was asked for
	maxDeclinationRate float64 // rad per day
	pieces             []piece
}

// piece is the ephemeris over one day from J2000.0 on, as cubics of the fraction of the day.
type piece struct {
	declination, rightAsc, equinoxes cubic // degrees
	distance                         cubic // AU
}

// NewTable computes the Sun from one time to another, both included: 2 ms for a year.
func NewTable(from, to time.Time) (*Table, error) {
	fromDays, toDays := daysSinceJ2000(from), daysSinceJ2000(to)
	const limit = validCenturies*daysPerCentury - 2*marginDays
	switch {
	case !(math.Abs(fromDays) <= limit && math.Abs(toDays) <= limit):
		return nil, fmt.Errorf("solar: table: %w: beyond the years -2000 to 6000", ErrRange)
	case to.Before(from):
		return nil, fmt.Errorf("solar: table: %w: ends before it begins", ErrRange)
	case toDays-fromDays > maxTableDays:
		return nil, fmt.Errorf("solar: table: %w: more than %d years", ErrRange, MaxTableYears)
	}
	first := math.Floor(fromDays - marginDays)
	t := &Table{
		firstDay: first, fromDays: fromDays, toDays: toDays,
		pieces: make([]piece, int(toDays+marginDays-first)+1),
	}
	t.fill()
	return t, nil
}

// fill computes each node once and passes a cubic through every four neighbours.
func (t *Table) fill() {
	node := func(i int) nodeValues { return nodeAt(t.firstDay + float64(i)) }
	var window [4]nodeValues
	for i := range 3 {
		window[i+1] = node(i - 1)
	}
	for i := range t.pieces {
		copy(window[:], window[1:])
		window[3] = node(i + 2)
		p := &t.pieces[i]
		*p = newPiece(window)
		rate := math.Abs(rad(p.declination[1]))
		t.maxDeclinationRate = max(t.maxDeclinationRate, rate)
	}
}

type nodeValues struct{ declination, rightAsc, equinoxes, distance float64 }

func nodeAt(days float64) nodeValues {
	e := atDays(days, DefaultDeltaTS)
	return nodeValues{
		declination: e.declinationDeg, rightAsc: e.rightAscensionDeg, distance: e.distanceAU,
		equinoxes: wrap180(e.siderealDeg - wrap360(meanSiderealDeg(days))),
	}
}

// newPiece passes cubics through four nodes, for the step between the second and the third. Right
// ascension is taken as turns from the second, so that it does not jump at 360.
func newPiece(n [4]nodeValues) piece {
	base := n[1].rightAsc
	turn := func(i int) float64 { return base + wrap180(n[i].rightAsc-base) }
	return piece{
		declination: newCubic(n[0].declination, n[1].declination, n[2].declination, n[3].declination),
		rightAsc:    newCubic(turn(0), base, turn(2), turn(3)),
		equinoxes:   newCubic(n[0].equinoxes, n[1].equinoxes, n[2].equinoxes, n[3].equinoxes),
		distance:    newCubic(n[0].distance, n[1].distance, n[2].distance, n[3].distance),
	}
}

// cubic holds the coefficients of a polynomial, constant first.
type cubic [4]float64

// newCubic passes through a, b, c, d at -1, 0, 1, 2.
func newCubic(a, b, c, d float64) cubic {
	return cubic{
		b,
		c - b/2 - a/3 - d/6,
		(a+c)/2 - b,
		(d-a)/6 + (b-c)/2,
	}
}

func (c *cubic) at(x float64) float64 { return c[0] + x*(c[1]+x*(c[2]+x*c[3])) }

func (c *cubic) slope(x float64) float64 { return c[1] + x*(2*c[2]+x*3*c[3]) }

// Range returns the first and the last instant that the table answers for, to the microsecond.
func (t *Table) Range() (from, to time.Time) { return timeOf(t.fromDays), timeOf(t.toDays) }

// At returns the body at a time; false outside the range that the table was made for.
func (t *Table) At(when time.Time) (Ephemeris, bool) {
	days := daysSinceJ2000(when)
	if t == nil || !(days >= t.fromDays && days <= t.toDays) {
		return Ephemeris{}, false
	}
	return t.atDays(days), true
}

// find returns the piece that holds an instant and the fraction of it that has passed. An instant
// beyond the margins, which no caller asks for, is extrapolated.
func (t *Table) find(days float64) (*piece, float64) {
	i := min(max(int(math.Floor(days)-t.firstDay), 0), len(t.pieces)-1)
	return &t.pieces[i], days - (t.firstDay + float64(i)) // whole days from J2000.0: the fraction must not depend on the table
}

func (t *Table) atDays(days float64) Ephemeris {
	p, x := t.find(days)
	return newEphemeris(Ephemeris{
		declinationDeg:    p.declination.at(x),
		rightAscensionDeg: wrap360(p.rightAsc.at(x)),
		siderealDeg:       wrap360(meanSiderealDeg(days) + p.equinoxes.at(x)),
		distanceAU:        p.distance.at(x),
	})
}

// timeOf is the instant of days since J2000.0, to the microsecond, in UTC.
func timeOf(days float64) time.Time {
	return time.UnixMicro(int64(math.Round((days*secondsPerDay + unixJ2000) * 1e6))).UTC()
}

// milliOf is the instant of days since J2000.0 in Unix milliseconds.
func milliOf(days float64) int64 {
	return int64(math.Round((days*secondsPerDay + unixJ2000) * 1e3))
}
