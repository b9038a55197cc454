package light

import (
	"fmt"
	"math"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

func exposure(claim pipeline.Claim, e pipeline.Exhibit) (pipeline.Finding, error) {
	f := pipeline.Finding{Question: askExposure, Subject: e.Subject()}
	if v, is := vague(askExposure, e.Subject(), claim); is {
		return v, nil
	}
	x, ok, err := pipeline.ExposureKey.In(e.Observed)
	if err != nil {
		return f, err
	}
	ev, known := moment.SceneEV(x)
	if !ok || !known {
		f.Outcome = pipeline.Unavailable
		f.Code, f.Reason = e.Absence("metadata", "exposure time, aperture and ISO speed together")
		return f, nil
	}
	f.Evidence = []string{e.Evidence(pipeline.ExposureKey.ID, ""), "claim.where", "claim.when"}
	f.Basis = e.Sensor("exposure")
	if unbound(&f, e.Ref.EffectiveRole()) {
		return f, nil
	}
	judgeExposure(&f, claim, x, ev)
	return f, nil
}

func judgeExposure(f *pipeline.Finding, claim pipeline.Claim, x pipeline.Exposure, ev float64) {
	lo, hi := solar.ElevationRange(claim.When.From, claim.When.To, claim.Where.Lat, claim.Where.Lon)
	brightest, dimmest := solar.MaxEV100(hi), solar.MaxEV100(lo)
	sun := fmt.Sprintf("sun %s, elevation %.1f to %.1f deg", phases(lo, hi), lo, hi)
	limit := max(brightest+moment.SlackEV, moment.LampsEV)
	switch {
	case x.BrightnessEV != nil && math.Abs(*x.BrightnessEV+5-ev) > moment.MeterEV:
		undecided(f, pipeline.CodeWeak, "exposure EV %.1f disagrees with the camera's own light meter (%.1f EV): unused", ev, *x.BrightnessEV+5)
	case x.FlashFired != nil && *x.FlashFired:
		undecided(f, pipeline.CodeWeak, "exposure EV %.1f was made with flash, which says nothing of the sky (%s)", ev, sun)
	case ev > limit:
		f.Outcome = pipeline.Contradicts
		f.Likelihood = &pipeline.Likelihood{H1: math.Pow(10, -moment.SlopeBansEV*(ev-limit)), H0: 1}
		f.Reason = fmt.Sprintf("exposure EV %.1f is %.1f EV brighter than anything lit by the sky or by lamps at the claimed time (%.1f EV; %s)", ev, ev-limit, limit, sun)
	case ev < dimmest-moment.DarkMarginEV:
		f.Outcome = pipeline.Contradicts
		f.Likelihood = &pipeline.Likelihood{H1: moment.DarkShare, H0: 1}
		f.Reason = fmt.Sprintf("exposure EV %.1f is %.1f EV darker than daylight at the claimed time (%.1f EV; %s); rooms and filters can explain it", ev, dimmest-ev, dimmest, sun)
	case ev > moment.LampsEV:
		judgeDaylight(f, claim, ev, sun)
	default:
		undecided(f, pipeline.CodeWeak, "exposure EV %.1f is possible by day indoors and by night under lamps (%s)", ev, sun)
	}
}

func undecided(f *pipeline.Finding, code pipeline.Code, format string, args ...any) {
	f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, code, fmt.Sprintf(format, args...)
}

// judgeDaylight answers for an exposure that only daylight explains: under H1 it was made at some moment of the claimed
// window, under H0 at some moment of the same days, each as likely as another. A window of a whole day tells nothing.
func judgeDaylight(f *pipeline.Finding, claim pipeline.Claim, ev float64, sun string) {
	window, days := brightShare(*claim.When, *claim.Where, ev), brightShare(wholeDays(*claim.When), *claim.Where, ev)
	numbers := fmt.Sprintf("exposure EV %.1f needs daylight: %.0f %% of the claimed time has it (%s), and %.0f %% of that day", ev, 100*window, sun, 100*days)
	if window <= days {
		undecided(f, pipeline.CodeWeak, "%s", numbers)
		return
	}
	f.Outcome, f.Reason = pipeline.Supports, numbers
	f.Likelihood = &pipeline.Likelihood{H1: window, H0: days}
}

// brightShare is the share of the span in which the sky allows the exposure.
func brightShare(span pipeline.Span, at pipeline.Place, ev float64) float64 {
	const steps = 24 * 6 // ten minutes of a day: the sun rises by up to 2.5 degrees in one
	bright := 0
	for i := range steps {
		t := span.From.Add(span.Duration() / (2 * steps) * time.Duration(2*i+1))
		if ev <= solar.MaxEV100(solar.Sun(t, at.Lat, at.Lon).ElevationDeg)+moment.SlackEV {
			bright++
		}
	}
	return float64(bright) / steps
}

func phases(loDeg, hiDeg float64) string {
	lo, hi := solar.PhaseAt(loDeg), solar.PhaseAt(hiDeg)
	if lo == hi {
		return lo.String()
	}
	return lo.String() + " to " + hi.String()
}

// AtLeastDeg returns the lowest elevation of the sun in degrees, geometric, that leaves a scene of this exposure value
// possible, with the slack of the exposure question. ok is false when lamps or any night explain it.
func AtLeastDeg(evScene float64) (elevationDeg float64, ok bool) {
	if evScene <= moment.LampsEV {
		return 0, false
	}
	return solar.ElevationFor(evScene - moment.SlackEV)
}
