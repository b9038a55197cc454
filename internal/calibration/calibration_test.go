package calibration_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"whenwhere/internal/calibration"
)

// The bands of Clopper and Pearson as R 4.2 prints them: binom.test(k, n)$conf.int.
func TestBand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ k, n, lo, hi float64 }{
		{8, 10, 0.4439045, 0.9747893}, {0, 10, 0, 0.3084971}, {10, 10, 0.6915029, 1}, {1, 2, 0.0125791, 0.9874209},
		{50, 100, 0.3983211, 0.6016789}, {3, 1000, 0.0006190, 0.0087418},
	} {
		lo, hi := calibration.Band(c.k/c.n, c.n)
		if math.Abs(lo-c.lo) > 2e-6 || math.Abs(hi-c.hi) > 2e-6 {
			t.Errorf("%v of %v: %.7f to %.7f, want %.7f to %.7f", c.k, c.n, lo, hi, c.lo, c.hi)
		}
	}
	if lo, hi := calibration.Band(0, 0); lo != 0 || hi != 1 {
		t.Errorf("without trials %v to %v", lo, hi)
	}
}

// The tails of the band are those of the binomial distribution, summed term by term.
func TestBandIsBinomial(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		lo, hi := calibration.Band(float64(k)/float64(n), float64(n))
		if above := tail(n, k, n, lo); k > 0 && math.Abs(above-0.025) > 1e-6 {
			t.Fatalf("at %v, %d and more of %d have %v", lo, k, n, above)
		}
		if below := tail(n, 0, k, hi); k < n && math.Abs(below-0.025) > 1e-6 {
			t.Fatalf("at %v, %d and fewer of %d have %v", hi, k, n, below)
		}
	})
}

// tail is P(from <= K <= to) of a binomial distribution.
func tail(n, from, to int, p float64) float64 {
	sum := 0.0
	for k := from; k <= to; k++ {
		choose := lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1)
		sum += math.Exp(choose + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	}
	return sum
}

func lgamma(n int) float64 {
	v, _ := math.Lgamma(float64(n))
	return v
}

// drawn are claims whose weights are what they say, each of an event of its own, times scale.
func drawn(n int, seed uint64, scale float64) calibration.Claims {
	r := rand.New(rand.NewPCG(seed, 1))
	var out calibration.Claims
	for i := range n {
		p := r.Float64()
		bans := math.Log10(p / (1 - p))
		out = append(out, calibration.Claim{Bans: scale * bans, True: r.Float64() < p, Count: 1, Event: i})
	}
	return out
}

// Weights that are what they say lie within their bands, have slope 1, and obey the law; doubled ones are too bold, halved
// ones too timid.
func TestCalibratedWeights(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scale, slope float64
		fit          calibration.Fit
	}{{1, 1, calibration.Within}, {2, 0.5, calibration.Bold}, {0.5, 2, calibration.Timid}} {
		claims := drawn(20_000, 3, c.scale)
		out := 0
		for _, b := range claims.Reliability(0.5) {
			if b.Fit() != c.fit {
				out++
			}
		}
		if out > 2 { // of ten bands of 95 % one may miss; the bins about one half stand right at any scale
			t.Errorf("scale %v: %d bins are not %s: %+v", c.scale, out, c.fit, claims.Reliability(0.5))
		}
		s := claims.Scores(0.5)
		if !s.Regressed || math.Abs(s.Slope-c.slope) > 0.05*c.slope || math.Abs(s.Intercept) > 0.05 {
			t.Errorf("scale %v: %+v", c.scale, s)
		}
		for _, e := range claims.Turing([]float64{2, 5, 10, 50, 100}) {
			if e.Broken() {
				t.Errorf("scale %v: %+v", c.scale, e)
			}
		}
	}
}

// Worked by hand: p = 10/11 and 1/2 for the true ones, 1/2 for both false ones.
func TestScores(t *testing.T) {
	t.Parallel()
	claims := calibration.Claims{{1, true, 1, 1}, {0, true, 1, 2}, {0, false, 1, 3}, {0, false, 1, 4}}
	got := claims.Scores(0.5)
	want := calibration.Scores{Cases: 4, True: 2, Events: 4, Brier: (1.0/121 + 0.75) / 4, LogLoss: (math.Log(1.1) + 3*math.Ln2) / 4, AUC: 0.75}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	// 0.8 before any evidence: odds of 4 to 1.
	if p := (calibration.Claim{}).Probability(0.8); math.Abs(p-0.8) > 1e-12 {
		t.Errorf("%v", p)
	}
}

// Ten claims of one event are worth one, and the band is that of one.
func TestEventsNotClaims(t *testing.T) {
	t.Parallel()
	var claims calibration.Claims
	for range 10 {
		claims = append(claims, calibration.Claim{Bans: 2, True: true, Count: 1, Event: 7})
	}
	b := claims.Reliability(0.5)[9]
	if b.Cases != 10 || b.Events != 1 || math.Abs(b.Effective-1) > 1e-12 || b.BandLo > 0.026 || b.BandHi != 1 {
		t.Errorf("%+v", b)
	}
}

func TestBalanced(t *testing.T) {
	t.Parallel()
	claims := calibration.Claims{{1, true, 1, 1}, {1, true, 1, 2}, {0, false, 1, 1}, {0, false, 1, 1}, {0, false, 1, 1}}
	got, ok := claims.Balanced()
	sums := map[bool]float64{}
	for _, c := range got {
		sums[c.True] += c.Count
	}
	if !ok || math.Abs(sums[true]-3) > 1e-12 || math.Abs(sums[false]-3) > 1e-12 {
		t.Errorf("%v %v", sums, got)
	}
	if _, ok := claims.Of(true).Balanced(); ok {
		t.Error("true claims alone are balanced")
	}
}

// Half of what is false weighs 4: twice too many, if they are many enough to tell.
func TestBrokenLaw(t *testing.T) {
	t.Parallel()
	claims := calibration.Claims{{0, true, 1, 0}}
	for i := range 400 {
		claims = append(claims, calibration.Claim{Bans: math.Log10([]float64{4, 4, 3, 1}[i%4]), Count: 1, Event: i + 1})
	}
	at := claims.Turing([]float64{4, 2})
	if e := at[0]; e.Cases != 200 || e.Share != 0.5 || e.Lawful() || !e.Broken() || e.Bound != 0.25 {
		t.Errorf("%+v", e)
	}
	if e := at[1]; e.Cases != 300 || e.Lawful() || !e.Broken() {
		t.Errorf("%+v", e)
	}
	if e := claims[:5].Turing([]float64{4})[0]; e.Lawful() || e.Broken() {
		t.Errorf("of four claims: %+v", e)
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	for want, b := range map[calibration.Fit]calibration.Bin{
		calibration.Empty:  {},
		calibration.Within: {Cases: 1, Claimed: 0.9, Share: 0.8, BandLo: 0.7, BandHi: 0.95},
		calibration.Bold:   {Cases: 1, Claimed: 0.1, Share: 0.3, BandLo: 0.2, BandHi: 0.4},
		calibration.Timid:  {Cases: 1, Claimed: 0.9, Share: 0.99, BandLo: 0.95, BandHi: 1},
		calibration.Wrong:  {Cases: 1, Claimed: 0.4, Share: 0.7, BandLo: 0.6, BandHi: 0.8},
	} {
		if got := b.Fit(); got != want {
			t.Errorf("%+v: %s, want %s", b, got, want)
		}
	}
}

// A certain claim falls into the last bin, and the law counts a ratio of exactly x.
func TestEdges(t *testing.T) {
	t.Parallel()
	claims := calibration.Claims{{400, true, 1, 1}, {1, false, 1, 2}, {math.Log10(1.0 / 9), false, 1, 3}}
	bins := claims.Reliability(0.5)
	if bins[9].Cases != 2 || bins[1].Cases != 1 {
		t.Errorf("%+v", bins)
	}
	if e := claims.Turing([]float64{10})[0]; e.Cases != 1 || e.Share != 0.5 || e.Lawful() || e.Broken() {
		t.Errorf("%+v", e)
	}
	if s := claims.Scores(0.5); s.Regressed {
		t.Errorf("a fault-free parting has no slope: %+v", s)
	}
	once := calibration.Claims{{1, true, 1, 1}}.Recalibrated(0.5, math.Ln10)
	if math.Abs(once[0].Bans-1.5) > 1e-12 {
		t.Errorf("%+v", once)
	}
}

// Order changes nothing.
func TestOrder(t *testing.T) {
	t.Parallel()
	a := drawn(500, 9, 1)
	b := append(calibration.Claims{}, a...)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(b), func(i, j int) { b[i], b[j] = b[j], b[i] })
	near := cmpopts.EquateApprox(0, 1e-9)
	if diff := cmp.Diff(a.Reliability(0.5), b.Reliability(0.5), near) + cmp.Diff(a.Scores(0.5), b.Scores(0.5), near); diff != "" {
		t.Error(diff)
	}
}
