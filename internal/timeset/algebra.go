package timeset

import "math"

// Union returns the instants of s or t, in linear time.
func (s Set) Union(t Set) Set {
	if s.IsEmpty() {
		return t
	}
	if t.IsEmpty() {
		return s
	}
	both := make([]Interval, 0, len(s.iv)+len(t.iv))
	a, b := s.iv, t.iv
	for len(a) > 0 && len(b) > 0 {
		if a[0].Lo <= b[0].Lo {
			both, a = append(both, a[0]), a[1:]
		} else {
			both, b = append(both, b[0]), b[1:]
		}
	}
	return merge(append(append(both, a...), b...))
}

// Intersect returns the instants of both s and t, in linear time.
func (s Set) Intersect(t Set) Set {
	switch {
	case s.holds(t):
		return t
	case t.holds(s):
		return s
	}
	var both []Interval
	a, b := s.iv, t.iv
	for len(a) > 0 && len(b) > 0 {
		common := Interval{max(a[0].Lo, b[0].Lo), min(a[0].Hi, b[0].Hi)}
		if !common.IsEmpty() {
			both = append(both, common)
		}
		if a[0].Hi < b[0].Hi {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return Set{iv: both}
}

// holds reports whether s is one interval that covers all of t, which is what
// most intersections meet: a window of dates around a few readings.
func (s Set) holds(t Set) bool {
	return len(s.iv) == 1 && len(t.iv) > 0 && s.iv[0].Lo <= t.iv[0].Lo && t.iv[len(t.iv)-1].Hi <= s.iv[0].Hi
}

// Complement returns the instants of within that are not in s.
func (s Set) Complement(within Interval) Set {
	var gaps []Interval
	lo := within.Lo
	for _, iv := range s.iv {
		if gap := (Interval{lo, min(iv.Lo, within.Hi)}); !gap.IsEmpty() {
			gaps = append(gaps, gap)
		}
		lo = max(lo, iv.Hi)
	}
	if last := (Interval{lo, within.Hi}); !last.IsEmpty() {
		gaps = append(gaps, last)
	}
	return Set{iv: gaps}
}

// Minus returns the instants of s that are not in t.
func (s Set) Minus(t Set) Set {
	bounds, ok := s.Bounds()
	if !ok {
		return Set{}
	}
	return s.Intersect(t.Complement(bounds))
}

// Shift moves every instant by ms milliseconds.
func (s Set) Shift(ms int64) Set { return s.stretch(ms, ms) }

// Widen moves every lower end down by beforeMs and every upper end up by
// afterMs and joins what then overlaps. Negative values narrow instead;
// intervals that become empty vanish.
func (s Set) Widen(beforeMs, afterMs int64) Set {
	return s.stretch(negSat(beforeMs), afterMs)
}

// stretch adds lo to every lower end and hi to every upper end. The order of
// the lower ends survives, so one merge restores the canonical form.
func (s Set) stretch(lo, hi int64) Set {
	if lo == 0 && hi == 0 {
		return s
	}
	moved := make([]Interval, 0, len(s.iv))
	for _, iv := range s.iv {
		if m := (Interval{addSat(iv.Lo, lo), addSat(iv.Hi, hi)}); !m.IsEmpty() {
			moved = append(moved, m)
		}
	}
	return merge(moved)
}

// UpTo returns every instant before the end of the set: what an upper bound
// leaves possible. It is empty for the empty set.
func (s Set) UpTo() Set {
	bounds, ok := s.Bounds()
	if !ok {
		return Set{}
	}
	return Of(Interval{math.MinInt64, bounds.Hi})
}

// From returns every instant from the start of the set on: what a lower bound
// leaves possible. It is empty for the empty set.
func (s Set) From() Set {
	bounds, ok := s.Bounds()
	if !ok {
		return Set{}
	}
	return Of(Interval{bounds.Lo, math.MaxInt64})
}
