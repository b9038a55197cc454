package moment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// idHorizon ends the window in which platform ids are believed. It is a constant of this release, because the domain
// reads no clock.
var idHorizon = time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)

// Post is a dated post of an incident, or a dated copy of one: the footage existed then.
type Post struct {
	At      time.Time
	Subject string // the source in the record, or its archived copy
	Field   string // of the source, that dates it; empty for a copy
	How     string
}

// EarliestPost is the earliest instant by which the incident's footage was posted, by platform id, by publication time or
// by an archived copy, reposts included: a repost shows, too, that the footage existed. ok is false when nothing is dated.
func EarliestPost(in pipeline.Incident) (post Post, ok bool) {
	published, _ := Published(in)
	copies, _ := Archived(in)
	return first(PostedByID(in), published, copies)
}

// FirstByID is the earliest post by an id that a server made.
func FirstByID(in pipeline.Incident) (Post, bool) { return first(PostedByID(in)) }

// FirstPublished is the earliest post by the time that its platform shows, or by the posts around it.
func FirstPublished(in pipeline.Incident) (Post, bool) {
	posts, _ := Published(in)
	return first(posts)
}

// FirstArchived is the earliest copy that somebody else took of a post.
func FirstArchived(in pipeline.Incident) (Post, bool) {
	copies, _ := Archived(in)
	return first(copies)
}

// first is the earliest of all; of equal ones the first.
func first(lists ...[]Post) (out Post, ok bool) {
	for _, list := range lists {
		for _, p := range list {
			if !ok || p.At.Before(out.At) {
				out, ok = p, true
			}
		}
	}
	return out, ok
}

// PostedByID lists the posts whose id dates them and was made by a server: a client can date its ids back.
func PostedByID(in pipeline.Incident) (out []Post) {
	for i, s := range in.Sources {
		for _, stamp := range clock.FromURL(s.URL, idHorizon) {
			if b, any := stamp.Spans.Bounds(); any && !stamp.Has(clock.FlagClientMade) {
				out = append(out, Post{time.UnixMilli(b.Hi).UTC(), pipeline.SourceSubject(i), "url", "by its " + stamp.Field})
			}
		}
	}
	return out
}

// Published lists the posts by the time that their platform shows. A post of a Telegram channel that has no such time, or
// whose time the other posts of its channel in the incident outvote, is dated by those after it instead, if there are any:
// the numbers of posts count in order. amiss names the sources whose times contradict the numbers: those that are
// outvoted, and those of which nobody knows which are wrong.
func Published(in pipeline.Incident) (out []Post, amiss []string) {
	channels := orders(in)
	for i, s := range in.Sources {
		o, ordered := channels[i]
		if o.amiss {
			amiss = append(amiss, pipeline.SourceSubject(i))
		}
		switch {
		case ordered && (s.Published == nil || o.outvoted):
			if o.known {
				out = append(out, Post{o.latest, pipeline.SourceSubject(i), "url", "at the latest, by its number among the posts of its channel"})
			}
		case s.Published != nil:
			out = append(out, Post{s.Published.UTC(), pipeline.SourceSubject(i), "published", "by its publication time"})
		}
	}
	return out, amiss
}

// order is what its channel says of a post.
type order struct {
	amiss    bool // its time contradicts that of another post
	outvoted bool // and those of more posts
	known    bool
	latest   time.Time // when known: it was posted by then
}

// numbered is a source that is a post of a channel.
type numbered struct {
	source     int
	post       clock.Neighbour
	dated      bool
	impossible bool // dated before there were posts
}

// orders is what the channels of the incident say, by source.
func orders(in pipeline.Incident) map[int]order {
	channels := map[string][]numbered{}
	for i, s := range in.Sources {
		name, id, ok := clock.TelegramPost(s.URL)
		if !ok || id < 1 {
			continue
		}
		p := numbered{source: i, post: clock.Neighbour{ID: id, Forwarded: s.RepostOf != nil}}
		if s.Published != nil {
			p.dated, p.post.DateMs = true, s.Published.UnixMilli()
		}
		channels[name] = append(channels[name], p)
	}
	out := map[int]order{}
	for _, posts := range channels { // each writes entries of its own
		inChannel(posts, out)
	}
	return out
}

// inChannel fills in what is said of the posts of one channel.
func inChannel(posts []numbered, said map[int]order) {
	var archived []clock.Neighbour
	for i, p := range posts {
		if !p.dated {
			continue
		}
		if _, _, _, err := clock.TelegramRuns([]clock.Neighbour{p.post}, idHorizon); err != nil {
			posts[i].impossible = true
			continue
		}
		archived = append(archived, p.post)
	}
	sure, open, out, err := clock.TelegramRuns(archived, idHorizon)
	if err != nil {
		return // too many posts for a record
	}
	for _, p := range posts {
		o := order{outvoted: p.impossible || p.among(out)}
		o.amiss = o.outvoted || p.among(open)
		k, _ := slices.BinarySearchFunc(sure, p.post.ID, func(q clock.Neighbour, id int64) int { return cmp.Compare(q.ID, id) })
		s, ok, err := clock.TelegramOrder(p.post.ID, sure[max(0, k-1):min(len(sure), k+2)], idHorizon)
		if b, any := s.Spans.Bounds(); err == nil && ok && any && s.Bound == clock.Upper {
			o.known, o.latest = true, time.UnixMilli(b.Hi).UTC()
		}
		said[p.source] = o
	}
}

func (p numbered) among(list []clock.Neighbour) bool {
	return p.dated && slices.ContainsFunc(list, func(q clock.Neighbour) bool { return q.ID == p.post.ID && q.DateMs == p.post.DateMs })
}

// Archived lists the dated copies of the incident's posts, and names those whose text states no time, with the reason.
func Archived(in pipeline.Incident) (copies []Post, unread []string) {
	for i, s := range in.Sources {
		for k, a := range s.Archived {
			subject := pipeline.ArchivedSubject(i, k)
			stamp := archivedStamp(a)
			b, ok := stamp.Spans.Bounds()
			if !ok {
				unread = append(unread, fmt.Sprintf("%s reads %q, unused (%s)", subject, a.Text, strings.Join(stamp.Flags, ", ")))
				continue
			}
			copies = append(copies, Post{time.UnixMilli(b.Hi).UTC(), subject, "", "by " + stamp.Field})
		}
	}
	return copies, unread
}

// archivedStamp reads the text by its kind.
func archivedStamp(a pipeline.Archived) clock.Stamp {
	if a.Kind == pipeline.ArchiveSeen {
		at, err := time.Parse(time.RFC3339, a.Text)
		set := timeset.FromTimes(at, at.Add(time.Second))
		if err != nil {
			set = timeset.Of()
		}
		return clock.AtUTC(clock.Source{Field: "an archivist who saw it", Raw: a.Text, Kind: clock.Save, Basis: clock.BasisArchiver}, set, idHorizon)
	}
	if s, ok := clock.FromHeader(a.Text, idHorizon); ok {
		return s
	}
	if a.Kind == pipeline.ArchiveWARC {
		return clock.WARCDate(a.Text, idHorizon)
	}
	return clock.HTTPDate("HTTP header", a.Text, idHorizon)
}
