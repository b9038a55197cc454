package timeset_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/timeset"
)

// Small numbers collide often, so the generated sets touch, nest and overlap.
var sets = rapid.Custom(func(t *rapid.T) timeset.Set {
	return timeset.Of(rapid.SliceOfN(intervals, 0, 8).Draw(t, "intervals")...)
})

var intervals = rapid.Custom(func(t *rapid.T) timeset.Interval {
	lo := rapid.Int64Range(-40, 40).Draw(t, "lo")
	return timeset.Interval{Lo: lo, Hi: lo + rapid.Int64Range(-1, 12).Draw(t, "width")}
})

// members is the oracle: the set as a plain list of booleans.
func members(s timeset.Set) [400]bool {
	var in [400]bool
	for _, iv := range s.Intervals() {
		for ms := iv.Lo; ms < iv.Hi; ms++ {
			in[ms+200] = true
		}
	}
	return in
}

func checkCanonical(t *rapid.T, s timeset.Set) {
	list := s.Intervals()
	for i, iv := range list {
		if iv.Lo >= iv.Hi || i > 0 && list[i-1].Hi >= iv.Lo {
			t.Fatalf("not canonical: %v", list)
		}
	}
}

func TestOperationsAgreeWithMembership(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := sets.Draw(t, "a"), sets.Draw(t, "b")
		within := timeset.Interval{Lo: rapid.Int64Range(-60, 0).Draw(t, "wlo"), Hi: rapid.Int64Range(-10, 60).Draw(t, "whi")}
		shift := rapid.Int64Range(-50, 50).Draw(t, "shift")
		union, both, not, minus, moved := a.Union(b), a.Intersect(b), a.Complement(within), a.Minus(b), a.Shift(shift)
		ma, mb := members(a), members(b)
		var measure int64
		for ms := int64(-140); ms < 140; ms++ {
			ina, inb := ma[ms+200], mb[ms+200]
			if ina {
				measure++
			}
			inside := ms >= within.Lo && ms < within.Hi
			for _, c := range []struct {
				op        string
				got, want bool
			}{
				{"contains", a.Contains(ms), ina},
				{"union", union.Contains(ms), ina || inb},
				{"intersect", both.Contains(ms), ina && inb},
				{"complement", not.Contains(ms), inside && !ina},
				{"minus", minus.Contains(ms), ina && !inb},
				{"shift", moved.Contains(ms + shift), ina},
			} {
				if c.got != c.want {
					t.Fatalf("%s at %d: got %v, want %v (a %v, b %v)", c.op, ms, c.got, c.want, a.Intervals(), b.Intervals())
				}
			}
		}
		if a.Measure() != measure {
			t.Fatalf("measure %d, want %d", a.Measure(), measure)
		}
		for _, s := range []timeset.Set{a, union, both, not, minus, moved} {
			checkCanonical(t, s)
		}
	})
}

func TestAlgebraLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := sets.Draw(t, "a"), sets.Draw(t, "b"), sets.Draw(t, "c")
		all := timeset.Interval{Lo: -100, Hi: 100}
		for _, law := range []struct {
			name        string
			left, right timeset.Set
		}{
			{"union commutes", a.Union(b), b.Union(a)},
			{"union associates", a.Union(b).Union(c), a.Union(b.Union(c))},
			{"intersection commutes", a.Intersect(b), b.Intersect(a)},
			{"intersection associates", a.Intersect(b).Intersect(c), a.Intersect(b.Intersect(c))},
			{"distributes", a.Intersect(b.Union(c)), a.Intersect(b).Union(a.Intersect(c))},
			{"de Morgan", a.Union(b).Complement(all), a.Complement(all).Intersect(b.Complement(all))},
			{"double complement", a.Complement(all).Complement(all), a},
			{"idempotent", a.Union(a), a},
			{"absorbs", a.Union(a.Intersect(b)), a},
			{"shift back", a.Shift(17).Shift(-17), a},
			{"widen by nothing", a.Widen(0, 0), a},
			{"widen both is widen each", a.Widen(3, 5), a.Widen(3, 0).Widen(0, 5)},
		} {
			if !law.left.Equal(law.right) {
				t.Fatalf("%s: %v against %v", law.name, law.left.Intervals(), law.right.Intervals())
			}
		}
		if a.Union(b).Measure()+a.Intersect(b).Measure() != a.Measure()+b.Measure() {
			t.Fatalf("measure is not additive: %v, %v", a.Intervals(), b.Intervals())
		}
	})
}

func TestOrderOfIntervalsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(intervals, 0, 10).Draw(t, "list")
		shuffled := rapid.Permutation(list).Draw(t, "shuffled")
		if diff := cmp.Diff(timeset.Of(list...).Intervals(), timeset.Of(shuffled...).Intervals()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestSetIsImmutable(t *testing.T) {
	t.Parallel()
	given := []timeset.Interval{{Lo: 5, Hi: 6}, {Lo: 1, Hi: 2}}
	s := timeset.Of(given...)
	given[0].Lo = 0
	s.Intervals()[0].Lo = -99
	s.Union(timeset.Of(timeset.Interval{Lo: 0, Hi: 10}))
	s.Widen(2, 2)
	if diff := cmp.Diff([]timeset.Interval{{Lo: 1, Hi: 2}, {Lo: 5, Hi: 6}}, s.Intervals()); diff != "" {
		t.Fatal(diff)
	}
}

func TestEndsOfTheRange(t *testing.T) {
	t.Parallel()
	ever := timeset.Of(timeset.Interval{Lo: math.MinInt64, Hi: math.MaxInt64})
	if got := ever.Measure(); got != math.MaxInt64 {
		t.Errorf("measure of everything: %d", got)
	}
	if got := ever.Widen(math.MaxInt64, math.MaxInt64); !got.Equal(ever) {
		t.Errorf("widen everything: %v", got.Intervals())
	}
	if got := timeset.Of(timeset.Interval{Lo: 0, Hi: 5}).Shift(math.MaxInt64); !got.IsEmpty() {
		t.Errorf("shift out of the range: %v", got.Intervals())
	}
	if got := timeset.Of(timeset.Interval{Lo: 0, Hi: 5}).Widen(math.MinInt64, 0); !got.IsEmpty() {
		t.Errorf("narrow to nothing: %v", got.Intervals())
	}
	if got := ever.Complement(timeset.Interval{Lo: -3, Hi: 3}); !got.IsEmpty() {
		t.Errorf("complement of everything: %v", got.Intervals())
	}
}

func TestBoundsToOneSide(t *testing.T) {
	t.Parallel()
	s := timeset.Of(timeset.Interval{Lo: 10, Hi: 11}, timeset.Interval{Lo: 20, Hi: 21})
	if up := s.UpTo(); !up.Contains(20) || up.Contains(21) || !up.Contains(math.MinInt64) {
		t.Errorf("UpTo: %v", up.Intervals())
	}
	if from := s.From(); from.Contains(9) || !from.Contains(10) || !from.Contains(math.MaxInt64-1) {
		t.Errorf("From: %v", from.Intervals())
	}
	if !(timeset.Set{}).UpTo().IsEmpty() || !(timeset.Set{}).From().IsEmpty() {
		t.Error("the empty set bounds something")
	}
}

func TestFromTimesRoundsOutwards(t *testing.T) {
	t.Parallel()
	at := func(ns int64) time.Time { return time.Unix(0, ns) }
	for _, c := range []struct {
		name   string
		lo, hi time.Time
		want   []timeset.Interval
	}{
		{"whole", at(1e6), at(3e6), []timeset.Interval{{Lo: 1, Hi: 3}}},
		{"inside one ms", at(1_200_000), at(1_300_000), []timeset.Interval{{Lo: 1, Hi: 2}}},
		{"before 1970", at(-1), at(0), []timeset.Interval{{Lo: -1, Hi: 0}}},
		{"empty", at(5), at(5), nil},
		{"reversed", at(6), at(5), nil},
		{"zero time", time.Time{}, at(0), []timeset.Interval{{Lo: -62135596800000, Hi: 0}}},
		{"far future", at(0), time.Unix(math.MaxInt64/1000+5, 0), []timeset.Interval{{Lo: 0, Hi: math.MaxInt64}}},
	} {
		if diff := cmp.Diff(c.want, timeset.FromTimes(c.lo, c.hi).Intervals()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := sets.Draw(t, "set")
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got timeset.Set
		if err := json.Unmarshal(data, &got); err != nil || !got.Equal(want) {
			t.Fatalf("%s: got %v, error %v", data, got.Intervals(), err)
		}
	})
	for _, bad := range []string{`[[1,1]]`, `[[2,1]]`, `[[1,2],[2,3]]`, `[[5,6],[1,2]]`, `[[1,2,3]]`, `[[1]]`, `[1]`, `{}`, `[[1.5,2]]`} {
		var got timeset.Set
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s: accepted as %v", bad, got.Intervals())
		}
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	s := timeset.Of(timeset.Interval{Lo: 0, Hi: 1500})
	if got, want := s.String(), "[1970-01-01T00:00:00.000Z, 1970-01-01T00:00:01.500Z)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := (timeset.Set{}).String(); got != "{}" {
		t.Errorf("empty set prints %q", got)
	}
}
