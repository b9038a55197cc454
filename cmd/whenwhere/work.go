package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/known"
	"whenwhere/internal/replay"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/metadata"
	"whenwhere/pipeline/moment"
	"whenwhere/pipeline/score"
)

// work is the stages over the data.
type work struct {
	data       *data
	extractors []pipeline.Extractor
	rules      score.Rules
	zones      *clock.Zones
	moments    *moment.Estimator
	maps       *caseMaps
	catalogue  func(context.Context) (*known.Catalogue, error)
}

// newWork works on the data with the control maps of each case. The catalogue is brought up to date before the first
// incident is judged, when all media of the batch are measured.
func newWork(d *data, extractors []pipeline.Extractor, rules score.Rules, maps *caseMaps, say func(string)) *work {
	zones := clock.NewZones()
	w := &work{data: d, extractors: extractors, rules: rules, zones: zones, moments: moment.New(zones), maps: maps}
	var mu sync.Mutex // guards synced
	synced := false
	w.catalogue = func(ctx context.Context) (*known.Catalogue, error) {
		mu.Lock()
		defer mu.Unlock()
		c, err := d.openCatalogue(ctx, say)
		if err == nil && !synced {
			err = c.Sync(ctx)
			synced = err == nil
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

// judge judges one incident, by what could be known by a time when one is given.
func (w *work) judge(ctx context.Context, id string, by *time.Time) (store.Judgement, hindsight, error) {
	in, err := w.exhibits(ctx, id)
	if err != nil {
		return store.Judgement{}, hindsight{}, fmt.Errorf("assess: %w", err)
	}
	catalogue, err := w.catalogue(ctx)
	if err != nil {
		return store.Judgement{}, hindsight{}, fmt.Errorf("assess: %w", err)
	}
	row, err := w.data.store.Incident(ctx, id)
	if err != nil {
		return store.Judgement{}, hindsight{}, fmt.Errorf("assess: %w", err)
	}
	view, err := w.looking(ctx, in, row.Case, catalogue, by)
	if err != nil {
		return store.Judgement{}, hindsight{}, fmt.Errorf("assess: %w", err)
	}
	in.Incident = view.past.Incident
	maps, err := w.maps.of(ctx, row.Case, in.Incident.Claim)
	if err != nil {
		return store.Judgement{}, hindsight{}, fmt.Errorf("assess: %w", err)
	}
	met := &encounters{index: view.index, incident: id}
	judgement, err := w.fold(ctx, in, assessors(w.zones, met, maps), view.past, func() map[string]string {
		return map[string]string{"control": maps.version, "footage": met.version(), "zones": clock.ZoneDataVersion}
	})
	judgement.Sighted = met.media()
	return judgement, view.leftOut(), err
}

// exhibits puts an incident together, with what the names of its files say. It is refused while the current stages have not
// measured all of its files: what they did not read must not pass for what a file does not state.
func (w *work) exhibits(ctx context.Context, id string) (pipeline.Case, error) {
	in, err := w.data.store.Case(ctx, id, stageNames())
	if err != nil {
		return in, err
	}
	for i := range in.Media {
		if err := whole(in.Media[i]); err != nil {
			return in, err
		}
		if err := addNameClocks(&in.Media[i]); err != nil {
			return in, err
		}
	}
	return in, nil
}

// whole says which stage has no result of a file that is there. After a run each has one, a failure among them.
func whole(e pipeline.Exhibit) error {
	for _, s := range stageNames() {
		has := slices.ContainsFunc(e.Stages, func(r pipeline.StageResult) bool { return r.Stage == s.Name && r.Version == s.Version })
		if e.Media != nil && !has {
			return fmt.Errorf("%s: another version of the program measured it, without %s %s: measure it again with whenwhere verify", e.Subject(), s.Name, s.Version)
		}
	}
	return nil
}

// fold asks the judges and makes the verdict. versions tells those of the data sets, when all have answered.
func (w *work) fold(ctx context.Context, in pipeline.Case, judges []pipeline.Assessor, past replay.Past, versions func() map[string]string) (store.Judgement, error) {
	findings, stages, err := pipeline.Assess(ctx, judges, in)
	if err != nil {
		return store.Judgement{}, err
	}
	times, err := w.moments.Estimates(ctx, in)
	if err != nil {
		return store.Judgement{}, fmt.Errorf("assess: %w", err)
	}
	findings, err1 := replay.Whole(past, findings)
	times, err2 := replay.Whole(past, times)
	if err := errors.Join(err1, err2); err != nil {
		return store.Judgement{}, fmt.Errorf("assess: %w", err)
	}
	used := versions()
	if version := gazetteerOf(in.Incident); version != "" {
		used["gazetteer"] = version
	}
	verdict := score.Fold(w.rules, score.Input{Incident: in.Incident.ID, Questions: pipeline.Questions(judges), Findings: findings,
		Times: times, Incomplete: incomplete(in, stages), Data: used})
	verdict.Named = in.Incident.Claim.Named
	input, err := inputHash(in, judges, w.rules, used)
	if err != nil {
		return store.Judgement{}, fmt.Errorf("assess: %w", err)
	}
	return store.Judgement{Incident: in.Incident.ID, InputSHA256: input, Verdict: verdict, Findings: findings, Stages: stages}, nil
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
		Program  int // raise it when score.Fold, package moment or what they are given changes without a change of the rules' version
		Incident pipeline.Incident
		Exhibits []exhibit
		Judges   []stage
		Rules    score.Rules
		Versions map[string]string
	}{9, in.Incident, nil, nil, rules, versions}
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
