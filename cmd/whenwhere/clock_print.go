package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

// statement resolves a dial by the zones of the place, if one is given.
func (t teller) statement(input string, s clock.Stamp) statement {
	if t.place != nil && !s.Local.IsEmpty() && (s.Zone == clock.Unknown || s.Zone == clock.UTCOrLocal) {
		if candidates, err := t.zones.Candidates(t.place, s); err == nil {
			s = s.Under(candidates)
		}
	}
	out := statement{Input: input, Claim: s.Claim()}
	if s.Zone != clock.UTC {
		for _, iv := range s.Local.Intervals() {
			out.Local = append(out.Local, clock.ClaimSpan{From: dial(iv.Lo), To: dial(iv.Hi)})
		}
	}
	return out
}

func dial(ms int64) string { return time.UnixMilli(ms).UTC().Format(pipeline.WallLayout) }

func printStatements(out io.Writer, list []statement, asJSON bool) error {
	if asJSON {
		return writeJSON(out, list)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	before := ""
	for _, s := range list {
		if s.Input != before {
			fmt.Fprintln(w, report.Plain(s.Input))
			before = s.Input
		}
		writeStatement(w, s)
	}
	return w.Flush()
}

// writeStatement takes a line for each time that it may mean.
func writeStatement(w io.Writer, s statement) {
	notes := append([]string{"by " + s.Basis}, s.Flags...)
	for _, l := range s.Local {
		notes = append([]string{"local " + shortSpan(l)}, notes...)
	}
	if s.fireSeen != nil {
		notes = append(notes, s.fireSeen.notes()...)
	}
	cells := []string{"  " + s.Field, string(s.Kind), string(s.Bound), "unusable", strings.Join(notes, ", ")}
	for i, span := range s.Spans {
		if cells[3] = shortSpan(span); i > 0 {
			cells = []string{"", "or", "", cells[3], ""}
		}
		fmt.Fprintln(w, plainRow(cells))
	}
	if len(s.Spans) == 0 {
		fmt.Fprintln(w, plainRow(cells))
	}
}

func plainRow(cells []string) string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.Repeat(" ", len(c)-len(strings.TrimLeft(c, " "))) + report.Plain(strings.TrimLeft(c, " "))
	}
	return strings.Join(out, "\t")
}

// shortSpan is the begin and the length of a short one, and both ends of a long one.
func shortSpan(s clock.ClaimSpan) string {
	from, to := strings.Replace(s.From, ".000", "", 1), strings.Replace(s.To, ".000", "", 1)
	a, errA := time.Parse(pipeline.WallLayout, strings.TrimSuffix(s.From, "Z"))
	b, errB := time.Parse(pipeline.WallLayout, strings.TrimSuffix(s.To, "Z"))
	if errA == nil && errB == nil && b.Sub(a) <= time.Second {
		return from
	}
	return from + " to " + to
}

func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
