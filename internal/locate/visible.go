package locate

import (
	"fmt"
	"math"
	"slices"

	"whenwhere/internal/geo"
)

// Stand is a camera whose place and heading are known from elsewhere.
type Stand struct {
	Point            // SigmaM is that of each coordinate
	Heading  Measure // azimuth of the middle of the frame
	HFOV     Measure
	solution *Solution
}

// Watched is a point of the map that the frame shows, or does not show, as somebody says who looked for it.
type Watched struct {
	Point
	Visible bool
}

// Verdict on a watched point.
type Verdict string

// Verdicts. Nothing is known of relief and buildings, so that what is not seen, though it lies in the frame, is weak: it
// may be hidden.
const (
	Agrees      Verdict = "agrees"      // seen, and in the frame
	Outside     Verdict = "outside"     // not seen, and not in the frame
	Contradicts Verdict = "contradicts" // seen, though it lies outside the frame
	Weak        Verdict = "weak"        // not seen, though it lies in the frame, unless something hides it
	Undecided   Verdict = "undecided"   // too near the edge of the frame for the errors
)

// The chances at which a verdict turns, judged: seeing what cannot be there is strong, and needs one in a thousand.
const (
	surelyOut  = 0.001
	likelyOut  = 0.05
	surelyHere = 0.95
)

// Sighting is where a watched point lies as seen from the camera.
type Sighting struct {
	Name      string
	Visible   bool
	Verdict   Verdict
	Behind    bool    // of what contradicts: more than 90 degrees from the middle of the frame
	AsideDeg  float64 // from the middle of the frame, clockwise, -180 to 180
	SigmaDeg  float64
	DistanceM float64
	Chance    float64 // that it lies between the left and the right edge
}

// Stand is the solution as a camera; false when it is not determined, or has no frame.
func (s Solution) Stand() (Stand, bool) {
	if !s.Determined || s.Heading == nil || s.HFOV == nil {
		return Stand{}, false
	}
	return Stand{Point: Point{Lat: s.Lat, Lon: s.Lon}, Heading: *s.Heading, HFOV: *s.HFOV, solution: &s}, true
}

// Check says what is wrong with a stand that was stated, if anything.
func (s Stand) Check() error {
	if s.solution != nil {
		return nil
	}
	if err := s.Point.check("camera"); err != nil {
		return err
	}
	for _, c := range []struct {
		name      string
		v, lo, hi float64
	}{{"camera.heading_deg", s.Heading.Value, 0, 360}, {"camera.sigma_heading_deg", s.Heading.Sigma, minSigma, 180},
		{"frame.hfov_deg", s.HFOV.Value, minHFOVDeg, maxHFOVDeg}, {"frame.sigma_hfov_deg", s.HFOV.Sigma, minSigma, 30}} {
		if err := within(c.name, c.v, c.lo, c.hi); err != nil {
			return err
		}
	}
	return nil
}

// Sees judges the watched points, in their order.
func (s Stand) Sees(points []Watched) ([]Sighting, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	var out []Sighting
	for i, p := range points {
		if err := p.Point.check(fmt.Sprintf("visible[%d]", i)); err != nil {
			return nil, err
		}
		if d := geo.DistanceM(s.latLon(), p.latLon()); d > MaxExtentM {
			return nil, fmt.Errorf("locate: visible[%d]: lies %.0f km from the camera, more than %d; is it mistyped?", i, d/1000, MaxExtentM/1000)
		}
		out = append(out, s.sees(p))
	}
	return out, nil
}

func (s Stand) sees(p Watched) Sighting {
	here := plane{s.latLon()}
	line := here.at(p.latLon())
	out := Sighting{Name: p.Name, Visible: p.Visible, DistanceM: line.length(), AsideDeg: deg(turn(line.azimuth() - rad(s.Heading.Value)))}
	sigma := math.Min(math.Hypot(s.sigmaAside(line), p.SigmaM/math.Max(line.length(), 1e-6)), unknownAzimuth)
	out.SigmaDeg = deg(sigma)
	half, edge := s.HFOV.Value/2, math.Hypot(out.SigmaDeg, s.HFOV.Sigma/2)
	for _, round := range []float64{-360, 0, 360} {
		out.Chance += phi((half-out.AsideDeg+round)/edge) - phi((-half-out.AsideDeg+round)/edge)
	}
	out.Chance = math.Min(out.Chance, 1)
	out.Verdict = verdict(p.Visible, out.Chance)
	out.Behind = out.Verdict == Contradicts && math.Abs(out.AsideDeg) > 90
	return out
}

func verdict(visible bool, chance float64) Verdict {
	switch {
	case visible && chance >= likelyOut:
		return Agrees
	case visible && chance < surelyOut:
		return Contradicts
	case !visible && chance < likelyOut:
		return Outside
	case !visible && chance > surelyHere:
		return Weak
	}
	return Undecided
}

// sigmaAside is the error of the angle between the heading and a line of sight, radians: errors of place and heading of
// a solution go together, those of a stated camera do not.
func (s Stand) sigmaAside(line vec) float64 {
	d2 := math.Max(line.length()*line.length(), 1e-6)
	// d azimuth / d camera: the line turns against the camera's move.
	slope := [3]float64{-line.n / d2, line.e / d2, -1}
	if s.solution == nil {
		return math.Hypot(s.SigmaM*math.Hypot(slope[0], slope[1]), rad(s.Heading.Sigma))
	}
	f := s.solution.fit
	at := [3]int{slices.Index(f.model.free, iEast), slices.Index(f.model.free, iNorth), slices.Index(f.model.free, iYaw)}
	var sum float64
	for i, k := range at {
		for j, l := range at {
			sum += slope[i] * slope[j] * f.cov[k][l]
		}
	}
	return math.Sqrt(math.Max(0, sum))
}

func phi(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }
