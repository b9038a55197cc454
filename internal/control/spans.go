package control

import (
	"cmp"
	"slices"

	"whenwhere/internal/geo"
)

// span is a stretch of a parallel in degrees of longitude; spans are sorted
// and disjoint.
type (
	span  = geo.Interval
	spans []span
)

func (a spans) length() (deg float64) {
	for _, s := range a {
		deg += s.To - s.From
	}
	return deg
}

func (a spans) and(b spans) spans {
	var out spans
	for i, k := 0, 0; i < len(a) && k < len(b); {
		s := span{From: max(a[i].From, b[k].From), To: min(a[i].To, b[k].To)}
		if s.From < s.To {
			out = append(out, s)
		}
		if a[i].To < b[k].To {
			i++
		} else {
			k++
		}
	}
	return out
}

func (a spans) minus(b spans) spans {
	if len(b) == 0 {
		return a
	}
	var out spans
	for _, s := range a {
		for _, cut := range b {
			if cut.To <= s.From || cut.From >= s.To {
				continue
			}
			if cut.From > s.From {
				out = append(out, span{From: s.From, To: cut.From})
			}
			s.From = min(s.To, cut.To)
		}
		if s.From < s.To {
			out = append(out, s)
		}
	}
	return out
}

func (a spans) or(b spans) spans {
	if len(a) == 0 || len(b) == 0 {
		return spans(slices.Concat(a, b))
	}
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y span) int { return cmp.Compare(x.From, y.From) })
	var out spans
	for _, s := range all {
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}
