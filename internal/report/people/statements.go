package people

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
	"whenwhere/pipeline/calls"
)

// Call is a statement with what it speaks of, as it is printed. Who said it is left out: it is for internal use only, and
// whoever may see it reads the record.
type Call struct {
	ID        string                 `json:"id"`
	Role      string                 `json:"role,omitempty"`
	Side      pipeline.Side          `json:"side,omitempty"`
	Units     []string               `json:"units,omitempty"`
	Said      *pipeline.Span         `json:"said,omitempty"`
	Published int                    `json:"published"` // posts
	Media     int                    `json:"media"`
	Machine   pipeline.VerdictStatus `json:"machine,omitempty"` // of place and time of the media; absent when not judged
	People    pipeline.ReviewState   `json:"people"`
	SpeaksOf  []SpokenOf             `json:"speaks_of"`
	MayBe     []calls.Proposal       `json:"may_be"`
}

// SpokenOf is an incident that a statement speaks of. By is empty when its record says so.
type SpokenOf struct {
	Incident string `json:"incident"`
	By       string `json:"by,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// Calls writes statements for people.
func Calls(w io.Writer, all []Call) error {
	var b bytes.Buffer
	for _, c := range all {
		call(&b, c)
	}
	fmt.Fprintf(&b, "%s; the machine judges where and when their media were made, never what was meant\n", pipeline.Counted(len(all), "statement"))
	_, err := w.Write(b.Bytes())
	return err
}

func call(b *bytes.Buffer, c Call) {
	line := []string{c.ID}
	if c.Role != "" {
		line = append(line, c.Role)
	}
	if c.Side != "" {
		line = append(line, "for "+string(c.Side))
	}
	if len(c.Units) > 0 {
		line = append(line, "units: "+strings.Join(c.Units, ", "))
	}
	if c.Said != nil {
		line = append(line, "said "+c.Said.String())
	}
	machine := string(c.Machine)
	if machine == "" {
		machine = "not judged"
	}
	fmt.Fprintf(b, "%s\n  %s, %s; machine: %s; people: %s\n", report.Plain(strings.Join(line, "; ")), pipeline.Counted(c.Published, "post"), pipeline.Counted(c.Media, "file"), machine, c.People)
	for _, s := range c.SpeaksOf {
		who := "as its record states"
		if s.By != "" {
			who = "says " + s.By + ": " + s.Reason
		}
		fmt.Fprintf(b, "  speaks of %s, %s\n", report.Plain(s.Incident), report.Plain(who))
	}
	for _, p := range c.MayBe {
		var why []string
		for _, q := range p.Parts {
			why = append(why, q.Reason)
		}
		fmt.Fprintf(b, "  may speak of %s (%+.1f bans, judged): %s\n", report.Plain(p.Incident), p.Bans, report.Plain(strings.Join(why, "; ")))
	}
}

// SpokenWord writes what was kept of a statement and an incident.
func SpokenWord(w io.Writer, l pipeline.Link) error {
	what := map[pipeline.LinkWord]string{pipeline.LinkJoined: "speaks of", pipeline.LinkApart: "does not speak of",
		pipeline.LinkOpen: "is an open question again for"}[l.Word]
	_, err := fmt.Fprintf(w, "%s %s %s, says %s: %s\n", report.Plain(l.A), what, report.Plain(l.B), l.By, report.Plain(l.Reason))
	return err
}
