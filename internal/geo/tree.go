package geo

import "github.com/paulmach/orb"

// segment is one edge, straight in longitude and latitude.
type segment struct{ a, b orb.Point }

// tree is a box hierarchy over segments in the order of their rings, which
// already puts neighbours together: level 0 boxes cover fan segments each,
// level n boxes fan boxes of level n-1. It costs 4.6 bytes a segment.
type tree struct {
	segs   []segment
	levels [][]box
}

const fan = 8

type box struct{ minLon, minLat, maxLon, maxLat float64 }

func (s segment) box() box {
	return box{min(s.a[0], s.b[0]), min(s.a[1], s.b[1]), max(s.a[0], s.b[0]), max(s.a[1], s.b[1])}
}

func (b box) union(o box) box {
	return box{min(b.minLon, o.minLon), min(b.minLat, o.minLat), max(b.maxLon, o.maxLon), max(b.maxLat, o.maxLat)}
}

func (b box) meets(o box) bool {
	return b.minLon <= o.maxLon && o.minLon <= b.maxLon && b.minLat <= o.maxLat && o.minLat <= b.maxLat
}

func newTree(segs []segment) tree {
	t := tree{segs: segs}
	if len(segs) == 0 {
		return t
	}
	level := group(len(segs), func(i int) box { return segs[i].box() })
	t.levels = append(t.levels, level)
	for len(level) > 1 {
		below := level
		level = group(len(below), func(i int) box { return below[i] })
		t.levels = append(t.levels, level)
	}
	return t
}

func group(n int, at func(int) box) []box {
	out := make([]box, 0, (n+fan-1)/fan)
	for i := range n {
		if b := at(i); i%fan == 0 {
			out = append(out, b)
		} else {
			out[len(out)-1] = out[len(out)-1].union(b)
		}
	}
	return out
}

// search calls visit with each segment whose box may meet q, in order, until
// visit returns false.
func (t tree) search(q box, visit func(i int) bool) {
	if top := len(t.levels) - 1; top >= 0 {
		t.descend(top, 0, q, visit)
	}
}

func (t tree) descend(level, i int, q box, visit func(i int) bool) bool {
	if !t.levels[level][i].meets(q) {
		return true
	}
	if level == 0 {
		for s := i * fan; s < min((i+1)*fan, len(t.segs)); s++ {
			if t.segs[s].box().meets(q) && !visit(s) {
				return false
			}
		}
		return true
	}
	for c := i * fan; c < min((i+1)*fan, len(t.levels[level-1])); c++ {
		if !t.descend(level-1, c, q, visit) {
			return false
		}
	}
	return true
}

// appendSegments adds the edges of a polygon's rings without those of no length.
func appendSegments(segs []segment, p orb.Polygon) []segment {
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			if r[i] != r[i-1] {
				segs = append(segs, segment{r[i-1], r[i]})
			}
		}
	}
	return segs
}

// ray tells whether p lies on s, and whether the ray from p to the east
// crosses s. The edge is looked at from its lower end, so that the answer
// cannot depend on winding or on where a ring starts.
func (s *segment) ray(p orb.Point) (on, crosses bool) {
	a, b := s.a, s.b
	if a[1] > b[1] {
		a, b = b, a
	}
	if p[1] < a[1] || p[1] > b[1] {
		return false, false
	}
	side := (b[0]-a[0])*(p[1]-a[1]) - (p[0]-a[0])*(b[1]-a[1])
	if side == 0 && p[0] >= min(a[0], b[0]) && p[0] <= max(a[0], b[0]) {
		return true, false
	}
	return false, p[1] < b[1] && side > 0
}

// crosses is the longitude where s crosses the parallel lat.
func (s *segment) crosses(lat float64) (lon float64, ok bool) {
	if (s.a[1] <= lat) == (s.b[1] <= lat) {
		return 0, false
	}
	return s.a[0] + (lat-s.a[1])/(s.b[1]-s.a[1])*(s.b[0]-s.a[0]), true
}
