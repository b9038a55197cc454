// Package rulesheet prints tables of rules for people: what each answer weighs, how that was obtained, from which source,
// and in what one table differs from another.
//
// It promises that every number of the table is on the sheet, and that what a file of rules says is shown with everything
// taken out that could command a terminal. It judges nothing; package score checks tables.
package rulesheet

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// width of a line of text.
const width = 100

type sheet struct{ w *bufio.Writer }

func (s sheet) line(format string, args ...any) {
	fmt.Fprintln(s.w, report.Plain(fmt.Sprintf(format, args...)))
}

// field prints a named text, wrapped under its name.
func (s sheet) field(name, text string) {
	if text == "" {
		return
	}
	const indent = 12
	for i, part := range wrap(report.Plain(text), width-indent) {
		if i > 0 {
			name = ""
		}
		s.line("    %-7s %s", name, part)
	}
}

// wrap breaks a text between words. A word that is longer than a line has one of its own.
func wrap(text string, limit int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) > limit:
			out, line = append(out, line), word
		default:
			line += " " + word
		}
	}
	return append(out, line)
}

// Write prints a table by axis.
func Write(w io.Writer, r score.Rules) error {
	s := sheet{bufio.NewWriter(w)}
	s.line("rules %s, folded by %s", r.Version, r.Fold)
	s.line("sha256 %s", r.Digest())
	s.line("")
	s.line("Weights are bans, log10 of P(evidence | the claim is right) / P(evidence | it is wrong).")
	s.line("prior %g; below %g bans either way nothing is meant", r.Prior, r.MeaningfulBans)
	s.line("contradicted from %g bans against; credible from %g; candidate from %g with %d independent bases each for place and time",
		r.ContradictedBans, r.CredibleBans, r.CandidateBans, r.CandidateBases)
	s.line("")
	s.line("words of scale %s, for or against:", r.Scale)
	for _, b := range r.ScaleBands() {
		s.line("  from %g bans: %s", b.FromBans, b.Words)
	}
	for _, axis := range pipeline.Axes() {
		s.axis(r, axis)
	}
	return s.w.Flush()
}

func (s sheet) axis(r score.Rules, axis pipeline.Axis) {
	s.line("")
	capped := "no cap"
	if limit, ok := r.AxisCaps[axis]; ok {
		capped = fmt.Sprintf("capped at %g bans either way", limit)
	}
	s.line("%s (%s)", axis, capped)
	for _, rule := range r.Table {
		if rule.Axis == axis {
			s.rule(rule)
		}
	}
}

func (s sheet) rule(rule score.Rule) {
	s.line("  %-24s %+g / %+g  cap %g  %s%s", rule.Question, rule.Supports, rule.Contradicts, rule.Cap, rule.How, remarks(rule))
	s.field("why", rule.Why)
	s.field("source", rule.Source)
	s.field("seek", rule.Seek)
	s.field("first", rule.SeekFirst)
	s.field("more", rule.SeekMore)
}

func remarks(rule score.Rule) string {
	var out strings.Builder
	if rule.Genuine > 0 {
		fmt.Fprintf(&out, "  genuine %g", rule.Genuine)
		if rule.GenuineHow != "" {
			fmt.Fprintf(&out, " (%s)", rule.GenuineHow)
		}
	}
	if rule.Corroborates != "" {
		fmt.Fprintf(&out, "  corroborates %s", rule.Corroborates)
	}
	if rule.Denies != "" {
		fmt.Fprintf(&out, "  denies %s", rule.Denies)
	}
	if rule.Hard {
		out.WriteString("  contradiction decides alone")
	}
	return out.String()
}

// Checked is what can be said of a table that somebody brings.
type Checked struct {
	Name        string                `json:"name"` // as verdicts will name it
	SHA256      string                `json:"sha256"`
	Rules       int                   `json:"rules"`
	Lacks       []pipeline.QuestionID `json:"lacks"`   // questions of this program that it has no rule for
	Against     string                `json:"against"` // version that it is compared with
	Differences []score.Difference    `json:"differences"`
}

// Check compares a table that was loaded with that of this release, and with the questions that it asks.
func Check(r score.Rules, questions []pipeline.Question) (Checked, error) {
	own := score.Default()
	diff, err := score.Differences(own, r)
	if err != nil {
		return Checked{}, err
	}
	lacks := r.Lacks(questions)
	if lacks == nil {
		lacks = []pipeline.QuestionID{}
	}
	return Checked{Name: r.Name(), SHA256: r.Digest(), Rules: len(r.Table), Lacks: lacks, Against: own.Version, Differences: diff}, nil
}

// Write prints what was found.
func (c Checked) Write(w io.Writer) error {
	s := sheet{bufio.NewWriter(w)}
	s.line("%d rules, sound; verdicts name them %s", c.Rules, c.Name)
	if len(c.Lacks) > 0 {
		s.line("no rule for, so left out of verdicts: %s", join(c.Lacks))
	}
	if len(c.Differences) == 0 {
		s.line("the same as %s", c.Against)
		return s.w.Flush()
	}
	s.line("beside %s (- there, + here):", c.Against)
	entry := "none yet"
	for _, d := range c.Differences {
		if d.Entry != entry {
			entry = d.Entry
			s.line("  %s", or(entry, "the whole table"))
		}
		s.change("-", d.Field, d.Was)
		s.change("+", d.Field, d.Now)
	}
	return s.w.Flush()
}

func (s sheet) change(sign, field, value string) {
	if value != "" {
		s.line("    %s %s: %s", sign, field, value)
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func join(ids []pipeline.QuestionID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}
