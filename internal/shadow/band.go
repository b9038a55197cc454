package shadow

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"whenwhere/internal/solar"
)

// World is all longitudes and latitudes.
var World = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}

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

// lines are the places inside a box that see the centre of the Sun at an apparent elevation, at sea level under standard
// air: lines for a map, cut at the antimeridian, parts of a circle around the subsolar point. Each vertex reproduces the
// elevation within 3e-5 degrees (4e-5 in the zenith itself). Below the rising of the upper limb, where refraction leaves a
// gap, there is no ring: an error.
func (f *frame) lines(apparentDeg float64, box orb.Bound) (orb.MultiLineString, error) {
	radius, err := f.radius(apparentDeg)
	if err != nil {
		return nil, err
	}
	c := &curve{f: f, radius: func(float64) float64 { return radius }}
	open, closed := c.clip(box)
	out := orb.MultiLineString(open)
	for _, r := range closed {
		out = append(out, orb.LineString(r))
	}
	return out, nil
}

// span is a range of apparent elevations.
type span struct{ lo, hi float64 }

// heights returns how likely the mark makes each apparent elevation when an unknown of time moves it by driftDeg.
func (t term) heights(driftDeg float64) ([]height, error) {
	t.hasAzimuth = false
	m := model{terms: []term{t}}
	v := newEvaluator(&m, 1)
	moves := []drift{{unknown: 0, elevationDeg: driftDeg}}
	log := func(e float64) float64 {
		return v.logLikelihood([]solar.Position{{ApparentElevationDeg: e}}, func(int) []drift { return moves })
	}
	const steps, highest = 600, 89.999
	lowest := t.lowestDeg + 1e-9
	rough := sample(log, lowest, highest, steps)
	if len(rough) == 0 {
		return nil, fmt.Errorf("shadow: band: %w", errImpossible)
	}
	margin := (highest - lowest) / steps
	return sample(log, max(lowest, rough[0].e-margin), min(highest, rough[len(rough)-1].e+margin), steps), nil
}

type height struct{ e, log float64 }

// sample evaluates at the middles of n equal parts and keeps those that matter; none, when nothing is possible.
func sample(log func(e float64) float64, lo, hi float64, n int) []height {
	best := math.Inf(-1)
	all := make([]height, n)
	for i := range all {
		e := lo + (hi-lo)*(float64(i)+0.5)/float64(n)
		all[i] = height{e, log(e)}
		best = max(best, all[i].log)
	}
	return slices.DeleteFunc(all, func(h height) bool { return h.log < best-20 || math.IsInf(h.log, -1) })
}

// likeliest is the index of the elevation that fits best.
func likeliest(grid []height) int {
	top := 0
	for i := range grid {
		if grid[i].log > grid[top].log {
			top = i
		}
	}
	return top
}

// narrowest returns the narrowest range of elevations that holds a share of the places: the likelihood times the cosine,
// for the surface of the Earth at that elevation. It grows from the best elevation to the better side.
func narrowest(grid []height, level float64) span {
	top := likeliest(grid)
	mass := func(i int) float64 { return math.Exp(grid[i].log-grid[top].log) * math.Cos(grid[i].e*degree) }
	total := 0.0
	for i := range grid {
		total += mass(i)
	}
	lo, hi, sum := top, top, mass(top)
	for sum < level*total && (lo > 0 || hi < len(grid)-1) {
		if hi == len(grid)-1 || lo > 0 && grid[lo-1].log >= grid[hi+1].log {
			lo--
			sum += mass(lo)
		} else {
			hi++
			sum += mass(hi)
		}
	}
	half := 0.0
	if len(grid) > 1 {
		half = (grid[1].e - grid[0].e) / 2
	}
	return span{grid[lo].e - half, min(90, grid[hi].e+half)}
}

// driftSteps is how finely the credible range is tabulated by the sine of the direction from the subsolar point, on
// which alone the effect of a time error depends.
const driftSteps = 16

// bands are the credible bands of a mark whose time has an error, for each level: places east and west of the subsolar
// point see the Sun rise and sink with time, places north and south of it do not.
func (f *frame) bands(t term, timeSigmaS float64, levels []float64, box orb.Bound) ([]orb.MultiPolygon, error) {
	perSine := turnDegH / 3600 * timeSigmaS * f.cosDec
	steps := driftSteps
	if timeSigmaS == 0 {
		steps = 1
	}
	outer, inner := make([][]float64, len(levels)), make([][]float64, len(levels))
	for i := range steps + 1 {
		grid, err := t.heights(perSine * float64(i) / float64(steps))
		if err != nil {
			return nil, err
		}
		for k, level := range levels {
			s := narrowest(grid, level)
			s.lo, s.hi = max(s.lo, lowestSeenDeg()), max(s.hi, lowestSeenDeg())
			far, errFar := f.radius(s.lo)
			near, errNear := f.radius(s.hi)
			if err := errors.Join(errFar, errNear); err != nil {
				return nil, err
			}
			outer[k], inner[k] = append(outer[k], far), append(inner[k], near)
		}
	}
	out := make([]orb.MultiPolygon, len(levels))
	for k := range levels {
		out[k] = f.annulus(bySine(outer[k]), bySine(inner[k]), box)
	}
	return out, nil
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
