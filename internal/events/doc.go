// Package events reads published lists of geolocated incidents: who lists what, on which day, where, and which posts it
// cites. Four forms are read, told apart by their header or their names:
//
//   - owlmaps (UA Control Map), tab-separated: map date, side, position, text, links;
//   - CIR, Eyes on Russia, comma-separated: entry, date, group, position, links;
//   - Bellingcat, civilian harm: three JSON files, events, sources and associations;
//   - VIINA, comma-separated: georeferenced reports, not verified events.
//
// It promises that what a list does not state stays absent: a day has no hour (Bellingcat's time is 00:00 on every row and
// means unknown), a position has no radius and no confidence, a row without a date has none. Nothing is corrected. A value
// that breaks its form is absent too, and a Doubt names row and field. A file whose header or shape is another is refused.
//
// Links and texts name account holders and may point to graphic footage. They are here to be compared, never to be
// printed: no error and no Doubt of this package holds one.
//
// The row as it was written is not kept beside its Event: the file itself is, and an Event's row with the file's SHA-256
// leads to it.
//
// The package opens no network, reads no clock, and judges nothing.
package events
