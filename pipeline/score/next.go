package score

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

// What to look for next: each open question that somebody can do something about is answered both ways in thought, as a
// new witness with the typical weights S and C of its rule, and the verdict is folded anew with each answer.
//
//	gain          = Σ P(answer) · |weight with the answer - weight now|
//	status chance = Σ P(answer) · [the status with the answer is another]
//
// P(answer) follows from what the rules say. Of one yes/no answer both 10^S and 10^C are likelihood ratios, so
//
//	P(yes|H0) = (1 - 10^C) / (10^S - 10^C),   P(yes|H1) = 10^S · P(yes|H0),   P(yes) = p · P(yes|H1) + (1-p) · P(yes|H0)
//
// where p is the present probability of the proposition that the question bears on: the place, the time, or both. Folding
// anew counts what a sum of weights does not: a capped axis moves no further, and no clock moves a claim whose place is
// open beyond what the place allows. Where only one answer weighs, the other is silence, and nothing tells how often it
// comes: half the time is taken.
//
// Where there is no footage at all, it is asked for first. That maps do not tell is an answer, which more maps of the same days
// repeat.
//
// A claim without a place or a time closes questions. What to ask then is the claim itself, and its gain is the largest of
// those that it would open. A question that is answered can be asked of another witness; that is listed where it could
// lift or change a status below that of a candidate.

// worthwhile is the least gain in bans, or chance of another status, that is worth a line.
const worthwhile = 0.05

// What a suggestion asks for when it is the claim that lacks something, in place of a question.
const (
	seekWhere pipeline.QuestionID = "claim.where"
	seekWhen  pipeline.QuestionID = "claim.when"
)

// nextByVerdict ranks what could be found by gain, then by the chance of another status.
func nextByVerdict(rules Rules, v pipeline.Verdict) []pipeline.Suggestion {
	now := rules.propositions(v.Lines)
	out := slices.Concat(rules.open(v, now), rules.vague(v, now), rules.more(v, now))
	out = slices.DeleteFunc(out, func(s pipeline.Suggestion) bool {
		return s.ExpectedBans < worthwhile && s.StatusChance < worthwhile
	})
	slices.SortFunc(out, func(a, b pipeline.Suggestion) int {
		return cmp.Or(cmp.Compare(b.ExpectedBans, a.ExpectedBans), cmp.Compare(b.StatusChance, a.StatusChance),
			strings.Compare(string(a.Question), string(b.Question)))
	})
	return out
}

// open is the open questions.
func (r Rules) open(v pipeline.Verdict, now map[pipeline.Axis]float64) []pipeline.Suggestion {
	out, footage := []pipeline.Suggestion{}, hasFootage(v)
	for _, q := range v.Open {
		rule, ok := r.rule(q.Question)
		if !ok || rule.Seek == "" || rule.Axis == pipeline.AxisContext && slices.Contains(q.Codes, pipeline.CodeWeak) {
			continue
		}
		s := r.prospect(rule, v, now)
		if s.What = rule.Seek; !footage && len(q.Codes) == 0 && rule.SeekFirst != "" {
			s.What = rule.SeekFirst
		}
		out = append(out, s)
	}
	return out
}

// hasFootage tells whether anything was asked of footage: of each file at least whether it was seen elsewhere.
func hasFootage(v pipeline.Verdict) bool {
	return slices.ContainsFunc(v.Lines, func(l pipeline.Line) bool { return l.Axis == pipeline.AxisFootage })
}

// vague asks for what the claim lacks.
func (r Rules) vague(v pipeline.Verdict, now map[pipeline.Axis]float64) []pipeline.Suggestion {
	asks := map[pipeline.Axis]pipeline.Suggestion{
		pipeline.AxisWhere: {Question: seekWhere, What: "ask whoever made the claim where it happened: nothing can be compared with a claim that names no place"},
		pipeline.AxisWhen:  {Question: seekWhen, What: "ask whoever made the claim when it happened: nothing can be compared with a claim that names no time"},
	}
	for _, rule := range r.Table {
		ask, ok := asks[r.proposition(rule)]
		closed := slices.ContainsFunc(v.Lines, func(l pipeline.Line) bool {
			return l.Question == rule.Question && l.Outcome == pipeline.NotApplicable && l.Code == pipeline.CodeClaimTooVague
		})
		if !ok || !closed || rule.Seek == "" {
			continue
		}
		s := r.prospect(rule, v, now)
		ask.ExpectedBans, ask.StatusChance = max(ask.ExpectedBans, s.ExpectedBans), max(ask.StatusChance, s.StatusChance)
		asks[r.proposition(rule)] = ask
	}
	return []pipeline.Suggestion{asks[pipeline.AxisWhere], asks[pipeline.AxisWhen]}
}

// more is another witness for what is answered. A candidate for verification needs none: people look at it now.
func (r Rules) more(v pipeline.Verdict, now map[pipeline.Axis]float64) []pipeline.Suggestion {
	out := []pipeline.Suggestion{}
	if v.Status == pipeline.StatusCandidate {
		return out
	}
	for _, rule := range r.Table {
		answered := slices.ContainsFunc(v.Lines, func(l pipeline.Line) bool {
			return l.Question == rule.Question && (l.Outcome == pipeline.Supports || l.Outcome == pipeline.Contradicts)
		})
		if !answered || rule.SeekMore == "" {
			continue
		}
		if s := r.prospect(rule, v, now); s.StatusChance >= worthwhile {
			s.What = rule.SeekMore
			out = append(out, s)
		}
	}
	return out
}

// prospect is what an answer to the question could be expected to do to the verdict.
func (r Rules) prospect(rule Rule, v pipeline.Verdict, now map[pipeline.Axis]float64) pipeline.Suggestion {
	yes := chanceOfYes(rule, now[r.proposition(rule)])
	var gain, turn float64
	for _, a := range []struct {
		outcome pipeline.Outcome
		bans, p float64
	}{{pipeline.Supports, rule.Supports, yes}, {pipeline.Contradicts, rule.Contradicts, 1 - yes}} {
		if a.bans == 0 {
			continue // silence
		}
		then := r.with(v, rule, a.outcome)
		gain += a.p * math.Abs(then.Weight-v.Weight)
		if then.Status != v.Status {
			turn += a.p
		}
	}
	return pipeline.Suggestion{Question: rule.Question, ExpectedBans: hundredths(gain), StatusChance: hundredths(turn)}
}

// with is the verdict with one more line, as far as weight and status go.
func (r Rules) with(v pipeline.Verdict, rule Rule, outcome pipeline.Outcome) pipeline.Verdict {
	lines := append(unreduced(v.Lines), newLine(rule, pipeline.Finding{Question: rule.Question, Outcome: outcome, Basis: pipeline.Basis{Kind: "evidence not yet found"}}))
	reduce(r, lines)
	v.Lines, v.Weight = lines, total(lines).bans()
	v.Status, v.Reasons = status(r, v)
	return v
}

// proposition is what the question bears on: where, when, or both as "".
func (r Rules) proposition(rule Rule) pipeline.Axis {
	return r.groups([]pipeline.Line{{Question: rule.Question, Axis: rule.Axis}})[0].proposition
}

// propositions gives the present probability of the place, of the time, and of both as "".
func (r Rules) propositions(lines []pipeline.Line) map[pipeline.Axis]float64 {
	alone := unreduced(lines)
	groups := r.groups(alone)
	oneWitness(alone, groups)
	capAxes(r, alone, groups)
	sums := map[pipeline.Axis]milliBans{}
	for i, l := range alone {
		sums[groups[i].proposition] += toMilli(l.Weight)
	}
	q := math.Sqrt(r.Prior)
	return map[pipeline.Axis]float64{
		pipeline.AxisWhere: certainty(q, sums[pipeline.AxisWhere].bans()),
		pipeline.AxisWhen:  certainty(q, sums[pipeline.AxisWhen].bans()),
		"":                 r.score(total(lines)) / 100,
	}
}

// chanceOfYes is P(yes) under the probability p of the proposition.
func chanceOfYes(rule Rule, p float64) float64 {
	if rule.Supports == 0 || rule.Contradicts == 0 {
		return 0.5
	}
	s, c := math.Pow(10, rule.Supports), math.Pow(10, rule.Contradicts)
	underH0 := (1 - c) / (s - c)
	return p*s*underH0 + (1-p)*underH0
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// nextByAnswer is what FoldV1 and FoldV2 did: it takes the weight of an answer for the move of the verdict, and the
// probability of the claim for that of each proposition.
func nextByAnswer(rules Rules, v pipeline.Verdict) []pipeline.Suggestion {
	out := []pipeline.Suggestion{}
	for _, q := range v.Open {
		rule, ok := rules.rule(q.Question)
		if !ok || rule.Seek == "" {
			continue
		}
		yes := chanceOfYes(rule, v.Score/100)
		if gain := yes*rule.Supports - (1-yes)*rule.Contradicts; gain >= worthwhile {
			out = append(out, pipeline.Suggestion{Question: q.Question, What: rule.Seek, ExpectedBans: hundredths(gain)})
		}
	}
	slices.SortFunc(out, func(a, b pipeline.Suggestion) int {
		return cmp.Or(cmp.Compare(b.ExpectedBans, a.ExpectedBans), strings.Compare(string(a.Question), string(b.Question)))
	})
	return out
}
