package shadow

import (
	"errors"
	"fmt"
	"math"
	"slices"
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

// piece is a stretch of time with the logarithm of its likelihood.
type piece struct {
	lo, hi int64
	log    float64
}

// timeSearch evaluates a model over time at one place.
type timeSearch struct {
	v        *evaluator
	table    *solar.Table
	after    []int64
	site     solar.Site
	sigmaDeg float64 // of the place, along each axis
	sun      []solar.Position
	moves    [2]drift
	depth    float64 // how far below the best logarithm a piece still matters
}

func newTimeSearch(m *model, observations []Observation, place Place) *timeSearch {
	s := &timeSearch{
		site:     solar.SeaLevel(place.LatDeg, place.LonDeg),
		sigmaDeg: place.RadiusM / radius95Sigma / metresDeg,
		sun:      make([]solar.Position, len(observations)),
	}
	for _, o := range observations {
		s.after = append(s.after, o.After.Milliseconds())
	}
	unknowns := 0
	if s.sigmaDeg > 0 {
		unknowns = 2
	}
	s.v = newEvaluator(m, unknowns)
	return s
}

// tableFor returns the table given, if it covers what will be asked, or a new one.
func (s *timeSearch) tableFor(window timeset.Set, given *solar.Table) (*solar.Table, error) {
	bounds, _ := window.Bounds()
	from := time.UnixMilli(bounds.Lo + slices.Min(s.after))
	to := time.UnixMilli(bounds.Hi + slices.Max(s.after))
	if given == nil {
		table, err := solar.NewTable(from, to)
		if err != nil {
			return nil, fmt.Errorf("shadow: window: %w", err)
		}
		return table, nil
	}
	if first, last := given.Range(); first.After(from) || last.Before(to) {
		return nil, fmt.Errorf("shadow: the table covers %v to %v, the window needs %v to %v: %w", first, last, from, to, errRange)
	}
	return given, nil
}

// look places the Sun for all observations when the wanted instant is ms.
func (s *timeSearch) look(ms int64) {
	for i, after := range s.after {
		if i > 0 && after == s.after[i-1] {
			s.sun[i] = s.sun[i-1]
			continue
		}
		sky, _ := s.table.At(time.UnixMilli(ms + after))
		s.sun[i] = sky.From(s.site)
	}
}

func (s *timeSearch) logLikelihood() float64 {
	if s.sigmaDeg == 0 {
		return s.v.logLikelihood(s.sun, nil)
	}
	return s.v.logLikelihood(s.sun, func(i int) []drift {
		s.moves = placeDrifts(s.sun[i], s.site.LatDeg, s.sigmaDeg)
		return s.moves[:]
	})
}

// placeDrifts is how the Sun moves when the place moves sigmaDeg to the north and to the east, by the derivatives of
// the spherical triangle. Within 0.1 degrees of a pole or of the zenith they are held.
func placeDrifts(sun solar.Position, latDeg, sigmaDeg float64) [2]drift {
	sin, cos := math.Sincos(sun.AzimuthDeg * degree)
	tanE := math.Tan(max(-89.9, min(89.9, sun.ElevationDeg)) * degree)
	tanLat := math.Tan(max(-89.9, min(89.9, latDeg)) * degree)
	return [2]drift{
		{unknown: 0, azimuthDeg: sigmaDeg * sin * tanE, elevationDeg: sigmaDeg * cos},
		{unknown: 1, azimuthDeg: sigmaDeg * (tanLat - cos*tanE), elevationDeg: sigmaDeg * sin},
	}
}

func (s *timeSearch) bound(halfMs float64) float64 {
	deg := halfMs/3.6e6*turnDegH*1.001 + 1e-6
	within := func(i int) reach { return skyReach(s.sun[i], deg) }
	if s.sigmaDeg == 0 {
		return s.v.m.bound(s.sun, within, nil)
	}
	return s.v.m.bound(s.sun, within, func(i int) reach {
		highest := min(89.9, s.sun[i].ElevationDeg+deg)
		azimuth := math.Tan(max(0, highest)*degree) + math.Abs(math.Tan(min(89.9, math.Abs(s.site.LatDeg))*degree))
		return reach{azimuthDeg: s.sigmaDeg * azimuth, elevationDeg: s.sigmaDeg}
	})
}

// skyReach is what azimuth and apparent elevation can change by while the Sun moves by deg on the sky. At the horizon
// the apparent elevation jumps by the refraction.
func skyReach(sun solar.Position, deg float64) reach {
	r := reach{azimuthDeg: 360, elevationDeg: deg}
	if sun.ElevationDeg < 1 {
		r.elevationDeg += 0.6
	}
	if zenith := 90 - math.Abs(sun.ElevationDeg); deg < zenith {
		r.azimuthDeg = math.Asin(math.Sin(deg*degree)/math.Sin(zenith*degree))/degree + 1e-6
	}
	return r
}

// run returns the bins that matter, in order of time.
func (s *timeSearch) run(window timeset.Set, binMs int64) ([]piece, error) {
	width := binMs * coarse
	s.depth = negligible + math.Log(float64(window.Measure()/binMs+1))
	var pieces []piece
	for _, iv := range window.Intervals() {
		pieces = split(pieces, piece{lo: iv.Lo, hi: iv.Hi}, width)
	}
	best := math.Inf(-1)
	for ; ; width /= refine {
		last := width <= binMs
		pieces, best = s.sift(pieces, best, last)
		if len(pieces) == 0 {
			return nil, fmt.Errorf("shadow: %w", ErrSunDown)
		}
		if last {
			return pieces, nil
		}
		if len(pieces)*refine > maxBins {
			return nil, fmt.Errorf("shadow: over %d bins of %d ms fit: %w", maxBins, binMs, errRange)
		}
		var finer []piece
		for _, p := range pieces {
			finer = split(finer, p, width/refine)
		}
		pieces = finer
	}
}

func split(out []piece, p piece, width int64) []piece {
	for lo := p.lo; lo < p.hi; lo += width {
		out = append(out, piece{lo: lo, hi: min(lo+width, p.hi)})
	}
	return out
}

// sift keeps the pieces whose bound (on the last pass: whose likelihood) comes near enough to the best.
func (s *timeSearch) sift(pieces []piece, best float64, last bool) ([]piece, float64) {
	for i := range pieces {
		p := &pieces[i]
		s.look(p.lo + (p.hi-p.lo)/2)
		if !last {
			p.log = s.bound(float64(p.hi-p.lo)/2 + 1)
			if p.log < best-s.depth {
				continue
			}
		}
		log := s.logLikelihood()
		best = max(best, log)
		if last {
			p.log = log
		}
	}
	kept := pieces[:0]
	for _, p := range pieces {
		if p.log >= best-s.depth && !math.IsInf(p.log, -1) {
			kept = append(kept, p)
		}
	}
	return kept, best
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
