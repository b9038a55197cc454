package where_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/where"
)

func ptr[T any](v T) *T { return &v }

// with adds an observation.
func with[T any](t *testing.T, o pipeline.Observations, key pipeline.Key[T], v T) pipeline.Observations {
	t.Helper()
	one, err := key.Observe(v)
	if err != nil {
		t.Fatal(err)
	}
	return append(o, one)
}

// photo stands some metres from the claimed centre, in the direction towards, and looks to the azimuth: 26 mm on 4:3,
// 67 degrees wide, accuracy 5 m.
func photo(t *testing.T, towards, metres, azimuth float64, reference string) pipeline.Observations {
	t.Helper()
	p := geo.Destination(centre, towards, metres)
	o := observed(t, []pipeline.StatedPlace{{Field: "EXIF:GPS", Lat: p.Lat, Lon: p.Lon, AccuracyM: ptr(5.0)}}, nil)
	o = with(t, o, pipeline.FileKey, pipeline.File{Type: "image/jpeg", WidthPx: 4000, HeightPx: 3000})
	o = with(t, o, pipeline.CameraKey, pipeline.Camera{FocalLength35mmMM: ptr(26.0), FrameWidthPx: 4000, FrameHeightPx: 3000})
	if reference != "" {
		o = with(t, o, pipeline.DirectionKey, pipeline.Direction{AzimuthDeg: azimuth, Reference: reference})
	}
	return o
}

func disc(radiusM float64) pipeline.Claim {
	return pipeline.Claim{Where: &pipeline.Place{Lon: centre.Lon, Lat: centre.Lat, RadiusM: radiusM}}
}

func TestViews(t *testing.T) {
	t.Parallel()
	exhibit := func(o pipeline.Observations) pipeline.Exhibit {
		return pipeline.Exhibit{Media: &pipeline.Media{}, Observed: o}
	}
	drone := func(metres, yaw, pitch, height float64) pipeline.Exhibit {
		o := photo(t, 180, metres, 0, "")
		return exhibit(with(t, o, pipeline.AttitudeKey, pipeline.Attitude{YawDeg: &yaw, PitchDeg: &pitch, HeightM: &height}))
	}
	for _, c := range []struct {
		name           string
		exhibit        pipeline.Exhibit
		view, position pipeline.Outcome
		reason         string
	}{
		// The camera stands 2 km south of a disc of 300 m.
		{"looks into it", exhibit(photo(t, 180, 2000, 0, "true")), pipeline.Supports, pipeline.Inconclusive, "in view with 100 %"},
		{"looks away", exhibit(photo(t, 180, 2000, 180, "true")), pipeline.Contradicts, pipeline.Contradicts, "in view with 0 %"},
		{"looks past it, at the edge of the compass", exhibit(photo(t, 180, 2000, 62, "true")), pipeline.Inconclusive, pipeline.Contradicts, "at the edge"},
		{"a magnetic bearing, 7.5 degrees less", exhibit(photo(t, 180, 2000, 352.5, "magnetic")), pipeline.Supports, pipeline.Inconclusive, "looks to 0 ± 10 deg (352.5 from magnetic north)"},
		{"a bearing of unstated north", exhibit(photo(t, 180, 2000, 0, "unstated")), pipeline.Supports, pipeline.Inconclusive, "looks to 4 ± 11 deg"},
		{"too far to follow", exhibit(photo(t, 180, 9000, 0, "true")), pipeline.Inconclusive, pipeline.Contradicts, "followed for 5000 m"},
		{"stands in it", exhibit(photo(t, 180, 100, 180, "true")), pipeline.Supports, pipeline.Supports, "it stands in it"},
		{"no direction", exhibit(photo(t, 180, 2000, 0, "")), pipeline.Unavailable, pipeline.Contradicts, "no direction of view"},
		// A drone at 100 m sees 40 degrees down no farther than 100/tan(40-26) = 400 m.
		{"a drone that looks down too steeply", drone(2000, 0, -40, 100), pipeline.Contradicts, pipeline.Contradicts, "-40 deg up from 100 m above take-off"},
		{"a drone that looks over there", drone(2000, 0, -10, 100), pipeline.Supports, pipeline.Inconclusive, "in view"},
		{"a drone that looks straight down", drone(900, 0, -90, 300), pipeline.Contradicts, pipeline.Contradicts, "in view with 0 %"},
		{"a drone that looks straight down from high", drone(500, 0, -90, 400), pipeline.Supports, pipeline.Inconclusive, "in view"},
	} {
		got := ask(t, disc(300), c.exhibit)
		view, position := got["where.view"], got["where.position"]
		if view.Outcome != c.view || position.Outcome != c.position || !strings.Contains(view.Reason, c.reason) {
			t.Errorf("%s: view %s, position %s, want %s, %s\n%s\n%s", c.name, view.Outcome, position.Outcome, c.view, c.position, view.Reason, position.Reason)
		}
		if decided(view) != (view.Likelihood != nil) {
			t.Errorf("%s: %s with likelihood %v", c.name, view.Outcome, view.Likelihood)
		}
		if view.Outcome != pipeline.Unavailable && view.Basis != position.Basis {
			t.Errorf("%s: two witnesses, %v and %v", c.name, view.Basis, position.Basis)
		}
	}
}

// A drone's recording states no lens: the line of sight of the middle decides for a place, the widest lens over the whole
// recording against it. The drone stands south of a disc of 300 m, at 86 m and 24 degrees down as a Phantom 4 RTK writes it.
func TestViewsOfDroneRecordings(t *testing.T) {
	t.Parallel()
	flown := func(metres, yaw, arc, pitch, later, height, reach float64) pipeline.Exhibit {
		p := geo.Destination(centre, 180, metres)
		place := pipeline.StatedPlace{Field: "SRT:GPS", Lat: p.Lat, Lon: p.Lon, AccuracyM: ptr(5.0)}
		o := observed(t, []pipeline.StatedPlace{place}, nil)
		return pipeline.Exhibit{Media: &pipeline.Media{}, Observed: with(t, o, pipeline.AttitudeKey, pipeline.Attitude{
			YawDeg: &yaw, PitchDeg: &pitch, RollDeg: ptr(0.0), HeightM: &height, YawSweepDeg: &pipeline.Sweep{Lo: yaw, Hi: yaw + arc},
			PitchSweepDeg: &pipeline.Sweep{Lo: min(pitch, later), Hi: max(pitch, later)}, HeightSweepM: &pipeline.Sweep{Lo: height, Hi: height}, ReachM: &reach,
		})}
	}
	for _, c := range []struct {
		name    string
		exhibit pipeline.Exhibit
		outcome pipeline.Outcome
		reason  string
	}{
		// The middle meets the ground 86/tan 24 = 193 m ahead.
		{"the middle lies in it", flown(450, 0, 0, -24, -24, 86, 0), pipeline.Supports, "that line meets it with 100 %"},
		{"the middle falls short", flown(900, 0, 0, -24, -24, 86, 0), pipeline.Inconclusive, "depends on the lens or the moment"},
		// 4 degrees of declination and 21 of errors, and half of 94: beyond 68 degrees on either side nothing is in view.
		{"looks aside, within the widest lens", flown(900, 60, 0, -24, -24, 86, 0), pipeline.Inconclusive, "depends on the lens"},
		{"looks away", flown(900, 180, 0, -24, -24, 86, 0), pipeline.Contradicts, "through the widest lens of a gimbal, 94 deg"},
		{"looks away at first and turns", flown(900, 180, 150, -24, -24, 86, 0), pipeline.Inconclusive, "the moment"},
		{"turns and never gets there", flown(900, 150, 60, -24, -24, 86, 0), pipeline.Contradicts, "150 to 210 deg by the compass"},
		// Straight down the widest lens reaches 86 tan 47 = 92 m, 130 into the corners; tilted by errors some 20 more.
		{"looks down before it", flown(500, 0, 0, -90, -90, 86, 0), pipeline.Contradicts, "no moment"},
		{"looks down at the edge", flown(390, 0, 0, -90, -90, 86, 0), pipeline.Inconclusive, "lens"},
		{"tilts to the horizon later", flown(900, 0, 0, -90, -5, 86, 0), pipeline.Inconclusive, "depends"},
		{"flies there and comes back", flown(1500, 180, 0, -24, -24, 86, 1300), pipeline.Inconclusive, "depends"},
		{"stands in it", flown(100, 180, 0, -24, -24, 86, 0), pipeline.Supports, "it stands in it"},
		{"too far", flown(9000, 0, 0, -24, -24, 86, 0), pipeline.Inconclusive, "followed for 5000 m"},
	} {
		f := ask(t, disc(300), c.exhibit)["where.view"]
		if f.Outcome != c.outcome || !strings.Contains(f.Reason, c.reason) || decided(f) != (f.Likelihood != nil) {
			t.Errorf("%s: %s, %v: %s", c.name, f.Outcome, f.Likelihood, f.Reason)
		}
	}
	// A gimbal without its course through the recording is no recording: it wants a lens.
	p := geo.Destination(centre, 180, 450)
	o := with(t, observed(t, []pipeline.StatedPlace{{Field: "SRT:GPS", Lat: p.Lat, Lon: p.Lon}}, nil), pipeline.AttitudeKey, pipeline.Attitude{YawDeg: ptr(0.0), PitchDeg: ptr(-24.0), HeightM: ptr(86.0)})
	if f := ask(t, disc(300), pipeline.Exhibit{Media: &pipeline.Media{}, Observed: o})["where.view"]; f.Outcome != pipeline.Unavailable {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

func TestViewLacksALens(t *testing.T) {
	t.Parallel()
	p := geo.Destination(centre, 180, 2000)
	o := observed(t, []pipeline.StatedPlace{{Field: "EXIF:GPS", Lat: p.Lat, Lon: p.Lon}}, nil)
	o = with(t, o, pipeline.DirectionKey, pipeline.Direction{AzimuthDeg: 1, Reference: "true"})
	for want, more := range map[string]func(pipeline.Observations) pipeline.Observations{
		"no size of its frame": func(o pipeline.Observations) pipeline.Observations { return o },
		"no field of view": func(o pipeline.Observations) pipeline.Observations {
			return with(t, o, pipeline.FileKey, pipeline.File{WidthPx: 4000, HeightPx: 3000})
		},
		"no field of view of this frame": func(o pipeline.Observations) pipeline.Observations { // a copy of another size
			o = with(t, o, pipeline.FileKey, pipeline.File{WidthPx: 1280, HeightPx: 960})
			return with(t, o, pipeline.CameraKey, pipeline.Camera{FocalLength35mmMM: ptr(26.0), FrameWidthPx: 4000, FrameHeightPx: 3000})
		},
	} {
		f := ask(t, disc(300), pipeline.Exhibit{Media: &pipeline.Media{}, Observed: more(append(pipeline.Observations{}, o...))})["where.view"]
		if f.Outcome != pipeline.Unavailable || !strings.Contains(f.Reason, want) {
			t.Errorf("%s: %s: %s", want, f.Outcome, f.Reason)
		}
	}
}

// The likelihoods by hand: chance is the share of a theatre of 300 km from which the place can be seen; a camera beside the
// place films it 3 times of 10, and its compass is right 8 times of 10.
func TestViewLikelihoods(t *testing.T) {
	t.Parallel()
	look := func(azimuth float64) pipeline.Likelihood {
		e := pipeline.Exhibit{Media: &pipeline.Media{}, Observed: photo(t, 180, 2000, azimuth, "true")}
		return *ask(t, disc(300), e)["where.view"].Likelihood
	}
	chance := math.Pow((300+2*5/1.51+5000)/300_000, 2)
	near := func(got, want float64) bool { return math.Abs(got/want-1) < 1e-9 }
	if l := look(0); !near(l.H0, chance*2) || l.H1 < 0.3*0.8*2 || l.H1 > 0.3*2 {
		t.Errorf("%+v", l)
	}
	if l := look(180); !near(l.H0, (1-chance)*2) || !near(l.H1, 0.3*0.2*2) {
		t.Errorf("%+v", l)
	}
}

// marked is a frame of a camera that stands some metres north of the claimed centre and looks to 130 degrees.
func marked(metres float64, points int) pipeline.Landmarks {
	at := geo.Destination(centre, 0, metres)
	l := pipeline.Landmarks{Media: "media/a.jpg", WidthPx: 4000, HeightPx: 3000, HFOVDeg: ptr(66.0), SigmaHFOVDeg: ptr(1.0), By: "analyst-1"}
	focal := 2000 / math.Tan(33*math.Pi/180)
	for i := range points {
		x := (float64(i) + 0.5) * 4000 / float64(points)
		p := geo.Destination(at, 130+math.Atan((x-2000)/focal)*180/math.Pi, []float64{300, 900, 450, 1400, 700, 350}[i%6])
		l.Points = append(l.Points, pipeline.Landmark{Name: fmt.Sprint("mark ", i), Lat: p.Lat, Lon: p.Lon, SigmaM: 3, XPx: x, YPx: 1500, SigmaPx: 4})
	}
	return l
}

func askLandmarks(t *testing.T, claim pipeline.Claim, l pipeline.Landmarks, e pipeline.Exhibit) pipeline.Finding {
	t.Helper()
	e.Ref = pipeline.MediaRef{File: "media/a.jpg", Role: e.Ref.Role}
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: claim, Media: []pipeline.MediaRef{e.Ref}, Landmarks: []pipeline.Landmarks{l}}, Media: []pipeline.Exhibit{e}}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{where.Assessor()}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	for _, f := range findings {
		if f.Question == "where.landmarks" {
			return f
		}
	}
	t.Fatal("no finding")
	return pipeline.Finding{}
}

func TestLandmarks(t *testing.T) {
	t.Parallel()
	there := pipeline.Exhibit{Media: &pipeline.Media{}}
	mirrored := marked(100, 6)
	for i := range mirrored.Points {
		mirrored.Points[i].XPx = 4000 - mirrored.Points[i].XPx
	}
	behind := marked(100, 6)
	back := geo.Destination(centre, 310, 1500)
	behind.Visible = []pipeline.Watched{{Lat: back.Lat, Lon: back.Lon, SigmaM: 10, Visible: true}}
	hidden := marked(100, 6)
	ahead := geo.Destination(centre, 130, 1500)
	hidden.Visible = []pipeline.Watched{{Lat: ahead.Lat, Lon: ahead.Lon, SigmaM: 10, Visible: false}}
	far := marked(100, 6)
	far.Points[0].Lat += 2
	for _, c := range []struct {
		name    string
		claim   pipeline.Claim
		marks   pipeline.Landmarks
		exhibit pipeline.Exhibit
		outcome pipeline.Outcome
		reason  string
	}{
		{"in the claimed place", disc(500), marked(100, 6), there, pipeline.Supports, "6 landmarks put the camera at 48.05"},
		{"far outside", disc(500), marked(2500, 6), there, pipeline.Contradicts, "standard errors from the claimed place of radius 500 m"},
		{"at the edge", disc(500), marked(515, 6), there, pipeline.Inconclusive, "at the edge"},
		{"three, which nothing checks", disc(500), marked(100, 3), there, pipeline.Supports, "nothing checks the marks"},
		{"mirrored", disc(500), mirrored, there, pipeline.Inconclusive, "do not agree"},
		{"seen behind the camera", disc(500), behind, there, pipeline.Inconclusive, "visible[0] is marked as seen, and lies 1"},
		{"not seen, perhaps hidden", disc(500), hidden, there, pipeline.Supports, ""},
		{"a mistyped point", disc(500), far, there, pipeline.Inconclusive, "is one mistyped?"},
		{"no claimed place", pipeline.Claim{}, marked(100, 6), there, pipeline.NotApplicable, "names no place"},
		{"no file", disc(500), marked(100, 6), pipeline.Exhibit{Missing: "lost"}, pipeline.Unavailable, "not there"},
		{"context", disc(500), marked(100, 6), pipeline.Exhibit{Media: &pipeline.Media{}, Ref: pipeline.MediaRef{Role: pipeline.RoleContext}}, pipeline.Inconclusive, "context"},
	} {
		f := askLandmarks(t, c.claim, c.marks, c.exhibit)
		if f.Outcome != c.outcome || !strings.Contains(f.Reason, c.reason) {
			t.Errorf("%s: %s: %s", c.name, f.Outcome, f.Reason)
		}
		if decided(f) != (f.Likelihood != nil) || f.Basis.String() != "analyst:analyst-1" {
			t.Errorf("%s: likelihood %v, basis %s", c.name, f.Likelihood, f.Basis)
		}
	}
}

// The lens of the file serves when the record states none, and without both it is solved for.
func TestLandmarksTakeTheFilesLens(t *testing.T) {
	t.Parallel()
	l := marked(100, 3)
	l.HFOVDeg, l.SigmaHFOVDeg = nil, nil
	if f := askLandmarks(t, disc(500), l, pipeline.Exhibit{Media: &pipeline.Media{}}); f.Outcome != pipeline.Inconclusive || !strings.Contains(f.Reason, "3 of at least 4") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	e := pipeline.Exhibit{Media: &pipeline.Media{}, Observed: photo(t, 0, 100, 0, "")}
	if f := askLandmarks(t, disc(500), l, e); f.Outcome != pipeline.Supports {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

func decided(f pipeline.Finding) bool {
	return f.Outcome == pipeline.Supports || f.Outcome == pipeline.Contradicts
}

// Four marks of an unknown lens that fit from two places, some 600 m apart: a claim of one of them is not decided, a claim
// of both is.
func TestLandmarksOfTwoPlaces(t *testing.T) {
	t.Parallel()
	l := pipeline.Landmarks{Media: "media/a.jpg", WidthPx: 4000, HeightPx: 3000, By: "analyst-1", PitchDeg: ptr(2.0), SigmaPitchDeg: ptr(5.0), Points: []pipeline.Landmark{
		{Lat: 48.499061, Lon: 37.899764, SigmaM: 4, XPx: 311.2, YPx: 1201.7, SigmaPx: 5},
		{Lat: 48.498944, Lon: 37.894871, SigmaM: 4, XPx: 1559.1, YPx: 1531.3, SigmaPx: 5},
		{Lat: 48.500619, Lon: 37.890724, SigmaM: 4, XPx: 2578.8, YPx: 1713.5, SigmaPx: 5},
		{Lat: 48.503979, Lon: 37.893285, SigmaM: 4, XPx: 3840.2, YPx: 1364.2, SigmaPx: 5},
	}}
	first, second := geo.LatLon{Lat: 48.50420, Lon: 37.90372}, geo.LatLon{Lat: 48.50453, Lon: 37.89520}
	for _, c := range []struct {
		at      geo.LatLon
		radiusM float64
		outcome pipeline.Outcome
		reason  string
	}{
		{first, 100, pipeline.Inconclusive, "another place that fits lies outside it"},
		{second, 100, pipeline.Inconclusive, "another place that fits lies outside it"},
		{first, 1000, pipeline.Supports, "the nearest of 2 places that fit"},
		{geo.Destination(first, 0, 9000), 100, pipeline.Contradicts, "the nearest of 2 places that fit"},
	} {
		claim := pipeline.Claim{Where: &pipeline.Place{Lat: c.at.Lat, Lon: c.at.Lon, RadiusM: c.radiusM}}
		f := askLandmarks(t, claim, l, pipeline.Exhibit{Media: &pipeline.Media{}})
		if f.Outcome != c.outcome || !strings.Contains(f.Reason, c.reason) {
			t.Errorf("%v within %v m: %s: %s", c.at, c.radiusM, f.Outcome, f.Reason)
		}
	}
}
