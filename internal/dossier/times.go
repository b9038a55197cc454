package dossier

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/plot"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// What a time line shows of the surroundings of the claimed window and the answer.
const (
	leastShown = 30 * time.Minute
	narrowTime = 10 * 24 * time.Hour // a set wider than that says only that nothing is sure, and is not reached for
)

// clockPage is when one file was made: a picture of its clocks, or why there is none.
type clockPage struct {
	Title   string
	Says    string
	Picture *figure
}

func (b *builder) times() ([]clockPage, error) {
	var out []clockPage
	for _, e := range b.in.Verdict.Times {
		e = b.given(e)
		page := clockPage{Title: b.subject(e.Media) + b.role(e.Media), Says: b.made(e)}
		if len(e.Within95.Spans) > 0 {
			drawn, left := b.timeline(e)
			page.Says += left
			p, err := plot.Timeline(drawn)
			if err != nil {
				page.Says += " " + b.undrawn("its time line", err)
			} else if page.Picture, err = newFigure(p); err != nil {
				return nil, err
			}
		}
		out = append(out, page)
	}
	return out, nil
}

// given is an estimate whose sets are as fine as the audience may have them.
func (b *builder) given(e pipeline.Estimate) pipeline.Estimate {
	e.Within95.Spans, e.Within50.Spans = b.about.Audience.Spans(e.Within95.Spans), b.about.Audience.Spans(e.Within50.Spans)
	if e.Likely != nil {
		likely := *e.Likely
		likely.Spans = b.about.Audience.Spans(likely.Spans)
		e.Likely = &likely
	}
	return e
}

// made tells in a sentence or two when a file was made.
func (b *builder) made(e pipeline.Estimate) string {
	set := e.Within95
	if len(set.Spans) == 0 {
		return "Not known, for want of " + strings.Join(e.Missing, " and of ") + "."
	}
	if total(set.Spans) > narrowTime && e.Likely != nil && len(e.Likely.Spans) > 0 {
		set = *e.Likely
	}
	text, sure := "Made ", fmt.Sprintf(" (%.0f %%).", 100*set.Mass)
	switch {
	case slices.Contains(e.Flags, moment.FlagNoClock):
		text = "No clock speaks. If it was filmed on the claimed days, then "
	case set.Mass < 0.55:
		text, sure = fmt.Sprintf("Not known: its clocks are right with %.0f %% only. By them it was made ", 100*set.Mass), "."
	}
	if total(set.Spans) > 366*24*time.Hour {
		text += fmt.Sprintf("between %s and %s; not known nearer", set.Spans[0].From.Format("2 January 2006"), set.Spans[len(set.Spans)-1].To.Format("2 January 2006"))
	} else {
		var parts []string
		for i, s := range set.Spans {
			if i == shownSpans {
				parts = append(parts, fmt.Sprintf("%d more times", len(set.Spans)-i))
				break
			}
			parts = append(parts, kyiv{b.about.Kyiv}.span(s))
		}
		text += strings.Join(parts, "; or ")
	}
	text += sure
	if len(e.Readings) > 0 && e.Readings[0].Mass < 0.95 {
		text += fmt.Sprintf(" The likeliest reading of its clock, %s, has %.0f %%.", e.Readings[0].Reading, 100*e.Readings[0].Mass)
	}
	return text
}

// shownSpans bounds how many intervals a sentence tells.
const shownSpans = 3

func total(spans []pipeline.Span) (sum time.Duration) {
	for _, s := range spans {
		sum += s.Duration()
	}
	return sum
}

// role says that a file is not of the event itself, if it is not.
func (b *builder) role(subject string) string {
	for _, e := range b.in.Case.Media {
		if e.Subject() != subject {
			continue
		}
		switch e.Ref.EffectiveRole() {
		case pipeline.RoleAftermath:
			return ": shows the place after the event"
		case pipeline.RoleContext:
			return ": kept for context; no question is asked of it"
		case pipeline.RoleEvent:
		}
	}
	return ""
}

// timeline is the picture of a file's clocks. What light says is followed to the minute near the clocks only: it is left
// out, and told in words, where it allows nearly all that is shown, or nothing.
func (b *builder) timeline(e pipeline.Estimate) (l plot.Lines, left string) {
	from, to := b.frame(e)
	l = plot.Lines{Title: "When " + b.subject(e.Media) + " was made", FromMs: from.UnixMilli(), ToMs: to.UnixMilli(), Zone: kyiv{b.about.Kyiv}.axis(from),
		Set95: plotSpans(e.Within95.Spans), Set50: plotSpans(e.Within50.Spans), Result: fmt.Sprintf("these sets hold %.0f %% and %.0f %% of the probability", 100*e.Within95.Mass, 100*e.Within50.Mass)}
	if when := b.in.Case.Incident.Claim.When; when != nil {
		l.Rows = append(l.Rows, plot.Row{Label: "The claim", Note: "is judged; no evidence of itself", Spans: plotSpans([]pipeline.Span{*when})})
	}
	for _, i := range e.Items {
		if len(l.Rows) == maxRows {
			break
		}
		name, more := b.clockName(i.ID)
		if share := covers(b.allowed(e, i.ID), from, to); light(i.ID) && (share > 0.9 || share == 0) {
			left += lightWords(name, share)
			continue
		}
		l.Rows = append(l.Rows, plot.Row{Label: name, Note: more + fmt.Sprintf("belief %.0f → %.0f %%", 100*i.Genuine, 100*i.After),
			Spans: plotSpans(b.allowed(e, i.ID)), Doubts: i.After < 0.5 || slices.Contains(e.False, i.ID)})
	}
	return l, left
}

func lightWords(name string, share float64) string {
	if share == 0 {
		return " Not drawn, because it fits none of the time shown: " + name + "."
	}
	return " Not drawn, because it fits nearly all of the time shown: " + name + "."
}

func light(item string) bool { return item == "exposure" || strings.HasPrefix(item, "marks ") }

// covers is the share of a time that spans hold, which lie apart.
func covers(spans []pipeline.Span, from, to time.Time) float64 {
	var sum time.Duration
	for _, s := range spans {
		lo, hi := from, to
		if s.From.After(lo) {
			lo = s.From
		}
		if s.To.Before(hi) {
			hi = s.To
		}
		sum += max(0, hi.Sub(lo))
	}
	return sum.Seconds() / to.Sub(from).Seconds()
}

// maxRows is the most rows of a time line that still fits on a page.
const maxRows = 18

// allowed is what an item allows; what reaches to an end of the prior has no bound there.
func (b *builder) allowed(e pipeline.Estimate, item string) []pipeline.Span {
	for _, a := range b.in.Allowed {
		if a.Media != e.Media || a.Item != item {
			continue
		}
		out := slices.Clone(b.about.Audience.Spans(a.Spans))
		for i := range out {
			if !out[i].From.After(e.Prior.From) {
				out[i].From = time.UnixMilli(unbounded.FromMs)
			}
			if !out[i].To.Before(e.Prior.To) {
				out[i].To = time.UnixMilli(unbounded.ToMs)
			}
		}
		return out
	}
	return nil
}

// unbounded is beyond what package plot draws.
var unbounded = plot.Span{FromMs: time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), ToMs: time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()}

// frame is the time that the picture shows: the claimed window, and the answer if it is narrow, however far off.
func (b *builder) frame(e pipeline.Estimate) (from, to time.Time) {
	var all []pipeline.Span
	if claim := b.in.Case.Incident.Claim.When; claim != nil {
		all = append(all, *claim)
	}
	add := func(spans []pipeline.Span) {
		if len(spans) == 0 {
			return
		}
		hull := pipeline.Span{From: spans[0].From, To: spans[len(spans)-1].To}
		if hull.Duration() <= narrowTime {
			all = append(all, hull)
		}
	}
	add(e.Within95.Spans)
	if e.Likely != nil {
		add(e.Likely.Spans)
	}
	if len(all) == 0 {
		all = append(all, pipeline.Span{From: e.Within95.Spans[0].From, To: e.Within95.Spans[len(e.Within95.Spans)-1].To})
	}
	from, to = all[0].From, all[0].To
	for _, s := range all[1:] {
		if s.From.Before(from) {
			from = s.From
		}
		if s.To.After(to) {
			to = s.To
		}
	}
	pad := max(to.Sub(from)/3, leastShown/2)
	return from.Add(-pad), to.Add(pad)
}

func plotSpans(spans []pipeline.Span) []plot.Span {
	var out []plot.Span
	for _, s := range spans {
		out = append(out, plot.Span{FromMs: s.From.UnixMilli(), ToMs: s.To.UnixMilli()})
	}
	return out
}

// clockName is the id of an item in words, and which one it is: "camera_clock EXIF:DateTimeOriginal", "post sources[2]",
// "marks analyst-1", "brackets[0]".
func (b *builder) clockName(id string) (name, which string) {
	kind, rest, _ := strings.Cut(id, " ")
	if open := strings.IndexByte(kind, '['); open > 0 {
		kind, rest = kind[:open], id
	}
	words := map[string]string{
		"camera_clock": "camera's clock", "gps": "satellite time", "container_clock": "movie's header", "file_name": "file's name", "marks": "shadow or sun marked",
		"exposure": "exposure", "post": "post", "archived": "archived copy", "brackets": "satellite images", "system": "release of its system",
	}
	name, ok := words[kind]
	if !ok {
		name = strings.ReplaceAll(kind, "_", " ")
	}
	if !b.about.Audience.Words() || rest == "" {
		return name, ""
	}
	return name, b.ordinal(rest) + "; "
}
