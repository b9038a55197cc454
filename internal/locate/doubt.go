package locate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// share is the part of the likelihood that lies inside the 95 % ellipse: the best likelihood over everything but the
// place, on a grid along the axes that reaches three times as far as the ellipse.
func (m *model) share(s state, cov matrix) float64 {
	const half, wide = 10, 3.0
	e := ellipseOf(cov)
	sa, ca := math.Sincos(rad(e.AzimuthDeg))
	rest := *m
	rest.free = slices.DeleteFunc(slices.Clone(m.free), func(k int) bool { return k == iEast || k == iNorth })
	best := m.deviance(s)
	var in, all float64
	for i := -half; i <= half; i++ {
		from := s
		for j := -half; j <= half; j++ {
			u, v := wide*float64(i)/half, wide*float64(j)/half
			if u*u+v*v > wide*wide {
				continue
			}
			from[iEast] = s[iEast] + u*e.MajorM*sa + v*e.MinorM*ca
			from[iNorth] = s[iNorth] + u*e.MajorM*ca - v*e.MinorM*sa
			if len(rest.free) > 0 {
				from = rest.walk(from, 2) // from the neighbour: a step or two do
			}
			w := math.Exp((best - m.deviance(from)) / 2)
			all += w
			if u*u+v*v <= 1 {
				in += w
			}
		}
	}
	return in / all
}

// cause says why a place is not determined.
func (m *model) cause(s state) string {
	switch {
	case m.onLine(s):
		return "the landmarks and the camera lie on one line"
	case m.onCircle(s):
		return "the landmarks and the camera lie on one circle (the danger circle), from all of which they look alike; mark one off it"
	case m.scene.freeLens():
		return "with an unknown field of view these landmarks fit from many places; state it, or mark one more"
	}
	return "the landmarks are too close together, too few or too roughly marked"
}

// onLine: all lie within 3 degrees of one line through the camera, seen from there, judged.
func (m *model) onLine(s state) bool {
	first := m.points[0].minus(s.at()).azimuth()
	return !slices.ContainsFunc(m.points, func(p vec) bool {
		return math.Abs(math.Sin(p.minus(s.at()).azimuth()-first)) > math.Sin(rad(3))
	})
}

// onCircle fits a circle to the landmarks by Kasa's least squares; the camera and all of them lie within a fifth of its
// radius from it, judged: nearer than that, errors along it are several times those across.
func (m *model) onCircle(s state) bool {
	all := append(slices.Clone(m.points), s.at())
	var c vec
	for _, p := range all {
		c.e, c.n = c.e+p.e/float64(len(all)), c.n+p.n/float64(len(all))
	}
	a, b := newMatrix(2), make([]float64, 2)
	for _, q := range all {
		p := q.minus(c)
		z := p.e*p.e + p.n*p.n
		a[0][0], a[0][1], a[1][1] = a[0][0]+p.e*p.e, a[0][1]+p.e*p.n, a[1][1]+p.n*p.n
		b[0], b[1] = b[0]+z*p.e/2, b[1]+z*p.n/2
	}
	a[1][0] = a[0][1]
	x, ok := solve(a, b)
	if !ok {
		return false
	}
	centre := vec{x[0] + c.e, x[1] + c.n}
	var radius float64
	for _, p := range all {
		radius += p.far(centre) / float64(len(all))
	}
	return !slices.ContainsFunc(all, func(p vec) bool { return math.Abs(p.far(centre)-radius) > radius/5 })
}

// misfitZ: a sum of squares that only one in a hundred good scenes exceeds.
const misfitZ = 2.326

// unfit is how far chi squared lies above its degrees of freedom, as a normal deviate (Wilson and Hilferty, 1931).
func unfit(chi2 float64, spare int) float64 {
	spare = max(spare, 1) // without any to spare it must be near 0; else the place was not found, being beyond the reach
	v := 2 / (9 * float64(spare))
	return (math.Cbrt(chi2/float64(spare)) - (1 - v)) / math.Sqrt(v)
}

// misfit names the landmark without which the others agree. Where leaving out one of several does it, all are named:
// nobody can tell which.
func (m *model) misfit(s *Solution) {
	if text := m.misfitText(*s); text != "" {
		s.Doubts = append([]string{text}, s.Doubts...) // before what depends on the fit
	}
}

func (m *model) misfitText(s Solution) string {
	if s.Spare < 1 && s.Fits() {
		return "nothing checks it: there are as many unknowns as landmarks, so that a wrong one cannot be seen"
	}
	if s.Fits() {
		return ""
	}
	if len(m.points)-1 < m.scene.needed() || s.Spare < 2 {
		return "the marks do not agree, and which is wrong cannot be told with so few"
	}
	var names []string
	for _, i := range suspects(s) {
		less := m.without(i)
		ends := []found{{state: less.descend(s.fit.state)}} // near, and where few marks may have led the fit astray, anywhere
		if len(m.points) <= mostSuspects {
			ends = append(ends, less.search()...)
		}
		if slices.ContainsFunc(ends, func(e found) bool { return unfit(less.chi2(e.state), less.spare()) < misfitZ }) {
			names = append(names, m.name(i))
		}
	}
	switch len(names) {
	case 0:
		return "the marks do not agree, and leaving out any one does not mend it: check the names on the map, the field of view and whether the picture is mirrored or cropped"
	case 1:
		return fmt.Sprintf("%s does not fit; the others agree without it", names[0])
	}
	return fmt.Sprintf("one of %s does not fit; which cannot be told", strings.Join(names, ", "))
}

// mostSuspects: of more landmarks, those are asked that fit worst; a wrong one among many cannot draw the fit to itself.
const mostSuspects = 10

// suspects are the landmarks to leave out, in their order.
func suspects(s Solution) []int {
	out := make([]int, len(s.Residuals))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return cmp.Compare(math.Abs(s.Residuals[b].Sigmas), math.Abs(s.Residuals[a].Sigmas))
	})
	out = out[:min(len(out), mostSuspects)]
	slices.Sort(out)
	return out
}

// Fits reports whether the marks agree with one another as their errors say.
func (s Solution) Fits() bool { return unfit(s.Chi2, s.Spare) < misfitZ }

func (m *model) name(i int) string {
	if n := m.scene.Landmarks[i].Name; n != "" {
		return fmt.Sprintf("%q", n)
	}
	return fmt.Sprintf("landmarks[%d]", i)
}
