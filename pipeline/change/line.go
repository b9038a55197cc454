package change

import (
	"cmp"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

// Cause is why a line moved.
type Cause string

const (
	Added   Cause = "added"
	Gone    Cause = "gone"
	Ruled   Cause = "ruled"
	Unruled Cause = "unruled"
	Answer  Cause = "finding"
	Wording Cause = "wording"
	Rule    Cause = "rule"
	Others  Cause = "others"
)

// Line is one line that differs.
type Line struct {
	ID     string        `json:"id"`
	Axis   pipeline.Axis `json:"axis"`
	Causes []Cause       `json:"causes"`
	Before *Weighed      `json:"before"` // null for one that was added
	After  *Weighed      `json:"after"`  // null for one that is gone
}

// Moved reports whether the line counts for more or less than before.
func (l Line) Moved() bool { return l.Delta() != 0 }

// Delta is by how many bans the line moved the total.
func (l Line) Delta() float64 { return l.After.weight() - l.Before.weight() }

// Weighed is a line as far as it is compared.
type Weighed struct {
	Weight  float64          `json:"weight"` // bans that it adds
	Alone   float64          `json:"alone"`
	Note    string           `json:"note,omitempty"` // why both differ
	Outcome pipeline.Outcome `json:"outcome"`
	Code    pipeline.Code    `json:"code,omitempty"`
	Reason  string           `json:"reason"`
	Basis   pipeline.Basis   `json:"basis"`
}

func (w *Weighed) weight() float64 {
	if w == nil {
		return 0
	}
	return w.Weight
}

func weighed(l pipeline.Line) *Weighed {
	return &Weighed{Weight: l.Weight, Alone: l.Alone, Note: l.Note, Outcome: l.Outcome, Code: l.Code, Reason: l.Reason, Basis: l.Basis}
}

// nth tells lines of one id apart.
type nth struct {
	id string
	n  int
}

// numbered gives each line its key. Lines of one id come in the order of the verdict, which is fixed.
func numbered(lines []pipeline.Line) (keys []nth, byKey map[nth]pipeline.Line) {
	count := map[string]int{}
	byKey = map[nth]pipeline.Line{}
	for _, l := range lines {
		k := nth{l.ID, count[l.ID]}
		count[l.ID]++
		byKey[k] = l
		keys = append(keys, k)
	}
	return keys, byKey
}

// lines lists what differs, by id.
func lines(before, after Side) []Line {
	was, then := numbered(before.Verdict.Lines)
	is, now := numbered(after.Verdict.Lines)
	keys := slices.Concat(was, is)
	slices.SortFunc(keys, func(a, b nth) int { return cmp.Or(strings.Compare(a.id, b.id), cmp.Compare(a.n, b.n)) })
	out := []Line{}
	for _, k := range slices.Compact(keys) {
		a, had := then[k]
		b, has := now[k]
		line := Line{ID: k.id, Axis: cmp.Or(b.Axis, a.Axis)}
		switch {
		case !had:
			line.After, line.Causes = weighed(b), []Cause{came(before, k.id, Added, Ruled)}
		case !has:
			line.Before, line.Causes = weighed(a), []Cause{came(after, k.id, Gone, Unruled)}
		default:
			if line.Causes = causes(a, b); len(line.Causes) == 0 {
				continue
			}
			line.Before, line.After = weighed(a), weighed(b)
		}
		out = append(out, line)
	}
	return out
}

// came says why a line of the other side is not among those of this one: nothing was found, or nothing weighs it.
func came(lacking Side, id string, absent, unweighed Cause) Cause {
	if slices.ContainsFunc(lacking.Findings, func(f pipeline.Finding) bool { return f.ID() == id }) {
		return unweighed
	}
	return absent
}

// causes are why two lines of one id differ; none when they are the same.
func causes(a, b pipeline.Line) []Cause {
	var out []Cause
	answered := a.Outcome == b.Outcome && a.Code == b.Code && a.Basis == b.Basis && a.Likelihood.Equal(b.Likelihood)
	lacking := slices.EqualFunc(a.Without, b.Without, sameLacking)
	if !answered || !lacking {
		out = append(out, Answer)
	}
	worded := a.Reason == b.Reason && slices.Equal(a.Evidence, b.Evidence) && a.Assessor == b.Assessor && a.Version == b.Version
	if answered && lacking && !worded {
		out = append(out, Wording)
	}
	reweighed := a.Axis != b.Axis || answered && a.Alone != b.Alone || lacking && !slices.EqualFunc(a.Without, b.Without, sameAlone)
	if reweighed {
		out = append(out, Rule)
	}
	if a.Alone == b.Alone && (a.Weight != b.Weight || a.Note != b.Note) {
		out = append(out, Others)
	}
	return out
}

// sameLacking reports whether two findings would answer the same without another line; what that weighs is the rules'.
func sameLacking(a, b pipeline.LineLacking) bool {
	return a.Line == b.Line && a.Outcome == b.Outcome && a.Likelihood.Equal(b.Likelihood)
}

func sameAlone(a, b pipeline.LineLacking) bool { return a.Alone == b.Alone }
