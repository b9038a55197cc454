package sources

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"whenwhere/internal/likeness"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// original is a post that is not stated to be a repost.
type original struct {
	index   int // in the record
	source  pipeline.Source
	bare    bool // noted without a file, in a record that has some
	account pipeline.Basis
	posted  *time.Time // by its id or its publication time, whichever is earlier; nil when neither says
	witness pipeline.Basis
	copyOf  *copied
}

// copied is an earlier post with the same footage.
type copied struct {
	first original
	how   string
}

// witnesses finds out who is one witness with whom, of posts in the order of originals. All posts of an account are one, and
// so are all posts that carry the same footage: whoever posts a clip that somebody else posted before has it from there,
// said so or not. The witness goes by the name of the first who posted. A report in words carries no footage and stays a
// witness of its own.
func witnesses(posts []original, alike comparer) ([]original, error) {
	all := slices.Clone(posts)
	group := make([]int, len(all)) // the first of each one's group
	for i := range all {
		group[i] = i
		for j := range i {
			how, err := alike.carry(all[i].source, all[j].source)
			if err != nil {
				return nil, err
			}
			sameAccount := all[i].account == all[j].account
			if how != "" || sameAccount {
				join(group, i, j)
			}
			if how != "" && !sameAccount && all[i].copyOf == nil && before(all[j], all[i]) {
				all[i].copyOf = &copied{all[j], how}
			}
		}
	}
	for i := range all {
		all[i].witness = all[group[i]].account
	}
	return all, nil
}

// originals lists the posts in the order in which they were made; those of unknown time come last, in that of the record.
func originals(in pipeline.Incident) []original {
	posted := map[string]time.Time{}
	published, _ := moment.Published(in)
	for _, p := range slices.Concat(moment.PostedByID(in), published) {
		if t, ok := posted[p.Subject]; !ok || p.At.Before(t) {
			posted[p.Subject] = p.At
		}
	}
	var out []original
	for i, s := range in.Sources {
		if s.RepostOf != nil {
			continue
		}
		o := original{index: i, source: s, account: Poster(s), bare: len(s.Media) == 0 && len(in.Media) > 0}
		if t, ok := posted[pipeline.SourceSubject(i)]; ok {
			o.posted = &t
		}
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b original) int {
		switch {
		case a.posted == nil || b.posted == nil:
			return cmp.Compare(unknown(a), unknown(b))
		default:
			return a.posted.Compare(*b.posted)
		}
	})
	return out
}

func unknown(o original) int {
	if o.posted == nil {
		return 1
	}
	return 0
}

// before reports whether a was surely posted before b.
func before(a, b original) bool {
	return a.posted != nil && b.posted != nil && a.posted.Before(*b.posted)
}

// join makes the groups of i and j one, under the earlier of their firsts.
func join(group []int, i, j int) {
	first, later := min(group[i], group[j]), max(group[i], group[j])
	if first == later {
		return
	}
	for k := range group[:i+1] {
		if group[k] == later {
			group[k] = first
		}
	}
}

// maxCompared is how many files of a record are compared by their prints, every one with every other; with 2,000 that took
// 41 s. Those beyond the first are the same by their bytes or not at all.
const maxCompared = 200

// comparer says whether two posts carry the same footage. Files are read once, and pairs of them compared once.
type comparer struct {
	exhibits map[string]pipeline.Exhibit // those that are there
	printed  map[string]bool             // those that are compared by their prints
	footage  map[string]*likeness.Footage
	known    map[[2]string]string
}

func newComparer(in pipeline.Case) comparer {
	c := comparer{map[string]pipeline.Exhibit{}, map[string]bool{}, map[string]*likeness.Footage{}, map[[2]string]string{}}
	for _, e := range in.Media {
		if e.Media != nil {
			c.printed[e.Ref.File] = len(c.exhibits) < maxCompared
			c.exhibits[e.Ref.File] = e
		}
	}
	return c
}

// carry says how the footage of a is that of b; empty when it is not, or when one carries none.
func (c comparer) carry(a, b pipeline.Source) (string, error) {
	for _, one := range a.Media {
		for _, other := range b.Media {
			how, err := c.same(one, other)
			if err != nil || how != "" {
				return how, err
			}
		}
	}
	return "", nil
}

func (c comparer) same(one, other string) (string, error) {
	if one == other {
		return "the file " + other, nil
	}
	a, okA := c.exhibits[one]
	b, okB := c.exhibits[other]
	switch {
	case !okA || !okB:
		return "", nil
	case a.Media.ID == b.Media.ID:
		return fmt.Sprintf("the same bytes in %s and %s", one, other), nil
	case !c.printed[one] || !c.printed[other]:
		return "", nil
	}
	if how, ok := c.known[[2]string{one, other}]; ok {
		return how, nil
	}
	how, err := c.compare(a, b)
	if err == nil && how == "" { // one may be a part of the other, either way
		how, err = c.compare(b, a)
	}
	c.known[[2]string{one, other}] = how
	return how, err
}

func (c comparer) compare(a, b pipeline.Exhibit) (string, error) {
	x, err := c.footageOf(a)
	if err != nil {
		return "", err
	}
	y, err := c.footageOf(b)
	if err != nil {
		return "", err
	}
	like, ok, err := likeness.Compare(x, y)
	if err != nil || !ok {
		return "", err
	}
	return fmt.Sprintf("in %s %s", a.Ref.File, like.From(b.Ref.File)), nil
}

func (c comparer) footageOf(e pipeline.Exhibit) (*likeness.Footage, error) {
	if f, ok := c.footage[e.Ref.File]; ok {
		return f, nil
	}
	prints, _, err := pipeline.PrintsKey.In(e.Observed)
	if err != nil {
		return nil, err
	}
	f, err := likeness.Of(prints)
	c.footage[e.Ref.File] = f
	return f, err
}
