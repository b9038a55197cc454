package people

import (
	"bytes"
	"fmt"
	"io"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

// Duplicates writes pairs of incidents for people, each with what it rests on. records is among how many they were found.
func Duplicates(w io.Writer, pairs []duplicates.Proposal, records int) error {
	var b bytes.Buffer
	open := 0
	for _, p := range pairs {
		fmt.Fprintf(&b, "%s and %s: %+.2f bans, %s under the model%s\n", report.Plain(p.A), report.Plain(p.B), p.Bans, p.ChanceText(), said(p))
		for _, q := range p.Parts {
			fmt.Fprintf(&b, "  %-11s %+.2f  %-8s  %s\n", q.What, q.Bans, q.How, report.Plain(q.Reason))
		}
		if p.Said == "" {
			open++
		}
	}
	fmt.Fprintf(&b, "%d of %d pairs are proposed among %d records; nothing is joined unless a person says so (whenwhere merge A B --by --reason)\n",
		open, len(pairs), records)
	_, err := w.Write(b.Bytes())
	return err
}

func said(p duplicates.Proposal) string {
	switch {
	case p.Said != "":
		return "; people say: " + string(p.Said)
	case p.SharedFootage:
		return "; they share footage, so one of both has to be settled"
	}
	return ""
}

// Link writes what was kept of a pair.
func Link(w io.Writer, l pipeline.Link) error {
	what := map[pipeline.LinkWord]string{pipeline.LinkJoined: "are one incident", pipeline.LinkApart: "are two incidents",
		pipeline.LinkOpen: "are an open question again"}[l.Word]
	_, err := fmt.Fprintf(w, "%s and %s %s, says %s: %s\n", report.Plain(l.A), report.Plain(l.B), what, l.By, report.Plain(l.Reason))
	return err
}
