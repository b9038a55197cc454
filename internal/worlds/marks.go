package worlds

import (
	"math"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/internal/solar"
	"whenwhere/pipeline"
)

// exposure is one that the sky over the camera allows as often as the model of package moment says, written anew; a bogus
// one may be any.
func (w *world) exposure(genuine bool) pipeline.Exposure {
	ev, sky := w.between(3, 15), solar.MaxEV100(w.sun(w.at).ElevationDeg)
	for genuine && !w.chance(fits(ev, sky)) {
		ev = w.between(3, 15)
	}
	f, iso := 2.0, 100.0
	s := f * f / math.Exp2(ev)
	return pipeline.Exposure{FNumber: &f, TimeS: &s, ISO: &iso}
}

func fits(ev, sky float64) float64 {
	if over := ev - max(sky+3, 9); over > 0 {
		return math.Pow(10, -0.7*over)
	}
	if ev < sky-10 {
		return 0.4
	}
	return 1
}

// shadow is marked with an error of two to eight degrees; a bogus one points anywhere.
func (w *world) shadow(genuine bool) pipeline.Mark {
	sigma := w.between(2, 8)
	azimuth := w.between(0, 360)
	if genuine {
		azimuth = math.Mod(w.sun(w.at).AzimuthDeg+180+sigma*w.NormFloat64()+720, 360)
	}
	return pipeline.Mark{Media: w.Media[0].Ref.File, Kind: pipeline.MarkShadow, AzimuthDeg: &azimuth, SigmaDeg: &sigma, By: "analyst-1"}
}

// landmarks are five points of the map in a frame of 60 degrees; wrong ones agree with the claim four times of five.
func (w *world) landmarks(genuine bool) pipeline.Landmarks {
	const width, height, hfovDeg, sigmaPx, sigmaM = 1920, 1080, 60.0, 4.0, 5.0
	from := w.place
	if !genuine {
		from = w.claimOr(0.8)
	}
	focal := width / 2 / math.Tan(hfovDeg/2*math.Pi/180)
	heading, fov, sigmaFOV := w.between(0, 360), hfovDeg, 1.0
	l := pipeline.Landmarks{Media: w.Media[0].Ref.File, WidthPx: width, HeightPx: height, HFOVDeg: &fov, SigmaHFOVDeg: &sigmaFOV, By: "analyst-2"}
	for i := range 5 {
		aside := -24 + 12*float64(i) + w.between(-4, 4)
		p := geo.Destination(from, heading+aside, w.log(150, 2000))
		seen := geo.Destination(p, w.between(0, 360), sigmaM*math.Abs(w.NormFloat64()))
		l.Points = append(l.Points, pipeline.Landmark{Lat: seen.Lat, Lon: seen.Lon, SigmaM: sigmaM, SigmaPx: sigmaPx, YPx: height / 2,
			XPx: width/2 + focal*math.Tan(aside*math.Pi/180) + sigmaPx*w.NormFloat64()})
	}
	return l
}

// bracket is two satellite images that enclose the event; a wrong one encloses the claim half the time.
func (w *world) bracket(genuine bool) pipeline.Bracket {
	at := w.at
	if !genuine {
		at = w.clockShows(false, 0.5, 0)
	}
	days := func() time.Duration { return w.length(12*time.Hour, 10*24*time.Hour) }
	return pipeline.Bracket{Media: w.Media[0].Ref.File, Before: at.Add(-days()).Truncate(time.Second), After: at.Add(days()).Truncate(time.Second), By: "analyst-3"}
}
