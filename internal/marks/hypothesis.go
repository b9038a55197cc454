package marks

import "math"

const (
	anchors   = 24  // how many of the nearest pairs a hypothesis may begin with
	partners  = 16  // with how many of those that agree with it each is combined
	slackTurn = 5   // of 64 by which the directions of two marks may differ from the turn of the picture
	slackSize = 1.8 // factor by which their sizes may
	maxScale  = 3.6 // of the picture, either way
	slackPx   = 3   // by which a mark may miss the other
)

// hypothesis finds the map on which most pairs agree, among those that two pairs give, and how many those are.
func hypothesis(list []pair) (best Transform, seeds int) {
	var agreeing []pair
	for i := range list[:min(anchors, len(list))] {
		agreeing = list[i].agreeing(list, agreeing[:0])
		if len(agreeing) <= seeds {
			continue
		}
		for j := range agreeing[:min(partners, len(agreeing))] {
			t, ok := similarity(&list[i], &agreeing[j])
			if !ok {
				continue
			}
			if n := t.count(agreeing); n > seeds {
				best, seeds = t, n
			}
		}
	}
	return best, seeds
}

// agreeing appends the pairs, itself too, that could be on one map with p by their turn, their size and their distance.
func (p *pair) agreeing(list, into []pair) []pair {
	size := sizes[max(p.level, 0)] / sizes[max(-p.level, 0)]
	low, high := size*size/(slackSize*slackSize), size*size*slackSize*slackSize
	for i := range list {
		q := &list[i]
		if gap := int(q.turn-p.turn) & (turns - 1); min(gap, turns-gap) > slackTurn || max(q.level-p.level, p.level-q.level) > 2 {
			continue
		}
		ax, ay, bx, by := q.ax-p.ax, q.ay-p.ay, q.bx-p.bx, q.by-p.by
		da, db := ax*ax+ay*ay, bx*bx+by*by
		if min(da, db) > 64 && (db < low*da || db > high*da) {
			continue
		}
		into = append(into, *q)
	}
	return into
}

// similarity is the map that brings both places of a to those of b, if that agrees with how the marks lie.
func similarity(p, q *pair) (t Transform, ok bool) {
	ax, ay, bx, by := q.ax-p.ax, q.ay-p.ay, q.bx-p.bx, q.by-p.by
	n, m := ax*ax+ay*ay, bx*bx+by*by
	if n < 100 || m < 64 || m > maxScale*maxScale*n || n > maxScale*maxScale*m {
		return t, false
	}
	t.A, t.C = (ax*bx+ay*by)/n, (ax*by-ay*bx)/n
	t.B, t.D = -t.C, t.A
	t.X, t.Y = p.bx-t.A*p.ax-t.B*p.ay, p.by-t.C*p.ax-t.D*p.ay
	return t, turnGap(t.turn(), float64(p.turn)) <= slackTurn
}

// count is how many pairs agree.
func (t *Transform) count(list []pair) int {
	far := slackPx * slackPx * max(1, t.A*t.A+t.C*t.C)
	n := 0
	for i := range list {
		x, y := t.at(list[i].ax, list[i].ay)
		if dx, dy := x-list[i].bx, y-list[i].by; dx*dx+dy*dy <= far {
			n++
		}
	}
	return n
}

func turnGap(a, b float64) float64 { return math.Abs(math.Remainder(a-b, turns)) }
