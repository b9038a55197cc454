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
	"whenwhere/pipeline/tally"
)

// Book is all incidents of a store, with what the machine and people made of them, as one state of the database has it.
type Book struct {
	Entries    []Entry         // of incidents, by id
	Links      []pipeline.Link // what people said of pairs of incidents
	Statements []Statement     // by id

	spoken    []pipeline.Link // of statements and incidents
	sightings []store.Sighting
}

// Entry is one incident.
type Entry struct {
	store.Record
	Judged *tally.Judged   // what its newest verdict says; nil when it was not judged yet
	Review pipeline.Review // empty when it was not judged yet
}

// Read reads the book.
func Read(ctx context.Context, s *store.Store) (b Book, err error) {
	err = s.Snapshot(ctx, func(now *store.Snapshot) (err error) {
		b, err = read(ctx, now)
		return err
	})
	return b, err
}

func read(ctx context.Context, s *store.Snapshot) (b Book, err error) {
	records, err1 := s.Records(ctx)
	judged := map[string]*tally.Judged{}
	err2 := s.EachVerdict(ctx, func(v pipeline.Verdict) error {
		j := tally.JudgedOf(v)
		judged[v.Incident] = &j
		return nil
	})
	reviews, err3 := s.Reviews(ctx)
	statements, err4 := s.Statements(ctx)
	var err5, err6, err7 error
	b.Links, err5 = s.Links(ctx, pipeline.LinkIncidents)
	b.spoken, err6 = s.Links(ctx, pipeline.LinkStatement)
	b.sightings, err7 = s.Sightings(ctx)
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
		return Book{}, err
	}
	review := map[string]pipeline.Review{}
	for _, r := range reviews {
		review[r.Incident] = r
	}
	for _, r := range records {
		id := r.Incident.ID
		e := Entry{Record: r, Judged: judged[id], Review: review[id]}
		if r.Incident.Claim.Kind != pipeline.KindStatement {
			b.Entries = append(b.Entries, e)
			continue
		}
		for _, st := range statements {
			if st.ID == id {
				b.Statements = append(b.Statements, Statement{Statement: st, Entry: e})
			}
		}
	}
	return b, nil
}

// Records are the entries as duplicates are looked for: files that are kept for reference show no event, and what a verdict
// met counts as far as another incident shows it.
func (b Book) Records() []duplicates.Record {
	met := b.met()
	var out []duplicates.Record
	for _, e := range b.Entries {
		r := duplicates.Record{ID: e.Incident.ID, Claim: e.Incident.Claim, Alike: met[e.Incident.ID]}
		for _, s := range e.Incident.Sources {
			r.Posts = append(r.Posts, s.URL)
			if s.RepostOf != nil {
				r.Posts = append(r.Posts, *s.RepostOf)
			}
		}
		r.Footage = e.footage()
		out = append(out, r)
	}
	return out
}

// met are the files of others that show the footage of an incident or statement.
func (b Book) met() map[string][]pipeline.MediaID {
	met := map[string][]pipeline.MediaID{}
	for _, s := range b.sightings {
		met[s.Incident] = append(met[s.Incident], s.Media)
	}
	return met
}

// footage are the files that show the event or its aftermath.
func (e Entry) footage() (out []pipeline.MediaID) {
	for i, a := range e.Media {
		if !a.ID.IsZero() && e.Incident.Media[i].EffectiveRole() != pipeline.RoleContext {
			out = append(out, a.ID)
		}
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
	said := pipeline.Said(pipeline.LinkIncidents, b.Links)
	for i, l := range b.Links {
		pair := pipeline.Pair{A: l.A, B: l.B}
		if i > 0 && b.Links[i-1].A == l.A && b.Links[i-1].B == l.B || said[pair] == "" {
			continue
		}
		if p, ok := duplicates.Weigh(records, l.A, l.B); ok {
			p.Said = said[pair]
			out = append(out, p)
		}
	}
	return out
}

// UnknownError says that there is no such incident, or statement.
type UnknownError struct {
	ID        string
	Statement bool
}

func (e *UnknownError) Error() string {
	if e.Statement {
		return fmt.Sprintf("there is no statement %q", e.ID)
	}
	return fmt.Sprintf("there is no incident %q", e.ID)
}

// RefusedError says that a word of a pair was not kept, because it does not go with what holds already.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string { return e.Err.Error() }

func (e *RefusedError) Unwrap() error { return e.Err }

// Say keeps what a person says of two incidents, or of a statement and an incident. The error is an *UnknownError when one of
// them is not there or is of the other sort, and a *RefusedError when the word clashes with others or changes nothing.
func Say(ctx context.Context, s *store.Store, word pipeline.Link) (pipeline.Link, error) {
	word = word.Ordered()
	for _, of := range []struct {
		id        string
		statement bool
	}{{word.A, word.Kind == pipeline.LinkStatement}, {word.B, false}} {
		in, _, err := s.Attached(ctx, of.id)
		if errors.Is(err, store.ErrNotFound) || err == nil && (in.Claim.Kind == pipeline.KindStatement) != of.statement {
			err = &UnknownError{of.id, of.statement}
		}
		if err != nil {
			return word, err
		}
	}
	err := s.Update(ctx, func(tx *store.Tx) error {
		links, err := tx.Links(ctx, word.Kind)
		if err != nil {
			return err
		}
		if err := check(links, word); err != nil {
			return &RefusedError{err}
		}
		word, err = tx.SaveLink(ctx, word)
		return err
	})
	return word, err
}

// check is duplicates.Check for incidents; what statements speak of clashes with nothing, and must only change something.
func check(links []pipeline.Link, word pipeline.Link) error {
	if word.Kind == pipeline.LinkIncidents {
		return duplicates.Check(links, word)
	}
	switch before := pipeline.Said(pipeline.LinkStatement, links)[pipeline.Pair{A: word.A, B: word.B}]; {
	case word.Word == pipeline.LinkOpen && before == "":
		return fmt.Errorf("%s and %s: nothing holds of them that could be taken back", word.A, word.B)
	case word.Word == before:
		return fmt.Errorf("%s and %s are %s already", word.A, word.B, before)
	}
	return nil
}
