package score

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"whenwhere/pipeline"
)

// Bounds on what a table of rules may say.
const (
	MaxFindingBans = 4 // no single automatic finding exceeds it
	MaxJudgedBans  = 1 // nor an expert's choice this
)

// Rule weighs the answers to one question.
type Rule struct {
	Question     pipeline.QuestionID `json:"question"`
	Axis         pipeline.Axis       `json:"axis"`
	Corroborates pipeline.Axis       `json:"corroborates,omitempty"` // the proposition it also speaks to, where or when
	Supports     float64             `json:"supports"`               // bans, >= 0: fixed weight, and the typical one where a likelihood is given
	Contradicts  float64             `json:"contradicts"`            // bans, <= 0: likewise
	Genuine      float64             `json:"genuine,omitempty"`      // r, the share of such evidence that is genuine; 0 when the rule takes no likelihood
	GenuineHow   pipeline.How        `json:"genuine_how,omitempty"`  // where r comes from
	Cap          float64             `json:"cap"`                    // bans, largest weight either way
	Hard         bool                `json:"hard,omitempty"`         // its contradiction alone makes the status contradicted
	Denies       pipeline.Axis       `json:"denies,omitempty"`       // the proposition, where or when, that its contradiction denies, when that is not the axis
	How          pipeline.How        `json:"how"`
	Why          string              `json:"why"`                  // what the weight says, its formula and error model, or the expert's reason
	Source       string              `json:"source"`               // data set and script, law of physics or publication, or who judged
	Seek         string              `json:"seek,omitempty"`       // what to look for when the question is open; empty when nothing can be done
	SeekFirst    string              `json:"seek_first,omitempty"` // the same, when there is no footage yet
	SeekMore     string              `json:"seek_more,omitempty"`  // what another witness would be, when the question is answered
}

// Rules is a versioned table of weights.
type Rules struct {
	Version          string                    `json:"version"`
	Fold             string                    `json:"fold"`              // id of how lines become a verdict
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

// Covers checks that the table has a rule for each question that is asked, and none for others.
func (r Rules) Covers(questions []pipeline.Question) error {
	faults := []error{r.Asks(questions)}
	for _, id := range r.Lacks(questions) {
		faults = append(faults, fmt.Errorf("rules %s: no rule for %s", r.Version, id))
	}
	return errors.Join(faults...)
}

// Asks checks that each rule is for a question that is asked: a misspelt one would weigh nothing in silence.
func (r Rules) Asks(questions []pipeline.Question) error {
	var faults []error
	for _, rule := range r.Table {
		if !slices.ContainsFunc(questions, func(q pipeline.Question) bool { return q.ID == rule.Question }) {
			faults = append(faults, fmt.Errorf("rules %s: %.80s is asked by no assessor", r.Version, rule.Question))
		}
	}
	return errors.Join(faults...)
}

// Lacks lists, sorted, the questions that the table has no rule for, as those of before have none for what is asked since.
// Fold leaves their answers out, and says so in the verdict.
func (r Rules) Lacks(questions []pipeline.Question) []pipeline.QuestionID {
	var out []pipeline.QuestionID
	for _, q := range questions {
		if _, ok := r.rule(q.ID); !ok {
			out = append(out, q.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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
