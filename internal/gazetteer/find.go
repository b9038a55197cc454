package gazetteer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"whenwhere/internal/geo"
)

// Match says how a name was found, the best first.
type Match int

// The matches. From MatchPrefix on, the place has another name than the one that was asked.
const (
	MatchExact Match = iota + 1
	MatchTransliterated
	MatchPrefix
	MatchFuzzy
)

func (m Match) String() string {
	return map[Match]string{MatchExact: "exact", MatchTransliterated: "transliterated", MatchPrefix: "begins_so", MatchFuzzy: "similar"}[m]
}

// OtherName reports whether the place does not have the name that was asked.
func (m Match) OtherName() bool { return m >= MatchPrefix }

// Candidate is a place that a name can mean.
type Candidate struct {
	Place     *Place
	Name      Name // that matched
	Match     Match
	Reason    string
	DistanceM *float64 // to Query.Near
}

// Query narrows a search.
type Query struct {
	Oblast, Raion string      // as written in any language; empty is any
	Near          *geo.LatLon // candidates get their distance to it, and equally good ones are sorted by it
	Limit         int         // 0 is 20
}

// Answer holds every candidate up to the limit.
type Answer struct {
	Candidates []Candidate
	More       int    // that the limit left out
	Apart      string // what would tell the candidates of that very name apart; empty when there is one at most
}

const defaultLimit = 20

// MaxQueryBytes is the longest name that is looked for.
const MaxQueryBytes = 200

// Find returns the places that a name can mean, best first.
func (g *Gazetteer) Find(name string, q Query) Answer {
	all := g.candidates(name, q)
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	a := Answer{Candidates: all[:min(limit, len(all))], Apart: apart(named(all))}
	a.More = len(all) - len(a.Candidates)
	return a
}

func named(all []Candidate) []Candidate {
	n := slices.IndexFunc(all, func(c Candidate) bool { return c.Match.OtherName() })
	if n < 0 {
		return all
	}
	return all[:n]
}

func (g *Gazetteer) candidates(name string, q Query) []Candidate {
	folded := Fold(name)
	if folded == "" || len(name) > MaxQueryBytes {
		return nil
	}
	found := map[int]Candidate{}
	keep := func(e entry, m Match) {
		p := &g.places[e.place]
		if old, ok := found[e.place]; ok && old.Match <= m {
			return
		}
		found[e.place] = Candidate{Place: p, Name: p.Names[e.name], Match: m, Reason: reason(p.Names[e.name], m)}
	}
	for _, e := range with(g.exact, folded, false) {
		keep(e, MatchExact)
	}
	keys := looseKeys(folded)
	for _, key := range keys {
		for _, e := range with(g.latin, key, false) {
			keep(e, MatchTransliterated)
		}
	}
	if utf8.RuneCountInString(folded) >= 3 {
		for _, e := range with(g.exact, folded, true) {
			keep(e, MatchPrefix)
		}
		for _, key := range keys {
			for _, e := range with(g.latin, key, true) {
				keep(e, MatchPrefix)
			}
		}
	}
	out := sorted(found, q)
	if len(named(out)) > 0 {
		return out // then a name that is only similar is noise
	}
	similar(g.exact, folded, func(e entry) { keep(e, MatchFuzzy) })
	for _, key := range keys {
		similar(g.latin, key, func(e entry) { keep(e, MatchFuzzy) })
	}
	return sorted(found, q)
}

func reason(n Name, m Match) string {
	switch role := roleWords[n.Role]; m {
	case MatchExact:
		return fmt.Sprintf("%s %s", role, n.Text)
	case MatchTransliterated:
		return fmt.Sprintf("another spelling of its %s %s", role, n.Text)
	case MatchPrefix:
		return fmt.Sprintf("other name: its %s %s begins so", role, n.Text)
	default:
		return fmt.Sprintf("other name: its %s %s is only similar", role, n.Text)
	}
}

var roleWords = map[Role]string{RoleMain: "name", RoleUkrainian: "Ukrainian name", RoleEnglish: "English name", RoleRussian: "Russian name",
	RoleOld: "old name", RoleAlternate: "alternate name"}

func sorted(found map[int]Candidate, q Query) []Candidate {
	type ranked struct {
		Candidate
		place int
	}
	var out []ranked
	for i, c := range found {
		if q.Oblast != "" && len(c.Place.oblasts) > 0 && !sameArea(q.Oblast, c.Place.oblasts) ||
			q.Raion != "" && len(c.Place.raions) > 0 && !sameArea(q.Raion, c.Place.raions) {
			continue
		}
		if q.Near != nil {
			d := geo.DistanceM(*q.Near, c.Place.At)
			c.DistanceM = &d
		}
		out = append(out, ranked{c, i})
	}
	slices.SortFunc(out, func(a, b ranked) int {
		near := 0
		if q.Near != nil {
			near = cmp.Compare(*a.DistanceM, *b.DistanceM)
		}
		return cmp.Or(cmp.Compare(a.Match, b.Match), near, cmp.Compare(b.Place.Population, a.Place.Population), cmp.Compare(a.place, b.place))
	})
	list := make([]Candidate, len(out))
	for i, r := range out {
		list[i] = r.Candidate
	}
	return list
}

// similar finds keys that differ by one letter, or by two in longer names. Shorter names than four letters are all alike.
func similar(list []entry, key string, found func(entry)) {
	want := []rune(key)
	if len(want) < 4 {
		return
	}
	most := 1
	if len(want) >= 7 {
		most = 2
	}
	var last string
	near := false
	for _, e := range list {
		if e.key != last {
			last = e.key
			near = editDistance(want, []rune(e.key), most) <= most
		}
		if near {
			found(e)
		}
	}
}

// editDistance is the number of letters inserted, left out, replaced or exchanged with their neighbour (optimal string
// alignment), or most+1 when it is more than most.
func editDistance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	before, last, this := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		this[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			this[j] = min(last[j]+1, this[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				this[j] = min(this[j], before[j-2]+1)
			}
			best = min(best, this[j])
		}
		if best > most {
			return most + 1
		}
		before, last, this = last, this, before
	}
	return last[len(b)]
}

// apart says what would tell places of one name apart.
func apart(list []Candidate) string {
	if len(list) < 2 {
		return ""
	}
	oblasts, raions := map[string]int{}, map[string]int{}
	for _, c := range list {
		oblast := c.Place.Oblast
		if oblast == "" {
			oblast = c.Place.Country
		}
		oblasts[oblast]++
		raions[oblast+"|"+c.Place.Raion]++
	}
	switch {
	case len(oblasts) == len(list):
		return fmt.Sprintf("%d places have the name; the oblast tells them apart", len(list))
	case len(raions) == len(list):
		return fmt.Sprintf("%d places have the name; oblast and raion tell them apart", len(list))
	case len(oblasts) == 1 && len(raions) == 1:
		return fmt.Sprintf("%d places have the name, and nothing in the files tells them apart but their position", len(list))
	}
	return fmt.Sprintf("%d places have the name in %d oblasts and %d raions; where several share a raion only a position tells them apart", len(list), len(oblasts), len(raions))
}

// Resolution is what a name of a claim comes to.
type Resolution struct {
	Place      *Place // nil unless exactly one place has the name
	Candidates []Candidate
	Reason     string // why it is one, several or none
}

// Resolve looks for the one place of that very name, within the oblast and raion if they are given. Similar names never
// count; a place whose oblast no file states is not excluded by it.
func (g *Gazetteer) Resolve(name, oblast, raion string) Resolution {
	all := g.candidates(name, Query{Oblast: oblast, Raion: raion})
	list := named(all)
	r := Resolution{Candidates: list}
	within := ""
	for _, part := range []string{raion, oblast} {
		if part != "" {
			within += ", " + part
		}
	}
	switch len(list) {
	case 0:
		r.Reason = fmt.Sprintf("the gazetteer has no place named %s%s", name, within)
		elsewhere := 0
		if within != "" {
			elsewhere = len(named(g.candidates(name, Query{})))
		}
		switch {
		case elsewhere > 0:
			r.Reason += fmt.Sprintf("; %d of that name lie elsewhere", elsewhere)
		case len(all) > 0:
			r.Reason += fmt.Sprintf("; only similar names, such as %s", all[0].Place.Where())
		}
	case 1:
		r.Place = list[0].Place
		r.Reason = fmt.Sprintf("%s: %s (%s)", list[0].Place.Where(), list[0].Reason, list[0].Place.ID)
	default:
		const shown = 4
		var names []string
		for _, c := range list[:min(shown, len(list))] {
			names = append(names, c.Place.Where()+" ("+c.Place.ID+")")
		}
		if len(list) > shown {
			names = append(names, fmt.Sprintf("%d more", len(list)-shown))
		}
		r.Reason = fmt.Sprintf("%s%s: %s: %s", name, within, apart(list), strings.Join(names, "; "))
	}
	return r
}
