package main

import (
	"fmt"
	"io"
	"math"

	"whenwhere/internal/control"
)

// consensus compares the last column of the table with what both providers' maps of the same day say together.
type consensus struct {
	deepstate, owlmaps         seams
	all                        int
	cells                      map[[2]string]int // column, ours
	atTwoKm, seam, unexplained int
}

var consensusClasses = []string{"RU", "NOT_RU", "NEAR_LINE", "DISPUTED"}

// newConsensus asks both providers; raw speaks for deepstate on a day that daily misses.
func newConsensus(daily, raw, owlmaps *control.Maps, rows []row, deepstateSeams, owlmapsSeams seams) *consensus {
	c := &consensus{deepstate: deepstateSeams, owlmaps: owlmapsSeams, cells: map[[2]string]int{}}
	dailyDays, rawDays, owlmapsDays := days(daily), days(raw), days(owlmaps)
	for _, r := range rows {
		a, found := lookUp(daily, dailyDays, r)
		if !found {
			a, found = lookUp(raw, rawDays, r)
		}
		if b, ok := lookUp(owlmaps, owlmapsDays, r); found && ok {
			c.add(r, a, b)
		}
	}
	return c
}

// together is the rule of the table: two sides that differ are disputed, whatever the distance.
func together(a, b control.Answer) (class string, km float64) {
	km = min(math.Abs(*a.DistanceM), math.Abs(*b.DistanceM)) / 1000
	held := a.EditionSide == control.RU
	switch {
	case held != (b.EditionSide == control.RU):
		return "DISPUTED", km
	case km < nearKm:
		return "NEAR_LINE", km
	case held:
		return "RU", km
	}
	return "NOT_RU", km
}

func (c *consensus) add(r row, a, b control.Answer) {
	class, km := together(a, b)
	c.all++
	c.cells[[2]string{r.consensus, class}]++
	switch disputed := class == "DISPUTED" || r.consensus == "DISPUTED"; {
	case class == r.consensus:
	case !disputed && math.Abs(km-nearKm) <= 0.1+0.07*nearKm: // what the table's plane and rounding cost at 2 km
		c.atTwoKm++
	case !disputed && r.consensus == "NEAR_LINE" && (nearSeam(c.deepstate, r, r.deepstateKm) || nearSeam(c.owlmaps, r, r.owlmapsKm)):
		c.seam++
	default:
		c.unexplained++
	}
}

// nearSeam: the table takes an edge of a polygon for a line within 2 km.
func nearSeam(s seams, r row, statedKm float64) bool {
	return statedKm <= nearKm && s.nearestKm(r) <= nearKm+0.1+0.07*nearKm
}

func (c *consensus) print(out io.Writer) error {
	fmt.Fprintf(out, "\nconsensus of both maps of a day, %d rows: the column of the table (down) and ours (across)\n%-12s", c.all, "")
	right := 0
	for _, ours := range consensusClasses {
		fmt.Fprintf(out, "%14s", ours)
	}
	fmt.Fprintln(out)
	for _, column := range consensusClasses {
		fmt.Fprintf(out, "%-12s", column)
		for _, ours := range consensusClasses {
			fmt.Fprintf(out, "%14d", c.cells[[2]string{column, ours}])
		}
		right += c.cells[[2]string{column, column}]
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "%d agree; %d stand at 2 km, where the table's plane is off by 7 %%; %d are near a seam that it takes for the line; %d unexplained\n",
		right, c.atTwoKm, c.seam, c.unexplained)
	if c.unexplained > 0 {
		return fmt.Errorf("consensus: %d rows unexplained", c.unexplained)
	}
	return nil
}
