package align

import "slices"

// standing finds pictures that stand still in both clips: patches of near pairs without a diagonal. A patch counts when
// it has two instants or more on each side, and when no placed segment explains either side of it.
func (b *board) standing(placed []Segment) []Segment {
	var found []Segment
	seen := slices.Clone(b.used)
	for i := range b.a {
		for j := range b.b {
			if k := b.at(i, j); seen[k] || !b.alike(k) {
				continue
			}
			s, ok := b.patch(pair{i, j}, seen)
			explained := slices.ContainsFunc(placed, func(p Segment) bool {
				return overlaps(s.QFromMs, s.QToMs, p.QFromMs, p.QToMs) || overlaps(s.RFromMs, s.RToMs, p.RFromMs, p.RToMs)
			})
			if ok && !explained && len(found) < MaxSegments {
				found = append(found, s)
			}
		}
	}
	return found
}

// alike says that a cell is about as near as the best of its row or column.
func (b *board) alike(k int) bool { return b.bits[k] != none && b.like[k] >= 0.5 }

// patch floods from one cell over its alike neighbours.
func (b *board) patch(start pair, seen []bool) (Segment, bool) {
	low, high := start, start
	bestOfRow := map[int]int{}
	todo := []pair{start}
	seen[b.at(start.i, start.j)] = true
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		low, high = pair{min(low.i, p.i), min(low.j, p.j)}, pair{max(high.i, p.i), max(high.j, p.j)}
		d := int(b.bits[b.at(p.i, p.j)])
		if best, ok := bestOfRow[p.i]; !ok || d < best {
			bestOfRow[p.i] = d
		}
		for i := max(p.i-1, 0); i <= min(p.i+1, len(b.a)-1); i++ {
			for j := max(p.j-1, 0); j <= min(p.j+1, len(b.b)-1); j++ {
				if k := b.at(i, j); !seen[k] && b.alike(k) {
					seen[k] = true
					todo = append(todo, pair{i, j})
				}
			}
		}
	}
	rows := len(bestOfRow)
	sum := 0
	for _, d := range bestOfRow { // a sum of integers: the order of the map does not matter
		sum += d
	}
	return Segment{
		QFromMs: b.a[low.i].atMs, QToMs: b.a[high.i].atMs, RFromMs: b.b[low.j].atMs, RToMs: b.b[high.j].atMs,
		Speed: 1, Unplaced: true, Frames: rows, MeanBits: float64(sum) / float64(rows),
		Share: float64(rows) / float64(high.i-low.i+1),
	}, high.i > low.i && high.j > low.j
}
