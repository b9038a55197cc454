package calibration

import "math"

// Scores are single numbers over claims; a score of the whole, not of a bin.
type Scores struct {
	Cases, True int
	Events      int
	Brier       float64 // mean square of what was not given to the truth; 0.25 for always one half
	LogLoss     float64 // nats; 0.6931 for always one half
	AUC         float64 // chance that a true claim outweighs a false one, ties half
	Slope       float64 // of the logistic regression of truth on log odds: 1 is right, below 1 too bold, above 1 too timid
	Intercept   float64 // nats; below 0 the scores are too high
	Regressed   bool    // Slope and Intercept are there: they are not where the weights part true from false without a fault
}

// Scores computes all of them. Claims must hold true and false ones.
func (c Claims) Scores(prior float64) Scores {
	s := Scores{Cases: len(c), Events: c.events(), AUC: c.auc()}
	total := c.sum()
	for _, x := range c {
		p, truth := x.Probability(prior), 0.0
		if x.True {
			truth = 1
			s.True++
		}
		s.Brier += x.Count / total * (p - truth) * (p - truth)
		s.LogLoss -= x.Count / total * math.Log(math.Abs(1-truth-p))
	}
	s.Slope, s.Intercept, s.Regressed = c.regress(prior)
	return s
}

// auc counts pairs; ties count half.
func (c Claims) auc() float64 {
	sorted := c.byBans()
	h1, h0 := c.Of(true).sum(), c.Of(false).sum()
	below, won := 0.0, 0.0
	for i := 0; i < len(sorted); {
		j, same := i, [2]float64{}
		for ; j < len(sorted) && sorted[j].Bans == sorted[i].Bans; j++ {
			k := 0
			if sorted[j].True {
				k = 1
			}
			same[k] += sorted[j].Count
		}
		won += same[1] * (below + same[0]/2)
		below += same[0]
		i = j
	}
	return won / (h1 * h0)
}

// regress fits truth = logistic(intercept + slope · log odds) by Newton's method. ok is false where the likelihood has no
// maximum, because some weight parts true from false.
func (c Claims) regress(prior float64) (slope, intercept float64, ok bool) {
	odds := make([]float64, len(c))
	for i, x := range c {
		odds[i] = (x.Bans + math.Log10(prior/(1-prior))) * math.Ln10
	}
	slope = 1
	for range 100 {
		var g0, g1, h00, h01, h11 float64
		for i, x := range c {
			p := 1 / (1 + math.Exp(-intercept-slope*odds[i]))
			miss, w := -p, x.Count*p*(1-p)
			if x.True {
				miss++
			}
			g0 += x.Count * miss
			g1 += x.Count * miss * odds[i]
			h00 += w
			h01 += w * odds[i]
			h11 += w * odds[i] * odds[i]
		}
		det := h00*h11 - h01*h01
		if !(det > 1e-9*h00*h11) || h00 < 1e-9 {
			return 0, 0, false
		}
		d0, d1 := (h11*g0-h01*g1)/det, (h00*g1-h01*g0)/det
		step := math.Min(1, 2/math.Max(math.Abs(d0), math.Abs(d1))) // far from the maximum Newton leaps over it
		intercept, slope = intercept+step*d0, slope+step*d1
		if math.Abs(slope) > 50 || math.Abs(intercept) > 50 {
			return 0, 0, false
		}
		if math.Abs(d0)+math.Abs(d1) < 1e-10 {
			return slope, intercept, true
		}
	}
	return 0, 0, false
}

// Recalibrated gives the claims the weights that slope and intercept make of them.
func (c Claims) Recalibrated(slope, intercept float64) Claims {
	out := make(Claims, len(c))
	for i, x := range c {
		x.Bans = slope*x.Bans + intercept/math.Ln10
		out[i] = x
	}
	return out
}
