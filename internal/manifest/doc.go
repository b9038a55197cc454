// Package manifest reads a case folder: what somebody claims, and which files they sent with it.
//
//	CASE/
//	  incidents.jsonl     one incident record a line (pipeline.Incident; incident.schema.json describes it)
//	  incidents.csv       the same for people who work in a spreadsheet; see Columns
//	  incidents.geojson   the same as Point features
//	  statements.jsonl    one public statement a line (pipeline.Statement): who called for what, when, where published
//	  media/              the files that the records name by their path in the case folder
//	  control/            control maps, see package control
//	  known/known.csv     footage that was seen before, see KnownColumns; known/ holds the files it names
//
// All files of records are read, in that order, and none of them is needed if another is there. It promises:
//
//   - Every fault is a Problem that names the file, the line and the field. One fault costs the record that it is in,
//     never its neighbours, and a record is used as a whole or not at all.
//   - The one exception is a media file that is not there: the incident is kept, its exhibit is marked as missing, and
//     the Problem wraps fs.ErrNotExist.
//   - The first record with an id holds the id. A later one is refused and told where the first stands, even when the
//     first was refused as well, so that mending one record never changes what another one means.
//   - Nothing outside the case folder is opened, whether by "..", by an absolute path or by a symbolic link.
//   - Nothing is repaired or guessed: no unknown field, no duplicate key, no time without its offset, no number with a
//     decimal comma. Text is only text; a cell that starts with = is not a formula here.
//   - Times are in UTC afterwards, lists are in the order of the files, and the same bytes give the same Case.
//
// A byte order mark at the start of a file, CRLF line ends and blank lines are accepted.
//
// # CSV
//
// The first row names the columns, in any order; only id is needed, an empty cell is absent, and an unknown or repeated
// column refuses the file. lon, lat and radius_m belong together, or place names
// the place, with oblast, raion and radius_m if they are known; so do from and to, and casualties_min and _max.
// Cells of media, sources and published hold several values separated by semicolons; published has as many values as
// sources, each a time or empty. A row with broken quoting ends the reading of that file, because after it nobody can
// tell records from text.
//
// # GeoJSON
//
// A FeatureCollection whose features are Points, or have a null geometry when the place is not known or is named in
// claim.where. The properties
// are an incident record without claim.where; radius_m stands beside it and makes the point a place.
//
// # Known footage
//
// first_seen is when somebody had already seen the footage: a time (RFC 3339, kept as the second that starts there) or
// a date (the whole day in UTC). The footage existed at the end of that span at the latest; when in the span it was
// seen is not known, so only [Known.ExistedBy] may be compared with a claim. Either file or sha256 is needed; a digest
// is enough for footage whose bytes cannot be kept. When both are given, the file must have that digest.
package manifest
