package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// report is the table.
type report struct {
	originals, strangers int
	refused              []string // originals that the quality gate keeps out of the index
	rows                 []row
	notes                []string // what was missed, and what was matched falsely
	all                  struct{ strangers, sharing negatives }
}

// radius is the widest at which the print alone lets no stranger in, also none that shares an overlay.
func (r *report) radius(print int) int {
	return min(r.all.strangers.nearest[print], r.all.sharing.nearest[print]) - 1
}

// unshared is that without the strangers that share an overlay.
func (r *report) unshared(print int) int { return r.all.strangers.nearest[print] - 1 }

func (r *report) write(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "recall in %%\tn\t%s\tmatcher\tby marks\tother way\tgoal\tPDQ upright\tmatcher's PDQ\tstrangers\tsharing\t\n", strings.Join(alone, "\t"))
	for _, row := range r.rows {
		fmt.Fprintf(t, "%s\t%d", row.edit.name, row.n)
		for i := range alone {
			fmt.Fprintf(t, "\t%.0f / %.0f", row.recall(i, r.radius(i)), row.recall(i, r.unshared(i)))
		}
		fmt.Fprintf(t, "\t%.1f\t%.0f\t%.1f\t%s\t%s\t%s\t%s\t%s\t\n", row.combined(), percent(row.byMarks, row.n), percent(row.other, row.n), row.goal(),
			spread(row.near[len(alone)-1]), spread(row.matched), row.strangers.text(), row.sharing.text())
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(out, r.explain())
	return err
}

func (r *row) goal() string {
	if r.edit.goal == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", r.edit.goal)
}

// text is the false matches of the matcher, of how many pairs.
func (n negatives) text() string {
	if n.pairs == 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d", n.matches, n.pairs)
}

// spread is least, median and most of sorted distances.
func spread(d []int) string {
	if len(d) == 0 {
		return "-"
	}
	return fmt.Sprintf("%d %d %d", d[0], d[len(d)/2], d[len(d)-1])
}

func (r *report) explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d originals, %d of them strangers only; refused as too flat or weak, and not counted: %s.\n", r.originals, r.strangers, orNone(r.refused))
	fmt.Fprintf(&b, "Prints alone: upright against upright, at the widest radius without a false match; after the slash if no strangers shared an overlay:\n")
	for i, name := range alone {
		fmt.Fprintf(&b, "  %-9s %3d / %d bits\n", name, r.radius(i), r.unshared(i))
	}
	fmt.Fprintf(&b, "Matcher: what the program does. By marks: what of it no hash and no mosaic finds. Other way: the copy is archived, the original asked about. Distances in bits: least, median, most.\n")
	fmt.Fprintf(&b, "Strangers, sharing: false matches of the matcher between different pictures, and between those with the same overlay.\n")
	verdict := "all goals reached"
	if err := r.missed(); err != nil {
		verdict = strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	fmt.Fprintf(&b, "False matches: %s, %s sharing an overlay. %s.\n", r.all.strangers.text(), r.all.sharing.text(), verdict)
	return b.String()
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// missed lists goals that were not reached.
func (r *report) missed() error {
	var errs []error
	if n := r.all.strangers.matches + r.all.sharing.matches; n > 0 {
		errs = append(errs, fmt.Errorf("%d false matches, want none", n))
	}
	for _, row := range r.rows {
		if got := row.combined(); got < row.edit.goal {
			errs = append(errs, fmt.Errorf("%s: %.1f %%, want %.0f", row.edit.name, got, row.edit.goal))
		}
	}
	return errors.Join(errs...)
}
