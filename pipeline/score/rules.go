package score

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"whenwhere/pipeline"
)

// Bounds on what a table of rules may say.
const (
	MaxFindingBans = 4 // no single automatic finding exceeds it
	MaxJudgedBans  = 1 // nor an expert's choice this
)

// How says where a weight comes from.
type How string

const (
	Measured How = "measured" // fitted on a named data set by a script of this repository
	Derived  How = "derived"  // follows from physics and a stated error model
	Judged   How = "judged"   // an expert's choice, capped at MaxJudgedBans
)

// Rule weighs the answers to one question.
type Rule struct {
	Question     pipeline.QuestionID `json:"question"`
	Axis         pipeline.Axis       `json:"axis"`
	Corroborates pipeline.Axis       `json:"corroborates,omitempty"` // the proposition it also speaks to, where or when
	Supports     float64             `json:"supports"`               // bans, >= 0: fixed weight, and the typical one where a likelihood is given
	Contradicts  float64             `json:"contradicts"`            // bans, <= 0: likewise
	Genuine      float64             `json:"genuine,omitempty"`      // r, the share of such evidence that is genuine; 0 when the rule takes no likelihood
	Cap          float64             `json:"cap"`                    // bans, largest weight either way
	Hard         bool                `json:"hard,omitempty"`         // its contradiction alone makes the status contradicted
	How          How                 `json:"how"`
	Why          string              `json:"why"`            // data set and script, formula and error model, or the expert's reason
	Seek         string              `json:"seek,omitempty"` // what to look for when the question is open; empty when nothing can be done
}

// Rules is a versioned table of weights.
type Rules struct {
	Version          string                    `json:"version"`
	Prior            float64                   `json:"prior"`             // P(H1) before any evidence
	Scale            string                    `json:"scale"`             // id of the verbal scale
	MeaningfulBans   float64                   `json:"meaningful_bans"`   // below it either way a weight means nothing
	ContradictedBans float64                   `json:"contradicted_bans"` // a single contradiction of this size decides
	CandidateBans    float64                   `json:"candidate_bans"`
	CandidateBases   int                       `json:"candidate_bases"` // independent bases needed for each of where and when
	CredibleBans     float64                   `json:"credible_bans"`
	AxisCaps         map[pipeline.Axis]float64 `json:"axis_caps"` // bans, largest sum either way; absent is uncapped
	Table            []Rule                    `json:"table"`
}

// Load reads a table of rules from JSON and checks it.
func Load(data []byte) (Rules, error) {
	var r Rules
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return Rules{}, fmt.Errorf("rules: %w", err)
	}
	if dec.More() {
		return Rules{}, errors.New("rules: more than one JSON value")
	}
	return r, r.Check()
}

// Check returns all faults of the table together.
func (r Rules) Check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("rules: "+format, args...)) }
	if r.Version == "" {
		fault("version: missing")
	}
	if !(r.Prior > 0 && r.Prior < 1) {
		fault("prior: %v is not between 0 and 1", r.Prior)
	}
	if _, ok := scales()[r.Scale]; !ok {
		fault("scale: %q is not a known verbal scale", r.Scale)
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
	for _, err := range r.capFaults() {
		fault("axis_caps: %w", err)
	}
	seen := map[pipeline.QuestionID]bool{}
	for _, rule := range r.Table {
		if seen[rule.Question] {
			fault("%s: listed twice", rule.Question)
		}
		seen[rule.Question] = true
		for _, err := range rule.faults() {
			fault("%s: %w", rule.Question, err)
		}
	}
	return errors.Join(faults...)
}

// capFaults holds the caps to the design: maps of control lag, so context alone neither verifies nor refutes.
func (r Rules) capFaults() []error {
	var out []error
	for _, axis := range slices.Sorted(maps.Keys(r.AxisCaps)) {
		if !knownAxis(axis) || !(r.AxisCaps[axis] > 0) {
			out = append(out, fmt.Errorf("%s: %v: want a known axis and a cap above 0", axis, r.AxisCaps[axis]))
		}
	}
	if limit, ok := r.AxisCaps[pipeline.AxisContext]; !ok || limit >= min(r.CredibleBans, r.CandidateBans, r.ContradictedBans) {
		out = append(out, fmt.Errorf("context: %v: want a cap below each of the bans that decide", limit))
	}
	return out
}

func (rule Rule) faults() []error {
	var out []error
	limit := float64(MaxFindingBans)
	if rule.How == Judged {
		limit = MaxJudgedBans
	}
	if !(rule.Cap > 0 && rule.Cap <= limit) {
		out = append(out, fmt.Errorf("cap: %v is not above 0 and at most %v for a %s weight", rule.Cap, limit, rule.How))
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
	if rule.How != Measured && rule.How != Derived && rule.How != Judged {
		out = append(out, fmt.Errorf("how: %q is none of measured, derived, judged", rule.How))
	}
	if rule.Why == "" {
		out = append(out, errors.New("why: missing"))
	}
	if !knownAxis(rule.Axis) {
		out = append(out, fmt.Errorf("axis: %q is not a known axis", rule.Axis))
	}
	if !slices.Contains([]pipeline.Axis{"", pipeline.AxisWhere, pipeline.AxisWhen}, rule.Corroborates) {
		out = append(out, fmt.Errorf("corroborates: %q is neither where nor when", rule.Corroborates))
	}
	return out
}

func knownAxis(a pipeline.Axis) bool { return slices.Contains(pipeline.Axes(), a) }

// Covers checks that the table has a rule for each question that is asked, and none for others.
func (r Rules) Covers(questions []pipeline.Question) error {
	var faults []error
	asked := map[pipeline.QuestionID]bool{}
	for _, q := range questions {
		asked[q.ID] = true
		if _, ok := r.rule(q.ID); !ok {
			faults = append(faults, fmt.Errorf("rules %s: no rule for %s", r.Version, q.ID))
		}
	}
	for _, rule := range r.Table {
		if !asked[rule.Question] {
			faults = append(faults, fmt.Errorf("rules %s: %s is asked by no assessor", r.Version, rule.Question))
		}
	}
	return errors.Join(faults...)
}

func (r Rules) rule(id pipeline.QuestionID) (Rule, bool) {
	for _, rule := range r.Table {
		if rule.Question == id {
			return rule, true
		}
	}
	return Rule{}, false
}

// milliBans is a weight in whole thousandths of a ban: sums are exact in any order.
type milliBans int

func toMilli(bans float64) milliBans { return milliBans(math.Round(bans * 1000)) }

func (m milliBans) bans() float64 { return float64(m) / 1000 }

// weigh gives the weight of a finding on its own.
func (rule Rule) weigh(f pipeline.Finding) milliBans {
	var w float64
	switch {
	case f.Outcome != pipeline.Supports && f.Outcome != pipeline.Contradicts:
		return 0
	case f.Likelihood != nil && rule.Genuine > 0:
		r := rule.Genuine
		w = math.Log10((r*f.Likelihood.H1 + 1 - r) / (r*f.Likelihood.H0 + 1 - r))
	case f.Outcome == pipeline.Supports:
		w = rule.Supports
	default:
		w = rule.Contradicts
	}
	// An answer never weighs against itself: weak support is no contradiction.
	if f.Outcome == pipeline.Supports {
		return toMilli(min(max(w, 0), rule.Cap))
	}
	return toMilli(max(min(w, 0), -rule.Cap))
}
