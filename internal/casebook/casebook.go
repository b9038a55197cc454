// Package casebook reads from the store what is needed to count incidents and to look for those that are one, and keeps what
// a person says of a pair after checking that it goes with what holds of others. The rules of counting are in package
// tally, those of likeness in package duplicates.
package casebook

import (
	"context"
	"errors"
	"fmt"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

// Book is all incidents of a store at one time, with what the machine and people made of them.
type Book struct {
	Entries []Entry         // by id
	Links   []pipeline.Link // what people said of pairs of incidents

	sightings []store.Sighting
}

// Entry is one incident.
type Entry struct {
	store.Record
	Verdict *pipeline.Verdict // the newest; nil when it was not judged yet
	Review  pipeline.Review   // empty when it was not judged yet
}

// Read reads the book.
func Read(ctx context.Context, s *store.Store) (b Book, err error) {
	records, err1 := s.Records(ctx)
	judged, err2 := s.LatestVerdicts(ctx)
	reviews, err3 := s.Reviews(ctx)
	b.Links, err = s.Links(ctx, pipeline.LinkIncidents)
	var err4 error
	b.sightings, err4 = s.Sightings(ctx)
	if err := errors.Join(err1, err2, err3, err, err4); err != nil {
		return Book{}, err
	}
	verdicts, review := map[string]*pipeline.Verdict{}, map[string]pipeline.Review{}
	for i := range judged {
		verdicts[judged[i].Incident] = &judged[i].Verdict
	}
	for _, r := range reviews {
		review[r.Incident] = r
	}
	for _, r := range records {
		id := r.Incident.ID
		b.Entries = append(b.Entries, Entry{Record: r, Verdict: verdicts[id], Review: review[id]})
	}
	return b, nil
}

// Records are the entries as duplicates are looked for: files that are kept for reference show no event, and what a verdict
// met counts as far as another incident shows it.
func (b Book) Records() []duplicates.Record {
	met := map[string][]pipeline.MediaID{}
	for _, s := range b.sightings {
		met[s.Incident] = append(met[s.Incident], s.Media)
	}
	var out []duplicates.Record
	for _, e := range b.Entries {
		r := duplicates.Record{ID: e.Incident.ID, Claim: e.Incident.Claim, Alike: met[e.Incident.ID]}
		for _, s := range e.Incident.Sources {
			r.Posts = append(r.Posts, s.URL)
			if s.RepostOf != nil {
				r.Posts = append(r.Posts, *s.RepostOf)
			}
		}
		for i, a := range e.Media {
			if !a.ID.IsZero() && e.Incident.Media[i].EffectiveRole() != pipeline.RoleContext {
				r.Footage = append(r.Footage, a.ID)
			}
		}
		out = append(out, r)
	}
	return out
}

// Proposals are the pairs that may be one incident, of which nobody has spoken; leastBans as in duplicates.Propose.
func (b Book) Proposals(leastBans float64) []duplicates.Proposal {
	return duplicates.Propose(b.Records(), b.Links, leastBans)
}

// Spoken are the pairs of which people have spoken, with what the model makes of them.
func (b Book) Spoken() (out []duplicates.Proposal) {
	records := b.Records()
	said := duplicates.Said(b.Links)
	for i, l := range b.Links {
		pair := duplicates.Pair{A: l.A, B: l.B}
		if i > 0 && b.Links[i-1].A == l.A && b.Links[i-1].B == l.B || said[pair] == "" {
			continue
		}
		if p, ok := duplicates.Weigh(records, l.A, l.B); ok {
			p.Said = string(said[pair])
			out = append(out, p)
		}
	}
	return out
}

// UnknownError says that there is no such incident.
type UnknownError struct{ Incident string }

func (e *UnknownError) Error() string { return fmt.Sprintf("there is no incident %q", e.Incident) }

// RefusedError says that a word of a pair was not kept, because it does not go with what holds already.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string { return e.Err.Error() }

func (e *RefusedError) Unwrap() error { return e.Err }

// Say keeps what a person says of two incidents. The error is an *UnknownError when one of them is not there, and a
// *RefusedError when the word clashes with others or changes nothing.
func Say(ctx context.Context, s *store.Store, word pipeline.Link) (pipeline.Link, error) {
	word = word.Ordered()
	for _, id := range []string{word.A, word.B} {
		_, err := s.Incident(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			err = &UnknownError{id}
		}
		if err != nil {
			return word, err
		}
	}
	err := s.Update(ctx, func(tx *store.Tx) error {
		links, err := tx.Links(ctx, pipeline.LinkIncidents)
		if err != nil {
			return err
		}
		if err := duplicates.Check(links, word); err != nil {
			return &RefusedError{err}
		}
		word, err = tx.SaveLink(ctx, word)
		return err
	})
	return word, err
}
