package where

import (
	"fmt"
	"math"

	"whenwhere/internal/camera"
	"whenwhere/pipeline"
)

// A drone's recording states its gimbal and no lens. What is then certain is the line of sight of the middle of the frame:
// where it meets the claimed place, the place was filmed, whatever the lens. Where the place is not in a frame of the
// widest lens at any moment of the recording, it was not filmed. Between the two the lens decides, and nothing is said.
const (
	// The middle of the frame, as a lens: narrower than any.
	middleDeg = 1.0
	// Widest lens of DJI's cameras on a gimbal of three axes, from corner to corner, by their data sheets: 94 degrees of the
	// Phantom 3 and 4. The cameras of racing drones are wider and have no such gimbal, and their subtitles no such angles.
	// The frame is taken for a square as wide as that: all shapes of frame, held in any way, lie in it.
	widestDeg = 94.0
	// Errors are taken with so many sigmas where nothing in them may reach the place: beyond lies one in a thousand.
	surelySigmas = 3.3
)

// flownOf is how the drone held its camera during a recording that states no lens.
func flownOf(e pipeline.Exhibit) (pipeline.Attitude, bool) {
	held, _, err := pipeline.AttitudeKey.In(e.Observed)
	if err != nil || held.YawDeg == nil || held.PitchDeg == nil || held.YawSweepDeg == nil || held.PitchSweepDeg == nil || held.HeightM == nil || held.HeightSweepM == nil || held.ReachM == nil {
		return held, false
	}
	c, _, err := pipeline.CameraKey.In(e.Observed)
	return held, err == nil && c.FocalLength35mmMM == nil
}

func judgeFlown(f *pipeline.Finding, e pipeline.Exhibit, held pipeline.Attitude, p pipeline.StatedPlace, claimed pipeline.Place) {
	f.Basis = e.Sensor("gps")
	f.Evidence = []string{e.Evidence(pipeline.PlacesKey.ID, p.Field), e.Evidence(pipeline.AttitudeKey.ID, ""), "claim.where"}
	accuracyM, _ := accuracyOf(p)
	wide := target{radiusM: claimed.RadiusM + insideSigmas*accuracyM/sigmaOf68}
	var az float64
	wide.at, az, wide.distanceM = offset(p, claimed)
	north := declination("unstated", p)
	yaw := camera.Measure{Value: math.Mod(*held.YawDeg+north.Value+360, 360), Sigma: math.Hypot(droneSigmaDeg, north.Sigma)}
	numbers := fmt.Sprintf("from %s, %s from the centre of the claimed place of radius %s and %.0f deg from there, the middle of the frame looks at first to %.0f ± %.0f deg and %.0f deg up from %s above take-off",
		p.Field, metres(wide.distanceM), metres(claimed.RadiusM), az, yaw.Value, yaw.Sigma, *held.PitchDeg, metres(*held.HeightM)) +
		fmt.Sprintf(", over the recording to %.0f to %.0f deg by the compass and %.0f to %.0f deg up; its field of view is not stated",
			held.YawSweepDeg.Lo, held.YawSweepDeg.Hi, held.PitchSweepDeg.Lo, held.PitchSweepDeg.Hi)
	switch {
	case wide.distanceM <= wide.radiusM:
		wide.standsIn(f, numbers)
		return
	case wide.distanceM-wide.radiusM > ViewRangeM:
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, numbers+fmt.Sprintf(": views are followed for %s", metres(ViewRangeM))
		return
	}
	// The first reading belongs to the first place, so that how far the drone flew on is no error of it.
	narrow := wide
	narrow.radiusM = claimed.RadiusM + insideSigmas*math.Min(accuracyM, assumedAccuracyM)/sigmaOf68
	chance, anyway := narrow.seen(middle(held, yaw))
	switch {
	case chance >= looksIn:
		narrow.inView(f, numbers+fmt.Sprintf(": that line meets it with %.0f %%", 100*chance), chance, anyway)
	case !wide.from(*held.ReachM).everMet(held, north):
		wide.outOfView(f, numbers+fmt.Sprintf(": no moment of the recording shows it through the widest lens of a gimbal, %.0f deg", widestDeg))
	default:
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, numbers+": whether that is in view depends on the lens or the moment"
	}
}

// from is the disc as seen from wherever the drone may have been, when it went so far from the first place.
func (t target) from(reachM float64) target {
	t.radiusM += reachM
	return t
}

// heightOf is a height above take-off as one above the ground below.
func heightOf(m float64) camera.Measure {
	return camera.Measure{Value: math.Max(eyeHeightM, m), Sigma: math.Hypot(heightSigmaM, heightShare*m)}
}

// square is a frame as wide as high.
func square(fovDeg float64) camera.Lens {
	const sidePx = 1000
	focal := sidePx / 2 / math.Tan(fovDeg*math.Pi/360)
	return camera.Lens{WidthPx: sidePx, HeightPx: sidePx, FocalPx: camera.Range{Lo: focal, Nominal: focal, Hi: focal}}
}

// middle is the line of sight at the first reading.
func middle(held pipeline.Attitude, yaw camera.Measure) camera.Flight {
	pitch := camera.Measure{Value: *held.PitchDeg, Sigma: gimbalSigma}
	return camera.Flight{Pose: camera.Pose{Lens: square(middleDeg), Attitude: camera.Attitude{Yaw: yaw, Pitch: pitch}}, HeightM: heightOf(*held.HeightM), RangeM: ViewRangeM}
}

// everMet reports whether any pose of the recording, with its errors, shows the disc through the widest lens. Its frame
// holds the nadir or the horizon, so that heights and pitches between those asked leave no gap.
func (t target) everMet(held pipeline.Attitude, north camera.Measure) bool {
	const stepDeg, pitches, heights = 4.0, 5, 3
	errorDeg := surelySigmas * math.Hypot(droneSigmaDeg, north.Sigma)
	from := held.YawSweepDeg.Lo + north.Value - errorDeg
	span := math.Min(360, held.YawSweepDeg.Hi-held.YawSweepDeg.Lo+2*errorDeg)
	yaws := int(math.Ceil(span/stepDeg)) + 1
	low, high := heightOf(held.HeightSweepM.Lo), heightOf(held.HeightSweepM.Hi)
	f := camera.Flight{Pose: camera.Pose{Lens: square(widestDeg)}, RangeM: ViewRangeM}
	for i := range yaws {
		for j := range pitches {
			for k := range heights {
				f.Pose.Attitude = camera.Attitude{
					Yaw: camera.Measure{Value: math.Mod(between(from, from+span, i, yaws)+720, 360)},
					Pitch: camera.Measure{Value: math.Max(-90, math.Min(90,
						between(held.PitchSweepDeg.Lo-surelySigmas*gimbalSigma, held.PitchSweepDeg.Hi+surelySigmas*gimbalSigma, j, pitches)))},
				}
				f.HeightM.Value = math.Max(1, between(low.Value-surelySigmas*low.Sigma, high.Value+surelySigmas*high.Sigma, k, heights))
				if t.met(f) {
					return true
				}
			}
		}
	}
	return false
}

// between is the i-th of n values from lo to hi.
func between(lo, hi float64, i, n int) float64 { return lo + (hi-lo)*float64(i)/float64(n-1) }
