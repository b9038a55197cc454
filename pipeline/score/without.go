package score

import "whenwhere/pipeline"

// without gives the score without each line that counts. It is more than dropping the weight: another line of the same
// witness may step in, and a capped axis is scaled anew.
func without(rules Rules, lines []pipeline.Line) map[string]float64 {
	raw, loss := map[pipeline.Axis]milliBans{}, map[string]milliBans{}
	for w, p := range standIns(lines) {
		raw[w.axis] += p.best
		loss[p.id] += p.best - p.second
	}
	out := map[string]float64{}
	total := total(lines)
	for _, l := range lines {
		if l.Weight != 0 {
			now, then := rules.capped(l.Axis, raw[l.Axis]), rules.capped(l.Axis, raw[l.Axis]-loss[l.ID])
			out[l.ID] = rules.score(total - now + then)
		}
	}
	return out
}

// pair is the strongest line of a witness, and the strongest of another id.
type pair struct {
	id           string
	best, second milliBans // bans alone, of one sign
}

func standIns(lines []pipeline.Line) map[witness]pair {
	out := map[witness]pair{}
	for _, l := range lines {
		if l.Alone == 0 {
			continue
		}
		p, w := out[witnessOf(l)], toMilli(l.Alone)
		switch {
		case l.ID == p.id:
			p.best = stronger(p.best, w)
		case stronger(p.best, w) != p.best:
			p.id, p.best, p.second = l.ID, w, p.best
		default:
			p.second = stronger(p.second, w)
		}
		out[witnessOf(l)] = p
	}
	return out
}

// stronger is the one farther from 0 of two weights of one sign, the first when they are equal.
func stronger(a, b milliBans) milliBans {
	if b*b > a*a {
		return b
	}
	return a
}
