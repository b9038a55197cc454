package marks

import "math"

// cells is how many parts a side of what both pictures show is divided into.
const cells = 8

// Agreement is how well two pictures agree where one lies on the other.
type Agreement struct {
	Pairs    int     // marks with a partner: near where the map says, turned and sized as it says, and of a like description
	Of       int     // marks of the picture with fewer, in what both show
	Evidence float64 // sum over the pairs of how near in bits they are: about 2 for a good one, 0.25 for the worst
	// Margin is the sum over the pairs of how much nearer the two are to each other, in bits, than either is to any mark of
	// the other picture that lies elsewhere, in 32nds (the ratio test of D. Lowe, "Distinctive image features from
	// scale-invariant keypoints", 2004, as a difference): little between pictures that repeat themselves, as rows of windows do.
	Margin float64
	// What both show, in 8 x 8 parts.
	Cells int // that hold a pair
	Inner int // of these, the ones not at the edge
	Parts int // that hold a mark of either
	// Covered is the share of the marks of both in what both show, about which there are pairs for a quarter of them at
	// least: it tells a picture with some marks missed everywhere from one with a part that is another picture.
	Covered float64
	// Contradicted counts the parts in and about which both have marks, and hardly any has a partner: 0 to 4 in most copies,
	// more where an overlay lies on one, and nearly always 8 or more where two pictures wear the same overlay.
	Contradicted int
	// SpreadX and SpreadY are the standard deviations of the places of pairs in shares of what both show: 0.29 if they are
	// everywhere, near 0 in a bar, near 0.5 at two edges only.
	SpreadX, SpreadY float64
}

const (
	inset      = 4    // how near to an edge, in pixels, a mark is not expected to be found in the other picture
	slackLevel = 1.6  // by how many levels a mark may be off the map
	reachPx    = 1.2  // how far, in pixels, and
	reachSize  = 0.8  // in pixels of its level
	localShare = 0.25 // of marks that have a partner makes a part covered,
	// chanceShare of at least localMarks contradicts it.
	chanceShare = 0.15
	localMarks  = 4
)

// field is what both pictures show, in places of b, and what lies where.
type field struct {
	left, top, right, low float64
	a, b, pairs           [cells * cells]int
}

func fieldOf(a, b *Set, t *Transform) *field {
	f := &field{left: math.Inf(1), top: math.Inf(1), right: math.Inf(-1), low: math.Inf(-1)}
	w, h := float64(a.Width), float64(a.Height)
	for _, c := range [4][2]float64{{0, 0}, {w, 0}, {0, h}, {w, h}} {
		x, y := t.at(c[0], c[1])
		f.left, f.right, f.top, f.low = min(f.left, x), max(f.right, x), min(f.top, y), max(f.low, y)
	}
	f.left, f.top = max(f.left, 0), max(f.top, 0)
	f.right, f.low = max(min(f.right, float64(b.Width)), f.left+1), max(min(f.low, float64(b.Height)), f.top+1)
	return f
}

// share is where a place lies in what both show, 0 to 1 each way.
func (f *field) share(x, y float64) (float64, float64) {
	return (x - f.left) / (f.right - f.left), (y - f.top) / (f.low - f.top)
}

func (f *field) cell(x, y float64) int {
	x, y = f.share(x, y)
	return min(max(int(x*cells), 0), cells-1) + cells*min(max(int(y*cells), 0), cells-1)
}

// shows reports whether a place is well within the picture.
func (s *Set) shows(x, y float64) bool {
	return x >= inset && y >= inset && x <= float64(s.Width)-inset && y <= float64(s.Height)-inset
}

// agree pairs the marks of a with those of b that lie where t brings them and look alike.
func agree(a, b *Set, t *Transform) (g Agreement, list []pair) {
	back, ok := t.inverse()
	if !ok {
		return g, nil
	}
	f := fieldOf(a, b, t)
	s := seeker{b: b, turn: t.turn(), level: math.Log(t.scale()) / math.Log(ratio)}
	for j := range b.Marks {
		bx, by := b.Marks[j].place()
		if x, y := back.at(bx, by); a.shows(x, y) && exists(float64(b.Marks[j].Level)-s.level) {
			f.b[f.cell(bx, by)]++
		}
	}
	for i := range a.Marks {
		m := &a.Marks[i]
		x, y := m.place()
		if x, y = t.at(x, y); !b.shows(x, y) {
			continue
		}
		if exists(float64(m.Level) + s.level) {
			f.a[f.cell(x, y)]++
		}
		if p, ok := s.partner(m, x, y); ok {
			p.i = i
			list = append(list, p)
			f.pairs[f.cell(p.bx, p.by)]++
			g.Evidence += float64(radiusGuided+8-int(p.bits)) / 32
		}
	}
	g.sum(f)
	g.spread(list, f)
	return g, list
}

// exists reports whether a picture has marks of the level.
func exists(level float64) bool { return level > -1 && level < levels }

// seeker finds partners in b.
type seeker struct {
	b     *Set
	turn  float64 // of the map
	level float64 // how many levels coarser than in a the marks are in b
	taken [MaxMarks]bool
}

// partner is the nearest in bits of those about the place to which the map brings a mark.
func (s *seeker) partner(m *Mark, x, y float64) (p pair, ok bool) {
	best, bits := -1, radiusGuided+1
	for j := range s.b.Marks {
		o := &s.b.Marks[j]
		bx, by := o.place()
		dx, dy, far := bx-x, by-y, reachPx+reachSize*sizes[o.Level]
		if dx*dx+dy*dy > far*far || s.taken[j] || math.Abs(float64(o.Level)-float64(m.Level)-s.level) > slackLevel ||
			turnGap(float64(o.Turn)-float64(m.Turn), s.turn) > slackTurn {
			continue
		}
		if d := distance(&m.Code, &o.Code); d < bits {
			best, bits = j, d
		}
	}
	if best < 0 {
		return p, false
	}
	s.taken[best] = true
	p = pairOf(m, &s.b.Marks[best], bits)
	p.j = best
	return p, true
}

// sum counts what the field holds.
func (g *Agreement) sum(f *field) {
	var a, b, covered int
	for c := range f.pairs {
		a, b, g.Pairs = a+f.a[c], b+f.b[c], g.Pairs+f.pairs[c]
		if f.a[c]+f.b[c] > 0 {
			g.Parts++
		}
		if f.pairs[c] > 0 {
			g.Cells++
			if x, y := c%cells, c/cells; x > 0 && y > 0 && x < cells-1 && y < cells-1 {
				g.Inner++
			}
		}
		na, nb, pairs := f.about(c)
		switch fewer := float64(min(na, nb)); {
		case pairs > 0 && float64(pairs) >= localShare*fewer:
			covered += f.a[c] + f.b[c]
		case fewer >= localMarks && float64(pairs) <= chanceShare*fewer:
			g.Contradicted++
		}
	}
	if g.Of = min(a, b); a+b > 0 {
		g.Covered = float64(covered) / float64(a+b)
	}
}

// about counts in a part and those about it.
func (f *field) about(c int) (a, b, pairs int) {
	for y := max(c/cells-1, 0); y <= min(c/cells+1, cells-1); y++ {
		for x := max(c%cells-1, 0); x <= min(c%cells+1, cells-1); x++ {
			k := y*cells + x
			a, b, pairs = a+f.a[k], b+f.b[k], pairs+f.pairs[k]
		}
	}
	return a, b, pairs
}

// elsewherePx is how far from its partner another mark must lie, in pixels, to be another place.
const elsewherePx = 8

// margin is how much nearer the marks of a pair are to each other than to any other place, in bits; 0 if they are not.
func (p *pair) margin(a, b *Set) int {
	x, y := &a.Marks[p.i].Code, &b.Marks[p.j].Code
	other := 256
	for j := range b.Marks {
		if u, v := b.Marks[j].place(); math.Abs(u-p.bx) > elsewherePx || math.Abs(v-p.by) > elsewherePx {
			other = min(other, distance(x, &b.Marks[j].Code))
		}
	}
	for i := range a.Marks {
		if u, v := a.Marks[i].place(); math.Abs(u-p.ax) > elsewherePx || math.Abs(v-p.ay) > elsewherePx {
			other = min(other, distance(&a.Marks[i].Code, y))
		}
	}
	return max(other-int(p.bits), 0)
}

func (g *Agreement) spread(list []pair, f *field) {
	if len(list) == 0 {
		return
	}
	var x, y, xx, yy float64
	for _, p := range list {
		u, v := f.share(p.bx, p.by)
		x, y, xx, yy = x+u, y+v, xx+float64(u*u), yy+float64(v*v)
	}
	n := float64(len(list))
	g.SpreadX, g.SpreadY = math.Sqrt(max(xx/n-float64(x/n*(x/n)), 0)), math.Sqrt(max(yy/n-float64(y/n*(y/n)), 0))
}
