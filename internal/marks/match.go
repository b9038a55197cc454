package marks

import "math/bits"

const (
	radiusPair   = 68 // bits at which the nearest marks of two pictures may be the same
	radiusFirst  = 26 // of these in the first quarter, so that most pairs are done with after it
	radiusGuided = 84 // bits at which two marks are the same, where one lies on the other
	minSeeds     = 6  // pairs that agree on how the pictures lie on each other, before marks are compared place by place
)

// Limits of Alike. scripts/quality has 187,165 pairs of strangers under 24 edits, 23,821 of them with the same border,
// logo, caption, lower third or phone's screen: none is within these limits. The nearest of those that share nothing has
// evidence 22 (five have 18 or more, most of them mirrored); drawn facades with rows of windows have up to 39, but a margin
// of 2 at most, where no two strangers have 4 and copies have 5 in the least, recordings of a screen mostly 5 to 14. Those
// that share a screen have evidence up to 148, but are
// contradicted where the pictures in it differ, spread wider than 0.34, or not covered; those that share a bar or a border
// are spread less than 0.05 one way. Of the edits, 96 to 100 percent are within, of screen recordings 90, of lower thirds
// and of pictures resized to a quarter fewer: these hashes of the whole picture find.
const (
	leastEvidence = 24
	leastMargin   = 4
	leastMirrored = 30 // of evidence that a picture was mirrored, which is rarer
	leastCovered  = 0.65
	leastCells    = 6
	leastInner    = 4
	leastSpread   = 0.05
	mostSpread    = 0.34
	// mostContradicted holds for pictures that lie on each other edge to edge, as those with the same overlay do; an
	// overlay on one of them may contradict up to mostOverlaid.
	mostContradicted = 4
	mostOverlaid     = 12
	edgeToEdge       = 0.9 // of the area of both
)

// Match is how one picture, asked about, lies on another, seen before.
type Match struct {
	Mirrored bool      // the one asked about is turned left to right
	Map      Transform // from it, after that, to the seen one
	Agreement
	Scale      float64 // pixels of the asked one for each of the seen one
	TurnDeg    float64 // by which the asked one is turned, counterclockwise, -180 to 180
	ShowsSeen  float64 // share of the seen one's area that the asked one shows, by the map
	ShowsAsked float64 // share of the asked one's area that the seen one shows
}

// Alike reports whether the pictures show the same.
func (m *Match) Alike() bool {
	evidence, contradicted := float64(leastEvidence), mostOverlaid
	if m.Mirrored {
		evidence = leastMirrored
	}
	if min(m.ShowsSeen, m.ShowsAsked) >= edgeToEdge {
		contradicted = mostContradicted
	}
	return m.Evidence >= evidence && m.Margin >= leastMargin && m.Covered >= leastCovered && m.Cells >= leastCells && m.Inner >= leastInner && m.Contradicted <= contradicted &&
		min(m.SpreadX, m.SpreadY) >= leastSpread && max(m.SpreadX, m.SpreadY) <= mostSpread
}

// Find lays a, which is asked about, upon b: as it is held, or mirrored when that agrees better. Of strangers the Match
// has few pairs, or none.
func Find(a, b *Set) Match {
	m := find(a, b)
	if !m.Alike() {
		mirrored := a.Mirrored()
		if o := find(&mirrored, b); o.Evidence > m.Evidence {
			m = o
			m.Mirrored = true
		}
	}
	return m
}

// rounds is how often the map is fitted to the pairs that agree with the last.
const rounds = 3

func find(a, b *Set) (m Match) {
	if min(len(a.Marks), len(b.Marks)) < minSeeds || max(len(a.Marks), len(b.Marks)) > MaxMarks {
		return m
	}
	t, seeds := hypothesis(candidates(a, b))
	if seeds < minSeeds {
		return m
	}
	var best []pair
	for range rounds {
		agreed, pairs := agree(a, b, &t)
		if agreed.Evidence <= m.Evidence {
			break
		}
		m.Map, m.Agreement, best = t, agreed, pairs
		fit, ok := fitted(pairs)
		if !ok {
			break
		}
		t = fit
	}
	for i := range best {
		m.Margin += float64(best[i].margin(a, b)) / 32
	}
	if m.Pairs > 0 {
		m.measure(a, b)
	}
	return m
}

// measure says what the map means for people.
func (m *Match) measure(a, b *Set) {
	perA, perB := float64(a.WidthPx)/float64(a.Width), float64(b.WidthPx)/float64(b.Width)
	m.Scale = perA / (perB * m.Map.scale())
	m.TurnDeg = m.Map.turn() * 360 / turns
	back, ok := m.Map.inverse()
	if !ok {
		return
	}
	m.ShowsAsked, m.ShowsSeen = m.Map.share(a, b), back.share(b, a)
}

// pair is a mark of each picture that may be the same place, and what it says of how the pictures lie.
type pair struct {
	ax, ay, bx, by float64
	turn           int8  // of the picture
	level          int8  // of the mark in b less that in a: the higher, the smaller a shows it
	bits           uint8 // distance
	i, j           int   // the marks, of pairs that agree
}

func pairOf(a, b *Mark, bits int) pair {
	p := pair{turn: int8((b.Turn - a.Turn) % turns), level: int8(b.Level) - int8(a.Level), bits: uint8(bits)}
	p.ax, p.ay = a.place()
	p.bx, p.by = b.place()
	return p
}

// nearest is the mark of the other picture that is nearest in bits.
type nearest struct{ bits, at int }

// table has for each mark of both pictures the nearest of the other.
type table struct{ toA, toB [MaxMarks]nearest }

// candidates pairs each mark of either picture with its nearest of the other, if that is near enough; nearest first.
func candidates(a, b *Set) []pair {
	t := tableOf(a, b)
	var count [radiusPair + 2]int
	n := 0
	t.each(a, b, func(_, _, bits int) { count[bits+1]++; n++ })
	for d := 1; d < len(count); d++ {
		count[d] += count[d-1]
	}
	out := make([]pair, n)
	t.each(a, b, func(i, j, bits int) {
		out[count[bits]] = pairOf(&a.Marks[i], &b.Marks[j], bits)
		count[bits]++
	})
	return out
}

func tableOf(a, b *Set) *table {
	t := new(table)
	for j := range b.Marks {
		t.toA[j] = nearest{radiusPair + 1, -1}
	}
	for i := range a.Marks {
		best := nearest{radiusPair + 1, -1}
		x := &a.Marks[i].Code
		for j := range b.Marks {
			y := &b.Marks[j].Code
			first := bits.OnesCount64(x[0] ^ y[0])
			if first > radiusFirst {
				continue
			}
			d := first + bits.OnesCount64(x[1]^y[1]) + bits.OnesCount64(x[2]^y[2]) + bits.OnesCount64(x[3]^y[3])
			if d < best.bits {
				best = nearest{d, j}
			}
			if d < t.toA[j].bits {
				t.toA[j] = nearest{d, i}
			}
		}
		t.toB[i] = best
	}
	return t
}

// each visits the pairs, each once.
func (t *table) each(a, b *Set, visit func(i, j, bits int)) {
	for i, n := range t.toB[:len(a.Marks)] {
		if n.at >= 0 {
			visit(i, n.at, n.bits)
		}
	}
	for j, n := range t.toA[:len(b.Marks)] {
		if n.at >= 0 && t.toB[n.at].at != j {
			visit(n.at, j, n.bits)
		}
	}
}

func distance(a, b *Code) int {
	return bits.OnesCount64(a[0]^b[0]) + bits.OnesCount64(a[1]^b[1]) + bits.OnesCount64(a[2]^b[2]) + bits.OnesCount64(a[3]^b[3])
}
