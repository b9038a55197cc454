package score

import (
	"math"
	"slices"

	"whenwhere/pipeline"
)

// Typed reasons beside the codes of findings.
const (
	ReasonNotLocatable   = "not_locatable"      // no evidence speaks to the place
	ReasonNotDatable     = "not_datable"        // no evidence speaks to the time
	ReasonUncorroborated = "uncorroborated"     // no independent source or testimony agrees
	ReasonWeak           = "weak_evidence"      // what there is adds up to little
	ReasonLeansAgainst   = "leans_against"      // what there is speaks against the claim, and does not decide
	ReasonContradiction  = "contradicted_by"    // followed by ":" and the question
	ReasonOpen           = "open_contradiction" // likewise: it means something, does not decide, and nobody has answered it
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
		return pipeline.StatusCredible, openReasons(rules, v.Lines)
	}
	return pipeline.StatusUnresolved, append(openReasons(rules, v.Lines), unresolved(rules, v, agrees)...)
}

// decisive lists what contradicts the claim beyond doubt: a hard contradiction, a single one of enough weight, or all
// that speak against a proposition, or against the whole, when together they come to that weight.
func decisive(rules Rules, v pipeline.Verdict) []string {
	groups := rules.groups(v.Lines)
	refuted := rules.refuted(v, groups)
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

// refuted tells of each proposition, and of the whole as "", whether what speaks against it adds up to a refutation.
func (r Rules) refuted(v pipeline.Verdict, groups []group) map[pipeline.Axis]bool {
	if !r.method().sumsDecide {
		return nil
	}
	out := map[pipeline.Axis]bool{"": v.Weight <= -r.ContradictedBans}
	for p, net := range netBans(v.Lines, groups) {
		out[p] = net <= -r.ContradictedBans
	}
	return out
}

// netBans is the weight of each proposition on its own: one witness for each basis, for and against.
func netBans(lines []pipeline.Line, groups []group) map[pipeline.Axis]float64 {
	alone := unreduced(lines)
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
	return slices.ContainsFunc(lines, rules.contradictsOpenly)
}

func (r Rules) contradictsOpenly(l pipeline.Line) bool {
	return l.Outcome == pipeline.Contradicts && l.Alone <= -r.MeaningfulBans && l.Axis != pipeline.AxisContext
}

// openReasons names the questions whose contradictions stand.
func openReasons(rules Rules, lines []pipeline.Line) []string {
	out := []string{}
	for _, l := range lines {
		if rules.method().openReasons && rules.contradictsOpenly(l) {
			out = append(out, ReasonOpen+":"+string(l.Question))
		}
	}
	return sortedSet(out)
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
	case v.Weight <= -rules.MeaningfulBans && rules.method().sumsDecide:
		reasons = append(reasons, ReasonLeansAgainst)
	case v.Weight < rules.CredibleBans:
		reasons = append(reasons, ReasonWeak)
	}
	if !agrees {
		reasons = append(reasons, ReasonUncorroborated)
	}
	return reasons
}
