package shadow

import (
	"errors"
	"fmt"
	"math"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
)

// Place is where the picture was made. RadiusM is the radius of the circle that holds the true place with 95 %; 0 is a
// place known beyond the precision of any shadow.
type Place struct {
	LatDeg, LonDeg float64
	RadiusM        float64
}

// Options of When; the zero value is complete.
type Options struct {
	// Bin is the width of the pieces of the density; 0 chooses up to a minute, less for marks sharper than half a degree.
	Bin time.Duration
	// Table is the Sun over the window and over what After adds to it; nil computes one, 2 ms for a year. Share it between
	// places.
	Table *solar.Table
}

// Timing is what shadows at a known place say about the instant.
type Timing struct {
	// Density is normalised under a flat prior over the window.
	Density Density
	// Set50 and Set95 are the smallest sets that hold 50 and 95 % of it.
	Set50, Set95 timeset.Set
	// Windows are the intervals of Set95 with the mass of each.
	Windows []Window
	// LogEvidence is the natural logarithm of the mean likelihood over the window. The difference between two windows is
	// the logarithm of a likelihood ratio: the claimed hour against the whole day, say.
	LogEvidence float64
	// Best is the middle of the densest piece. Misfit is the sum of squared errors there in standard deviations: with
	// Marks marks, a value far above Marks says that no instant of the window fits.
	Best   time.Time
	Misfit float64
	Marks  int
}

// ErrSunDown says that at no instant of the window the Sun can have cast the shadow.
var ErrSunDown = errors.New("the sun is never up in the window")

const (
	maxRadiusM    = 200e3 // beyond it a place is no point for which the Sun's drift is straight
	maxWindow     = 100 * 366 * 24 * time.Hour
	maxBins       = 4 << 20
	metresDeg     = 111195.0 // of a sphere of 6371 km; the ellipsoid differs by 0.5 %
	radius95Sigma = 2.4477   // of a two-dimensional Gaussian
	// negligible is how far below the best logarithm, less that of the number of bins, a piece is dropped: all that is
	// dropped weighs less than 1e-5 of the best bin.
	negligible = 12
	// coarse is how many bins the first look covers at once, refine how many parts each further one makes.
	coarse, refine = 64, 4
)

// When looks for the instants of a window, in UTC, at which the observations fit the Sun over a place.
func When(observations []Observation, place Place, window timeset.Set, options Options) (Timing, error) {
	m, err := newModel(observations)
	if err != nil {
		return Timing{}, err
	}
	if err := checkWhen(place, window, options); err != nil {
		return Timing{}, err
	}
	s := newTimeSearch(&m, observations, place)
	if s.table, err = s.tableFor(window, options.Table); err != nil {
		return Timing{}, err
	}
	bins, err := s.run(window, m.bin(options.Bin))
	if err != nil {
		return Timing{}, err
	}
	return s.timing(bins, window)
}

func checkWhen(place Place, window timeset.Set, options Options) error {
	bounds, ok := window.Bounds()
	switch {
	case !(math.Abs(place.LatDeg) <= 90) || !(math.Abs(place.LonDeg) <= 360):
		return fmt.Errorf("shadow: place %g, %g: %w", place.LatDeg, place.LonDeg, errRange)
	case !(place.RadiusM >= 0 && place.RadiusM <= maxRadiusM):
		return fmt.Errorf("shadow: radius %g m: %w (0 to 200 km)", place.RadiusM, errRange)
	case !ok:
		return fmt.Errorf("shadow: the window is empty")
	case bounds.Width() > maxWindow.Milliseconds():
		return fmt.Errorf("shadow: window %v: %w (100 years)", window, errRange)
	case options.Bin != 0 && (options.Bin < time.Millisecond || options.Bin > time.Minute):
		return fmt.Errorf("shadow: bin %v: %w (1 ms to 1 min)", options.Bin, errRange)
	}
	return nil
}

// bin returns the width in milliseconds: a quarter of the time in which the Sun moves by the sharpest mark's sigma, but
// a second at least and a minute at most.
func (m *model) bin(wanted time.Duration) int64 {
	if wanted != 0 {
		return wanted.Milliseconds()
	}
	sharpest := math.Inf(1)
	for i := range m.terms {
		sharpest = min(sharpest, m.terms[i].sharpestDeg())
	}
	return int64(min(60e3, max(1e3, math.Floor(sharpest/turnDegH*900)*1e3)))
}

// sharpestDeg is about the least standard deviation of the Sun's direction among the marks.
func (t *term) sharpestDeg() float64 {
	out := math.Inf(1)
	if t.hasRatio {
		perDeg := (1 + t.ratio*t.ratio) * degree
		out = min(out, math.Sqrt(t.ratioVar/(perDeg*perDeg)+square(penumbraSigmaDeg)))
	}
	if t.hasElevation {
		out = min(out, math.Sqrt(t.elevationVar))
	}
	if t.hasAzimuth {
		out = min(out, math.Sqrt(t.azimuthVar)/2) // azimuth outruns the hour angle in the tropics
	}
	return out
}

func (s *timeSearch) timing(bins []piece, window timeset.Set) (Timing, error) {
	best := bins[0]
	for _, b := range bins[1:] {
		if b.log > best.log {
			best = b
		}
	}
	var d Density
	var sum float64
	for _, b := range bins {
		if n := len(d.Breaks); n == 0 {
			d.Breaks = append(d.Breaks, b.lo)
		} else if d.Breaks[n-1] < b.lo {
			d.Breaks, d.Mass = append(d.Breaks, b.lo), append(d.Mass, 0)
		}
		mass := math.Exp(b.log-best.log) * float64(b.hi-b.lo)
		d.Breaks, d.Mass = append(d.Breaks, b.hi), append(d.Mass, mass)
		sum += mass
	}
	for i := range d.Mass {
		d.Mass[i] /= sum
	}
	ranks := d.ranked()
	t := Timing{
		Density: d, Set50: ranks.credible(0.5), Set95: ranks.credible(0.95),
		LogEvidence: best.log + math.Log(sum/float64(window.Measure())),
		Best:        time.UnixMilli(best.lo + (best.hi-best.lo)/2).UTC(),
		Marks:       s.v.m.marks(),
	}
	t.Windows = d.Windows(t.Set95)
	s.look(t.Best.UnixMilli())
	s.logLikelihood()
	t.Misfit = max(0, s.v.chi)
	return t, nil
}

func (m *model) marks() int {
	n := 0
	for i := range m.terms {
		for _, has := range []bool{m.terms[i].hasAzimuth, m.terms[i].hasRatio, m.terms[i].hasElevation} {
			if has {
				n++
			}
		}
	}
	return n
}
