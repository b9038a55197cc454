package geo

import (
	"math"
	"slices"
)

// line is a boundary as a tree of boxes over its edges, made for nearest
// queries: with each box goes the least cosine of its latitudes, so that
// bounding a distance needs no trigonometry. Where a node ends is decided by
// its content and not by counting, so that two boundaries which differ in one
// place have all other nodes in common, and a Pool can keep those once. A node
// never changes; a line without edges is nil.
type line struct {
	hash   uint64 // of all edges below
	segs   []segment
	cos    float64
	bounds []bound // of the kids
	kids   []*line
}

type bound struct {
	box
	cos float64
}

const (
	minFan = 4
	maxFan = 12
	// endMask makes a node end after one of four items on average, once it has the least.
	endMask = 3
)

// ends tells whether a node of n items ends with one of this hash.
func ends(n int, hash uint64) bool { return n >= minFan && hash&endMask == 0 || n == maxFan }

func newLine(segs []segment) *line {
	if len(segs) == 0 {
		return nil
	}
	var level []*line
	for from, i := 0, 0; i < len(segs); i++ {
		if ends(i+1-from, segs[i].hash()) || i == len(segs)-1 {
			level = append(level, leaf(segs[from:i+1:i+1]))
			from = i + 1
		}
	}
	for len(level) > 1 {
		below := level
		level = nil
		for from, i := 0, 0; i < len(below); i++ {
			if ends(i+1-from, below[i].hash) || i == len(below)-1 {
				level = append(level, parent(below[from:i+1:i+1]))
				from = i + 1
			}
		}
	}
	return level[0]
}

func leaf(segs []segment) *line {
	n := &line{segs: segs, cos: 1}
	b := segs[0].box()
	for _, s := range segs {
		n.hash = mix(n.hash ^ s.hash())
		b = b.union(s.box())
	}
	n.cos = b.leastCos()
	return n
}

func parent(kids []*line) *line {
	n := &line{kids: kids, bounds: make([]bound, len(kids))}
	for i, k := range kids {
		n.hash = mix(n.hash ^ k.hash)
		b := k.box()
		n.bounds[i] = bound{b, b.leastCos()}
	}
	return n
}

func (n *line) box() box {
	if len(n.segs) > 0 {
		b := n.segs[0].box()
		for _, s := range n.segs {
			b = b.union(s.box())
		}
		return b
	}
	b := n.bounds[0].box
	for _, k := range n.bounds {
		b = b.union(k.box)
	}
	return b
}

func (b box) leastCos() float64 {
	return min(math.Cos(b.minLat*radPerDeg), math.Cos(b.maxLat*radPerDeg))
}

// each visits the edges in their order.
func (n *line) each(visit func(segment)) {
	if n == nil {
		return
	}
	for _, s := range n.segs {
		visit(s)
	}
	for _, k := range n.kids {
		k.each(visit)
	}
}

func (s *segment) hash() (h uint64) {
	for _, x := range [...]float64{s.a[0], s.a[1], s.b[0], s.b[1]} {
		h = mix(h ^ math.Float64bits(x))
	}
	return h
}

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood, "Fast splittable
// pseudorandom number generators", 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Pool keeps what regions have in common once: of 209 maps of a front that
// moves here and there, 19 of 20 nodes. Questions to one map after the other
// then find their edges in the processor's cache. A pool is used by one
// goroutine; the regions it returns by any number.
type Pool struct{ lines map[uint64]*line }

// NewPool returns a pool of nothing.
func NewPool() *Pool { return &Pool{lines: map[uint64]*line{}} }

// Share returns a region that answers as r does and has in common with the
// earlier ones what is equal.
func (p *Pool) Share(r *Region) *Region {
	out := *r
	out.line, out.gaps = p.line(r.line), p.line(r.gaps)
	return &out
}

func (p *Pool) line(n *line) *line {
	if n == nil {
		return nil
	}
	known, ok := p.lines[n.hash]
	if ok && known.equal(n) {
		return known
	}
	mine := *n
	mine.segs = slices.Clone(n.segs) // not a part of a whole line, which would be kept with it
	mine.kids = make([]*line, len(n.kids))
	for i, k := range n.kids {
		mine.kids[i] = p.line(k)
	}
	if !ok {
		p.lines[n.hash] = &mine
	}
	return &mine
}

// equal compares the edges, so that hashes which are equal by chance do no harm.
func (n *line) equal(o *line) bool {
	return n == o || n.hash == o.hash && slices.Equal(n.segs, o.segs) && slices.EqualFunc(n.kids, o.kids, (*line).equal)
}
