package solar

// DarkestDeg is the elevation at and below which no Sun is left in [ClearSkyLux].
const DarkestDeg = -18

// ElevationFor returns the lowest elevation of the Sun in degrees at which [MaxEV100] reaches ev. ok is false when every
// night does (the answer is then -90), or when no Sun does.
func ElevationFor(ev float64) (elevationDeg float64, ok bool) {
	switch {
	case !(ev <= MaxEV100(90)): // NaN too
		return 0, false
	case ev <= MaxEV100(-90):
		return -90, false
	}
	lo, hi := float64(DarkestDeg), 90.0
	for range 60 {
		if mid := (lo + hi) / 2; MaxEV100(mid) >= ev {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi, true
}
