package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"whenwhere/internal/decode"
	"whenwhere/internal/queue"
	"whenwhere/internal/report"
	"whenwhere/internal/store"
	"whenwhere/internal/store/filelock"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// job is one command at work on a data folder, alone.
type job struct {
	data    *data
	errs    io.Writer
	ruling  ruling
	workers int
	maps    *caseMaps
	pool    *decode.Pool
	lock    *filelock.Lock
}

// newJob takes the data folder, which close gives back with the job. After an error the caller has it still.
func newJob(d *data, errs io.Writer, by ruling, workers int) (*job, error) {
	lock, err := d.lock()
	if err != nil {
		return nil, err
	}
	pool, err := newPool(workers)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	j := &job{d, errs, by, workers, newCaseMaps(d), pool, lock}
	j.maps.say = j.say
	return j, nil
}

func (j *job) close() error {
	j.pool.Close()
	return errors.Join(j.data.Close(), j.lock.Release())
}

func (j *job) say(text string) { fmt.Fprintln(j.errs, report.Plain(text)) }

// crashes is how many deaths of this process a file may see before it is given up. Files are parsed in children, so a
// file hardly ever is the cause; people, updates and power cuts are, and an innocent file must survive several of them.
const crashes = 5

// rejudged is an incident that was judged again because the catalogue of footage is another.
type rejudged struct {
	incident, caseName string
	before, after      pipeline.Verdict
}

// run works on the batch, and on whatever earlier runs left open, until nothing is left; then it judges all other
// incidents again that what is new in the catalogue touches. It returns what failed of both.
func (j *job) run(ctx context.Context, batch queue.Batch) ([]store.Failure, []rejudged, error) {
	media, err := j.unmeasured(ctx, batch.Media)
	if err != nil {
		return nil, nil, err
	}
	batch.Media = append(batch.Media, media...)
	failures, alone, err := j.drain(ctx, batch)
	if err != nil {
		return nil, nil, err
	}
	judged := batch.Incidents
	if !alone { // they may have been judged before the media of the other batches were measured
		judged = nil
	}
	changes, failed, err := j.touched(ctx, judged)
	if err != nil {
		return nil, nil, err
	}
	remapped, failedToo, err := j.remapped(ctx, judged)
	return slices.Concat(failures, failed, failedToo), append(changes, remapped...), err
}

// unmeasured lists the files in the store that the current stages have not measured: those of an earlier version of this
// program, or of a run that died before it asked for them.
func (j *job) unmeasured(ctx context.Context, known []pipeline.MediaID) ([]pipeline.MediaID, error) {
	var all []pipeline.MediaID
	for _, stage := range stageNames() {
		lacking, err := j.data.store.Unmeasured(ctx, stage)
		if err != nil {
			return nil, err
		}
		all = append(all, lacking...)
	}
	slices.SortFunc(all, func(a, b pipeline.MediaID) int { return bytes.Compare(a[:], b[:]) })
	all = slices.Compact(all)
	asked := map[pipeline.MediaID]bool{}
	for _, id := range known {
		asked[id] = true
	}
	all = slices.DeleteFunc(all, func(id pipeline.MediaID) bool { return asked[id] })
	if len(all) > 0 {
		are, them := "are", "them"
		if len(all) == 1 {
			are, them = "is", "it"
		}
		j.say(fmt.Sprintf("%s of earlier runs %s measured as well: this version of the program has not measured %s", pipeline.Counted(len(all), "file"), are, them))
	}
	return all, nil
}

// drain works on the batch until nothing is left, and returns what failed of it. alone is false when other batches were
// open beside it.
func (j *job) drain(ctx context.Context, batch queue.Batch) (failures []store.Failure, alone bool, err error) {
	q, err := queue.New(queue.Config{
		Store: j.data.store, LockPath: filepath.Join(j.data.dir, "lock"), Stages: stageNames(), Workers: j.workers, Crashes: crashes,
		Work: &queued{newWork(j.data, extractors(j.pool), j.ruling.rules, j.maps, j.say), j.ruling.caseName},
	})
	if err != nil {
		return nil, false, err
	}
	if err := j.data.store.Update(ctx, func(tx *store.Tx) error { return keepRules(ctx, tx, j.ruling.rules) }); err != nil {
		return nil, false, err
	}
	id, err := q.Enqueue(ctx, batch)
	if err != nil {
		return nil, false, err
	}
	open, err := j.data.store.OpenBatches(ctx)
	if err != nil {
		return nil, false, err
	}
	show := newProgress(j.errs)
	defer show.close()
	if err := q.Run(ctx, show.tell); err != nil {
		return nil, false, err
	}
	failures, err = j.data.store.Failures(ctx, id)
	return failures, len(open) <= 1, err
}

// touched judges the incidents again that what changed in the catalogue touches, but for those judged just now, and takes
// the marks of change off. Killed before that, it is done by the next run.
func (j *job) touched(ctx context.Context, judged []string) ([]rejudged, []store.Failure, error) {
	changed, err := j.data.store.Changed(ctx)
	if err != nil || len(changed) == 0 {
		return nil, nil, err
	}
	incidents, err := j.others(ctx, changed, judged)
	if err != nil {
		return nil, nil, err
	}
	changes, failures, err := j.again(ctx, incidents)
	if err != nil {
		return nil, nil, err
	}
	return changes, failures, j.data.store.Update(ctx, func(tx *store.Tx) error { return tx.Settle(ctx, changed) })
}

// remapped judges the incidents again for which the control maps are others than at their last verdict, but for those judged
// just now, and takes the marks of change off. Killed before that, it is done by the next run.
func (j *job) remapped(ctx context.Context, judged []string) ([]rejudged, []store.Failure, error) {
	if changed, err := j.data.store.ControlChanged(ctx); err != nil || !changed {
		return nil, nil, err
	}
	latest, err := j.data.store.LatestVerdicts(ctx)
	if err != nil {
		return nil, nil, err
	}
	var incidents []string
	for _, v := range latest {
		if slices.Contains(judged, v.Incident) {
			continue
		}
		version, err := j.mapsNow(ctx, v.Incident)
		if err != nil {
			return nil, nil, err
		}
		if version != v.Verdict.Data["control"] {
			incidents = append(incidents, v.Incident)
		}
	}
	changes, failures, err := j.again(ctx, incidents)
	if err != nil {
		return nil, nil, err
	}
	return changes, failures, j.data.store.Update(ctx, func(tx *store.Tx) error { return tx.SettleControl(ctx) })
}

// mapsNow is the version of the control maps that an incident's answers can depend on.
func (j *job) mapsNow(ctx context.Context, incident string) (string, error) {
	row, err := j.data.store.Incident(ctx, incident)
	if err != nil {
		return "", err
	}
	record, _, err := j.data.store.Attached(ctx, incident)
	if err != nil {
		return "", err
	}
	return j.maps.version(ctx, row.Case, record.Claim)
}

// again judges incidents anew and says what each was before and is now.
func (j *job) again(ctx context.Context, incidents []string) (changes []rejudged, failures []store.Failure, err error) {
	if len(incidents) == 0 {
		return nil, nil, nil
	}
	if changes, err = j.verdictsNow(ctx, incidents); err != nil {
		return nil, nil, err
	}
	if failures, _, err = j.drain(ctx, queue.Batch{Incidents: incidents}); err != nil {
		return nil, nil, err
	}
	return changes, failures, j.verdictsThen(ctx, changes)
}

// others lists the incidents that the changed files touch, without those judged just now.
func (j *job) others(ctx context.Context, changed []pipeline.MediaID, judged []string) ([]string, error) {
	all, err := j.data.store.Incidents(ctx)
	if err != nil {
		return nil, err
	}
	done := map[string]bool{}
	for _, in := range judged {
		done[in] = true
	}
	all = slices.DeleteFunc(all, func(r store.IncidentRow) bool { return done[r.ID] })
	if len(all) == 0 {
		return nil, nil
	}
	catalogue, err := j.data.openCatalogue(ctx, j.say)
	if err != nil {
		return nil, err
	}
	if err := catalogue.Sync(ctx); err != nil {
		return nil, err
	}
	touched, err := catalogue.Touched(ctx, changed)
	if err != nil {
		return nil, err
	}
	turned, err := j.turned(ctx)
	if err != nil {
		return nil, err
	}
	touched = slices.Concat(touched, turned)
	slices.Sort(touched)
	return slices.DeleteFunc(slices.Compact(touched), func(in string) bool { return done[in] }), nil
}

// turned lists the incidents whose verdict says that there is no archive to compare with when there is one now, or the
// other way round. Nothing is read when an archive was there before and is now.
func (j *job) turned(ctx context.Context) ([]string, error) {
	now, err := j.data.store.HasArchive(ctx)
	if err != nil {
		return nil, err
	}
	if before, err := j.data.store.HadArchive(ctx); err != nil || now && before {
		return nil, err
	}
	latest, err := j.data.store.LatestVerdicts(ctx)
	var out []string
	for _, v := range latest {
		if slices.ContainsFunc(v.Findings, func(f pipeline.Finding) bool { return footage.Outdated(f, now) }) {
			out = append(out, v.Incident)
		}
	}
	return out, err
}

func (j *job) verdictsNow(ctx context.Context, incidents []string) ([]rejudged, error) {
	var out []rejudged
	for _, id := range incidents {
		row, err := j.data.store.Incident(ctx, id)
		if err != nil {
			return nil, err
		}
		v, err := j.data.store.Verdict(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		out = append(out, rejudged{incident: id, caseName: row.Case, before: v.Verdict})
	}
	return out, nil
}

func (j *job) verdictsThen(ctx context.Context, changes []rejudged) error {
	for i := range changes {
		v, err := j.data.store.Verdict(ctx, changes[i].incident)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		changes[i].after = v.Verdict
	}
	return nil
}

// sayChanges prints what became of incidents that were judged again.
func sayChanges(out io.Writer, changes []rejudged) {
	for _, c := range changes {
		fmt.Fprintln(out, report.Plain(c.String()))
	}
	if len(changes) > 0 {
		fmt.Fprintf(out, "judged again, because this touches them: %s\n", pipeline.Counted(len(changes), "incident"))
	}
}

func (c rejudged) String() string {
	name := fmt.Sprintf("%s (case %s): ", c.incident, c.caseName)
	was := cmp.Or(string(c.before.Status), "not judged")
	now := cmp.Or(string(c.after.Status), "not judged")
	if was == now && c.before.Score == c.after.Score {
		return fmt.Sprintf("%s%s %.1f, as before", name, now, c.after.Score)
	}
	return fmt.Sprintf("%s%s %.1f -> %s %.1f", name, was, c.before.Score, now, c.after.Score)
}
