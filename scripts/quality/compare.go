package main

import (
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"whenwhere/internal/likeness"
)

// row is what is known of one edit.
type row struct {
	edit      edit
	n         int     // originals that count and pass the gate
	near      [][]int // distances to the own original, of each print alone; without those of refused copies
	matched   []int   // distances of the pairs that the matcher found
	byMarks   int     // how many of these it found by marks, and by no hash
	other     int     // found when the copy is what the archive has, and the original is asked about
	strangers negatives
	sharing   negatives // pairs of copies that have the edit's overlay in common; none when it has none
	notes     []string  // what was missed, and what was matched falsely
}

// negatives are pairs of pictures that are not the same.
type negatives struct {
	pairs   int
	matches int   // that the matcher made, asked either way
	nearest []int // distance of the nearest pair, of each print alone
}

func newNegatives() negatives {
	n := negatives{}
	for range alone {
		n.nearest = append(n.nearest, 257)
	}
	return n
}

// add compares two pictures that are not the same; says is what the matcher says of a match, empty if there is none.
func (n *negatives) add(asked, seen printed) (says string, err error) {
	n.pairs++
	if asked.codes != nil && seen.codes != nil {
		for i := range alone {
			n.nearest[i] = min(n.nearest[i], asked.codes[i].distance(seen.codes[i]))
		}
	}
	like, ok, err := likeness.Compare(asked.footage, seen.footage)
	if err == nil && !ok {
		like, ok, err = likeness.Compare(seen.footage, asked.footage)
	}
	if !ok || err != nil {
		return "", err
	}
	n.matches++
	return like.String(), nil
}

func (n *negatives) join(o negatives) {
	n.pairs, n.matches = n.pairs+o.pairs, n.matches+o.matches
	for i := range n.nearest {
		n.nearest[i] = min(n.nearest[i], o.nearest[i])
	}
}

func (a *archive) compare() (report, error) {
	r := report{originals: len(a.from)}
	r.all.strangers, r.all.sharing = newNegatives(), newNegatives()
	for i, o := range a.from {
		switch {
		case !o.counted:
			r.strangers++
		case a.seen[i].codes == nil:
			r.refused = append(r.refused, o.name)
		}
	}
	r.rows = make([]row, len(a.edits))
	var group errgroup.Group
	group.SetLimit(workers)
	for e := range a.edits { // each writes its own place only
		group.Go(func() (err error) {
			r.rows[e], err = a.row(e)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return r, err
	}
	for _, one := range r.rows {
		r.notes = append(r.notes, one.notes...)
		r.all.strangers.join(one.strangers)
		r.all.sharing.join(one.sharing)
	}
	return r, nil
}

func (a *archive) row(e int) (row, error) {
	r := row{edit: a.edits[e], near: make([][]int, len(alone)), strangers: newNegatives(), sharing: newNegatives()}
	for i := range a.from {
		if a.from[i].counted && a.seen[i].codes != nil {
			if err := r.own(a.from[i].name, a.copies[e][i], a.seen[i]); err != nil {
				return r, err
			}
		}
		if err := a.others(&r, e, i); err != nil {
			return r, err
		}
	}
	for _, d := range append(r.near, r.matched) {
		slices.Sort(d)
	}
	return r, nil
}

// own compares a copy with its original.
func (r *row) own(name string, copied, seen printed) error {
	r.n++
	if copied.codes != nil {
		for i := range alone {
			r.near[i] = append(r.near[i], copied.codes[i].distance(seen.codes[i]))
		}
	}
	like, ok, err := likeness.Compare(copied.footage, seen.footage)
	if err != nil {
		return err
	}
	if ok {
		r.matched = append(r.matched, like.BitsPDQ)
		if like.Marks != nil {
			r.byMarks++
		}
	} else {
		r.note("missed", name, uprights(copied, seen)+"; "+nearest(copied, seen))
	}
	if _, ok, err = likeness.Compare(seen.footage, copied.footage); ok {
		r.other++
	}
	return err
}

// others compares a copy with other originals, and with other copies that share its overlay.
func (a *archive) others(r *row, e, i int) error {
	for j := range a.from {
		if i == j {
			continue
		}
		says, err := r.strangers.add(a.copies[e][i], a.seen[j])
		if err != nil {
			return err
		}
		if says != "" {
			r.note("false", a.from[i].name, a.from[j].name+": "+says)
		}
		if !r.edit.shares || j < i {
			continue
		}
		if says, err = r.sharing.add(a.copies[e][i], a.copies[e][j]); err != nil {
			return err
		}
		if says != "" {
			r.note("false", a.from[i].name, a.from[j].name+", sharing: "+says)
		}
	}
	return nil
}

func (r *row) note(kind, name, text string) {
	r.notes = append(r.notes, fmt.Sprintf("%s: %s: %s: %s", kind, r.edit.name, name, text))
}

// uprights says how near two pictures are as they lie.
func uprights(copied, seen printed) string {
	if copied.codes == nil {
		return "the copy is too flat or too weak"
	}
	text := "upright"
	for i, name := range alone {
		text += fmt.Sprintf(" %s %d", name, copied.codes[i].distance(seen.codes[i]))
	}
	return text
}

// recall is the share in percent of a print alone within the radius.
func (r *row) recall(print, radius int) float64 {
	found := 0
	for _, d := range r.near[print] {
		if d <= radius {
			found++
		}
	}
	return percent(found, r.n)
}

// combined is the share in percent that the matcher finds.
func (r *row) combined() float64 { return percent(len(r.matched), r.n) }

func percent(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(part) / float64(of)
}
