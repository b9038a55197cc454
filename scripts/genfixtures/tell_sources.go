package main

import (
	"errors"
	"fmt"
	"time"

	"whenwhere/pipeline"
)

// tellTelegram is a post of an invented channel: channel, number, when, side, grade.
func tellTelegram(t *teller, w *words) {
	channel, number := w.next(), w.whole()
	t.post(w, w.moment(), "telegram", channel, fmt.Sprintf("https://t.me/%s/%d", channel, number))
}

// tellX is an invented post on X, whose address carries its time: when, side, grade.
func tellX(t *teller, w *words) {
	at := w.moment()
	t.post(w, at, "x", "example", xStatus(at))
}

// tellWeb is a report of an invented newspaper: host, path, when, side, grade.
func tellWeb(t *teller, w *words) {
	host, path := w.next(), w.next()
	t.post(w, w.moment(), "web", host, "https://"+host+"/"+path)
}

// post adds a source whose side and grade are the next words.
func (t *teller) post(w *words, at time.Time, platform, account, url string) {
	t.in.Sources = append(t.in.Sources, pipeline.Source{URL: url, Platform: platform, Account: account, Side: w.side(), Published: &at, Grade: w.grade()})
}

// tellUndated is a post on X that nobody noted the time of: when it was made.
func tellUndated(t *teller, w *words) {
	t.in.Sources = append(t.in.Sources, pipeline.Source{URL: xStatus(w.moment()), Platform: "x", Account: "example", Side: pipeline.SideUnknown})
}

// lastPost is the last dated one.
func (t *teller) lastPost(w *words) *pipeline.Source {
	if n := len(t.in.Sources); n > 0 && t.in.Sources[n-1].Published != nil {
		return &t.in.Sources[n-1]
	}
	w.refuse(errors.New("there is no dated post before it"))
	return &pipeline.Source{}
}

// tellCarries says that the last post carries the last file.
func tellCarries(t *teller, w *words) { t.lastPost(w).Media = []string{t.file} }

// tellReposts are reposts of the last post: how many.
func tellReposts(t *teller, w *words) {
	last := *t.lastPost(w)
	t.follow(w, func(s *pipeline.Source) { s.RepostOf = &last.URL })
}

// tellUploads are posts that carry the last file and do not say from where: how many.
func tellUploads(t *teller, w *words) {
	t.follow(w, func(s *pipeline.Source) { s.Media = []string{t.file} })
}

// follow adds so many posts, 17 minutes apart, by channels of all sides.
func (t *teller) follow(w *words, with func(*pipeline.Source)) {
	last, times := t.lastPost(w), w.whole()
	if w.fault != nil {
		return
	}
	at, before := *last.Published, len(t.in.Sources)
	for i := range times {
		at = at.Add(17 * time.Minute)
		published, channel := at, fmt.Sprintf("example_repost_%02d", before+i)
		s := pipeline.Source{URL: fmt.Sprintf("https://t.me/%s/%d", channel, 39+before+i), Platform: "telegram", Account: channel,
			Side: []pipeline.Side{pipeline.SideUA, pipeline.SideRU, pipeline.SideOther}[i%3], Published: &published}
		with(&s)
		t.in.Sources = append(t.in.Sources, s)
	}
}

// tellArchived is a web archive's copy of the last post: when it was made.
func tellArchived(t *teller, w *words) {
	last := t.lastPost(w)
	last.Archived = append(last.Archived, pipeline.Archived{Kind: pipeline.ArchiveWARC, Text: w.next()})
}

// tellWitness is somebody who saw it, and names the claimed place and a time: pseudonym, day of the interview, radius, from,
// to, grade.
func tellWitness(t *teller, w *words) { t.testifies(w, true) }

// tellHearsay is somebody who was told: as a witness; a radius of 0 names no place.
func tellHearsay(t *teller, w *words) { t.testifies(w, false) }

func (t *teller) testifies(w *words, direct bool) {
	one := pipeline.Testimony{ID: w.next(), Interviewed: w.next(), Direct: &direct}
	place := t.base
	if place.RadiusM = w.number(); place.RadiusM > 0 {
		one.Place = &place
	}
	span := w.span()
	one.Time, one.Grade = &span, w.grade()
	t.in.Testimonies = append(t.in.Testimonies, one)
}
