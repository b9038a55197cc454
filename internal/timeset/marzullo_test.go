package timeset_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/timeset"
)

func vote(weight int64, ends ...int64) timeset.Vote {
	var list []timeset.Interval
	for i := 0; i+1 < len(ends); i += 2 {
		list = append(list, timeset.Interval{Lo: ends[i], Hi: ends[i+1]})
	}
	return timeset.Vote{Set: timeset.Of(list...), Weight: weight}
}

func TestMarzullo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		votes  []timeset.Vote
		best   []timeset.Interval
		weight int64
		false_ []int
	}{
		// The three published examples of the algorithm.
		{"all agree", []timeset.Vote{vote(1, 8, 12), vote(1, 11, 13), vote(1, 10, 12)}, []timeset.Interval{{Lo: 11, Hi: 12}}, 3, nil},
		{"one outlier", []timeset.Vote{vote(1, 8, 12), vote(1, 11, 13), vote(1, 14, 15)}, []timeset.Interval{{Lo: 11, Hi: 12}}, 2, []int{2}},
		{"two regions", []timeset.Vote{vote(1, 8, 9), vote(1, 8, 12), vote(1, 10, 12)}, []timeset.Interval{{Lo: 8, Hi: 9}, {Lo: 10, Hi: 12}}, 2, nil},
		{"no votes", nil, nil, 0, nil},
		{"nothing said", []timeset.Vote{vote(1)}, nil, 0, []int{0}},
		{"touching is not agreeing", []timeset.Vote{vote(1, 1, 2), vote(1, 2, 3)}, []timeset.Interval{{Lo: 1, Hi: 3}}, 1, nil},
		{"weight beats number", []timeset.Vote{vote(1, 1, 2), vote(1, 1, 2), vote(3, 5, 6)}, []timeset.Interval{{Lo: 5, Hi: 6}}, 3, []int{0, 1}},
		{"no say", []timeset.Vote{vote(0, 1, 2), vote(1, 5, 6)}, []timeset.Interval{{Lo: 5, Hi: 6}}, 1, []int{0}},
		{"several intervals count once", []timeset.Vote{vote(1, 1, 3, 7, 9), vote(1, 2, 8)}, []timeset.Interval{{Lo: 2, Hi: 3}, {Lo: 7, Hi: 8}}, 2, nil},
	} {
		got := timeset.Marzullo(c.votes)
		if diff := cmp.Diff(c.best, got.Best.Intervals()); diff != "" {
			t.Errorf("%s: best: %s", c.name, diff)
		}
		if got.Weight != c.weight {
			t.Errorf("%s: weight %d, want %d", c.name, got.Weight, c.weight)
		}
		if diff := cmp.Diff(c.false_, got.Falsetickers); diff != "" {
			t.Errorf("%s: falsetickers: %s", c.name, diff)
		}
	}
}

func TestMarzulloAgainstCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		votes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) timeset.Vote {
			return timeset.Vote{Set: sets.Draw(t, "set"), Weight: rapid.Int64Range(-1, 4).Draw(t, "weight")}
		}), 0, 6).Draw(t, "votes")
		got := timeset.Marzullo(votes)
		checkCanonical(t, got.Best)
		var top int64
		for ms := int64(-60); ms < 60; ms++ {
			top = max(top, weightAt(votes, ms))
		}
		if got.Weight != top {
			t.Fatalf("weight %d, want %d", got.Weight, top)
		}
		for ms := int64(-60); ms < 60; ms++ {
			if want := top > 0 && weightAt(votes, ms) == top; got.Best.Contains(ms) != want {
				t.Fatalf("at %d: in best %v, want %v", ms, !want, want)
			}
		}
		turned := timeset.Marzullo(rapid.Permutation(votes).Draw(t, "turned"))
		if !turned.Best.Equal(got.Best) || turned.Weight != got.Weight || len(turned.Falsetickers) != len(got.Falsetickers) {
			t.Fatalf("the order of votes matters: %v, %v", got, turned)
		}
	})
}

func weightAt(votes []timeset.Vote, ms int64) int64 {
	var sum int64
	for _, v := range votes {
		if v.Weight > 0 && v.Set.Contains(ms) {
			sum += v.Weight
		}
	}
	return sum
}
