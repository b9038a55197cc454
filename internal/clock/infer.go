package clock

import "whenwhere/internal/timeset"

// Quality says how well a GPS fix pins the offset of the camera's clock.
type Quality string

// The qualities. DaySlip: the times of day fit to two minutes but the dates
// differ by one day more than any zone allows, so one of the two dates is
// wrong. Stale: the fix is too old, or one of the two was edited.
const (
	Good    Quality = "good"     // residual at most 120 s
	Weak    Quality = "weak"     // at most 600 s
	DaySlip Quality = "day_slip" // good after moving the GPS date by one day
	Stale   Quality = "stale"
)

const (
	goodResidualMs = 120 * secondMs
	weakResidualMs = 600 * secondMs
)

// InferOffset derives the offset (minutes east of UTC) that the camera's
// clock was set to from its dial reading and the GPS time of the same shot. It
// holds the difference against the offsets in civil use since 1990, all of
// them multiples of 15 minutes: rounding to any quarter of an hour can leave
// at most 450 s, so a fix that is ten minutes old would pass for a zone that
// does not exist. Half the width of readings coarser than a second counts as
// residual. A fix with several readings (week rollover, guessed date) is tried
// with each; the best quality wins, the earliest reading on a tie, and the
// reading is returned. ok is false for a stale fix.
//
// It beats the zone of the place: a phone on Moscow time in Donetsk is an
// hour off it in winter.
func InferOffset(wall timeset.Interval, fixes timeset.Set) (offsetMin int, reading timeset.Interval, quality Quality, ok bool) {
	rank := map[Quality]int{Good: 0, Weak: 1, DaySlip: 2}
	quality = Stale
	for _, fix := range fixes.Intervals() {
		o, q, fits := inferOne(wall, fix)
		if fits && (!ok || rank[q] < rank[quality]) {
			offsetMin, reading, quality, ok = o, fix, q, true
		}
	}
	return offsetMin, reading, quality, ok
}

func inferOne(wall, gps timeset.Interval) (offsetMin int, quality Quality, ok bool) {
	if !narrow(wall) || !narrow(gps) {
		return 0, Stale, false
	}
	slack := max(0, (wall.Width()+gps.Width())/2-secondMs)
	diff := wall.Lo + wall.Width()/2 - gps.Lo - gps.Width()/2
	offsetMin, residual := nearestOffset(diff)
	switch total := residual + slack; {
	case total <= goodResidualMs:
		return offsetMin, Good, true
	case total <= weakResidualMs:
		return offsetMin, Weak, true
	}
	for _, slip := range []int64{-dayMs, dayMs} {
		if offsetMin, residual := nearestOffset(diff + slip); residual+slack <= goodResidualMs {
			return offsetMin, DaySlip, true
		}
	}
	return 0, Stale, false
}

// narrow reports whether a reading is precise enough to be compared, and near
// enough to the present that differences of two cannot overflow.
func narrow(iv timeset.Interval) bool {
	const year9999 = int64(253402300800000)
	return !iv.IsEmpty() && iv.Lo > -year9999 && iv.Hi < year9999 && iv.Width() <= 2*weakResidualMs
}

// nearestOffset returns the offset in use that is closest to the difference
// in milliseconds, and how far it is; the western one on a tie.
func nearestOffset(diffMs int64) (offsetMin int, residualMs int64) {
	residualMs = -1
	for _, o := range offsetsInUse {
		r := diffMs - minutesMs(o)
		if r < 0 {
			r = -r
		}
		if residualMs < 0 || r < residualMs {
			offsetMin, residualMs = o, r
		}
	}
	return offsetMin, residualMs
}
