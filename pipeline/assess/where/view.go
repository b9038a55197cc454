package where

import (
	"fmt"
	"math"

	"whenwhere/internal/camera"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// ViewRangeM is how far a view is followed. Judged: on flat ground haze, trees and pixels end most views of people and
// buildings within a few kilometres; a column of smoke is seen farther, and is then not judged.
const ViewRangeM = 5_000.0

// The error model of a direction, judged where no source is named.
const (
	droneSigmaDeg = 5.0 // a drone's compass is calibrated and flies away from steel
	gimbalSigma   = 1.0 // makers state 0.02 to 0.1 degrees against the drone's own level
	heightShare   = 0.1 // of the height: the ground below lies not where the drone took off
	heightSigmaM  = 5.0
	eyeHeightM    = 2.0
	// A camera that shows what happens in a claimed place stands in it more often than beside it.
	filmedFromBeside = 0.3
	// The chances at which the view turns.
	looksIn, looksAway = 0.2, 0.001
)

// judgeView answers whether the claimed place was in view. A position at the edge counts with two sigmas for the place, as
// in where.position.
func judgeView(f *pipeline.Finding, e pipeline.Exhibit, p pipeline.StatedPlace, claimed pipeline.Place) {
	if flown, ok := flownOf(e); ok {
		judgeFlown(f, e, flown, p, claimed)
		return
	}
	flight, heading, code, lacking := flightOf(e, p)
	if lacking != "" {
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, code, lacking
		return
	}
	f.Basis = e.Sensor("gps")
	f.Evidence = []string{e.Evidence(pipeline.PlacesKey.ID, p.Field), heading.evidence, e.Evidence(pipeline.CameraKey.ID, ""), "claim.where"}
	accuracyM, _ := accuracyOf(p)
	t := target{radiusM: claimed.RadiusM + insideSigmas*accuracyM/sigmaOf68}
	var az float64
	t.at, az, t.distanceM = offset(p, claimed)
	numbers := fmt.Sprintf("from %s, %s from the centre of the claimed place of radius %s and %.0f deg from there, the camera looks to %s, %.0f deg wide",
		p.Field, metres(t.distanceM), metres(claimed.RadiusM), az, heading.text, flight.Pose.Lens.HFOVDeg().Nominal)
	if t.distanceM <= t.radiusM {
		t.standsIn(f, numbers)
		return
	}
	if t.distanceM-t.radiusM > ViewRangeM {
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, numbers+fmt.Sprintf(": views are followed for %s", metres(ViewRangeM))
		return
	}
	chance, anyway := t.seen(flight)
	numbers += fmt.Sprintf(": that is in view with %.0f %%", 100*chance)
	switch {
	case chance >= looksIn:
		t.inView(f, numbers, chance, anyway)
	case chance <= looksAway:
		t.outOfView(f, numbers)
	default:
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, numbers+": at the edge"
	}
}

// byChance is the share of a theatre from which the place can be seen.
func (t target) byChance() float64 { return math.Min(1, math.Pow((t.radiusM+ViewRangeM)/theatreM, 2)) }

func (t target) standsIn(f *pipeline.Finding, reason string) {
	f.Outcome, f.Reason = pipeline.Supports, reason+": it stands in it"
	f.Likelihood = &pipeline.Likelihood{H1: (1 - tail(insideSigmas)) / bogusAgrees, H0: t.byChance() / bogusAgrees}
}

func (t target) inView(f *pipeline.Finding, reason string, chance, anyway float64) {
	bogus := 1 - camera.DefaultCompass.Genuine
	f.Outcome, f.Reason = pipeline.Supports, reason
	f.Likelihood = &pipeline.Likelihood{H1: filmedFromBeside * ((1-bogus)*chance + bogus*anyway) / bogusAgrees, H0: t.byChance() / bogusAgrees}
}

func (t target) outOfView(f *pipeline.Finding, reason string) {
	bogus := 1 - camera.DefaultCompass.Genuine
	f.Outcome, f.Reason = pipeline.Contradicts, reason
	f.Likelihood = &pipeline.Likelihood{H1: math.Max(tailFloor, filmedFromBeside*bogus) / (1 - bogusAgrees), H0: (1 - t.byChance()) / (1 - bogusAgrees)}
}

// offset is the claimed centre as seen from a position.
func offset(p pipeline.StatedPlace, claimed pipeline.Place) (at camera.Offset, azimuthDeg, distanceM float64) {
	from, to := geo.LatLon{Lat: p.Lat, Lon: p.Lon}, geo.LatLon{Lat: claimed.Lat, Lon: claimed.Lon}
	distanceM = geo.DistanceM(from, to)
	az, ok := geo.AzimuthDeg(from, to)
	if !ok {
		return camera.Offset{}, 0, distanceM
	}
	sin, cos := math.Sincos(az * math.Pi / 180)
	return camera.Offset{EastM: distanceM * sin, NorthM: distanceM * cos}, az, distanceM
}

// heading is where the camera looked, with where that stands and how it reads.
type heading struct {
	camera.Measure
	evidence, text string
}

// flightOf is the camera over flat ground, or why there is none.
func flightOf(e pipeline.Exhibit, p pipeline.StatedPlace) (f camera.Flight, h heading, code pipeline.Code, lacking string) {
	unstated := func(what string) (camera.Flight, heading, pipeline.Code, string) {
		code, reason := e.Absence("metadata", what)
		return camera.Flight{}, heading{}, code, reason
	}
	held, _, err := pipeline.AttitudeKey.In(e.Observed)
	if err != nil {
		return unstated("readable attitude")
	}
	h, ok := headingOf(e, p, held)
	if !ok {
		return unstated("direction of view")
	}
	file, _, err := pipeline.FileKey.In(e.Observed)
	if err != nil || file.WidthPx == 0 {
		return unstated("size of its frame")
	}
	// Which way the picture is held is not known here: the longer side is taken for the width, which sees more.
	lens, err := moment.StatedLens(max(file.WidthPx, file.HeightPx), min(file.WidthPx, file.HeightPx), e)
	if err != nil {
		return unstated("field of view of this frame")
	}
	f = camera.Flight{
		Pose:    camera.Pose{Lens: lens, Attitude: camera.Attitude{Yaw: h.Measure}},
		HeightM: camera.Measure{Value: eyeHeightM}, RangeM: ViewRangeM,
	}
	if held.PitchDeg != nil && held.HeightM != nil && *held.HeightM > eyeHeightM {
		f.Pose.Attitude.Pitch = camera.Measure{Value: *held.PitchDeg, Sigma: gimbalSigma}
		f.HeightM = camera.Measure{Value: *held.HeightM, Sigma: math.Hypot(heightSigmaM, heightShare**held.HeightM)}
		h.text += fmt.Sprintf(" and %.0f deg up from %s above take-off", *held.PitchDeg, metres(*held.HeightM))
	}
	return f, h, "", ""
}

// Seen is what a camera looked at, as the questions of this package take it, for pictures.
type Seen struct {
	Flight   camera.Flight
	OnGround bool // height and pitch are stated, so that the frame has a footprint on flat ground
	Lensless bool // a recording that states no lens: Flight is the middle of its first frame alone
}

// SeenBy is what the camera of the exhibit saw from a place that it states; ok is false when it does not say.
func SeenBy(e pipeline.Exhibit, p pipeline.StatedPlace) (s Seen, ok bool) {
	if held, flown := flownOf(e); flown {
		north := declination("unstated", p)
		yaw := camera.Measure{Value: math.Mod(*held.YawDeg+north.Value+360, 360), Sigma: math.Hypot(droneSigmaDeg, north.Sigma)}
		return Seen{Flight: middle(held, yaw), OnGround: true, Lensless: true}, true
	}
	f, _, _, lacking := flightOf(e, p)
	return Seen{Flight: f, OnGround: f.HeightM.Value > eyeHeightM}, lacking == ""
}

// headingOf takes the direction, else the yaw of a gimbal that looks down.
func headingOf(e pipeline.Exhibit, p pipeline.StatedPlace, held pipeline.Attitude) (heading, bool) {
	d, ok, err := pipeline.DirectionKey.In(e.Observed)
	key := pipeline.DirectionKey.ID
	switch {
	case err != nil:
		return heading{}, false
	case !ok && held.YawDeg == nil:
		return heading{}, false
	case !ok:
		d, key = pipeline.Direction{AzimuthDeg: *held.YawDeg, Reference: "unstated"}, pipeline.AttitudeKey.ID
	}
	sigma := camera.DefaultCompass.SigmaDeg
	if held.YawDeg != nil {
		sigma = droneSigmaDeg
	}
	north := declination(d.Reference, p)
	m := camera.Measure{Value: math.Mod(d.AzimuthDeg+north.Value+360, 360), Sigma: math.Hypot(sigma, north.Sigma)}
	return heading{m, e.Evidence(key, ""), fmt.Sprintf("%.0f ± %.0f deg (%.1f from %s north)", m.Value, m.Sigma, d.AzimuthDeg, d.Reference)}, true
}

// declination is what a reading counts from, east positive. Over Ukraine the World Magnetic Model gives 5.5 degrees in the
// far west to 9.5 in the far east in 2022 to 2026; elsewhere it is taken for unknown. An unstated north may be either.
func declination(reference string, p pipeline.StatedPlace) camera.Measure {
	if reference == "true" {
		return camera.Measure{}
	}
	magnetic := camera.Measure{Sigma: 15}
	if p.Lon >= 22 && p.Lon <= 41 && p.Lat >= 44 && p.Lat <= 53 {
		magnetic = camera.Measure{Value: 7.5, Sigma: 1.5}
	}
	if reference == "magnetic" {
		return magnetic
	}
	return camera.Measure{Value: magnetic.Value / 2, Sigma: math.Hypot(magnetic.Value/2, magnetic.Sigma)}
}

// target is the claimed disc as seen from the camera, on flat ground.
type target struct {
	at        camera.Offset
	radiusM   float64
	distanceM float64
}

// seen is the chance that the ground in the frame meets the disc: over yaws, pitches and heights that are equally likely,
// and the ends and the middle of what the lens may be; and the share of all headings that would.
func (t target) seen(f camera.Flight) (chance, anyway float64) {
	yaws, pitches := 41, 1
	if f.Pose.Attitude.Pitch.Sigma > 0 {
		pitches = 5
	}
	yaw, focal := f.Pose.Attitude.Yaw, f.Pose.Lens.FocalPx
	hits, all := 0, 0
	for i := range yaws {
		for j := range pitches {
			for _, length := range []float64{focal.Lo, focal.Nominal, focal.Hi} {
				one := f
				one.Pose.Attitude.Yaw = camera.Measure{Value: math.Mod(yaw.Value+yaw.Sigma*quantile(i, yaws)+720, 360)}
				one.Pose.Attitude.Pitch = camera.Measure{Value: math.Max(-90, math.Min(90, f.Pose.Attitude.Pitch.Value+f.Pose.Attitude.Pitch.Sigma*quantile(j, pitches)))}
				one.HeightM = camera.Measure{Value: math.Max(1, f.HeightM.Value+f.HeightM.Sigma*quantile(j, pitches))}
				one.Pose.Lens.FocalPx = camera.Range{Lo: length, Nominal: length, Hi: length}
				all++
				if t.met(one) {
					hits++
				}
			}
		}
	}
	const round = 72
	turned := 0
	for i := range round {
		one := f
		one.Pose.Attitude = camera.Attitude{Yaw: camera.Measure{Value: 360 * float64(i) / round}, Pitch: camera.Measure{Value: f.Pose.Attitude.Pitch.Value}}
		if t.met(one) {
			turned++
		}
	}
	return float64(hits) / float64(all), float64(turned) / round
}

func quantile(i, n int) float64 { return math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/float64(n)-1) }

// met reports whether the ground in the frame comes within the disc.
func (t target) met(f camera.Flight) bool {
	ground, err := camera.GroundOf(f)
	if err != nil || len(ground.Outline) == 0 {
		return false
	}
	inside := true // of a convex ring that runs counter-clockwise
	for i, a := range ground.Outline {
		b := ground.Outline[(i+1)%len(ground.Outline)]
		ex, ny := b.EastM-a.EastM, b.NorthM-a.NorthM
		px, py := t.at.EastM-a.EastM, t.at.NorthM-a.NorthM
		if ex*py-ny*px < 0 {
			inside = false
		}
		along := math.Max(0, math.Min(1, (px*ex+py*ny)/math.Max(ex*ex+ny*ny, 1e-12)))
		if math.Hypot(px-along*ex, py-along*ny) <= t.radiusM {
			return true
		}
	}
	return inside
}
