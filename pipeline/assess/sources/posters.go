package sources

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/pipeline"
)

// maxLeftOut is up to how many original posts each is left out in turn, to say what the others would answer without it.
// With more, a poster that counts beside another keeps its answer when that one is left out.
const maxLeftOut = 64

// posters answers for each source of the record.
func posters(in pipeline.Case) ([]pipeline.Finding, error) {
	all := originals(in.Incident)
	alike := newComparer(in)
	answers, err := answer(in.Incident.Claim, all, alike)
	if err != nil {
		return nil, err
	}
	if len(all) <= maxLeftOut {
		for i := range all {
			rest, err := answer(in.Incident.Claim, slices.Delete(slices.Clone(all), i, i+1), alike)
			if err != nil {
				return nil, err
			}
			lack(answers, rest, all[i].index)
		}
	}
	var out []pipeline.Finding
	for i, s := range in.Incident.Sources {
		f, ok := answers[i]
		if !ok {
			f = pipeline.Finding{Outcome: pipeline.Inconclusive, Code: pipeline.CodeDependent, Reason: "a repost counts as its original: " + originalOf(in.Incident.Sources, *s.RepostOf)}
		}
		f.Question, f.Subject = askPoster, pipeline.SourceSubject(i)
		slices.SortFunc(f.Without, func(a, b pipeline.Lacking) int { return strings.Compare(a.Line, b.Line) })
		out = append(out, f)
	}
	return out, nil
}

// lack notes which answers are others without a source.
func lack(answers, rest map[int]pipeline.Finding, without int) {
	for i, then := range rest {
		now := answers[i]
		if now.Outcome == then.Outcome && now.Likelihood.Equal(then.Likelihood) {
			continue
		}
		now.Without = append(now.Without, pipeline.Lacking{Line: pipeline.Finding{Question: askPoster, Subject: pipeline.SourceSubject(without)}.ID(), Outcome: then.Outcome, Likelihood: then.Likelihood})
		if len(now.Evidence) == 0 { // an answer that decides names its evidence, here too
			now.Evidence = then.Evidence
		}
		answers[i] = now
	}
}

// answer judges original posts, by their place in the record.
func answer(claim pipeline.Claim, posts []original, alike comparer) (map[int]pipeline.Finding, error) {
	posts, err := witnesses(posts, alike)
	if err != nil {
		return nil, err
	}
	var relied []original
	for _, o := range posts {
		if doubt, _ := o.doubt(claim); doubt == "" {
			relied = append(relied, o)
		}
	}
	out := map[int]pipeline.Finding{}
	for _, o := range posts {
		out[o.index] = o.finding(claim, relied)
	}
	return out, nil
}

func (o original) finding(claim pipeline.Claim, relied []original) pipeline.Finding {
	f := pipeline.Finding{Basis: o.witness, Outcome: pipeline.Inconclusive}
	doubt, code := o.doubt(claim)
	switch {
	case doubt != "":
		f.Code, f.Reason = code, doubt
	case !judged(o.source.Grade) && !o.beside(relied):
		f.Code = pipeline.CodeWeak
		f.Reason = "original post by a source of " + side(o.source.Side) + ", of whose reliability nothing is known: every claim has a poster, and this one stands alone"
	default:
		p, how, _ := trust(o.source.Grade)
		f.Outcome, f.Evidence = pipeline.Supports, []string{pipeline.SourceSubject(o.index)}
		f.Reason = fmt.Sprintf("original post by a source of %s (%s)", side(o.source.Side), how)
		if o.bare {
			f.Reason += "; noted without any of the files, so taken for a report in words, which no print tells from a repost"
		}
		f.Likelihood = &pipeline.Likelihood{H1: 2 * p, H0: 2 * (1 - p)}
	}
	return f
}

// doubt says why a post is no witness of the claim, whoever else is; empty when it can be one.
func (o original) doubt(claim pipeline.Claim) (string, pipeline.Code) {
	if c := o.copyOf; c != nil {
		return fmt.Sprintf("a repost counts as its original: the same footage as %s, which was posted %s before it: %s",
			pipeline.SourceSubject(c.first.index), span(o.posted.Sub(*c.first.posted)), c.how), pipeline.CodeDependent
	}
	if _, _, ok := trust(o.source.Grade); !ok {
		return "graded " + string(o.source.Grade) + ": doubtful, not relied on", pipeline.CodeWeak
	}
	if claim.When != nil && o.posted != nil && o.posted.Before(claim.When.From) {
		return "posted before the claimed time, so it cannot report this event", pipeline.CodeWeak
	}
	return "", ""
}

// beside reports whether another witness is relied on: one whose reliability was judged, or one who posted first. Of
// several of whom nothing is known, the first is the voice of the claim, and the others confirm it.
func (o original) beside(relied []original) bool {
	earlier := true // relied is in the order of posting: others come before the first post of this witness, or after it
	for _, other := range relied {
		if other.witness == o.witness {
			earlier = false
			continue
		}
		if earlier || judged(other.source.Grade) {
			return true
		}
	}
	return false
}

func span(d time.Duration) string {
	if d < 48*time.Hour {
		return fmt.Sprintf("%.1f hours", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}

func side(s pipeline.Side) string {
	if s == "" || s == pipeline.SideUnknown {
		return "unknown side"
	}
	return "side " + string(s)
}

func originalOf(all []pipeline.Source, address string) string {
	for i, s := range all {
		if s.URL == address {
			return pipeline.SourceSubject(i)
		}
	}
	return "a post that is not in the record"
}
