// Package calibration says how far weights can be believed, from claims whose truth is known.
//
// A claim has a weight in bans, log10 of P(evidence | true) / P(evidence | false), and is true or false. The package
// compares what the weights claim with what was so: reliability by bins of the score, Brier score, log loss, area under the
// ROC curve, the slope of a logistic regression (Cox 1958), and the law of Turing and Good that every likelihood ratio
// obeys: P(ratio >= x | false) <= 1/x.
//
// Claims about one event are not independent. Their weights are added up by event, and every band rests on the effective
// number of events (Kish 1965: the squared sum of weights over the sum of their squares), so that ten claims about one
// photo do not pass for ten photos.
//
// It promises that the order of the claims changes nothing but the last digits, and that it knows no pipeline, no file and
// no chance.
package calibration

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Claim is one judged claim.
type Claim struct {
	Bans  float64 // log10 of its likelihood ratio
	True  bool
	Count float64 // how much it counts for, above 0
	Event int     // claims of one event are not independent
}

// Claims are judged claims of known truth.
type Claims []Claim

// Of selects the claims that are true, or false.
func (c Claims) Of(truth bool) Claims {
	return slices.DeleteFunc(slices.Clone(c), func(x Claim) bool { return x.True != truth })
}

// Balanced lets true claims count for as much as false ones, half each, as a prior of one half supposes. ok is false when
// there are none of either.
func (c Claims) Balanced() (out Claims, ok bool) {
	h1, h0 := float64(len(c.Of(true))), float64(len(c.Of(false)))
	if h1 == 0 || h0 == 0 {
		return nil, false
	}
	out = slices.Clone(c)
	for i, x := range out {
		out[i].Count = max(h1, h0) / h0
		if x.True {
			out[i].Count = max(h1, h0) / h1
		}
	}
	return out, true
}

// sum is how much the claims count for together.
func (c Claims) sum() float64 {
	total := 0.0
	for _, x := range c {
		total += x.Count
	}
	return total
}

// effective is the effective number of events.
func (c Claims) effective() float64 {
	by := map[int]float64{}
	for _, x := range c {
		by[x.Event] += x.Count
	}
	total, squares := 0.0, 0.0
	for _, event := range slices.Sorted(maps.Keys(by)) { // sums depend on their order
		total += by[event]
		squares += by[event] * by[event]
	}
	if squares == 0 {
		return 0
	}
	return total * total / squares
}

// events counts different events.
func (c Claims) events() int {
	seen := map[int]bool{}
	for _, x := range c {
		seen[x.Event] = true
	}
	return len(seen)
}

// Probability is that of the claim at a prior.
func (x Claim) Probability(prior float64) float64 {
	return 1 / (1 + math.Pow(10, -x.Bans)*(1-prior)/prior)
}

// Bin is the claims whose probability lies in [Lo, Hi), the last one including 1.
type Bin struct {
	Lo, Hi      float64
	Cases, True int     // claims
	Events      int     // different ones
	Effective   float64 // number of events that the band rests on
	Claimed     float64 // mean probability
	Share       float64 // true
	BandLo      float64 // of the share, 95 %
	BandHi      float64
}

// Fit says how a bin stands to what it claims.
type Fit string

// Fits. A bin without claims has none.
const (
	Empty  Fit = "empty"
	Within Fit = "within"     // what is claimed lies in the band of what is so
	Bold   Fit = "too_bold"   // nearer to certainty than the truth
	Timid  Fit = "too_timid"  // farther from it
	Wrong  Fit = "wrong_side" // claims more likely than not what is less, or the reverse
)

// Fit compares claim and band.
func (b Bin) Fit() Fit {
	over := b.Claimed > b.BandHi
	switch {
	case b.Cases == 0:
		return Empty
	case !over && b.Claimed >= b.BandLo:
		return Within
	case (b.Claimed > 0.5) != (b.Share > 0.5):
		return Wrong
	case over == (b.Claimed > 0.5):
		return Bold
	}
	return Timid
}

// Bins is how many tenths the score has.
const Bins = 10

// Reliability puts the claims into bins by their probability.
func (c Claims) Reliability(prior float64) []Bin {
	parts := make([]Claims, Bins)
	for _, x := range c {
		i := min(int(x.Probability(prior)*Bins+1e-9), Bins-1) // 9 to 1 is a tenth, however it was rounded
		parts[i] = append(parts[i], x)
	}
	out := make([]Bin, Bins)
	for i, part := range parts {
		out[i] = part.bin(prior)
		out[i].Lo, out[i].Hi = float64(i)/Bins, float64(i+1)/Bins
	}
	return out
}

// Together puts all claims into one bin, whatever their probability.
func (c Claims) Together(prior float64) Bin {
	b := c.bin(prior)
	b.Hi = 1
	return b
}

func (c Claims) bin(prior float64) Bin {
	b := Bin{Cases: len(c), Events: c.events(), Effective: c.effective()}
	total := c.sum()
	if total == 0 {
		return b
	}
	for _, x := range c {
		b.Claimed += x.Count * x.Probability(prior) / total
		if x.True {
			b.True++
			b.Share += x.Count / total
		}
	}
	b.BandLo, b.BandHi = Band(b.Share, b.Effective)
	return b
}

// Exceeding is the share of false claims whose ratio is at least X.
type Exceeding struct {
	X      float64
	Cases  int     // false claims with such a ratio
	Share  float64 // of all false claims, as they count
	BandLo float64
	BandHi float64
	Bound  float64 // 1/X
}

// Lawful reports whether the share stays within the bound.
func (e Exceeding) Lawful() bool { return e.Share <= e.Bound }

// Broken reports whether the share exceeds the bound by more than chance explains.
func (e Exceeding) Broken() bool { return e.BandLo > e.Bound }

// Turing tries the law at each x.
func (c Claims) Turing(at []float64) []Exceeding {
	h0 := c.Of(false)
	total, n := h0.sum(), h0.effective()
	var out []Exceeding
	for _, x := range at {
		e := Exceeding{X: x, Bound: 1 / x}
		for _, one := range h0 {
			if one.Bans >= math.Log10(x)-1e-9 {
				e.Cases++
				e.Share += one.Count
			}
		}
		e.Share /= total
		e.BandLo, e.BandHi = Band(e.Share, n)
		out = append(out, e)
	}
	return out
}

// byBans sorts the claims by weight.
func (c Claims) byBans() Claims {
	return slices.SortedStableFunc(slices.Values(c), func(a, b Claim) int { return cmp.Compare(a.Bans, b.Bans) })
}
