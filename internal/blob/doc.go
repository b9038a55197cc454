// Package blob keeps originals: files under the SHA-256 of their bytes, written once and checked whenever they are
// opened.
//
// # What it holds on disk
//
//	DIR/sha256/ab/<64 hex digits>   an original; ab are the first two digits; read-only once it is there
//	DIR/sha256/ab/<...>.tmp         an original on its way in; swept
//	DIR/staging/put-*               bytes whose hash is not known yet; swept
//	DIR/quarantine/<id>-is-<hash>   what was found in the place of original <id>, by the hash that it has
//	DIR/lock                        held while one process publishes, empties or replaces
//
// # What it promises
//
//   - Put acknowledges only what is durable: staged, hashed while copying, synced, read back and compared, put without
//     overwriting, file and folder synced, and read back once more.
//   - A file that is already there is hashed again, never trusted. A damaged one is moved to the quarantine, where it
//     can be looked at, and replaced by the good bytes.
//   - Open hashes the file before it hands it out, so what is analysed is what was hashed. Damage is a *DamagedError.
//   - A process that is killed leaves at most files for Sweep; no original is ever partly there.
//
// Names in paths come from hashes only. An empty file is an original like any other.
//
// # What it does not do
//
// It keeps no names, types or dates; those are rows. It does not notice bytes that change after Open has returned.
package blob
