package shadow

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"whenwhere/internal/solar"
)

// World is all longitudes and latitudes.
var World = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}

// NewBand returns the places inside a box that see the Sun at an apparent elevation from loDeg to hiDeg: a ring-shaped
// region around the subsolar point, cut at the antimeridian and at the sides of the box. Use [World] for all.
func NewBand(sky solar.Ephemeris, loDeg, hiDeg float64, box orb.Bound) (orb.MultiPolygon, error) {
	if !(loDeg < hiDeg) {
		return nil, fmt.Errorf("shadow: band: elevations %g to %g: %w", loDeg, hiDeg, errRange)
	}
	if err := checkBox(box); err != nil {
		return nil, err
	}
	f, err := newFrame(sky)
	if err != nil {
		return nil, err
	}
	outer, err := f.radius(loDeg)
	if err != nil {
		return nil, err
	}
	inner, err := f.radius(hiDeg)
	if err != nil {
		return nil, err
	}
	constant := func(r float64) func(float64) float64 { return func(float64) float64 { return r } }
	return f.annulus(constant(outer), constant(inner), box), nil
}

func checkBox(box orb.Bound) error {
	if !(box.Min[0] >= -180 && box.Max[0] <= 180 && box.Min[1] >= -90 && box.Max[1] <= 90 &&
		box.Min[0] < box.Max[0] && box.Min[1] < box.Max[1]) {
		return fmt.Errorf("shadow: box %v: %w (an area across the antimeridian is two polygons)", box, errRange)
	}
	return nil
}

// leastRadius is 1 metre: a hole smaller than that around the subsolar point is none.
const leastRadius = 1.6e-7

// annulus is the region between two curves around the subsolar point.
func (f *frame) annulus(outer, inner func(direction float64) float64, box orb.Bound) orb.MultiPolygon {
	curves := []*curve{{f: f, radius: outer}}
	if inner(0) > leastRadius {
		curves = append(curves, &curve{f: f, radius: inner, reversed: true})
	}
	return cutCurves(curves, box, func(lon, lat float64) bool {
		angle, direction := f.polar(lon, lat)
		return angle <= outer(direction) && angle >= inner(direction)
	})
}

// RingLines returns the places of one apparent elevation inside a box as lines for a map, cut at the antimeridian.
func RingLines(sky solar.Ephemeris, apparentDeg float64, box orb.Bound) (orb.MultiLineString, error) {
	if err := checkBox(box); err != nil {
		return nil, err
	}
	f, err := newFrame(sky)
	if err != nil {
		return nil, err
	}
	radius, err := f.radius(apparentDeg)
	if err != nil {
		return nil, err
	}
	c := &curve{f: &f, radius: func(float64) float64 { return radius }}
	open, closed := c.clip(box)
	out := orb.MultiLineString(open)
	for _, r := range closed {
		out = append(out, orb.LineString(r))
	}
	return out, nil
}

// span is a range of apparent elevations.
type span struct{ lo, hi float64 }

// credible returns the narrowest range of elevations that holds a share of the places which the mark allows, when an
// unknown of time moves the elevation by driftDeg: the likelihood times the cosine, for the area at that elevation.
func (t term) credible(driftDeg, level float64) (span, float64, bool) {
	t.hasAzimuth = false
	m := model{terms: []term{t}}
	v := newEvaluator(&m, 1)
	moves := []drift{{unknown: 0, elevationDeg: driftDeg}}
	log := func(e float64) float64 {
		return v.logLikelihood([]solar.Position{{ApparentElevationDeg: e}}, func(int) []drift { return moves })
	}
	lowest := t.lowestDeg + 1e-9
	grid, _ := sample(log, lowest, 89.999, 900)
	grid, best := sample(log, max(lowest, grid[0].e-0.1), min(89.999, grid[len(grid)-1].e+0.1), 2000)
	if math.IsInf(best, -1) {
		return span{}, 0, false
	}
	return narrowest(grid, best, level)
}

type height struct{ e, log float64 }

// sample evaluates at the middles of n equal parts and keeps those that matter.
func sample(log func(e float64) float64, lo, hi float64, n int) (kept []height, best float64) {
	best = math.Inf(-1)
	all := make([]height, n)
	for i := range all {
		e := lo + (hi-lo)*(float64(i)+0.5)/float64(n)
		all[i] = height{e, log(e)}
		best = max(best, all[i].log)
	}
	for _, h := range all {
		if h.log >= best-20 {
			kept = append(kept, h)
		}
	}
	if len(kept) == 0 {
		kept = all
	}
	return kept, best
}

// narrowest grows a range from the best elevation to the better side until it holds the level.
func narrowest(grid []height, best, level float64) (span, float64, bool) {
	if len(grid) < 2 {
		return span{}, 0, false
	}
	mass := func(h height) float64 { return math.Exp(h.log-best) * math.Cos(h.e*degree) }
	total, top := 0.0, 0
	for i, h := range grid {
		total += mass(h)
		if h.log > grid[top].log {
			top = i
		}
	}
	lo, hi, sum := top, top, mass(grid[top])
	for sum < level*total {
		switch {
		case lo == 0 && hi == len(grid)-1:
			sum = total
		case hi == len(grid)-1 || lo > 0 && grid[lo-1].log >= grid[hi+1].log:
			lo--
			sum += mass(grid[lo])
		default:
			hi++
			sum += mass(grid[hi])
		}
	}
	half := (grid[1].e - grid[0].e) / 2
	return span{grid[lo].e - half, min(90, grid[hi].e+half)}, grid[top].e, true
}

// driftSteps is how finely the credible range is tabulated by the sine of the direction from the subsolar point, on
// which alone the effect of a time error depends.
const driftSteps = 32

// band is the credible band of a mark whose time has an error: places east and west of the subsolar point see the Sun
// rise and sink with time, places north and south of it do not.
func (f *frame) band(t term, timeSigmaS, level float64, box orb.Bound) (orb.MultiPolygon, error) {
	perSine := turnDegH / 3600 * timeSigmaS * f.cosDec
	steps := driftSteps
	if timeSigmaS == 0 {
		steps = 1
	}
	outer, inner := make([]float64, steps+1), make([]float64, steps+1)
	for i := range outer {
		s, _, ok := t.credible(perSine*float64(i)/float64(steps), level)
		if !ok {
			return nil, fmt.Errorf("shadow: band: %w", errImpossible)
		}
		var err error
		if outer[i], err = f.radius(s.lo); err != nil {
			return nil, err
		}
		if inner[i], err = f.radius(s.hi); err != nil {
			return nil, err
		}
	}
	return f.annulus(bySine(outer), bySine(inner), box), nil
}

// bySine interpolates a table over |sin direction|.
func bySine(table []float64) func(direction float64) float64 {
	steps := len(table) - 1
	return func(direction float64) float64 {
		x := math.Abs(math.Sin(direction)) * float64(steps)
		i := min(int(x), steps-1)
		return table[i] + (x-float64(i))*(table[i+1]-table[i])
	}
}
