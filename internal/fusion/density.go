package fusion

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"whenwhere/internal/timeset"
)

// MaxMs bounds the instants of a density, about 142,000 years either side of
// 1970: every width below it is exact in float64.
const MaxMs = int64(1) << 52

// The errors of the constructors.
var (
	ErrEmpty     = errors.New("covers no time")
	ErrUnbounded = errors.New("reaches beyond 2^52 ms")
	ErrValue     = errors.New("is not a finite number in range")
	ErrOrder     = errors.New("does not ascend")
)

// Density is a function of time that is constant on pieces and 0 elsewhere.
// It is immutable; the zero value is 0 everywhere. Values are per
// millisecond and need not integrate to 1.
type Density struct {
	breaks []int64   // ascending; nil or one more than values
	values []float64 // finite, >= 0
}

// Piece is one constant stretch of a Density: Value on [Lo, Hi).
type Piece struct {
	timeset.Interval
	Value float64
}

// Uniform is the density that is constant on the set and integrates to 1. A
// half-line has no such density: cut it to the prior first.
func Uniform(s timeset.Set) (Density, error) {
	bounds, ok := s.Bounds()
	if !ok {
		return Density{}, fmt.Errorf("fusion: uniform: set %w", ErrEmpty)
	}
	if bounds.Lo < -MaxMs || bounds.Hi > MaxMs {
		return Density{}, fmt.Errorf("fusion: uniform: set %w", ErrUnbounded)
	}
	return level(s, 1/float64(s.Measure())), nil
}

// level is the function that has one value on a bounded set.
func level(s timeset.Set, value float64) Density {
	d := Density{make([]int64, 0, 2*s.Len()), make([]float64, 0, 2*s.Len()-1)}
	for i := range s.Len() {
		iv := s.At(i)
		if i > 0 {
			d.values = append(d.values, 0)
		}
		d.breaks, d.values = append(d.breaks, iv.Lo, iv.Hi), append(d.values, value)
	}
	return d
}

// Bins is the function with values[i] on [breaks[i], breaks[i+1]). Breaks
// ascend strictly inside +-MaxMs; values are finite, not negative and not all
// 0. The slices are copied.
func Bins(breaks []int64, values []float64) (Density, error) {
	if len(values) == 0 || len(breaks) != len(values)+1 {
		return Density{}, fmt.Errorf("fusion: bins: %d breaks for %d values: %w", len(breaks), len(values), ErrEmpty)
	}
	d := Density{slices.Clone(breaks), slices.Clone(values)}
	if err := d.check(); err != nil {
		return Density{}, fmt.Errorf("fusion: bins: %w", err)
	}
	return d, nil
}

func (d Density) check() error {
	if d.breaks[0] < -MaxMs || d.breaks[len(d.breaks)-1] > MaxMs {
		return ErrUnbounded
	}
	for i, v := range d.values {
		if d.breaks[i] >= d.breaks[i+1] {
			return fmt.Errorf("break %d %w", i+1, ErrOrder)
		}
		if !(v >= 0) || math.IsInf(v, 0) {
			return fmt.Errorf("value %d: %v %w", i, v, ErrValue)
		}
	}
	if total := d.Integral(); math.IsInf(total, 0) || math.IsNaN(total) {
		return fmt.Errorf("integral %w", ErrValue)
	} else if total == 0 {
		return ErrEmpty
	}
	return nil
}

// Pieces returns the pieces in order of time, those of value 0 included.
func (d Density) Pieces() []Piece {
	out := make([]Piece, len(d.values))
	for i, v := range d.values {
		out[i] = Piece{timeset.Interval{Lo: d.breaks[i], Hi: d.breaks[i+1]}, v}
	}
	return out
}

// At returns the value at an instant (UTC milliseconds).
func (d Density) At(ms int64) float64 {
	i := sort.Search(len(d.breaks), func(i int) bool { return d.breaks[i] > ms })
	if i == 0 || i > len(d.values) {
		return 0
	}
	return d.values[i-1]
}

// mass is the integral over piece i.
func (d Density) mass(i int) float64 {
	return float64(d.values[i] * float64(d.breaks[i+1]-d.breaks[i]))
}

// Integral returns the integral over all time.
func (d Density) Integral() float64 {
	var s sum
	for i := range d.values {
		s.add(d.mass(i))
	}
	return s.value()
}

// Over returns the integral over a set, in linear time.
func (d Density) Over(set timeset.Set) float64 {
	var s sum
	for i, k := 0, 0; i < len(d.values) && k < set.Len(); {
		iv := set.At(k)
		lo, hi := max(d.breaks[i], iv.Lo), min(d.breaks[i+1], iv.Hi)
		if lo < hi {
			s.add(float64(d.values[i] * float64(hi-lo)))
		}
		if iv.Hi < d.breaks[i+1] {
			k++
		} else {
			i++
		}
	}
	return s.value()
}

// Support returns where the function is not 0.
func (d Density) Support() timeset.Set {
	return d.where(func(i int) bool { return d.values[i] > 0 })
}

// extent is the width of the support in milliseconds.
func (d Density) extent() float64 {
	var ms int64
	for i, v := range d.values {
		if v > 0 {
			ms += d.breaks[i+1] - d.breaks[i]
		}
	}
	return float64(ms)
}

// where joins the pieces that are kept.
func (d Density) where(keep func(i int) bool) timeset.Set {
	var buffer [8]timeset.Interval
	return timeset.Of(d.stretches(buffer[:0], keep)...)
}

// stretches appends the pieces that are kept, neighbours as one.
func (d Density) stretches(list []timeset.Interval, keep func(i int) bool) []timeset.Interval {
	for i := range d.values {
		if !keep(i) {
			continue
		}
		if n := len(list); n > 0 && list[n-1].Hi == d.breaks[i] {
			list[n-1].Hi = d.breaks[i+1]
			continue
		}
		list = append(list, timeset.Interval{Lo: d.breaks[i], Hi: d.breaks[i+1]})
	}
	return list
}

// Normalised returns the function divided by its integral; ok is false where
// the integral is 0.
func (d Density) Normalised() (n Density, ok bool) {
	total := d.Integral()
	if !(total > 0) {
		return Density{}, false
	}
	return d.scaled(total), true
}

func (d Density) scaled(divisor float64) Density {
	values := make([]float64, len(d.values))
	for i, v := range d.values {
		values[i] = v / divisor
	}
	return Density{d.breaks, values}
}

// Times returns the product on the merged breaks. What overflows is held at
// the largest number; Posterior multiplies without that limit.
func (d Density) Times(e Density) Density {
	return d.with(e, func(a, b float64) float64 { return min(float64(a*b), math.MaxFloat64) })
}

// lower returns the smaller of both functions at every instant.
func (d Density) lower(e Density) Density {
	return d.with(e, func(a, b float64) float64 { return min(a, b) })
}

// with combines two functions piece by piece on the merged breaks.
func (d Density) with(e Density, f func(a, b float64) float64) Density {
	breaks := mergeBreaks(d.breaks, e.breaks)
	if len(breaks) < 2 {
		return Density{}
	}
	values := make([]float64, len(breaks)-1)
	a, b := cursor{d: d}, cursor{d: e}
	for i := range values {
		values[i] = f(a.at(breaks[i]), b.at(breaks[i]))
	}
	return Density{breaks, values}
}

// mergeBreaks is the union of two ascending lists.
func mergeBreaks(a, b []int64) []int64 {
	out := make([]int64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		next := min(a[0], b[0])
		out = append(out, next)
		if a[0] == next {
			a = a[1:]
		}
		if b[0] == next {
			b = b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// cursor reads a density at ascending instants in linear time altogether.
type cursor struct {
	d Density
	i int // the number of breaks that are not after the last instant read
}

func (c *cursor) at(ms int64) float64 {
	for c.i < len(c.d.breaks) && c.d.breaks[c.i] <= ms {
		c.i++
	}
	if c.i == 0 || c.i > len(c.d.values) {
		return 0
	}
	return c.d.values[c.i-1]
}
