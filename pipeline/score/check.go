package score

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"whenwhere/pipeline"
)

// Check returns all faults of the table together, each by entry, field and limit.
func (r Rules) Check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("rules: "+format, args...)) }
	for _, err := range r.headFaults() {
		fault("%w", err)
	}
	for _, err := range r.capFaults() {
		fault("axis_caps: %w", err)
	}
	if len(r.Table) == 0 || len(r.Table) > MaxRules {
		fault("table: %d rules: want 1 to %d", len(r.Table), MaxRules)
	}
	seen := map[pipeline.QuestionID]bool{}
	for _, rule := range r.Table {
		if seen[rule.Question] {
			fault("%.80s: listed twice", rule.Question)
		}
		seen[rule.Question] = true
		for _, err := range append(rule.faults(), r.provenanceFaults(rule)...) {
			fault("%.80s: %w", cmp.Or(rule.Question, "a rule without a question"), err)
		}
	}
	return errors.Join(faults...)
}

// versionShape keeps versions to what can stand in a name, a line of a terminal and a file name.
var versionShape = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$`)

// leastPrior, and 1 less it: nearer to certainty no evidence that the caps allow would tell a claim from another.
const leastPrior = 0.0001

func (r Rules) headFaults() []error {
	var out []error
	fault := func(format string, args ...any) { out = append(out, fmt.Errorf(format, args...)) }
	switch {
	case r.Version == "":
		fault("version: missing")
	case !versionShape.MatchString(r.Version):
		fault("version: %.80q: want at most 40 letters, digits, dots, dashes", r.Version)
	}
	if !(r.Prior >= leastPrior && r.Prior <= 1-leastPrior) {
		fault("prior: %v is not between %v and %v", r.Prior, leastPrior, 1-leastPrior)
	}
	if _, ok := methods()[r.Fold]; !ok {
		fault("fold: %.80q is not a known way to fold: want %s", r.Fold, FoldV3)
	}
	if _, ok := scales()[r.Scale]; !ok {
		fault("scale: %.80q is not a known verbal scale: want %s", r.Scale, ScaleV1)
	}
	for _, limit := range []struct {
		name string
		bans float64
	}{{"meaningful_bans", r.MeaningfulBans}, {"contradicted_bans", r.ContradictedBans}, {"candidate_bans", r.CandidateBans},
		{"candidate_bases", float64(r.CandidateBases)}, {"credible_bans", r.CredibleBans}} {
		if !(limit.bans > 0) {
			fault("%s: %v is not above 0", limit.name, limit.bans)
		}
	}
	return out
}

// provenanceFaults asks of each number where it comes from. The oldest tables do not say.
func (r Rules) provenanceFaults(rule Rule) []error {
	if !r.method().provenance {
		return nil
	}
	var out []error
	if rule.Source == "" {
		out = append(out, errors.New("source: missing"))
	}
	if rule.Genuine > 0 && !rule.GenuineHow.Known() {
		out = append(out, fmt.Errorf("genuine_how: %.80q is none of measured, derived, judged", rule.GenuineHow))
	}
	return out
}

// capFaults holds the caps to the design: maps of control lag, so context alone neither verifies nor refutes.
func (r Rules) capFaults() []error {
	var out []error
	for _, axis := range slices.Sorted(maps.Keys(r.AxisCaps)) {
		if !knownAxis(axis) || !(r.AxisCaps[axis] > 0) {
			out = append(out, fmt.Errorf("%.80s: %v: want a known axis and a cap above 0", axis, r.AxisCaps[axis]))
		}
	}
	decides := min(r.CredibleBans, r.CandidateBans, r.ContradictedBans)
	if limit, ok := r.AxisCaps[pipeline.AxisContext]; !ok {
		out = append(out, fmt.Errorf("context: missing: want a cap below each of the bans that decide, %v at the least", decides))
	} else if limit >= decides {
		out = append(out, fmt.Errorf("context: %v: want a cap below each of the bans that decide, %v at the least", limit, decides))
	}
	return out
}

func (rule Rule) faults() []error {
	var out []error
	limit := float64(MaxFindingBans)
	if rule.How == pipeline.Judged {
		limit = MaxJudgedBans
	}
	if !(rule.Cap > 0 && rule.Cap <= limit) {
		out = append(out, fmt.Errorf("cap: %v is not above 0 and at most %v for a %.80s weight", rule.Cap, limit, rule.How))
	}
	if !(rule.Supports >= 0 && rule.Supports <= rule.Cap) {
		out = append(out, fmt.Errorf("supports: %v is not within 0 to the cap", rule.Supports))
	}
	if !(rule.Contradicts <= 0 && rule.Contradicts >= -rule.Cap) {
		out = append(out, fmt.Errorf("contradicts: %v is not within minus the cap to 0", rule.Contradicts))
	}
	if !(rule.Genuine >= 0 && rule.Genuine < 1) {
		out = append(out, fmt.Errorf("genuine: %v is not within 0 to below 1", rule.Genuine))
	}
	if !rule.How.Known() {
		out = append(out, fmt.Errorf("how: %.80q is none of measured, derived, judged", rule.How))
	}
	if rule.Hard && (rule.How == pipeline.Judged || rule.Axis == pipeline.AxisContext) {
		out = append(out, errors.New("hard: neither a judged weight nor one of the context decides alone"))
	}
	if rule.Question == "" {
		out = append(out, errors.New("question: missing"))
	}
	if rule.Why == "" {
		out = append(out, errors.New("why: missing"))
	}
	if !knownAxis(rule.Axis) {
		out = append(out, fmt.Errorf("axis: %.80q is not a known axis", rule.Axis))
	}
	for _, p := range []struct {
		name string
		axis pipeline.Axis
	}{{"corroborates", rule.Corroborates}, {"denies", rule.Denies}} {
		if !slices.Contains([]pipeline.Axis{"", pipeline.AxisWhere, pipeline.AxisWhen}, p.axis) {
			out = append(out, fmt.Errorf("%s: %.80q is neither where nor when", p.name, p.axis))
		}
	}
	return out
}

func knownAxis(a pipeline.Axis) bool { return slices.Contains(pipeline.Axes(), a) }
