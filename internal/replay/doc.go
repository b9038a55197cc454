// Package replay makes verdicts again: by other rules, and by what could be known on another date.
//
// # Two times
//
// What the data folder held at a time is told by its history of verdicts: each one is kept, with the time at which it
// became the latest (package store). What could be known in the world at a time is told by this package, whoever held it
// then: a map counts from when it was published, not from when it was imported. KnownBy and Index leave out of a record and
// of the catalogue of footage what nobody could have known yet; control maps carry the time at which they could be known.
//
// # What has a date, and what is taken as it is now
//
//	control maps           dated: known_at, when the map could be known, not the moment that it describes
//	known footage          dated: first_seen; rows without it count as known always
//	sources                dated: the earliest of the post's id, its publication time, its number among the posts of its
//	                       channel, and its archived copies; a source without any counts as known always
//	archived copies        dated: their own time
//	testimonies            dated: the day of the interview, from its beginning in UTC; without a day, known always
//	satellite brackets     dated: the later of the two images
//	other incidents        dated: their earliest post; known always without one; never before their claimed time opens
//	the incident's claim   as it is now; an incident whose claimed time had not opened has no verdict by then
//	files and observations as they are now: what is measured in a file lies in its bytes
//	marks, landmarks       as they are now: they carry no date
//	negative lists         as they are now: they carry no date
//	maps that wait         as they are now: which imported maps a person must look at first follows from all of them
//	gazetteer, time zones  as they are now
//	joined incidents       in no verdict, as people's decisions are
//	rules                  as asked for, else those of this program
//	stages of the program  as they are now: findings are made by this version of it
//
// Dated and NotDated are the same table for programs and for people.
//
// # What it promises
//
// The package reads no clock and no store. What is left out is named. Subjects keep the numbers that they have in the whole
// record, so that verdicts of two dates can be compared line by line. When nothing is left out, nothing is changed, and the
// verdict is the same, byte for byte. A later date never knows less.
package replay

// Dated lists what is left out when it was known later, with what dates it.
func Dated() []string {
	return []string{
		"control maps (known_at)", "known footage (first_seen)", "sources (post id, published, archived)", "archived copies (their time)",
		"testimonies (interviewed)", "satellite brackets (the later image)", "other incidents (earliest post; claimed time)",
	}
}

// NotDated lists what is taken as it is now, whatever the date.
func NotDated() []string {
	return []string{
		"the incident's claim", "files and what was measured in them", "marks and landmarks", "negative lists", "maps that wait for a person", "gazetteer", "time zones",
		"the stages of this program", "whatever of the dated kinds has no date",
	}
}
