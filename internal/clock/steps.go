package clock

import (
	"fmt"
	"slices"
	"time"

	"whenwhere/internal/timeset"
)

// OffsetsInUse returns the offsets from UTC, in minutes and ascending, that
// any zone has used since 1990.
func OffsetsInUse() []int { return slices.Clone(offsetsInUse) }

// Step says that an offset holds from an instant (UTC milliseconds) until the
// next step.
type Step struct {
	FromMs    int64
	OffsetMin int
}

// maxStepsMs bounds the work of Steps.
const maxStepsMs = 60 * 366 * dayMs

// Steps returns the zone's offsets within an interval of at most sixty years:
// the one at its beginning, then each change, to the second.
func (z *Zones) Steps(zone string, within timeset.Interval) ([]Step, error) {
	if within.IsEmpty() || within.Width() > maxStepsMs || within.Lo < windowStartMs-dayMs {
		return nil, fmt.Errorf("clock: zone %q: steps within [%s, %s): not an interval of at most sixty years since 1990",
			zone, rfc3339(within.Lo), rfc3339(within.Hi))
	}
	loc, err := z.Location(zone)
	if err != nil {
		return nil, err
	}
	at := func(ms int64) int {
		_, sec := time.UnixMilli(ms).In(loc).Zone()
		return sec / 60
	}
	steps := []Step{{within.Lo, at(within.Lo)}}
	for ms := within.Lo; ms < within.Hi; ms += sampleMs {
		next := min(ms+sampleMs, within.Hi)
		if at(next) == steps[len(steps)-1].OffsetMin {
			continue
		}
		lo, hi := ms, next
		for hi-lo > 1 {
			if mid := lo + (hi-lo)/2; at(mid) == at(ms) {
				lo = mid
			} else {
				hi = mid
			}
		}
		steps = append(steps, Step{hi, at(hi)})
	}
	return steps, nil
}
