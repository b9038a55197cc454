package replay

import (
	"bytes"
	"encoding/json"
	"fmt"

	"whenwhere/pipeline"
	"whenwhere/pipeline/change"
	"whenwhere/pipeline/score"
)

// How says what came of making a kept verdict again.
type How string

const (
	SameBytes  How = "same"         // every byte the same
	SameMatter How = "same_content" // the same, written by another version of the program
	Differs    How = "differs"      // another verdict: the kept one, or what it rests on, was changed
	NoRules    How = "no_rules"     // the rules that it names are not kept
	NotKept    How = "not_kept"     // it was incomplete and gave way to the next of the same input
)

// Remake makes a kept verdict again from its own lines, by the rules that it names. text is its JSON as it was kept.
// difference is set when it Differs.
func Remake(rules score.Rules, kept pipeline.Verdict, text []byte) (how How, difference *change.Change, err error) {
	again := score.Again(rules, kept)
	written, err := json.Marshal(again)
	if err != nil {
		return "", nil, fmt.Errorf("replay: incident %s: %w", kept.Incident, err)
	}
	if bytes.Equal(written, text) {
		return SameBytes, nil, nil
	}
	c, err := change.Between(change.Side{Verdict: kept}, change.Side{Verdict: again})
	if err != nil {
		return "", nil, fmt.Errorf("replay: %w", err)
	}
	if c.Same {
		return SameMatter, nil, nil
	}
	return Differs, &c, nil
}
