package score

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

// Input is everything a verdict is made of.
type Input struct {
	Incident   string
	Questions  []pipeline.Question // all that were asked, so that a question without a subject stays visible
	Findings   []pipeline.Finding
	Times      []pipeline.Estimate // when each file was made; carried, not weighed
	Incomplete []string            // stages that failed, "stage: subject: cause"
	Data       map[string]string   // versions of the data sets used
}

// Fold makes the verdict. Questions without a rule are left out, their findings too, and named in Unweighed.
func Fold(rules Rules, in Input) pipeline.Verdict {
	lines := weighed(rules, in.Findings)
	unweighed := rules.Lacks(in.Questions)
	in.Questions = slices.DeleteFunc(slices.Clone(in.Questions), func(q pipeline.Question) bool { return slices.Contains(unweighed, q.ID) })
	v := pipeline.Verdict{
		Incident: in.Incident, Prior: rules.Prior, Rules: rules.Name(), Unweighed: unweighed,
		Incomplete: sortedSet(in.Incomplete), Data: nonNil(in.Data),
		Axes: map[pipeline.Axis]float64{},
	}
	total := total(lines)
	v.Weight, v.Score = total.bans(), rules.score(total)
	v.Words = rules.words(total)
	for axis, sum := range axisSums(lines) {
		v.Axes[axis] = sum.bans()
	}
	v.Lines, v.Times = lines, in.Times
	if v.Times == nil {
		v.Times = []pipeline.Estimate{}
	}
	v.Open, v.Coverage = coverage(in.Questions, in.Findings)
	v.Contradictions = rules.method().contradictions(rules, v)
	v.Status, v.Reasons = status(rules, v)
	v.Next = rules.method().next(rules, v)
	v.Without = without(rules, v)
	return v
}

// score is 100 · P(H1 | evidence) to a hundredth, and never nearer to certainty than that: the model behind the
// weights is not surer of itself.
func (r Rules) score(w milliBans) float64 {
	logOdds := w.bans() + math.Log10(r.Prior/(1-r.Prior))
	hundredths := math.Round(10_000 / (1 + math.Pow(10, -logOdds)))
	return min(max(hundredths, 1), 9_999) / 100
}

// weighed turns findings into lines, sorted by id: each weighed alone, then reduced to what it adds to the others.
func weighed(rules Rules, findings []pipeline.Finding) []pipeline.Line {
	var lines []pipeline.Line
	for _, f := range findings {
		if rule, ok := rules.rule(f.Question); ok {
			lines = append(lines, newLine(rule, f))
		}
	}
	slices.SortFunc(lines, compareLines)
	lines = slices.CompactFunc(lines, func(a, b pipeline.Line) bool { return compareLines(a, b) == 0 })
	reduce(rules, lines)
	return lines
}

// reduce turns weights alone into what each line adds: one witness for each basis, within the caps of the axes, and place
// and time as the conjunction that they are.
func reduce(rules Rules, lines []pipeline.Line) {
	groups := rules.groups(lines)
	oneWitness(lines, groups)
	capAxes(rules, lines, groups)
	conjoin(rules.Prior, lines, groups)
}

// compareLines orders lines before they are reduced; lines that compare equal read the same.
func compareLines(a, b pipeline.Line) int {
	return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Basis.String(), b.Basis.String()),
		strings.Compare(string(a.Outcome), string(b.Outcome)), cmp.Compare(a.Alone, b.Alone), strings.Compare(a.Reason, b.Reason),
		strings.Compare(string(a.Code), string(b.Code)), slices.Compare(a.Evidence, b.Evidence),
		strings.Compare(a.Assessor, b.Assessor), strings.Compare(a.Version, b.Version), slices.CompareFunc(a.Without, b.Without, compareLacking))
}

func compareLacking(a, b pipeline.LineLacking) int {
	return cmp.Or(strings.Compare(a.Line, b.Line), strings.Compare(string(a.Outcome), string(b.Outcome)), cmp.Compare(a.Alone, b.Alone))
}

func newLine(rule Rule, f pipeline.Finding) pipeline.Line {
	w := rule.weigh(f).bans()
	return pipeline.Line{
		ID: f.ID(), Question: f.Question, Subject: f.Subject, Axis: rule.Axis, Outcome: f.Outcome, Code: f.Code,
		Weight: w, Alone: w, Basis: f.Basis, Reason: f.Reason, Evidence: nonNilList(f.Evidence), Likelihood: f.Likelihood,
		Without: lacking(rule, f), Assessor: f.Assessor, Version: f.Version,
	}
}

// lacking weighs what the finding would answer without each line that it was judged beside.
func lacking(rule Rule, f pipeline.Finding) []pipeline.LineLacking {
	var out []pipeline.LineLacking
	for _, w := range f.Without {
		f.Outcome, f.Likelihood = w.Outcome, w.Likelihood
		out = append(out, pipeline.LineLacking{Lacking: w, Alone: rule.weigh(f).bans()})
	}
	return out
}

// group is what a line weighs: a proposition (where, when, or both when empty), seen from an axis.
type group struct{ axis, proposition pipeline.Axis }

// groups gives the group of each line. Where axes add up, no line weighs a proposition.
func (r Rules) groups(lines []pipeline.Line) []group {
	out := make([]group, len(lines))
	split := r.method().conjunction
	seen := map[pipeline.QuestionID]group{} // thousands of lines may answer one question
	for i, l := range lines {
		g, ok := seen[l.Question]
		if !ok {
			g = r.group(l, split)
			seen[l.Question] = g
		}
		out[i] = g
	}
	return out
}

func (r Rules) group(l pipeline.Line, split bool) group {
	g := group{axis: l.Axis}
	for _, p := range []pipeline.Axis{pipeline.AxisWhere, pipeline.AxisWhen} {
		if split && r.speaksTo(l, p) {
			g.proposition = p
		}
	}
	return g
}

// witness is what counts once for and once against.
type witness struct {
	group   group
	basis   pipeline.Basis
	against bool
}

// oneWitness keeps, for each group and basis, the strongest support and the strongest contradiction.
func oneWitness(lines []pipeline.Line, groups []group) {
	best := make(map[witness]int, len(lines))
	of := func(i int) witness { return witness{groups[i], lines[i].Basis, lines[i].Alone < 0} }
	for i, l := range lines {
		if l.Alone == 0 {
			continue
		}
		if j, ok := best[of(i)]; !ok || math.Abs(l.Alone) > math.Abs(lines[j].Alone) {
			best[of(i)] = i
		}
	}
	for i, l := range lines {
		if j := best[of(i)]; l.Alone != 0 && i != j {
			lines[i].Weight, lines[i].Note = 0, "same witness as "+lines[j].ID
		}
	}
}

// capAxes scales the lines of a group whose sum exceeds the cap of its axis.
func capAxes(rules Rules, lines []pipeline.Line, groups []group) {
	sums := map[group]milliBans{}
	for i, l := range lines {
		sums[groups[i]] += toMilli(l.Weight)
	}
	for g, sum := range sums { // each group touches its own lines only, so the order does not matter
		limit, capped := rules.AxisCaps[g.axis]
		if target := min(max(sum, -toMilli(limit)), toMilli(limit)); capped && target != sum {
			scale(lines, func(i int) bool { return groups[i] == g }, sum, target, fmt.Sprintf("the %s axis is capped at %g bans", g.axis, limit))
		}
	}
}

// scale gives each chosen line its part of the way from 0 to target: the parts add up to target to the thousandth, and no
// rounding lifts a line above its weight or turns it round.
func scale(lines []pipeline.Line, chosen func(i int) bool, sum, target milliBans, note string) {
	var before, after milliBans
	for i, l := range lines {
		if !chosen(i) || l.Weight == 0 {
			continue
		}
		before += toMilli(l.Weight)
		upTo := milliBans(math.Floor(float64(before*target) / float64(sum))) // always down: the parts err by less than 1
		lines[i].Weight, lines[i].Note = (upTo - after).bans(), note
		after = upTo
	}
}

func total(lines []pipeline.Line) milliBans {
	var sum milliBans
	for _, l := range lines {
		sum += toMilli(l.Weight)
	}
	return sum
}

func axisSums(lines []pipeline.Line) map[pipeline.Axis]milliBans {
	sums := map[pipeline.Axis]milliBans{}
	for _, axis := range pipeline.Axes() {
		sums[axis] = 0
	}
	for _, l := range lines {
		sums[l.Axis] += toMilli(l.Weight)
	}
	return sums
}

// coverage lists the open questions and gives the share of applicable questions that were answered. A question counts
// once, however many subjects it has; it is answered when any subject answered it, and leaves the count only when the
// claim makes it inapplicable.
func coverage(questions []pipeline.Question, findings []pipeline.Finding) ([]pipeline.OpenQuestion, float64) {
	open := []pipeline.OpenQuestion{}
	answered, applicable := 0, 0
	for _, q := range sortedQuestions(questions) {
		state, codes := stateOf(q.ID, findings)
		if state == pipeline.NotApplicable {
			continue
		}
		applicable++
		if state == pipeline.Supports {
			answered++
			continue
		}
		open = append(open, pipeline.OpenQuestion{Question: q.ID, Text: q.Text, Codes: codes})
	}
	if applicable == 0 {
		return open, 0
	}
	return open, math.Round(1000*float64(answered)/float64(applicable)) / 1000
}

// stateOf reduces the findings of a question: Supports stands for answered either way, NotApplicable for excluded by
// the claim, Unavailable for open.
func stateOf(id pipeline.QuestionID, findings []pipeline.Finding) (pipeline.Outcome, []pipeline.Code) {
	codes := []pipeline.Code{}
	excluded := false
	for _, f := range findings {
		if f.Question != id {
			continue
		}
		switch f.Outcome {
		case pipeline.Supports, pipeline.Contradicts:
			return pipeline.Supports, nil
		case pipeline.NotApplicable:
			excluded = true
		default:
			codes = append(codes, f.Code)
		}
	}
	if excluded {
		return pipeline.NotApplicable, nil
	}
	slices.Sort(codes)
	return pipeline.Unavailable, slices.Compact(codes)
}

func sortedQuestions(questions []pipeline.Question) []pipeline.Question {
	out := slices.Clone(questions)
	slices.SortFunc(out, func(a, b pipeline.Question) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

func sortedSet(list []string) []string {
	out := nonNilList(slices.Clone(list))
	slices.Sort(out)
	return slices.Compact(out)
}

func nonNilList(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func nonNil(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return maps.Clone(m)
}
