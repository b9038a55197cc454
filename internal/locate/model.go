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

// view is a state with what all landmarks share under it.
type view struct {
	*model
	state
	sp, cp, sr, cr float64 // of pitch and roll
	focal          float64
	north          float64 // what is added to an azimuth as seen
}

func (m *model) view(s state) view {
	v := view{model: m, state: s, north: s[iYaw]}
	if m.trueNorth {
		v.north = -m.plane.convergence(s.at())
	}
	if m.scene.Frame != nil {
		v.sp, v.cp = math.Sincos(s[iPitch])
		v.sr, v.cr = math.Sincos(s[iRoll])
		v.focal = math.Exp(s[iFocal])
	}
	return v
}

// aside is the azimuth of a pixel from that of the middle of the frame, and how it moves with the pixel, radians. The
// camera's axes are those of package camera with a yaw of 0.
func (v view) aside(px Pixel) (az, perPx float64) {
	a, b := (px.X-v.scene.Frame.WidthPx/2)/v.focal, (v.scene.Frame.HeightPx/2-px.Y)/v.focal
	e, n := a*v.cr+b*v.sr, v.cp+a*v.sr*v.sp-b*v.cr*v.sp
	flat := e*e + n*n
	da := (v.cr*n - e*v.sr*v.sp) / flat
	db := (v.sr*n + e*v.cr*v.sp) / flat
	return math.Atan2(e, n), math.Sqrt(da*da+db*db) / v.focal
}

// sight is what one landmark says under a state: by how much its observed azimuth exceeds that on the map, with its
// standard deviation, radians; and the radians in one unit of what was measured, a pixel or with bearings a radian.
func (v view) sight(i int) (off, sigma, unit float64) {
	l := &v.scene.Landmarks[i]
	line := v.points[i].minus(v.at())
	var seen float64
	if unit = 1; l.At != nil {
		seen, unit = v.aside(*l.At)
		sigma = unit * l.At.SigmaPx
	} else {
		seen, sigma = rad(l.Bearing.Value), rad(l.Bearing.Sigma)
	}
	across := l.SigmaM / math.Max(line.length(), 1e-6)
	if sigma = math.Sqrt(sigma*sigma + across*across); sigma > unknownAzimuth {
		sigma = unknownAzimuth
	}
	return turn(seen + v.north - line.azimuth()), sigma, unit
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

// deviance is minus twice the logarithm of the likelihood, but for a constant, with Huber's loss for the landmarks. The
// density is that of what was measured, pixels: that of azimuths would grow with the focal length of a free lens, and
// a telephoto from far away that fits nothing would win by its small angles.
func (m *model) deviance(s state) float64 {
	sum := m.priorCost(s) + m.lensCost(s)
	v := m.view(s)
	for i := range m.points {
		off, sigma, unit := v.sight(i)
		sum += huber(off/sigma) + 2*math.Log(sigma/unit)
	}
	return sum
}

// Fields of view that are likely beforehand, judged: from a telephoto of 1000 mm to the widest that is still drawn as by
// a pinhole. Each doubling within is as likely as another, as nothing favours one; beyond, a hundredth.
const (
	narrowDeg, wideDeg = 2.0, 120.0
	beyond             = 0.01
)

// lensCost is that of a field of view nobody stated. It ranks places and does not bend the walk: within the bounds it
// differs by 3 at most.
func (m *model) lensCost(s state) float64 {
	if !m.scene.freeLens() {
		return 0
	}
	fov := hfovOf(m.scene.Frame, s[iFocal])
	cost := -2 * math.Log(math.Sin(fov)/fov) // 1/fov, by the logarithm of the focal length: d fov / d ln f = -sin fov
	if d := deg(fov); d < narrowDeg || d > wideDeg {
		cost -= 2 * math.Log(beyond)
	}
	return cost
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
	v := m.view(s)
	for i := range m.points {
		off, sigma, _ := v.sight(i)
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
// average; with its deviance.
func (m *model) start(at vec, focal float64) found {
	s := state{iEast: at.e, iNorth: at.n, iFocal: focal, iPitch: m.priors[iPitch].value, iRoll: m.priors[iRoll].value}
	v := m.view(s)
	var offs [MaxLandmarks]float64
	var e, n, spread float64
	cost := m.priorCost(s) + m.lensCost(s)
	var sigmas [MaxLandmarks]float64
	for i := range m.points {
		off, sigma, unit := v.sight(i)
		so, co := math.Sincos(off)
		e, n = e-so/sigma, n+co/sigma
		offs[i], sigmas[i], spread = off, sigma, spread+2*math.Log(sigma/unit)
	}
	if !m.trueNorth {
		s[iYaw] = math.Atan2(e, n)
	}
	for i := range m.points {
		cost += huber(turn(offs[i]+s[iYaw]) / sigmas[i])
	}
	return found{s, cost + spread}
}
