package pipeline

import (
	"fmt"
	"slices"
	"time"
)

// LinkKind says what is linked.
type LinkKind string

const (
	LinkIncidents LinkKind = "incident"  // two incidents: is it one?
	LinkStatement LinkKind = "statement" // a statement and an incident: does it speak of it?
)

// LinkWord is what a person says of a pair.
type LinkWord string

const (
	LinkJoined LinkWord = "joined" // they are one incident; the statement speaks of the incident
	LinkApart  LinkWord = "apart"  // they are not
	LinkOpen   LinkWord = "open"   // what was said before is taken back
)

// Link is what one person said of a pair at one time. The machine only proposes; it never makes one.
type Link struct {
	Kind   LinkKind  `json:"kind"`
	A      string    `json:"a"` // of two incidents the one whose id comes first; of a statement its id
	B      string    `json:"b"`
	Seq    int       `json:"seq"` // counts what was said of the pair from 1
	Word   LinkWord  `json:"word"`
	By     string    `json:"by"` // pseudonym, see CheckPerson
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Check says what is wrong with the link, if anything.
func (l Link) Check() error {
	switch {
	case l.Kind != LinkIncidents && l.Kind != LinkStatement:
		return fmt.Errorf("kind: %q is none of incident, statement", l.Kind)
	case !slices.Contains([]LinkWord{LinkJoined, LinkApart, LinkOpen}, l.Word):
		return fmt.Errorf("word: %q is none of joined, apart, open", l.Word)
	case l.A == "" || l.B == "":
		return fmt.Errorf("a, b: missing")
	case l.A == l.B:
		return fmt.Errorf("a, b: %q is one, a link needs two", l.A)
	case l.Kind == LinkIncidents && l.A > l.B:
		return fmt.Errorf("a, b: %q comes before %q", l.B, l.A)
	}
	if err := CheckPerson(l.By); err != nil {
		return fmt.Errorf("by: %w", err)
	}
	if err := CheckReason(l.Reason); err != nil {
		return fmt.Errorf("reason: %w", err)
	}
	return nil
}

// Ordered is the link with its incidents in the order of their ids.
func (l Link) Ordered() Link {
	if l.Kind == LinkIncidents && l.A > l.B {
		l.A, l.B = l.B, l.A
	}
	return l
}

// Pair is the two of a link, in its order.
type Pair struct{ A, B string }

// Said is what holds of each pair of the kind that people spoke of: the last word, without those that were taken back.
func Said(kind LinkKind, links []Link) map[Pair]LinkWord {
	last := map[Pair]Link{}
	for _, l := range links {
		if p := (Pair{l.A, l.B}); l.Kind == kind && l.Seq > last[p].Seq {
			last[p] = l
		}
	}
	out := map[Pair]LinkWord{}
	for p, l := range last {
		if l.Word != LinkOpen {
			out[p] = l.Word
		}
	}
	return out
}
