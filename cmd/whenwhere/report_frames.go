package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"whenwhere/internal/blob"
	"whenwhere/internal/decode"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/dossier"
	"whenwhere/internal/known"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// frameMaker makes pictures of footage for dossiers, in the jailed decoder, which starts when the first is asked for.
type frameMaker struct {
	data  *data
	shown bool // the frames themselves, beside their outlines
	lacks func(pipeline.MediaID, string)
	pool  *decode.Pool
}

func (m *frameMaker) close() {
	if m.pool != nil {
		m.pool.Close()
	}
}

// maxFrames bounds the pictures of a dossier's files: a page is to be read.
const maxFrames = 12

// add makes one frame of each file, and those of each pair that a finding rests on.
func (m *frameMaker) add(ctx context.Context, in *dossier.Input) error {
	for _, e := range in.Case.Media {
		if e.Media == nil || len(in.Frames) == maxFrames {
			continue
		}
		f, err := m.frame(ctx, dossier.Frame{Subject: e.Subject(), Media: e.Media.ID, AtMs: clearest(e.Observed)}, e.Observed)
		if err != nil {
			return err
		}
		in.Frames = append(in.Frames, f)
	}
	for _, l := range in.Verdict.Lines {
		mine, other, ok := dossier.Pair(l, in.Case.Incident)
		if !ok {
			continue
		}
		if k := slices.IndexFunc(in.Matches, func(p dossier.Match) bool { return p.Mine.Subject == mine.Name && p.Other.Subject == other.Name }); k >= 0 {
			in.Matches[k].Lines = append(in.Matches[k].Lines, l.ID)
			continue
		}
		pair, err := m.pair(ctx, in.Case, l, mine, other)
		if err != nil {
			return err
		}
		in.Matches = append(in.Matches, pair)
	}
	return nil
}

// clearest is when the frame of a movie with most edges is; nil of stills.
func clearest(observed pipeline.Observations) *int64 {
	all, _, err := pipeline.PrintsKey.In(observed)
	if err != nil {
		return nil
	}
	var best *pipeline.Print
	for i, p := range all {
		if p.View == pipeline.ViewUpright && (best == nil || p.Quality > best.Quality) {
			best = &all[i]
		}
	}
	if best == nil {
		return nil
	}
	return best.AtMs
}

// frame makes the pictures. What cannot be read is said in the frame; an error is of this machine.
func (m *frameMaker) frame(ctx context.Context, f dossier.Frame, observed pipeline.Observations) (dossier.Frame, error) {
	about, ok, err := pipeline.FileKey.In(observed)
	if err != nil || !ok {
		f.Why = "its type is not known"
		return f, err
	}
	if f.Outline, f.Why, err = m.derive(ctx, f, about.Type, false); err != nil || !m.shown || f.Why != "" {
		return f, err
	}
	f.Shown, f.Why, err = m.derive(ctx, f, about.Type, true)
	return f, err
}

func (m *frameMaker) derive(ctx context.Context, f dossier.Frame, mime string, colour bool) (data []byte, why string, err error) {
	if m.pool == nil {
		if m.pool, err = newPool(1); err != nil {
			return nil, "", err
		}
	}
	original, err := m.data.blobs.Open(ctx, f.Media)
	if err != nil {
		why = unopened(err)
		m.lacks(f.Media, why)
		return nil, why, nil
	}
	defer original.Close() // it was only read
	d, err := m.pool.Derive(ctx, original, mime, decode.Wanted{Colour: colour, AtMs: f.AtMs})
	var fault *wire.Fault
	if errors.As(err, &fault) {
		return nil, fault.Rule, nil
	}
	return d.Data, "", err
}

// unopened says why there is no original. Damage is no absence.
func unopened(err error) string {
	var damaged *blob.DamagedError
	switch {
	case errors.As(err, &damaged):
		return "the original is damaged: its bytes are not those that were received"
	case errors.Is(err, fs.ErrNotExist):
		return "the original is not in the data folder any more"
	}
	return "the original cannot be read"
}

// pair makes the frames of the file and of what it is like.
func (m *frameMaker) pair(ctx context.Context, in pipeline.Case, l pipeline.Line, mine, other dossier.Ref) (dossier.Match, error) {
	out := dossier.Match{Lines: []string{l.ID}, Mine: dossier.Frame{Subject: mine.Name, AtMs: mine.AtMs}, Other: dossier.Frame{Subject: other.Name, AtMs: other.AtMs}}
	var err error
	for _, e := range in.Media {
		if e.Subject() != mine.Name || e.Media == nil {
			continue
		}
		out.Mine.Media = e.Media.ID
		if mine.AtMs == nil {
			out.Mine.AtMs = clearest(e.Observed)
		}
		if out.Mine, err = m.frame(ctx, out.Mine, e.Observed); err != nil {
			return out, err
		}
	}
	id, seen, err := m.find(ctx, other.Name)
	if err != nil {
		return out, err
	}
	out.Seen = seen
	if id.IsZero() {
		out.Other.Why = "the other file is not in the data folder"
		return out, nil
	}
	out.Other.Media = id
	observed, err := m.data.store.Observations(ctx, id, stageNames())
	if err != nil {
		return out, err
	}
	if other.AtMs == nil {
		out.Other.AtMs = clearest(observed)
	}
	out.Other, err = m.frame(ctx, out.Other, observed)
	return out, err
}

// find tells which file a finding means by the name, and what is known of it; the id is zero when nothing is.
func (m *frameMaker) find(ctx context.Context, name string) (id pipeline.MediaID, seen string, err error) {
	archive, err := m.data.store.Known(ctx)
	if err != nil {
		return id, "", err
	}
	var parts []string
	for _, k := range archive {
		if known.NameOf(k.Media) != name || k.Negative {
			continue
		}
		id = k.Media
		text := "In the archive"
		if k.FirstSeen != nil {
			text += ", seen by " + k.FirstSeen.UTC().Format("2 January 2006 15:04") + " UTC"
		}
		for _, more := range []string{k.Event, k.URL, k.List} {
			if more != "" {
				text += ", " + more
			}
		}
		parts = append(parts, text+".")
	}
	if !id.IsZero() {
		return id, strings.Join(parts, " "), nil
	}
	return m.findIncident(ctx, name)
}

// findIncident reads "INCIDENT/FILE".
func (m *frameMaker) findIncident(ctx context.Context, name string) (id pipeline.MediaID, seen string, err error) {
	for i, r := range name {
		if r != '/' {
			continue
		}
		in, files, err := m.data.store.Attached(ctx, name[:i])
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return id, "", err
		}
		for k, ref := range in.Media {
			if ref.File == name[i+1:] {
				return files[k].ID, fmt.Sprintf("Claimed for incident %s too.", in.ID), nil
			}
		}
	}
	return id, "", nil
}
