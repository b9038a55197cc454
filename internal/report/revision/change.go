package revision

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"whenwhere/pipeline"
	"whenwhere/pipeline/change"
)

// change writes what differs, the lines that moved most first.
func (p *printer) change(c change.Change) {
	lines := slices.Clone(c.Lines)
	slices.SortStableFunc(lines, func(a, b change.Line) int { return cmp.Compare(math.Abs(b.Delta()), math.Abs(a.Delta())) })
	worded, pushed := 0, 0
	for _, l := range lines {
		switch {
		case onlyWords(l):
			worded++
		case onlyPushed(l):
			pushed++
		default:
			p.moved(l)
		}
	}
	if pushed > 0 {
		p.line("    %s, beside the others, by less than %g bans", pipeline.CountedAs(pushed, "more line counts otherwise", "more lines count otherwise"), pushedBans)
	}
	if worded > 0 {
		p.line("    %s in words alone", pipeline.CountedAs(worded, "more line differs", "more lines differ"))
	}
	p.data(c)
	for _, x := range []struct {
		name string
		list change.List
	}{{"reasons", c.Reasons}, {"incomplete", c.Incomplete}, {"open questions", c.Open}, {"cannot all be true", c.Contradictions}, {"look for next", c.Next}} {
		p.list(x.name, x.list)
	}
	if c.Before.Coverage != c.After.Coverage {
		p.line("    answered: %.0f %% -> %.0f %%", 100*c.Before.Coverage, 100*c.After.Coverage)
	}
	if len(c.Else) > 0 {
		p.line("    other fields: %s", strings.Join(c.Else, ", "))
	}
}

// data names the data sets that are others; their versions are digests, which people do not read.
func (p *printer) data(c change.Change) {
	var names []string
	for _, d := range c.Data {
		names = append(names, d.Name)
	}
	if len(names) > 0 {
		p.line("    other data: %s", strings.Join(names, ", "))
	}
	if c.Before.Rules != c.After.Rules {
		p.line("    rules: %s -> %s", rulesName(c.Before.Rules), rulesName(c.After.Rules))
	}
	if c.Before.Prior != c.After.Prior {
		p.line("    prior: %g -> %g", c.Before.Prior, c.After.Prior)
	}
}

func (p *printer) list(name string, l change.List) {
	if len(l.Gone) > 0 {
		p.line("    %s, gone: %s", name, strings.Join(l.Gone, "; "))
	}
	if len(l.Added) > 0 {
		p.line("    %s, new: %s", name, strings.Join(l.Added, "; "))
	}
}

// digestDigits is how much of a digest people compare; JSON has all of it.
const digestDigits = 12

// rulesName is the name of rules with the beginning of their digest.
func rulesName(name string) string {
	if version, digest, ok := strings.Cut(name, "@sha256:"); ok && len(digest) > digestDigits {
		return version + "@sha256:" + digest[:digestDigits]
	}
	return name
}

// onlyWords reports whether a line says the same, and weighs the same, in other words.
func onlyWords(l change.Line) bool { return slices.Equal(l.Causes, []change.Cause{change.Wording}) }

// pushedBans is what a line must move by to be printed when nothing of its own is another: where place and time must both
// hold, each line moves every other a little.
const pushedBans = 0.05

func onlyPushed(l change.Line) bool {
	return slices.Equal(l.Causes, []change.Cause{change.Others}) && math.Abs(l.Delta()) < pushedBans
}

func (p *printer) moved(l change.Line) {
	p.line("    %s -> %s  %s: %s", bans(l.Before), bans(l.After), l.ID, strings.Join(whys(l), "; "))
	if l.After != nil && slices.ContainsFunc(l.Causes, func(c change.Cause) bool {
		return c == change.Answer || c == change.Wording || c == change.Added || c == change.Ruled
	}) {
		p.line("        %s", l.After.Reason)
	}
}

func bans(w *change.Weighed) string {
	if w == nil {
		return "  none"
	}
	return fmt.Sprintf("%+.3f", w.Weight)
}

// whys says each cause in words.
func whys(l change.Line) []string {
	var out []string
	for _, c := range l.Causes {
		switch c {
		case change.Added:
			out = append(out, "new: "+string(l.After.Outcome))
		case change.Gone:
			out = append(out, "gone: it was "+string(l.Before.Outcome))
		case change.Ruled:
			out = append(out, "these rules weigh it, the others did not")
		case change.Unruled:
			out = append(out, "these rules do not weigh it")
		case change.Answer:
			out = append(out, answer(l))
		case change.Wording:
			out = append(out, "the same answer in other words")
		case change.Rule:
			out = append(out, fmt.Sprintf("the rule weighs it %+.3f alone, not %+.3f", l.After.Alone, l.Before.Alone))
		case change.Others:
			out = append(out, others(l))
		}
	}
	return out
}

func answer(l change.Line) string {
	if l.Before.Outcome != l.After.Outcome {
		return fmt.Sprintf("the finding was %s, is %s", l.Before.Outcome, l.After.Outcome)
	}
	if l.Before.Basis != l.After.Basis {
		return fmt.Sprintf("the finding rested on %s, rests on %s", l.Before.Basis, l.After.Basis)
	}
	return fmt.Sprintf("the finding is %s still, by other evidence or another likelihood", l.After.Outcome)
}

func others(l change.Line) string {
	switch {
	case l.After.Note != "":
		return "beside the others: " + l.After.Note
	case l.Before.Note != "":
		return "no longer: " + l.Before.Note
	}
	return "beside the others"
}
