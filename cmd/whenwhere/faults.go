package main

import (
	"context"
	"fmt"
	"strings"

	"whenwhere/internal/manifest"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// hintedError is an error with a line for people that says what to do.
type hintedError struct {
	err  error
	hint string
}

func (e *hintedError) Error() string { return e.err.Error() }

func (e *hintedError) Unwrap() error { return e.err }

// mediaFaults says which received files could not be measured, and where the case names them.
func (in *intake) mediaFaults(ctx context.Context, c *manifest.Case) ([]error, error) {
	var faults []error
	look := func(at, name string) error {
		id, received := in.seen[name]
		if !received {
			return nil // refused or missing, and that was said
		}
		results, err := in.data.store.StageResults(ctx, id, stageNames())
		if fault := fileFault(results); err == nil && fault != "" {
			faults = append(faults, fmt.Errorf("%s: %q: %s", at, name, fault))
		}
		return err
	}
	for _, k := range c.Known {
		if err := look(fmt.Sprintf("%s:%d: file", manifest.KnownCSV, k.Line), k.File); err != nil {
			return faults, err
		}
	}
	for _, r := range c.Records {
		for i, ref := range r.Incident.Media {
			if err := look(fmt.Sprintf("%s:%d: %s", r.File, r.Line, mediaField(r, i)), ref.File); err != nil {
				return faults, err
			}
		}
	}
	return faults, nil
}

// incidentFaults says which incidents could not be judged. What failed of files is told by mediaFaults.
func incidentFaults(failures []store.Failure) (unjudged map[string]bool, faults []error) {
	unjudged = map[string]bool{}
	for _, f := range failures {
		if f.Incident != "" {
			unjudged[f.Incident] = true
			faults = append(faults, fmt.Errorf("incident %s: could not be judged: %s", f.Incident, f.Cause))
		}
	}
	return unjudged, faults
}

func mediaField(r manifest.Record, i int) string { return r.Field(fmt.Sprintf("media[%d].file", i)) }

// fileFault is the first thing that went wrong with a file; empty when nothing did.
func fileFault(results []pipeline.StageResult) string {
	for i, r := range results {
		switch {
		case r.Status == pipeline.Failed && i == 0:
			return stageCause(r) + "; nothing in it can be measured"
		case r.Status == pipeline.Failed:
			return stageCause(r) + "; what else could be measured is used"
		}
	}
	return unreadable(results)
}

// stageCause names the stage once: causes mostly begin with it.
func stageCause(r pipeline.StageResult) string {
	return r.Stage + ": " + strings.TrimPrefix(r.Cause, r.Stage+": ")
}

// unreadable says that a file is of a kind that no stage can measure, whatever its name promises: text, most of all.
// Stages skip it, which is right for them, but a person who sent it as footage must be told.
func unreadable(results []pipeline.StageResult) string {
	var all pipeline.Observations
	for i, r := range results {
		if i > 0 && r.Status == pipeline.Done { // telemetry beside a movie is text
			return ""
		}
		all = append(all, r.Observations...)
	}
	file, ok, err := pipeline.FileKey.In(all)
	if err != nil || !ok {
		return ""
	}
	switch family, _, _ := strings.Cut(file.Type, "/"); family {
	case "image", "video", "audio":
		return ""
	}
	return fmt.Sprintf("%s by its content, no photo or movie; nothing in it can be measured", file.Type)
}

// owned says that an id is taken by another case, whose record must not be lost.
func (in *intake) owned(r manifest.Record) error {
	other, taken := in.cases[r.Incident.ID]
	if !taken || other == in.name {
		return nil
	}
	return fmt.Errorf("%s:%d: %s: %q is an incident of case %q in this data folder: give it another id, or use another folder with --data",
		r.File, r.Line, r.Field("id"), r.Incident.ID, other)
}
