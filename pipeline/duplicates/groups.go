package duplicates

import (
	"cmp"
	"fmt"
	"slices"

	"whenwhere/pipeline"
)

// Groups puts the incidents together that people joined, directly or through others. Every id is in one group; groups are
// sorted, and so is each.
func Groups(ids []string, links []pipeline.Link) [][]string {
	s := newSets(links)
	of := map[string][]string{}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		of[s.of(id)] = append(of[s.of(id)], id)
	}
	var out [][]string
	for _, g := range of {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	return out
}

// ClashError says that a new word of a pair does not go with what holds of others.
type ClashError struct {
	New  pipeline.Link
	With pipeline.Pair // what was said of it stands against the new word
	Word pipeline.LinkWord
}

func (e *ClashError) Error() string {
	return fmt.Sprintf("%s and %s cannot be %s while %s and %s are %s", e.New.A, e.New.B, e.New.Word, e.With.A, e.With.B, e.Word)
}

// Check says whether a new word of a pair goes with what holds of others, and changes anything: no pair that is apart comes
// into one group, nor does one stay there through others. The error is a *ClashError, or says that nothing would change.
func Check(links []pipeline.Link, word pipeline.Link) error {
	word = word.Ordered()
	pair := pipeline.Pair{A: word.A, B: word.B}
	before := pipeline.Said(pipeline.LinkIncidents, links)[pair]
	switch {
	case word.Word == pipeline.LinkOpen && before == "":
		return fmt.Errorf("%s and %s: nothing holds of them that could be taken back", word.A, word.B)
	case word.Word == before:
		return fmt.Errorf("%s and %s are %s already", word.A, word.B, before)
	}
	for _, l := range links {
		if l.A == word.A && l.B == word.B && l.Seq >= word.Seq {
			word.Seq = l.Seq + 1
		}
	}
	word.Seq = max(word.Seq, 1)
	after := append(slices.Clone(links), word)
	s, said := newSets(after), pipeline.Said(pipeline.LinkIncidents, after)
	var clashes []pipeline.Pair
	for p, w := range said {
		if w == pipeline.LinkApart && s.of(p.A) == s.of(p.B) {
			clashes = append(clashes, p)
		}
	}
	if len(clashes) == 0 {
		return nil
	}
	slices.SortFunc(clashes, func(a, b pipeline.Pair) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	with := clashes[0]
	if with != pair {
		return &ClashError{New: word, With: with, Word: pipeline.LinkApart}
	}
	return &ClashError{New: word, With: between(said, s, pair), Word: pipeline.LinkJoined}
}

// between finds a joined pair through which both of a pair come into one group.
func between(said map[pipeline.Pair]pipeline.LinkWord, s sets, pair pipeline.Pair) (first pipeline.Pair) {
	for p, w := range said {
		if w == pipeline.LinkJoined && s.of(p.A) == s.of(pair.A) && (first == (pipeline.Pair{}) || p.A < first.A || p.A == first.A && p.B < first.B) {
			first = p
		}
	}
	return first
}

// sets are groups as a forest: each id points to an earlier one of its group, and the first to itself.
type sets map[string]string

func newSets(links []pipeline.Link) sets {
	s := sets{}
	for p, w := range pipeline.Said(pipeline.LinkIncidents, links) {
		if w == pipeline.LinkJoined {
			a, b := s.of(p.A), s.of(p.B)
			s[max(a, b)] = min(a, b)
		}
	}
	return s
}

// of is the first id of a group.
func (s sets) of(id string) string {
	for s[id] != "" && s[id] != id {
		id = s[id]
	}
	return id
}
