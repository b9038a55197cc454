// Package timeset holds sets of instants as sorted lists of half-open
// intervals of UTC milliseconds since 1970.
//
// It promises three things. A Set is immutable: every operation returns a new
// one and none hands out memory that a caller could change. A Set is
// canonical: its intervals are sorted, not empty, disjoint and not adjacent,
// so equal sets have equal bytes. Every operation is exact integer
// arithmetic; where a shift would leave the range of int64 it saturates at
// the end of the range, so an interval can only lose what cannot be written.
//
// The package knows no zones, no calendars and no probabilities.
package timeset

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
)

// Interval is the half-open range [Lo, Hi) in milliseconds of UTC since
// 1970-01-01. It is empty unless Lo < Hi; the zero value is empty.
type Interval struct{ Lo, Hi int64 }

// IsEmpty reports whether the interval holds no instant.
func (iv Interval) IsEmpty() bool { return iv.Lo >= iv.Hi }

// Width returns Hi-Lo in milliseconds, 0 when empty, at most MaxInt64.
func (iv Interval) Width() int64 {
	if iv.IsEmpty() {
		return 0
	}
	return addSat(iv.Hi, negSat(iv.Lo))
}

// Set is a canonical set of instants. The zero value is the empty set.
type Set struct{ iv []Interval }

// Of returns the union of the intervals, given in any order; empty ones are
// dropped.
func Of(intervals ...Interval) Set {
	kept := make([]Interval, 0, len(intervals))
	sorted := true
	for _, iv := range intervals {
		if iv.IsEmpty() {
			continue
		}
		if n := len(kept); n > 0 && iv.Lo < kept[n-1].Lo {
			sorted = false
		}
		kept = append(kept, iv)
	}
	if !sorted {
		slices.SortFunc(kept, func(a, b Interval) int { return cmp.Compare(a.Lo, b.Lo) })
	}
	return merge(kept)
}

// FromTimes returns [lo, hi) rounded outwards to whole milliseconds, so that
// no instant between the two is lost.
func FromTimes(lo, hi time.Time) Set {
	if !lo.Before(hi) {
		return Set{}
	}
	up := unixMilli(hi)
	if hi.Nanosecond()%int(time.Millisecond) != 0 {
		up = addSat(up, 1)
	}
	return Of(Interval{unixMilli(lo), up})
}

// unixMilli is time.Time.UnixMilli with saturation instead of wrapping.
func unixMilli(t time.Time) int64 {
	switch s := t.Unix(); {
	case s >= math.MaxInt64/1000:
		return math.MaxInt64
	case s <= math.MinInt64/1000:
		return math.MinInt64
	default:
		return t.UnixMilli()
	}
}

// merge joins overlapping and adjacent intervals of a list that is sorted by
// Lo and holds no empty one. It takes ownership of the list.
func merge(sorted []Interval) Set {
	out := sorted[:0]
	for _, iv := range sorted {
		if n := len(out); n > 0 && iv.Lo <= out[n-1].Hi {
			out[n-1].Hi = max(out[n-1].Hi, iv.Hi)
			continue
		}
		out = append(out, iv)
	}
	if len(out) == 0 {
		return Set{}
	}
	return Set{iv: slices.Clip(out)}
}

// Intervals returns a copy of the intervals, sorted.
func (s Set) Intervals() []Interval { return slices.Clone(s.iv) }

// At returns interval i of Len, in order of time, without a copy of the list.
func (s Set) At(i int) Interval { return s.iv[i] }

// Len returns the number of intervals.
func (s Set) Len() int { return len(s.iv) }

// IsEmpty reports whether the set holds no instant.
func (s Set) IsEmpty() bool { return len(s.iv) == 0 }

// Equal reports whether both sets hold the same instants.
func (s Set) Equal(t Set) bool { return slices.Equal(s.iv, t.iv) }

// Bounds returns the smallest interval that covers the set; ok is false for
// the empty set.
func (s Set) Bounds() (bounds Interval, ok bool) {
	if s.IsEmpty() {
		return Interval{}, false
	}
	return Interval{s.iv[0].Lo, s.iv[len(s.iv)-1].Hi}, true
}

// Measure returns the summed width in milliseconds, at most MaxInt64.
func (s Set) Measure() int64 {
	var sum int64
	for _, iv := range s.iv {
		sum = addSat(sum, iv.Width())
	}
	return sum
}

// Contains reports whether the instant (UTC milliseconds) is in the set, in
// logarithmic time.
func (s Set) Contains(ms int64) bool {
	i := sort.Search(len(s.iv), func(i int) bool { return s.iv[i].Hi > ms })
	return i < len(s.iv) && s.iv[i].Lo <= ms
}

// String prints the intervals in RFC 3339 with milliseconds, for people.
func (s Set) String() string {
	if s.IsEmpty() {
		return "{}"
	}
	parts := make([]string, len(s.iv))
	for i, iv := range s.iv {
		parts[i] = fmt.Sprintf("[%s, %s)", text(iv.Lo), text(iv.Hi))
	}
	return strings.Join(parts, " ")
}

func text(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}

// addSat returns a+b, held inside the range of int64.
func addSat(a, b int64) int64 {
	sum := a + b
	switch {
	case a > 0 && b > 0 && sum < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && sum >= 0:
		return math.MinInt64
	}
	return sum
}

// negSat returns -a, with MaxInt64 for the one value that has no negative.
func negSat(a int64) int64 {
	if a == math.MinInt64 {
		return math.MaxInt64
	}
	return -a
}
