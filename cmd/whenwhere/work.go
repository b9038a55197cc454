package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"whenwhere/internal/clock"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
	"whenwhere/pipeline/assess/when"
	"whenwhere/pipeline/extract/metadata"
	"whenwhere/pipeline/score"
)

// work is what the queue runs: the stages over the data. It implements queue.Work.
type work struct {
	data       *data
	extractors []pipeline.Extractor
	rules      score.Rules
	zones      *clock.Zones
	maps       controlMaps
	catalogue  func(context.Context) (*footage.Catalogue, error)
}

func newWork(d *data, extractors []pipeline.Extractor, rules score.Rules, maps controlMaps) *work {
	w := &work{data: d, extractors: extractors, rules: rules, zones: clock.NewZones(), maps: maps}
	var mu sync.Mutex // guards built
	var built *footage.Catalogue
	w.catalogue = func(ctx context.Context) (*footage.Catalogue, error) {
		mu.Lock()
		defer mu.Unlock()
		if built != nil {
			return built, nil
		}
		c, err := buildCatalogue(ctx, d.store)
		if err == nil {
			built = c // all media of the batch are measured before the first incident is judged
		}
		return c, err
	}
	return w
}

// ExtractMedia measures one original.
func (w *work) ExtractMedia(ctx context.Context, id pipeline.MediaID, done []pipeline.StageResult, commit pipeline.Commit) error {
	media, err := w.data.store.Media(ctx, id)
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	f, err := w.data.blobs.Open(ctx, id)
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	defer f.Close()
	_, err = pipeline.Extract(ctx, w.extractors, pipeline.Opened{Media: media, File: f}, done, commit)
	return err
}

// AssessIncident judges one incident.
func (w *work) AssessIncident(ctx context.Context, id string) (store.Judgement, error) {
	in, err := w.data.store.Case(ctx, id, stageNames())
	if err != nil {
		return store.Judgement{}, fmt.Errorf("assess: %w", err)
	}
	for i := range in.Media {
		if err := addNameClocks(&in.Media[i]); err != nil {
			return store.Judgement{}, fmt.Errorf("assess: %w", err)
		}
	}
	catalogue, err := w.catalogue(ctx)
	if err != nil {
		return store.Judgement{}, fmt.Errorf("assess: %w", err)
	}
	judges := assessors(w.zones, catalogue, w.maps)
	findings, stages, err := pipeline.Assess(ctx, judges, in)
	if err != nil {
		return store.Judgement{}, err
	}
	versions := map[string]string{"control": w.maps.maps.Version(), "footage": catalogue.Version(), "zones": clock.ZoneDataVersion}
	verdict := score.Fold(w.rules, score.Input{Incident: id, Questions: pipeline.Questions(judges), Findings: findings,
		Incomplete: incomplete(in, stages), Data: versions})
	input, err := inputHash(in, judges, w.rules, versions)
	if err != nil {
		return store.Judgement{}, fmt.Errorf("assess: %w", err)
	}
	return store.Judgement{InputSHA256: input, Verdict: verdict, Findings: findings, Stages: stages}, nil
}

// addNameClocks adds what the exhibit's own name says about time; it is not kept with the bytes, which may come under
// several names.
func addNameClocks(e *pipeline.Exhibit) error {
	o, err := pipeline.NameClocksKey.Observe(metadata.NameClocks(e.Ref.File))
	e.Observed = append(slices.Clone(e.Observed), o).Sorted()
	return err
}

// incomplete names every stage that failed, and every file that is not there.
func incomplete(in pipeline.Case, judges []pipeline.StageResult) []string {
	var out []string
	for _, e := range in.Media {
		if e.Media == nil {
			out = append(out, fmt.Sprintf("intake: %s: %s", e.Subject(), e.Missing))
		}
		if cause := unreadable(e.Stages); cause != "" && e.Asked() {
			out = append(out, fmt.Sprintf("container: %s: %s", e.Subject(), cause))
		}
		for _, s := range e.Stages {
			if s.Status == pipeline.Failed {
				out = append(out, fmt.Sprintf("%s: %s: %s", s.Stage, e.Subject(), s.Cause))
			}
		}
	}
	for _, s := range judges {
		if s.Status == pipeline.Failed {
			out = append(out, fmt.Sprintf("%s: %s", s.Stage, s.Cause))
		}
	}
	return out
}

// inputHash covers all that a verdict depends on. Equal hashes must mean equal verdicts.
func inputHash(in pipeline.Case, judges []pipeline.Assessor, rules score.Rules, versions map[string]string) ([32]byte, error) {
	type stage struct{ Name, Version string }
	type exhibit struct {
		Media    string
		Missing  string
		Observed pipeline.Observations
		Stages   []pipeline.StageResult
	}
	all := struct {
		Program  int // raise it when score.Fold or what it is given changes without a change of the rules' version
		Incident pipeline.Incident
		Exhibits []exhibit
		Judges   []stage
		Rules    score.Rules
		Versions map[string]string
	}{2, in.Incident, nil, nil, rules, versions}
	for _, e := range in.Media {
		x := exhibit{Missing: e.Missing, Observed: e.Observed, Stages: e.Stages}
		if e.Media != nil {
			x.Media = e.Media.ID.String()
		}
		all.Exhibits = append(all.Exhibits, x)
	}
	for _, a := range judges {
		all.Judges = append(all.Judges, stage{a.Name, a.Version})
	}
	text, err := json.Marshal(all) // maps are written in the order of their keys
	if err != nil {
		return [32]byte{}, fmt.Errorf("input: %w", err)
	}
	return sha256.Sum256(text), nil
}

// buildCatalogue collects all footage of the store: the archive, and the media of every incident with the earliest post
// of that incident.
func buildCatalogue(ctx context.Context, rows *store.Store) (*footage.Catalogue, error) {
	known, err := rows.Known(ctx)
	if err != nil {
		return nil, err
	}
	var entries []footage.Entry
	for _, k := range known {
		e, err := archived(ctx, rows, k)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	incidents, err := rows.Incidents(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range incidents {
		c, err := rows.Case(ctx, row.ID, stageNames())
		if err != nil {
			return nil, err
		}
		shown, err := claimed(c)
		if err != nil {
			return nil, err
		}
		entries = append(entries, shown...)
	}
	return footage.NewCatalogue(entries)
}

// archived is one piece of known footage. Its bytes need not be in the store; then only equal bytes match it.
func archived(ctx context.Context, rows *store.Store, k store.Known) (footage.Entry, error) {
	e := footage.Entry{Media: k.Media, Name: "known/" + k.Media.String()[:12], SeenBy: k.FirstSeen, Event: k.Event}
	observed, err := rows.Observations(ctx, k.Media, stageNames())
	if err != nil {
		return e, err
	}
	if prints, ok, err := pipeline.PrintsKey.In(observed); err != nil {
		return e, err
	} else if ok {
		e.Prints = prints
	}
	return e, nil
}

func claimed(c pipeline.Case) ([]footage.Entry, error) {
	var out []footage.Entry
	post, posted := when.EarliestPost(c.Incident)
	for _, x := range c.Media {
		if x.Media == nil || !x.Asked() {
			continue
		}
		prints, _, err := pipeline.PrintsKey.In(x.Observed)
		if err != nil {
			return nil, err
		}
		e := footage.Entry{Media: x.Media.ID, Name: x.Subject(), Incident: c.Incident.ID, Claim: c.Incident.Claim, Prints: slices.Clone(prints)}
		if posted {
			e.SeenBy = &post.At
		}
		out = append(out, e)
	}
	return out, nil
}
