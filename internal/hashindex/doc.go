// Package hashindex finds all perceptual prints within a Hamming distance of a query, exactly, among tens of millions.
//
// A print is a code of 64 or 256 bits (Code64, Code256) under an id of the caller's choosing. Search reports every pair
// of id and code whose distance is at most the radius, each once, in no promised order, for every radius: nothing is
// approximate. The index is a multiset: one id may hold several codes, one code several ids, and a pair inserted twice is
// reported twice. Delete removes all codes of an id.
//
// # Method
//
// Multi-index hashing (Norouzi, Punjani, Fleet: "Fast Search in Hamming Space with Multi-Index Hashing", CVPR 2012) with
// the tight pigeonhole: m disjoint bands of k bits are tables of their own, and when radii r_1..r_m have the sum
// radius+1-m, a code within the radius is within r_j of the query in some band j. The radii are chosen band by band so
// that the fewest buckets are read: 64 bits are 4 bands of 16, and radius 10 is 2, 2, 2, 1, that is 428 buckets. 256 bits are
// 12 bands of up to 21, and radius 31 is eight times 2 and four times 1. A match is reported by the first band that can
// find it, so no set of those already seen is needed. Where the buckets would cost more than reading everything, every code is
// compared instead, eight queries in one pass (SearchBatch).
//
// # On disk
//
// An index is a folder that nothing else is kept in:
//
//	LOCK          held by the one writer
//	CURRENT       text: format version, the number of the current base, bits of a code, checksum
//	base-N.hix    immutable: header page, then codes, ids and buckets in sections, each with a checksum
//	log-N.hix     append-only: what was inserted and deleted since base N (and N+1, ..., after an unfinished merge)
//
// Numbers in these files are little-endian; a machine of the other order is refused. The base is memory-mapped. The log is
// read into memory at opening and is scanned by each search, so a writer merges when MergeDue says so.
//
// Commit is durable when it returns. A process or machine that dies leaves the state of the last Commit that returned, or
// of the one under way, whole, never a part of it. Merge writes new files under new names, synchronises them, and then
// replaces CURRENT; whatever it leaves when it dies is cleared by the next writer. Opening checks the header, the bucket tables and the
// log; Check reads everything else. What is damaged is refused with a DamagedError, and no damage leads to a panic or an
// endless loop.
//
// One Writer at a time, in any process; any number of readers. An Index shows the state at its opening, a Writer also
// what it committed since. Both may be searched by many goroutines at once, also during Commit and Merge.
package hashindex
