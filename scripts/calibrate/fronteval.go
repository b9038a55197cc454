package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
)

func probability(bans float64) float64 { return 1 / (1 + math.Pow(10, -bans)) }

// brier is the mean square of what was not given to the truth, H1 and H0 as frequent; 0.25 for knowing nothing.
func (s sample) brier() float64 {
	loss := func(bans values, truth float64) float64 {
		sum := 0.0
		for _, b := range bans {
			sum += (probability(b.x) - truth) * (probability(b.x) - truth)
		}
		return sum / float64(len(bans))
	}
	return (loss(s.h1, 1) + loss(s.h0, 0)) / 2
}

// auc is the chance that an event as listed outweighs a permuted one; ties count half.
func (s sample) auc() float64 {
	type one struct {
		bans float64
		true bool
	}
	var all []one
	for _, b := range s.h1 {
		all = append(all, one{b.x, true})
	}
	for _, b := range s.h0 {
		all = append(all, one{b.x, false})
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Compare(a.bans, b.bans) })
	ranks := 0.0
	for i := 0; i < len(all); {
		j, genuine := i, 0
		for ; j < len(all) && all[j].bans == all[i].bans; j++ {
			if all[j].true {
				genuine++
			}
		}
		ranks += float64(genuine) * float64(i+j+1) / 2
		i = j
	}
	n1, n0 := float64(len(s.h1)), float64(len(s.h0))
	return (ranks - n1*(n1+1)/2) / (n1 * n0)
}

// exceeding counts the values of at least bans.
func exceeding(of values, bans float64) int {
	n := 0
	for _, b := range of {
		if b.x >= bans {
			n++
		}
	}
	return n
}

// within counts the values in [lo, hi).
func within(of values, lo, hi float64) int { return exceeding(of, lo) - exceeding(of, hi) }

func (s sample) summary() string {
	nats, sigma := s.gain()
	return fmt.Sprintf("log loss %.4f (knowing nothing 0.6931: gain %.4f +- %.4f), Brier %.4f (0.2500), AUC %.3f", s.logLoss(), nats, sigma, s.brier(), s.auc())
}

// bounds of likelihood ratios for the law P(LR >= x | H0) <= 1/x.
var lawAt = []float64{1.02, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 2, 3}

// lawful tells whether the law holds, and prints how near it comes.
func (s sample) lawful(out io.Writer) bool {
	ok := true
	for _, x := range lawAt {
		n := exceeding(s.h0, math.Log10(x))
		share := float64(n) / float64(len(s.h0))
		if n > 0 {
			fmt.Fprintf(out, "    LR >= %.2f: %d of %d permuted (%.3f; at most %.3f), %d of %d as listed\n", x, n, len(s.h0), share, 1/x, exceeding(s.h1, math.Log10(x)), len(s.h1))
		}
		ok = ok && share <= 1/x
	}
	return ok
}

// reliability compares what was claimed with what was so, H1 and H0 as frequent. The band is that of the events as listed:
// two standard errors of their share.
func (s sample) reliability(out io.Writer) {
	edges := []float64{0, 0.005, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.51}
	for i := range len(edges) - 1 {
		lo, hi := edges[i], edges[i+1]
		a, b := within(s.h1, lo, hi), within(s.h0, lo, hi)
		if a+b == 0 {
			continue
		}
		p1, p0 := float64(a)/float64(len(s.h1)), float64(b)/float64(len(s.h0))
		claimed := 0.0
		for _, list := range []values{s.h1, s.h0} {
			for _, b := range list {
				if b.x >= lo && b.x < hi {
					claimed += probability(b.x) / float64(len(list))
				}
			}
		}
		claimed /= p1 + p0
		share := p1 / (p1 + p0)
		error2 := 2 * share * (1 - share) * math.Sqrt((1-p1)/math.Max(float64(a), 1))
		fmt.Fprintf(out, "    weight %.3f to %.3f: claimed %.3f, true %.3f +- %.3f (%d listed, %d permuted)\n", lo, hi, claimed, share, error2, a, b)
	}
}
