package score

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

// Typed reasons beside the codes of findings.
const (
	ReasonNotLocatable   = "not_locatable"   // no evidence speaks to the place
	ReasonNotDatable     = "not_datable"     // no evidence speaks to the time
	ReasonUncorroborated = "uncorroborated"  // no independent source or testimony agrees
	ReasonWeak           = "weak_evidence"   // what there is adds up to little
	ReasonLeansAgainst   = "leans_against"   // what there is speaks against the claim, and does not decide
	ReasonContradiction  = "contradicted_by" // followed by ":" and the question
)

// status climbs the ladder of the design: contradicted, then verified-candidate, credible, unresolved with reasons.
func status(rules Rules, v pipeline.Verdict) (pipeline.VerdictStatus, []string) {
	if against := decisive(rules, v); len(against) > 0 {
		return pipeline.StatusContradicted, against
	}
	where, when := rules.bases(v.Lines, pipeline.AxisWhere), rules.bases(v.Lines, pipeline.AxisWhen)
	agrees := slices.ContainsFunc(v.Lines, func(l pipeline.Line) bool {
		return l.Axis == pipeline.AxisSources && l.Outcome == pipeline.Supports && l.Alone > 0
	})
	switch {
	case where >= rules.CandidateBases && when >= rules.CandidateBases && v.Weight >= rules.CandidateBans &&
		!openContradiction(rules, v.Lines) && len(v.Incomplete) == 0:
		return pipeline.StatusCandidate, []string{}
	case v.Weight >= rules.CredibleBans && agrees:
		return pipeline.StatusCredible, []string{}
	}
	return pipeline.StatusUnresolved, unresolved(rules, v, agrees)
}

// decisive lists what contradicts the claim beyond doubt: a hard contradiction, a single one of enough weight, or all
// that speak against a proposition, or against the whole, when together they come to that weight.
func decisive(rules Rules, v pipeline.Verdict) []string {
	refuted := map[pipeline.Axis]bool{"": v.Weight <= -rules.ContradictedBans}
	groups := rules.groups(v.Lines)
	for p, net := range netBans(rules, v.Lines, groups) {
		refuted[p] = refuted[p] || net <= -rules.ContradictedBans
	}
	out := []string{}
	for i, l := range v.Lines {
		if l.Outcome != pipeline.Contradicts || l.Alone == 0 || l.Axis == pipeline.AxisContext {
			continue
		}
		rule, _ := rules.rule(l.Question)
		if rule.Hard || l.Alone <= -rules.ContradictedBans || refuted[""] || refuted[groups[i].proposition] {
			out = append(out, ReasonContradiction+":"+string(l.Question))
		}
	}
	return sortedSet(out)
}

// netBans is the weight of each proposition on its own: one witness for each basis, for and against.
func netBans(rules Rules, lines []pipeline.Line, groups []group) map[pipeline.Axis]float64 {
	alone := slices.Clone(lines)
	for i := range alone {
		alone[i].Weight = alone[i].Alone
	}
	oneWitness(alone, groups)
	sums := map[pipeline.Axis]milliBans{}
	for i, l := range alone {
		sums[groups[i].proposition] += toMilli(l.Weight)
	}
	out := map[pipeline.Axis]float64{}
	for _, p := range []pipeline.Axis{pipeline.AxisWhere, pipeline.AxisWhen} {
		out[p] = sums[p].bans()
	}
	return out
}

// openContradiction leaves the context axis out: control maps lag, and true footage has appeared before a change of
// control was announced.
func openContradiction(rules Rules, lines []pipeline.Line) bool {
	return slices.ContainsFunc(lines, func(l pipeline.Line) bool {
		return l.Outcome == pipeline.Contradicts && l.Alone <= -rules.MeaningfulBans && l.Axis != pipeline.AxisContext
	})
}

// speaksTo reports whether a line bears on the proposition, by its axis or by corroboration.
func (r Rules) speaksTo(l pipeline.Line, proposition pipeline.Axis) bool {
	rule, _ := r.rule(l.Question)
	return l.Axis == proposition || rule.Corroborates == proposition
}

// bases counts the independent bases that support a proposition meaningfully.
func (r Rules) bases(lines []pipeline.Line, proposition pipeline.Axis) int {
	seen := map[pipeline.Basis]bool{}
	for _, l := range lines {
		if l.Outcome == pipeline.Supports && l.Alone >= r.MeaningfulBans && r.speaksTo(l, proposition) {
			seen[l.Basis] = true
		}
	}
	return len(seen)
}

// answered reports whether any line that means something speaks to the proposition, for or against.
func (r Rules) answered(lines []pipeline.Line, proposition pipeline.Axis) bool {
	return slices.ContainsFunc(lines, func(l pipeline.Line) bool {
		return math.Abs(l.Alone) >= r.MeaningfulBans && r.speaksTo(l, proposition)
	})
}

// unresolved names, from the most to the least specific, why nothing better can be said.
func unresolved(rules Rules, v pipeline.Verdict, agrees bool) []string {
	reasons := []string{}
	for _, code := range []pipeline.Code{pipeline.CodeClaimTooVague, pipeline.CodePlaceAmbiguous, pipeline.CodePlaceUnknown, pipeline.CodeMediaMissing, pipeline.CodeMediaUnreadable,
		pipeline.CodeMetadataStripped, pipeline.CodePrintTooFlat} {
		if slices.ContainsFunc(v.Lines, func(l pipeline.Line) bool { return l.Code == code }) {
			reasons = append(reasons, string(code))
		}
	}
	if !rules.answered(v.Lines, pipeline.AxisWhere) {
		reasons = append(reasons, ReasonNotLocatable)
	}
	if !rules.answered(v.Lines, pipeline.AxisWhen) {
		reasons = append(reasons, ReasonNotDatable)
	}
	switch {
	case v.Weight <= -rules.MeaningfulBans:
		reasons = append(reasons, ReasonLeansAgainst)
	case v.Weight < rules.CredibleBans:
		reasons = append(reasons, ReasonWeak)
	}
	if !agrees {
		reasons = append(reasons, ReasonUncorroborated)
	}
	return reasons
}

// maxContradictions bounds the pairs that a record with thousands of witnesses could make. No set with the claim is left
// out for it.
const maxContradictions = 1000

// contradictions lists the smallest sets that cannot all be true. A contradicting line cannot stand beside the claim;
// nor beside a line that supports the same proposition.
func contradictions(rules Rules, lines []pipeline.Line) [][]string {
	out := [][]string{}
	var against, support []pipeline.Line
	for _, l := range lines {
		switch {
		case l.Outcome == pipeline.Contradicts && l.Alone != 0:
			against = append(against, l)
			out = append(out, []string{"claim", l.ID})
		case l.Outcome == pipeline.Supports && l.Alone >= rules.MeaningfulBans:
			support = append(support, l)
		}
	}
	for _, a := range against {
		for _, s := range support {
			if len(out) < maxContradictions && rules.clash(a, s) {
				out = append(out, []string{a.ID, s.ID})
			}
		}
	}
	slices.SortFunc(out, slices.Compare[[]string])
	return slices.CompactFunc(out, slices.Equal[[]string])
}

// clash reports whether two lines of opposite outcome speak to the same proposition.
func (r Rules) clash(a, b pipeline.Line) bool {
	return r.speaksTo(a, pipeline.AxisWhere) && r.speaksTo(b, pipeline.AxisWhere) ||
		r.speaksTo(a, pipeline.AxisWhen) && r.speaksTo(b, pipeline.AxisWhen)
}

// next ranks what to look for: the open questions by how many bans an answer could be expected to move the verdict,
// by the likelihood ratios of the rules themselves.
func next(rules Rules, v pipeline.Verdict) []pipeline.Suggestion {
	out := []pipeline.Suggestion{}
	for _, q := range v.Open {
		rule, ok := rules.rule(q.Question)
		if !ok || rule.Seek == "" {
			continue
		}
		if gain := expectedBans(rule, v.Score/100); gain >= 0.05 {
			out = append(out, pipeline.Suggestion{Question: q.Question, What: rule.Seek, ExpectedBans: math.Round(gain*100) / 100})
		}
	}
	slices.SortFunc(out, func(a, b pipeline.Suggestion) int {
		return cmp.Or(cmp.Compare(b.ExpectedBans, a.ExpectedBans), strings.Compare(string(a.Question), string(b.Question)))
	})
	return out
}

// expectedBans is E|weight| of an answer. With S and C the weights of the two answers, P(s|H0) = (1-10^C)/(10^S-10^C)
// follows from both being likelihood ratios of one yes/no answer, and P(s|H1) = 10^S · P(s|H0). Where only one answer
// weighs, the other is silence, and nothing tells how often it comes: half the time is taken.
func expectedBans(rule Rule, p1 float64) float64 {
	if rule.Supports == 0 || rule.Contradicts == 0 {
		return (rule.Supports - rule.Contradicts) / 2
	}
	s, c := math.Pow(10, rule.Supports), math.Pow(10, rule.Contradicts)
	s0 := (1 - c) / (s - c)
	s1 := s * s0
	ps := p1*s1 + (1-p1)*s0
	return ps*rule.Supports - (1-ps)*rule.Contradicts
}
