// Package moment says when each media file of an incident was made: it gathers all that speaks of that moment, and fuses
// it into an estimate.
//
// It promises that no clock is collapsed to one instant: a local time without a zone is one reading for each offset that
// a device at the place may have shown, and never UTC by default. It judges no claim and weighs nothing in the score: an
// estimate is information beside the lines. The claimed time is no evidence of itself; only for a file without any clock
// but with light is the estimate given within the claimed days, and flagged so. A file without both is dated by a satellite
// bracket alone, on whatever days. A file of which only bounds speak has none: its entry is without sets, and says what is
// missing.
//
// # The model
//
// Before any evidence a file was made at any instant of the prior, 1990 to 2028, as likely as at another. Each item is
// genuine with the probability that the rules of the score state for its kind, and says nothing if it is not:
//
//   - The device's clock, which tags, a movie's header and a camera's name repeat, is one witness. It stands within a
//     minute of the truth, evenly, under one of the offsets that the place allows; a movie's header is in UTC half the
//     time. What the other files of the device know of its clock, by package clock/device, weighs the offsets, and puts
//     the readings right by the clock's error; the file's own evidence does not come back to it.
//   - A recording was made at any instant from its begin to its end. The header is stamped at either: with the length of
//     the clip, name and header tell which, and the name's zone; unproved, it is a length on both sides. A header of
//     unknown length stands within ten minutes.
//   - A satellite time stands within five minutes, or a day off (3 % either way). One that repeats the dial is no witness.
//   - The first dated post, the first archived copy of one, and the day in a messenger's file name are upper bounds; the
//     release of an iPhone's system is a lower one. Posts of one Telegram channel hold each other by their numbers. Footage
//     of what two satellite images bracket lies between them, footage of its aftermath after the first.
//   - Shadows and the sun in the frame, by package shadow, at the claimed place; marks of one analyst are one item.
//   - The exposure: too bright for night is strong, too dark for day is weak.
//
// The sun is followed minute by minute near the readings of the clocks; elsewhere in the prior its average over the year
// stands for it, so that what a bogus clock leaves is spread evenly over years, where nobody needs minutes.
package moment
