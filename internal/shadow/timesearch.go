package shadow

import (
	"fmt"
	"math"
	"slices"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
)

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
		highest := min(89.9, math.Abs(s.sun[i].ElevationDeg)+deg)
		azimuth := math.Tan(highest*degree) + math.Abs(math.Tan(min(89.9, math.Abs(s.site.LatDeg))*degree))
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
