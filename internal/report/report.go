// Package report writes verdicts for people and programs: a table of many, a page of one, and one JSON object a line.
//
// It promises that nothing in a verdict is dropped from JSON, that text from outside cannot move the cursor or turn the
// direction of a terminal line, and that the same verdicts give the same bytes. It reads no store and no clock.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"whenwhere/pipeline"
)

// JSONLines writes one JSON object a line.
func JSONLines[T any](w io.Writer, rows ...T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // for readers of JSON, who need no entities
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}

// Table writes a line for each verdict: score, weight, status, coverage, the axes in bans, what stands out, and when its
// first file was made.
func Table(w io.Writer, verdicts []pipeline.Verdict) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "INCIDENT\tSCORE\tBANS\tSTATUS\tANSWERED")
	for _, a := range pipeline.Axes() {
		fmt.Fprintf(t, "\t%s", strings.ToUpper(string(a)))
	}
	fmt.Fprint(t, "\tWHY\tFILMED\n")
	for _, v := range verdicts {
		fmt.Fprintf(t, "%s\t%.2f\t%+.2f\t%s\t%.0f %%", Plain(v.Incident), v.Score, v.Weight, v.Status, 100*v.Coverage)
		for _, a := range pipeline.Axes() {
			fmt.Fprintf(t, "\t%s", bans(v.Axes[a]))
		}
		fmt.Fprintf(t, "\t%s\t%s\n", Plain(why(v)), Plain(filmed(v)))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func bans(b float64) string {
	if b == 0 {
		return "."
	}
	return fmt.Sprintf("%+.2f", b)
}

// why is what a reader should know first: the reasons of the status, and whether a stage failed.
func why(v pipeline.Verdict) string {
	var parts []string
	if len(v.Reasons) == 0 || v.Status == pipeline.StatusCredible {
		parts = append(parts, v.Words)
	}
	parts = append(parts, v.Reasons...)
	if len(v.Incomplete) > 0 {
		parts = append(parts, "INCOMPLETE")
	}
	return strings.Join(parts, ", ")
}

// Page writes one verdict in full: every line with its weight, reason, basis and evidence.
func Page(w io.Writer, v pipeline.Verdict) error {
	p := &page{w: w}
	p.line("%s: score %.2f of 100 (%+.3f bans, prior %g): %s", v.Incident, v.Score, v.Weight, v.Prior, v.Words)
	p.line("status: %s%s", v.Status, inBrackets(v.Reasons))
	p.line("answered: %.0f %% of the questions that apply; rules %s", 100*v.Coverage, v.Rules)
	p.line("The score is about place and time of filming. It does not say that a crime occurred, nor who did it.")
	p.named(v.Named)
	p.list("incomplete, these stages failed", v.Incomplete)
	for _, a := range pipeline.Axes() {
		p.axis(v, a)
	}
	p.moments(v)
	p.open(v)
	p.unweighed(v)
	p.contradictions(v)
	p.next(v)
	p.data(v)
	return p.err
}

// named tells what became of a place that the record names.
func (p *page) named(n *pipeline.NamedPlace) {
	switch {
	case n == nil || n.Found == nil:
	case n.Found.ID != "":
		p.line("claimed place: %s, by the gazetteer %s", n.Found.Reason, n.Found.Gazetteer)
	default:
		p.line("claimed place: not known: %s", n.Found.Reason)
	}
}

type page struct {
	w   io.Writer
	err error
}

func (p *page) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, Plain(fmt.Sprintf(format, args...)))
	}
}

func (p *page) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.line("")
	p.line("%s:", title)
	for _, s := range items {
		p.line("  %s", s)
	}
}

func (p *page) axis(v pipeline.Verdict, a pipeline.Axis) {
	p.line("")
	p.line("%s %+.3f", strings.ToUpper(string(a)), v.Axes[a])
	for _, l := range v.Lines {
		if l.Axis != a || l.Outcome == pipeline.Unavailable || l.Outcome == pipeline.NotApplicable {
			continue
		}
		p.line("  %+.3f  %s %s", l.Weight, l.ID, l.Outcome)
		p.line("          %s", l.Reason)
		if len(l.Evidence) > 0 {
			p.line("          basis %s; evidence %s", l.Basis, strings.Join(l.Evidence, ", "))
		}
		if l.Note != "" {
			p.line("          %+.3f alone: %s", l.Alone, l.Note)
		}
		if without, ok := v.Without[l.ID]; ok {
			p.line("          without it the score would be %.2f", without)
		}
		for _, w := range l.Without {
			p.line("          %+.3f alone, %s, if %s were not there", w.Alone, w.Outcome, w.Line)
		}
	}
}

func (p *page) open(v pipeline.Verdict) {
	if len(v.Open) == 0 {
		return
	}
	p.line("")
	p.line("unknown:")
	for _, q := range v.Open {
		var codes []string
		for _, c := range q.Codes {
			codes = append(codes, string(c))
		}
		p.line("  %s %s%s", q.Question, q.Text, inBrackets(codes))
		for _, l := range v.Lines {
			if l.Question == q.Question && l.Outcome == pipeline.Unavailable {
				p.line("          %s %s", l.Subject, l.Reason)
			}
		}
	}
}

// unweighed names what older rules, or somebody's own, leave out.
func (p *page) unweighed(v pipeline.Verdict) {
	var items []string
	for _, q := range v.Unweighed {
		items = append(items, string(q))
	}
	p.list("left out, because the rules have no weight for it", items)
}

func (p *page) contradictions(v pipeline.Verdict) {
	var sets []string
	for _, c := range v.Contradictions {
		sets = append(sets, strings.Join(c, "  and  "))
	}
	p.list("cannot all be true", sets)
}

func (p *page) next(v pipeline.Verdict) {
	var items []string
	for _, s := range v.Next {
		turn := ""
		if s.StatusChance > 0 {
			turn = fmt.Sprintf(", another status %.0f times of 100", 100*s.StatusChance)
		}
		items = append(items, fmt.Sprintf("%.2f bans expected%s: %s (%s)", s.ExpectedBans, turn, s.What, s.Question))
	}
	p.list("what to look for next", items)
}

func (p *page) data(v pipeline.Verdict) {
	var items []string
	for _, name := range slices.Sorted(maps.Keys(v.Data)) {
		items = append(items, name+" "+v.Data[name])
	}
	p.list("data sets", items)
}

func inBrackets(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return " (" + strings.Join(items, ", ") + ")"
}

// Plain makes text safe for a terminal: control characters and characters that turn the direction of the text become
// visible escapes.
func Plain(s string) string {
	if !strings.ContainsFunc(s, unsafeRune) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unsafeRune(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unsafeRune(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
}
