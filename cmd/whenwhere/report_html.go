package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/audit"
	"whenwhere/internal/casebook"
	"whenwhere/internal/clock"
	"whenwhere/internal/dossier"
	"whenwhere/internal/report/record"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
	"whenwhere/pipeline/moment"
)

// htmlFormat is the dossier for people.
func htmlFormat() reportFormat {
	return reportFormat{"html", "dossiers for people: one page that needs nothing else, with maps, time lines, every answer; prints well",
		func(j *reportJob, w io.Writer) reportSink { return newHTMLSink(j, w) }, true}
}

// htmlSink writes dossiers. An error of its beginning comes with the first use.
type htmlSink struct {
	job     *reportJob
	page    *dossier.Writer
	err     error
	moments *moment.Estimator
	maps    *caseMaps
	frames  *frameMaker
	book    *casebook.Book // read when it is first asked for
	pairs   []duplicates.Proposal
}

func newHTMLSink(j *reportJob, w io.Writer) *htmlSink {
	zones := clock.NewZones()
	s := &htmlSink{job: j, moments: moment.New(zones), maps: newCaseMaps(j.data), frames: &frameMaker{data: j.data, shown: j.options.showFrames, lacks: j.lacks}}
	about := dossier.About{Audience: j.audience, Areas: j.areas, Title: "Dossiers: where and when it was filmed"}
	if about.Many = len(j.ids) != 1; !about.Many {
		about.Title = "Dossier of " + j.ids[0] + ": where and when it was filmed"
	}
	if about.Kyiv, s.err = zones.Location("Europe/Kyiv"); s.err == nil {
		s.page, s.err = dossier.NewWriter(w, about)
	}
	return s
}

func (s *htmlSink) Close() error {
	s.frames.close()
	if s.err != nil {
		return s.err
	}
	return s.page.Close()
}

func (s *htmlSink) Add(ctx context.Context, e record.Entry) error {
	if s.err != nil {
		return s.err
	}
	in, err := s.input(ctx, e)
	if err != nil {
		return fmt.Errorf("incident %s: %w", e.Verdict.Incident, err)
	}
	return s.page.Add(in)
}

// input reads what the flat record lacks.
func (s *htmlSink) input(ctx context.Context, e record.Entry) (dossier.Input, error) {
	in := dossier.Input{Entry: e, Questions: pipeline.Questions(assessors(nil, nil, nil))}
	var err error
	for i := range in.Case.Media {
		if err := addNameClocks(&in.Case.Media[i]); err != nil {
			return in, err
		}
	}
	if in.Allowed, err = s.moments.Allowed(ctx, in.Case); err != nil {
		return in, err
	}
	if err := s.addMaps(ctx, &in); err != nil {
		return in, err
	}
	if !s.job.audience.Words() {
		return in, nil
	}
	if err := s.frames.add(ctx, &in); err != nil {
		return in, err
	}
	if err := s.addLinks(ctx, &in); err != nil {
		return in, err
	}
	return in, s.addEvents(ctx, &in)
}

// addLinks reads which other records may be about the incident.
func (s *htmlSink) addLinks(ctx context.Context, in *dossier.Input) error {
	if s.book == nil {
		book, err := casebook.Read(ctx, s.job.data.store)
		if err != nil {
			return err
		}
		s.book, s.pairs = &book, append(book.Spoken(), book.Proposals(duplicates.DefaultLeastBans)...)
	}
	id := in.Verdict.Incident
	for _, p := range s.pairs {
		if p.A == id || p.B == id {
			in.Pairs = append(in.Pairs, p)
		}
	}
	for _, c := range s.book.SpeakOf() {
		k := slices.IndexFunc(s.book.Statements, func(said casebook.Statement) bool { return said.Statement.ID == c.Statement })
		if c.Incident != id || k < 0 {
			continue
		}
		why := "its own record says so"
		if !c.Stated {
			why = c.By + " said so: " + c.Reason
		}
		in.Calls = append(in.Calls, dossier.Call{Statement: s.book.Statements[k].Statement, Why: why})
	}
	return nil
}

func (s *htmlSink) addMaps(ctx context.Context, in *dossier.Input) error {
	when := in.Case.Incident.Claim.When
	if when == nil {
		return nil
	}
	row, err := s.job.data.store.Incident(ctx, in.Verdict.Incident)
	if err != nil {
		return err
	}
	maps, err := s.maps.of(ctx, row.Case, in.Case.Incident.Claim)
	if err != nil {
		return err
	}
	in.Maps, in.MapsChanged = maps.Drawn(when.From), maps.version != in.Verdict.Data["control"]
	return nil
}

// addEvents reads what the log says of the incident and its files.
func (s *htmlSink) addEvents(ctx context.Context, in *dossier.Input) error {
	known := s.job.data.store
	if err := s.addLog(ctx, in); err != nil {
		return err
	}
	incident, err := known.SaltOfIncident(ctx, in.Verdict.Incident)
	if err == nil {
		err = s.leaves(ctx, in, incident.Subject, "incident "+in.Verdict.Incident)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	seen := map[pipeline.MediaID]bool{}
	for _, e := range in.Case.Media {
		if e.Media == nil || seen[e.Media.ID] {
			continue
		}
		seen[e.Media.ID] = true
		if err := s.leaves(ctx, in, audit.Digest(e.Media.ID), e.Subject()); err != nil {
			return err
		}
	}
	return nil
}

func (s *htmlSink) leaves(ctx context.Context, in *dossier.Input, subject audit.Digest, about string) error {
	rows, err := s.job.data.store.LeavesOf(ctx, subject)
	if err != nil {
		return err
	}
	for _, r := range rows {
		leaf, err := audit.ParseLeaf(r.Leaf)
		if err != nil {
			return err
		}
		at, err := time.Parse(audit.TimeLayout, leaf.At)
		if err != nil {
			return fmt.Errorf("log: leaf %d: at: %w", leaf.Seq, err)
		}
		e := dossier.Event{Number: leaf.Seq, At: at, Actor: leaf.Actor, Action: eventWords(leaf), Subject: about, Export: leaf.Kind == audit.KindExport}
		if leaf.Result != nil {
			e.Result = leaf.Result.String()
		}
		in.Events = append(in.Events, e)
	}
	return nil
}

// eventWords is what was done, and with which tool.
func eventWords(leaf audit.Leaf) string {
	what := string(leaf.Kind) + " " + string(leaf.Action)
	if leaf.Kind == audit.KindExport { // what was exported is the incident
		what = string(leaf.Action)
	}
	return fmt.Sprintf("%s (%s %s)", what, leaf.Tool, leaf.Version)
}

// addLog reads how long the log is, and its last signed state.
func (s *htmlSink) addLog(ctx context.Context, in *dossier.Input) error {
	size, err := s.job.data.store.LogSize(ctx)
	if err != nil {
		return err
	}
	signed, err := s.job.data.store.Checkpoints(ctx)
	if err != nil {
		return err
	}
	in.Log = &dossier.Log{Size: size}
	if len(signed) > 0 {
		last := signed[len(signed)-1]
		in.Log.SignedSize = last.Size
		if lines := strings.Split(string(last.Note), "\n"); len(lines) > 2 {
			in.Log.Root = lines[2]
		}
	}
	return nil
}
