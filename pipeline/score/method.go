package score

import "whenwhere/pipeline"

// How lines become a verdict is versioned as the weights are, so that a verdict of before can be made again with the rules
// that it names.
const (
	FoldV1 = "whenwhere-fold-1" // all axes are added up
	FoldV2 = "whenwhere-fold-2" // place and time are a conjunction; contradictions that add up decide
	FoldV3 = "whenwhere-fold-3" // what to look for next by a fold with each answer; smallest sets of more than two
)

// method is a way to fold.
type method struct {
	conjunction    bool // of place and time; without it, axes add up
	sumsDecide     bool // contradictions of one proposition, or of all, that together reach ContradictedBans refute
	scaledAway     bool // the score is given without lines that scaling left with less than a thousandth, too
	openReasons    bool // contradictions that do not decide are among the reasons of a status
	provenance     bool // the table says of each number where it comes from
	contradictions func(Rules, pipeline.Verdict) [][]string
	next           func(Rules, pipeline.Verdict) []pipeline.Suggestion
}

func methods() map[string]method {
	return map[string]method{
		FoldV1: {contradictions: pairs, next: nextByAnswer},
		FoldV2: {conjunction: true, sumsDecide: true, contradictions: pairs, next: nextByAnswer},
		FoldV3: {conjunction: true, sumsDecide: true, scaledAway: true, openReasons: true, provenance: true, contradictions: cores, next: nextByVerdict},
	}
}

// method of rules that were not checked is the newest.
func (r Rules) method() method {
	if m, ok := methods()[r.Fold]; ok {
		return m
	}
	return methods()[FoldV3]
}
