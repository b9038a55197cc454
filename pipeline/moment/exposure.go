package moment

import (
	"fmt"
	"math"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
)

// The error model of exposures. The slack covers snow, sky and lamps in the frame and metering habits; the slope says
// how fast a still brighter scene becomes incredible; below the lamp level street lights and fires explain any scene.
// Proposals of the design, to be fitted on labelled photos.
const (
	SlackEV      = 3.0
	SlopeBansEV  = 0.7
	LampsEV      = 9.0
	DarkMarginEV = 10.0
	DarkShare    = 0.4 // how often a scene is this dark by day: a cellar, a lens cap, a heavy filter
	MeterEV      = 1.5 // the most between the exposure triple and the camera's own light meter
)

const exposureGenuine = 0.998 // exposure tags are hardly ever edited

// SceneEV is the exposure value at ISO 100 that the scene was metered at: the exposure triple with the photographer's
// compensation taken out; ok is false when one of the three is absent or impossible.
func SceneEV(x pipeline.Exposure) (float64, bool) {
	if x.FNumber == nil || x.TimeS == nil || x.ISO == nil {
		return 0, false
	}
	ev, ok := solar.EV100(*x.FNumber, *x.TimeS, *x.ISO)
	if ok && x.BiasEV != nil {
		ev += *x.BiasEV
	}
	return ev, ok
}

// exposureFits is how likely such an exposure is under a sky, by the brightest exposure value of that, against its being
// possible.
func exposureFits(ev, brightest float64) float64 {
	limit := max(brightest+SlackEV, LampsEV)
	switch {
	case ev > limit:
		return math.Pow(10, -SlopeBansEV*(ev-limit))
	case ev < brightest-DarkMarginEV:
		return DarkShare
	}
	return 1
}

// meanFits is the mean over ascending skies. Below lamps one night is like another.
func meanFits(ev float64, skies []float64) float64 {
	sum, fits, last := 0.0, 0.0, math.NaN()
	for _, brightest := range skies {
		if ev > LampsEV {
			brightest = max(brightest, LampsEV-SlackEV)
		}
		if brightest != last {
			fits, last = exposureFits(ev, brightest), brightest
		}
		sum += fits
	}
	return sum / float64(len(skies))
}

func (x File) exposureItem(l light) (item, bool, error) {
	e, ok, err := pipeline.ExposureKey.In(x.Exhibit.Observed)
	if err != nil || !ok {
		return item{}, false, err
	}
	ev, known := SceneEV(e)
	if !known || e.FlashFired != nil && *e.FlashFired || e.BrightnessEV != nil && math.Abs(*e.BrightnessEV+5-ev) > MeterEV {
		return item{}, false, nil
	}
	breaks := l.bins()
	values := make([]float64, len(breaks)/2)
	for i := range values {
		values[i] = exposureFits(ev, l.brightest((breaks[2*i]+breaks[2*i+1])/2, l.at.Lat, l.at.Lon))
	}
	d, err := l.shape(breaks, values, meanFits(ev, l.yearAt(l.at.Lat)))
	if err != nil {
		return item{}, false, fmt.Errorf("exposure of %s: %w", x.Exhibit.Subject(), err)
	}
	return lightItem("exposure", "exposure", x.Exhibit.Evidence(pipeline.ExposureKey.ID, ""), exposureGenuine, d), true, nil
}
