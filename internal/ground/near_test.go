package ground

import (
	"math"
	"testing"
	"time"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// Each point stands for as much of the disc: 7 of 19 within the radius that holds 7 of 19 of the area, and the
// points balance about the centre.
func TestSpreadIsEven(t *testing.T) {
	t.Parallel()
	place := pipeline.Place{Lat: 48, Lon: 37, RadiusM: 5000}
	points := spread(place)
	centre := geo.LatLon{Lat: place.Lat, Lon: place.Lon}
	inner, north, mean := 0, 0.0, 0.0
	for _, p := range points {
		d := geo.DistanceM(centre, p)
		if d > place.RadiusM {
			t.Errorf("%v lies %v m away", p, d)
		}
		if d <= place.RadiusM*math.Sqrt(7.0/19) {
			inner++
		}
		north += (p.Lat - place.Lat) / float64(len(points))
		mean += d * d / float64(len(points))
	}
	if len(points) != 19 || inner != 7 || math.Abs(north) > 1e-5 {
		t.Errorf("%d points, %d of them within, mean %v deg north", len(points), inner, north)
	}
	if want := place.RadiusM * place.RadiusM / 2; math.Abs(mean-want) > 0.05*want { // of an even disc
		t.Errorf("mean square of the distance %v, want about %v", mean, want)
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	from := time.Date(2024, 9, 1, 6, 0, 0, 0, time.UTC)
	for hours, want := range map[int]int{1: 1, 24: 1, 25: 2, 72: 3, 24 * 60: maxMoments} {
		to := from.Add(time.Duration(hours) * time.Hour)
		got := moments(pipeline.Span{From: from, To: to})
		if len(got) != want || !got[0].Equal(from) || !got[len(got)-1].Before(to) {
			t.Errorf("%d hours: %v", hours, got)
		}
	}
}
