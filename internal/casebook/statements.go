package casebook

import (
	"slices"
	"strings"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/calls"
	"whenwhere/pipeline/tally"
)

// Statement is a public statement with what the machine and people made of the place and time of its media.
type Statement struct {
	Statement pipeline.Statement
	Entry
}

// Spoken is an incident that a statement speaks of, and who says so.
type Spoken struct {
	Statement string `json:"statement"`
	Incident  string `json:"incident"`
	Stated    bool   `json:"stated"`           // by the statement's record
	By        string `json:"by,omitempty"`     // else by this person
	Reason    string `json:"reason,omitempty"` // and why
}

// SpeakOf lists what statements speak of, by statement and incident: what their records say, unless a person said otherwise,
// and what people said.
func (b Book) SpeakOf() []Spoken {
	said := pipeline.Said(pipeline.LinkStatement, b.spoken)
	out := []Spoken{}
	for _, s := range b.Statements {
		for _, id := range s.Statement.Incidents {
			if said[pipeline.Pair{A: s.Statement.ID, B: id}] == "" {
				out = append(out, Spoken{Statement: s.Statement.ID, Incident: id, Stated: true})
			}
		}
	}
	for i, l := range b.spoken {
		last := i+1 == len(b.spoken) || b.spoken[i+1].A != l.A || b.spoken[i+1].B != l.B
		if last && l.Word == pipeline.LinkJoined {
			out = append(out, Spoken{Statement: l.A, Incident: l.B, By: l.By, Reason: l.Reason})
		}
	}
	slices.SortFunc(out, func(a, b Spoken) int {
		if a.Statement != b.Statement {
			return strings.Compare(a.Statement, b.Statement)
		}
		return strings.Compare(a.Incident, b.Incident)
	})
	return out
}

// Calls are the incidents that statements may speak of, of which nobody has spoken.
func (b Book) Calls() []calls.Proposal {
	met := b.met()
	var statements []calls.Statement
	for _, s := range b.Statements {
		statements = append(statements, calls.Statement{Statement: s.Statement, Footage: append(s.footage(), met[s.Statement.ID]...)})
	}
	var incidents []calls.Incident
	for _, e := range b.Entries {
		id := e.Incident.ID
		incidents = append(incidents, calls.Incident{ID: id, Claim: e.Incident.Claim, Footage: append(e.footage(), met[id]...)})
	}
	return calls.Propose(statements, incidents, b.spoken)
}

// CountCalls counts the statements of a period; since and until may be absent.
func (b Book) CountCalls(since, until *time.Time) tally.Calls {
	speaks, may := map[string]int{}, map[string]int{}
	for _, s := range b.SpeakOf() {
		speaks[s.Statement]++
	}
	for _, p := range b.Calls() {
		may[p.Statement]++
	}
	var all []tally.Call
	for _, s := range b.Statements {
		c := tally.Call{SpeaksOf: speaks[s.Statement.ID], MaySpeak: may[s.Statement.ID], Review: s.Review}
		if at, ok := s.Statement.Existed(); ok {
			c.Existed = &at
		}
		if s.Judged != nil {
			c.Status = s.Judged.Status
		}
		all = append(all, c)
	}
	return tally.CountCalls(all, since, until)
}
