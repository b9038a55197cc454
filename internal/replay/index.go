package replay

import (
	"context"
	"slices"
	"strings"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// Index is a catalogue of footage as it could be known by a time. It is used by one assessment, from one goroutine.
type Index struct {
	inner   footage.Index
	own     string // the incident that is judged: its own files are no news
	by      time.Time
	archive func(context.Context, time.Time) (bool, error)
	left    []LeftOut
}

// NewIndex leaves out of inner what was known later, for the assessment of one incident. archive says whether there was
// footage to compare with by then.
func NewIndex(inner footage.Index, incident string, by time.Time, archive func(ctx context.Context, by time.Time) (bool, error)) *Index {
	return &Index{inner: inner, own: incident, by: by, archive: archive}
}

// Archive implements footage.Index.
func (x *Index) Archive(ctx context.Context) (bool, error) { return x.archive(ctx, x.by) }

// Look implements footage.Index.
func (x *Index) Look(ctx context.Context, id pipeline.MediaID, prints []pipeline.Print) (footage.Seen, error) {
	seen, err := x.inner.Look(ctx, id, prints)
	seen.Sightings = slices.DeleteFunc(slices.Clone(seen.Sightings), func(s footage.Sighting) bool {
		at, later := x.later(s.Entry)
		if later && s.Entry.Incident != x.own {
			x.leave(s.Entry, at)
		}
		return later
	})
	return seen, err
}

// later reports whether nobody could have known of the entry by the time, and from when somebody could.
func (x *Index) later(e footage.Entry) (at time.Time, later bool) {
	if e.SeenBy != nil && e.SeenBy.After(x.by) {
		return *e.SeenBy, true
	}
	if e.Incident != "" && e.Claim.When != nil && e.Claim.When.From.After(x.by) {
		return e.Claim.When.From, true
	}
	return at, false
}

func (x *Index) leave(e footage.Entry, at time.Time) {
	l := LeftOut{KnownFootage, e.Name, at.UTC()}
	if e.Incident != "" {
		l.What, l.Name = OtherIncident, e.Incident
	}
	if !slices.Contains(x.left, l) {
		x.left = append(x.left, l)
	}
}

// LeftOut lists what was left out, by name.
func (x *Index) LeftOut() []LeftOut {
	out := slices.Clone(x.left)
	slices.SortFunc(out, func(a, b LeftOut) int { return strings.Compare(a.What+"\x00"+a.Name, b.What+"\x00"+b.Name) })
	return out
}
