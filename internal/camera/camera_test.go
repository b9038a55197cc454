package camera_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"whenwhere/internal/camera"
	"whenwhere/internal/shareddata"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v +- %v", what, got, want, tolerance)
	}
}

func lens(t testing.TB, f35 float64, w, h int) camera.Lens {
	l, err := camera.FromF35(camera.Optics{F35Mm: f35, WidthPx: w, HeightPx: h})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func exact(v float64) camera.Measure { return camera.Measure{Value: v} }

// heightDeg is the vertical field of view by the nominal length.
func heightDeg(l camera.Lens) float64 {
	return 2 * math.Atan(l.HeightPx/2/l.FocalPx.Nominal) * 180 / math.Pi
}

func TestFieldOfView(t *testing.T) {
	t.Parallel()
	l := lens(t, 26, 4032, 3024)
	near(t, "H", l.HFOVDeg().Nominal, 67.30, 0.005)
	near(t, "V", heightDeg(l), 53.06, 0.005)
	near(t, "H by the width", l.HFOVDeg().Hi, 69.39, 0.005)
	near(t, "H low", l.HFOVDeg().Lo, 67.30, 0.005)
	upright := lens(t, 26, 3024, 4032)
	near(t, "upright V", heightDeg(upright), 67.30, 0.005)
	film := lens(t, 50, 6000, 4000) // at 3:2 both definitions agree
	near(t, "width of the interval at 3:2", film.HFOVDeg().Hi-film.HFOVDeg().Lo, 0, 1e-9)
	zoomed, err := camera.FromF35(camera.Optics{F35Mm: 57, DigitalZoom: 2, WidthPx: 3264, HeightPx: 2448})
	if err != nil {
		t.Fatal(err)
	}
	plain := lens(t, 57, 3264, 2448)
	near(t, "zoomed nominal", zoomed.FocalPx.Nominal, 2*plain.FocalPx.Nominal, 1e-6)
	near(t, "zoomed low", zoomed.FocalPx.Lo, plain.FocalPx.Lo, 1e-6)
	byFOV, err := camera.FromFOV(4000, 3000, camera.Measure{Value: 71.59, Sigma: 1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "from field of view", byFOV.HFOVDeg().Nominal, 71.59, 1e-9)
	near(t, "its sigma", byFOV.HFOVDeg().Sigma(), 1, 1e-9)
}

func TestCopyVoidsTheField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w, h, cw, ch int
		copied       bool
	}{{4032, 3024, 4032, 3024, false}, {3024, 4032, 4032, 3024, false}, {1280, 960, 4032, 3024, true}, {4032, 3000, 4032, 3024, true}, {4032, 3024, 0, 0, false}, {4032, 3024, 4032, 0, true}} {
		_, err := camera.FromF35(camera.Optics{F35Mm: 26, WidthPx: c.w, HeightPx: c.h, CameraWPx: c.cw, CameraHPx: c.ch})
		if errors.Is(err, camera.ErrCopy) != c.copied {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

type vectors struct {
	Footprint []struct {
		H, Yaw, Pitch float64
		Centre        *[2]float64
		CornersEN     []*[2]float64 `json:"corners_en"`
	}
	SunInFrame struct {
		Sun      [2]float64
		CamYaw   float64 `json:"cam_yaw"`
		CamPitch float64 `json:"cam_pitch"`
		F35      float64
		W, H     int
		Px       [2]float64
	} `json:"sun_in_frame"`
}

func readVectors(t *testing.T) vectors {
	data, err := os.ReadFile(shareddata.Path(t, "solar/chrono_vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFootprintVectors(t *testing.T) {
	t.Parallel()
	cases := readVectors(t).Footprint
	if len(cases) != 3 {
		t.Fatalf("%d vectors", len(cases))
	}
	for _, c := range cases {
		got, err := camera.GroundOf(camera.Flight{
			Pose:    camera.Pose{Lens: lens(t, 24, 4000, 3000), Attitude: camera.Attitude{Yaw: exact(c.Yaw), Pitch: exact(c.Pitch)}},
			HeightM: exact(c.H), RangeM: 5000,
		})
		if err != nil {
			t.Fatal(err)
		}
		if c.Centre != nil {
			near(t, "centre east", got.Centre.EastM, c.Centre[0], 0.05)
			near(t, "centre north", got.Centre.NorthM, c.Centre[1], 0.05)
		}
		for i, want := range c.CornersEN {
			g := got.Corners[i]
			if g.Capped != (want == nil) {
				t.Errorf("pitch %v corner %d: capped %v", c.Pitch, i, g.Capped)
			} else if want == nil {
				near(t, "capped range", math.Hypot(g.EastM, g.NorthM), 5000, 1e-6)
			} else {
				near(t, "east", g.EastM, want[0], 0.05)
				near(t, "north", g.NorthM, want[1], 0.05)
			}
		}
	}
}

// The vector is of a sun projected into a frame; its pixel read back is that sun.
func TestSunFromMarkVector(t *testing.T) {
	t.Parallel()
	v := readVectors(t).SunInFrame
	l := lens(t, v.F35, v.W, v.H)
	got := look(t, camera.Pose{Lens: l, Attitude: camera.Attitude{Yaw: exact(v.CamYaw), Pitch: exact(v.CamPitch)}}, camera.Pixel{X: v.Px[0], Y: v.Px[1]})
	tolerance := 0.05 / l.FocalPx.Nominal * 180 / math.Pi // a twentieth of a pixel
	near(t, "azimuth", got.Azimuth.Value, v.Sun[0], tolerance/math.Cos(v.Sun[1]*math.Pi/180))
	near(t, "elevation", got.Elevation.Value, v.Sun[1], tolerance)
}

// look reads the sun off a pixel.
func look(t testing.TB, p camera.Pose, at camera.Pixel) camera.Sun {
	t.Helper()
	s, err := camera.SunFromMark(p, camera.Mark{At: at, SigmaPx: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Roll clockwise by 90 degrees: what was up is at the left, what was at the right is up.
func TestRollTurnsClockwise(t *testing.T) {
	t.Parallel()
	l := lens(t, 26, 4000, 3000)
	p := camera.Pose{Lens: l, Attitude: camera.Attitude{Roll: exact(90)}}
	off := l.FocalPx.Nominal * math.Tan(10*math.Pi/180) // pixels from the middle to 10 degrees beside it
	left := look(t, p, camera.Pixel{X: 2000 - off, Y: 1500})
	near(t, "elevation left of the middle", left.Elevation.Value, 10, 1e-9)
	near(t, "azimuth left of the middle", math.Remainder(left.Azimuth.Value, 360), 0, 1e-9)
	above := look(t, p, camera.Pixel{X: 2000, Y: 1500 - off})
	near(t, "elevation above the middle", above.Elevation.Value, 0, 1e-9)
	near(t, "azimuth above the middle", above.Azimuth.Value, 10, 1e-9)
}

func draw(t *rapid.T, name string, lo, hi float64) float64 {
	return rapid.Float64Range(lo, hi).Draw(t, name)
}

// pixelOf projects a direction into the frame of a pose, false behind the lens: the other way than the package goes, by
// turning the direction into the camera's axes (yaw, then pitch, then roll) one plane at a time.
func pixelOf(p camera.Pose, azimuthDeg, elevationDeg float64) (camera.Pixel, bool) {
	turn := func(x, y, byDeg float64) (float64, float64) {
		sin, cos := math.Sincos(byDeg * math.Pi / 180)
		return x*cos - y*sin, x*sin + y*cos
	}
	a := p.Attitude
	level, up := turn(1, 0, elevationDeg)
	ahead, right := turn(level, 0, azimuthDeg-a.Yaw.Value)
	ahead, up = turn(ahead, up, -a.Pitch.Value)
	right, up = turn(right, up, a.Roll.Value)
	if ahead <= 1e-9 {
		return camera.Pixel{}, false
	}
	l := p.Lens
	return camera.Pixel{X: l.WidthPx/2 + l.FocalPx.Nominal*right/ahead, Y: l.HeightPx/2 - l.FocalPx.Nominal*up/ahead}, true
}

func TestSunFromMarkInvertsProjection(t *testing.T) {
	t.Parallel()
	l := lens(t, 26, 4032, 3024)
	rapid.Check(t, func(t *rapid.T) {
		p := camera.Pose{Lens: l, Attitude: camera.Attitude{
			Yaw: exact(draw(t, "yaw", 0, 360)), Pitch: exact(draw(t, "pitch", -90, 90)), Roll: exact(draw(t, "roll", -180, 180))}}
		at := camera.Pixel{X: draw(t, "x", 0, 4032), Y: draw(t, "y", 0, 3024)}
		sun, err := camera.SunFromMark(p, camera.Mark{At: at, SigmaPx: 0.01})
		if err != nil {
			t.Fatal(err)
		}
		back, ahead := pixelOf(p, sun.Azimuth.Value, sun.Elevation.Value)
		if !ahead || math.Hypot(back.X-at.X, back.Y-at.Y) > 1e-5 {
			t.Fatalf("%+v -> %+v -> %+v %v", at, sun, back, ahead)
		}
	})
}

// handHeld is a camera that a person held, and how well they know how.
func handHeld(t *testing.T) (camera.Lens, camera.Attitude) {
	t.Helper()
	l, err := camera.FromFOV(4032, 3024, exact(67.3))
	if err != nil {
		t.Fatal(err)
	}
	return l, camera.Attitude{Yaw: camera.Measure{Value: 240, Sigma: 2}, Pitch: camera.Measure{Value: 5, Sigma: 0.8}, Roll: camera.Measure{Value: 3, Sigma: 1}}
}

// The sigmas against what noisy inputs do.
func TestSigmasAgreeWithNoise(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(4, 4))
	l, att := handHeld(t)
	mark := camera.Mark{At: camera.Pixel{X: 2900, Y: 700}, SigmaPx: 25}
	sun, err := camera.SunFromMark(camera.Pose{Lens: l, Attitude: att}, mark)
	if err != nil {
		t.Fatal(err)
	}
	noisy := func(m camera.Measure) camera.Measure { return exact(m.Value + m.Sigma*rng.NormFloat64()) }
	var az, el []float64
	for range 4000 {
		m := mark
		m.At.X += m.SigmaPx * rng.NormFloat64()
		m.At.Y += m.SigmaPx * rng.NormFloat64()
		d := look(t, camera.Pose{Lens: l, Attitude: camera.Attitude{Yaw: noisy(att.Yaw), Pitch: noisy(att.Pitch), Roll: noisy(att.Roll)}}, m.At)
		az, el = append(az, d.Azimuth.Value-sun.Azimuth.Value), append(el, d.Elevation.Value-sun.Elevation.Value)
	}
	checkSpread(t, "azimuth", sun.Azimuth.Sigma, az)
	checkSpread(t, "elevation", sun.Elevation.Sigma, el)
}

// checkSpread compares a sigma with the errors that noise made.
func checkSpread(t *testing.T, what string, sigma float64, errors []float64) {
	t.Helper()
	sum := 0.0
	for _, e := range errors {
		sum += e * e
	}
	near(t, "spread of the "+what, math.Sqrt(sum/float64(len(errors)))/sigma, 1, 0.05)
}

// Every outline point looks back into the frame, and the frame's ground pixels lie within the outline.
func TestOutlineIsTheFrame(t *testing.T) {
	t.Parallel()
	l := lens(t, 24, 4000, 3000)
	rapid.Check(t, func(t *rapid.T) {
		h, reach := draw(t, "h", 5, 500), draw(t, "range", 1000, 5000)
		p := camera.Pose{Lens: l, Attitude: camera.Attitude{
			Yaw: exact(draw(t, "yaw", 0, 360)), Pitch: exact(draw(t, "pitch", -90, 30)), Roll: exact(draw(t, "roll", -45, 45))}}
		got, err := camera.GroundOf(camera.Flight{Pose: p, HeightM: exact(h), RangeM: reach})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range got.Outline {
			at, ahead := pixelOf(p, math.Atan2(o.EastM, o.NorthM)*180/math.Pi, -math.Atan2(h, math.Hypot(o.EastM, o.NorthM))*180/math.Pi)
			if !ahead || at.X < -1 || at.X > 4001 || at.Y < -1 || at.Y > 3001 {
				t.Fatalf("%+v looks at pixel %+v ahead %v", o, at, ahead)
			}
		}
		for i, g := range append(got.Corners[:], got.Centre) {
			if !g.Capped && !inside(got.Outline, g.Offset, reach*1e-3) {
				t.Fatalf("point %d %+v is outside %d points", i, g, len(got.Outline))
			}
		}
	})
}

func inside(ring []camera.Offset, p camera.Offset, slackM float64) bool {
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		cross := (b.EastM-a.EastM)*(p.NorthM-a.NorthM) - (b.NorthM-a.NorthM)*(p.EastM-a.EastM)
		if cross < -slackM*(1e-9+math.Hypot(b.EastM-a.EastM, b.NorthM-a.NorthM)) {
			return false
		}
	}
	return len(ring) > 2
}

func TestSkyHasNoGround(t *testing.T) {
	t.Parallel()
	got, err := camera.GroundOf(camera.Flight{Pose: camera.Pose{Lens: lens(t, 24, 4000, 3000), Attitude: camera.Attitude{Pitch: exact(60)}}, HeightM: exact(50), RangeM: 1000})
	if err != nil || len(got.Outline) != 0 || !got.Centre.Capped {
		t.Errorf("%+v %v", got, err)
	}
}

func TestGroundSigma(t *testing.T) {
	t.Parallel()
	got, err := camera.GroundOf(camera.Flight{
		Pose:    camera.Pose{Lens: lens(t, 24, 4000, 3000), Attitude: camera.Attitude{Yaw: camera.Measure{Sigma: 1}, Pitch: camera.Measure{Value: -45, Sigma: 0.5}}},
		HeightM: camera.Measure{Value: 100, Sigma: 5}, RangeM: 5000})
	if err != nil {
		t.Fatal(err)
	}
	radian := math.Pi / 180
	near(t, "across: distance x yaw", got.Centre.SigmaEastM, 100*radian, 0.01)
	near(t, "along: h / sin^2 x pitch, height", got.Centre.SigmaNorthM, math.Hypot(200*0.5*radian, 5), 0.01)
}

// Whatever the numbers, an answer is finite or an error.
func FuzzCamera(f *testing.F) {
	f.Add(26.0, 1.0, 4032, 3024, 240.0, 5.0, 0.0, 2542.1, 1130.5, 12.0, 3.0)
	f.Add(math.NaN(), 0.0, 0, -1, math.Inf(1), -90.0, 400.0, math.Inf(-1), 0.0, 90.0, -1.0)
	f.Add(5.0, 200.0, 1, 1<<20, 359.99, 90.0, 180.0, 0.5, 0.5, -90.0, 1e-300)
	f.Add(24.0, 0.0, 4000, 3000, 0.0, -90.0, 0.0, 2000.0, 1500.0, 90.0, 20.0)
	f.Fuzz(func(t *testing.T, f35, zoom float64, w, h int, yaw, pitch, roll, x, y, el, sigma float64) {
		l, err := camera.FromF35(camera.Optics{F35Mm: f35, DigitalZoom: zoom, WidthPx: w, HeightPx: h})
		if err != nil {
			return
		}
		m := func(v float64) camera.Measure { return camera.Measure{Value: v, Sigma: sigma} }
		p := camera.Pose{Lens: l, Attitude: camera.Attitude{Yaw: m(yaw), Pitch: m(pitch), Roll: m(roll)}}
		mark := camera.Mark{At: camera.Pixel{X: x, Y: y}, SigmaPx: sigma}
		var out []float64
		if s, err := camera.SunFromMark(p, mark); err == nil {
			out = append(out, s.Azimuth.Value, s.Azimuth.Sigma, s.Elevation.Value, s.Elevation.Sigma)
		}
		if g, err := camera.GroundOf(camera.Flight{Pose: p, HeightM: m(el), RangeM: 3000}); err == nil {
			for _, o := range append(g.Corners[:], g.Centre) {
				out = append(out, o.EastM, o.NorthM, o.SigmaEastM, o.SigmaNorthM)
			}
		}
		for i, v := range out {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("result %d is %v of %v", i, v, out)
			}
		}
	})
}

// The error of a focal length is that of its nominal value, wherever in its interval that lies.
func TestNominalLengthAtAnEnd(t *testing.T) {
	t.Parallel()
	sigma := func(focal camera.Range) float64 {
		lens := camera.Lens{WidthPx: 4000, HeightPx: 3000, FocalPx: focal}
		sun, err := camera.SunFromMark(camera.Pose{Lens: lens}, camera.Mark{At: camera.Pixel{X: 3900, Y: 1500}, SigmaPx: 0.01})
		if err != nil {
			t.Fatal(err)
		}
		return sun.Azimuth.Sigma
	}
	middle := sigma(camera.Range{Lo: 2900, Nominal: 3000, Hi: 3100})
	end := sigma(camera.Range{Lo: 2900, Nominal: 2900, Hi: 3100})
	if r := end / middle; r < 1.9 || r > 2.2 { // off by 100 px in the mean and 58 about it: sqrt(4) times
		t.Errorf("sigma %.4f in the middle, %.4f at the end: %.2f times", middle, end, r)
	}
}
