// Package moment says when each media file of an incident was made: it gathers all that speaks of that moment, and fuses
// it into an estimate.
//
// It promises that no clock is collapsed to one instant: a local time without a zone is one reading for each offset that
// a device at the place may have shown, and never UTC by default.
package moment
