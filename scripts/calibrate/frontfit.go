package main

import (
	"maps"
	"math"
	"slices"

	"whenwhere/pipeline/measured"
)

// maxBans bounds what one look at a map may say, however the data lie: maps and lists of incidents are partly made by the
// same people from the same posts.
const maxBans = 0.5

// value is a number of one event: a measure, or the bans that it was given.
type value struct {
	x       float64
	cluster int
}

type values []value

// sample is such numbers of the events as listed, and of the permuted ones.
type sample struct{ h1, h0 values }

func (s sample) with(o sample) sample {
	return sample{slices.Concat(s.h1, o.h1), slices.Concat(s.h0, o.h0)}
}

// shape is how a curve turns a measure into a share of its bans: measured.Curve.Fading or Rising with 1 ban.
type shape func(scale, x float64) float64

func fading(scale, x float64) float64 { return measured.Curve{Bans: 1, Scale: scale}.Fading(x) }
func rising(scale, x float64) float64 { return measured.Curve{Bans: 1, Scale: scale}.Rising(x) }

// weigh gives the bans of each value.
func (s sample) weigh(c measured.Curve, of shape) sample {
	each := func(in values) values {
		out := make(values, len(in))
		for i, v := range in {
			out[i] = value{c.Bans * of(c.Scale, v.x), v.cluster}
		}
		return out
	}
	return sample{each(s.h1), each(s.h0)}
}

// logLoss is the mean of -ln of what bans gave to the truth, in nats, when H1 and H0 are as frequent; ln 2 for knowing
// nothing.
func (s sample) logLoss() float64 {
	gain, _ := s.gain()
	return math.Ln2 - gain
}

// gain is by how much the log loss lies below ln 2, with its standard error over clusters.
func (s sample) gain() (nats, sigma float64) {
	of := map[int]float64{}
	add := func(list values, sign float64) {
		for _, v := range list {
			of[v.cluster] += (math.Ln2 - math.Log1p(math.Exp(-sign*v.x*math.Ln10))) / float64(2*len(list))
		}
	}
	add(s.h1, 1)
	add(s.h0, -1)
	for _, c := range slices.Sorted(maps.Keys(of)) { // in one order, so that the sum is the same in every run
		nats += of[c]
	}
	mean := nats / float64(len(of))
	for _, c := range slices.Sorted(maps.Keys(of)) {
		sigma += (of[c] - mean) * (of[c] - mean)
	}
	return nats, math.Sqrt(sigma)
}

// fit finds the curve of the least log loss: the scale over a grid, then bans, in which the loss is convex, by halving.
func fit(s sample, of shape, scales []float64) measured.Curve {
	best, least := measured.Curve{Scale: scales[0]}, math.Ln2
	for _, scale := range scales {
		c := measured.Curve{Bans: fitBans(s.weigh(measured.Curve{Bans: 1, Scale: scale}, of)), Scale: scale}
		if loss := s.weigh(c, of).logLoss(); loss < least {
			best, least = c, loss
		}
	}
	best.Bans = math.Round(best.Bans*1000) / 1000
	best.Fit = len(s.h1)
	return best
}

// told drops a curve that tells no more than chance on the events that it was fitted on: a gain below its standard error.
func told(s sample, c measured.Curve, of shape) measured.Curve {
	if nats, sigma := s.weigh(c, of).gain(); nats < sigma {
		c.Bans = 0
	}
	return c
}

// fitBans finds where the slope of the loss over the bans of a curve of 1 ban is 0, within 0 to maxBans.
func fitBans(unit sample) float64 {
	lo, hi := 0.0, maxBans
	for hi-lo > 1e-4 {
		mid := (lo + hi) / 2
		if unit.slope(mid) > 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	return (lo + hi) / 2
}

// slope is the derivative of the loss by bans, but for a positive factor.
func (s sample) slope(bans float64) float64 {
	mean := func(list values, sign float64) float64 {
		sum := 0.0
		for _, v := range list {
			sum += v.x / (1 + math.Exp(sign*bans*v.x*math.Ln10))
		}
		return sum / float64(len(list))
	}
	return mean(s.h0, -1) - mean(s.h1, 1)
}

// fitFade finds in how many days the weight of an ageing map falls to 1/e: the least sum of log losses over samples by the
// age of the map beyond that of the fit.
func fitFade(byAge map[float64]sample, c measured.Curve) float64 {
	best, least := 0.0, math.Inf(1)
	for _, fade := range grid(1, 60) {
		loss := 0.0
		for _, age := range slices.Sorted(maps.Keys(byAge)) {
			loss += byAge[age].weigh(measured.Curve{Bans: c.Bans * math.Exp(-age/fade), Scale: c.Scale}, fading).logLoss()
		}
		if loss < least {
			best, least = fade, loss
		}
	}
	return best
}

// grid is scales from lo to hi, each a fifth above the one before, with two digits.
func grid(lo, hi float64) []float64 {
	var out []float64
	for x := lo; x <= hi; x *= 1.2 {
		digits := math.Pow(10, 1-math.Floor(math.Log10(x)))
		out = append(out, math.Round(x*digits)/digits)
	}
	return out
}
