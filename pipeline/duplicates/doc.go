// Package duplicates proposes which records may be of one incident, with reasons and a weight in bans, and puts together
// those that a person joined. It joins nothing itself.
//
// # The model
//
// Two records are compared under two propositions: they tell of one incident, or of two. As in record linkage (Fellegi and
// Sunter, 1969), each thing they state has a weight log10(P(stated so | one) / P(stated so | two)), the weights are added,
// and the prior odds are those that a record drawn at random has a second one about the same incident, spread over all
// other records. A share of the records tells place or time wrong; it keeps a disagreement from deciding alone.
//
//   - place (measured): two accounts of one incident differ by the stated radii and 100 m, and one in forty-four is elsewhere:
//     396 events that two published lists have under one post. Two incidents lie apart as the events of a third list do, those
//     of one day closer to each other than others.
//   - time (measured): the two windows share an instant, one in 36 is wrong: of the same 396 events, 11 have other dates.
//     Two incidents fall anywhere in the time that all records span.
//   - source (judged): both records cite the same post. Of pairs of incidents on one day, 5 km or more apart, 0.6 % did:
//     posts that sum up a day. Capped at 1 ban as every judged weight.
//   - footage (judged): both show the same footage. It is what duplicates have in common, and also what claims have in
//     common of which one took its footage from the other; so it never decides, but it is always proposed, because one of
//     both has to be settled by a person.
//   - victims, party, perpetrator, kind (judged): agreement says little, disagreement speaks against. Seven of ten accounts
//     of one incident agree on the number of victims, and one incident has three on average.
//
// The program scripts/linkage prints what is measured, and what comes of it: of those 396 pairs it proposes 372 by place and
// day alone, among 1,225 pairs of the 4,605 rows of both lists, of which the model expects 265 to be one event. So it is
// cautious there; it says nothing of how well judged parts do.
//
// # What it promises
//
//   - Propose looks at pairs, never at text. What a record does not state weighs nothing.
//   - The order of records, of links and of shared footage changes nothing, nor does giving one of them twice.
//   - A pair that people joined, or said to be apart, is not proposed again. A word that was taken back counts as unsaid.
package duplicates
