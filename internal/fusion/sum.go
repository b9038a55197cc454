package fusion

import "math"

// sum is Neumaier's compensated sum (Zeitschrift fuer Angewandte Mathematik
// und Mechanik 54, 1974): a long list of pieces of very different mass adds
// up to the last bit or two.
type sum struct{ total, lost float64 }

func (s *sum) add(x float64) {
	t := s.total + x
	if math.Abs(s.total) >= math.Abs(x) {
		s.lost += (s.total - t) + x
	} else {
		s.lost += (x - t) + s.total
	}
	s.total = t
}

func (s *sum) value() float64 { return s.total + s.lost }

// big is m * 2^e: hundreds of sharp likelihoods multiply beyond the range of
// float64. The mantissa is rescaled by powers of two only, which is exact.
type big struct {
	m float64
	e int
}

// step is small enough that the product of two mantissas inside 2^+-step
// stays inside the range of float64.
const step = 400

const (
	large = 0x1p400
	small = 0x1p-400
)

// times returns b*f for 0 <= f <= 2^step.
func (b big) times(f float64) big {
	if f < small {
		m, e := math.Frexp(f)
		f, b.e = m, b.e+e
	}
	b.m = float64(b.m * f)
	switch {
	case b.m > large:
		b.m, b.e = math.Ldexp(b.m, -step), b.e+step
	case b.m < small && b.m > 0:
		b.m, b.e = math.Ldexp(b.m, step), b.e-step
	}
	return b
}

// below returns b as a float64 in units of 2^e.
func (b big) below(e int) float64 {
	if b.e == e {
		return b.m
	}
	return math.Ldexp(b.m, b.e-e)
}

// of is x * 2^e with the mantissa in [0.5, 1); x is finite.
func (big) of(x float64, e int) big {
	m, shift := math.Frexp(x)
	return big{m, e + shift}
}
