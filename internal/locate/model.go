package locate

import "math"

// The unknowns, in the order of a state. Those that a scene fixes are not free.
const (
	iEast = iota
	iNorth
	iYaw   // radians
	iFocal // logarithm of the focal length in pixels
	iPitch // radians
	iRoll  // radians
	unknowns
)

type state [unknowns]float64

func (s state) at() vec { return vec{s[iEast], s[iNorth]} }

// prior is what is known of an unknown beforehand; a sigma of 0 is nothing.
type prior struct{ value, sigma float64 }

// model is a scene on the plane.
type model struct {
	plane     plane
	scene     Scene
	points    []vec
	free      []int
	priors    [unknowns]prior
	extent    float64 // farthest point from the middle, metres
	trueNorth bool
}

func newModel(s Scene) *model {
	points := make([]Point, len(s.Landmarks))
	for i, l := range s.Landmarks {
		points[i] = l.Point
	}
	m := &model{plane: newPlane(points), scene: s, free: []int{iEast, iNorth}, trueNorth: s.Frame == nil && s.TrueNorth}
	for _, p := range points {
		m.points = append(m.points, m.plane.at(p.latLon()))
		m.extent = math.Max(m.extent, m.points[len(m.points)-1].length())
	}
	if !m.trueNorth {
		m.free = append(m.free, iYaw)
	}
	if f := s.Frame; f != nil {
		m.free = append(m.free, iFocal, iPitch, iRoll)
		m.priors[iPitch] = prior{rad(f.Pitch.Value), rad(f.Pitch.Sigma)}
		m.priors[iRoll] = prior{rad(f.Roll.Value), rad(f.Roll.Sigma)}
		if f.HFOV != nil { // d ln f / d fov = -1 / sin fov
			m.priors[iFocal] = prior{logFocal(f, f.HFOV.Value), rad(f.HFOV.Sigma) / math.Sin(rad(f.HFOV.Value))}
		}
	}
	return m
}

func logFocal(f *Frame, hfovDeg float64) float64 {
	return math.Log(f.WidthPx / 2 / math.Tan(rad(hfovDeg)/2))
}

func hfovOf(f *Frame, logFocal float64) float64 {
	return 2 * math.Atan(f.WidthPx/2/math.Exp(logFocal))
}

// aside is the azimuth of a pixel from that of the middle of the frame, and how it moves with the pixel, radians. The
// camera's axes are those of package camera with a yaw of 0.
func (m *model) aside(px Pixel, s state) (az, perPx float64) {
	focal := math.Exp(s[iFocal])
	sp, cp := math.Sincos(s[iPitch])
	sr, cr := math.Sincos(s[iRoll])
	a, b := (px.X-m.scene.Frame.WidthPx/2)/focal, (m.scene.Frame.HeightPx/2-px.Y)/focal
	e, n := a*cr+b*sr, cp+a*sr*sp-b*cr*sp
	flat := e*e + n*n
	da := (cr*n - e*sr*sp) / flat
	db := (sr*n + e*cr*sp) / flat
	return math.Atan2(e, n), math.Hypot(da, db) / focal
}

// sight is what one landmark says under a state: by how much its observed azimuth exceeds that on the map, with its
// standard deviation, radians.
func (m *model) sight(i int, s state) (off, sigma float64) {
	l := m.scene.Landmarks[i]
	line := m.points[i].minus(s.at())
	var seen float64
	if l.At != nil {
		var perPx float64
		seen, perPx = m.aside(*l.At, s)
		sigma = perPx * l.At.SigmaPx
	} else {
		seen, sigma = rad(l.Bearing.Value), rad(l.Bearing.Sigma)
	}
	if m.trueNorth {
		seen -= m.plane.convergence(s.at())
	} else {
		seen += s[iYaw]
	}
	sigma = math.Min(math.Hypot(sigma, l.SigmaM/math.Max(line.length(), 1e-6)), unknownAzimuth)
	return turn(seen - line.azimuth()), sigma
}

// unknownAzimuth is the standard deviation of an azimuth of which nothing is known, 2 pi / sqrt(12).
var unknownAzimuth = 2 * math.Pi / math.Sqrt(12)

// huberK is where Huber's weights begin: at 2 sigmas they cost under 1 % of the efficiency of least squares.
const huberK = 2.0

func huber(z float64) float64 {
	if a := math.Abs(z); a > huberK {
		return 2*huberK*a - huberK*huberK
	}
	return z * z
}

// deviance is minus twice the logarithm of the likelihood, but for a constant, with Huber's loss for the landmarks.
func (m *model) deviance(s state) float64 {
	var sum float64
	for i := range m.points {
		off, sigma := m.sight(i, s)
		sum += huber(off/sigma) + 2*math.Log(sigma)
	}
	return sum + m.priorCost(s)
}

func (m *model) priorCost(s state) float64 {
	var sum float64
	for k, p := range m.priors {
		if p.sigma > 0 {
			z := (s[k] - p.value) / p.sigma
			sum += z * z
		}
	}
	return sum
}

// chi2 is the sum of the squared residuals in units of their sigmas, those of the priors too.
func (m *model) chi2(s state) float64 {
	sum := m.priorCost(s)
	for i := range m.points {
		off, sigma := m.sight(i, s)
		sum += off * off / sigma / sigma
	}
	return sum
}

// spare is the number of observations beyond those that the unknowns take.
func (m *model) spare() int {
	n := len(m.points) - len(m.free)
	for _, p := range m.priors {
		if p.sigma > 0 {
			n++
		}
	}
	return n
}

// start is the state at a place with everything but the yaw as it was known beforehand, and the yaw that fits best on
// average.
func (m *model) start(at vec, focal float64) state {
	s := state{iEast: at.e, iNorth: at.n, iFocal: focal, iPitch: m.priors[iPitch].value, iRoll: m.priors[iRoll].value}
	if m.trueNorth {
		return s
	}
	var e, n float64
	for i := range m.points {
		off, sigma := m.sight(i, s)
		so, co := math.Sincos(-off)
		e, n = e+so/sigma, n+co/sigma
	}
	s[iYaw] = math.Atan2(e, n)
	return s
}
