package main

import (
	"bytes"
	"fmt"
	"time"

	"whenwhere/pipeline"
)

const readmeHead = `# Fixtures

**Everything in this folder is invented.** No event, person, unit, account, post, testimony or photo in it is real. The
pictures are drawn by a program. The places are points at a chosen distance from a line that follows dice and no map,
whatever may really stand there, and addresses lead to example domains or to accounts and channels called example. Any likeness to a real event is
an accident. Nobody is depicted.

    go run ./scripts/genfixtures          writes this folder again, the same bytes
    go run ./scripts/genfixtures -check   says whether it is what the program writes

The incidents are told in ` + "`scripts/genfixtures/stories/*.txt`" + `, a line a fact: to change one, or to add one, change it there.

What is physical: the sun. Exposures, drawn shadows and shadow marks follow its position at the invented place and time,
so that a check of them has something to find.

`

const tableHead = `| incident | day (UTC) | victims | what was invented | what it is to teach |
|---|---|---|---|---|
`

// describe writes the section of the case.
func (c caseOf) describe(b *bytes.Buffer, stories []*story) {
	fmt.Fprintf(b, "## %s\n\nA case of %s\n\n%s%s", c.name, figures(stories), c.head, tableHead)
	for _, s := range stories {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", s.ID, s.day(), span(*s.Claim.Casualties), s.truth, s.lesson)
	}
	b.WriteString(c.tail)
}

// figures are how many incidents and victims there are, and when.
func figures(all []*story) string {
	var killed pipeline.Casualties
	for _, s := range all {
		killed.Min += s.Claim.Casualties.Min
		killed.Max += s.Claim.Casualties.Max
	}
	return fmt.Sprintf("%d incidents with %s alleged victims in all, from %s to %s.", len(all), span(killed), all[0].day(), all[len(all)-1].day())
}

// day is the UTC date of the middle of the claim, or that of the first post when the claim has no time.
func (s *story) day() string {
	if w := s.Claim.When; w != nil {
		return w.From.Add(w.Duration() / 2).Format(time.DateOnly)
	}
	return s.Sources[0].Published.Format(time.DateOnly)
}

func span(c pipeline.Casualties) string {
	if c.Min < c.Max {
		return fmt.Sprintf("%d to %d", c.Min, c.Max)
	}
	return fmt.Sprint(c.Min)
}
