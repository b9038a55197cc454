package footage

import (
	"context"
	"time"

	"whenwhere/internal/likeness"
	"whenwhere/pipeline"
)

// Index finds earlier appearances of footage. The same catalogue must give the same answer, in the same order.
type Index interface {
	// Look finds the entries that hold the same bytes or look like the file with these prints.
	Look(ctx context.Context, id pipeline.MediaID, prints []pipeline.Print) (Seen, error)
	// Archive reports whether there is known footage to compare with at all. It must not tell how much: a verdict may not
	// depend on what its media do not match.
	Archive(ctx context.Context) (bool, error)
}

// Seen is what an Index found.
type Seen struct {
	Sightings  []Sighting // sorted by incident, name and file
	LeftOut    []LeftOut  // sorted by list
	Pictures   int        // of the file
	Comparable int        // of these, neither flat, nor weak, nor left out
}

// LeftOut says how many pictures of the file were not compared because they look like an entry of a negative list.
type LeftOut struct {
	Media    pipeline.MediaID // of the entry
	List     string
	Event    string // what the entry shows
	Pictures int
}

// Entry is footage with a place in the world: a file of the archive, or a file of an incident.
type Entry struct {
	Media    pipeline.MediaID
	Name     string         // the file as people know it
	Incident string         // empty for the archive
	Claim    pipeline.Claim // of the incident
	SeenBy   *time.Time     // the footage existed no later than this; nil when unknown
	Event    string         // what the archive says it shows
	List     string         // the list that says so; empty for one's own archive
}

// Sighting is an entry that holds the same footage.
type Sighting struct {
	Entry     Entry
	SameBytes bool
	Like      likeness.Likeness // zero when SameBytes
}

// chance is P(a likeness such as this by chance | the footage is new). Equal bytes leave none. Of 631,000 pairs of
// unrelated photos none were near by PDQ within the radii of package likeness, so that a pair by PDQ alone has fewer
// than 5 in a million, and a second print, or frames in order, a part of that. The share of an archive of some hundred
// pictures that is near by chance stays below these numbers.
func (s Sighting) chance() float64 {
	switch {
	case s.SameBytes:
		return 0
	case s.Like.Bits256 == nil && len(s.Like.Segments) == 0:
		return 1e-3
	}
	return 1e-4
}

func (s Sighting) describe() string {
	name := s.Entry.Name
	if s.Entry.Event != "" {
		name += " (" + s.Entry.Event + ")"
	}
	if s.Entry.List != "" {
		name += " of list " + s.Entry.List
	}
	if s.SameBytes {
		return "the same bytes as " + name
	}
	return s.Like.From(name)
}
