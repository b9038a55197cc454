package dossier

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

func (b *builder) reasons() []string {
	var out []string
	for _, r := range b.in.Verdict.Reasons {
		out = append(out, reasonWords(r, b.question))
	}
	return out
}

func (b *builder) incomplete() []string {
	all := b.in.Verdict.Incomplete
	if len(all) == 0 || b.about.Audience.Words() {
		return all
	}
	return []string{pipeline.CountedAs(len(all), "stage", "stages") + " failed"}
}

func (b *builder) decisions() []decisionRow {
	if !b.about.Audience.Words() {
		return nil
	}
	current := map[int]bool{}
	for _, d := range b.in.Review.Current() {
		current[d.Seq] = true
	}
	var out []decisionRow
	for _, d := range b.in.Review.History {
		standing := ""
		switch {
		case d.On != b.in.Review.Newest:
			standing = "on an older verdict; does not count any more"
		case !current[d.Seq]:
			standing = "taken back by a later decision"
		}
		out = append(out, decisionRow{string(d.As), d.By, kyiv{b.about.Kyiv}.moment(d.At), d.Reason, standing})
	}
	return out
}

// shown lists the lines of an axis that say something, the heaviest first.
func (b *builder) shown(a pipeline.Axis) []pipeline.Line {
	var out []pipeline.Line
	for _, l := range b.in.Verdict.Lines {
		if l.Axis == a && l.Outcome != pipeline.Unavailable && l.Outcome != pipeline.NotApplicable {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(x, y pipeline.Line) int {
		return cmp.Or(cmp.Compare(math.Abs(y.Weight), math.Abs(x.Weight)), cmp.Compare(math.Abs(y.Alone), math.Abs(x.Alone)))
	})
	return out
}

func (b *builder) groups() []lineGroup {
	var out []lineGroup
	for _, a := range pipeline.Axes() {
		g := lineGroup{Name: axisName(a), Bans: b.bans(b.in.Verdict.Axes[a])}
		for _, l := range b.shown(a) {
			g.Lines = append(g.Lines, b.line(l))
		}
		out = append(out, g)
	}
	return out
}

func (b *builder) line(l pipeline.Line) lineRow {
	r := lineRow{ID: string(l.Question), Bans: b.bans(l.Weight), Question: b.question(l.Question), Subject: b.subject(l.Subject),
		Bar: barOf(b.about.Audience.Bans(l.Weight), widestBar), Answer: outcomeSign(l.Outcome), Basis: basisName(l.Basis.Kind)}
	if w, ok := b.in.Verdict.Without[l.ID]; ok {
		r.Without = b.score(w)
	}
	if l.Weight != l.Alone {
		r.Note = b.bans(l.Alone) + " if it stood alone"
	}
	if l.Code != "" {
		r.Basis += "; " + codeWords(l.Code)
	}
	if !b.about.Audience.Words() {
		return r
	}
	r.Reason, r.Evidence = l.Reason, l.Evidence
	if l.Basis.Of != "" {
		r.Basis = basisName(l.Basis.Kind) + ": " + l.Basis.Of
	}
	if l.Note != "" {
		r.Note += ": " + b.note(l.Note)
	}
	return r
}

// note names a line that a note refers to as the page does.
func (b *builder) note(text string) string {
	if id, ok := strings.CutPrefix(text, "same witness as "); ok {
		return "it is the same witness as " + b.lineName(id) + ", which counts for both"
	}
	return text
}

func (b *builder) notApplicable() []string {
	var out []string
	for _, l := range b.in.Verdict.Lines {
		if text := b.question(l.Question); l.Outcome == pipeline.NotApplicable && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// shortRows bounds what is told in short.
const shortRows = 4

// strongest is what carries the verdict most.
func (b *builder) strongest() []tellingRow {
	lines := b.linesOf(pipeline.Supports)
	slices.SortStableFunc(lines, func(x, y pipeline.Line) int { return cmp.Compare(y.Weight, x.Weight) })
	var out []tellingRow
	for _, l := range lines {
		if l.Weight >= 0.15 && len(out) < shortRows {
			out = append(out, b.inShort(l))
		}
	}
	return out
}

// against is all that speaks against the claim, the heaviest first.
func (b *builder) against() []tellingRow {
	lines := b.linesOf(pipeline.Contradicts)
	slices.SortStableFunc(lines, func(x, y pipeline.Line) int {
		return cmp.Or(cmp.Compare(x.Weight, y.Weight), cmp.Compare(x.Alone, y.Alone))
	})
	var out []tellingRow
	for _, l := range lines {
		r := b.inShort(l)
		if b.about.Audience.Words() {
			r.Reason = l.Reason
		}
		out = append(out, r)
	}
	return out
}

func (b *builder) linesOf(o pipeline.Outcome) (out []pipeline.Line) {
	for _, l := range b.in.Verdict.Lines {
		if l.Outcome == o {
			out = append(out, l)
		}
	}
	return out
}

func (b *builder) inShort(l pipeline.Line) tellingRow {
	r := tellingRow{Bans: b.bans(l.Weight), Text: b.question(l.Question)}
	if l.Subject != "" {
		r.Text += " (" + b.ordinal(l.Subject) + ")"
	}
	return r
}

func (b *builder) contradictions() [][]string {
	var out [][]string
	for _, set := range b.in.Verdict.Contradictions {
		var names []string
		for _, id := range set {
			names = append(names, b.clashing(id))
		}
		out = append(out, names)
	}
	return out
}

// clashing tells a member of a contradiction: the claim, an answer, or what a file states, by the reference of evidence.
func (b *builder) clashing(id string) string {
	if id == "claim" {
		return "The claim"
	}
	if l, ok := b.lineOf(id); ok {
		answer := "no"
		if l.Outcome == pipeline.Supports {
			answer = "yes"
		}
		return b.question(l.Question) + " Answer: " + answer + " (" + b.lineName(id) + ")"
	}
	subject, field, stated := strings.Cut(id, "#")
	switch {
	case !stated && b.about.Audience.Words():
		return id
	case !stated:
		return "A part of the record"
	}
	text := "What is measured on " + b.subject(subject)
	if b.about.Audience.Words() {
		text += ": " + field
	}
	return text
}

func (b *builder) lineOf(id string) (pipeline.Line, bool) {
	k := slices.IndexFunc(b.in.Verdict.Lines, func(l pipeline.Line) bool { return l.ID == id })
	if k < 0 {
		return pipeline.Line{}, false
	}
	return b.in.Verdict.Lines[k], true
}

func (b *builder) unknown() []unknownRow {
	var out []unknownRow
	for _, q := range b.in.Verdict.Open {
		r := unknownRow{Text: q.Text}
		for _, l := range b.in.Verdict.Lines {
			if l.Question != q.Question || l.Outcome != pipeline.Unavailable && l.Outcome != pipeline.Inconclusive {
				continue
			}
			why := codeWords(l.Code)
			if b.about.Audience.Words() {
				why = l.Reason
			}
			if s := b.ordinal(l.Subject); l.Subject != "" {
				why = s + ": " + why
			}
			r.Why = append(r.Why, why)
		}
		if len(r.Why) == 0 {
			r.Why = []string{"nobody has measured or asked for it yet"}
		}
		out = append(out, r)
	}
	return out
}

func (b *builder) next() []nextRow {
	var out []nextRow
	for _, s := range b.in.Verdict.Next {
		expected := strings.TrimPrefix(b.bans(s.ExpectedBans), "+")
		if s.StatusChance > 0 {
			expected += fmt.Sprintf("; another status %.0f times of 100", 100*s.StatusChance)
		}
		out = append(out, nextRow{sentence(s.What), expected})
	}
	return out
}
