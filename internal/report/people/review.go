// Package people prints what people decide and say: decisions, incidents that may be one, statements, and the summary that
// counts them. It changes nothing and decides nothing; the rules are in package pipeline and below.
package people

import (
	"bytes"
	"fmt"
	"io"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

// reviewed is a review as JSON, with what follows from it.
type reviewed struct {
	Incident string                 `json:"incident"`
	Machine  pipeline.VerdictStatus `json:"machine"` // the status of the newest verdict
	People   pipeline.ReviewState   `json:"people"`
	Approved bool                   `json:"approved"`
	Wanting  string                 `json:"wanting,omitempty"`
	Newest   pipeline.VerdictDigest `json:"newest"`
	Current  []pipeline.Decision    `json:"current"`
	History  []pipeline.Decision    `json:"history"`
}

// ReviewJSON writes a review as one line of JSON.
func ReviewJSON(w io.Writer, r pipeline.Review) error {
	return report.JSONLines(w, reviewed{Incident: r.Incident, Machine: r.Machine, People: r.State(), Approved: r.Approved(), Wanting: r.Wanting(),
		Newest: r.Newest, Current: present(r.Current()), History: present(r.History)})
}

// Review writes a review for people: the machine's status, theirs, and every decision with what it was made on.
func Review(w io.Writer, r pipeline.Review) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n  machine: %s\n  people:  %s", report.Plain(r.Incident), r.Machine, r.State())
	if wanting := r.Wanting(); wanting != "" {
		fmt.Fprintf(&b, " (%s)", wanting)
	}
	fmt.Fprintf(&b, "\n  newest verdict: %s\n", r.Newest)
	current := map[int]bool{}
	for _, d := range r.Current() {
		current[d.Seq] = true
	}
	for _, d := range r.History {
		fmt.Fprintf(&b, "  %d. %s  %s by %s, when the machine said %s%s\n     %s\n", d.Seq, d.At.Format("2006-01-02T15:04:05Z"), d.As, d.By, d.Machine,
			standing(d, r.Newest, current[d.Seq]), report.Plain(d.Reason))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Standing writes in one line what people's decisions come to.
func Standing(w io.Writer, r pipeline.Review) error {
	why := ""
	if wanting := r.Wanting(); wanting != "" {
		why = " (" + wanting + ")"
	}
	_, err := fmt.Fprintf(w, "\npeople: %s%s\n", r.State(), why)
	return err
}

// standing says why a decision does not count, if it does not.
func standing(d pipeline.Decision, newest pipeline.VerdictDigest, current bool) string {
	switch {
	case d.On != newest:
		return "; on an older verdict, " + d.On.String()[:12]
	case !current:
		return "; taken back by a later decision"
	}
	return ""
}

// present is the list, empty instead of absent.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
