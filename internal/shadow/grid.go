package shadow

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// cell is one square of the grid: column and row at the present fineness, the logarithm of the likelihood in its middle
// (-Inf when that is outside the area) and what no place in it exceeds.
type cell struct {
	column, row int32
	log, bound  float64
}

// placeSearch refines a grid over the box of the area: cells that cannot matter are dropped, the others quartered until
// they are small beside the precision of the marks.
type placeSearch struct {
	readings      []*reading
	area          orb.MultiPolygon
	wholeBox      bool
	box           orb.Bound
	columns, rows int // at the present fineness
	cells         []cell
	maxCells      int
	best          cell
	scratch       []float64
}

const (
	firstCells = 24 // along the longer side of the box
	// finest is the halvings of the first cells: of the world, down to 15 degrees / 2^17 = 12 metres.
	finest = 17
	// smallShare is how long a cell's side may be beside one standard deviation of the best place: the error of the middle
	// for the whole cell is then under 1 % of the density.
	smallShare = 0.35
	// areaCells is how many cells the shorter side of an area with an outline has at least, to follow it.
	areaCells = 64
)

func newPlaceSearch(readings []*reading, o WhereOptions) *placeSearch {
	s := &placeSearch{
		readings: readings, area: o.Area, box: o.Area.Bound(), maxCells: o.MaxCells,
		scratch: make([]float64, len(readings)), best: cell{log: math.Inf(-1)},
	}
	s.wholeBox = len(s.area) == 1 && len(s.area[0]) == 1 && len(s.area[0][0]) == 5 &&
		math.Abs(planar.Area(s.area)) >= (1-1e-12)*s.width()*s.height()
	side := max(s.width(), s.height()) / firstCells
	s.columns, s.rows = int(math.Ceil(s.width()/side)), int(math.Ceil(s.height()/side))
	for row := range s.rows {
		for column := range s.columns {
			s.cells = append(s.cells, cell{column: int32(column), row: int32(row)})
		}
	}
	return s
}

func (s *placeSearch) width() float64  { return s.box.Max[0] - s.box.Min[0] }
func (s *placeSearch) height() float64 { return s.box.Max[1] - s.box.Min[1] }

// corner is the place of a grid line's crossing; the last lines are the box's sides to the bit.
func (s *placeSearch) corner(column, row int32) orb.Point {
	return orb.Point{
		s.box.Min[0] + s.width()*(float64(column)/float64(s.columns)),
		s.box.Min[1] + s.height()*(float64(row)/float64(s.rows)),
	}
}

func (s *placeSearch) middle(c cell) orb.Point {
	a, b := s.corner(c.column, c.row), s.corner(c.column+1, c.row+1)
	return orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
}

// surface is the area of a cell in square degrees on the sphere.
func (s *placeSearch) surface(c cell) float64 {
	a, b := s.corner(c.column, c.row), s.corner(c.column+1, c.row+1)
	return (b[0] - a[0]) * (math.Sin(b[1]*degree) - math.Sin(a[1]*degree)) / degree
}

// reachDeg bounds the angle from the middle of a cell to its farthest point.
func (s *placeSearch) reachDeg(c cell) float64 {
	a, b := s.corner(c.column, c.row), s.corner(c.column+1, c.row+1)
	widest := 1.0
	if a[1]*b[1] > 0 {
		widest = math.Cos(min(math.Abs(a[1]), math.Abs(b[1])) * degree)
	}
	return math.Hypot((b[0]-a[0])/2*widest, (b[1]-a[1])/2) + 1e-6
}

func (s *placeSearch) holds(area orb.MultiPolygon, p orb.Point) bool {
	return area == nil || planar.MultiPolygonContains(area, p)
}

// look places the Sun over a place for all clocks.
func (s *placeSearch) look(p orb.Point) {
	for _, r := range s.readings {
		r.look(p[0], p[1])
	}
}

// logHere is the logarithm of the likelihood at the place last looked at, over all clocks that can be right there; parts
// receives that of each clock.
func (s *placeSearch) logHere(p orb.Point, parts []float64) float64 {
	best := math.Inf(-1)
	for i, r := range s.readings {
		parts[i] = math.Inf(-1)
		if s.holds(r.clock.Area, p) {
			parts[i] = r.logWeight + r.logLikelihood(p[1])
		}
		best = max(best, parts[i])
	}
	return logSum(parts, best)
}

func logSum(parts []float64, best float64) float64 {
	if len(parts) == 1 || math.IsInf(best, -1) {
		return best
	}
	sum := 0.0
	for _, x := range parts {
		sum += math.Exp(x - best)
	}
	return best + math.Log(sum)
}

// boundHere is what logHere cannot exceed within an angle of the place last looked at.
func (s *placeSearch) boundHere(p orb.Point, reachDeg float64) float64 {
	best := math.Inf(-1)
	for i, r := range s.readings {
		s.scratch[i] = r.logWeight + r.bound(p[1], reachDeg)
		best = max(best, s.scratch[i])
	}
	return logSum(s.scratch, best)
}

// run refines until the cells are fine enough or too many, and leaves those with a likelihood.
func (s *placeSearch) run() error {
	for level := 0; ; level++ {
		s.prune()
		if level == finest || len(s.cells)*4 > s.maxCells || s.fine() {
			break
		}
		s.quarter()
	}
	s.cells = slices.DeleteFunc(s.cells, func(c cell) bool { return math.IsInf(c.log, -1) })
	if len(s.cells) == 0 {
		return fmt.Errorf("shadow: %w", ErrNowhere)
	}
	return nil
}

// prune evaluates all cells and drops those whose bound is too far below the best place seen. What is dropped weighs
// less than 1e-5 of one cell of the finest grid that maxCells allows.
func (s *placeSearch) prune() {
	best := math.Inf(-1)
	for i := range s.cells {
		c := &s.cells[i]
		p := s.middle(*c)
		s.look(p)
		c.bound, c.log = s.boundHere(p, s.reachDeg(*c)), math.Inf(-1)
		if !math.IsInf(c.bound, -1) && (s.wholeBox || s.holds(s.area, p)) {
			c.log = s.logHere(p, s.scratch)
		}
		if c.log > best {
			best, s.best = c.log, *c
		}
	}
	least := best - negligible - math.Log(float64(s.maxCells))
	s.cells = slices.DeleteFunc(s.cells, func(c cell) bool { return c.bound < least || math.IsInf(c.bound, -1) })
}

func (s *placeSearch) quarter() {
	finer := make([]cell, 0, 4*len(s.cells))
	for _, c := range s.cells {
		for i := range int32(4) {
			finer = append(finer, cell{column: 2*c.column + i%2, row: 2*c.row + i/2})
		}
	}
	s.cells, s.columns, s.rows = finer, 2*s.columns, 2*s.rows
}

// fine tells whether the cells are small beside the precision of the marks where they are best.
func (s *placeSearch) fine() bool {
	if len(s.cells) == 0 {
		return true
	}
	if math.IsInf(s.best.log, -1) || !s.wholeBox && min(s.columns, s.rows) < areaCells {
		return false
	}
	p := s.middle(s.best)
	s.look(p)
	sharpest := math.Inf(1)
	for i, r := range s.readings {
		if s.logHere(p, s.scratch); !math.IsInf(s.scratch[i], -1) {
			sharpest = min(sharpest, r.precisionDeg(p[1]))
		}
	}
	return math.Sqrt2*s.reachDeg(s.best) <= smallShare*sharpest
}

// precisionDeg is the least standard deviation of a place, in any direction, that the marks can give here: the inverse
// root of the trace of their information, time errors left out.
func (r *reading) precisionDeg(lat float64) float64 {
	information := 0.0
	for i := range r.m.terms {
		t := &r.m.terms[i]
		if t.hasRatio {
			if _, perDeg, variance, ok := t.predicted(r.sun[i].ApparentElevationDeg); ok {
				information += perDeg * perDeg / variance
			}
		}
		if t.hasElevation {
			information += 1 / t.elevationVar
		}
		if t.hasAzimuth {
			d := placeDrifts(r.sun[i], lat, 1)
			information += (square(d[0].azimuthDeg) + square(d[1].azimuthDeg)) / t.azimuthVarAt(r.sun[i].ApparentElevationDeg)
		}
	}
	return 1 / math.Sqrt(information)
}
