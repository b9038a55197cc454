package store

import (
	"context"
	"fmt"

	"whenwhere/internal/audit"
	"whenwhere/pipeline"
)

// EventsOf lists what the log keeps of an incident, as it is now, from one state of the database: its record, its latest
// verdict, what people decided, its files with what was measured on them and what is known of them, the control maps of
// its case, and those of the given imported ones. The events carry the bytes that leaves have the digests of. ErrNotFound
// when there is no such incident.
func (s *Store) EventsOf(ctx context.Context, incident string, imported []ControlMap) (out []Event, err error) {
	err = s.view(ctx, func(q querier) error {
		out, err = eventsOf(ctx, q, incident, imported)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: log of incident %s: %w", incident, err)
	}
	return out, nil
}

func eventsOf(ctx context.Context, q querier, incident string, imported []ControlMap) (out []Event, err error) {
	record, err := recordNow(ctx, q, incident)
	if err == nil && record == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	out = append(out, recordEvent(incident, record))
	keep := func(e Event) error { out = append(out, e); return nil }
	var verdicts []Event
	err = verdictsOf(ctx, q, incident, func(e Event) error { verdicts = []Event{e}; return nil })
	out = append(out, verdicts...) // the last one is the latest
	if err == nil {
		err = peopleOf(ctx, q, incident, keep)
	}
	if err == nil {
		err = filesOf(ctx, q, incident, keep)
	}
	if err == nil {
		err = mapsOf(ctx, q, incident, imported, keep)
	}
	return out, err
}

// peopleOf keeps what people said of one incident, and the statement that it is, if it is one.
func peopleOf(ctx context.Context, q querier, incident string, keep func(Event) error) error {
	ours := func(e Event) error {
		if e.Incident != incident {
			return nil
		}
		return keep(e)
	}
	if err := allStatements(ctx, q, ours); err != nil {
		return err
	}
	return allPeople(ctx, q, ours)
}

// filesOf keeps the files of an incident, each once.
func filesOf(ctx context.Context, q querier, incident string, keep func(Event) error) error {
	ids, err := mediaIDs(ctx, q, `SELECT DISTINCT media FROM incident_media WHERE incident = $1 AND media IS NOT NULL ORDER BY media`, incident)
	for i := 0; err == nil && i < len(ids); i++ {
		if err = allOfFile(ctx, q, ids[i], keep); err == nil {
			err = knownOfFile(ctx, q, ids[i], keep)
		}
	}
	return err
}

func knownOfFile(ctx context.Context, q querier, id pipeline.MediaID, keep func(Event) error) error {
	rows, err := list(ctx, q, scanKnown, selectKnown+` WHERE media = $1 ORDER BY url, list`, id[:])
	if err := each(rows, err, knownEvent, keep); err != nil {
		return err
	}
	names, err := list(ctx, q, scanned[string], `SELECT DISTINCT list FROM listed_print WHERE media = $1 ORDER BY list`, id[:])
	for i := 0; err == nil && i < len(names); i++ {
		err = allListed(ctx, q, id[:], names[i], keep)
	}
	return err
}

func mapsOf(ctx context.Context, q querier, incident string, imported []ControlMap, keep func(Event) error) error {
	for _, m := range imported {
		e, err := mapEvent(m)
		if err == nil {
			err = keep(e)
		}
		if err != nil {
			return err
		}
	}
	var caseName string
	if err := q.QueryRowContext(ctx, `SELECT case_name FROM incident WHERE id = $1`, incident).Scan(&caseName); err != nil {
		return err
	}
	own, err := list(ctx, q, scanControl, selectControl+` WHERE case_name = $1 ORDER BY path`, caseName)
	for i := 0; err == nil && i < len(own); i++ {
		err = keep(caseMapEvent(caseName, own[i]))
	}
	return err
}

// Subject finds the salt of what an event is about, and what leaves call it; ErrNotFound when no leaf speaks of it, or the
// salt was erased.
func (s *Store) Subject(ctx context.Context, e Event) (audit.Subject, audit.Digest, error) {
	out := audit.Subject{Kind: audit.SubjectBytes, Name: e.Media.String()}
	if e.Incident != "" {
		out = audit.Subject{Kind: audit.SubjectIncident, Name: e.Incident}
	}
	salt, err := saltOf(ctx, s.read, e.about())
	if err != nil {
		return out, audit.Digest{}, fmt.Errorf("store: log: the salt of %s: %w", out.Name, err)
	}
	out.Salt = audit.Digest(salt)
	return out, e.subject(salt), nil
}
