package pipeline_test

import (
	"math"
	"strings"
	"testing"

	"whenwhere/pipeline"
)

func TestLandmarksCheck(t *testing.T) {
	t.Parallel()
	sound := func() pipeline.Landmarks {
		l := pipeline.Landmarks{Media: "media/a.jpg", WidthPx: 4000, HeightPx: 3000, By: "analyst-1",
			Visible: []pipeline.Watched{{Lat: 48.1, Lon: 37.1, SigmaM: 5}}}
		for i := range 3 {
			l.Points = append(l.Points, pipeline.Landmark{Lat: 48 + float64(i)/100, Lon: 37, SigmaM: 5, XPx: 1000 * float64(i), YPx: 1500, SigmaPx: 3})
		}
		return l
	}
	type is = *pipeline.Landmarks
	for _, c := range []struct {
		name string
		edit func(is)
		want []string
	}{
		{"sound", func(is) {}, nil},
		{"with all angles", func(l is) {
			l.HFOVDeg, l.SigmaHFOVDeg, l.PitchDeg, l.SigmaPitchDeg, l.RollDeg, l.SigmaRollDeg = ptr(66.0), ptr(1.0), ptr(-3.0), ptr(2.0), ptr(0.0), ptr(1.0)
		}, nil},
		{"of another file", func(l is) { l.Media = "b.jpg" }, []string{`landmarks[0].media: "b.jpg" is not among`}},
		{"of nobody", func(l is) { l.By = "" }, []string{"landmarks[0].by: missing"}},
		{"no frame", func(l is) { l.WidthPx = 0 }, []string{"landmarks[0].width_px: a frame of 0 x 3000", "landmarks[0].points[1].x_px: 1000 is not within 0 to 0", "landmarks[0].points[2].x_px"}},
		{"two points", func(l is) { l.Points = l.Points[:2] }, []string{"landmarks[0].points: 2 points: want 3 to 50"}},
		{"many points", func(l is) { l.Points = make([]pipeline.Landmark, 51) }, []string{"landmarks[0].points: 51 points"}},
		{"outside the frame", func(l is) { l.Points[0].XPx, l.Points[1].YPx = -1, 3001 }, []string{"landmarks[0].points[0].x_px: -1", "landmarks[0].points[1].y_px: 3001"}},
		{"exact", func(l is) { l.Points[0].SigmaPx, l.Points[1].SigmaM = 0, 1e-9 }, []string{"landmarks[0].points[0].sigma_px: 0 is not above 0", "landmarks[0].points[1].sigma_m: 0 is not above 0"}},
		{"nowhere", func(l is) { l.Points[0].Lat, l.Points[0].Lon, l.Points[2].Lon = 0, 0, math.NaN() }, []string{"landmarks[0].points[0].lat: 0,0", "landmarks[0].points[2].lon: NaN"}},
		{"a view without its error", func(l is) { l.HFOVDeg = ptr(66.0) }, []string{"landmarks[0].sigma_hfov_deg: missing"}},
		{"looked for in vain", func(l is) { l.Visible[0].SigmaM = -1 }, []string{"landmarks[0].visible[0].sigma_m: 0 is not above 0"}},
	} {
		in := example(t)
		l := sound()
		c.edit(&l)
		in.Landmarks = []pipeline.Landmarks{l}
		faults := in.Check()
		for i, want := range c.want {
			if i >= len(faults) || !strings.HasPrefix(faults[i].Error(), want) {
				t.Errorf("%s: fault %d of %v, want %s", c.name, i, faults, want)
			}
		}
		if c.want == nil && len(faults) > 0 {
			t.Errorf("%s: %v", c.name, faults)
		}
	}
}

func TestLandmarkFramesAreBounded(t *testing.T) {
	t.Parallel()
	in := example(t)
	in.Landmarks = make([]pipeline.Landmarks, pipeline.MaxLandmarkFrames+1)
	if faults := in.Check(); len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), "landmarks: 101 entries") {
		t.Error(faults)
	}
}
