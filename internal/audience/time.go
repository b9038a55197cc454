package audience

import (
	"time"

	"whenwhere/pipeline"
)

// Steps of time. The sun moves by a kilometre at this latitude in three seconds and by 10 km in half a minute, so that the
// edges of times that follow from shadows or exposure at the exact place would tell longitude finer than the cell does; and
// the second of a post finds the post, and its account.
const (
	partnerStep = time.Minute
	publicStep  = 10 * time.Minute
)

// Span is a time that was worked out from footage or posts, as it may be given: the least span of whole steps that holds it.
// Claimed times are given as they are claimed.
func (a Audience) Span(s pipeline.Span) pipeline.Span {
	if a == Internal {
		return s
	}
	step := publicStep
	if a == Partner {
		step = partnerStep
	}
	from, to := s.From.Truncate(step), s.To.Truncate(step)
	if to.Before(s.To) {
		to = to.Add(step)
	}
	return pipeline.Span{From: from, To: to}
}

// Spans are spans as they may be given, in their order; those that come to touch are one.
func (a Audience) Spans(all []pipeline.Span) []pipeline.Span {
	if a == Internal {
		return all
	}
	var out []pipeline.Span
	for _, s := range all {
		s = a.Span(s)
		if last := len(out) - 1; last >= 0 && !s.From.After(out[last].To) {
			if s.To.After(out[last].To) {
				out[last].To = s.To
			}
			continue
		}
		out = append(out, s)
	}
	return out
}
