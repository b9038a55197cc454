// Package clock reads what stamps say about time: camera dates, GPS fixes,
// movie headers, XMP dates, file names, the ids of platforms and their order,
// archives, versions of software, and what satellites saw. Telemetry is read
// by the packages srt and gpmf below it, and handed in by OnDial and AtUTC;
// package device infers a clock's setting over all files of a device.
//
// # What it promises
//
// A reading is never collapsed to one instant. Every parser returns a Stamp
// whose Spans are all the instants the reading may mean, at the precision it
// was written with. A wall-clock time without a zone is a set of candidates;
// UTC is a candidate only where a standard or a flag says so, never a default.
//
// A value that breaks the calendar, was never set, or lies outside the
// plausibility window (1990 to the time of collection plus one day) is flagged
// and carries no Spans: it makes no claim rather than a wrong one. The
// parsers accept any bytes and never panic.
//
// The package reads no clock, no environment and no zone files of the host.
// Zone rules come from the embedded zoneinfo.zip, because time.LoadLocation
// prefers ZONEINFO and the host's files to those that time/tzdata embeds, and
// the same file must give the same answer everywhere. The copy is byte for
// byte lib/time/zoneinfo.zip of Go 1.26.8 (IANA 2025c, public domain).
//
// # What it does not do
//
// It gives no probabilities beyond a stamp's Reliability, fuses nothing and
// judges no claim. It does not know which side controlled a place: it keeps
// every offset that a device there may have shown and says why.
package clock
