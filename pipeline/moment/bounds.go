package moment

import (
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// boundItems are what the capture cannot be later than: the first dated post of the incident, and what a messenger or
// program wrote into the file's name when it kept a copy; and what it cannot be earlier than: the release of the phone's
// system. The release of an encoder bounds the copy only, and is none of them.
func (x File) boundItems(in pipeline.Incident) ([]item, error) {
	out, err := x.systemItems()
	if err != nil {
		return nil, err
	}
	if p, ok := EarliestPost(in); ok && x.Exhibit.Asked() {
		set := timeset.FromTimes(p.At, p.At.Add(time.Second))
		out = append(out, item{fusion.Item{ID: "post " + p.Subject, Clock: "platform", Reliability: postGenuine, Bound: fusion.Upper,
			Hypotheses: []fusion.Hypothesis{{Name: "posted", Weight: 1, Set: set}}}, p.Subject, false})
	}
	s, ok := x.Best(pipeline.ClockFileName)
	if !ok || s.Bound != pipeline.BoundUpper {
		return out, nil
	}
	readings, err := x.Readings(s)
	if err != nil {
		return nil, err
	}
	set := timeset.Of()
	for _, r := range readings {
		set = set.Union(r.Set)
	}
	if !set.IsEmpty() {
		out = append(out, item{fusion.Item{ID: string(s.Clock) + " " + s.Field, Clock: "saver", Reliability: nameGenuine, Bound: fusion.Upper,
			Hypotheses: []fusion.Hypothesis{{Name: "kept", Weight: 1, Set: set}}}, x.Exhibit.Evidence(pipeline.NameClocksKey.ID, s.Field), false})
	}
	return out, nil
}

// systemItems bounds the capture by the phone's own system, whose version only Apple writes in a form of its own.
func (x File) systemItems() ([]item, error) {
	camera, _, err := pipeline.CameraKey.In(x.Exhibit.Observed)
	if err != nil || camera.Make != "Apple" {
		return nil, err
	}
	programs, _, err := pipeline.SoftwareKey.In(x.Exhibit.Observed)
	for _, p := range programs {
		if s, ok := clock.FromSoftware(clock.IOS, "iOS", p, time.UnixMilli(everMs().Hi)); ok {
			return []item{{fusion.Item{ID: "system " + p, Clock: "system", Reliability: systemGenuine, Bound: fusion.Lower,
				Hypotheses: []fusion.Hypothesis{{Name: "released", Weight: 1, Set: s.Spans}}}, x.Exhibit.Evidence(pipeline.SoftwareKey.ID, ""), false}}, err
		}
	}
	return nil, err
}

// idHorizon ends the window in which platform ids are believed. It is a constant of this release, because the domain
// reads no clock.
var idHorizon = time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)

// Post is the earliest dated post of an incident.
type Post struct {
	At      time.Time
	Subject string // the source in the record
	How     string
}

// EarliestPost is the earliest instant by which the incident's footage was posted, by platform id or by publication
// time, reposts included: a repost shows, too, that the footage existed. ok is false when no source is dated.
func EarliestPost(in pipeline.Incident) (post Post, ok bool) {
	byID, okID := FirstByID(in)
	published, okPublished := FirstPublished(in)
	switch {
	case okID && okPublished && published.At.Before(byID.At), !okID:
		return published, okPublished
	}
	return byID, okID
}

// FirstByID is the earliest post by an id that a server made.
func FirstByID(in pipeline.Incident) (first Post, ok bool) {
	for i, s := range in.Sources {
		for _, stamp := range clock.FromURL(s.URL, idHorizon) {
			b, any := stamp.Spans.Bounds()
			if stamp.Has(clock.FlagClientMade) || !any {
				continue // a client can date its ids back
			}
			if at := time.UnixMilli(b.Hi).UTC(); !ok || at.Before(first.At) {
				first, ok = Post{at, pipeline.SourceSubject(i), "by its " + stamp.Field}, true
			}
		}
	}
	return first, ok
}

// FirstPublished is the earliest post by the time that its platform shows.
func FirstPublished(in pipeline.Incident) (first Post, ok bool) {
	for i, s := range in.Sources {
		if s.Published != nil && (!ok || s.Published.Before(first.At)) {
			first, ok = Post{s.Published.UTC(), pipeline.SourceSubject(i), "by its publication time"}, true
		}
	}
	return first, ok
}
