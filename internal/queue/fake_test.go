package queue_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"whenwhere/internal/queue"
	"whenwhere/internal/store"
	"whenwhere/internal/store/sqlite"
	"whenwhere/pipeline"
)

var (
	stages = []store.Stage{{Name: "container", Version: "1"}, {Name: "metadata", Version: "3"}, {Name: "prints", Version: "2"}}
	epoch  = time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
)

// fake is Work whose results depend on ids only. Tests put faults in front of it.
type fake struct {
	store  *store.Store
	media  func(ctx context.Context, id pipeline.MediaID) error                       // fault before a file, if not nil
	stage  func(id pipeline.MediaID, s store.Stage) (r pipeline.StageResult, ok bool) // result in place of the usual, if not nil
	assess func(ctx context.Context, incident string) error                           // fault before an incident, if not nil
	score  float64

	mu        sync.Mutex // guards the counts, which workers write and tests read
	files     map[pipeline.MediaID]int
	committed map[string]int // by media and stage
	incidents map[string]int
}

func newFake(s *store.Store) *fake {
	return &fake{store: s, files: map[pipeline.MediaID]int{}, committed: map[string]int{}, incidents: map[string]int{}}
}

func (f *fake) ExtractMedia(ctx context.Context, id pipeline.MediaID, done []pipeline.StageResult, commit pipeline.Commit) error {
	f.mu.Lock()
	f.files[id]++
	f.mu.Unlock()
	if f.media != nil {
		if err := f.media(ctx, id); err != nil {
			return err
		}
	}
	finished := map[store.Stage]bool{}
	for _, r := range done {
		finished[store.Stage{Name: r.Stage, Version: r.Version}] = !r.Retry
	}
	for _, s := range stages {
		if finished[s] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := commit(ctx, f.result(id, s)); err != nil {
			return err
		}
		f.mu.Lock()
		f.committed[id.String()+s.Name]++
		f.mu.Unlock()
	}
	return nil
}

func (f *fake) result(id pipeline.MediaID, s store.Stage) pipeline.StageResult {
	if f.stage != nil {
		if r, ok := f.stage(id, s); ok {
			r.Stage, r.Version = s.Name, s.Version
			return r
		}
	}
	return usual(id, s)
}

func usual(id pipeline.MediaID, s store.Stage) pipeline.StageResult {
	h := sha256.Sum256(append(id[:], s.Name...))
	for range 300 { // a little work, so that there is something to interrupt
		h = sha256.Sum256(h[:])
	}
	body, _ := json.Marshal(fmt.Sprintf("%x", h))
	return pipeline.StageResult{Stage: s.Name, Version: s.Version, Status: pipeline.Done, Observations: pipeline.Observations{
		{Key: pipeline.KeyID(s.Name + ".fake"), Stage: s.Name, Version: s.Version, Body: body}}}
}

// AssessIncident refuses to judge before every file of every incident is measured: that is the barrier of the batch.
func (f *fake) AssessIncident(ctx context.Context, incident string) (store.Judgement, error) {
	f.mu.Lock()
	f.incidents[incident]++
	f.mu.Unlock()
	if f.assess != nil {
		if err := f.assess(ctx, incident); err != nil {
			return store.Judgement{}, err
		}
	}
	c, err := f.store.Case(ctx, incident, stages)
	if err != nil {
		return store.Judgement{}, err
	}
	input := sha256.New()
	for _, e := range c.Media {
		if len(e.Stages) != len(stages) {
			return store.Judgement{}, pipeline.Permanent(fmt.Errorf("judged before %s was measured", e.Ref.File))
		}
		for _, o := range e.Observed {
			input.Write(o.Body)
		}
	}
	return store.Judgement{InputSHA256: [32]byte(input.Sum(nil)), Verdict: pipeline.Verdict{Incident: incident, Score: f.score}}, nil
}

func (f *fake) seen(id pipeline.MediaID) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.files[id]
}

// bench is a database with a case in it, and a queue on it.
type bench struct {
	dir   string
	store *store.Store
	fake  *fake
	batch queue.Batch
}

func mediaID(n int) pipeline.MediaID { return sha256.Sum256(fmt.Appendf(nil, "media %d", n)) }

// emptyDatabase is the file of a store with nothing in it, made once: migrating takes longer than most tests.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "queue-test-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "empty.db")
	s, err := sqlite.Open(context.Background(), file)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// setUp makes media and incidents of two files each; neighbours share a file.
func setUp(t testing.TB, media int) *bench {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "case.db")
	empty, err := emptyDatabase()
	must(t, err)
	must(t, os.WriteFile(file, empty, 0o600))
	s, err := sqlite.Open(t.Context(), file)
	must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{dir: dir, store: s, fake: newFake(s)}
	must(t, s.Update(t.Context(), func(tx *store.Tx) error { return b.fill(t.Context(), tx, media) }))
	return b
}

func (b *bench) fill(ctx context.Context, tx *store.Tx, media int) error {
	for i := range media {
		m := pipeline.Media{ID: mediaID(i), GivenName: fmt.Sprint(i), ReceivedAt: epoch}
		if err := tx.SaveMedia(ctx, m); err != nil {
			return err
		}
		b.batch.Media = append(b.batch.Media, m.ID)
	}
	for i := range media / 2 {
		name := fmt.Sprintf("incident-%03d", i)
		in := pipeline.Incident{ID: name, Media: []pipeline.MediaRef{{File: "a"}, {File: "b"}}}
		attached := []store.Attachment{{ID: mediaID(2 * i)}, {ID: mediaID(2*i + 1)}}
		if err := tx.SaveIncident(ctx, store.Record{Incident: in, Media: attached, UpdatedAt: epoch}); err != nil {
			return err
		}
		b.batch.Incidents = append(b.batch.Incidents, name)
	}
	return nil
}

// config is that of the tests: short pauses, a fixed clock.
func config(s *store.Store, dir string, w queue.Work) queue.Config {
	return queue.Config{
		Store: s, LockPath: filepath.Join(dir, "run.lock"), Work: w, Stages: stages,
		Workers: 4, SoftStop: 10 * time.Second,
		Backoff: func(int) time.Duration { return time.Millisecond },
		Now:     func() time.Time { return epoch },
	}
}

func (b *bench) queue(t testing.TB, change func(*queue.Config)) *queue.Queue {
	t.Helper()
	cfg := config(b.store, b.dir, b.fake)
	if change != nil {
		change(&cfg)
	}
	q, err := queue.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func enqueue(t testing.TB, q *queue.Queue, b queue.Batch) store.BatchID {
	t.Helper()
	id, err := q.Enqueue(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func run(t testing.TB, q *queue.Queue) (last queue.Progress) {
	t.Helper()
	must(t, q.Run(t.Context(), func(p queue.Progress) { last = p }))
	return last
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// outcome is all that the work left: results by file, verdicts by incident.
type outcome struct {
	Results  map[pipeline.MediaID][]pipeline.StageResult
	Verdicts map[string][]store.Judgement
}

func (b *bench) outcome(t testing.TB) outcome {
	t.Helper()
	out := outcome{map[pipeline.MediaID][]pipeline.StageResult{}, map[string][]store.Judgement{}}
	for _, id := range b.batch.Media {
		results, err := b.store.StageResults(t.Context(), id, stages)
		must(t, err)
		out.Results[id] = results
	}
	for _, in := range b.batch.Incidents {
		verdicts, err := b.store.Verdicts(t.Context(), in)
		must(t, err)
		out.Verdicts[in] = verdicts
	}
	return out
}

// expected is the outcome when nothing fails, made without the queue.
func (b *bench) expected(t testing.TB) outcome {
	t.Helper()
	out := outcome{map[pipeline.MediaID][]pipeline.StageResult{}, map[string][]store.Judgement{}}
	for _, id := range b.batch.Media {
		for _, s := range stages {
			out.Results[id] = append(out.Results[id], usual(id, s))
		}
	}
	for i, in := range b.batch.Incidents {
		input := sha256.New()
		for _, id := range []pipeline.MediaID{mediaID(2 * i), mediaID(2*i + 1)} {
			for _, s := range stages {
				input.Write(usual(id, s).Observations[0].Body)
			}
		}
		out.Verdicts[in] = []store.Judgement{{Incident: in, InputSHA256: [32]byte(input.Sum(nil)),
			Verdict: pipeline.Verdict{Incident: in}, At: epoch}}
	}
	return out
}
