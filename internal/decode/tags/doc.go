// Package tags reads everything a media file states about itself, raw: dates as text, positions as rationals.
//
// It parses hostile bytes and runs only inside the jailed child. Memory and time are bounded by the limits named in
// its sub-packages, never by a size that a file declares. A defect that was survived is a wire.Note naming the rule;
// a wire.Fault is returned only when the container itself cannot be read, or when no reader knows its type.
package tags
