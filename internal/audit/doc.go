// Package audit is the record that nobody can quietly change: what an entry of the log is, byte by byte, how entries are
// bound into a tree whose root is signed, what a check of all that finds, and the bundle in which one incident leaves the
// house with everything that proves it unaltered. It holds no rows: those are package store's.
//
// # The log
//
// An entry is a leaf of a Merkle tree as in RFC 6962 (golang.org/x/mod/sumdb/tlog): its hash is SHA-256 of a zero byte
// and the exact bytes of one JSON object, see Leaf. A checkpoint (C2SP tlog-checkpoint) is three lines,
//
//	ORIGIN
//	number of leaves, decimal
//	root, base64
//
// signed as a note (golang.org/x/mod/sumdb/note) with Ed25519. Whoever holds an older checkpoint can tell whether the log
// of today continues the log of then.
//
// # What is kept out
//
// No name, caption, account or coordinate is in a leaf. Bytes are named by their SHA-256; everything else (incidents,
// people, results) by HMAC-SHA256 under a salt of its own, kept beside the log. Deleting a salt, as a law may demand, makes
// the leaves of its subject mean nothing to anybody, and leaves the log whole.
//
// # What it proves
//
// That nothing changed since it was logged, to whoever has the public key and, against one who has the private key, an
// older checkpoint. It says "unchanged since", never "true".
package audit
