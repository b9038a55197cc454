package shadow

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/paulmach/orb"
)

// Sighting is an observation whose instant is known, with a Gaussian error of its own. After is not used.
type Sighting struct {
	Observation
	At time.Time
	// TimeSigmaS is the standard deviation of At in seconds, 0 to one hour. A doubt of whole hours is a Clock.
	TimeSigmaS float64
}

// Clock is one reading of the times of all sightings, which one device wrote: Shift is added to every At. In local mode
// there is one per UTC offset, with the area in which clocks run so.
type Clock struct {
	Shift  time.Duration
	Weight float64
	// Area is where this reading can be true; nil is everywhere.
	Area orb.MultiPolygon
}

// WhereOptions of Where; the zero value searches the world for one reading of the clock.
type WhereOptions struct {
	// Area is where to look, as longitudes and latitudes cut at the antimeridian; nil is the world. The prior is flat over
	// its surface.
	Area orb.MultiPolygon
	// Clocks are the readings of the times, with weights of any positive sum; nil is the times as given.
	Clocks []Clock
	// MaxCells bounds the work; 0 is 200,000.
	MaxCells int
}

// Locus is where one sighting alone, by one clock, allows the camera: rings of elevation. They are cut at the bounding
// box of the area, not at its outline, and do not use azimuths: Region50 and Region95 do.
type Locus struct {
	Sighting, Clock int
	// ElevationDeg is the apparent elevation that fits best, Line its places.
	ElevationDeg   float64
	Line           orb.MultiLineString
	Band50, Band95 orb.MultiPolygon
}

// Placement is what sightings at known instants say about the place.
type Placement struct {
	// Loci has one entry per clock and sighting with a ratio or an elevation.
	Loci []Locus
	// Region50 and Region95 are the smallest regions that hold 50 and 95 % of the probability, made of cells of
	// ResolutionDeg in latitude and longitude.
	Region50, Region95           orb.MultiPolygon
	ResolutionLon, ResolutionLat float64
	Best                         Estimate
	// Clocks is the probability of each clock, in their order.
	Clocks []float64
	// LogEvidence is the natural logarithm of the mean likelihood over the area, Misfit the sum of squared errors at the
	// best place in standard deviations, to be compared with Marks.
	LogEvidence float64
	Misfit      float64
	Marks       int
}

// Estimate is the most likely place, with the second moments of the probability around it, over the part of Region95
// that holds it: a ring or two far places have no covariance worth the name.
type Estimate struct {
	LatDeg, LonDeg          float64
	SigmaNorthM, SigmaEastM float64
	Correlation             float64
	// Probability is the mass of that part.
	Probability float64
}

// ErrNowhere says that no place of the area sees the Sun so.
var ErrNowhere = errors.New("no place of the area has the sun up at these times")

const (
	maxTimeSigmaS   = 3600
	maxClocks       = 64
	defaultMaxCells = 200_000
	maxMaxCells     = 4_000_000
)

// Where looks for the places of an area at which the sightings fit the Sun.
func Where(sightings []Sighting, options WhereOptions) (Placement, error) {
	observations := make([]Observation, len(sightings))
	for i, s := range sightings {
		observations[i] = s.Observation
	}
	m, err := newModel(observations)
	if err != nil {
		return Placement{}, err
	}
	if err := options.normalise(); err != nil {
		return Placement{}, err
	}
	readings, err := newReadings(&m, sightings, options.Clocks)
	if err != nil {
		return Placement{}, err
	}
	search := newPlaceSearch(readings, options)
	if err := search.run(); err != nil {
		return Placement{}, err
	}
	out := search.placement()
	out.Marks = m.marks()
	out.Loci, err = loci(readings, search.box)
	return out, err
}

// normalise fills in what the zero value means and checks the rest.
func (o *WhereOptions) normalise() error {
	if o.Area == nil {
		o.Area = orb.MultiPolygon{World.ToPolygon()}
	}
	if err := checkArea(o.Area); err != nil {
		return err
	}
	if o.MaxCells == 0 {
		o.MaxCells = defaultMaxCells
	}
	if o.MaxCells < 1000 || o.MaxCells > maxMaxCells {
		return fmt.Errorf("shadow: %d cells: %w (1000 to 4 million)", o.MaxCells, errRange)
	}
	if o.Clocks == nil {
		o.Clocks = []Clock{{Weight: 1}}
	}
	if len(o.Clocks) == 0 || len(o.Clocks) > maxClocks {
		return fmt.Errorf("shadow: %d clocks: %w (1 to %d)", len(o.Clocks), errRange, maxClocks)
	}
	for i, c := range o.Clocks {
		if !(c.Weight > 0 && c.Weight <= 1e9) || c.Shift > maxAfter || c.Shift < -maxAfter {
			return fmt.Errorf("shadow: clock %d: weight %g, shift %v: %w", i, c.Weight, c.Shift, errRange)
		}
		if c.Area != nil {
			if err := checkArea(c.Area); err != nil {
				return fmt.Errorf("clock %d: %w", i, err)
			}
		}
	}
	return nil
}

func checkArea(area orb.MultiPolygon) error {
	if len(area) == 0 {
		return fmt.Errorf("shadow: the area is empty: %w", errRange)
	}
	for _, polygon := range area {
		for _, ring := range polygon {
			if len(ring) < 4 || !ring.Closed() {
				return fmt.Errorf("shadow: the area has a ring that is not closed: %w", errRange)
			}
			for _, p := range ring {
				if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
					return fmt.Errorf("shadow: the area has the vertex %v: %w", p, errRange)
				}
			}
		}
		if len(polygon) == 0 {
			return fmt.Errorf("shadow: the area has an empty polygon: %w", errRange)
		}
	}
	return checkBox(area.Bound())
}

// loci draws the rings of every clock and sighting that has a height of the Sun.
func loci(readings []*reading, box orb.Bound) ([]Locus, error) {
	var out []Locus
	for c, r := range readings {
		for i := range r.sky {
			t := r.m.terms[i]
			if !t.hasRatio && !t.hasElevation {
				continue
			}
			l, err := newLocus(r, i, box)
			if err != nil {
				return nil, err
			}
			l.Clock = c
			out = append(out, l)
		}
	}
	return out, nil
}

func newLocus(r *reading, i int, box orb.Bound) (Locus, error) {
	if r.clock.Area != nil {
		b := r.clock.Area.Bound()
		box = orb.Bound{
			Min: orb.Point{max(box.Min[0], b.Min[0]), max(box.Min[1], b.Min[1])},
			Max: orb.Point{min(box.Max[0], b.Max[0]), min(box.Max[1], b.Max[1])},
		}
	}
	l := Locus{Sighting: i}
	grid, err := r.m.terms[i].heights(0)
	if err != nil {
		return l, fmt.Errorf("sighting %d: %w", i, err)
	}
	l.ElevationDeg = max(grid[likeliest(grid)].e, lowestSeenDeg())
	if checkBox(box) != nil { // the clock's area lies outside
		return l, nil
	}
	f, err := newFrame(r.sky[i])
	if err != nil {
		return l, err
	}
	if l.Line, err = f.lines(l.ElevationDeg, box); err != nil {
		return l, err
	}
	bands, err := f.bands(r.m.terms[i], r.sigmaS[i], []float64{0.5, 0.95}, box)
	if err != nil {
		return l, err
	}
	l.Band50, l.Band95 = bands[0], bands[1]
	return l, nil
}
