package tally

import (
	"time"

	"whenwhere/pipeline"
)

// Call is a public statement as it is counted.
type Call struct {
	Existed  *time.Time // when it was made at the latest; nil when that is not known
	SpeaksOf int        // incidents, as its record or a person says
	MaySpeak int        // incidents that are proposed, of which nobody has spoken
	Status   pipeline.VerdictStatus
	Review   pipeline.Review
}

// Calls counts public statements. They are no incidents, and are in none of the other counts.
type Calls struct {
	Total    int     `json:"total"`
	SpeakOf  int     `json:"speak_of"` // that speak of an incident
	MaySpeak int     `json:"may_speak_of"`
	Machine  Machine `json:"machine"` // of the place and time of their media
	People   People  `json:"people"`
	Undated  int     `json:"undated"` // left out of a period because nothing says when they were made
}

// CountCalls counts the statements of a period; since and until may be absent.
func CountCalls(all []Call, since, until *time.Time) (n Calls) {
	for _, c := range all {
		switch {
		case since == nil && until == nil:
		case c.Existed == nil:
			n.Undated++
			continue
		case since != nil && c.Existed.Before(*since) || until != nil && !c.Existed.Before(*until):
			continue
		}
		n.Total++
		if c.SpeaksOf > 0 {
			n.SpeakOf++
		}
		if c.MaySpeak > 0 {
			n.MaySpeak++
		}
		n.Machine.add(c.Status)
		n.People.add(c.Review.State())
	}
	return n
}
