package locate

import (
	"fmt"
	"math"
	"slices"

	"whenwhere/internal/geo"
)

// Chi95 is the 95 % quantile of chi squared with two degrees of freedom, -2 ln 0.05: an ellipse of its root times the
// standard deviations holds 95 % of a normal distribution on the plane.
var chi95 = -2 * math.Log(0.05)

// rivalDeviance is how much worse another maximum may be and still be named: the 99 % quantile of chi squared with two
// degrees of freedom.
var rivalDeviance = -2 * math.Log(0.01)

// Ellipse is that of 95 %: half axes, and the azimuth of the longer one, 0 to below 180.
type Ellipse struct{ MajorM, MinorM, AzimuthDeg float64 }

// Residual is how a landmark fits.
type Residual struct {
	Name     string
	OffDeg   float64 // azimuth as marked less azimuth on the map; positive: marked too far to the right
	SigmaDeg float64 // expected of it, by the mark and by the point on the map
	Sigmas   float64 // OffDeg / SigmaDeg
	MovesM   float64 // how far the place moves without it; NaN where it is not determined then
}

// Solution is one place that fits.
type Solution struct {
	Lat, Lon   float64
	Heading    *Measure // azimuth of the middle of the frame, or of the zero of relative bearings; nil with true ones
	HFOV       *Measure // nil without a frame
	Determined bool     // false: the place is one of many, and the ellipse means nothing
	Ellipse    Ellipse
	Share      float64 // of the likelihood inside the ellipse, on a grid; 0.95 if all is near linear
	Chi2       float64 // sum of squared residuals in sigmas, those of the pose and lens too
	Spare      int     // observations beyond the unknowns: what Chi2 is expected to be
	Worse      float64 // deviance above the best solution's: twice the logarithm of the ratio of likelihoods
	Residuals  []Residual
	Doubts     []string // sentences: why it is not determined, what does not fit, and what else is to be known

	fit fitted
}

// fitted is what further questions need.
type fitted struct {
	model *model
	state state
	cov   matrix // over model.free
}

// Solve gives the places that fit, the best first; at least one. An error is of the scene, never of the geometry: that
// is told in the solutions' doubts.
func (s Scene) Solve() ([]Solution, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	m := newModel(s)
	maxima := m.search()
	if len(maxima) == 0 {
		return nil, fmt.Errorf("locate: landmarks: no place within %.0f km fits", reach*m.extent/1000)
	}
	var out []Solution
	for _, f := range maxima {
		if worse := f.deviance - maxima[0].deviance; worse < rivalDeviance && len(out) < maxSolutions {
			one := m.solution(f.state)
			one.Worse = worse
			out = append(out, one)
		}
	}
	out = settled(out)
	m.misfit(&out[0])
	return out, nil
}

// maxSolutions: beyond a handful, the problem is not determined.
const maxSolutions = 4

// settled says of each solution what the others mean for it. Maxima beside one that is not determined are points of the
// same valley.
func settled(list []Solution) []Solution {
	if !list[0].Determined {
		return list[:1]
	}
	list = slices.DeleteFunc(list, func(s Solution) bool { return !s.Determined })
	if len(list) > 1 {
		for i := range list {
			list[i].Doubts = append(list[i].Doubts, fmt.Sprintf("%d places fit: another landmark, or a known field of view, would tell them apart", len(list)))
		}
	}
	return list
}

func (m *model) solution(s state) Solution {
	place := m.plane.place(s.at())
	out := Solution{Lat: place.Lat, Lon: place.Lon, Chi2: m.chi2(s), Spare: m.spare(), fit: fitted{model: m, state: s}}
	info, _ := m.information(s, false)
	cov, ok := inverse(info)
	if ok {
		out.fit.cov = cov
		out.Ellipse = ellipseOf(cov)
		out.Determined = out.Ellipse.MajorM < 0.5*math.Max(m.extent, s.at().length())
	}
	if out.Determined {
		out.Share = m.share(s, cov)
		out.Determined = out.Share >= 0.5
	}
	m.angles(&out)
	out.Residuals = m.residuals(s, out.Determined)
	switch {
	case !out.Determined:
		out.Doubts = append(out.Doubts, "the place is not determined: "+m.cause(s))
	case out.Share < 0.9:
		out.Doubts = append(out.Doubts, fmt.Sprintf("the ellipse holds %.0f %% of the likelihood in place of 95: %s", 100*out.Share, "the region is bent, take it for larger"))
	}
	return out
}

// sigma is the standard deviation of an unknown; 0 when it is fixed or not determined.
func (f fitted) sigma(unknown int) float64 {
	k := slices.Index(f.model.free, unknown)
	if k < 0 || f.cov == nil {
		return 0
	}
	return math.Sqrt(f.cov[k][k])
}

func (m *model) angles(out *Solution) {
	s := out.fit.state
	if !m.trueNorth {
		out.Heading = &Measure{compass(s[iYaw] + m.plane.convergence(s.at())), math.Min(deg(out.fit.sigma(iYaw)), deg(unknownAzimuth))}
	}
	if f := m.scene.Frame; f != nil {
		fov := hfovOf(f, s[iFocal])
		out.HFOV = &Measure{deg(fov), deg(out.fit.sigma(iFocal) * math.Sin(fov))}
	}
}

func ellipseOf(cov matrix) Ellipse {
	e, n, c := cov[0][0], cov[1][1], cov[0][1]
	mean, half := (e+n)/2, math.Hypot((e-n)/2, c)
	// The longer axis stands at half the angle of (e-n, 2c), counted from east counter-clockwise.
	az := math.Mod(90-deg(math.Atan2(2*c, e-n))/2+360, 180)
	return Ellipse{math.Sqrt(chi95 * (mean + half)), math.Sqrt(chi95 * math.Max(0, mean-half)), az}
}

func (m *model) residuals(s state, determined bool) []Residual {
	out := make([]Residual, len(m.points))
	for i := range out {
		off, sigma, _ := m.view(s).sight(i)
		out[i] = Residual{Name: m.scene.Landmarks[i].Name, OffDeg: deg(off), SigmaDeg: deg(sigma), Sigmas: off / sigma, MovesM: math.NaN()}
		if determined && len(m.points) > m.scene.needed() {
			less := m.without(i)
			end := less.descend(s)
			info, _ := less.information(end, false)
			if _, ok := inverse(info); ok {
				out[i].MovesM = end.at().far(s.at())
			}
		}
	}
	return out
}

// without leaves a landmark out and keeps the plane, so that states stay comparable.
func (m *model) without(i int) *model {
	less := *m
	less.scene.Landmarks = slices.Delete(slices.Clone(m.scene.Landmarks), i, i+1)
	less.points = slices.Delete(slices.Clone(m.points), i, i+1)
	return &less
}

// Outline is the ellipse as a ring on the ground, counter-clockwise, closed.
func (s Solution) Outline(corners int) []geo.LatLon {
	m := s.fit.model
	out := make([]geo.LatLon, 0, corners+1)
	sa, ca := math.Sincos(rad(s.Ellipse.AzimuthDeg))
	for i := range corners {
		// From the longer axis to the left, seen from above.
		b, a := math.Sincos(2 * math.Pi * float64(i) / float64(corners))
		along, left := a*s.Ellipse.MajorM, b*s.Ellipse.MinorM
		at := s.fit.state.at()
		out = append(out, m.plane.place(vec{at.e + along*sa - left*ca, at.n + along*ca + left*sa}))
	}
	return append(out, out[0])
}

// SigmasFrom is how many standard deviations the nearest point of a disc lies from the solution: 0 inside it. ok is
// false when the place is not determined.
func (s Solution) SigmasFrom(lat, lon, radiusM float64) (sigmas float64, ok bool) {
	if !s.Determined {
		return 0, false
	}
	const corners = 720
	centre := s.fit.model.plane.at(geo.LatLon{Lat: lat, Lon: lon})
	at := s.fit.state.at()
	if centre.far(at) <= radiusM {
		return 0, true
	}
	sigmas = math.Inf(1)
	for i := range corners {
		edge := polar(radiusM, 2*math.Pi*float64(i)/corners)
		sigmas = math.Min(sigmas, s.fit.mahalanobis(vec{centre.e + edge.e, centre.n + edge.n}.minus(at)))
	}
	return sigmas, true
}

func (f fitted) mahalanobis(d vec) float64 {
	e, n, c := f.cov[0][0], f.cov[1][1], f.cov[0][1]
	return math.Sqrt(math.Max(0, (n*d.e*d.e-2*c*d.e*d.n+e*d.n*d.n)/(e*n-c*c)))
}
