package shadow

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// cell is one square of the grid: column and row at the present fineness.
type cell struct {
	column, row int32
	log         float64
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

func newPlaceSearch(readings []*reading, o WhereOptions) (*placeSearch, error) {
	s := &placeSearch{
		readings: readings, area: o.Area, box: o.Area.Bound(), maxCells: o.MaxCells,
		scratch: make([]float64, len(readings)),
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
	return s, nil
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

// logAt is the logarithm of the likelihood at a place, over all clocks that can be right there; parts receives that of
// each clock.
func (s *placeSearch) logAt(p orb.Point, parts []float64) float64 {
	best := math.Inf(-1)
	for i, r := range s.readings {
		parts[i] = math.Inf(-1)
		if s.holds(r.clock.Area, p) {
			r.look(p[0], p[1])
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

// boundIn is what logAt cannot exceed in a cell.
func (s *placeSearch) boundIn(c cell) float64 {
	p, reach := s.middle(c), s.reachDeg(c)
	best := math.Inf(-1)
	for i, r := range s.readings {
		r.look(p[0], p[1])
		s.scratch[i] = r.logWeight + r.bound(p[1], reach)
		best = max(best, s.scratch[i])
	}
	return logSum(s.scratch, best)
}

// run refines until the cells are fine enough or too many.
func (s *placeSearch) run() error {
	best := math.Inf(-1)
	for range finest {
		best = s.prune(best)
		if len(s.cells) == 0 {
			return fmt.Errorf("shadow: %w", ErrNowhere)
		}
		if len(s.cells)*4 > s.maxCells || s.fine() {
			break
		}
		s.quarter()
	}
	s.evaluate()
	if len(s.cells) == 0 {
		return fmt.Errorf("shadow: %w", ErrNowhere)
	}
	return nil
}

// prune drops cells whose bound is too far below the best place seen. What is dropped weighs less than 1e-5 of one cell
// of the finest grid that maxCells allows.
func (s *placeSearch) prune(best float64) float64 {
	depth := negligible + math.Log(float64(s.maxCells))
	kept := s.cells[:0]
	for _, c := range s.cells {
		if c.log = s.boundIn(c); c.log < best-depth || math.IsInf(c.log, -1) {
			continue
		}
		if p := s.middle(c); s.holds(s.area, p) {
			best = max(best, s.logAt(p, s.scratch))
		}
		kept = append(kept, c)
	}
	s.cells = slices.DeleteFunc(kept, func(c cell) bool { return c.log < best-depth })
	return best
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
	top, best := s.cells[0], math.Inf(-1)
	for _, c := range s.cells {
		if l := s.logAt(s.middle(c), s.scratch); l > best {
			top, best = c, l
		}
	}
	if math.IsInf(best, -1) {
		return false
	}
	if !s.wholeBox && min(s.columns, s.rows) < areaCells {
		return false
	}
	p := s.middle(top)
	sharpest := math.Inf(1)
	for _, r := range s.readings {
		if r.look(p[0], p[1]); r.sun[0].ApparentElevationDeg > -1 {
			sharpest = min(sharpest, r.precisionDeg(p[1]))
		}
	}
	return 2*s.reachDeg(top)/math.Sqrt2 <= smallShare*sharpest
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

// evaluate gives every cell the likelihood of its middle and drops those outside the area or in the night.
func (s *placeSearch) evaluate() {
	kept := s.cells[:0]
	for _, c := range s.cells {
		p := s.middle(c)
		if !s.wholeBox && !s.holds(s.area, p) {
			continue
		}
		if c.log = s.logAt(p, s.scratch); !math.IsInf(c.log, -1) {
			kept = append(kept, c)
		}
	}
	s.cells = kept
}
