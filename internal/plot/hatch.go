package plot

import (
	"cmp"
	"math"
	"slices"
)

// hatch fills rings by the non-zero rule with parallel lines that lie on one grid of the picture, so that neighbouring
// areas of a pattern join without a seam.
func hatch(rings [][]pt, how Pattern) [][]pt {
	angle, gap := -math.Pi/4, 8.0
	switch how {
	case Rising:
	case Falling:
		angle = math.Pi / 4
	case Level:
		angle, gap = 0, 14
	}
	sin, cos := math.Sincos(angle)
	turned := make([][]pt, len(rings)) // so that the lines are level
	for i, ring := range rings {
		for _, v := range ring {
			turned[i] = append(turned[i], pt{v.x*cos + v.y*sin, -v.x*sin + v.y*cos})
		}
	}
	var out [][]pt
	for _, s := range scan(turned, gap) {
		back := func(x float64) pt { return pt{x*cos - s.y*sin, x*sin + s.y*cos} }
		out = append(out, []pt{back(s.x0), back(s.x1)})
	}
	return out
}

// stretch is a part of a level line inside the rings.
type stretch struct{ y, x0, x1 float64 }

// crossing is where an edge meets a level line, and whether it runs down there.
type crossing struct {
	x    float64
	turn int
}

// scan cuts the rings by level lines, gap apart.
func scan(rings [][]pt, gap float64) []stretch {
	rows := map[int][]crossing{}
	for _, ring := range rings {
		for i, b := range ring {
			a := ring[(i+len(ring)-1)%len(ring)]
			turn := 1
			if a.y > b.y {
				a, b, turn = b, a, -1
			}
			for k := int(math.Ceil(a.y / gap)); float64(k)*gap < b.y; k++ {
				f := (float64(k)*gap - a.y) / (b.y - a.y)
				rows[k] = append(rows[k], crossing{a.x + f*(b.x-a.x), turn})
			}
		}
	}
	var keys []int
	for k := range rows {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out []stretch
	for _, k := range keys {
		out = append(out, inside(rows[k], float64(k)*gap)...)
	}
	return out
}

func inside(row []crossing, y float64) []stretch {
	slices.SortFunc(row, func(a, b crossing) int { return cmp.Or(cmp.Compare(a.x, b.x), a.turn-b.turn) })
	var out []stretch
	winding, from := 0, 0.0
	for _, c := range row {
		before := winding
		winding += c.turn
		switch {
		case before == 0:
			from = c.x
		case winding == 0 && c.x > from:
			out = append(out, stretch{y, from, c.x})
		}
	}
	return out
}
