package score_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/pipeline"
)

// TestConjunctionByCounting has an oracle of its own: it writes out the four states of the world, place right or wrong
// and time right or wrong, and counts.
func TestConjunctionByCounting(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ where, when string }{
		{"+where.40/a", "+when.40/b"}, {"+where.10/a", "+when.20/b"}, {"-where.20/a", "+when.40/b"}, {"-where.10/a", "-when.10/b"}, {"?where.1/a", "+when.40/b"},
	} {
		odds := map[byte]float64{'+': 1, '-': -1, '?': 0}
		lr := func(a string) float64 {
			tenths := map[string]float64{"10": 1, "20": 2, "40": 4, "1/": 0}[a[len(a)-4:len(a)-2]]
			return math.Pow(10, odds[a[0]]*tenths)
		}
		q := math.Sqrt(0.5)
		right, all := 0.0, 0.0
		for _, place := range []bool{true, false} {
			for _, time := range []bool{true, false} {
				p := weightOf(place, q, lr(c.where)) * weightOf(time, q, lr(c.when))
				all += p
				if place && time {
					right += p
				}
			}
		}
		want := math.Round(10_000*right/all) / 100
		if got := round(c.where, c.when).Score; math.Abs(got-math.Min(want, 99.99)) > 0.06 {
			t.Errorf("%s %s: score %v, counted %v", c.where, c.when, got, want)
		}
	}
}

// weightOf is the prior of a state of one proposition times the likelihood of its evidence there.
func weightOf(true_ bool, q, lr float64) float64 {
	if true_ {
		return q * lr
	}
	return 1 - q
}

func TestAStrongClockBuysNoWrongPlace(t *testing.T) {
	t.Parallel()
	v := round("-where.10/a", "+when.40/b", "+when.30/c")
	if v.Score > 25 || v.Status == pipeline.StatusCredible {
		t.Errorf("score %v, status %s", v.Score, v.Status)
	}
	if v := round("+when.40/b", "+when.30/c"); v.Score > 71 { // the square root of the prior
		t.Errorf("time alone, and the place unknown: score %v", v.Score)
	}
}

func TestLawStrongerEvidenceNeverLowers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFindings(t)
		i := rapid.IntRange(0, 30).Draw(t, "i")
		if i >= len(f) || f[i].Outcome != pipeline.Supports {
			return
		}
		before := fold(f...).Weight
		f[i] = likely(f[i], 1e6, 1e-6)
		if after := fold(f...).Weight; after < before-0.0015 { // two roundings to the thousandth
			t.Fatalf("stronger support for %s lowered the weight from %v to %v", f[i].Question, before, after)
		}
	})
}
