// Package change says what differs from one verdict of an incident to another, and why: line by line, and for the verdict
// as a whole.
//
// It promises that equal verdicts, byte for byte of their JSON, have no change, and that unequal ones have one: whatever
// has no entry of its own is named in Else. Between(a, b) and Between(b, a) name the same lines with before and after
// swapped. It knows no store, no rules and no clock: what it says follows from the two verdicts and the findings that
// they were folded from.
//
// A line moves for one of these causes, and for several at once:
//
//	added      the question was not asked of this subject before, or nobody asked it
//	gone       it is not asked any more
//	ruled      the same answer is there on both sides, but only the later rules weigh its question
//	unruled    the other way round
//	finding    the answer is another: another outcome, likelihood, code or basis
//	wording    the answer is the same; its reason, evidence or assessor's version is not
//	rule       the same answer weighs another number of bans alone: the rules differ
//	others     it weighs the same alone and counts for more or less, because of other lines: the same witness spoke
//	           elsewhere, an axis is capped, or place and time must both hold
package change
