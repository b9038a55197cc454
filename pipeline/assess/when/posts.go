package when

import (
	"fmt"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

func earliestPostID(in pipeline.Incident) pipeline.Finding {
	post, ok := moment.FirstByID(in)
	return bound(askPostID, in, post, ok, "no source has an id that carries time", "url")
}

func earliestPublished(in pipeline.Incident) pipeline.Finding {
	post, ok := moment.FirstPublished(in)
	return bound(askPublished, in, post, ok, "no source has a publication time", "published")
}

// bound compares an upper bound with the window. Both questions rest on the same servers, so they share their basis.
func bound(q pipeline.QuestionID, in pipeline.Incident, post moment.Post, ok bool, absent, field string) pipeline.Finding {
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
