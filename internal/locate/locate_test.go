package locate_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/geo"
	"whenwhere/internal/locate"
)

var base = geo.LatLon{Lat: 48.5, Lon: 37.9}

// onMap puts plane coordinates, metres, on the map about the base.
func onMap(east, north float64) locate.Point {
	p := geo.Destination(base, math.Atan2(east, north)*180/math.Pi, math.Hypot(east, north))
	return locate.Point{Lat: p.Lat, Lon: p.Lon, SigmaM: 0.001}
}

func solve(t *testing.T, s locate.Scene) []locate.Solution {
	t.Helper()
	out, err := s.Solve()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func distance(s locate.Solution, p locate.Point) float64 {
	return geo.DistanceM(geo.LatLon{Lat: s.Lat, Lon: s.Lon}, geo.LatLon{Lat: p.Lat, Lon: p.Lon})
}

// Worked examples of surveying, each solved there by hand: known points, the angle at P from the first to the second and
// from the second to the third, and P.
func TestPublishedResections(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		points    [3][2]float64 // east, north
		ab, bc    float64
		want      [2]float64
		within    float64
		clockwise bool
	}{
		// R. Burtch, "Three point resection problem", Ferris State University, SURE 215: the three methods there agree.
		// The angles at P are A-B 109.5125 and B-C 115.0889 degrees.
		{"Ferris State", [3][2]float64{{1000, 5300}, {2200, 6300}, {3100, 5000}}, 109.5125, 115.0889, [2]float64{2128.3903, 5578.1443}, 0.01, true},
	} {
		var s locate.Scene
		for i, at := range []float64{0, c.ab, c.ab + c.bc} {
			s.Landmarks = append(s.Landmarks, locate.Landmark{
				Point:   onMap(c.points[i][0]-2000, c.points[i][1]-5500),
				Bearing: &locate.Measure{Value: at, Sigma: 0.001},
			})
		}
		got := solve(t, s)
		if d := distance(got[0], onMap(c.want[0]-2000, c.want[1]-5500)); len(got) != 1 || !got[0].Determined || d > c.within {
			t.Errorf("%s: %d solutions, the first %.3f m from the published one: %v", c.name, len(got), d, got[0].Doubts)
		}
	}
}

// A textbook's example by Collins' point: L from A, B, M with the angles A-L-M 145 and M-L-B 130 degrees.
func TestCollinsExample(t *testing.T) {
	t.Parallel()
	points := [][2]float64{{430.659, 143.556}, {294.678, 553.630}, {172.268, 191.406}} // A, M, B
	for _, turn := range []float64{1, -1} {
		var s locate.Scene
		for i, at := range []float64{0, -145, -145 - 130} {
			s.Landmarks = append(s.Landmarks, locate.Landmark{
				Point: onMap(points[i][0]-300, points[i][1]-300), Bearing: &locate.Measure{Value: turn * at, Sigma: 0.001}})
		}
		got := solve(t, s)
		d := distance(got[0], onMap(303.913-300, 310.678-300))
		if turn == 1 && d > 0.01 || turn == -1 && d < 10 {
			t.Errorf("turn %v: %.3f m from the published place", turn, d)
		}
	}
}

// tienstra is the barycentric formula: a, b, c are the angles at P opposite A, B, C, as seen clockwise.
func tienstra(p [3][2]float64, angles [3]float64) (east, north float64) {
	cot := func(deg float64) float64 { return 1 / math.Tan(deg*math.Pi/180) }
	inner := func(i int) float64 {
		j, k := (i+1)%3, (i+2)%3
		return math.Atan2(p[k][0]-p[i][0], p[k][1]-p[i][1])*180/math.Pi - math.Atan2(p[j][0]-p[i][0], p[j][1]-p[i][1])*180/math.Pi
	}
	var sum float64
	for i := range p {
		w := 1 / (cot(inner(i)) - cot(angles[i]))
		sum, east, north = sum+w, east+w*p[i][0], north+w*p[i][1]
	}
	return east / sum, north / sum
}

// closest is the least distance between two of the points.
func closest(points [][2]float64) float64 {
	least := math.Inf(1)
	for i, a := range points {
		for _, b := range points[:i] {
			least = math.Min(least, math.Hypot(a[0]-b[0], a[1]-b[1]))
		}
	}
	return least
}

func TestAgainstTienstra(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Float64Range(-2000, 2000)
		var p [3][2]float64
		for i := range p {
			p[i] = [2]float64{coordinate.Draw(t, "east"), coordinate.Draw(t, "north")}
		}
		var true [3]float64
		at := [2]float64{coordinate.Draw(t, "camera east"), coordinate.Draw(t, "camera north")}
		if closest(append(p[:], at)) < 5 {
			t.Skip("nearer than anybody marks: what a plane leaves out of the earth then turns bearings by more than their sigma")
		}
		s := locate.Scene{}
		turned := rapid.Float64Range(0, 360).Draw(t, "turned")
		for i := range p {
			true[i] = math.Atan2(p[i][0]-at[0], p[i][1]-at[1]) * 180 / math.Pi
			s.Landmarks = append(s.Landmarks, locate.Landmark{Point: onMap(p[i][0], p[i][1]), Bearing: &locate.Measure{Value: math.Remainder(true[i]-turned, 360), Sigma: 0.001}})
		}
		got, err := s.Solve()
		if err != nil {
			t.Skip(err)
		}
		if !got[0].Determined || !got[0].Fits() || got[0].Ellipse.MajorM > 5 {
			t.Skip("near the danger circle, or beyond the reach")
		}
		e, n := tienstra(p, [3]float64{true[2] - true[1], true[0] - true[2], true[1] - true[0]})
		if math.Hypot(e-at[0], n-at[1]) > 0.01 {
			t.Skip("Tienstra's own weak case")
		}
		want := onMap(e, n)
		near := math.Inf(1)
		for _, one := range got {
			near = math.Min(near, distance(one, want))
		}
		if near > 0.2 {
			t.Fatalf("%.3f m from Tienstra's place; ellipse %+v", near, got[0].Ellipse)
		}
	})
}

// scene is a drawn camera with landmarks before it.
type scene struct {
	locate.Scene
	at      geo.LatLon
	heading float64
	fov     float64
}

const width, height = 4000.0, 3000.0

// pinhole is written apart from the package: the ground under the landmark is on the ray of the pixel.
func pinhole(x, y, fov, pitch, roll float64) (asideDeg float64) {
	f := width / 2 / math.Tan(fov/2*math.Pi/180)
	u, v := x-width/2, y-height/2 // right, down
	sr, cr := math.Sincos(roll * math.Pi / 180)
	right, down := u*cr-v*sr, u*sr+v*cr // the camera turned clockwise: its right edge sinks
	sp, cp := math.Sincos(pitch * math.Pi / 180)
	ahead := f*cp + down*sp
	return math.Atan2(right, ahead) * 180 / math.Pi
}

func draw(rng *rand.Rand, n int, knownLens bool) scene {
	s := scene{at: geo.Destination(base, 360*rng.Float64(), 3000*rng.Float64()), heading: 360 * rng.Float64(), fov: 66 + rng.NormFloat64()}
	s.Frame = &locate.Frame{WidthPx: width, HeightPx: height, Pitch: locate.Measure{Value: 2, Sigma: 5}, Roll: locate.Measure{Sigma: 2}}
	if knownLens {
		s.Frame.HFOV = &locate.Measure{Value: 66, Sigma: 1}
	}
	pitch, roll := 2+5*rng.NormFloat64(), 2*rng.NormFloat64()
	for i := range n {
		x := (float64(i) + 0.15 + 0.7*rng.Float64()) * width / float64(n)
		y := height * (0.3 + 0.4*rng.Float64())
		az := s.heading + pinhole(x, y, s.fov, pitch, roll)
		p := geo.Destination(s.at, az, 250+1500*rng.Float64())
		p = geo.Destination(geo.Destination(p, 0, 4*rng.NormFloat64()), 90, 4*rng.NormFloat64())
		s.Landmarks = append(s.Landmarks, locate.Landmark{
			Point: locate.Point{Lat: p.Lat, Lon: p.Lon, SigmaM: 4},
			At:    &locate.Pixel{X: x + 5*rng.NormFloat64(), Y: y + 5*rng.NormFloat64(), SigmaPx: 5},
		})
	}
	return s
}

// The ellipse holds the camera, and the heading's error is what it says, in 95 of 100 scenes of errors as stated.
func TestCoverage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		marks int
		lens  bool
		n     int
	}{{"known lens", 6, true, 400}, {"unknown lens", 7, false, 150}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(5, 11))
			var in, heading, asked int
			for range c.n {
				s := draw(rng, c.marks, c.lens)
				got, err := s.Solve()
				if err != nil {
					t.Fatal(err)
				}
				if !got[0].Determined {
					continue
				}
				asked++
				if sigmas, _ := got[0].SigmasFrom(s.at.Lat, s.at.Lon, 0.01); sigmas*sigmas <= -2*math.Log(0.05) {
					in++
				}
				if h := got[0].Heading; math.Abs(math.Remainder(h.Value-s.heading, 360)) < 1.96*h.Sigma {
					heading++
				}
			}
			t.Logf("%d of %d determined; the ellipse holds %d, the heading %d", asked, c.n, in, heading)
			if asked < c.n*9/10 {
				t.Errorf("only %d of %d determined", asked, c.n)
			}
			for _, hits := range []int{in, heading} {
				if share := float64(hits) / float64(asked); share < 0.93 || share > 0.97 {
					t.Errorf("%.1f %% of %d, want 95 ± 2", 100*share, asked)
				}
			}
		})
	}
}

func bearings(at geo.LatLon, trueNorth bool, sigma float64, points ...locate.Point) locate.Scene {
	s := locate.Scene{TrueNorth: trueNorth}
	for _, p := range points {
		az, _ := geo.AzimuthDeg(at, geo.LatLon{Lat: p.Lat, Lon: p.Lon})
		s.Landmarks = append(s.Landmarks, locate.Landmark{Point: p, Bearing: &locate.Measure{Value: az, Sigma: sigma}})
	}
	return s
}

func TestWhatIsNotDetermined(t *testing.T) {
	t.Parallel()
	circle := func(deg float64) locate.Point {
		return onMap(500*math.Sin(deg*math.Pi/180), 500*math.Cos(deg*math.Pi/180))
	}
	for _, c := range []struct {
		name   string
		points []locate.Point
		want   string
	}{
		{"danger circle", []locate.Point{circle(100), circle(150), circle(220)}, "danger circle"},
		{"four on the danger circle", []locate.Point{circle(100), circle(150), circle(220), circle(300)}, "danger circle"},
		{"one line", []locate.Point{onMap(0, 600), onMap(0, 900), onMap(0, 1300)}, "one line"},
	} {
		p := onMap(0, 500) // on the circle, on the line
		got := solve(t, bearings(geo.LatLon{Lat: p.Lat, Lon: p.Lon}, false, 0.1, c.points...))
		if got[0].Determined || !strings.Contains(strings.Join(got[0].Doubts, "; "), c.want) {
			t.Errorf("%s: determined %v: %q", c.name, got[0].Determined, got[0].Doubts)
		}
		if _, ok := got[0].SigmasFrom(48, 37, 100); ok {
			t.Errorf("%s: a place that is not determined has a distance", c.name)
		}
		if _, ok := got[0].Stand(); ok {
			t.Errorf("%s: it is a camera", c.name)
		}
	}
}

// Over 40 km the meridians turn by half a degree; bearings from true north and headings must not.
func TestMeridiansConverge(t *testing.T) {
	t.Parallel()
	var points []locate.Point
	for i, az := range []float64{60, 100, 140} {
		q := geo.Destination(base, az, 40_000+5000*float64(i))
		points = append(points, locate.Point{Lat: q.Lat, Lon: q.Lon, SigmaM: 1})
	}
	for _, trueNorth := range []bool{true, false} {
		got := solve(t, bearings(base, trueNorth, 0.01, points...))
		if d := distance(got[0], onMap(0, 0)); d > 3 {
			t.Errorf("true north %v: %.1f m off", trueNorth, d)
		}
		if !trueNorth && math.Abs(math.Remainder(got[0].Heading.Value, 360)) > 0.005 {
			t.Errorf("the zero of bearings from true north lies at %v", got[0].Heading.Value)
		}
	}
}

func TestTheWrongLandmarkIsNamed(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	s := draw(rng, 8, true)
	for i := range s.Landmarks {
		s.Landmarks[i].Name = string(rune('a' + i))
	}
	if got := solve(t, s.Scene); !got[0].Fits() || len(got[0].Doubts) > 0 {
		t.Errorf("a sound scene: %q", got[0].Doubts)
	}
	s.Landmarks[3].At.X += 400
	got := solve(t, s.Scene)
	if got[0].Fits() || len(got[0].Doubts) == 0 || !strings.Contains(got[0].Doubts[0], `"d" does not fit`) {
		t.Errorf("%q", got[0].Doubts)
	}
	worst := 0
	for i, r := range got[0].Residuals {
		if math.Abs(r.Sigmas) > math.Abs(got[0].Residuals[worst].Sigmas) {
			worst = i
		}
	}
	if r := got[0].Residuals[3]; worst != 3 || r.OffDeg < 0 || r.MovesM < 5 {
		t.Errorf("residual %+v, the worst is %d", r, worst)
	}
}

func TestSameSceneInAnyOrder(t *testing.T) {
	t.Parallel()
	s := draw(rand.New(rand.NewPCG(9, 9)), 6, true)
	want := solve(t, s.Scene)[0]
	rng := rand.New(rand.NewPCG(9, 10))
	for range 5 {
		rng.Shuffle(len(s.Landmarks), func(i, j int) { s.Landmarks[i], s.Landmarks[j] = s.Landmarks[j], s.Landmarks[i] })
		got := solve(t, s.Scene)[0]
		if d := geo.DistanceM(geo.LatLon{Lat: want.Lat, Lon: want.Lon}, geo.LatLon{Lat: got.Lat, Lon: got.Lon}); d > 0.05 || math.Abs(got.Ellipse.MajorM-want.Ellipse.MajorM) > 0.05 {
			t.Errorf("%.4f m apart, ellipses %+v and %+v", d, got.Ellipse, want.Ellipse)
		}
	}
}

func TestOutline(t *testing.T) {
	t.Parallel()
	s := solve(t, draw(rand.New(rand.NewPCG(2, 9)), 6, true).Scene)[0]
	ring := s.Outline(40)
	if len(ring) != 41 || ring[0] != ring[40] {
		t.Fatalf("%d corners", len(ring))
	}
	var area float64
	for i, p := range ring[:40] {
		q := ring[i+1]
		area += (p.Lon-s.Lon)*(q.Lat-s.Lat) - (q.Lon-s.Lon)*(p.Lat-s.Lat)
		// Each corner lies on the border of 95 %, seen by the covariance itself.
		if z, _ := s.SigmasFrom(p.Lat, p.Lon, 0.001); math.Abs(z*z/(-2*math.Log(0.05))-1) > 0.01 {
			t.Errorf("corner %d at %v sigmas", i, z)
		}
	}
	if area <= 0 {
		t.Error("the ring runs clockwise")
	}
	along, _ := geo.AzimuthDeg(geo.LatLon{Lat: s.Lat, Lon: s.Lon}, ring[0])
	if math.Abs(math.Remainder(along-s.Ellipse.AzimuthDeg, 180)) > 0.1 {
		t.Errorf("the longer axis points to %v, want %v", along, s.Ellipse.AzimuthDeg)
	}
}

func TestTooFew(t *testing.T) {
	t.Parallel()
	s := draw(rand.New(rand.NewPCG(1, 1)), 3, false)
	if _, err := s.Solve(); !errors.Is(err, locate.ErrTooFew) || !strings.Contains(err.Error(), "3 of at least 4") {
		t.Error(err)
	}
	s.Landmarks = s.Landmarks[:2]
	s.Frame.HFOV = &locate.Measure{Value: 66, Sigma: 1}
	if _, err := s.Solve(); !errors.Is(err, locate.ErrTooFew) || !strings.Contains(err.Error(), "2 of at least 3") {
		t.Error(err)
	}
}

func bySeed(seed uint64) locate.Scene { return draw(rand.New(rand.NewPCG(seed, 7)), 6, true).Scene }

// Four marks of an unknown lens can fit from two places with two lenses: both are said, the true one among them.
func TestTwoPlacesFit(t *testing.T) {
	t.Parallel()
	s := draw(rand.New(rand.NewPCG(74, 8)), 4, false)
	got := solve(t, s.Scene)
	if len(got) != 2 || got[0].Worse != 0 || got[1].Worse <= 0 {
		t.Fatalf("%d solutions", len(got))
	}
	for _, one := range got {
		if !one.Determined || !strings.Contains(strings.Join(one.Doubts, ";"), "2 places fit") {
			t.Errorf("%q", one.Doubts)
		}
	}
	if sigmas, _ := got[0].SigmasFrom(s.at.Lat, s.at.Lon, 1); sigmas > 2.5 {
		t.Errorf("the true place lies %v sigmas off", sigmas)
	}
	s.Frame.HFOV = &locate.Measure{Value: s.fov, Sigma: 0.5}
	if got = solve(t, s.Scene); len(got) != 1 {
		t.Errorf("%d solutions with a known lens", len(got))
	}
}

// A telephoto from 40 km away has so small angles that a likelihood of azimuths, in place of pixels, put it first in these
// scenes, though the marks do not fit there.
func TestNoFalseTelephoto(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{33, 75, 86, 90, 93} {
		s := draw(rand.New(rand.NewPCG(seed, 8)), 4, false)
		got := solve(t, s.Scene)
		if sigmas, ok := got[0].SigmasFrom(s.at.Lat, s.at.Lon, 1); ok && sigmas > 2.5 || got[0].HFOV.Value < 30 {
			t.Errorf("scene %d: %.1f sigmas off, %.1f deg wide", seed, sigmas, got[0].HFOV.Value)
		}
	}
}

// Of two lenses that fit alike the one ranks behind that is unlikely beforehand: these marks fit 70 degrees and 119.
func TestLensBeforehand(t *testing.T) {
	t.Parallel()
	got := solve(t, draw(rand.New(rand.NewPCG(27, 8)), 4, false).Scene)
	// Both fit exactly. 2 ln(f/sin f) at 119.26 degrees exceeds that at 70.27 by 1.21; 0.53 come from the errors of the map.
	if len(got) != 2 || math.Abs(got[0].HFOV.Value-70.3) > 1 || math.Abs(got[1].Worse-1.74) > 0.05 {
		t.Errorf("%d solutions: %+v", len(got), got)
	}
}
