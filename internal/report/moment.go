package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/pipeline"
)

// narrow is the longest that a set may be to be told in place of what is likely if a clock can be believed: a set of
// years says only that nothing is sure.
const narrow = 48 * time.Hour

// shownSpans bounds how many intervals a line tells.
const shownSpans = 3

// Moment says in one line for people when a file was made: "2024-11-03 07:14:20 to 07:16:20Z 95 %, clock at +03:00: 98 %".
// A file without an estimate is told by what is missing.
func Moment(e pipeline.Estimate) string {
	if len(e.Within95.Spans) == 0 {
		return "not known, for want of " + strings.Join(e.Missing, " and of ")
	}
	set := e.Within95
	if length(set.Spans) > narrow && e.Likely != nil {
		set = *e.Likely
	}
	parts := []string{told(set)}
	switch {
	case slices.Contains(e.Flags, "no_clock"):
		parts[0] = "if on the claimed days: " + parts[0]
	case set.Mass < 0.5:
		parts[0] = "not known, the clocks cannot be believed: " + parts[0]
	}
	if len(e.Readings) > 0 {
		parts = append(parts, believed(e))
	}
	return strings.Join(parts, ", ")
}

func length(spans []pipeline.Span) time.Duration {
	var sum time.Duration
	for _, s := range spans {
		sum += s.Duration()
	}
	return sum
}

func told(s pipeline.Share) string {
	if length(s.Spans) > 366*24*time.Hour {
		return fmt.Sprintf("%s to %s, not known nearer", s.Spans[0].From.Format(time.DateOnly), s.Spans[len(s.Spans)-1].To.Format(time.DateOnly))
	}
	var parts []string
	for i, span := range s.Spans {
		if i == shownSpans {
			parts = append(parts, fmt.Sprintf("%d more", len(s.Spans)-i))
			break
		}
		parts = append(parts, interval(span))
	}
	only := ""
	if s.Mass < 0.5 {
		only = "only "
	}
	return fmt.Sprintf("%s %s%.0f %%", strings.Join(parts, " or "), only, 100*s.Mass)
}

func interval(s pipeline.Span) string {
	const second = "2006-01-02 15:04:05"
	end := s.To.Format(second)
	if s.From.Format(time.DateOnly) == s.To.Format(time.DateOnly) {
		end = s.To.Format(time.TimeOnly)
	}
	return s.From.Format(second) + " to " + end + "Z"
}

// believed tells how the likeliest reading of the first item is read.
func believed(e pipeline.Estimate) string {
	best := e.Readings[0]
	clock := "clock"
	if k := slices.IndexFunc(e.Items, func(i pipeline.TimeItem) bool { return i.ID == best.Item }); k >= 0 && e.Items[k].Clock == "gps" {
		clock = "satellite time"
	}
	if strings.HasPrefix(best.Reading, "+") || strings.HasPrefix(best.Reading, "-") {
		return fmt.Sprintf("%s at %s: %.0f %%", clock, best.Reading, 100*best.Mass)
	}
	return fmt.Sprintf("%s, %s: %.0f %%", clock, best.Reading, 100*best.Mass)
}

// moments are the lines of a page about when each file was made.
func (p *page) moments(v pipeline.Verdict) {
	if len(v.Times) == 0 {
		return
	}
	p.line("")
	p.line("when the files were made, from all that speaks of it (information: the lines above carry the weight):")
	for _, e := range v.Times {
		p.line("  %s: %s", e.Media, Moment(e))
		p.flags(e.Flags)
		for _, r := range e.Readings {
			p.line("          %3.0f %% %s, %s", 100*r.Mass, r.Item, r.Reading)
		}
		for _, i := range e.Items {
			p.line("          %s can be believed: %.1f %% before, %.1f %% after the others; without it the median moves by %s", i.ID, 100*i.Genuine, 100*i.After, moved(i.ShiftedS))
		}
		for _, c := range e.Core {
			p.line("          cannot all be believed: %s", strings.Join(c, "  and  "))
		}
	}
}

// flags tells at which end of a recording its header was written, which is no anomaly, apart from what is one.
func (p *page) flags(all []string) {
	ends := map[string]string{"clip_start": "start", "clip_end": "end"}
	var written, anomalies []string
	for _, f := range all {
		if end, ok := ends[f]; ok {
			written = append(written, end)
		} else {
			anomalies = append(anomalies, f)
		}
	}
	if len(written) > 0 {
		p.line("          its header was written at the %s of the recording", strings.Join(written, " or the "))
	}
	if len(anomalies) > 0 {
		p.line("          anomalies: %s", strings.Join(anomalies, ", "))
	}
}

func moved(seconds float64) string {
	d := time.Duration(seconds) * time.Second
	if d < 0 {
		d = -d
	}
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.1f hours", d.Hours())
	}
	return fmt.Sprintf("%.1f days", d.Hours()/24)
}

// filmed is the line of a table: of the first file with an estimate, else of the first, and how many more there are.
func filmed(v pipeline.Verdict) string {
	if len(v.Times) == 0 {
		return "."
	}
	first := max(0, slices.IndexFunc(v.Times, func(e pipeline.Estimate) bool { return len(e.Within95.Spans) > 0 }))
	line := Moment(v.Times[first])
	if more := len(v.Times) - 1; more > 0 {
		line += fmt.Sprintf(" (and %d more)", more)
	}
	return line
}
