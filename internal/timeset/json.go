package timeset

import (
	"encoding/json"
	"fmt"
)

// MarshalJSON writes [[lo,hi],...] in UTC milliseconds; the empty set is [].
func (s Set) MarshalJSON() ([]byte, error) {
	pairs := make([][2]int64, len(s.iv))
	for i, iv := range s.iv {
		pairs[i] = [2]int64{iv.Lo, iv.Hi}
	}
	return json.Marshal(pairs)
}

// UnmarshalJSON reads what MarshalJSON writes and refuses any other form:
// stored evidence that is not canonical was not written by this package.
func (s *Set) UnmarshalJSON(data []byte) error {
	var pairs [][]int64
	if err := json.Unmarshal(data, &pairs); err != nil {
		return fmt.Errorf("timeset: read intervals: %w", err)
	}
	list := make([]Interval, 0, len(pairs))
	for i, p := range pairs {
		if len(p) != 2 || p[0] >= p[1] {
			return fmt.Errorf("timeset: interval %d: %v is not [lo, hi] with lo < hi", i, p)
		}
		if n := len(list); n > 0 && list[n-1].Hi >= p[0] {
			return fmt.Errorf("timeset: interval %d: starts at %d, not after %d", i, p[0], list[n-1].Hi)
		}
		list = append(list, Interval{p[0], p[1]})
	}
	*s = merge(list)
	return nil
}
