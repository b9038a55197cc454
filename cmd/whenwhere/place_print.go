package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"whenwhere/internal/report"
)

func (p placeAnswer) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for i, r := range p.Readings {
		if i > 0 {
			fmt.Fprintln(t)
		}
		r.print(t)
	}
	if p.None != "" {
		fmt.Fprintf(t, "%s: %s\n", report.Plain(p.Asked), p.None)
	}
	p.printCandidates(t)
	if p.More > 0 {
		fmt.Fprintf(t, "%d more are not shown (--limit)\n", p.More)
	}
	if p.Apart != "" {
		fmt.Fprintf(t, "%s: %s\n", report.Plain(p.Asked), p.Apart)
	}
	return t.Flush()
}

func (p placeAnswer) printCandidates(w io.Writer) {
	if len(p.Candidates) == 0 {
		return
	}
	head := []string{"NAME", "RAION", "OBLAST", "KIND", "PEOPLE", "LAT, LON", "RADIUS", "ID", "WHY"}
	first := p.Candidates[0]
	if first.DistanceM != nil {
		head = append(head, "DISTANCE")
	}
	for _, l := range first.Line {
		head = append(head, "LINE "+strings.ToUpper(l.Provider))
	}
	fmt.Fprintln(w, strings.Join(head, "\t"))
	for _, c := range p.Candidates {
		people := "-"
		if c.Population > 0 {
			people = fmt.Sprint(c.Population)
		}
		oblast := c.Oblast
		if oblast == "" {
			oblast = c.Country
		}
		row := []string{c.Name, dash(c.Raion), dash(oblast), dash(c.Kind), people, fmt.Sprintf("%.5f, %.5f", c.Lat, c.Lon), km(c.RadiusM), c.ID, c.Reason}
		if c.DistanceM != nil {
			row = append(row, km(*c.DistanceM))
		}
		for _, l := range c.Line {
			row = append(row, l.String())
		}
		for i := range row {
			row[i] = report.Plain(row[i])
		}
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
}

func (l lineDistance) String() string {
	if l.DistanceM == nil {
		return l.Side
	}
	return fmt.Sprintf("%s, %s", l.Side, km(*l.DistanceM))
}

func (r placeReading) print(w io.Writer) {
	row := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, report.Plain(text))
		}
	}
	note := ""
	if r.Note != "" {
		note = "; " + r.Note
	}
	row("lat, lon", fmt.Sprintf("%s (%s, within %s as written%s)", r.Decimal, strings.ReplaceAll(string(r.Form), "_", " "), km(r.RadiusM), note))
	row("dms", r.DMS)
	row("mgrs", r.MGRS)
	row("plus code", r.PlusCode)
	row("uri", r.GeoURI)
	switch {
	case r.Raion != "":
		row("in", r.Raion+", "+r.Oblast)
	case r.Oblast != "":
		row("in", r.Oblast)
	}
	for _, n := range r.Nearest {
		row("near", fmt.Sprintf("%s %s of %s (%s)", km(n.DistanceM), n.Direction, n.Name, n.ID))
	}
	if r.DistanceM != nil {
		row("distance", km(*r.DistanceM))
	}
	for _, l := range r.Line {
		row("line", l.Provider+": "+l.String())
	}
	for _, s := range r.Suspected {
		row("suspected", s.Reason)
	}
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// km prints a distance: metres below a kilometre.
func km(m float64) string {
	switch {
	case math.Abs(m) < 1:
		return fmt.Sprintf("%.1f m", m)
	case math.Abs(m) < 1000:
		return fmt.Sprintf("%.0f m", m)
	case math.Abs(m) < 100_000:
		return fmt.Sprintf("%.1f km", m/1000)
	}
	return fmt.Sprintf("%.0f km", m/1000)
}
