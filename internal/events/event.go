package events

import (
	"strings"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/geo"
)

// Source is who made a list, and so how it is read.
type Source string

// The lists that can be read.
const (
	Owlmaps    Source = "owlmaps"
	CIR        Source = "cir"
	Bellingcat Source = "bellingcat"
	VIINA      Source = "viina"
)

// List is one list as it was read.
type List struct {
	Source Source
	Files  []File
	Events []Event
	Doubts []Doubt // in the order of the rows
}

// File is a file that a list was read from.
type File struct {
	Name   string
	SHA256 string // 64 hex digits
}

// Doubt is a value that is absent, repeated or out of form. It never quotes a link or a text.
type Doubt struct {
	Row    int
	Field  string
	Detail string
}

// Event is one row.
type Event struct {
	Row   int         // of the list, from 1; the header is not counted
	ID    string      // as the list numbers it; empty when it does not
	Day   *time.Time  // midnight UTC that begins the stated day; nil when none is stated. The hour is not known
	Where *geo.LatLon // nil when no position is stated. Its precision is not known
	Side  string      // "ru" or "ua" where the list states one. For owlmaps it is whose loss, position or advance is shown
	Named string      // the place as the list names it; empty when it does not
	Tags  []string    // the list's own categories
	Text  string      // never printed
	Links []string    // cited posts and pages, in the order of the list; never printed
}

// Post is when a cited post was made, by its id.
type Post struct {
	Scheme string    // whose ids these are: "twitter", "tiktok" ...
	From   time.Time // no earlier than this, UTC
	Until  time.Time // and before this
}

// FirstPost is the first cited post whose id tells its time, no later than until. ok is false when none does.
func (e Event) FirstPost(until time.Time) (p Post, ok bool) {
	for _, link := range e.Links {
		for _, s := range clock.FromURL(link, until) {
			if span, ok := s.Spans.Bounds(); ok {
				return Post{strings.TrimPrefix(s.Field, "url:"), time.UnixMilli(span.Lo).UTC(), time.UnixMilli(span.Hi).UTC()}, true
			}
		}
	}
	return Post{}, false
}

// PostedBefore tells that the post was made more than a day before the stated day began, so that both cannot be right: the
// day's own zone is not stated, and a day leaves room for any.
func (e Event) PostedBefore(p Post) bool {
	return e.Day != nil && p.Until.Before(e.Day.AddDate(0, 0, -1))
}
