package known

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"whenwhere/internal/likeness"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

var _ footage.Index = (*Catalogue)(nil)

// Look implements footage.Index.
func (c *Catalogue) Look(ctx context.Context, id pipeline.MediaID, prints []pipeline.Print) (footage.Seen, error) {
	asked, err := likeness.Of(prints)
	if err != nil {
		return footage.Seen{}, fmt.Errorf("known: media %s: %w", id, err)
	}
	nums, err := c.nearSeen(asked)
	if err != nil {
		return footage.Seen{}, fmt.Errorf("known: media %s: %w", id, err)
	}
	candidates, err := c.candidates(ctx, store.PartSeen, nums, id)
	if err != nil {
		return footage.Seen{}, fmt.Errorf("known: media %s: %w", id, err)
	}
	left, out, err := c.withoutNegative(ctx, id, asked, candidates)
	if err != nil {
		return footage.Seen{}, fmt.Errorf("known: media %s: %w", id, err)
	}
	seen := footage.Seen{LeftOut: out, Pictures: left.Pictures, Comparable: left.Comparable}
	for _, other := range candidates {
		found, err := c.sightings(ctx, id, left, other)
		if err != nil {
			return footage.Seen{}, fmt.Errorf("known: media %s against %s: %w", id, other.media, err)
		}
		seen.Sightings = append(seen.Sightings, found...)
	}
	slices.SortFunc(seen.Sightings, func(a, b footage.Sighting) int {
		return cmp.Or(cmp.Compare(a.Entry.Incident, b.Entry.Incident), cmp.Compare(a.Entry.Name, b.Entry.Name),
			bytes.Compare(a.Entry.Media[:], b.Entry.Media[:]))
	})
	return seen, nil
}

// candidate is a file that may be like the one asked about.
type candidate struct {
	media pipeline.MediaID
	known []store.Known
}

func (c candidate) negative() bool {
	return slices.ContainsFunc(c.known, func(k store.Known) bool { return k.Negative })
}

// nearSeen are the numbers of files that what is asked about may be like.
func (c *Catalogue) nearSeen(asked *likeness.Footage) (map[uint64]bool, error) {
	nums, err := c.seen.near(asked.Asked())
	if err != nil {
		return nil, err
	}
	return nums, c.seenMarks.vote(nums, asked, marksAsked, mostSeen)
}

// nearAsked are the numbers of files of incidents that may be like what was seen.
func (c *Catalogue) nearAsked(seen *likeness.Footage) (map[uint64]bool, error) {
	nums, err := c.asked.near(seen.Seen())
	if err != nil {
		return nil, err
	}
	return nums, c.askedMarks.vote(nums, seen, likeness.IndexedMarks, mostAsked)
}

// candidates are the files of some numbers, and the file itself, by id.
func (c *Catalogue) candidates(ctx context.Context, part store.Part, nums map[uint64]bool, self pipeline.MediaID) ([]candidate, error) {
	ids := map[pipeline.MediaID]bool{self: true}
	for num := range nums { // the order does not matter, they are sorted below
		if id, ok, err := c.cfg.Store.MediaOfNumber(ctx, part, num); err != nil {
			return nil, err
		} else if ok {
			ids[id] = true
		}
	}
	var out []candidate
	for id := range ids {
		known, err := c.cfg.Store.KnownOf(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, candidate{id, known})
	}
	slices.SortFunc(out, func(a, b candidate) int { return bytes.Compare(a.media[:], b.media[:]) })
	return out, nil
}

// withoutNegative leaves out of asked what is like an entry of a negative list, list by list.
func (c *Catalogue) withoutNegative(ctx context.Context, id pipeline.MediaID, asked *likeness.Footage, all []candidate) (*likeness.Footage, []footage.LeftOut, error) {
	var out []footage.LeftOut
	for _, entry := range negatives(all) {
		other, err := c.footage(ctx, entry.media)
		if err != nil {
			return nil, nil, err
		}
		before := asked.Comparable
		var pictures int
		if asked, pictures = asked.Without(other); entry.media == id { // its own bytes, also when only their digest is known
			asked, pictures = &likeness.Footage{Pictures: asked.Pictures}, max(before, 1)
		}
		if pictures > 0 {
			out = append(out, footage.LeftOut{Media: entry.media, List: entry.row.List, Event: entry.row.Event, Pictures: pictures})
		}
	}
	return asked, out, nil
}

// negative is an entry of a negative list.
type negative struct {
	media pipeline.MediaID
	row   store.Known
}

func negatives(all []candidate) []negative {
	var out []negative
	for _, c := range all {
		for _, k := range c.known {
			if k.Negative {
				out = append(out, negative{c.media, k})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b negative) int { return cmp.Compare(a.row.List, b.row.List) })
	return out
}

// sightings are the entries of another file, if it is the same or looks like it.
func (c *Catalogue) sightings(ctx context.Context, id pipeline.MediaID, asked *likeness.Footage, other candidate) ([]footage.Sighting, error) {
	if other.negative() {
		return nil, nil
	}
	s := footage.Sighting{SameBytes: other.media == id}
	if !s.SameBytes {
		seen, err := c.footage(ctx, other.media)
		if err != nil {
			return nil, err
		}
		var alike bool
		if s.Like, alike, err = likeness.Compare(asked, seen); err != nil || !alike {
			return nil, err
		}
	}
	entries, err := c.entries(ctx, other)
	if err != nil {
		return nil, err
	}
	var out []footage.Sighting
	for _, e := range entries {
		s.Entry = e
		out = append(out, s)
	}
	return out, nil
}

// entries are the places in the world of a file: the archive's, and one for each incident that shows it.
func (c *Catalogue) entries(ctx context.Context, of candidate) ([]footage.Entry, error) {
	var out []footage.Entry
	if len(of.known) > 0 {
		out = append(out, archived(of))
	}
	incidents, err := c.cfg.Store.IncidentsOf(ctx, of.media)
	if err != nil {
		return nil, err
	}
	for _, incident := range incidents {
		in, files, err := c.cfg.Store.Attached(ctx, incident)
		if errors.Is(err, store.ErrNotFound) {
			continue // it went between the two questions
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c.claimed(in, files, of.media)...)
	}
	return out, nil
}

// NameOf is the name under which footage of the archive appears in findings.
func NameOf(id pipeline.MediaID) string { return "known/" + id.String()[:12] }

// archived is the entry of the archive: of several rows, the one that was seen first.
func archived(of candidate) footage.Entry {
	first := of.known[0]
	for _, k := range of.known[1:] {
		if first.FirstSeen == nil || k.FirstSeen != nil && k.FirstSeen.Before(*first.FirstSeen) {
			first = k
		}
	}
	return footage.Entry{Media: of.media, Name: NameOf(of.media), SeenBy: first.FirstSeen, Event: first.Event, List: first.List}
}

// claimed are the entries of an incident that shows the file, unless only as context.
func (c *Catalogue) claimed(in pipeline.Incident, files []store.Attachment, id pipeline.MediaID) []footage.Entry {
	var out []footage.Entry
	for i, file := range files {
		if file.ID != id || in.Media[i].EffectiveRole() == pipeline.RoleContext {
			continue
		}
		e := footage.Entry{Media: id, Name: in.Media[i].File, Incident: in.ID, Claim: in.Claim}
		if at, ok := c.cfg.Post(in); ok {
			e.SeenBy = &at
		}
		out = append(out, e)
	}
	return out
}

// Touched lists the incidents whose findings may change because of what is new about the files: those that met them
// before, those that show them, and those whose media look like them. They come sorted.
func (c *Catalogue) Touched(ctx context.Context, changed []pipeline.MediaID) ([]string, error) {
	all := map[string]bool{}
	add := func(incidents []string, err error) error {
		for _, in := range incidents {
			all[in] = true
		}
		return err
	}
	for _, id := range changed {
		if err := add(c.cfg.Store.Sighted(ctx, id)); err != nil {
			return nil, fmt.Errorf("known: %w", err)
		}
		resembling, err := c.resembling(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("known: media %s: %w", id, err)
		}
		for _, other := range append(resembling, id) {
			if err := add(c.cfg.Store.IncidentsOf(ctx, other)); err != nil {
				return nil, fmt.Errorf("known: %w", err)
			}
		}
	}
	var out []string
	for in := range all {
		out = append(out, in)
	}
	slices.Sort(out)
	return out, nil
}

// resembling lists the media of incidents that are like the file; if it is negative, those of which any view is.
func (c *Catalogue) resembling(ctx context.Context, id pipeline.MediaID) ([]pipeline.MediaID, error) {
	seen, err := c.footage(ctx, id)
	if err != nil {
		return nil, err
	}
	nums, err := c.nearAsked(seen)
	if err != nil {
		return nil, err
	}
	candidates, err := c.candidates(ctx, store.PartAsked, nums, id)
	if err != nil {
		return nil, err
	}
	negative := slices.ContainsFunc(candidates, func(o candidate) bool { return o.media == id && o.negative() })
	var out []pipeline.MediaID
	for _, other := range candidates {
		if other.media == id {
			continue
		}
		asked, err := c.footage(ctx, other.media)
		if err != nil {
			return nil, err
		}
		_, alike, err := likeness.Compare(asked, seen)
		if err != nil {
			return nil, err
		}
		if alike || negative && asked.Resembles(seen) {
			out = append(out, other.media)
		}
	}
	return out, nil
}
