package worlds

import (
	"fmt"
	"math"
	"slices"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/geo"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// clockShows is the instant that a clock shows: the true one within its slack when it is genuine; else one of the claimed
// window with the chance fits, because it was set or edited to fit, or by accident; else any of the horizon.
func (w *world) clockShows(genuine bool, fits float64, slack time.Duration) time.Time {
	switch {
	case genuine:
		return w.at.Add(time.Duration(w.between(-1, 1) * float64(slack))).Truncate(time.Second)
	case w.edited || w.chance(fits):
		return w.within(w.window).Truncate(time.Second)
	}
	return w.anotherTime().Truncate(time.Second)
}

// offsetMin is one of the offsets that a device at the place of the camera may show at the instant, in minutes east.
func (w *world) offsetMin(at time.Time) (int, error) {
	var out []int
	for _, guess := range []int{60, 120, 180, 240} {
		ms := at.Add(time.Duration(guess) * time.Minute).UnixMilli()
		found, err := w.zones.Candidates(&clock.LatLon{Lat: w.place.Lat, Lon: w.place.Lon},
			clock.Stamp{Local: timeset.Of(timeset.Interval{Lo: ms, Hi: ms + 1000}), Zone: clock.Unknown})
		if err != nil {
			return 0, err
		}
		for _, c := range found {
			if c.OffsetMin == guess && !slices.Contains(out, guess) {
				out = append(out, guess)
			}
		}
	}
	if len(out) == 0 {
		return 0, fmt.Errorf("worlds: no offset at %.3f, %.3f", w.place.Lat, w.place.Lon)
	}
	return out[w.IntN(len(out))], nil
}

// dial is what the camera writes, with its offset or without.
func (w *world) dial(shown time.Time, offsetMin int, withOffset bool) pipeline.StatedClock {
	local := shown.Add(time.Duration(offsetMin) * time.Minute)
	s := pipeline.StatedClock{Field: "EXIF:DateTimeOriginal", Raw: local.Format("2006:01:02 15:04:05"), Clock: pipeline.ClockCamera,
		Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint}
	if withOffset {
		s.UTC = []pipeline.Span{{From: shown, To: shown.Add(time.Second)}}
		return s
	}
	s.Wall = &pipeline.WallSpan{From: local.Format(pipeline.WallLayout), To: local.Add(time.Second).Format(pipeline.WallLayout)}
	return s
}

func fix(shown time.Time) pipeline.StatedClock {
	return pipeline.StatedClock{Field: "EXIF:GPSDateTime", Raw: shown.Format(time.RFC3339), Clock: pipeline.ClockGPS, Kind: pipeline.StampCapture,
		Bound: pipeline.BoundPoint, UTC: []pipeline.Span{{From: shown, To: shown.Add(time.Second)}}}
}

// position is a fix beside the camera by a Rayleigh distance whose 68 % radius is the accuracy; a bogus one agrees with the
// claim half the time.
func (w *world) position(genuine bool) pipeline.StatedPlace {
	const accuracyM, sigmaOf68 = 100.0, 1.51
	p := geo.Destination(w.place, w.between(0, 360), accuracyM/sigmaOf68*math.Sqrt(-2*math.Log(1-w.Float64())))
	if !genuine {
		p = w.claimOr(0.5)
	}
	return pipeline.StatedPlace{Field: "EXIF:GPS", Lat: p.Lat, Lon: p.Lon}
}

// claimOr is a point of the claimed place with the chance fits, or else of the theatre beside it.
func (w *world) claimOr(fits float64) geo.LatLon {
	if w.edited || w.chance(fits) {
		return w.near(centre(w.claimed), w.claimed.RadiusM)
	}
	return w.elsewhere()
}
