package dossier

import (
	"fmt"

	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

// linkRow is another record that speaks of this incident, or may.
type linkRow struct {
	Title, What string
	Why         []string
}

// links are the incidents that may be this one, those of which people said so or the opposite, and public statements.
func (b *builder) links() []linkRow {
	if !b.about.Audience.Words() {
		return nil
	}
	var out []linkRow
	for _, p := range b.in.Pairs {
		other := p.B
		if other == b.in.Verdict.Incident {
			other = p.A
		}
		r := linkRow{Title: "Incident " + other, What: linkWords(p)}
		for _, part := range p.Parts {
			if part.What != "prior" {
				r.Why = append(r.Why, fmt.Sprintf("%s (%s): %s", part.What, bans(part.Bans, 2), part.Reason))
			}
		}
		out = append(out, r)
	}
	for _, c := range b.in.Calls {
		out = append(out, linkRow{Title: "Statement " + c.Statement.ID, What: b.callWords(c.Statement), Why: []string{c.Why}})
	}
	return out
}

// callWords tells of a statement what is needed to judge it; its speaker is told by role alone.
func (b *builder) callWords(s pipeline.Statement) string {
	text := "A public statement that is said to speak of this incident"
	if s.Role != "" {
		text += ", by: " + s.Role
	}
	if s.Side != "" {
		text += ", side: " + sideName(s.Side)
	}
	if s.Said != nil {
		text += ", said " + kyiv{b.about.Kyiv}.span(*s.Said)
	}
	return text + "."
}

func linkWords(p duplicates.Proposal) string {
	switch p.Said {
	case pipeline.LinkJoined:
		return "A person said that both are one incident; they count once."
	case pipeline.LinkApart:
		return "A person said that they are two incidents."
	case pipeline.LinkOpen: // as if nobody had said anything
	}
	text := fmt.Sprintf("May be the same incident: %s under the model (%s bans). Nothing is joined unless a person says so.", p.ChanceText(), bans(p.Bans, 2))
	if p.SharedFootage {
		text += " Both show the same footage: at least one of the claims has to be settled."
	}
	return text
}
