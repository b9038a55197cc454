package light

import (
	"whenwhere/internal/solar"
	"whenwhere/pipeline/moment"
)

// AtLeastDeg returns the lowest elevation of the sun in degrees, geometric, that leaves a scene of this exposure value possible,
// with the slack of the exposure question. ok is false when lamps or any night explain it.
func AtLeastDeg(evScene float64) (elevationDeg float64, ok bool) {
	if evScene <= moment.LampsEV {
		return 0, false
	}
	return solar.ElevationFor(evScene - moment.SlackEV)
}
