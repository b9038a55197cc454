package main

import (
	"context"
	"slices"
	"time"

	"whenwhere/internal/replay"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// view is what an incident is judged by: its record and the catalogue of footage, both as they could be known by a time, or
// as they are.
type view struct {
	past  replay.Past
	index footage.Index
	then  *replay.Index    // nil when all that is known counts
	maps  []replay.LeftOut // that could be known later only
}

// looking is the view of an incident by a time; nil is now.
func (w *work) looking(ctx context.Context, in pipeline.Case, caseName string, catalogue footage.Index, by *time.Time) (view, error) {
	if by == nil {
		return view{past: replay.Past{Incident: in.Incident}, index: catalogue}, nil
	}
	past, err := replay.KnownBy(in.Incident, *by)
	if err != nil {
		return view{}, err
	}
	maps, err := w.maps.later(ctx, caseName, in.Incident.Claim)
	then := replay.NewIndex(catalogue, in.Incident.ID, *by, w.data.store.HasArchiveBy)
	return view{past, then, then, maps}, err
}

// hindsight is what was left out because nobody could have known it, and what has no date.
type hindsight struct {
	left    []replay.LeftOut
	undated []string
}

// leftOut is complete when all judges have answered.
func (v view) leftOut() hindsight {
	h := hindsight{undated: v.past.Undated, left: slices.Concat(v.past.LeftOut, v.maps)}
	if v.then != nil {
		h.left = append(h.left, v.then.LeftOut()...)
	}
	return h
}
