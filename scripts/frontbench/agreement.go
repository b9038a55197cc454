package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"

	"whenwhere/internal/control"
)

// agreement compares one provider's maps with its columns.
type agreement struct {
	source
	seams   seams
	classes map[string][]share // by band of the distance that we measure
	rows    int
	missing map[time.Time]*share // days without a map: the edition before speaks for them
	// Sides that differ beyond 2 km from the line.
	far int
	// Distances: as the table states them, or why not.
	stated, within2Km, seam, unexplained int
}

// lookUp is the answer of the edition of a day; ok is false where there is none, and the edition before answers.
func lookUp(m *control.Maps, editions map[time.Time]control.Edition, r row) (a control.Answer, ok bool) {
	e, ok := editions[r.day]
	at := e.AsOf
	if !ok {
		at = r.day
	}
	return m.At(r.lat, r.lon, at)[0], ok
}

func newAgreement(s source, m *control.Maps, rows []row, between seams) *agreement {
	a := &agreement{source: s, seams: between, classes: map[string][]share{}, missing: map[time.Time]*share{}}
	editions := days(m)
	for _, r := range rows {
		answer, ok := lookUp(m, editions, r)
		switch {
		case ok:
			a.add(r, answer)
		case s.daily:
			if a.missing[r.day] == nil {
				a.missing[r.day] = &share{}
			}
			a.missing[r.day].count(s.says(answer) == s.same(s.class(r)))
		}
	}
	return a
}

func (a *agreement) add(r row, answer control.Answer) {
	class, right := a.class(r), a.says(answer) == a.same(a.class(r))
	if a.classes[class] == nil {
		a.classes[class] = make([]share, len(bands))
	}
	km := math.Abs(*answer.DistanceM) / 1000
	a.rows++
	a.classes[class][band(km)].count(right)
	if !right && km > nearKm {
		a.far++
	}
	a.measure(r, km)
}

// nearKm: closer to a line than this, the table calls a place near the line, and maps are no finer.
const nearKm = 2

// measure: the table measures on a plane scaled by cos 48.5 degrees (off by up to 7 % east and west) and to 0.1 km.
func (a *agreement) measure(r row, km float64) {
	stated := a.distKm(r)
	slack := 0.15 + 0.08*max(stated, km)
	switch {
	case math.Abs(km-stated) <= slack:
		a.stated++
	case math.Abs(km-stated) <= nearKm:
		a.within2Km++
	case stated < km && a.seams.nearestKm(r) <= stated+slack:
		a.seam++
	default:
		a.unexplained++
	}
}

func (s *share) count(right bool) {
	s.all++
	if right {
		s.right++
	}
}

func (a *agreement) print(out io.Writer) error {
	fmt.Fprintf(out, "\n%s: the side, by class of the table and distance to the line (right/all)\n%-12s", a.folder, "")
	for _, name := range bandNames {
		fmt.Fprintf(out, "%14s", name)
	}
	fmt.Fprintf(out, "%16s\n", "all")
	var all share
	for _, class := range slices.Sorted(maps.Keys(a.classes)) {
		all.add(printRow(out, class, a.classes[class]))
	}
	fmt.Fprintf(out, "%s of %d expected; beyond 2 km from the line: %d differ\n", all, a.want, a.far)
	for _, day := range slices.SortedFunc(maps.Keys(a.missing), time.Time.Compare) {
		s := a.missing[day]
		fmt.Fprintf(out, "no map of %s: %d rows left out; the edition before says the same of %d\n", day.Format(time.DateOnly), s.all, s.right)
	}
	fmt.Fprintf(out, "the distance: %d as the table states it; %d within 2 km of that; farther: %d nearer in the table, which counts seams\n"+
		"between polygons of the same side as line; %d unexplained\n", a.stated, a.within2Km, a.seam, a.unexplained)
	if all.right != a.want || all.all != a.want || a.unexplained > 0 {
		return fmt.Errorf("%s: %s of %d rows agree, %d distances unexplained", a.folder, all, a.want, a.unexplained)
	}
	return nil
}

func (s *share) add(o share) {
	s.right += o.right
	s.all += o.all
}

func printRow(out io.Writer, class string, cells []share) (all share) {
	fmt.Fprintf(out, "%-12s", class)
	for _, c := range cells {
		all.add(c)
		fmt.Fprintf(out, "%14s", c)
	}
	fmt.Fprintf(out, "%16s\n", all)
	return all
}

var bandNames = []string{"under 0.5 km", "0.5-2", "2-5", "5-10", "10-40", "over 40"}
