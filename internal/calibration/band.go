package calibration

import "math"

// Band is the binomial 95 % band of a share seen in n trials: the exact one of Clopper and Pearson (1934), by the quantiles
// of the beta distribution, so that n need not be whole. Without trials it is 0 to 1.
func Band(share, n float64) (lo, hi float64) {
	const tail = 0.025
	if !(n > 0) {
		return 0, 1
	}
	k := share * n
	lo, hi = 0, 1
	if k > 1e-9 {
		lo = quantile(tail, k, n-k+1)
	}
	if n-k > 1e-9 {
		hi = quantile(1-tail, k+1, n-k)
	}
	return lo, hi
}

// quantile of the beta distribution, by bisection.
func quantile(p, a, b float64) float64 {
	lo, hi := 0.0, 1.0
	for range 60 {
		mid := (lo + hi) / 2
		if beta(mid, a, b) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// beta is the regularised incomplete beta function I_x(a, b), DLMF 8.17.22: a continued fraction, which converges fast below
// the mean and is mirrored above it.
func beta(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - beta(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	return front / a * fraction(x, a, b)
}

// fraction is 1/(1 + d1/(1 + d2/(1 + ...))) by the method of Lentz.
func fraction(x, a, b float64) float64 {
	const tiny, enough = 1e-300, 1e-14
	away := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	out := d
	for m := 1.0; m < 10_000; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		for _, term := range []float64{even, odd} {
			d = 1 / away(1+term*d)
			c = away(1 + term/c)
			out *= c * d
		}
		if math.Abs(c*d-1) < enough {
			break
		}
	}
	return out
}
