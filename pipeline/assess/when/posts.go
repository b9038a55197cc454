package when

import (
	"fmt"
	"strings"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

func earliestPostID(in pipeline.Incident) pipeline.Finding {
	post, ok := moment.FirstByID(in)
	return bound(askPostID, in, post, ok, "no source has an id that carries time")
}

func earliestPublished(in pipeline.Incident) pipeline.Finding {
	post, ok := moment.FirstPublished(in)
	f := bound(askPublished, in, post, ok, "no source has a publication time")
	if _, amiss := moment.Published(in); len(amiss) > 0 && f.Outcome != pipeline.NotApplicable {
		f.Reason += fmt.Sprintf("; the times of %s contradict the numbers of their channel's posts", strings.Join(amiss, ", "))
	}
	return f
}

func earliestArchived(in pipeline.Incident) pipeline.Finding {
	post, ok := moment.FirstArchived(in)
	f := bound(askArchived, in, post, ok, "no source has a dated archived copy")
	if _, unread := moment.Archived(in); len(unread) > 0 && f.Outcome != pipeline.NotApplicable {
		f.Reason += "; " + strings.Join(unread, "; ")
	}
	return f
}

// bound compares an upper bound with the window. Ids and publication times rest on the same servers, so they share their
// basis; an archived copy rests on who took it.
func bound(q pipeline.QuestionID, in pipeline.Incident, post moment.Post, ok bool, absent string) pipeline.Finding {
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
	what, was := "post", "posted"
	evidence := post.Subject + "." + post.Field
	if q == askArchived {
		f.Basis.Kind, what, was, evidence = "archive", "copy", "archived", post.Subject
	}
	f.Evidence = []string{evidence, "claim.when"}
	opens := in.Claim.When.From
	if post.At.Before(opens) {
		f.Outcome = pipeline.Contradicts
		f.Likelihood = &pipeline.Likelihood{H1: 0, H0: 1}
		f.Reason = fmt.Sprintf("%s was %s at %s %s, %s before the claimed window opens", post.Subject, was, post.At.Format(time.RFC3339), post.How, off(opens.Sub(post.At).Milliseconds()))
		return f
	}
	f.Outcome = pipeline.Supports
	f.Reason = fmt.Sprintf("the earliest %s, %s, dates from %s %s, after the claimed window opens", what, post.Subject, post.At.Format(time.RFC3339), post.How)
	return f
}
