package shadow

import (
	"math"

	"github.com/paulmach/orb"
)

// maxStepLonDeg bounds how far a straight line on a map may run between two vertices of a curve: near the poles equal
// steps on the sphere are not equal steps of longitude.
const maxStepLonDeg = 2

// curve is a closed line around the subsolar point: its radius in radians by direction (radians from north through
// west). Its interior lies to the left, toward the subsolar point, unless it is reversed.
type curve struct {
	f        *frame
	radius   func(direction float64) float64
	reversed bool
}

// node is a vertex of a curve with its direction; longitudes run on beyond +-180.
type node struct{ direction, lon, lat float64 }

func (c *curve) at(direction, nearLon float64) node {
	sinZ, cosZ := math.Sincos(c.radius(direction))
	sin, cos := math.Sincos(direction)
	p := c.f.point(sinZ, cosZ, sin, cos)
	return node{direction, nearLon + wrap180(p[0]-nearLon), p[1]}
}

// trace follows the curve once around from a direction. North and south of the subsolar point are always vertices when it
// starts at 0: there a ring comes closest to the poles, and only between such vertices longitudes change by less than
// half a turn.
func (c *curve) trace(start float64) []node {
	step := ringStepDeg * degree
	if c.reversed {
		step = -step
	}
	const steps = int(360 / ringStepDeg)
	out := append(make([]node, 0, steps+steps/8), c.at(start, 0)) // an eighth for what refine adds
	for i := 1; i <= steps; i++ {
		last := out[len(out)-1]
		out = c.refine(out, last, c.at(start+float64(i)*step, last.lon), 24)
	}
	return out
}

// refine appends b, and before it what a map needs to show the curve from a to b.
func (c *curve) refine(out []node, a, b node, depth int) []node {
	if depth == 0 || math.Abs(b.lon-a.lon) <= maxStepLonDeg {
		return append(out, b)
	}
	middle := c.at((a.direction+b.direction)/2, a.lon)
	b.lon = middle.lon + wrap180(b.lon-middle.lon)
	out = c.refine(out, a, middle, depth-1)
	return c.refine(out, middle, b, depth-1)
}

// cross finds the node between a and b at which a coordinate takes a value that lies between theirs.
func (c *curve) cross(a, b node, value float64, of coordinate) node {
	below := a.get(of) < value
	for range 50 {
		m := c.at((a.direction+b.direction)/2, (a.lon+b.lon)/2)
		if (m.get(of) < value) == below {
			a = m
		} else {
			b = m
		}
	}
	if of == longitude {
		b.lon = value
	} else {
		b.lat = value
	}
	return b
}

// coordinate names one of the two of a node: a value, for pointers into nodes would put each of them on the heap.
type coordinate int

const (
	longitude coordinate = iota
	latitude
)

func (n node) get(of coordinate) float64 {
	if of == longitude {
		return n.lon
	}
	return n.lat
}

// cutCurves returns the region to the left of all curves inside a box, as polygons with straight sides along the box.
// inside tells whether a place belongs to the region; it is asked only when no curve reaches the box's sides.
//
// Curves are cut where they cross the sides; from each end the boundary goes on along the box, counter-clockwise, to
// the next beginning. The upper and the lower side of the world are its poles, left and right its antimeridian, so the
// poles and RFC 7946 need no cases of their own.
func cutCurves(curves []*curve, box orb.Bound, inside func(lon, lat float64) bool) orb.MultiPolygon {
	var chains []orb.LineString
	var rings []orb.Ring
	for _, c := range curves {
		open, closed := c.clip(box)
		chains, rings = append(chains, open...), append(rings, closed...)
	}
	if len(chains) == 0 && inside(box.Min[0], box.Min[1]) {
		rings = append(rings, box.ToRing())
	}
	return assemble(append(rings, join(chains, box)...))
}

// clip returns the parts of the curve inside a box: open ones, which begin and end on its sides, and the whole curve.
func (c *curve) clip(box orb.Bound) (open []orb.LineString, closed []orb.Ring) {
	nodes := c.trace(0)
	winds := math.Abs(nodes[len(nodes)-1].lon-nodes[0].lon) > 180
	if winds {
		nodes = c.fromWest(nodes, box.Min[0])
	}
	lowest, highest := nodes[0].lon, nodes[0].lon
	for _, n := range nodes {
		lowest, highest = min(lowest, n.lon), max(highest, n.lon)
	}
	for turn := math.Ceil((box.Min[0] - highest) / 360); turn*360 <= box.Max[0]-lowest; turn++ {
		parts, whole := c.inBox(nodes, turn*360, box, !winds)
		if whole {
			closed = append(closed, orb.Ring(parts[0]))
		} else {
			open = append(open, parts...)
		}
	}
	return open, closed
}

// fromWest lets a curve around a pole begin where it crosses a meridian, so that it is cut there and nowhere else.
func (c *curve) fromWest(nodes []node, west float64) []node {
	for i := range len(nodes) - 1 {
		a, b := nodes[i], nodes[i+1]
		value := west + 360*math.Ceil((min(a.lon, b.lon)-west)/360)
		if value > max(a.lon, b.lon) || value == min(a.lon, b.lon) {
			continue
		}
		start := c.cross(a, b, value, longitude)
		out := c.trace(start.direction)
		turn := 360.0
		if out[len(out)-1].lon < out[0].lon {
			turn = -360
		}
		shift := value - out[0].lon
		for k := range out {
			out[k].lon += shift
		}
		out[0].lon, out[len(out)-1].lon = value, value+turn
		return out
	}
	return nodes
}

// inBox cuts a traced curve, shifted by whole turns. whole is true when all of it lies inside.
func (c *curve) inBox(nodes []node, shift float64, box orb.Bound, ring bool) (parts []orb.LineString, whole bool) {
	for k, side := range []float64{box.Min[0] - shift, box.Max[0] - shift, box.Min[1], box.Max[1]} {
		of := longitude
		if k > 1 {
			of = latitude
		}
		nodes = c.insert(nodes, side, of)
	}
	var line orb.LineString
	firstInside := false
	for i := range len(nodes) - 1 {
		a, b := orb.Point{nodes[i].lon + shift, nodes[i].lat}, orb.Point{nodes[i+1].lon + shift, nodes[i+1].lat}
		if !within(box, orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}) {
			if line != nil {
				parts, line = append(parts, line), nil
			}
			continue
		}
		if line == nil {
			line = append(make(orb.LineString, 0, len(nodes)-i), a)
			firstInside = firstInside || i == 0
		}
		line = append(line, b)
	}
	switch {
	case line == nil:
	case ring && firstInside && len(parts) == 0:
		line[len(line)-1] = line[0]
		return []orb.LineString{line}, true
	case ring && firstInside: // the curve began inside: its last part runs on into its first
		parts[0] = append(line[:len(line)-1], parts[0]...)
	default:
		parts = append(parts, line)
	}
	return parts, false
}

func within(box orb.Bound, p orb.Point) bool {
	return box.Min[0] < p[0] && p[0] < box.Max[0] && box.Min[1] < p[1] && p[1] < box.Max[1]
}

// insert adds the nodes at which the curve crosses a side.
func (c *curve) insert(nodes []node, side float64, of coordinate) []node {
	var out []node // none before the first crossing: few curves cross all four sides
	done := 0
	for i := 1; i < len(nodes); i++ {
		a, b := nodes[i-1], nodes[i]
		if (a.get(of)-side)*(b.get(of)-side) < 0 {
			out = append(append(out, nodes[done:i]...), c.cross(a, b, side, of))
			done = i
		}
	}
	if done == 0 {
		return nodes
	}
	return append(out, nodes[done:]...)
}
