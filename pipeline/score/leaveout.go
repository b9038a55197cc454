package score

import "whenwhere/pipeline"

// leaveOut gives the total without each line that no other line rests on, from sums alone: what is left out of a thousand
// lines moves the sum of its own group, and reducing the others anew a thousand times would take seconds. Lines that share
// their id with another one are not in it.
func (r Rules) leaveOut(lines []pipeline.Line) map[string]milliBans {
	groups := r.groups(lines)
	strongest := map[witness]pair{}
	of := func(i int) witness { return witness{groups[i], lines[i].Basis, lines[i].Alone < 0} }
	ids := map[string]int{}
	for i, l := range lines {
		ids[l.ID]++
		if l.Alone != 0 {
			strongest[of(i)] = strongest[of(i)].with(toMilli(l.Alone))
		}
	}
	sums := map[group]milliBans{}
	for w, p := range strongest { // sums are exact in any order
		sums[w.group] += p.first
	}
	whole, out := r.totalOf(sums), map[string]milliBans{}
	for i, l := range lines {
		p := strongest[of(i)]
		switch {
		case ids[l.ID] > 1:
		case l.Alone == 0 || toMilli(l.Alone) != p.first:
			out[l.ID] = whole
		default:
			sums[groups[i]] += p.second - p.first
			out[l.ID] = r.totalOf(sums)
			sums[groups[i]] += p.first - p.second
		}
	}
	return out
}

// pair is the strongest weight of a witness and the one that steps in for it.
type pair struct{ first, second milliBans }

func (p pair) with(w milliBans) pair {
	switch {
	case abs(w) > abs(p.first):
		return pair{w, p.first}
	case abs(w) > abs(p.second):
		return pair{p.first, w}
	}
	return p
}

func abs(w milliBans) milliBans { return max(w, -w) }

// totalOf is the total that reduce leaves of lines with these sums of their groups, one witness counted once.
func (r Rules) totalOf(sums map[group]milliBans) milliBans {
	props := map[pipeline.Axis]milliBans{}
	for g, sum := range sums { // exact in any order
		if limit, capped := r.AxisCaps[g.axis]; capped {
			sum = min(max(sum, -toMilli(limit)), toMilli(limit))
		}
		props[g.proposition] += sum
	}
	ofWhere, ofWhen := shares(r.Prior, props[pipeline.AxisWhere], props[pipeline.AxisWhen])
	return props[""] + ofWhere + ofWhen
}
