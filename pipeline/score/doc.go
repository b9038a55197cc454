// Package score folds the findings of one incident into a verdict that anyone can take apart and make again.
//
// It judges two propositions about the footage: H1, it was filmed at the claimed place within the claimed time; and
// H0, it was filmed elsewhere or at another time, old footage re-used included. It never judges that a crime occurred
// nor who did it.
//
// # The fold
//
// Each finding becomes one line with a weight in bans, log10 of P(evidence | H1) / P(evidence | H0). A finding that
// carries a likelihood from a stated error model is weighed by
//
//	log10( (r·L1 + 1 - r) / (r·L0 + 1 - r) )
//
// where r is the rule's share of genuine evidence and L1, L0 are relative to bogus evidence; any other finding takes
// the fixed weights of its rule. Both are capped by the rule, and no rule exceeds MaxFindingBans.
//
// Within one axis and one basis only the strongest support counts, and beside it the strongest contradiction: one
// clock is one witness, and support never hides a contradiction of the same witness. An axis may be capped. H1 is a
// conjunction of place and time, so a strong clock cannot buy off a wrong place: see conjunction. Lines are scaled to all
// this, and say so, and always add up to the total. Weights are whole thousandths of a ban, so that sums
// do not depend on order.
//
// A finding that was judged beside what another line rests on, as a shadow beside the other readings of its file's clock,
// carries what it would answer without that line, and its line what that weighs. The score without a line is folded anew
// from these.
//
// # Rules
//
// A table says of each number whether it was measured, derived or judged, and from which source. Default is that of this
// release; every earlier one is kept, and with it the way to fold, so that a verdict of before is made again with every
// field (Again). Load reads somebody's own, strictly. Verdicts name a table that is not the program's with its digest.
//
// # What to look for, and what cannot all be true
//
// Next answers each open question in thought, by the probabilities that the rules themselves imply, and folds anew: the
// formula stands beside it. Contradictions are the smallest sets of statements on place and time that no state of the world
// satisfies.
//
// # What it promises
//
// Fold is pure: no clock, no I/O, no map order. The score recomputed from the lines is the score. Permuting findings
// or repeating one changes nothing. Turning an inconclusive answer into support never lowers the score, and taking
// evidence away never raises the coverage. A failed stage adds nothing and marks the verdict incomplete. Weights are what
// their error models say, so that evidence for a false claim of x bans or more is seen at most once in 10^x false claims, as
// far as the models hold.
package score
