package when

import (
	"fmt"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/pipeline"
)

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
	byID, okID := firstByID(in)
	published, okPublished := firstPublished(in)
	switch {
	case okID && okPublished && published.At.Before(byID.At), !okID:
		return published, okPublished
	}
	return byID, okID
}

func firstByID(in pipeline.Incident) (first Post, ok bool) {
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

func firstPublished(in pipeline.Incident) (first Post, ok bool) {
	for i, s := range in.Sources {
		if s.Published != nil && (!ok || s.Published.Before(first.At)) {
			first, ok = Post{s.Published.UTC(), pipeline.SourceSubject(i), "by its publication time"}, true
		}
	}
	return first, ok
}

func earliestPostID(in pipeline.Incident) pipeline.Finding {
	post, ok := firstByID(in)
	return bound(askPostID, in, post, ok, "no source has an id that carries time", "url")
}

func earliestPublished(in pipeline.Incident) pipeline.Finding {
	post, ok := firstPublished(in)
	return bound(askPublished, in, post, ok, "no source has a publication time", "published")
}

// bound compares an upper bound with the window. Both questions rest on the same servers, so they share their basis.
func bound(q pipeline.QuestionID, in pipeline.Incident, post Post, ok bool, absent, field string) pipeline.Finding {
	f := pipeline.Finding{Question: q}
	if in.Claim.When == nil {
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no time"
		return f
	}
	if !ok {
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeNotStated, absent
		return f
	}
	f.Basis = pipeline.Basis{Kind: "platform_id"}
	f.Evidence = []string{post.Subject + "." + field, "claim.when"}
	opens := in.Claim.When.From
	if post.At.Before(opens) {
		f.Outcome = pipeline.Contradicts
		f.Likelihood = &pipeline.Likelihood{H1: 0, H0: 1}
		f.Reason = fmt.Sprintf("%s was posted at %s %s, %s before the claimed window opens", post.Subject, post.At.Format(time.RFC3339), post.How, off(opens.Sub(post.At).Milliseconds()))
		return f
	}
	f.Outcome = pipeline.Supports
	f.Reason = fmt.Sprintf("the earliest post, %s, dates from %s %s, after the claimed window opens", post.Subject, post.At.Format(time.RFC3339), post.How)
	return f
}
