package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"whenwhere/internal/blob"
	"whenwhere/internal/manifest"
	"whenwhere/internal/queue"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// intake brings a case folder into the store: originals first, then rows.
type intake struct {
	data *data
	root *os.Root
	name string // of the case
	now  func() time.Time
	seen map[string]pipeline.MediaID // files that were received already in this run, by path

	cases map[string]string // case of each incident that was in the store before, by id
}

// newIntake looks at what the data folder holds.
func newIntake(ctx context.Context, d *data, root *os.Root, name string) (*intake, error) {
	in := &intake{data: d, root: root, name: name, now: time.Now, seen: map[string]pipeline.MediaID{}, cases: map[string]string{}}
	rows, err := d.store.Incidents(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		in.cases[row.ID] = row.Case
	}
	return in, nil
}

// receive stores the originals of the case and its records, and says what there is to work on. Faults of single files
// are returned as problems; the error is one of the store.
func (in *intake) receive(ctx context.Context, c *manifest.Case) (queue.Batch, []error, error) {
	var batch queue.Batch
	var problems []error
	for _, k := range c.Known {
		id, problem, err := in.known(ctx, k)
		if err != nil {
			return batch, problems, err
		}
		if problem != nil {
			problems = append(problems, problem)
		} else if !id.IsZero() {
			batch.Media = append(batch.Media, id)
		}
	}
	for _, r := range c.Records {
		if taken := in.owned(r); taken != nil {
			problems = append(problems, taken)
			continue
		}
		media, faults, err := in.record(ctx, r, statementOf(c, r))
		if err != nil {
			return batch, problems, err
		}
		problems = append(problems, faults...)
		batch.Media = append(batch.Media, media...)
		batch.Incidents = append(batch.Incidents, r.Incident.ID)
	}
	return batch, problems, nil
}

// statementOf is the statement that a record was made of; nil when it is of an incident.
func statementOf(c *manifest.Case, r manifest.Record) *pipeline.Statement {
	if r.File != manifest.Statements {
		return nil
	}
	for i := range c.Statements {
		if c.Statements[i].ID == r.Incident.ID {
			return &c.Statements[i]
		}
	}
	return nil
}

func (in *intake) record(ctx context.Context, r manifest.Record, statement *pipeline.Statement) (media []pipeline.MediaID, problems []error, err error) {
	record := store.Record{Incident: r.Incident, Case: in.name, UpdatedAt: in.now()}
	for i, e := range r.Exhibits {
		missing := e.Missing
		var id pipeline.MediaID
		if missing == "" {
			id, err = in.file(ctx, e.Ref.File)
			var refused *refusedError
			switch {
			case errors.As(err, &refused):
				missing = refused.err.Error()
				problems = append(problems, fmt.Errorf("%s:%d: %s: %q: %w", r.File, r.Line, mediaField(r, i), e.Ref.File, refused.err))
			case err != nil:
				return nil, problems, err
			}
		}
		record.Media = append(record.Media, store.Attachment{ID: id, Missing: missing})
		if missing == "" {
			media = append(media, id)
		}
	}
	return media, problems, in.data.store.Update(ctx, func(tx *store.Tx) error {
		err := tx.SaveIncident(ctx, record)
		if err == nil && statement != nil {
			err = tx.SaveStatement(ctx, *statement)
		}
		return err
	})
}

// known stores archived footage. The id is zero when only its digest is known, because there is nothing to measure.
func (in *intake) known(ctx context.Context, k manifest.Known) (id pipeline.MediaID, problem, err error) {
	seen := k.ExistedBy()
	row := store.Known{URL: k.URL, FirstSeen: &seen, Event: k.Event}
	if k.File != "" {
		id, err = in.file(ctx, k.File)
		var refused *refusedError
		if errors.As(err, &refused) {
			return id, fmt.Errorf("%s:%d: file: %s: %w", manifest.KnownCSV, k.Line, k.File, refused.err), nil
		}
		if err != nil {
			return id, nil, err
		}
		row.Media = id
	}
	if k.SHA256 != nil {
		if k.File != "" && *k.SHA256 != id {
			return pipeline.MediaID{}, fmt.Errorf("%s:%d: sha256: %s is not the digest of %s, which is %s", manifest.KnownCSV, k.Line, k.SHA256, k.File, id), nil
		}
		row.Media = *k.SHA256
	}
	return id, nil, in.data.store.SaveKnown(ctx, row)
}

// refusedError is a fault of one file, not of the store.
type refusedError struct{ err error }

func (e *refusedError) Error() string { return e.err.Error() }

func (e *refusedError) Unwrap() error { return e.err }

// file receives one file of the case folder.
func (in *intake) file(ctx context.Context, name string) (pipeline.MediaID, error) {
	if id, ok := in.seen[name]; ok {
		return id, nil
	}
	if info, err := in.root.Stat(name); err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return pipeline.MediaID{}, &refusedError{errors.New("not a regular file")}
	}
	f, err := in.root.Open(name)
	if err != nil {
		return pipeline.MediaID{}, &refusedError{err}
	}
	defer f.Close() // it was only read
	id, err := in.data.receive(ctx, f, name, in.now())
	if err == nil {
		in.seen[name] = id
	}
	return id, err
}

// receive keeps an original under the name that it came with.
func (d *data) receive(ctx context.Context, f *os.File, name string, now time.Time) (pipeline.MediaID, error) {
	id, size, err := d.blobs.Put(ctx, f)
	var large *blob.TooLargeError
	if errors.As(err, &large) {
		return pipeline.MediaID{}, &refusedError{err}
	}
	if err != nil {
		return pipeline.MediaID{}, fmt.Errorf("originals: %s: %w", name, err)
	}
	return id, d.store.SaveMedia(ctx, pipeline.Media{ID: id, SizeBytes: size, GivenName: name, ReceivedAt: now.UTC()})
}
