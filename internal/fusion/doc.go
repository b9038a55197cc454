// Package fusion joins what several clocks, shadows and posts say about one
// instant into one distribution over time, and says what it rests on.
//
// # The model
//
// Every item of evidence i has a reliability r (the probability that it is
// genuine) and a likelihood L over time, normalised to a density. The
// posterior is
//
//	p(t) ~ p0(t) * product over clocks of [ r L(t) + (1-r) u ]
//
// where u is uniform over the prior's support: a bogus item says nothing. All
// functions are piecewise constant, so that sums are exact up to rounding and
// nothing is sampled.
//
// A likelihood may be a mixture over named hypotheses ("read at +3", "read at
// +2"). Each hypothesis is normalised over its own extent before it is cut to
// the prior, so an item that points outside the prior loses belief and does
// not gain it; half-lines (bounds) are cut to the prior first, because they
// have no extent of their own.
//
// Items of one clock are one witness: see Item.Clock. What several files of
// one device say of its clock is inferred before, by package clock/device: it
// enters as the weights of hypotheses.
//
// # What it promises
//
// The order of items, hypotheses and intervals changes no bit of any result.
// No product is fused with a sum into one rounding, so the bits do not depend
// on the processor; long sums are compensated. Bad values (NaN, a reliability
// outside [0, 1], an empty prior) are errors; evidence that leaves no instant
// possible is a *Contradiction that names the smallest sets that cannot all
// be true, never a division of zero by zero.
//
// # What it does not do
//
// It knows no zones, no sun and no files, reads no clock, and does not judge
// claims. It believes the reliabilities it is given. A highest-density set
// alone misleads when much mass is on "bogus": print the masses beside it.
package fusion
